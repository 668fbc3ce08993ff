//! Who has it: hand-overs, sight, lock-up, and what leaves the record.

use crate::{acts::*, world::*};
use domain::{board::Word, id::*, state::Custody, words::*};

#[test]
fn cold_survives_the_hand_over_to_its_taker_and_ends_when_it_is_collected() {
    let mut set = Set::handed();
    let (armorer, performer, weapon) = (set.people.armorer, set.people.performer, set.revolver);
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
    assert_eq!(set.shown(weapon).holder, Some(performer));
    set.say(armorer, collect(weapon)).clean();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_signed_hand_over_waits_for_the_takers_key_and_lapses() {
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
    assert_eq!(
        set.shown(weapon).holder,
        Some(armorer),
        "nothing changed yet"
    );
    set.say(grip, countersign(asked)).breach("BR-0016");
    set.say(performer, countersign(asked)).clean();
    assert_eq!(set.shown(weapon).holder, Some(performer));
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");

    let mut set = Set::cold();
    let asked = set
        .say(armorer, hand_over_signed(weapon, performer))
        .granted();
    set.wait(2 * MINUTE);
    set.say(performer, countersign(asked)).breach("BR-0016");
    assert_eq!(set.shown(weapon).holder, Some(armorer));
}

#[test]
fn a_signed_hand_over_of_what_the_giver_no_longer_has_changes_nothing() {
    let mut set = Set::cold();
    let People {
        armorer, performer, ..
    } = set.people;
    let (weapon, store) = (set.revolver, set.store);
    let asked = set
        .say(armorer, hand_over_signed(weapon, performer))
        .granted();
    set.say(armorer, clear(weapon, 6)).clean();
    set.say(armorer, lock_away(&[weapon], &[], store)).clean();
    set.say(performer, countersign(asked)).breach("BR-0016");
    assert_eq!(set.word(weapon), Word::LockedAway);
}

#[test]
fn between_takers_it_goes_through_the_handler() {
    let mut set = Set::new();
    let People {
        armorer,
        performer,
        double,
        first_ad,
        ..
    } = set.people;
    let (weapon, scene) = (set.revolver, set.scene);
    set.say(armorer, take_out(&[weapon], scene, &[performer, double]))
        .granted();
    set.load_six();
    set.second_look();
    set.call_cold().granted();
    set.hand_over();
    // Straight from the one to the other: nobody who answers for it had it in between.
    set.say(performer, hand_over(weapon, double))
        .refused("PE-0001");
    assert!(
        matches!(set.state.weapons[&weapon].custody, Custody::OffTheRecord { with: Some(with) } if with == double)
    );
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.say(armorer, collect(weapon)).clean();
    set.both_see(armorer, first_ad, &six_dummies());
    set.call_cold().granted();
    set.say(armorer, hand_over(weapon, double)).granted();
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
}

#[test]
fn a_hand_over_to_somebody_not_named_is_refused_and_leaves_it_off_the_record_until_looked_at_whole()
{
    let mut set = Set::cold();
    let People {
        armorer,
        first_ad,
        grip,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, hand_over(weapon, grip)).refused("CU-0004");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    assert!(set.state.weapons[&weapon].off_record);
    set.call_cold().refused("CU-0006");
    set.say(armorer, collect(weapon)).clean();
    set.call_cold().refused("CU-0006");
    // A count of a line is no whole look.
    set.say(armorer, clear(weapon, 6)).clean();
    for by in [armorer, first_ad] {
        set.say(by, line(vec![counts(weapon, 6, 0)]))
            .breach("BR-0002");
    }
    assert!(!set.call_cold().outcome.admitted);
    set.both_see(armorer, first_ad, &empties());
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD EMPTY");
}

#[test]
fn a_refused_take_out_leaves_it_off_the_record() {
    let mut set = Set::new();
    let (armorer, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
    set.say(armorer, stop()).clean();
    set.say(armorer, take_out(&[weapon], scene, &[]))
        .refused("ST-0001");
    assert!(matches!(
        set.state.weapons[&weapon].custody,
        Custody::OffTheRecord { .. }
    ));
}

#[test]
fn a_refused_load_leaves_it_unknown_and_its_rounds_as_good_as_their_lot() {
    let mut set = Set::out();
    let People {
        armorer, first_ad, ..
    } = set.people;
    let weapon = set.revolver;
    let loose: LotId = set.say(armorer, lot_of_dummies(20)).clean().into();
    set.say(armorer, load(weapon, loose, 6, six_dummies()))
        .refused("AM-0003");
    assert!(set.state.weapons[&weapon].off_record);
    set.say(armorer, collect(weapon)).clean();
    set.both_see(armorer, first_ad, &six_dummies());
    // Seen by two, and still of a lot that nobody proved.
    set.call_cold().refused("AM-0003");
    assert_ne!(set.word(weapon), Word::Cold);
    set.prove(loose, 20);
    set.call_cold().granted();
}

#[test]
fn no_touch_for_the_packs_minutes_is_out_of_sight_and_one_tap_renews() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.wait(14 * MINUTE);
    set.say(armorer, eyes_on(&[])).clean();
    set.wait(14 * MINUTE);
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
    set.wait(2 * MINUTE);
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    assert!(
        matches!(set.state.at(set.now).weapons[&weapon].custody, Custody::OutOfSight { last } if last == armorer)
    );
    // One tap does not bring back what was lost; naming it does, and nothing is known of it.
    set.say(armorer, eyes_on(&[])).clean();
    set.call_cold().refused("CU-0005");
    set.say(armorer, eyes_on(&[weapon])).clean();
    set.call_cold().refused("CH-0001");
    let first_ad = set.people.first_ad;
    set.both_see(armorer, first_ad, &six_dummies());
    set.call_cold().granted();
}

#[test]
fn the_taker_or_the_handler_renews_sight_and_nobody_else() {
    let mut set = Set::handed();
    let People {
        armorer,
        performer,
        grip,
        ..
    } = set.people;
    let weapon = set.revolver;
    for by in [performer, armorer] {
        set.wait(10 * MINUTE);
        set.say(by, eyes_on(&[weapon])).clean();
        assert_eq!(set.word(weapon), Word::Cold);
    }
    set.wait(5 * MINUTE);
    set.say(grip, eyes_on(&[weapon])).clean();
    set.wait(5 * MINUTE);
    assert_ne!(set.word(weapon), Word::Cold, "thirty minutes are over");
}

#[test]
fn a_lease_runs_out_by_time_alone() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    let called = set.now;
    for _ in 0..3 {
        set.wait(9 * MINUTE);
        set.say(armorer, eyes_on(&[])).clean();
    }
    assert_eq!(set.word(weapon), Word::Cold);
    set.now = called + 30 * MINUTE - 1;
    assert_eq!(set.shown(weapon).left_ms, Some(1));
    set.now += 1;
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    assert!(set.state.at(set.now).weapons[&weapon].lease.is_none());
    // What two people saw stands; it may be called again.
    set.call_cold().granted();
}

#[test]
fn a_lease_that_would_not_outlast_the_action_is_not_handed_out() {
    let mut set = Set::checked();
    let (first_ad, weapon) = (set.people.first_ad, set.revolver);
    let long = domain::act::floor::CallCold {
        weapons: vec![weapon],
        lasts_ms: 31 * MINUTE,
    };
    set.say(first_ad, domain::act::Act::CallCold(long))
        .refused("CH-0005");
}

#[test]
fn said_out_of_sight_ends_it_at_once() {
    let mut set = Set::cold();
    let (grip, weapon) = (set.people.grip, set.revolver);
    set.say(grip, out_of_sight(&[weapon], &[]))
        .breach("BR-0007");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    // Nothing named: everything that is out.
    let mut set = Set::cold();
    set.say(grip, out_of_sight(&[], &[])).breach("BR-0007");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
}

#[test]
fn lock_up_ends_the_issue_and_what_was_known() {
    let mut set = Set::cold();
    let (armorer, weapon, store) = (set.people.armorer, set.revolver, set.store);
    set.say(armorer, lock_away(&[weapon], &[], store))
        .breach("BR-0012");
    assert_eq!(set.word(weapon), Word::LockedAway);
    set.call_cold().refused("CU-0003");
    set.take_out();
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_place_nobody_named_keeps_nothing() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.say(armorer, lock_away(&[weapon], &[], StoreId([9; 32])))
        .breach("BR-0001");
    assert_eq!(set.word(weapon), Word::CheckNeeded);
}

#[test]
fn a_new_action_ends_the_lease_and_a_new_issue_begins_with_nothing_known() {
    let mut set = Set::cold();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let weapon = set.revolver;
    let next: ActionId = set.say(first_ad, action("Scene 118", &[])).clean().into();
    set.say(first_ad, now_on(next)).granted();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.call_cold().refused("CH-0007");
    set.say(armorer, take_out(&[weapon], next, &[performer]))
        .granted();
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_break_with_ammunition_in_the_open_is_refused_and_a_break_ends_what_was_known() {
    let mut set = Set::out();
    let People {
        armorer, first_ad, ..
    } = set.people;
    let (weapon, dummies, store) = (set.revolver, set.dummies, set.store);
    set.load_six();
    set.say(first_ad, pause()).refused("SE-0003");
    set.say(armorer, clear(weapon, 6)).clean();
    set.say(armorer, lock_away(&[weapon], &[], store)).clean();
    set.say(first_ad, pause()).refused("SE-0004");
    set.say(armorer, reconcile(dummies, 0, 6, 0)).clean();
    set.say(armorer, lock_away(&[], &[dummies], store)).clean();
    set.say(first_ad, pause()).granted();
    let (scene, performer) = (set.scene, set.people.performer);
    set.say(armorer, take_out(&[weapon], scene, &[performer]))
        .refused("SE-0006");
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, lock_away(&[weapon], &[], store)).clean();
    set.say(first_ad, resume()).granted();
    set.take_out();
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_session_closes_when_all_is_locked_away_and_owed_items_close_with_it() {
    let mut set = Set::out();
    let (armorer, first_ad, weapon, store) = (
        set.people.armorer,
        set.people.first_ad,
        set.revolver,
        set.store,
    );
    set.say(first_ad, close_session()).refused("SE-0003");
    set.say(armorer, lock_away(&[weapon], &[], store)).clean();
    set.say(first_ad, close_session()).granted();
    assert!(set.state.owed.is_empty() && set.state.now_on.is_none());
}

#[test]
fn a_weapon_withdrawn_is_grounded_and_comes_back_by_two_people_with_nothing_known() {
    let mut set = Set::cold();
    let People {
        armorer,
        adviser,
        grip,
        camera,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(grip, ground(weapon)).clean();
    assert_eq!(set.word(weapon), Word::Grounded);
    set.call_cold().refused("WE-0002");
    // Two people, one of whom handles weapons.
    let back = set.say(grip, return_to_service(weapon)).granted();
    set.say(camera, countersign(back)).breach("BR-0016");
    let back = set.say(armorer, return_to_service(weapon)).granted();
    assert_eq!(set.word(weapon), Word::Grounded);
    set.say(adviser, countersign(back)).clean();
    set.call_cold().refused("CH-0001");
}

#[test]
fn what_two_people_showed_cannot_fire_reads_so_until_it_fires_or_is_corrected() {
    let mut set = Set::new();
    let People {
        armorer,
        adviser,
        grip,
        camera,
        first_ad,
        ..
    } = set.people;
    let rubber = set
        .say(armorer, receive("50", Class::Rubber, Works::None))
        .clean();
    let blade = set
        .say(armorer, receive("51", Class::Edged, Works::None))
        .clean();
    assert_eq!(
        set.word(rubber.into()),
        Word::CheckNeeded,
        "looks prove nothing"
    );
    // Two who know nothing of weapons show nothing.
    let proof = set.say(grip, prove_class(rubber, Class::Rubber)).clean();
    set.say(camera, countersign(proof)).breach("BR-0016");
    assert_eq!(set.word(rubber.into()), Word::CheckNeeded);
    let proof = set.say(armorer, prove_class(rubber, Class::Rubber)).clean();
    set.say(adviser, countersign(proof)).clean();
    set.prove_class(blade, Class::Edged);
    assert_eq!(set.word(rubber.into()), Word::CannotFire);
    assert_eq!(set.word(blade.into()), Word::DullChecked);
    set.say(first_ad, call_cold(&[rubber.into()]))
        .refused("CH-0008");
    set.say(adviser, correct(proof)).clean();
    assert_eq!(set.word(rubber.into()), Word::CheckNeeded);
    // What was shown not to fire, and fired, was not what it was said to be.
    set.prove_class(rubber, Class::NonFiring);
    set.say(armorer, shots(rubber.into(), 1, 0))
        .breach("BR-0008");
    assert_eq!(set.word(rubber.into()), Word::CheckNeeded);
}

#[test]
fn the_second_takes_back_what_they_countersigned() {
    let mut set = Set::new();
    let (armorer, adviser) = (set.people.armorer, set.people.adviser);
    let rubber = set
        .say(armorer, receive("50", Class::Rubber, Works::None))
        .clean();
    let proof = set.say(armorer, prove_class(rubber, Class::Rubber)).clean();
    let signed = set.say(adviser, countersign(proof)).clean();
    assert_eq!(set.word(rubber.into()), Word::CannotFire);
    set.say(adviser, correct(signed)).clean();
    assert_eq!(set.word(rubber.into()), Word::CheckNeeded);
}

#[test]
fn a_rack_goes_out_and_comes_back_by_count() {
    let mut set = Set::new();
    let People {
        armorer, first_ad, ..
    } = set.people;
    let scene = set.scene;
    let rack = set.say(armorer, rack(Class::Rubber, 12)).clean();
    set.say(armorer, issue_rack(rack.into(), 8, scene))
        .refused("WE-0005");
    set.prove_class(rack, Class::Rubber);
    set.say(armorer, issue_rack(rack.into(), 13, scene))
        .refused("BA-0001");
    set.say(armorer, issue_rack(rack.into(), 8, scene))
        .granted();
    set.say(first_ad, close_session()).refused("SE-0003");
    set.say(armorer, return_rack(rack.into(), 7))
        .breach("BR-0017");
    set.say(armorer, issue_rack(rack.into(), 12, scene))
        .refused("BA-0001");
    set.say(armorer, issue_rack(rack.into(), 11, scene))
        .granted();
    set.say(armorer, return_rack(rack.into(), 11)).clean();
}

#[test]
fn a_serial_received_twice_leaves_the_older_record_without_use() {
    let mut set = Set::cold();
    let (armorer, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
    let again: WeaponId = set.say(armorer, revolver("07")).granted().into();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.call_cold().refused("WE-0004");
    set.say(armorer, take_out(&[again], scene, &[])).granted();
}

#[test]
fn a_late_word_that_it_was_taken_out_or_handed_over_puts_it_off_the_record() {
    let mut set = Set::new();
    let (armorer, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
    assert_eq!(set.word(weapon), Word::LockedAway);
    set.say_late(armorer, take_out(&[weapon], scene, &[]), HOUR)
        .refused("RE-0001");
    assert_eq!(set.word(weapon), Word::CheckNeeded, "it may be out");
    let mut set = Set::cold();
    let (armorer, performer, weapon) = (set.people.armorer, set.people.performer, set.revolver);
    set.say_late(armorer, hand_over(weapon, performer), HOUR)
        .refused("RE-0001");
    set.call_cold().refused("CU-0006");
}

#[test]
fn a_weapon_received_and_never_issued_is_locked_away_before_a_break() {
    let mut set = Set::new();
    let (armorer, first_ad, store) = (set.people.armorer, set.people.first_ad, set.store);
    let other = set.say(armorer, revolver("08")).clean().into();
    set.say(first_ad, pause()).refused("SE-0003");
    set.say(armorer, lock_away(&[other], &[], store)).clean();
    set.say(first_ad, pause()).granted();
}
