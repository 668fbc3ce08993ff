//! Between two logs: what left and did not arrive shows.

use crate::{acts::*, world::*};
use domain::board::Word;

#[test]
fn what_was_sent_away_has_no_status_here() {
    let mut set = Set::cold();
    let (armorer, weapon, scene) = (set.people.armorer, set.revolver, set.scene);
    set.say(armorer, send(&[weapon], &[])).clean();
    assert_eq!(set.word(weapon), Word::Grounded);
    set.call_cold().refused("WE-0002");
    set.say(armorer, take_out(&[weapon], scene, &[]))
        .refused("WE-0002");
}

#[test]
fn what_arrived_whole_is_no_more_asked_for() {
    let mut set = Set::new();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    let lot = set.say(armorer, lot_of_dummies(24)).clean().into();
    let gone = set.say(armorer, send(&[weapon], &[(lot, 24)])).clean();
    assert_eq!(set.state.lots[&lot].there, 0);
    set.say(armorer, confirm(gone, &[weapon], &[(lot, 24)]))
        .clean();
    assert_eq!(set.state.not_arrived().count(), 0);
    assert!(set.state.lapsed(i64::MAX).is_empty());
}

#[test]
fn what_left_and_did_not_arrive_shows_in_both() {
    let mut set = Set::new();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    let lot = set.say(armorer, lot_of_dummies(24)).clean().into();
    let gone = set.say(armorer, send(&[weapon], &[(lot, 24)])).clean();
    // In the sender's record, when the other has counted.
    set.say(armorer, confirm(gone, &[weapon], &[(lot, 23)]))
        .breach("BR-0022");
    let (of, missing) = set.state.not_arrived().next().unwrap();
    assert_eq!((*of, missing.rounds[&lot]), (gone, 1));
    assert!(missing.weapons.is_empty());
    // And in the receiver's.
    set.say(armorer, receive_sent(24, 23)).breach("BR-0022");
    set.say(armorer, receive_sent(24, 24)).clean();
}

#[test]
fn silence_counts_when_nobody_says_that_it_arrived() {
    let mut set = Set::new();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    let gone = set.say(armorer, send(&[weapon], &[])).clean();
    assert_eq!(set.state.not_arrived().count(), 0, "it is on its way");
    set.wait(25 * HOUR);
    assert!(set.state.lapsed(i64::MAX).contains(&gone));
    set.node(lapsed(gone)).clean();
    assert_eq!(set.state.not_arrived().count(), 1);
}

#[test]
fn more_rounds_sent_than_there_were_do_not_balance() {
    let mut set = Set::new();
    let armorer = set.people.armorer;
    let lot = set.say(armorer, lot_of_dummies(5)).clean().into();
    set.say(armorer, send(&[], &[(lot, 7)])).breach("BR-0017");
    assert_eq!(set.state.lots[&lot].unaccounted, 2);
}
