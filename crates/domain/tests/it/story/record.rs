//! The record itself: what is sealed, erased, preserved, and who cosigns.

use crate::{acts::*, world::*};
use domain::{
    act::{Act, Kind},
    id::*,
    words::*,
};

const YEARS: i64 = 11 * 366 * 24 * HOUR;

/// Where an account has been kept long enough.
fn kept_long() -> (Set, StatementId) {
    let mut set = Set::new();
    let grip = set.people.grip;
    let said = set.say(grip, account(&[])).clean();
    set.wait(YEARS);
    (set, said)
}

#[test]
fn a_sealed_body_is_erased_by_two_people_after_its_time() {
    let (mut set, said) = kept_long();
    let People {
        manager,
        grip,
        armorer,
        ..
    } = set.people;
    let request = set.say(grip, erase(&[said], Basis::AskedByPerson)).clean();
    assert_eq!(set.state.sealed[&said].erased_at, None, "one person asked");
    // Neither who asked nor somebody without that duty is the second.
    set.say(grip, countersign(request)).breach("BR-0016");
    set.say(armorer, countersign(request)).breach("BR-0016");
    let told = set.say(manager, countersign(request));
    assert_eq!(told.outcome.erased, [said]);
    assert!(set.state.sealed[&said].erased_at.is_some());
    set.say(manager, erase(&[said], Basis::TimeOver))
        .refused("RE-0007");
}

#[test]
fn whose_statement_it_is_asks_for_it_and_nobody_else_off_the_office() {
    let (mut set, said) = kept_long();
    let armorer = set.people.armorer;
    set.say(armorer, erase(&[said], Basis::AskedByPerson))
        .refused("PE-0001");
}

#[test]
fn a_courts_order_does_not_wait_and_an_incident_is_stronger_than_it() {
    let mut set = Set::new();
    let People { manager, grip, .. } = set.people;
    let said = set.say(grip, account(&[])).clean();
    set.say(manager, erase(&[said], Basis::TimeOver))
        .refused("RE-0009");
    set.say(manager, erase(&[said], Basis::CourtOrder)).clean();
    // What was sealed within the day before an event belongs to it.
    set.say(grip, unexpected(None, None)).granted();
    set.say(manager, erase(&[said], Basis::CourtOrder))
        .refused("RE-0008");
}

#[test]
fn an_event_between_the_two_signatures_keeps_the_body() {
    let (mut set, said) = kept_long();
    let People { manager, grip, .. } = set.people;
    let request = set.say(grip, erase(&[said], Basis::AskedByPerson)).clean();
    set.say(grip, unexpected(None, None)).granted();
    let told = set.say(manager, countersign(request));
    assert_eq!(told.outcome.erased, []);
    assert_eq!(set.state.sealed[&said].erased_at, None);
}

#[test]
fn a_record_kind_is_never_erased() {
    let (mut set, _) = kept_long();
    let People {
        manager, armorer, ..
    } = set.people;
    let meeting = set.say(armorer, lot_of_dummies(5)).clean();
    set.wait(YEARS);
    set.say(manager, erase(&[meeting], Basis::CourtOrder))
        .refused("RE-0007");
}

#[test]
fn preserving_begins_by_itself_and_ends_by_two_people_after_the_event() {
    let mut set = Set::new();
    let People { manager, grip, .. } = set.people;
    assert!(!set.state.is_preserved());
    let event = set.say(grip, unexpected(None, None)).granted();
    assert!(set.state.is_preserved());
    set.say(manager, preserve_end(event)).refused("RE-0011");
    // Asked for by a person it may end at once, and still by two.
    let mut set = Set::new();
    let asked = set.say(grip, preserve()).clean();
    let end = set.say(manager, preserve_end(asked)).clean();
    assert!(set.state.is_preserved(), "one person said so");
    set.say(manager, countersign(end)).breach("BR-0016");
    let adviser = set.people.first_ad;
    set.say(manager, duty(adviser, Duty::SafetyAdviser, true))
        .granted();
    let end = set.say(adviser, preserve_end(asked)).clean();
    set.say(manager, countersign(end)).clean();
    assert!(!set.state.is_preserved());
}

#[test]
fn nothing_follows_from_a_sealed_body() {
    let whole = |act: Act| {
        let mut world = World::new();
        let by = world.people.grip;
        world.say(by, act).clean();
        world.state
    };
    for kind in Kind::ALL {
        let Some(absent) = Act::absent(kind.stored()) else {
            continue;
        };
        assert_eq!(absent.kind(), *kind);
        let present = match kind {
            Kind::GiveAccount => account(&[]),
            Kind::Attach => Act::Attach(domain::act::record::Attach {
                sha256: FileId([1; 32]),
                bytes: 5,
                media: "image/png".into(),
                name: words("the cart"),
                about: vec![],
                original: None,
                exhibit: true,
            }),
            Kind::Details => Act::Details(domain::act::record::Details {
                person: PersonId([1; 32]),
                name: words("(a name)"),
                contact: words("(a number)"),
            }),
            other => panic!("{other:?} is sealed and has no sample here"),
        };
        assert_eq!(whole(present), whole(absent), "{kind:?}");
    }
    assert_eq!(Act::absent("weapon.look"), None);
}

#[test]
fn what_is_said_while_an_event_is_open_is_marked_so() {
    let mut set = Set::new();
    let grip = set.people.grip;
    assert!(!set.say(grip, account(&[])).outcome.after_incident);
    let event = set.say(grip, unexpected(None, None));
    assert!(
        !event.outcome.after_incident,
        "the event itself is not after it"
    );
    assert!(set.say(grip, account(&[])).outcome.after_incident);
}

#[test]
fn cosigners_are_adopted_when_one_outside_must_sign() {
    let mut set = Set::new();
    let People { manager, grip, .. } = set.people;
    let both = || vec![cosigner("headquarters", false), cosigner("union", true)];
    set.say(grip, cosigners(both(), 2, 1)).refused("PE-0001");
    set.say(manager, cosigners(both(), 1, 0)).refused("CO-0001");
    set.say(manager, cosigners(both(), 2, 2)).refused("CO-0002");
    let twice = vec![cosigner("union", true), cosigner("union", true)];
    set.say(manager, cosigners(twice, 1, 1)).refused("CO-0002");
    set.say(manager, cosigners(both(), 2, 1)).clean();
    assert_eq!(
        set.state.cosigners.as_ref().map(|all| all.cosigners.len()),
        Some(2)
    );
}

#[test]
fn a_spare_that_took_over_knows_nothing_of_any_weapon() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    set.say(grip, took_over(1)).breach("BR-0021");
    assert_eq!(set.state.epoch, 0);
    set.node(took_over(1)).clean();
    assert_eq!(set.state.epoch, 1);
    assert_eq!(set.word(weapon), domain::board::Word::CheckNeeded);
}

#[test]
fn what_was_signed_on_the_lost_nodes_record_is_late_to_the_spare() {
    let mut set = Set::out();
    let (first_ad, weapon) = (set.people.first_ad, set.revolver);
    let sent_again = set.statement(first_ad, full(weapon, empties()));
    set.wait(1_000);
    set.node(took_over(1)).clean();
    let told = set.enter(sent_again);
    assert!(told.outcome.admitted && told.outcome.late);
}
