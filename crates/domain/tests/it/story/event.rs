//! Something happened that nobody planned.

use crate::{acts::*, world::*};
use domain::{act::Act, board::Word, id::*, words::*};

/// A second revolver out and COLD, and a shot that nobody planned with the first.
struct Shot {
    set: Set,
    event: StatementId,
    other: WeaponId,
    like: WeaponId,
}

fn shot() -> Shot {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let (weapon, scene, store) = (set.revolver, set.scene, set.store);
    let like: WeaponId = set.say(armorer, revolver("08")).clean().into();
    let mut rifle = match receive("60", Class::Firearm, Works::Cylinder { positions: 6 }) {
        Act::ReceiveWeapon(body) => body,
        _ => unreachable!(),
    };
    rifle.calibre = words("12 gauge");
    let other: WeaponId = set.say(armorer, Act::ReceiveWeapon(rifle)).clean().into();
    set.say(armorer, lock_away(&[like, other], &[], store))
        .clean();
    set.say(armorer, take_out(&[weapon, other], scene, &[performer]))
        .granted();
    set.load_six();
    set.second_look();
    set.say(armorer, full(other, empties())).clean();
    set.say(first_ad, full(other, empties())).clean();
    set.say(first_ad, call_cold(&[weapon, other])).granted();
    let grip = set.people.grip;
    let event = set.say(grip, unexpected(Some(weapon), None)).clean();
    Shot {
        set,
        event,
        other,
        like,
    }
}

#[test]
fn an_unexpected_event_stops_the_unit_and_holds_the_weapon_and_its_like() {
    let Shot {
        mut set,
        event,
        other,
        like,
    } = shot();
    assert_eq!(set.word(set.revolver), Word::Hold);
    assert_eq!(set.word(like), Word::Hold);
    assert_eq!(set.word(other), Word::CheckNeeded);
    set.call_cold().refused("ST-0001");
    let (armorer, grip) = (set.people.armorer, set.people.grip);
    set.say(grip, lift(event)).refused("ST-0005");
    set.say(armorer, lift_for_another(event)).refused("ST-0005");
}

#[test]
fn roll_call_and_counts_end_the_records_lock_and_the_rest_needs_an_outsider() {
    let Shot { mut set, other, .. } = shot();
    let People {
        armorer,
        assistant,
        first_ad,
        adviser,
        ..
    } = set.people;
    let (scene, dummies) = (set.scene, set.dummies);
    set.say(first_ad, all_well(scene)).clean();
    assert_eq!(set.state.stops.len(), 1, "six rounds are out");
    set.say(armorer, count_lot(dummies, 44)).clean();
    assert!(set.state.stops.is_empty());
    set.say(first_ad, call_cold(&[other])).refused("CH-0001");
    // Both of the chain; by a count; then one from outside it.
    set.say(armorer, full(other, empties())).clean();
    set.say(first_ad, full(other, empties())).breach("BR-0002");
    set.say(armorer, line(vec![counts(other, 6, 0)]))
        .breach("BR-0002");
    set.say(adviser, line(vec![counts(other, 6, 0)]))
        .breach("BR-0002");
    set.say(first_ad, call_cold(&[other])).refused("CH-0001");
    set.say(adviser, full(other, empties())).clean();
    set.say(first_ad, call_cold(&[other])).granted();
    assert_eq!(set.sign(other), "COLD EMPTY");
    set.call_cold().refused("EV-0001");
    let (weapon, scene) = (set.revolver, set.scene);
    set.say(assistant, take_out(&[weapon], scene, &[]))
        .refused("EV-0001");
}

#[test]
fn the_weapon_comes_back_after_cause_and_fix_an_outsiders_key_and_a_meeting() {
    let Shot { mut set, event, .. } = shot();
    let People {
        armorer,
        first_ad,
        adviser,
        camera,
        grip,
        ..
    } = set.people;
    let (weapon, scene, dummies) = (set.revolver, set.scene, set.dummies);
    set.say(armorer, release_event(event)).refused("EV-0004");
    // Not by somebody who handles no weapons; not with the first AD, who ran the set.
    let said = set.say(grip, explain(event)).clean();
    set.say(camera, countersign(said)).breach("BR-0016");
    let said = set.say(armorer, explain(event)).clean();
    set.say(first_ad, countersign(said)).breach("BR-0016");
    set.say(adviser, countersign(said)).clean();
    set.say(armorer, release_event(event)).refused("EV-0005");
    set.say(first_ad, meeting(None, first_ad, &[armorer]))
        .clean();
    set.say(armorer, release_event(event)).refused("EV-0006");
    set.say(first_ad, all_well(scene)).clean();
    set.say(armorer, count_lot(dummies, 44)).clean();
    set.say(armorer, release_event(event)).granted();
    set.say(armorer, release_event(event)).refused("EV-0003");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.call_cold().refused("CH-0001");
    set.both_see(armorer, adviser, &six_dummies());
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
}

#[test]
fn a_second_event_in_a_day_holds_everything_until_production_signs() {
    let Shot {
        mut set,
        event,
        other,
        ..
    } = shot();
    let People {
        armorer,
        first_ad,
        adviser,
        grip,
        producer,
        ..
    } = set.people;
    let (scene, dummies) = (set.scene, set.dummies);
    let second = set.say(grip, unexpected(None, None)).clean();
    set.say(first_ad, all_well(scene)).clean();
    set.say(armorer, count_lot(dummies, 44)).clean();
    set.say(first_ad, call_cold(&[other])).refused("EV-0002");
    for one in [event, second] {
        let said = set.say(armorer, explain(one)).clean();
        set.say(adviser, countersign(said)).clean();
    }
    set.say(first_ad, meeting(None, first_ad, &[armorer]))
        .clean();
    set.say(armorer, release_event(event)).granted();
    let asked = set.say(armorer, release_event(second)).granted();
    set.say(first_ad, call_cold(&[other])).refused("EV-0002");
    set.say(adviser, countersign(asked)).breach("BR-0016");
    set.say(producer, countersign(asked)).clean();
    let told = set.say(first_ad, call_cold(&[other]));
    assert!(!told.codes().contains(&"EV-0002"));
}

#[test]
fn a_live_round_found_is_an_event_and_one_that_nobody_can_name_ends_what_was_known() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    set.say(grip, found(Answer::Yes, None, ""))
        .breach("BR-0004");
    assert_eq!(set.state.events.len(), 1);
    set.call_cold().refused("ST-0001");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    // Like it in calibre, or of a calibre nobody can say.
    for calibre in [".45 Colt", ""] {
        let mut set = Set::cold();
        set.say(grip, found(Answer::NotAnswered, None, calibre))
            .breach("BR-0004");
        assert_eq!(set.word(weapon), Word::CheckNeeded, "calibre `{calibre}`");
        assert_eq!(set.state.loose_rounds, 1);
    }
    let mut set = Set::cold();
    set.say(grip, found(Answer::No, None, "")).clean();
    assert_eq!(set.word(weapon), Word::Cold);
}

#[test]
fn two_people_who_search_everywhere_and_find_nothing_end_the_search() {
    let mut set = Set::new();
    let People {
        armorer,
        adviser,
        grip,
        ..
    } = set.people;
    set.say(grip, found(Answer::NotAnswered, None, ""))
        .granted();
    let searched = set.say(armorer, sweep(0)).clean();
    assert_eq!(set.state.loose_rounds, 1);
    set.say(adviser, countersign(searched)).clean();
    assert_eq!(set.state.loose_rounds, 0);
}

#[test]
fn evidence_touched_is_taken_and_ends_what_was_known() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    set.say(grip, touched(Some(weapon), None, Touched::Opened))
        .granted();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    let Shot { mut set, .. } = shot();
    set.say(grip, touched(None, None, Touched::Destroyed))
        .breach("BR-0013");
}

#[test]
fn places_of_an_incident_are_secured_or_their_clock_runs_out() {
    let Shot { mut set, event, .. } = shot();
    let armorer = set.people.armorer;
    let frozen = set.say(armorer, freeze(event, &["cart", "truck"])).clean();
    set.say(armorer, secured(event, "cart")).clean();
    set.wait(HOUR);
    assert_eq!(set.state.lapsed(set.now), [frozen]);
    set.node(lapsed(frozen)).granted();
    let id: EventId = event.into();
    assert_eq!(set.state.events[&id].unsecured, [words("truck")]);
}

#[test]
fn a_concern_and_a_walk_off_want_an_answer_by_their_deadline() {
    let mut set = Set::new();
    let (grip, producer) = (set.people.grip, set.people.producer);
    let raised = set.say(grip, concern()).clean();
    let left = set.say(grip, walk_off()).clean();
    set.say(producer, answer_concern(raised)).clean();
    set.wait(25 * HOUR);
    assert_eq!(set.state.lapsed(set.now), [left]);
    set.node(lapsed(left)).granted();
    assert!(set.state.concerns[&left.into()].overdue);
}

#[test]
fn an_old_word_of_an_event_stops_the_unit_all_the_same() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    let told = set.say_late(grip, unexpected(Some(weapon), None), 3 * HOUR);
    assert!(told.outcome.admitted && told.outcome.late);
    assert_eq!(set.word(weapon), Word::Hold);
    set.call_cold().refused("ST-0001");
}

#[test]
fn what_is_like_a_held_weapon_is_held_though_it_came_later() {
    let mut set = Set::new();
    let (armorer, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
    set.say(armorer, unexpected(Some(weapon), None)).granted();
    let other = set.say(armorer, revolver("08")).clean().into();
    assert_eq!(set.word(other), domain::board::Word::Hold);
    set.say(armorer, take_out(&[other], scene, &[]))
        .refused("EV-0001");
}
