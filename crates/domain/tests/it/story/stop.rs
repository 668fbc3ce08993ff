//! Stop is free, release is earned.

use crate::{acts::*, world::*};
use domain::{act::Act, board::Word, id::*, words::*};

#[test]
fn a_stop_ends_every_lease_and_says_what_was_last_known() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    set.say(grip, stop()).clean();
    let shown = set.shown(weapon);
    assert_eq!(shown.word, Word::CheckNeeded);
    assert_eq!(shown.reason, "The set is stopped. Last known: 6 dummies.");
    set.call_cold().refused("ST-0001");
}

#[test]
fn a_stop_blocks_every_request_but_those_that_make_things_safer() {
    let mut set = Set::cold();
    let People {
        armorer,
        first_ad,
        grip,
        performer,
        manager,
        ..
    } = set.people;
    let (weapon, dummies, scene) = (set.revolver, set.dummies, set.scene);
    let rack: BatchId = set.say(armorer, rack(Class::Rubber, 12)).clean().into();
    let magazine: CarrierId = set.say(armorer, carrier(7, false)).clean().into();
    let stopped = set.say(grip, stop()).clean();
    for (by, act) in [
        (armorer, take_out(&[weapon], scene, &[performer])),
        (armorer, load(weapon, dummies, 6, six_dummies())),
        (armorer, draw(dummies, 1)),
        (armorer, fill(magazine, dummies, 1)),
        (armorer, issue_rack(rack, 1, scene)),
        (armorer, hand_over(weapon, performer)),
        (armorer, return_to_service(weapon)),
        (armorer, release_lot(dummies)),
        (first_ad, call_cold(&[weapon])),
        (first_ad, call_hot(weapon, Load::Quarter, 1)),
        (first_ad, begin(scene)),
        (first_ad, now_on(scene)),
        (first_ad, resume()),
    ] {
        set.say(by, act).refused("ST-0001");
    }
    for (by, act) in [
        (manager, adopt(&["base"])),
        (first_ad, pause()),
        (first_ad, close_session()),
        (armorer, end_hold(weapon)),
        (first_ad, lift_for_another(stopped)),
    ] {
        let told = set.say(by, act);
        assert!(!told.codes().contains(&"ST-0001"), "{:?}", told.codes());
    }
}

#[test]
fn a_stop_refuses_no_report() {
    let mut set = Set::handed();
    let People {
        armorer,
        first_ad,
        grip,
        ..
    } = set.people;
    let (weapon, dummies, store, scene) = (set.revolver, set.dummies, set.store, set.scene);
    set.say(grip, stop()).clean();
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, clear(weapon, 6)).clean();
    set.say(first_ad, full(weapon, empties())).clean();
    set.say(armorer, lock_away(&[weapon], &[dummies], store))
        .clean();
    set.say(first_ad, all_well(scene)).clean();
    set.say(grip, concern()).clean();
    assert_eq!(set.word(weapon), Word::LockedAway);
}

#[test]
fn each_signed_stop_is_a_lock_that_its_holder_lifts() {
    let mut set = Set::checked();
    let People { grip, camera, .. } = set.people;
    let one = set.say(grip, stop()).clean();
    let other = set.say(camera, stop()).clean();
    set.say(grip, lift(other)).refused("ST-0003");
    set.say(grip, lift(one)).granted();
    set.call_cold().refused("ST-0001");
    set.say(camera, lift(other)).granted();
    set.say(camera, lift(other)).refused("ST-0002");
    set.call_cold().granted();
}

#[test]
fn signed_out_presses_merge_into_one_lock_that_the_node_lifts_for_the_phone() {
    let mut set = Set::checked();
    let grip = set.people.grip;
    let first = set.node(someone_stops()).clean();
    set.node(someone_stops()).clean();
    assert_eq!(set.state.stops.len(), 1);
    set.say(grip, lift(first)).refused("ST-0003");
    set.node(lift(first)).granted();
    set.call_cold().granted();
}

#[test]
fn a_stop_is_lifted_for_another_by_two_departments_one_a_handler_and_two_minutes_pass() {
    let mut set = Set::checked();
    let People {
        armorer,
        assistant,
        first_ad,
        grip,
        camera,
        ..
    } = set.people;
    let stopped = set.say(grip, stop()).clean();
    let silent = domain::act::stops::LiftForAnother {
        stop: stopped.into(),
        looked_at: words(""),
    };
    set.say(armorer, Act::LiftForAnother(silent))
        .refused("ST-0006");
    // One department; no handler; then as it must be.
    let asked = set.say(armorer, lift_for_another(stopped)).granted();
    set.say(assistant, countersign(asked)).breach("BR-0016");
    let asked = set.say(camera, lift_for_another(stopped)).granted();
    set.say(first_ad, countersign(asked)).breach("BR-0016");
    let asked = set.say(first_ad, lift_for_another(stopped)).granted();
    set.say(armorer, countersign(asked)).clean();
    set.call_cold().refused("ST-0001");
    set.wait(2 * MINUTE);
    set.call_cold().granted();
}

#[test]
fn whoever_stops_again_within_the_two_minutes_keeps_the_lock() {
    let mut set = Set::checked();
    let People {
        armorer,
        first_ad,
        grip,
        camera,
        ..
    } = set.people;
    let stopped = set.say(grip, stop()).clean();
    let asked = set.say(first_ad, lift_for_another(stopped)).granted();
    set.say(armorer, countersign(asked)).clean();
    set.wait(MINUTE);
    let again = set.say(camera, stop()).clean();
    set.wait(2 * MINUTE);
    assert_eq!(set.state.at(set.now).stops.len(), 2);
    set.say(camera, lift(again)).granted();
    set.call_cold().refused("ST-0001");
}

#[test]
fn a_press_between_the_two_signatures_of_a_lift_undoes_the_first() {
    let mut set = Set::checked();
    let (armorer, first_ad) = (set.people.armorer, set.people.first_ad);
    let stopped = set.node(someone_stops()).clean();
    let asked = set.say(first_ad, lift_for_another(stopped)).granted();
    set.node(someone_stops()).clean();
    set.say(armorer, countersign(asked)).breach("BR-0016");
    set.wait(3 * MINUTE);
    set.call_cold().refused("ST-0001");
}

#[test]
fn the_two_minutes_do_not_pass_while_the_node_is_down() {
    let mut set = Set::checked();
    let People {
        armorer,
        first_ad,
        grip,
        ..
    } = set.people;
    let stopped = set.say(grip, stop()).clean();
    let asked = set.say(first_ad, lift_for_another(stopped)).granted();
    set.say(armorer, countersign(asked)).clean();
    set.wait(HOUR);
    set.node(node_started()).granted();
    assert_eq!(
        set.state.at(set.now).stops.len(),
        1,
        "nobody could stop again"
    );
    set.wait(2 * MINUTE);
    assert!(set.state.at(set.now).stops.is_empty());
}

#[test]
fn an_authoritys_order_ends_only_by_that_authority() {
    let mut set = Set::checked();
    let People {
        armorer, adviser, ..
    } = set.people;
    let order = set.say(adviser, authority_stops("sheriff")).clean();
    set.say(armorer, lift_for_another(order)).refused("ST-0004");
    // An order entered signed out is not swallowed by somebody's press, nor lifted with it.
    let press = set.node(someone_stops()).clean();
    let signed_out = domain::act::stops::Stop {
        words: words(""),
        by_voice: words(""),
        someone: true,
        authority: words("fire marshal"),
    };
    let order = set.node(Act::Stop(signed_out)).clean();
    assert_eq!(set.state.stops.len(), 3);
    set.node(lift(press)).granted();
    set.node(lift(order)).refused("ST-0004");
}

#[test]
fn all_well_that_does_not_come_stops_the_unit_and_no_phone_lifts_that() {
    let mut set = Set::hot();
    let People {
        armorer,
        performer,
        first_ad,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, hand_over(weapon, performer)).granted();
    let fired = set.say(armorer, shots(weapon, 2, 0)).clean();
    set.wait(6 * MINUTE);
    assert_eq!(set.state.lapsed(set.now), [fired]);
    let lock = set.node(lapsed(fired)).granted();
    assert_eq!(set.state.stops.len(), 1);
    // A press signed out is a lock of its own, so that lifting it leaves the record's.
    let press = set.node(someone_stops()).clean();
    set.node(lift(press)).granted();
    set.node(lift(lock)).refused("ST-0003");
    set.call_cold().refused("ST-0001");
    let asked = set.say(first_ad, lift_for_another(lock)).granted();
    set.say(armorer, countersign(asked)).clean();
    set.wait(2 * MINUTE);
    assert!(set.state.at(set.now).stops.is_empty());
}

#[test]
fn a_stop_takes_back_a_hand_over_that_waits() {
    let mut set = Set::cold();
    let People {
        armorer,
        performer,
        grip,
        ..
    } = set.people;
    let weapon = set.revolver;
    let asked = set
        .say(armorer, hand_over_signed(weapon, performer))
        .granted();
    set.say(grip, stop()).clean();
    set.say(performer, countersign(asked)).breach("BR-0016");
    assert_eq!(set.shown(weapon).holder, Some(armorer));
}

#[test]
fn an_old_stop_and_one_under_a_revoked_key_count() {
    let mut set = Set::cold();
    let (manager, grip) = (set.people.manager, set.people.grip);
    set.say_late(grip, stop(), HOUR);
    assert_eq!(set.state.stops.len(), 1);
    let key = set.keys[&grip];
    set.say(manager, revoke(key)).clean();
    let told = set.say(grip, stop());
    assert!(told.outcome.admitted && told.outcome.late);
    assert_eq!(set.state.stops.len(), 2);
    set.say(grip, lift(told.id)).refused("RE-0002");
}

#[test]
fn an_event_within_the_two_minutes_keeps_the_lock_too() {
    let mut set = Set::cold();
    let People {
        armorer,
        first_ad,
        grip,
        performer,
        ..
    } = set.people;
    let weapon = set.revolver;
    let handing = set
        .say(armorer, hand_over_signed(weapon, performer))
        .granted();
    set.say(grip, unexpected(None, None)).clean();
    set.say(performer, countersign(handing)).breach("BR-0016");

    let mut set = Set::checked();
    let stopped = set.say(grip, stop()).clean();
    let asked = set.say(first_ad, lift_for_another(stopped)).granted();
    set.say(armorer, countersign(asked)).clean();
    set.say(grip, unexpected(None, None)).clean();
    set.wait(3 * MINUTE);
    assert_eq!(set.state.at(set.now).stops.len(), 2);
}
