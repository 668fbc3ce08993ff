//! Statements in short: what people say on a set, with the fields a test does not care about filled in.

use domain::{
    act::{
        Act, ammunition::*, concerns, floor::*, incidents::*, log, people::*, planning::*, record,
        stops::*, transfers, weapons,
    },
    id::*,
    outcome::Limits,
    words::*,
};

pub fn words(text: &str) -> Words {
    Words::new(text)
}

pub fn saw() -> Account {
    Account {
        happened_at: None,
        learnt: Learnt::Saw,
        sure: Sure::Sure,
    }
}

// the log and the node

pub fn log_open() -> Act {
    Act::LogOpen(log::Open {
        production: words("High Desert"),
        unit: words("Main unit"),
        node_key: KeyId([0xee; 32]),
        board_key: KeyId([0xef; 32]),
        watermark: words(""),
    })
}
pub fn node_started() -> Act {
    Act::NodeStarted(log::Started {
        version: "0.1.0".into(),
        program: FileId([0xab; 32]),
        packs: vec![],
        limits: Limits::default(),
    })
}
pub fn clock_jumped() -> Act {
    Act::NodeClockJumped(log::ClockJumped { by_ms: -5_000 })
}
pub fn lapsed(of: StatementId) -> Act {
    Act::NodeDeadlineLapsed(log::DeadlineLapsed { of })
}
pub fn adopt(packs: &[&str]) -> Act {
    Act::PacksAdopt(log::AdoptPacks {
        packs: packs.iter().map(|name| (*name).into()).collect(),
    })
}
pub fn countersign(of: StatementId) -> Act {
    Act::Countersign(log::Countersign { of })
}
pub fn correct(of: StatementId) -> Act {
    Act::Correct(log::Correct {
        of,
        words: words("I counted the gate twice."),
    })
}

pub fn took_over(epoch: u32) -> Act {
    Act::TookOver(log::TookOver {
        epoch,
        size: 12,
        root: FileId([7; 32]),
        words: words("The laptop fell."),
    })
}
pub fn account(about: &[StatementId]) -> Act {
    Act::GiveAccount(record::GiveAccount {
        about: about.to_vec(),
        words: words("I heard one shot."),
    })
}
pub fn erase(statements: &[StatementId], basis: Basis) -> Act {
    Act::Erase(record::Erase {
        statements: statements.to_vec(),
        basis,
        words: words("Asked for in writing."),
    })
}
pub fn preserve() -> Act {
    Act::Preserve(record::Preserve {
        words: words("The insurer asks."),
    })
}
pub fn preserve_end(of: StatementId) -> Act {
    Act::PreserveEnd(record::PreserveEnd {
        of,
        words: words("The insurer has closed its file."),
    })
}
pub fn cosigner(name: &str, outside: bool) -> record::Cosigner {
    record::Cosigner {
        name: name.into(),
        vkey: String::new(),
        url: String::new(),
        whose: words(name),
        outside,
    }
}
pub fn cosigners(cosigners: Vec<record::Cosigner>, quorum: u32, outside: u32) -> Act {
    Act::AdoptCosigners(record::AdoptCosigners {
        cosigners,
        quorum,
        outside,
    })
}
pub fn send(weapons: &[WeaponId], lots: &[(LotId, u32)]) -> Act {
    Act::SendAway(transfers::Send {
        to: "second.example/prairie/2021-91c0".into(),
        weapons: weapons.to_vec(),
        lots: parts(lots),
        words: words("In the locked case."),
    })
}
pub fn confirm(send: StatementId, weapons: &[WeaponId], lots: &[(LotId, u32)]) -> Act {
    Act::ConfirmSent(transfers::Confirm {
        send,
        receive: StatementId([8; 32]),
        head: HEAD,
        weapons: weapons.to_vec(),
        lots: parts(lots),
        words: words("Counted twice."),
    })
}
pub fn receive_sent(listed: u32, came: u32) -> Act {
    Act::ReceiveSent(transfers::Receive {
        from: "ranch.example/prairie/2021-7f3a".into(),
        send: StatementId([8; 32]),
        head: HEAD,
        weapons_listed: 1,
        weapons_came: 1,
        rounds_listed: listed,
        rounds_came: came,
        words: words("Counted twice."),
    })
}
const HEAD: transfers::OtherHead = transfers::OtherHead {
    size: 88,
    root: FileId([6; 32]),
};
fn parts(lots: &[(LotId, u32)]) -> Vec<transfers::LotPart> {
    let part = |(lot, rounds): &(LotId, u32)| transfers::LotPart {
        lot: *lot,
        rounds: *rounds,
    };
    lots.iter().map(part).collect()
}

// people

pub fn permit(person: PersonId) -> Act {
    Act::Qualify(Qualify {
        person,
        skill: Skill::HandlerPermit,
        until: None,
        words: words("Read at the cart."),
    })
}
pub fn duty(person: PersonId, duty: Duty, holds: bool) -> Act {
    Act::DutyChange(DutyChange {
        person,
        duty,
        holds,
    })
}
pub fn revoke(key: KeyId) -> Act {
    Act::RevokeKey(RevokeKey {
        key,
        words: words("The phone was lost."),
    })
}

// weapons

pub fn revolver(tag: &str) -> Act {
    receive(tag, Class::Firearm, Works::Cylinder { positions: 6 })
}
pub fn receive(tag: &str, class: Class, works: Works) -> Act {
    Act::ReceiveWeapon(weapons::Receive {
        tag: words(tag),
        name: words("single-action revolver"),
        class,
        works,
        calibre: words(".45 Colt"),
        serial: words(&format!("SA-{tag}")),
        family: words(""),
        from: words("rental house"),
        inspected: true,
        papers_matched: true,
    })
}
pub fn prove_class(thing: StatementId, class: Class) -> Act {
    Act::ProveClass(weapons::ProveClass {
        thing,
        class,
        words: words("Bent by hand before both of us."),
    })
}
pub fn ground(weapon: WeaponId) -> Act {
    Act::Ground(weapons::Ground {
        weapon,
        words: words("The half-cock notch slips."),
    })
}
pub fn alter(weapon: WeaponId, certified: bool) -> Act {
    Act::AlterWeapon(weapons::Alter {
        weapon,
        part: words("barrel plugged"),
        done_by: words("the workshop"),
        certified,
        vents: words("to the right"),
    })
}
pub fn missing(weapon: WeaponId) -> Act {
    Act::MissingWeapon(weapons::Missing {
        weapon,
        place: words("the second drawer"),
        account: saw(),
    })
}
pub fn inventory(store: StoreId, present: &[WeaponId]) -> Act {
    Act::TakeInventory(weapons::Inventory {
        store,
        present: present.to_vec(),
        surprise: true,
    })
}
pub fn return_to_service(weapon: WeaponId) -> Act {
    Act::ReturnToService(weapons::ReturnToService {
        weapon,
        words: words("New hammer."),
    })
}
pub fn test_fire(weapon: WeaponId, lot: LotId) -> Act {
    Act::TestFire(weapons::TestFire {
        weapon,
        lot,
        distance_mm: 6_100,
        as_expected: true,
        words: words("Paper untouched."),
    })
}
pub fn rack(class: Class, pieces: u32) -> Act {
    Act::ReceiveBatch(weapons::ReceiveBatch {
        tag: words("R1"),
        name: words("rubber rifles"),
        class,
        pieces,
    })
}
pub fn issue_rack(batch: BatchId, pieces: u32, action: ActionId) -> Act {
    Act::IssueBatch(weapons::IssueBatch {
        batch,
        pieces,
        action,
        to: vec![],
    })
}
pub fn return_rack(batch: BatchId, pieces: u32) -> Act {
    Act::ReturnBatch(weapons::ReturnBatch { batch, pieces })
}

// ammunition and stores

pub fn lot_of_dummies(rounds: u32) -> Act {
    lot(
        Said::Dummy {
            features: vec![Feature::Hole, Feature::Rattle],
            test: words("Shake each one."),
        },
        rounds,
    )
}
pub fn lot_of_blanks(rounds: u32, load: Load) -> Act {
    lot(Said::Blank { load }, rounds)
}
pub fn lot(said: Said, rounds: u32) -> Act {
    Act::ReceiveLot(Receive {
        tag: words("D1"),
        said,
        count: rounds,
        counted: Some(rounds),
        calibre: words(".45 Colt"),
        maker: words("Prairie Cartridge"),
        number: words("PC-2209"),
        origin: Origin::LicensedMaker,
        condition: Condition::Sealed,
        declared: true,
        place: words("cart"),
    })
}
pub fn prove(lot: LotId, rounds: u32) -> Act {
    Act::ProveLot(Prove {
        lot,
        counted: rounds,
        proven: rounds,
        primers: rounds,
    })
}
pub fn quarantine(lot: LotId) -> Act {
    Act::QuarantineLot(Quarantine {
        lot,
        words: words("One did not rattle."),
    })
}
pub fn release_lot(lot: LotId) -> Act {
    Act::ReleaseLot(Release {
        lot,
        words: words("All shaken again."),
    })
}
pub fn count_lot(lot: LotId, counted: u32) -> Act {
    Act::CountLot(Count {
        lot,
        counted,
        secured: true,
        moment: Moment::BeforeBreak,
    })
}
pub fn draw(lot: LotId, rounds: u32) -> Act {
    Act::DrawRounds(Draw { lot, rounds })
}
pub fn reconcile(lot: LotId, fired: u32, returned: u32, misfired: u32) -> Act {
    Act::ReconcileLot(Reconcile {
        lot,
        fired,
        returned,
        misfired,
    })
}
pub fn found(live: Answer, lot: Option<LotId>, calibre: &str) -> Act {
    Act::FoundRound(FoundRound {
        live,
        lot,
        calibre: words(calibre),
        place: words("bandolier"),
        account: saw(),
    })
}
pub fn sweep(found: u32) -> Act {
    Act::Sweep(Sweep {
        places: vec![words("cart"), words("truck")],
        missed: vec![],
        found,
    })
}
pub fn carrier(capacity: u32, with_rounds: bool) -> Act {
    Act::ReceiveCarrier(ReceiveCarrier {
        tag: words("M3"),
        holder: Holder::Magazine,
        capacity,
        calibre: words(".45 Colt"),
        with_rounds,
    })
}
pub fn fill(carrier: CarrierId, lot: LotId, rounds: u32) -> Act {
    Act::FillCarrier(FillCarrier {
        carrier,
        lot,
        rounds,
        seal: words("red 0413"),
    })
}
pub fn open_carrier(carrier: CarrierId, empty: bool) -> Act {
    Act::OpenCarrier(OpenCarrier { carrier, empty })
}
pub fn store(keys: &[PersonId]) -> Act {
    Act::AddStore(AddStore {
        name: words("strongbox"),
        keys: keys.to_vec(),
    })
}
pub fn door(store: StoreId, open: bool) -> Act {
    Act::StoreDoor(StoreDoor {
        store,
        open,
        by: None,
    })
}

// planning

pub fn open_session() -> Act {
    Act::OpenSession(OpenSession {
        name: words("Day 12"),
        occasion: Occasion::Shoot,
        place: words("church set"),
        bulletin_out: true,
    })
}
pub fn close_session() -> Act {
    Act::CloseSession(CloseSession {})
}
pub fn action(name: &str, people: &[PersonId]) -> Act {
    Act::AddAction(AddAction {
        name: words(name),
        doing: Doing::Take,
        place: words("church set"),
        people: people.to_vec(),
    })
}
pub fn now_on(action: ActionId) -> Act {
    Act::NowOn(NowOn { action })
}
pub fn plan(action: ActionId, line_agreed: bool) -> Act {
    Act::SetPlan(SetPlan {
        action,
        weapon: None,
        must_fire: Answer::No,
        must_be_real: Answer::Yes,
        why_real: words("Close on the cylinder."),
        line_crosses_person: Answer::No,
        line_agreed,
        toward_camera: Answer::No,
        shielded: false,
        distance_mm: 4_000,
        distance_agreed: false,
        shots: 0,
    })
}
/// A weapon that points up the page, and one figure of half a metre, `at` mm to the right and up.
pub fn drawing(action: ActionId, weapon: WeaponId, at: (i32, i32), what: Drawn) -> Act {
    Act::DrawPlan(DrawPlan {
        action,
        weapon,
        muzzle: Spot { x_mm: 0, y_mm: 0 },
        towards: Spot { x_mm: 0, y_mm: 1 },
        figures: vec![Figure {
            what,
            at: Spot {
                x_mm: at.0,
                y_mm: at.1,
            },
            radius_mm: 500,
            words: words("the operator"),
        }],
        shields: vec![],
    })
}

// the floor

pub fn meeting(action: Option<ActionId>, led_by: PersonId, attended: &[PersonId]) -> Act {
    Act::Meeting(Meeting {
        action,
        led_by,
        minutes_by: led_by,
        attended: attended.to_vec(),
        topics: Topic::ALL.to_vec(),
        walk_through: true,
        concerns_asked: true,
    })
}
pub fn take_out(weapons: &[WeaponId], action: ActionId, takers: &[PersonId]) -> Act {
    Act::TakeOut(TakeOut {
        weapons: weapons.to_vec(),
        carriers: vec![],
        action,
        takers: takers.to_vec(),
    })
}
pub fn sight(weapon: WeaponId, seen: Vec<Seen>) -> Sight {
    Sight {
        weapon,
        seen,
        counted: None,
        carrier: None,
        turned: true,
        bore: Bore::Clear,
        method: Method::Rod,
    }
}
pub fn counts(weapon: WeaponId, empty: u8, dummies: u8) -> Sight {
    Sight {
        counted: Some(Counted {
            empty,
            dummies,
            ..Counted::default()
        }),
        ..sight(weapon, vec![])
    }
}
pub fn look(check: Check, sight: Sight, watcher: Option<PersonId>) -> Act {
    Act::Look(Look {
        check,
        sight,
        watcher,
    })
}
pub fn full(weapon: WeaponId, seen: Vec<Seen>) -> Act {
    look(Check::Full, sight(weapon, seen), None)
}
pub fn reset(weapon: WeaponId, dummies: u8, watcher: Option<PersonId>) -> Act {
    look(Check::Reset, counts(weapon, 6 - dummies, dummies), watcher)
}
pub fn line(sights: Vec<Sight>) -> Act {
    Act::LineLook(LineLook { sights })
}
pub fn dummy() -> Seen {
    Seen::Dummy {
        features: vec![Feature::Rattle],
    }
}
pub fn quarter() -> Seen {
    Seen::Blank {
        load: Load::Quarter,
    }
}
pub fn six_dummies() -> Vec<Seen> {
    vec![dummy(); 6]
}
pub fn empties() -> Vec<Seen> {
    vec![Seen::Empty; 6]
}
/// Two blanks side by side, four empty.
pub fn two_blanks() -> Vec<Seen> {
    let mut seen = empties();
    seen[0] = quarter();
    seen[1] = quarter();
    seen
}
pub fn load(weapon: WeaponId, lot: LotId, rounds: u32, seen: Vec<Seen>) -> Act {
    Act::LoadWeapon(LoadWeapon {
        lot,
        rounds,
        sight: sight(weapon, seen),
        supervisor: None,
    })
}
pub fn show(weapon: WeaponId, to: PersonId, answer: Showing) -> Act {
    Act::Show(Show { weapon, to, answer })
}
pub fn call_cold(weapons: &[WeaponId]) -> Act {
    Act::CallCold(CallCold {
        weapons: weapons.to_vec(),
        lasts_ms: 600_000,
    })
}
pub fn call_hot(weapon: WeaponId, load: Load, shots: u32) -> Act {
    Act::CallHot(CallHot {
        weapon,
        load,
        shots,
        lasts_ms: 300_000,
    })
}
pub fn hand_over(weapon: WeaponId, to: PersonId) -> Act {
    Act::HandOver(HandOver {
        weapon,
        to,
        acknowledged: Acknowledged::Spoken,
        at_rest: true,
    })
}
pub fn hand_over_signed(weapon: WeaponId, to: PersonId) -> Act {
    Act::HandOver(HandOver {
        weapon,
        to,
        acknowledged: Acknowledged::Countersign,
        at_rest: true,
    })
}
pub fn eyes_on(weapons: &[WeaponId]) -> Act {
    Act::EyesOn(EyesOn {
        weapons: weapons.to_vec(),
    })
}
pub fn out_of_sight(weapons: &[WeaponId], lots: &[LotId]) -> Act {
    Act::OutOfSight(OutOfSight {
        weapons: weapons.to_vec(),
        lots: lots.to_vec(),
        account: saw(),
    })
}
pub fn off_protocol(weapon: WeaponId, now_with: Option<PersonId>) -> Act {
    Act::OffProtocol(OffProtocol {
        weapon,
        now_with,
        at_person: Answer::NotAnswered,
        words: words("Passed on."),
        account: saw(),
    })
}
pub fn shots(weapon: WeaponId, fired: u32, misfired: u32) -> Act {
    Act::Shots(Shots {
        weapon,
        fired,
        misfired,
        waited_ms: 30_000,
    })
}
pub fn begin(action: ActionId) -> Act {
    Act::Begin(Begin { action })
}
pub fn all_well(action: ActionId) -> Act {
    Act::AllWell(AllWell { action })
}
pub fn collect(weapon: WeaponId) -> Act {
    Act::Collect(Collect { weapon })
}
pub fn clear(weapon: WeaponId, rounds: u32) -> Act {
    Act::Clear(Clear {
        sight: sight(weapon, empties()),
        rounds,
    })
}
pub fn lock_away(weapons: &[WeaponId], lots: &[LotId], store: StoreId) -> Act {
    Act::LockAway(LockAway {
        weapons: weapons.to_vec(),
        lots: lots.to_vec(),
        store,
    })
}
pub fn end_hold(weapon: WeaponId) -> Act {
    Act::EndHold(EndHold {
        weapon,
        differed: words("The second began at the wrong gate."),
    })
}
pub fn pause() -> Act {
    Act::Break(BreakFor {
        words: words("lunch"),
    })
}
pub fn resume() -> Act {
    Act::Resume(Resume {})
}

// stops, incidents, concerns

pub fn stop() -> Act {
    Act::Stop(Stop {
        words: words("Horse loose."),
        by_voice: words(""),
        someone: false,
        authority: words(""),
    })
}
pub fn someone_stops() -> Act {
    Act::Stop(Stop {
        words: words(""),
        by_voice: words(""),
        someone: true,
        authority: words(""),
    })
}
pub fn authority_stops(authority: &str) -> Act {
    Act::Stop(Stop {
        words: words("Order."),
        by_voice: words(""),
        someone: false,
        authority: words(authority),
    })
}
pub fn lift(stop: StatementId) -> Act {
    Act::Lift(Lift {
        stop: stop.into(),
        words: words("The horse is back."),
    })
}
pub fn lift_for_another(stop: StatementId) -> Act {
    Act::LiftForAnother(LiftForAnother {
        stop: stop.into(),
        looked_at: words("Walked the line of fire."),
    })
}
pub fn unexpected(weapon: Option<WeaponId>, lot: Option<LotId>) -> Act {
    Act::UnexpectedEvent(UnexpectedEvent {
        what: Unexpected::Discharge,
        weapon,
        lot,
        harm: Harm::None,
        words: words("It went off on the draw."),
        account: saw(),
    })
}
pub fn explain(event: StatementId) -> Act {
    Act::ExplainEvent(ExplainEvent {
        event: event.into(),
        cause: words("Finger on the trigger."),
        fix: words("Holster stays empty."),
    })
}
pub fn release_event(event: StatementId) -> Act {
    Act::ReleaseEvent(ReleaseEvent {
        event: event.into(),
    })
}
pub fn freeze(event: StatementId, places: &[&str]) -> Act {
    Act::Freeze(Freeze {
        event: event.into(),
        places: places.iter().map(|place| words(place)).collect(),
    })
}
pub fn secured(event: StatementId, place: &str) -> Act {
    Act::Secured(Secured {
        event: event.into(),
        place: words(place),
        account: saw(),
    })
}
pub fn touched(weapon: Option<WeaponId>, lot: Option<LotId>, touched: Touched) -> Act {
    Act::EvidenceTouched(EvidenceTouched {
        event: None,
        touched,
        weapon,
        lot,
        to_make_safe: false,
        words: words("Emptied."),
        account: saw(),
    })
}
pub fn concern() -> Act {
    Act::RaiseConcern(concerns::Raise {
        about_weapons: true,
        words: words("Two shots nobody planned."),
    })
}
pub fn answer_concern(concern: StatementId) -> Act {
    Act::AnswerConcern(concerns::AnswerConcern {
        concern: concern.into(),
        words: words("A meeting at call."),
    })
}
pub fn walk_off() -> Act {
    Act::WalkOff(concerns::WalkOff {
        department: Department::Camera,
        people: 6,
        about_weapons: true,
        words: words("Not until somebody answers."),
    })
}
