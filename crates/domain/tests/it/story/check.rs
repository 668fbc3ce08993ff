//! Looks: Full, Reset and Line; holds; what ends what two people saw.

use crate::{acts::*, world::*};
use domain::{board::Word, id::*, knowledge::Unknown, words::*};

#[test]
fn a_full_check_of_six_dummies_leads_to_cold_dummies_6() {
    let mut set = Set::out();
    assert_eq!(set.word(set.revolver), Word::CheckNeeded);
    set.load_six();
    assert_eq!(set.shown(set.revolver).waiting, ["a second person"]);
    set.second_look();
    assert_eq!(
        set.word(set.revolver),
        Word::CheckNeeded,
        "looks alone are no call"
    );
    set.call_cold().granted();
    assert_eq!(set.sign(set.revolver), "COLD DUMMIES 6");
    let shown = set.shown(set.revolver);
    assert!(
        shown.say.contains("cold, 6 dummies, Scene 121"),
        "{}",
        shown.say
    );
    assert!(shown.left_ms.unwrap() <= 15 * MINUTE);
}

#[test]
fn the_second_may_look_before_the_first() {
    let mut set = Set::out();
    let (armorer, first_ad, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
    set.say(first_ad, full(weapon, empties())).clean();
    assert_eq!(set.shown(weapon).waiting, ["the armorer"]);
    set.say(armorer, full(weapon, empties())).clean();
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD EMPTY");
}

#[test]
fn one_person_who_looks_twice_is_one_person() {
    let mut set = Set::out();
    let armorer = set.people.armorer;
    for _ in 0..2 {
        let act = full(set.revolver, empties());
        set.say(armorer, act).clean();
    }
    set.call_cold().refused("CH-0001");
}

#[test]
fn four_of_six_positions_are_no_check() {
    let mut set = Set::out();
    set.load_six();
    let mut four = vec![dummy(); 4];
    four.extend([Seen::NotSeen, Seen::NotSeen]);
    let (first_ad, weapon) = (set.people.first_ad, set.revolver);
    set.say(first_ad, full(weapon, four)).breach("BR-0003");
    let told = set.call_cold();
    assert!(
        told.outcome
            .reasons
            .iter()
            .any(|reason| reason.says.contains("2 of 6"))
    );
    told.refused("CH-0002");
    // Both look again, whole.
    let armorer = set.people.armorer;
    set.both_see(armorer, first_ad, &six_dummies());
    set.call_cold().granted();
}

#[test]
fn a_full_check_wants_every_position_not_a_count() {
    let mut set = Set::out();
    let (armorer, first_ad, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
    for by in [armorer, first_ad] {
        set.say(by, look(Check::Full, counts(weapon, 6, 0), None))
            .breach("BR-0003");
    }
    set.call_cold().refused("CH-0002");
}

#[test]
fn a_look_whose_count_contradicts_its_positions_saw_nothing() {
    for check in [Check::Full, Check::Line] {
        let mut set = Set::out();
        let (armorer, first_ad, weapon, blanks) = (
            set.people.armorer,
            set.people.first_ad,
            set.revolver,
            set.blanks,
        );
        set.say(armorer, load(weapon, blanks, 2, two_blanks()))
            .granted();
        for by in [armorer, first_ad] {
            let mut said = counts(weapon, 6, 0);
            said.seen = two_blanks();
            let act = if check == Check::Line {
                line(vec![said])
            } else {
                look(check, said, None)
            };
            set.say(by, act).breach("BR-0003");
        }
        assert!(!set.call_cold().outcome.admitted);
        assert_ne!(set.word(weapon), Word::Cold);
    }
}

#[test]
fn looks_that_differ_hold_the_weapon_until_somebody_new_looked_and_a_sentence_says_why() {
    let mut set = Set::out();
    set.load_six();
    let People {
        armorer,
        first_ad,
        adviser,
        ..
    } = set.people;
    let weapon = set.revolver;
    let mut five = six_dummies();
    five[3] = Seen::Empty;
    set.say(first_ad, full(weapon, five)).clean();
    assert_eq!(set.word(weapon), Word::Hold);
    set.call_cold().refused("WE-0003");
    set.say(armorer, end_hold(weapon)).refused("HO-0002");
    // The same two are not enough.
    set.both_see(armorer, first_ad, &six_dummies());
    set.say(armorer, end_hold(weapon)).refused("HO-0003");
    // A count is not enough.
    set.say(armorer, line(vec![counts(weapon, 0, 6)])).granted();
    set.say(adviser, line(vec![counts(weapon, 0, 6)])).granted();
    set.say(armorer, end_hold(weapon)).refused("HO-0002");
    set.both_see(armorer, adviser, &six_dummies());
    set.say(
        armorer,
        domain::act::Act::EndHold(domain::act::floor::EndHold {
            weapon,
            differed: words(" "),
        }),
    )
    .refused("HO-0004");
    assert_eq!(set.word(weapon), Word::Hold);
    set.say(armorer, end_hold(weapon)).granted();
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
}

#[test]
fn a_live_round_seen_holds_at_once_and_puts_its_lot_aside() {
    let mut set = Set::out();
    set.load_six();
    let (armorer, first_ad, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
    let mut one_live = six_dummies();
    one_live[2] = Seen::Live;
    set.say(first_ad, full(weapon, one_live)).breach("BR-0004");
    assert_eq!(set.word(weapon), Word::Hold);
    let dummies = set.dummies;
    set.say(armorer, load(weapon, dummies, 1, six_dummies()))
        .refused("AM-0002");
    // The two who were at it are not somebody new.
    set.say(armorer, collect(weapon)).granted();
    set.say(armorer, clear(weapon, 6)).granted();
    set.say(first_ad, full(weapon, empties())).clean();
    set.say(armorer, end_hold(weapon)).refused("HO-0003");
    let adviser = set.people.adviser;
    set.say(armorer, clear(weapon, 0)).granted();
    set.say(adviser, full(weapon, empties())).clean();
    set.say(armorer, end_hold(weapon)).granted();
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD EMPTY");
}

#[test]
fn a_performers_look_may_warn_and_never_checks() {
    let mut set = Set::out();
    let People {
        armorer,
        performer,
        double,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, full(weapon, empties())).clean();
    set.say(performer, full(weapon, empties()))
        .breach("BR-0002");
    set.say(double, full(weapon, empties())).breach("BR-0002");
    set.call_cold().refused("CH-0001");
    let mut one_live = empties();
    one_live[0] = Seen::Unknown;
    set.say(performer, full(weapon, one_live)).granted();
    assert_eq!(set.word(weapon), Word::Hold);
}

#[test]
fn a_taker_is_no_second_whoever_they_are() {
    let mut set = Set::new();
    let People { armorer, grip, .. } = set.people;
    let (weapon, scene) = (set.revolver, set.scene);
    set.say(armorer, take_out(&[weapon], scene, &[grip]))
        .granted();
    set.say(armorer, full(weapon, empties())).clean();
    set.say(grip, full(weapon, empties())).breach("BR-0002");
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_look_counts_only_while_a_handler_has_it_in_hand() {
    let mut set = Set::handed();
    let People {
        armorer,
        first_ad,
        camera,
        ..
    } = set.people;
    let weapon = set.revolver;
    // In the performer's hands.
    set.say(armorer, full(weapon, six_dummies()))
        .breach("BR-0002");
    // In nobody's hands that may have it.
    set.say(camera, collect(weapon)).breach("BR-0010");
    set.say(armorer, full(weapon, six_dummies()))
        .breach("BR-0002");
    set.say(first_ad, full(weapon, six_dummies()))
        .breach("BR-0002");
    set.call_cold().refused("CH-0001");
    set.say(armorer, collect(weapon)).clean();
    set.both_see(armorer, first_ad, &six_dummies());
    set.call_cold().granted();
}

#[test]
fn a_reset_renews_after_collecting_with_a_watcher_and_only_then() {
    let mut set = Set::handed();
    let People {
        armorer,
        first_ad,
        adviser,
        performer,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, collect(weapon)).clean();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.say(armorer, reset(weapon, 6, Some(adviser))).clean();
    set.say(first_ad, reset(weapon, 6, Some(adviser))).clean();
    set.call_cold().granted();
    assert_eq!(set.sign(weapon), "COLD DUMMIES 6");
    // Without a watcher, or with the taker as watcher, it carries nothing.
    for watcher in [None, Some(performer)] {
        let mut set = Set::handed();
        let weapon = set.revolver;
        set.say(armorer, collect(weapon)).clean();
        set.say(armorer, reset(weapon, 6, watcher)).granted();
        set.say(first_ad, reset(weapon, 6, watcher)).granted();
        assert!(!set.call_cold().outcome.admitted);
        assert_ne!(set.word(weapon), Word::Cold);
    }
}

#[test]
fn a_reset_carries_nothing_over_a_change_of_the_load() {
    let mut set = Set::out();
    let People {
        armorer,
        first_ad,
        adviser,
        ..
    } = set.people;
    let (weapon, dummies) = (set.revolver, set.dummies);
    set.both_see(armorer, first_ad, &empties());
    let mut three = empties();
    three[..3].fill(dummy());
    set.say(armorer, load(weapon, dummies, 3, three)).granted();
    set.say(armorer, reset(weapon, 0, Some(adviser))).granted();
    set.say(first_ad, reset(weapon, 0, Some(adviser))).granted();
    assert!(
        !set.call_cold().outcome.admitted,
        "three dummies went in since the Full check"
    );
    assert_ne!(set.word(weapon), Word::Cold);
}

#[test]
fn a_reset_after_other_hands_carries_nothing() {
    let mut set = Set::handed();
    let People {
        armorer,
        first_ad,
        adviser,
        camera,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(camera, collect(weapon)).breach("BR-0010");
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, reset(weapon, 6, Some(adviser))).granted();
    set.say(first_ad, reset(weapon, 6, Some(adviser))).granted();
    assert_ne!(set.word(weapon), Word::Cold);
    assert!(!set.call_cold().outcome.admitted);
}

#[test]
fn a_line_of_eight_is_checked_by_two_signatures_and_a_miss_holds_only_its_weapon() {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let (store, scene) = (set.store, set.scene);
    let eight: Vec<WeaponId> = (0..8)
        .map(|n| set.say(armorer, revolver(&format!("2{n}"))).clean().into())
        .collect();
    set.say(armorer, lock_away(&eight, &[], store)).clean();
    set.say(armorer, take_out(&eight, scene, &[performer]))
        .granted();
    let seen = |odd: Option<usize>| {
        let one = |(n, id): (usize, &WeaponId)| {
            if Some(n) == odd {
                counts(*id, 5, 1)
            } else {
                counts(*id, 6, 0)
            }
        };
        eight.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    set.say(armorer, line(seen(None))).clean();
    set.say(first_ad, line(seen(Some(3)))).granted();
    set.say(first_ad, call_cold(&eight)).refused("WE-0003");
    let others: Vec<_> = eight
        .iter()
        .enumerate()
        .filter(|(n, _)| *n != 3)
        .map(|(_, id)| *id)
        .collect();
    set.say(first_ad, call_cold(&others)).granted();
    assert_eq!(set.word(eight[3]), Word::Hold);
    assert!(others.iter().all(|id| set.sign(*id) == "COLD EMPTY"));
}

#[test]
fn two_looks_with_other_magazines_in_it_do_not_agree() {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let (store, scene, blanks) = (set.store, set.scene, set.blanks);
    let pistol: WeaponId = set
        .say(
            armorer,
            receive("30", Class::Firearm, Works::Magazine { capacity: 7 }),
        )
        .clean()
        .into();
    let magazine: CarrierId = set.say(armorer, carrier(7, false)).clean().into();
    let filled = set.say(armorer, fill(magazine, blanks, 7)).granted();
    set.say(first_ad, countersign(filled)).clean();
    set.say(armorer, lock_away(&[pistol], &[], store)).clean();
    set.say(armorer, take_out(&[pistol], scene, &[performer]))
        .granted();
    let sight = |carrier| domain::act::floor::Sight {
        carrier,
        counted: Some(domain::act::floor::Counted {
            empty: 1,
            ..Default::default()
        }),
        ..sight(pistol, vec![])
    };
    set.say(armorer, line(vec![sight(None)])).clean();
    set.say(first_ad, line(vec![sight(Some(magazine))])).clean();
    assert_eq!(set.word(pistol), Word::Hold);
    set.say(first_ad, call_cold(&[pistol])).refused("WE-0003");
}

#[test]
fn a_thing_with_nothing_to_look_into_is_never_cold() {
    for works in [Works::None, Works::Cylinder { positions: 0 }] {
        let mut set = Set::new();
        let People {
            armorer,
            first_ad,
            performer,
            ..
        } = set.people;
        let scene = set.scene;
        let odd: WeaponId = set
            .say(armorer, receive("40", Class::Unknown, works))
            .clean()
            .into();
        set.say(armorer, take_out(&[odd], scene, &[performer]))
            .granted();
        set.say(armorer, full(odd, vec![])).breach("BR-0003");
        set.say(first_ad, full(odd, vec![])).breach("BR-0003");
        assert!(!set.say(first_ad, call_cold(&[odd])).outcome.admitted);
        assert_eq!(set.word(odd), Word::CheckNeeded);
    }
}

#[test]
fn shots_end_what_was_known_and_hot_past_its_end_says_what_was_last_loaded() {
    let mut set = Set::hot();
    let weapon = set.revolver;
    assert_eq!(set.sign(weapon), "HOT BLANK 2");
    set.wait(16 * MINUTE);
    let shown = set.shown(weapon);
    assert_eq!(shown.word, Word::CheckNeeded);
    assert!(
        shown
            .reason
            .contains("Last loaded: 2 blanks, quarter load."),
        "{}",
        shown.reason
    );

    let mut set = Set::hot();
    let People {
        armorer, performer, ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, hand_over(weapon, performer)).granted();
    assert_eq!(set.sign(weapon), "HOT BLANK 2");
    set.say(armorer, shots(weapon, 2, 0)).clean();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    assert_eq!(set.state.weapons[&weapon].knowledge.why, Unknown::Fired);
}

#[test]
fn dummies_seen_with_a_feature_their_lot_does_not_declare_do_not_agree() {
    let mut set = Set::out();
    set.load_six();
    let (first_ad, weapon) = (set.people.first_ad, set.revolver);
    let wood = vec![
        Seen::Dummy {
            features: vec![Feature::Material]
        };
        6
    ];
    set.say(first_ad, full(weapon, wood)).clean();
    assert_eq!(set.word(weapon), Word::Hold);
}

#[test]
fn dummies_from_no_lot_count_as_live() {
    let mut set = Set::out();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    set.say(armorer, full(weapon, six_dummies())).granted();
    assert_eq!(set.word(weapon), Word::Hold);
}

#[test]
fn a_corrected_look_ends_what_rests_on_it_also_through_a_reset() {
    let mut set = Set::out();
    let loaded = set.load_six();
    set.second_look();
    let People {
        armorer,
        first_ad,
        adviser,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.call_cold().granted();
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, reset(weapon, 6, Some(adviser))).clean();
    set.say(first_ad, reset(weapon, 6, Some(adviser))).clean();
    set.call_cold().granted();
    set.say(armorer, correct(loaded)).clean();
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.call_cold().refused("CH-0001");
    // Nor does a new Reset carry what was corrected.
    set.say(armorer, reset(weapon, 6, Some(adviser))).granted();
    set.say(first_ad, reset(weapon, 6, Some(adviser))).granted();
    assert!(!set.call_cold().outcome.admitted);
}

#[test]
fn a_corrected_take_out_ends_the_lease_that_rests_on_it() {
    let mut set = Set::new();
    let taken = set.take_out();
    set.load_six();
    set.second_look();
    set.call_cold().granted();
    let armorer = set.people.armorer;
    set.say(armorer, correct(taken)).clean();
    assert_eq!(set.word(set.revolver), Word::CheckNeeded);
}

#[test]
fn a_shared_screen_counts_as_the_packs_say() {
    for counts in [true, false] {
        let mut set = Set::new();
        let mut packs = Packs::default();
        packs.limits.shared_look_counts = counts;
        set.judge = Box::new(packs);
        let manager = set.people.manager;
        set.say(manager, adopt(&["base"])).granted();
        set.take_out();
        set.load_six();
        let first_ad = set.people.first_ad;
        let act = full(set.revolver, six_dummies());
        let mut statement = set.statement(first_ad, act);
        statement.shared = true;
        set.enter(statement);
        assert_eq!(set.call_cold().outcome.admitted, counts);
    }
}

#[test]
fn the_bore_is_seen_clear_by_both_or_nothing_is_known() {
    let mut set = Set::out();
    let (armorer, first_ad, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
    set.say(armorer, full(weapon, empties())).clean();
    let mut blocked = sight(weapon, empties());
    blocked.bore = Bore::Blocked;
    set.say(first_ad, look(Check::Full, blocked, None))
        .breach("BR-0003");
    set.call_cold().refused("CH-0001");
}

#[test]
fn dummies_loaded_and_taken_out_unseen_leave_the_bore_in_doubt() {
    let mut set = Set::out();
    set.load_six();
    let (armorer, first_ad, weapon) = (set.people.armorer, set.people.first_ad, set.revolver);
    assert!(set.state.weapons[&weapon].bore_suspect);
    set.say(armorer, clear(weapon, 6)).clean();
    assert!(set.state.weapons[&weapon].bore_suspect);
    set.say(first_ad, full(weapon, empties())).clean();
    assert!(!set.state.weapons[&weapon].bore_suspect);
}

#[test]
fn the_board_asks_again_whatever_the_lease_says() {
    use domain::{
        State,
        state::{Custody, Hold, HoldWhy, StopHeld},
    };
    type Spoil = fn(&mut State, WeaponId);
    let spoils: [Spoil; 11] = [
        |state, _| {
            let stop = StopHeld {
                by: None,
                at: 0,
                words: words(""),
                event: None,
                authority: words(""),
                ends_at: None,
            };
            state.stops.insert(StopId([1; 32]), stop);
        },
        |state, id| {
            state.weapons.get_mut(&id).unwrap().holds.push(Hold {
                why: HoldWhy::Mismatch,
                at: 0,
                people: vec![],
            });
        },
        |state, id| state.weapons.get_mut(&id).unwrap().grounded = Some(words("")),
        |state, id| state.weapons.get_mut(&id).unwrap().off_record = true,
        |state, id| state.weapons.get_mut(&id).unwrap().inconsistent = true,
        |state, id| state.weapons.get_mut(&id).unwrap().knowledge.known = None,
        |state, id| {
            state
                .weapons
                .get_mut(&id)
                .unwrap()
                .knowledge
                .known
                .as_mut()
                .unwrap()
                .count
                .blanks = 1;
        },
        |state, id| {
            state
                .weapons
                .get_mut(&id)
                .unwrap()
                .knowledge
                .known
                .as_mut()
                .unwrap()
                .count
                .others = 1;
        },
        |state, id| {
            state
                .weapons
                .get_mut(&id)
                .unwrap()
                .lease
                .as_mut()
                .unwrap()
                .until = 0;
        },
        |state, id| {
            state.weapons.get_mut(&id).unwrap().custody = Custody::OutOfSight {
                last: PersonId::ZERO,
            }
        },
        |state, _| state.now_on = None,
    ];
    for (n, spoil) in spoils.iter().enumerate() {
        let mut set = Set::cold();
        let (
            weapon,
            People {
                armorer,
                performer,
                first_ad,
                ..
            },
        ) = (set.revolver, set.people);
        spoil(&mut set.state, weapon);
        let shown = set.shown(weapon);
        assert_ne!(shown.word, Word::Cold, "spoil {n}");
        assert_eq!(
            (shown.content.as_str(), shown.left_ms),
            ("", None),
            "spoil {n}"
        );
        // Nor is it handed out, nor does the action begin, by a lease that is not shown.
        let scene = set.scene;
        assert!(
            !set.say(first_ad, begin(scene)).outcome.admitted,
            "spoil {n}"
        );
        assert!(
            !set.say(armorer, hand_over(weapon, performer))
                .outcome
                .admitted,
            "spoil {n}"
        );
    }
}

#[test]
fn a_reset_that_counts_another_number_than_the_last_whole_check_holds() {
    let mut set = Set::handed();
    let People {
        armorer,
        first_ad,
        adviser,
        ..
    } = set.people;
    let weapon = set.revolver;
    set.say(armorer, collect(weapon)).clean();
    set.say(armorer, reset(weapon, 5, Some(adviser))).clean();
    set.say(first_ad, reset(weapon, 5, Some(adviser))).clean();
    assert_eq!(set.word(weapon), Word::Hold);
}

#[test]
fn a_look_signed_before_the_load_and_held_up_on_the_way_is_no_second_look() {
    let mut set = Set::out();
    let (second, weapon) = (set.people.first_ad, set.revolver);
    let early = set.statement(second, full(weapon, empties()));
    set.wait(60_000);
    set.load_six();
    set.wait(1_000);
    set.enter(early).breach("BR-0002");
    assert!(set.state.weapons[&weapon].holds.is_empty());
    assert_eq!(set.word(weapon), Word::CheckNeeded);
    set.second_look();
    set.call_cold().granted();
}
