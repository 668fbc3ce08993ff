//! Every kind of statement. One module an area; each kind is a request, which asks leave for what comes next and can
//! be refused, or a report of what happened, which is always taken.

use crate::{limit, strict};
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

pub mod ammunition;
pub mod concerns;
pub mod floor;
pub mod incidents;
pub mod log;
pub mod papers;
pub mod people;
pub mod planning;
pub mod record;
pub mod stops;
pub mod transfers;
pub mod weapons;

/// A request can be refused; a report is taken and its breaches are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Asks leave for what comes next.
    Request,
    /// Says what happened.
    Report,
}

/// Where the body of a kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// In the payload: needed by whoever verifies the log.
    Open,
    /// Beside the log, bound by a salted commitment; may be left out of a copy, never erased.
    Record,
    /// As a record, and may be erased by two people. Nothing that follows in the record rests on such a body.
    Sealed,
}

/// A statement that cannot be read: nothing is entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// No such kind in this version of the program.
    #[error("the kind `{0}` is not known here")]
    Kind(String),
    /// The kind exists, this version of its body does not.
    #[error("version {1} of `{0}` is not known here")]
    Version(String, u32),
    /// The body is not strict JSON.
    #[error("the body is not readable: {0}")]
    Strict(String),
    /// The body has a wrong, missing or unknown field.
    #[error("the body of `{0}` does not fit: {1}")]
    Body(String, String),
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident($body:ty) = $stored:literal, $nature:ident, $keeping:ident;)+) => {
        /// What a statement says.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Act {
            $($(#[doc = $doc])+ $name($body),)+
            /// A sealed kind whose body was left out or erased. Nothing follows from a sealed body, so a fold loses nothing.
            Absent(Kind),
        }

        /// The kinds of statement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[doc = $doc])+ $name),+ }

        impl Kind {
            /// Every kind, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Its stored name, for ever.
            pub const fn stored(self) -> &'static str { match self { $(Self::$name => $stored),+ } }
            /// Version of its body.
            pub const fn version(self) -> u32 { 1 }
            /// Request or report.
            pub const fn nature(self) -> Nature { match self { $(Self::$name => Nature::$nature),+ } }
            /// Where its body is kept.
            pub const fn keeping(self) -> Keeping { match self { $(Self::$name => Keeping::$keeping),+ } }
            /// What it says, in one sentence.
            pub const fn meaning(self) -> &'static str { match self { $(Self::$name => concat!($($doc),+)),+ } }
            /// The kind with this stored name.
            pub fn from_stored(name: &str) -> Option<Self> {
                match name { $($stored => Some(Self::$name),)+ _ => None }
            }
        }

        impl Act {
            /// Its kind.
            pub const fn kind(&self) -> Kind { match self { $(Self::$name(_) => Kind::$name,)+ Self::Absent(kind) => *kind } }

            /// The act of a sealed kind whose body is not there; `None` for every other kind, which cannot be folded
            /// without its body.
            pub fn absent(kind: &str) -> Option<Self> {
                Kind::from_stored(kind).filter(|kind| kind.keeping() == Keeping::Sealed).map(Self::Absent)
            }

            /// Reads the body of a kind.
            ///
            /// # Errors
            /// An unknown kind or version; a body over [`limit::BODY_BYTES`], not strict JSON, or with a field that
            /// does not fit.
            pub fn read(kind: &str, version: u32, body: &[u8]) -> Result<Self, Invalid> {
                let known = Kind::from_stored(kind).ok_or_else(|| Invalid::Kind(kind.into()))?;
                if version != known.version() {
                    return Err(Invalid::Version(kind.into(), version));
                }
                strict::check(body, limit::BODY_BYTES, strict::DEPTH_MAX).map_err(|fault| Invalid::Strict(format!("{fault}")))?;
                let misfit = |fault: serde_json::Error| Invalid::Body(kind.into(), format!("{fault}"));
                Ok(match known { $(Kind::$name => Self::$name(serde_json::from_slice(body).map_err(misfit)?)),+ })
            }

            /// The body as JSON bytes, in the order of its fields; nothing where it is absent.
            pub fn body(&self) -> Vec<u8> {
                match self { $(Self::$name(body) => to_json(body),)+ Self::Absent(_) => Vec::new() }
            }
        }
    };
}

fn to_json<T: Serialize>(body: &T) -> Vec<u8> {
    // INVARIANT: bodies are structs of strings, integers, ids and lists; writing them to memory cannot fail.
    serde_json::to_vec(body).unwrap_or_default()
}

/// A body without fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

kinds! {
    // the log and the node
    /// The log begins: production, unit and the node's own keys.
    LogOpen(log::Open) = "log.open", Report, Open;
    /// The node started, with the packs it loaded.
    NodeStarted(log::Started) = "node.started", Report, Open;
    /// The node's clock jumped: every lease ends.
    NodeClockJumped(log::ClockJumped) = "node.clock_jumped", Report, Open;
    /// A deadline passed with nothing entered.
    NodeDeadlineLapsed(log::DeadlineLapsed) = "node.deadline_lapsed", Report, Open;
    /// Packs are put in force.
    PacksAdopt(log::AdoptPacks) = "packs.adopt", Request, Open;
    /// A statement is countersigned by a second person.
    Countersign(log::Countersign) = "record.countersign", Report, Open;
    /// An earlier statement is corrected; it stays, and the correction can only make a state worse.
    Correct(log::Correct) = "record.correct", Report, Record;

    /// A spare node took over from a copy.
    TookOver(log::TookOver) = "node.took_over", Report, Open;
    /// A copy of the record was made for somebody, with what it leaves out.
    Export(record::Export) = "record.export", Report, Open;
    /// Sealed bodies are to be erased.
    Erase(record::Erase) = "record.erase", Request, Open;
    /// Nothing is erased from now on.
    Preserve(record::Preserve) = "record.preserve", Report, Record;
    /// What the record was preserved for is over.
    PreserveEnd(record::PreserveEnd) = "record.preserve_end", Request, Record;
    /// Cosigners of the log are put in force.
    AdoptCosigners(record::AdoptCosigners) = "cosigners.adopt", Request, Open;
    /// What somebody saw, heard or did, in their own words.
    GiveAccount(record::GiveAccount) = "account.give", Report, Sealed;
    /// A photograph, video or document is added.
    Attach(record::Attach) = "attachment.add", Report, Sealed;

    // people
    /// A person's name and how to reach them.
    Details(record::Details) = "people.details", Report, Sealed;
    /// A person is invited to enrol a key.
    Invite(people::Invite) = "people.invite", Request, Open;
    /// A person enrols with a key made on their device.
    Enrol(people::Enrol) = "people.enrol", Request, Open;
    /// A key is revoked.
    RevokeKey(people::RevokeKey) = "people.revoke_key", Report, Open;
    /// A person takes up or lays down a duty.
    DutyChange(people::DutyChange) = "people.duty", Request, Open;
    /// A qualification was shown and verified.
    Qualify(people::Qualify) = "people.qualify", Report, Record;
    /// The hours of somebody of the weapons chain.
    EnterHours(people::EnterHours) = "people.hours", Report, Record;
    /// Something is said of a person's past work with weapons.
    Background(people::Background) = "people.background", Report, Record;
    /// Training was given.
    Train(people::Train) = "people.train", Report, Record;
    /// Somebody asked for something that bears on weapons.
    Ask(people::Ask) = "people.ask", Report, Record;
    /// What came back.
    AnswerAsk(people::AnswerAsk) = "people.answer", Report, Record;
    /// People joined or left the crew.
    CrewChange(people::CrewChange) = "people.crew_change", Report, Record;

    // weapons
    /// A weapon is received.
    ReceiveWeapon(weapons::Receive) = "weapon.receive", Report, Record;
    /// Somebody shows that a weapon cannot fire, or what class it is.
    ProveClass(weapons::ProveClass) = "weapon.prove_class", Report, Record;
    /// A weapon is fired offstage with a lot.
    TestFire(weapons::TestFire) = "weapon.test_fire", Report, Record;
    /// A weapon is withdrawn.
    Ground(weapons::Ground) = "weapon.ground", Report, Record;
    /// A withdrawn weapon comes back.
    ReturnToService(weapons::ReturnToService) = "weapon.return_to_service", Request, Record;
    /// A part of a weapon was changed.
    AlterWeapon(weapons::Alter) = "weapon.alter", Report, Record;
    /// A weapon is missing.
    MissingWeapon(weapons::Missing) = "weapon.missing", Report, Record;
    /// The weapons in a store are counted against the record.
    TakeInventory(weapons::Inventory) = "store.inventory", Report, Record;
    /// A rack of things that cannot fire is received.
    ReceiveBatch(weapons::ReceiveBatch) = "batch.receive", Report, Record;
    /// Pieces of a batch go out by count.
    IssueBatch(weapons::IssueBatch) = "batch.issue", Request, Record;
    /// Pieces of a batch come back by count.
    ReturnBatch(weapons::ReturnBatch) = "batch.return", Report, Record;

    // ammunition and storage
    /// A lot is received, counted and looked at.
    ReceiveLot(ammunition::Receive) = "lot.receive", Report, Record;
    /// The rounds of a lot are counted and proven one by one.
    ProveLot(ammunition::Prove) = "lot.prove", Report, Record;
    /// A lot is put in quarantine.
    QuarantineLot(ammunition::Quarantine) = "lot.quarantine", Report, Record;
    /// A quarantined lot is released by two people.
    ReleaseLot(ammunition::Release) = "lot.release", Request, Record;
    /// The rounds of a lot are counted.
    CountLot(ammunition::Count) = "lot.count", Report, Record;
    /// Rounds leave their lot.
    DrawRounds(ammunition::Draw) = "lot.draw", Request, Record;
    /// Rounds go back to their lot or are spent.
    ReconcileLot(ammunition::Reconcile) = "lot.reconcile", Report, Record;
    /// A round that may be live was found.
    FoundRound(ammunition::FoundRound) = "round.found", Report, Record;
    /// The site was searched for live rounds.
    Sweep(ammunition::Sweep) = "round.sweep", Report, Record;
    /// A magazine, belt, loader, pouch or quiver is received.
    ReceiveCarrier(ammunition::ReceiveCarrier) = "carrier.receive", Report, Record;
    /// A carrier is filled before a second person's eyes and sealed.
    FillCarrier(ammunition::FillCarrier) = "carrier.fill", Request, Record;
    /// A carrier was found open or its seal broken.
    OpenCarrier(ammunition::OpenCarrier) = "carrier.open", Report, Record;
    /// A store is named.
    AddStore(ammunition::AddStore) = "store.add", Report, Record;
    /// A store is opened or locked.
    StoreDoor(ammunition::StoreDoor) = "store.door", Report, Record;

    // between logs
    /// Weapons and rounds leave for another log.
    SendAway(transfers::Send) = "transfer.send", Report, Record;
    /// What another log sent has come, counted.
    ReceiveSent(transfers::Receive) = "transfer.receive", Report, Record;
    /// The other log says what came.
    ConfirmSent(transfers::Confirm) = "transfer.confirm", Report, Record;

    // planning
    /// A session opens.
    OpenSession(planning::OpenSession) = "session.open", Request, Record;
    /// A session closes.
    CloseSession(planning::CloseSession) = "session.close", Request, Record;
    /// An action is planned.
    AddAction(planning::AddAction) = "action.add", Report, Record;
    /// What one weapon does in an action.
    SetPlan(planning::SetPlan) = "plan.set", Report, Record;
    /// The line of a weapon in an action is drawn, with everybody near it.
    DrawPlan(planning::DrawPlan) = "plan.draw", Report, Record;
    /// This action is on now.
    NowOn(planning::NowOn) = "action.now_on", Request, Record;
    /// A rule is adopted in the production's own words, with how it is enforced.
    AdoptPolicy(planning::AdoptPolicy) = "policy.adopt", Report, Record;

    // papers
    /// A permit, certificate, assessment, notice or declaration was seen.
    ShowPaper(papers::ShowPaper) = "paper.show", Report, Record;
    /// A paper holds no longer.
    EndPaper(papers::EndPaper) = "paper.end", Report, Record;

    // the floor
    /// A safety meeting was held.
    Meeting(floor::Meeting) = "meeting.hold", Report, Record;
    /// People were briefed late.
    LateBrief(floor::LateBrief) = "meeting.late_brief", Report, Record;
    /// Weapons leave lock-up for an action and its takers.
    TakeOut(floor::TakeOut) = "weapon.take_out", Request, Record;
    /// One person looks, alone.
    Look(floor::Look) = "weapon.look", Report, Record;
    /// Rounds go into a weapon; the load map is the loader's look.
    LoadWeapon(floor::LoadWeapon) = "weapon.load", Request, Record;
    /// One person looks at a line of weapons, one after another.
    LineLook(floor::LineLook) = "line.look", Report, Record;
    /// Somebody was offered to be shown a weapon.
    Show(floor::Show) = "weapon.show", Report, Record;
    /// COLD is called.
    CallCold(floor::CallCold) = "call.cold", Request, Record;
    /// HOT is called.
    CallHot(floor::CallHot) = "call.hot", Request, Record;
    /// The handler gives a weapon to somebody.
    HandOver(floor::HandOver) = "weapon.hand_over", Request, Record;
    /// The custodian has these weapons in hand and in sight.
    EyesOn(floor::EyesOn) = "weapon.eyes_on", Report, Record;
    /// Weapons were out of sight or set down.
    OutOfSight(floor::OutOfSight) = "weapon.out_of_sight", Report, Record;
    /// A weapon was handled, passed or used outside the protocol.
    OffProtocol(floor::OffProtocol) = "weapon.off_protocol", Report, Record;
    /// Shots and misfires of one weapon in one action.
    Shots(floor::Shots) = "weapon.shots", Report, Record;
    /// The zone is clear.
    ZoneClear(floor::ZoneClear) = "zone.clear", Report, Record;
    /// Somebody not listed entered the zone.
    ZoneEntered(floor::ZoneEntered) = "zone.entered", Report, Record;
    /// The action begins.
    Begin(floor::Begin) = "action.begin", Request, Record;
    /// The action is over and everybody is well.
    AllWell(floor::AllWell) = "action.all_well", Report, Record;
    /// The handler has a weapon back in hand.
    Collect(floor::Collect) = "weapon.collect", Report, Record;
    /// The handler opened a weapon and took everything out.
    Clear(floor::Clear) = "weapon.clear", Report, Record;
    /// Weapons are locked away.
    LockAway(floor::LockAway) = "weapon.lock_away", Report, Record;
    /// A HOLD ends after both looks were repeated whole.
    EndHold(floor::EndHold) = "hold.end", Request, Record;
    /// A break begins.
    Break(floor::BreakFor) = "break.begin", Request, Record;
    /// Work goes on after a break.
    Resume(floor::Resume) = "break.resume", Request, Record;

    // stops
    /// Anyone stops the work.
    Stop(stops::Stop) = "stop.call", Report, Record;
    /// The one who stopped lifts their own lock.
    Lift(stops::Lift) = "stop.lift", Request, Record;
    /// A stop is lifted for another by two people.
    LiftForAnother(stops::LiftForAnother) = "stop.lift_for_another", Request, Record;

    // incidents
    /// Something happened that nobody planned.
    UnexpectedEvent(incidents::UnexpectedEvent) = "event.unexpected", Report, Record;
    /// Cause and fix of an unexpected event.
    ExplainEvent(incidents::ExplainEvent) = "event.explain", Report, Record;
    /// An unexpected event is released.
    ReleaseEvent(incidents::ReleaseEvent) = "event.release", Request, Record;
    /// Places of an incident that must be secured.
    Freeze(incidents::Freeze) = "incident.freeze", Report, Record;
    /// A place of an incident is secured.
    Secured(incidents::Secured) = "incident.secured", Report, Record;
    /// Evidence was moved, opened, removed, destroyed, hidden or found.
    EvidenceTouched(incidents::EvidenceTouched) = "evidence.touched", Report, Record;
    /// Outsiders or an authority were told.
    Notice(incidents::Notice) = "notice.give", Report, Record;
    /// Something happened that bears on weapons and has no kind of its own.
    Note(incidents::Note) = "record.note", Report, Record;

    // concerns
    /// A concern is raised.
    RaiseConcern(concerns::Raise) = "concern.raise", Report, Record;
    /// A concern is answered.
    AnswerConcern(concerns::AnswerConcern) = "concern.answer", Report, Record;
    /// People walked off or refused.
    WalkOff(concerns::WalkOff) = "concern.walk_off", Report, Record;
}
