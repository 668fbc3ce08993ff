//! One scene for every refusal, every breach and every gate; a test fails when one has none.

use crate::{acts::*, world::*};
use domain::{
    BREACH_CODES,
    act::{Act, ammunition, floor, log, people, planning, stops},
    id::*,
    judge::{Gate, Judge, Judgement},
    outcome::Limits,
    refusal::Refusal,
    words::*,
};
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

type Scene = fn() -> Told;

const NOBODY: PersonId = PersonId([0x99; 32]);
const NO_WEAPON: WeaponId = WeaponId([0x99; 32]);
const NO_LOT: LotId = LotId([0x99; 32]);

/// `set`, people by name, then what is said.
macro_rules! scene {
    ($start:expr, |$set:ident| $body:expr) => {
        || {
            let mut $set = $start;
            $body
        }
    };
}

#[rustfmt::skip]
const REFUSALS: &[(&str, Scene)] = &[
    ("RE-0001", scene!(Set::checked(), |set| { let (by, act) = (set.people.first_ad, call_cold(&[set.revolver])); set.say_late(by, act, HOUR) })),
    ("RE-0002", scene!(Set::checked(), |set| { let (by, key) = (set.people.manager, set.keys[&set.people.first_ad]); set.say(by, revoke(key)).clean(); set.call_cold() })),
    ("RE-0003", scene!(World::closed(), |world| world.node(adopt(&["base"])))),
    ("PE-0001", scene!(World::new(), |world| { let by = world.people.grip; world.invite(by, "friend", Department::Grip, &[], None) })),
    ("PE-0002", scene!(World::new(), |world| world.use_link(StatementId([9; 32]), KeyId([9; 32])))),
    ("PE-0003", scene!(World::new(), |world| {
        let by = world.people.manager;
        let invite = world.invite(by, "extra", Department::Cast, &[], None).granted();
        let enrol = people::Enrol { invite, token: StatementId([8; 32]), key: KeyId([9; 32]), means: Means::Device };
        world.node(Act::Enrol(enrol))
    })),
    ("PE-0004", scene!(World::new(), |world| {
        let (by, key) = (world.people.manager, world.keys[&world.people.grip]);
        let invite = world.invite(by, "extra", Department::Cast, &[], None).granted();
        world.use_link(invite, key)
    })),
    ("PE-0005", scene!(Set::cold(), |set| { let (by, act) = (set.people.armorer, hand_over(set.revolver, NOBODY)); set.say(by, act) })),
    ("RE-0004", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, erase(&[], Basis::TimeOver)) })),
    ("RE-0005", scene!(World::new(), |world| {
        let by = world.people.manager;
        let Act::Erase(mut body) = erase(&[], Basis::TimeOver) else { unreachable!() };
        body.words = words(" ");
        world.say(by, Act::Erase(body))
    })),
    ("RE-0006", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, preserve()).clean(); world.say(by, erase(&[StatementId([9; 32])], Basis::TimeOver)) })),
    ("RE-0007", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, erase(&[StatementId([9; 32])], Basis::TimeOver)) })),
    ("RE-0008", scene!(World::new(), |world| {
        let by = world.people.manager;
        let account = world.say(by, account(&[])).clean();
        world.say(by, preserve()).clean();
        world.say(by, erase(&[account], Basis::CourtOrder))
    })),
    ("RE-0009", scene!(World::new(), |world| { let by = world.people.manager; let account = world.say(by, account(&[])).clean(); world.say(by, erase(&[account], Basis::AskedByPerson)) })),
    ("RE-0010", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, preserve_end(StatementId([9; 32]))) })),
    ("RE-0011", scene!(Set::new(), |set| {
        let by = set.people.manager;
        let event = set.say(by, unexpected(None, None)).granted();
        set.say(by, preserve_end(event))
    })),
    ("CO-0001", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, cosigners(vec![cosigner("headquarters", false)], 1, 1)) })),
    ("CO-0002", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, cosigners(vec![cosigner("union", true)], 2, 1)) })),
    ("PA-0001", scene!(World::new(), |world| { let by = world.people.manager; world.say(by, adopt(&["us-nm"])) })),
    ("WE-0001", scene!(Set::new(), |set| { let (by, scene) = (set.people.armorer, set.scene); set.say(by, take_out(&[NO_WEAPON], scene, &[])) })),
    ("WE-0002", scene!(Set::new(), |set| {
        let (by, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
        set.say(by, ground(weapon)).clean();
        set.say(by, take_out(&[weapon], scene, &[]))
    })),
    ("WE-0003", scene!(Set::out(), |set| { let (by, act) = (set.people.armorer, full(set.revolver, vec![Seen::Live; 6])); set.say(by, act).granted(); set.call_cold() })),
    ("WE-0004", scene!(Set::out(), |set| { let by = set.people.armorer; set.say(by, revolver("07")).granted(); set.call_cold() })),
    ("WE-0005", scene!(Set::new(), |set| {
        let (by, scene) = (set.people.armorer, set.scene);
        let batch = set.say(by, rack(Class::Rubber, 3)).clean().into();
        set.say(by, issue_rack(batch, 1, scene))
    })),
    ("CU-0001", scene!(Set::out(), |set| { let (by, act) = (set.people.assistant, take_out(&[set.revolver], set.scene, &[])); set.say(by, act) })),
    ("CU-0002", scene!(Set::cold(), |set| { let (by, act) = (set.people.assistant, hand_over(set.revolver, set.people.performer)); set.say(by, act) })),
    ("CU-0003", scene!(Set::new(), |set| set.call_cold())),
    ("CU-0004", scene!(Set::cold(), |set| { let (by, act) = (set.people.armorer, hand_over(set.revolver, set.people.double)); set.say(by, act) })),
    ("CU-0005", scene!(Set::cold(), |set| { set.wait(HOUR); set.call_cold() })),
    ("CU-0006", scene!(Set::cold(), |set| { let (by, act) = (set.people.grip, off_protocol(set.revolver, None)); set.say(by, act).granted(); set.call_cold() })),
    ("CH-0001", scene!(Set::out(), |set| set.call_cold())),
    ("CH-0002", scene!(Set::out(), |set| {
        let (one, other, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
        set.both_see(one, other, &[Seen::Empty, Seen::Empty, Seen::Empty, Seen::Empty, Seen::NotSeen, Seen::NotSeen]);
        set.say(other, call_cold(&[weapon]))
    })),
    ("CH-0003", scene!(Set::hot(), |set| set.call_cold())),
    ("CH-0004", scene!(Set::checked(), |set| { let (by, act) = (set.people.first_ad, call_hot(set.revolver, Load::Quarter, 2)); set.say(by, act) })),
    ("CH-0005", scene!(Set::checked(), |set| {
        let (by, weapons) = (set.people.first_ad, vec![set.revolver]);
        set.say(by, Act::CallCold(floor::CallCold { weapons, lasts_ms: HOUR }))
    })),
    ("CH-0006", scene!(Set::checked(), |set| { let (by, act) = (set.people.armorer, hand_over(set.revolver, set.people.performer)); set.say(by, act) })),
    ("CH-0007", scene!(Set::checked(), |set| {
        let by = set.people.first_ad;
        let next = set.say(by, action("Scene 118", &[])).clean().into();
        set.say(by, now_on(next)).granted();
        set.call_cold()
    })),
    ("CH-0008", scene!(Set::new(), |set| {
        let (by, scene) = (set.people.armorer, set.scene);
        let rubber = set.say(by, receive("50", Class::Rubber, Works::None)).clean();
        set.prove_class(rubber, Class::Rubber);
        set.say(by, take_out(&[rubber.into()], scene, &[])).granted();
        set.say(by, call_cold(&[rubber.into()]))
    })),
    ("CH-0009", scene!(Set::checked(), |set| { let (by, weapon) = (set.people.first_ad, set.revolver); set.say(by, call_cold(&[weapon; 13])) })),
    ("AM-0001", scene!(Set::new(), |set| { let by = set.people.armorer; set.say(by, draw(NO_LOT, 1)) })),
    ("AM-0002", scene!(Set::new(), |set| { let (by, lot) = (set.people.armorer, set.dummies); set.say(by, quarantine(lot)).clean(); set.say(by, draw(lot, 1)) })),
    ("AM-0003", scene!(Set::new(), |set| { let by = set.people.armorer; let lot = set.say(by, lot_of_dummies(9)).clean().into(); set.say(by, draw(lot, 1)) })),
    ("AM-0004", scene!(Set::new(), |set| { let (by, lot) = (set.people.armorer, set.dummies); set.say(by, draw(lot, 51)) })),
    ("AM-0005", scene!(Set::out(), |set| { let (by, act) = (set.people.armorer, load(set.revolver, set.dummies, 5, six_dummies())); set.say(by, act) })),
    ("AM-0006", scene!(Set::new(), |set| { let by = set.people.armorer; let lot = set.say(by, lot(ammunition::Said::Unknown, 9)).clean().into(); set.say(by, draw(lot, 1)) })),
    ("AM-0007", scene!(Set::new(), |set| {
        let (by, lot) = (set.people.armorer, set.dummies);
        let full = set.say(by, carrier(7, true)).granted().into();
        set.say(by, fill(full, lot, 1))
    })),
    ("AM-0008", scene!(Set::new(), |set| { let (by, lot) = (set.people.armorer, set.dummies); set.say(by, quarantine(lot)).clean(); set.say(by, release_lot(lot)) })),
    ("SE-0001", scene!(World::new(), |world| { let by = world.people.first_ad; world.say(by, close_session()) })),
    ("SE-0002", scene!(Set::new(), |set| { let by = set.people.first_ad; set.say(by, open_session()) })),
    ("SE-0003", scene!(Set::out(), |set| { let by = set.people.first_ad; set.say(by, close_session()) })),
    ("SE-0004", scene!(Set::new(), |set| { let (by, lot) = (set.people.armorer, set.dummies); set.say(by, draw(lot, 1)).granted(); set.say(by, pause()) })),
    ("SE-0005", scene!(Set::new(), |set| { let by = set.people.first_ad; set.say(by, now_on(ActionId([9; 32]))) })),
    ("SE-0006", scene!(Set::new(), |set| { let by = set.people.first_ad; set.say(by, pause()).granted(); set.say(by, pause()) })),
    ("SE-0007", scene!(Set::new(), |set| { let by = set.people.first_ad; set.say(by, resume()) })),
    ("SE-0008", scene!(Set::checked(), |set| { let (by, scene) = (set.people.first_ad, set.scene); set.say(by, begin(scene)) })),
    ("BA-0001", scene!(Set::new(), |set| {
        let (by, scene) = (set.people.armorer, set.scene);
        let batch = set.say(by, rack(Class::Rubber, 3)).clean();
        set.prove_class(batch, Class::Rubber);
        set.say(by, issue_rack(batch.into(), 4, scene))
    })),
    ("BA-0002", scene!(Set::new(), |set| { let (by, scene) = (set.people.armorer, set.scene); set.say(by, issue_rack(BatchId([9; 32]), 1, scene)) })),
    ("HO-0001", scene!(Set::out(), |set| { let (by, act) = (set.people.armorer, end_hold(set.revolver)); set.say(by, act) })),
    ("HO-0002", scene!(held(), |set| { let (by, act) = (set.people.armorer, end_hold(set.revolver)); set.say(by, act) })),
    ("HO-0003", scene!(held(), |set| {
        let (one, other, act) = (set.people.armorer, set.people.first_ad, end_hold(set.revolver));
        set.both_see(one, other, &empties());
        set.say(one, act)
    })),
    ("HO-0004", scene!(held(), |set| {
        let (by, weapon) = (set.people.armorer, set.revolver);
        set.say(by, Act::EndHold(floor::EndHold { weapon, differed: words("") }))
    })),
    ("ST-0001", scene!(Set::checked(), |set| { let by = set.people.grip; set.say(by, stop()).clean(); set.call_cold() })),
    ("ST-0002", scene!(Set::new(), |set| { let by = set.people.grip; set.say(by, lift(StatementId([9; 32]))) })),
    ("ST-0003", scene!(Set::new(), |set| { let (by, other) = (set.people.grip, set.people.camera); let stopped = set.say(by, stop()).clean(); set.say(other, lift(stopped)) })),
    ("ST-0004", scene!(Set::new(), |set| { let (by, other) = (set.people.grip, set.people.armorer); let order = set.say(by, authority_stops("sheriff")).clean(); set.say(other, lift_for_another(order)) })),
    ("ST-0005", scene!(Set::new(), |set| { let by = set.people.grip; let event = set.say(by, unexpected(None, None)).clean(); set.say(by, lift(event)) })),
    ("ST-0006", scene!(Set::new(), |set| {
        let by = set.people.grip;
        let stop = set.say(by, stop()).clean().into();
        set.say(by, Act::LiftForAnother(stops::LiftForAnother { stop, looked_at: words(" ") }))
    })),
    ("EV-0001", scene!(Set::out(), |set| { let (by, act) = (set.people.grip, unexpected(Some(set.revolver), None)); set.say(by, act).clean(); set.call_cold() })),
    ("EV-0002", scene!(Set::checked(), |set| { let by = set.people.grip; set.say(by, unexpected(None, None)).clean(); set.say(by, unexpected(None, None)).clean(); set.call_cold() })),
    ("EV-0003", scene!(Set::new(), |set| { let by = set.people.armorer; set.say(by, release_event(StatementId([9; 32]))) })),
    ("EV-0004", scene!(Set::new(), |set| { let by = set.people.armorer; let event = set.say(by, unexpected(None, None)).clean(); set.say(by, release_event(event)) })),
    ("EV-0005", scene!(Set::new(), |set| { let (by, event) = explained(&mut set); set.say(by, release_event(event)) })),
    ("EV-0006", scene!(Set::new(), |set| { let (by, event) = explained(&mut set); set.say(by, meeting(None, by, &[])).clean(); set.say(by, release_event(event)) })),
];

#[rustfmt::skip]
const BREACHES: &[(&str, Scene)] = &[
    ("BR-0001", scene!(Set::new(), |set| { let by = set.people.armorer; set.say(by, collect(NO_WEAPON)) })),
    ("BR-0002", scene!(Set::out(), |set| { let (by, act) = (set.people.performer, full(set.revolver, empties())); set.say(by, act) })),
    ("BR-0003", scene!(Set::out(), |set| { let (by, act) = (set.people.armorer, full(set.revolver, vec![Seen::Empty; 4])); set.say(by, act) })),
    ("BR-0004", scene!(Set::new(), |set| { let by = set.people.grip; set.say(by, found(Answer::NotAnswered, None, "")) })),
    ("BR-0005", scene!(Set::out(), |set| { let (by, act) = (set.people.grip, off_protocol(set.revolver, None)); set.say(by, act) })),
    ("BR-0006", scene!(Set::out(), |set| {
        let by = set.people.grip;
        let mut body = match off_protocol(set.revolver, None) { Act::OffProtocol(body) => body, _ => unreachable!() };
        body.at_person = Answer::Yes;
        set.say(by, Act::OffProtocol(body))
    })),
    ("BR-0007", scene!(Set::out(), |set| { let by = set.people.grip; set.say(by, out_of_sight(&[], &[])) })),
    ("BR-0008", scene!(Set::out(), |set| { let (by, act) = (set.people.armorer, shots(set.revolver, 1, 0)); set.say(by, act) })),
    ("BR-0009", scene!(Set::out(), |set| {
        let (by, weapon) = (set.people.armorer, set.revolver);
        set.say(by, Act::Shots(floor::Shots { weapon, fired: 0, misfired: 1, waited_ms: 14_999 }))
    })),
    ("BR-0010", scene!(Set::out(), |set| { let (by, act) = (set.people.grip, collect(set.revolver)); set.say(by, act) })),
    ("BR-0011", scene!(Set::new(), |set| { let (by, act) = (set.people.grip, door(set.store, true)); set.say(by, act) })),
    ("BR-0012", scene!(Set::checked(), |set| { let (by, act) = (set.people.armorer, lock_away(&[set.revolver], &[], set.store)); set.say(by, act) })),
    ("BR-0013", scene!(Set::out(), |set| {
        let by = set.people.grip;
        set.say(by, unexpected(None, None)).clean();
        set.say(by, touched(None, None, Touched::Hidden))
    })),
    ("BR-0014", scene!(World::new(), |world| {
        let (by, person) = (world.people.armorer, world.people.performer);
        world.say(by, Act::Train(people::Train { person, weapon: None, planned_min: 60, given_min: 59, competent: true }))
    })),
    ("BR-0015", scene!(World::new(), |world| {
        let (by, producer) = (world.people.armorer, world.people.producer);
        let ask = world.say(by, Act::Ask(people::Ask { asked: Asked::Time, about: None, words: words("") })).clean();
        world.say(producer, Act::AnswerAsk(people::AnswerAsk { ask, reply: Reply::Refused, by: None, words: words("") }))
    })),
    ("BR-0016", scene!(World::new(), |world| { let by = world.people.grip; world.say(by, countersign(StatementId([9; 32]))) })),
    ("BR-0017", scene!(Set::new(), |set| { let (by, act) = (set.people.armorer, count_lot(set.dummies, 49)); set.say(by, act) })),
    ("BR-0018", scene!(World::new(), |world| {
        let by = world.people.producer;
        world.say(by, Act::AdoptPolicy(planning::AdoptPolicy { words: words("No live rounds."), enforced_by: words(" ") }))
    })),
    ("BR-0019", scene!(Set::new(), |set| { let by = set.people.armorer; set.say(by, carrier(7, true)) })),
    ("BR-0020", scene!(World::new(), |world| {
        let by = world.people.first_ad;
        world.say(by, Act::CrewChange(people::CrewChange { department: Department::Camera, joined: 1, left: 0, words: words("") }))
    })),
    ("BR-0023", scene!(World::new(), |world| { let (by, key) = (world.people.grip, world.keys[&world.people.adviser]); world.say(by, revoke(key)) })),
    ("BR-0022", scene!(World::new(), |world| { let by = world.people.armorer; world.say(by, receive_sent(24, 23)) })),
    ("BR-0021", scene!(World::new(), |world| {
        let by = world.people.grip;
        world.say(by, Act::NodeClockJumped(log::ClockJumped { by_ms: 1 }))
    })),
    ("BR-0024", scene!(Set::new(), |set| {
        let (by, act) = (set.people.armorer, drawing(set.scene, set.revolver, (0, 4_000), Drawn::Person));
        set.say(by, act)
    })),
    ("BR-0025", scene!(Set::new(), |set| {
        let (by, lot, weapon) = (set.people.armorer, set.dummies, set.revolver);
        let scene = set.say(by, action("Another", &[])).clean();
        set.say(by, test_fire(weapon, lot));
        set.say(by, drawing(ActionId::from(scene), weapon, (4_000, 0), Drawn::Person))
    })),
];

/// Two looks that did not agree.
fn held() -> Set {
    let mut set = Set::out();
    set.load_six();
    let (by, mut five) = (set.people.first_ad, six_dummies());
    five[0] = Seen::Empty;
    let act = full(set.revolver, five);
    set.say(by, act).clean();
    let (armorer, act) = (set.people.armorer, clear(set.revolver, 6));
    set.say(armorer, act).clean();
    set
}

fn explained(set: &mut Set) -> (PersonId, StatementId) {
    let (armorer, adviser) = (set.people.armorer, set.people.adviser);
    let event = set.say(armorer, unexpected(None, None)).clean();
    let said = set.say(armorer, explain(event)).clean();
    set.say(adviser, countersign(said)).clean();
    (armorer, event)
}

/// Codes that nothing leads to yet, each with the reason. A code is never reused, so it stays in the list.
const UNREACHED: &[(&str, &str)] = &[(
    "CU-0007",
    "locking away in a store nobody named is a report, so it is told as BR-0001",
)];

#[test]
fn every_refusal_has_a_scene_that_leads_to_it() {
    for (code, scene) in REFUSALS {
        scene().refused(code);
    }
    let shown: BTreeSet<&str> = REFUSALS
        .iter()
        .map(|(code, _)| *code)
        .chain(UNREACHED.iter().map(|(code, _)| *code))
        .collect();
    let all: BTreeSet<&str> = Refusal::CODES.iter().copied().collect();
    assert_eq!(all.len(), Refusal::CODES.len(), "a code stands twice");
    assert_eq!(shown, all);
    assert_eq!(REFUSALS.len() + UNREACHED.len(), all.len());
}

#[test]
fn every_breach_has_a_scene_that_leads_to_it_and_is_taken_all_the_same() {
    for (code, scene) in BREACHES {
        scene().breach(code);
    }
    let shown: BTreeSet<&str> = BREACHES.iter().map(|(code, _)| *code).collect();
    assert_eq!(shown, BREACH_CODES.iter().copied().collect());
    assert_eq!(BREACHES.len(), BREACH_CODES.len());
}

#[test]
fn every_reason_says_what_is_wrong_who_acts_and_what_cures_it() {
    for told in REFUSALS.iter().chain(BREACHES).map(|(_, scene)| scene()) {
        for reason in told.outcome.reasons.iter().chain(&told.outcome.breaches) {
            for text in [
                &reason.says,
                &reason.source,
                &reason.clause,
                &reason.who,
                &reason.cure,
            ] {
                assert!(!text.trim().is_empty() && !text.contains('{'), "{reason:?}");
            }
            assert!(
                !reason.says.to_lowercase().contains("safe"),
                "{}",
                reason.says
            );
        }
    }
}

#[test]
fn a_refused_request_changes_no_state_for_the_better() {
    for (code, scene) in REFUSALS {
        let told = scene();
        assert!(
            told.outcome.leases.is_empty() && told.outcome.limits.is_none(),
            "{code}"
        );
    }
}

/// Remembers every gate it was asked at.
struct Recording(Rc<RefCell<BTreeSet<Gate>>>);
impl Judge for Recording {
    fn judge(&self, gate: Gate, _: &domain::facts::Facts) -> Judgement {
        self.0.borrow_mut().insert(gate);
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

#[test]
fn every_gate_is_asked_on_the_way_and_a_rule_at_any_gate_refuses() {
    let asked = Rc::new(RefCell::new(BTreeSet::new()));
    let mut set = Set::new();
    set.judge = Box::new(Recording(Rc::clone(&asked)));
    let People {
        armorer,
        first_ad,
        performer,
        adviser,
        ..
    } = set.people;
    let (weapon, blanks, scene, store) = (set.revolver, set.blanks, set.scene, set.store);
    let rack = set.say(armorer, rack(Class::Rubber, 3)).clean();
    set.prove_class(rack, Class::Rubber);
    let start = set.entries.len();
    set.say(armorer, issue_rack(rack.into(), 1, scene))
        .granted();
    set.take_out();
    set.load_six();
    set.second_look();
    set.call_cold().granted();
    set.hand_over();
    set.say(first_ad, begin(scene)).granted();
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, clear(weapon, 6)).clean();
    set.say(armorer, load(weapon, blanks, 2, two_blanks()))
        .granted();
    set.say(first_ad, full(weapon, two_blanks())).clean();
    set.say(first_ad, call_hot(weapon, Load::Quarter, 2))
        .granted();
    set.say(armorer, ground(weapon)).clean();
    set.say(armorer, return_to_service(weapon)).granted();
    set.say(armorer, clear(weapon, 2)).clean();
    let dummies = set.dummies;
    set.say(armorer, reconcile(dummies, 0, 6, 0)).clean();
    set.say(armorer, reconcile(blanks, 0, 2, 0)).clean();
    set.say(armorer, lock_away(&[weapon], &[dummies, blanks], store))
        .clean();
    set.say(first_ad, pause()).granted();
    set.say(first_ad, resume()).granted();
    let event = set.say(performer, unexpected(None, None)).clean();
    let said = set.say(armorer, explain(event)).clean();
    set.say(adviser, countersign(said)).clean();
    set.say(first_ad, meeting(None, first_ad, &[])).clean();
    set.say(first_ad, all_well(scene)).clean();
    set.say(armorer, release_event(event)).granted();
    assert_eq!(*asked.borrow(), Gate::ALL.iter().copied().collect());

    // The same day, with a rule at one gate: a request of the day is refused by it, and no lease comes of that.
    let day: Vec<_> = set.entries[start..]
        .iter()
        .map(|entry| entry.statement.clone())
        .collect();
    for gate in Gate::ALL {
        let refusing = Packs {
            refuses: vec![*gate],
            ..Packs::default()
        };
        let mut state =
            set.entries[..start]
                .iter()
                .fold(domain::State::default(), |mut state, entry| {
                    domain::apply(&mut state, entry);
                    state
                });
        let mut refused = 0;
        for (statement, entry) in day.iter().zip(&set.entries[start..]) {
            let outcome = domain::admit(&state, statement, entry.at, &refusing);
            if outcome
                .reasons
                .iter()
                .any(|reason| reason.code == "TEST-01")
            {
                assert!(!outcome.admitted && outcome.leases.is_empty());
                refused += 1;
            }
            // What is judged is the day as it went.
            domain::apply(&mut state, entry);
        }
        assert!(refused > 0, "{gate:?} refused nothing");
        assert_eq!(state, set.state);
    }
}
