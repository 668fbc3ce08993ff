//! Rounds: counted, proven, drawn, brought to account; carriers filled before a witness.

use crate::{acts::*, world::*};
use domain::{
    act::floor::{Counted, Sight},
    board::Word,
    id::*,
    state::CarrierContent,
    words::*,
};

#[test]
fn hot_is_called_with_the_load_and_number_that_two_people_saw() {
    let mut set = Set::out();
    let People {
        armorer, first_ad, ..
    } = set.people;
    let (weapon, blanks) = (set.revolver, set.blanks);
    set.say(armorer, load(weapon, blanks, 2, two_blanks()))
        .granted();
    set.say(first_ad, full(weapon, two_blanks())).clean();
    set.call_cold().refused("CH-0003");
    set.say(first_ad, call_hot(weapon, Load::Full, 2))
        .refused("CH-0004");
    set.say(first_ad, call_hot(weapon, Load::Quarter, 3))
        .refused("CH-0004");
    set.say(first_ad, call_hot(weapon, Load::Quarter, 2))
        .granted();
    assert_eq!(set.sign(weapon), "HOT BLANK 2");
}

#[test]
fn an_ordinary_take_leaves_nothing_unaccounted() {
    let mut set = Set::hot();
    let People {
        armorer,
        performer,
        first_ad,
        ..
    } = set.people;
    let (weapon, blanks, scene) = (set.revolver, set.blanks, set.scene);
    set.say(armorer, hand_over(weapon, performer)).granted();
    set.say(armorer, shots(weapon, 1, 0)).clean();
    set.say(first_ad, all_well(scene)).clean();
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, clear(weapon, 1)).clean();
    // Two went out: one was fired, one comes back.
    set.say(armorer, reconcile(blanks, 1, 1, 0)).clean();
    let lot = &set.state.lots[&blanks];
    assert_eq!(
        (lot.there, lot.out, lot.used, lot.unaccounted),
        (49, 0, 1, 0)
    );
}

#[test]
fn more_shots_than_rounds_drawn_are_unaccounted() {
    let mut set = Set::hot();
    let (armorer, weapon, blanks) = (set.people.armorer, set.revolver, set.blanks);
    set.say(armorer, shots(weapon, 2, 0)).clean();
    set.say(armorer, shots(weapon, 1, 0)).granted();
    assert_eq!(set.state.lots[&blanks].unaccounted, 1);
}

#[test]
fn what_the_counts_do_not_explain_stays_until_two_people_prove_every_round() {
    let mut set = Set::out();
    set.load_six();
    let (armorer, dummies) = (set.people.armorer, set.dummies);
    set.say(armorer, reconcile(dummies, 0, 5, 0))
        .breach("BR-0017");
    assert_eq!(set.state.lots[&dummies].unaccounted, 1);
    set.say(armorer, count_lot(dummies, 48)).breach("BR-0017");
    assert_eq!(set.state.lots[&dummies].unaccounted, 2);
    set.prove(dummies, 48);
    assert_eq!(set.state.lots[&dummies].unaccounted, 0);
}

#[test]
fn a_proof_that_finds_another_number_is_no_proof_until_made_again() {
    let mut set = Set::new();
    let armorer = set.people.armorer;
    let lot: LotId = set.say(armorer, lot_of_dummies(50)).clean().into();
    set.prove(lot, 49);
    set.say(armorer, draw(lot, 1)).refused("AM-0003");
    set.prove(lot, 49);
    set.say(armorer, draw(lot, 1)).granted();
}

#[test]
fn a_lot_of_which_some_were_used_can_be_proven_again() {
    let mut set = Set::out();
    set.load_six();
    let People {
        armorer, adviser, ..
    } = set.people;
    let (weapon, dummies) = (set.revolver, set.dummies);
    set.say(armorer, quarantine(dummies)).clean();
    set.say(armorer, release_lot(dummies)).refused("AM-0008");
    set.prove(dummies, 44);
    let asked = set.say(armorer, release_lot(dummies)).granted();
    set.say(adviser, countersign(asked)).clean();
    set.say(armorer, clear(weapon, 6)).granted();
    set.say(armorer, load(weapon, dummies, 6, six_dummies()))
        .granted();
}

#[test]
fn a_quarantine_ends_what_was_known_of_every_weapon_that_holds_its_rounds() {
    let mut set = Set::cold();
    let People {
        armorer,
        grip,
        first_ad,
        ..
    } = set.people;
    let (weapon, dummies) = (set.revolver, set.dummies);
    set.say(grip, quarantine(dummies)).clean();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    // Looking again does not help while the lot is in doubt.
    set.both_see(armorer, first_ad, &six_dummies());
    set.call_cold().refused("AM-0002");
    assert_ne!(set.word(weapon), Word::Cold);
    set.say(armorer, clear(weapon, 6)).granted();
    set.say(first_ad, full(weapon, empties())).clean();
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD EMPTY");
}

#[test]
fn what_was_said_before_a_quarantine_and_signed_after_it_counts_for_nothing() {
    let mut set = Set::new();
    let People {
        armorer, adviser, ..
    } = set.people;
    let dummies = set.dummies;
    let magazine: CarrierId = set.say(armorer, carrier(7, false)).clean().into();
    let filled = set.say(armorer, fill(magazine, dummies, 6)).granted();
    let proof = set.say(armorer, prove(dummies, 50)).clean();
    set.say(armorer, quarantine(dummies)).clean();
    set.say(adviser, countersign(proof)).breach("BR-0016");
    set.say(adviser, countersign(filled)).breach("BR-0016");
    assert_eq!(
        set.state.carriers[&magazine].content,
        CarrierContent::Unknown
    );
    set.say(armorer, release_lot(dummies)).refused("AM-0008");
}

#[test]
fn two_who_handle_no_weapons_prove_no_lot() {
    let mut set = Set::new();
    let People {
        armorer,
        grip,
        camera,
        ..
    } = set.people;
    let lot: LotId = set.say(armorer, lot_of_dummies(50)).clean().into();
    let proof = set.say(grip, prove(lot, 50)).clean();
    set.say(camera, countersign(proof)).breach("BR-0016");
    set.say(armorer, countersign(proof)).clean();
    set.say(armorer, draw(lot, 1)).granted();
}

/// A pistol out with a magazine of seven dummies, filled before a witness.
fn pistol() -> (Set, WeaponId, CarrierId, StatementId) {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let (store, scene, dummies) = (set.store, set.scene, set.dummies);
    let pistol: WeaponId = set
        .say(
            armorer,
            receive("30", Class::Firearm, Works::Magazine { capacity: 7 }),
        )
        .clean()
        .into();
    let magazine: CarrierId = set.say(armorer, carrier(7, false)).clean().into();
    let filled = set.say(armorer, fill(magazine, dummies, 7)).granted();
    set.say(first_ad, countersign(filled)).clean();
    set.say(armorer, lock_away(&[pistol], &[], store)).clean();
    set.say(armorer, take_out(&[pistol], scene, &[performer]))
        .granted();
    (set, pistol, magazine, filled)
}

fn chamber(weapon: WeaponId, carrier: Option<CarrierId>) -> Sight {
    Sight {
        carrier,
        ..sight(weapon, vec![Seen::Empty])
    }
}

#[test]
fn a_magazine_filled_before_a_witness_is_known_by_its_seal_and_the_chamber_by_looking() {
    let (mut set, pistol, magazine, _) = pistol();
    let People {
        armorer, first_ad, ..
    } = set.people;
    for by in [armorer, first_ad] {
        set.say(by, look(Check::Full, chamber(pistol, Some(magazine)), None))
            .clean();
    }
    set.say(first_ad, call_cold(&[pistol])).granted();
    assert_eq!(set.sign(pistol), "COLD DUMMIES 7");
    // Its seal is broken.
    let grip = set.people.grip;
    set.say(grip, open_carrier(magazine, false)).clean();
    assert_eq!(set.word(pistol), Word::CheckNeeded);
}

#[test]
fn a_corrected_filling_ends_what_was_known_of_the_weapon_it_is_in() {
    let (mut set, pistol, magazine, filled) = pistol();
    let People {
        armorer, first_ad, ..
    } = set.people;
    for by in [armorer, first_ad] {
        set.say(by, look(Check::Full, chamber(pistol, Some(magazine)), None))
            .clean();
    }
    set.say(first_ad, call_cold(&[pistol])).granted();
    set.say(first_ad, correct(filled)).clean();
    assert_eq!(set.word(pistol), Word::CheckNeeded);
    assert_eq!(
        set.state.carriers[&magazine].content,
        CarrierContent::Unknown
    );
}

#[test]
fn a_quarantine_reaches_the_weapon_through_its_magazine() {
    let (mut set, pistol, magazine, _) = pistol();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let dummies = set.dummies;
    for by in [armorer, first_ad] {
        set.say(by, look(Check::Full, chamber(pistol, Some(magazine)), None))
            .clean();
    }
    set.say(first_ad, call_cold(&[pistol])).granted();
    set.say(armorer, quarantine(dummies)).clean();
    assert_eq!(set.word(pistol), Word::CheckNeeded);
    set.say(armorer, hand_over(pistol, performer))
        .refused("CH-0006");
}

#[test]
fn a_carrier_not_filled_before_a_witness_is_no_known_content() {
    let (mut set, pistol, _, _) = pistol();
    let People {
        armorer, first_ad, ..
    } = set.people;
    let dummies = set.dummies;
    let other: CarrierId = set.say(armorer, carrier(7, false)).clean().into();
    // One person says so; nobody has countersigned.
    set.say(armorer, fill(other, dummies, 7)).granted();
    assert_eq!(set.state.carriers[&other].content, CarrierContent::Unknown);
    for by in [armorer, first_ad] {
        set.say(by, look(Check::Full, chamber(pistol, Some(other)), None))
            .granted();
    }
    assert!(!set.say(first_ad, call_cold(&[pistol])).outcome.admitted);
    assert_ne!(set.word(pistol), Word::Cold);
    // It must be emptied before it is filled again.
    set.say(armorer, fill(other, dummies, 7)).refused("AM-0007");
    set.say(armorer, open_carrier(other, true)).clean();
    let again = set.say(armorer, fill(other, dummies, 7)).granted();
    set.say(first_ad, countersign(again)).clean();
    assert!(matches!(
        set.state.carriers[&other].content,
        CarrierContent::Sealed { rounds: 7, .. }
    ));
}

#[test]
fn a_count_in_a_line_that_names_other_rounds_holds_and_puts_the_lot_aside() {
    let mut set = Set::out();
    set.load_six();
    let (first_ad, weapon, dummies) = (set.people.first_ad, set.revolver, set.dummies);
    let odd = Sight {
        counted: Some(Counted {
            dummies: 5,
            others: 1,
            ..Counted::default()
        }),
        ..sight(weapon, vec![])
    };
    set.say(first_ad, line(vec![odd])).breach("BR-0004");
    assert_eq!(set.word(weapon), Word::Hold);
    assert!(set.state.lots[&dummies].quarantined.is_some());
}

#[test]
fn live_and_unknown_lots_are_never_drawn() {
    let mut set = Set::new();
    let armorer = set.people.armorer;
    for said in [
        domain::act::ammunition::Said::Live,
        domain::act::ammunition::Said::Unknown,
    ] {
        let lot: LotId = set.say(armorer, lot(said, 10)).clean().into();
        set.prove(lot, 10);
        let told = set.say(armorer, draw(lot, 1));
        assert!(told.codes().contains(&"AM-0003"));
        told.refused("AM-0006");
    }
}

#[test]
fn rounds_drawn_and_then_loaded_are_counted_once() {
    let mut set = Set::out();
    let (armorer, weapon, lot) = (set.people.armorer, set.revolver, set.dummies);
    set.say(armorer, draw(lot, 6)).granted();
    set.say(armorer, load(weapon, lot, 6, six_dummies()))
        .granted();
    let kept = &set.state.lots[&lot];
    assert_eq!((kept.there, kept.out, kept.in_hand), (44, 6, 0));
    set.say(armorer, reconcile(lot, 0, 6, 0)).clean();
    assert_eq!(set.state.lots[&lot].unaccounted, 0);
}

#[test]
fn the_last_rounds_of_a_lot_are_loaded_from_the_hand() {
    let mut set = Set::out();
    let (armorer, weapon, lot) = (set.people.armorer, set.revolver, set.dummies);
    set.say(armorer, draw(lot, 50)).granted();
    set.say(armorer, draw(lot, 1)).refused("AM-0004");
    set.say(armorer, load(weapon, lot, 6, six_dummies()))
        .granted();
    assert_eq!(set.state.lots[&lot].in_hand, 44);
}
