//! The node: starts, clocks, packs; what is late; what only the node says.

use crate::{acts::*, world::*};
use domain::{act::Act, board::Word, id::*, judge::Gate, state::Custody, words::*};

#[test]
fn a_node_start_and_a_clock_jump_end_every_lease_and_epoch() {
    for act in [node_started(), clock_jumped()] {
        let mut set = Set::cold();
        let People {
            armorer, first_ad, ..
        } = set.people;
        let weapon = set.revolver;
        set.node(act).granted();
        assert_eq!(set.word(weapon), Word::CheckNeeded);
        assert!(matches!(
            set.state.weapons[&weapon].custody,
            Custody::OutOfSight { .. }
        ));
        set.call_cold().refused("CU-0005");
        set.say(armorer, eyes_on(&[weapon])).clean();
        set.call_cold().refused("CH-0001");
        set.both_see(armorer, first_ad, &six_dummies());
        set.call_cold().granted();
    }
}

#[test]
fn new_packs_end_every_lease() {
    let mut set = Set::cold();
    let manager = set.people.manager;
    set.say(manager, adopt(&["us-nm"])).refused("PA-0001");
    assert_eq!(set.word(set.revolver), Word::Cold);
    set.say(manager, adopt(&["base", "us-nm"])).granted();
    assert_eq!(set.word(set.revolver), Word::CheckNeeded);
    set.call_cold().granted();
}

#[test]
fn what_only_the_node_says_is_nothing_from_anybody_else() {
    let mut set = Set::cold();
    let grip = set.people.grip;
    let before = set.state.clone();
    let limits = domain::outcome::Limits {
        sight_ms: i64::MAX / 4,
        ..domain::outcome::Limits::default()
    };
    let mut open = match log_open() {
        Act::LogOpen(body) => body,
        _ => unreachable!(),
    };
    open.board_key = KeyId([1; 32]);
    for act in [
        Act::NodeStarted(domain::act::log::Started {
            version: String::new(),
            program: FileId::ZERO,
            packs: vec![],
            limits,
        }),
        Act::LogOpen(open.clone()),
        clock_jumped(),
        lapsed(StatementId([1; 32])),
    ] {
        set.say(grip, act).breach("BR-0021");
    }
    assert_eq!(set.state.limits, before.limits);
    assert_eq!(set.state.board_key, before.board_key);
    assert_eq!(set.word(set.revolver), Word::Cold);
    // Nor does a log begin twice.
    set.node(Act::LogOpen(open)).breach("BR-0021");
    assert_eq!(set.state.board_key, before.board_key);
}

#[test]
fn late_statements_only_worsen() {
    let mut set = Set::out();
    set.load_six();
    let People {
        armorer,
        first_ad,
        performer,
        ..
    } = set.people;
    let (weapon, store) = (set.revolver, set.store);
    set.say_late(first_ad, full(weapon, six_dummies()), 3 * MINUTE)
        .breach("BR-0002");
    set.call_cold().refused("CH-0001");
    set.say_late(first_ad, call_cold(&[weapon]), 3 * MINUTE)
        .refused("RE-0001");
    set.second_look();
    set.call_cold().granted();
    for act in [
        collect(weapon),
        clear(weapon, 6),
        lock_away(&[weapon], &[], store),
        shots(weapon, 1, 0),
        off_protocol(weapon, None),
        hand_over(weapon, performer),
    ] {
        let mut set = Set::cold();
        set.say_late(armorer, act, 3 * MINUTE);
        assert_eq!(set.word(weapon), Word::CheckNeeded);
    }
    for act in [eyes_on(&[weapon]), full(weapon, six_dummies())] {
        let mut set = Set::cold();
        let until = set.shown(weapon).left_ms;
        set.say_late(armorer, act, 3 * MINUTE);
        assert!(
            set.shown(weapon).left_ms < until,
            "late sight renews nothing"
        );
    }
    let mut live = six_dummies();
    live[0] = Seen::Live;
    let mut set = Set::cold();
    set.say_late(first_ad, full(weapon, live), HOUR);
    assert_eq!(set.word(weapon), Word::Hold);
}

#[test]
fn a_clock_that_runs_ahead_is_late_too() {
    let mut set = Set::checked();
    let (first_ad, weapon) = (set.people.first_ad, set.revolver);
    let mut statement = set.statement(first_ad, call_cold(&[weapon]));
    statement.claimed_at += 3 * MINUTE;
    set.enter(statement).refused("RE-0001");
}

#[test]
fn a_board_asked_with_a_clock_gone_back_is_no_younger_than_the_record() {
    let set = Set::cold();
    let board = |now| {
        domain::board::board(&set.state, now)
            .weapons
            .into_iter()
            .find(|one| one.weapon == set.revolver)
            .unwrap()
    };
    assert_eq!(board(set.now - 10 * MINUTE).left_ms, board(set.now).left_ms);
}

#[test]
fn a_rule_that_refuses_refuses_and_nothing_is_leased() {
    let mut set = Set::checked();
    set.judge = Box::new(Packs {
        refuses: vec![Gate::CallCold],
        ..Packs::default()
    });
    let told = set.call_cold();
    assert!(told.outcome.leases.is_empty());
    told.refused("TEST-01");
    assert_eq!(set.word(set.revolver), Word::CheckNeeded);
}

#[test]
fn an_owed_item_refuses_past_its_limit_every_time_until_it_is_cured_or_the_session_closes() {
    let mut set = Set::checked();
    let armorer = set.people.armorer;
    set.judge = Box::new(Packs {
        owes: vec![Gate::CallCold],
        ..Packs::default()
    });
    set.call_cold().granted();
    assert_eq!(set.state.owed.len(), 1);
    let until = set.state.owed[0].until;
    for _ in 0..5 {
        set.wait(14 * MINUTE);
        set.say(armorer, eyes_on(&[])).clean();
    }
    assert!(set.now > until);
    set.call_cold().refused("TEST-01");
    set.call_cold().refused("TEST-01");
    assert_eq!(set.state.owed[0].until, until, "asking again buys no time");
    set.judge = Box::new(Permits);
    set.call_cold().granted();
    assert!(set.state.owed.is_empty());
}

#[test]
fn a_deadline_that_lapses_has_its_consequence() {
    let mut set = Set::handed();
    let weapon = set.revolver;
    let handed = set.entries.last().unwrap().statement.id;
    let performer = set.people.performer;
    set.wait(14 * MINUTE);
    set.say(performer, eyes_on(&[weapon])).clean();
    set.wait(31 * MINUTE);
    assert_eq!(set.state.lapsed(set.now), [handed]);
    set.node(lapsed(handed)).granted();
    assert!(set.state.lapsed(set.now).is_empty());
    assert_eq!(set.word(weapon), Word::CheckNeeded);
}

#[test]
fn the_plan_line_is_agreed_by_a_handler_and_the_first_ad() {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        adviser,
        ..
    } = set.people;
    let scene = set.scene;
    let planned = set.say(armorer, plan(scene, true)).clean();
    set.say(adviser, countersign(planned)).breach("BR-0016");
    set.say(first_ad, countersign(planned)).clean();
    assert!(set.state.actions[&scene].plans[&None].line_agreed);
    set.say(armorer, plan(scene, false)).clean();
    assert!(!set.state.actions[&scene].plans[&None].line_agreed);
}

#[test]
fn begin_wants_every_weapon_of_the_action_called_or_unable_to_fire() {
    let mut set = Set::checked();
    let (first_ad, scene) = (set.people.first_ad, set.scene);
    set.say(first_ad, begin(scene)).refused("SE-0008");
    set.call_cold().granted();
    set.say(first_ad, begin(scene)).granted();
}

#[test]
fn a_corrected_plan_sweep_or_meeting_counts_as_not_made() {
    let mut set = Set::new();
    let People {
        armorer,
        first_ad,
        adviser,
        performer,
        ..
    } = set.people;
    let scene = set.scene;
    let planned = set.say(first_ad, plan(scene, false)).clean();
    assert_eq!(set.state.actions[&scene].plans.len(), 1);
    set.say(first_ad, correct(planned)).clean();
    assert!(set.state.actions[&scene].plans.is_empty());

    let swept = set.say(armorer, sweep(0)).clean();
    set.say(adviser, countersign(swept)).clean();
    let session = |set: &Set| set.state.session.clone().unwrap();
    assert!(session(&set).sweep.is_some());
    set.say(armorer, correct(swept)).clean();
    assert!(session(&set).sweep.is_none());

    let held = set
        .say(first_ad, meeting(None, first_ad, &[performer]))
        .granted();
    assert!(session(&set).briefed.contains(&performer));
    set.say(first_ad, correct(held)).clean();
    assert!(session(&set).meetings.is_empty() && session(&set).briefed.is_empty());
}

#[test]
fn a_corrected_plan_of_one_weapon_leaves_no_laxer_one_in_its_place() {
    let mut set = Set::new();
    let (first_ad, scene, weapon) = (set.people.first_ad, set.scene, set.revolver);
    set.say(first_ad, plan(scene, false)).clean();
    let Act::SetPlan(mut own) = plan(scene, false) else {
        unreachable!()
    };
    own.weapon = Some(weapon);
    let own = set.say(first_ad, Act::SetPlan(own)).clean();
    assert!(set.state.actions[&scene].plan(weapon).is_some());
    set.say(first_ad, correct(own)).clean();
    assert!(set.state.actions[&scene].plan(weapon).is_none());
}
