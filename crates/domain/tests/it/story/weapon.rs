//! What befalls a weapon: a part is changed, it is missing, a store is counted.

use crate::{acts::*, world::*};
use domain::{id::*, state::Custody, words::*};

#[test]
fn a_changed_part_ends_what_was_shown_and_without_a_certificate_withdraws_the_weapon() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.prove_class(weapon.into(), Class::NonFiring);
    set.say(armorer, alter(weapon, true)).clean();
    let altered = &set.state.weapons[&weapon];
    assert!(altered.class_proof.is_none() && altered.test_fires.is_empty());
    assert!(altered.lease.is_none(), "COLD ends");
    assert!(altered.grounded.is_none(), "a gunsmith did it");
    set.say(armorer, alter(weapon, false)).clean();
    assert!(set.state.weapons[&weapon].grounded.is_some());
}

#[test]
fn a_late_word_of_a_change_counts_as_one_in_time() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.say_late(armorer, alter(weapon, false), 30 * MINUTE);
    assert!(set.state.weapons[&weapon].grounded.is_some());
}

#[test]
fn a_missing_weapon_stops_the_unit_until_two_people_explain_it() {
    let mut set = Set::cold();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.say(armorer, missing(weapon)).clean();
    let lost = &set.state.weapons[&weapon];
    assert_eq!(lost.custody, Custody::OffTheRecord { with: None });
    assert!(lost.lease.is_none());
    assert_eq!(set.state.stops.len(), 1);
    let event = set.state.events.values().next().unwrap();
    assert_eq!(event.about.what, Unexpected::Missing);
    assert!(event.explained_at.is_none() && event.released_at.is_none());
}

/// The revolver locked in its store.
fn locked() -> (Set, PersonId, WeaponId, StoreId) {
    let mut set = Set::cold();
    let (armorer, weapon, store) = (set.people.armorer, set.revolver, set.store);
    set.say(armorer, clear(weapon, 6)).clean();
    set.say(armorer, lock_away(&[weapon], &[], store)).clean();
    let stored: Vec<WeaponId> = (set.state.weapons.iter())
        .filter(|(_, one)| one.custody == Custody::Stored { store })
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(stored, [weapon], "the only one there");
    (set, armorer, weapon, store)
}

#[test]
fn a_count_that_agrees_with_the_record_changes_nothing() {
    let (mut set, armorer, weapon, store) = locked();
    set.say(armorer, inventory(store, &[weapon])).clean();
    assert!(set.state.stops.is_empty());
    assert_eq!(
        set.state.weapons[&weapon].custody,
        Custody::Stored { store }
    );
}

#[test]
fn what_the_record_has_in_a_store_and_a_count_does_not_name_is_missing() {
    let (mut set, armorer, weapon, store) = locked();
    set.say(armorer, inventory(store, &[])).clean();
    assert_eq!(set.state.stops.len(), 1);
    assert!(set.state.weapons[&weapon].off_record);
    let (mut set, armorer, weapon, store) = locked();
    set.say_late(armorer, inventory(store, &[]), 30 * MINUTE);
    assert!(
        set.state.stops.is_empty(),
        "an old count proves nothing now"
    );
    assert!(!set.state.weapons[&weapon].off_record);
}

#[test]
fn a_weapon_counted_where_the_record_does_not_have_it_is_off_the_record() {
    let mut set = Set::cold();
    let (armorer, weapon, store) = (set.people.armorer, set.revolver, set.store);
    set.say(armorer, inventory(store, &[weapon])).clean();
    assert!(set.state.weapons[&weapon].off_record);
    assert!(set.state.weapons[&weapon].lease.is_none());
}
