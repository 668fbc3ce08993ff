//! Random days. Whatever people say in whatever order, COLD stands only where two different people looked and nothing
//! ended it; every report is taken; and the record gives the same state to everybody who folds it.

mod oracle;
mod recovery;
mod set;

use crate::world::*;
use domain::{
    Entry, State,
    act::{Act, Nature},
    admit, apply, board,
    board::Word,
    outcome::Outcome,
};
use proptest::{prelude::*, strategy::ValueTree};
use set::{Op, Sim, ops};

/// Steps of a day; the morning of [`Set::new`] comes before.
const STEPS: usize = 80;

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(96)
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_history_leads_to_cold_that_the_record_does_not_support(day in ops(STEPS)) {
        let mut sim = Sim::new();
        for op in &day {
            sim.step(op);
            for later in [0, MINUTE, 14 * MINUTE, 31 * MINUTE] {
                check(&sim, sim.set.now.max(sim.set.state.recorded_at) + later)?;
            }
        }
    }

    #[test]
    fn whatever_happened_every_weapon_can_be_made_cold_again(day in ops(STEPS)) {
        let mut sim = Sim::after(&day);
        if let Err(why) = recovery::recover(&mut sim) {
            return Err(TestCaseError::fail(why));
        }
        check(&sim, sim.set.now)?;
    }

    #[test]
    fn every_report_is_taken_and_recorded_time_never_runs_back(day in ops(STEPS)) {
        let sim = Sim::after(&day);
        for pair in sim.set.entries.windows(2) {
            prop_assert!(pair[0].at <= pair[1].at);
        }
        for entry in &sim.set.entries {
            let report = entry.statement.act.kind().nature() == Nature::Report;
            prop_assert!(entry.outcome.admitted || !report, "refused: {:?}", entry.statement.act.kind());
            prop_assert!(entry.outcome.admitted == entry.outcome.reasons.is_empty());
            prop_assert!(entry.outcome.admitted || entry.outcome.leases.is_empty());
        }
    }

    #[test]
    fn the_record_gives_the_same_state_to_everybody_who_folds_it(day in ops(STEPS)) {
        let sim = Sim::after(&day);
        // As it was kept: the outcome and the body as JSON.
        let kept = |entry: &Entry| -> Entry {
            let json = serde_json::to_vec(&entry.outcome).unwrap();
            let outcome: Outcome = serde_json::from_slice(&json).unwrap();
            let act = &entry.statement.act;
            let act = domain::act::Act::read(act.kind().stored(), 1, &act.body()).unwrap();
            Entry { outcome, statement: domain::Statement { act, ..entry.statement.clone() }, at: entry.at }
        };
        let mut folded = State::default();
        for entry in &sim.set.entries {
            let before = folded.clone();
            // Whoever reads between two entries changes nothing, and whoever looked ahead sees the same.
            let _ = board::board(&folded, entry.at);
            let mut ahead = folded.at(entry.at).into_owned();
            prop_assert_eq!(&before, &folded);
            let kept = kept(entry);
            prop_assert_eq!(&kept, entry);
            // Judged again by the same rules, the answer is the same.
            let again = admit(&folded, &kept.statement, entry.at, &Permits);
            prop_assert_eq!(&again, &entry.outcome);
            apply(&mut folded, &kept);
            apply(&mut ahead, &kept);
            // A start or a jump begins a running wait of a stop anew; whoever looked ahead saw it end.
            let anew = matches!(kept.statement.act, Act::NodeStarted(_) | Act::NodeClockJumped(_));
            if !anew {
                prop_assert_eq!(&folded, &ahead);
            }
        }
        prop_assert_eq!(&folded, &sim.set.state);
    }
}

/// Everything that COLD on the board at `at` needs, asked of the board's own state, of the entries, and of what lies
/// in the weapon.
fn check(sim: &Sim, at: i64) -> Result<(), TestCaseError> {
    let state = sim.set.state.at(at);
    for shown in board::board(&sim.set.state, at).weapons {
        let weapon = &state.weapons[&shown.weapon];
        if let Some(lease) = &weapon.lease {
            prop_assert!(
                weapon.knowledge.known.is_some(),
                "leased with unknown content"
            );
            prop_assert!(state.stops.is_empty(), "leased under a stop");
            prop_assert!(lease.until > at, "leased past its end");
            let in_hand = weapon.custody.holder().is_some() && !weapon.off_record;
            prop_assert!(
                in_hand && weapon.holds.is_empty() && weapon.grounded.is_none(),
                "leased while held back"
            );
        }
        if shown.word != Word::Cold {
            continue;
        }
        let known = weapon.knowledge.known.as_ref().unwrap();
        prop_assert_ne!(known.by[0], known.by[1]);
        prop_assert!(
            state.stops.is_empty() && weapon.holds.is_empty() && weapon.grounded.is_none()
        );
        prop_assert!(!weapon.off_record && weapon.custody.holder().is_some());
        prop_assert_eq!((known.count.blanks, known.count.others), (0, 0));
        let left = shown.left_ms.unwrap();
        prop_assert!(left > 0 && left <= 15 * MINUTE);
        if let Err(why) = oracle::cold(&sim.set, shown.weapon, at) {
            return Err(TestCaseError::fail(format!("COLD, and {why}")));
        }
        let truth = sim.truth(shown.weapon);
        prop_assert_eq!(
            &shown.content,
            &truth,
            "the board says one thing, the weapon holds another"
        );
    }
    Ok(())
}

#[test]
fn random_days_do_reach_cold_hot_hold_and_every_other_word() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut words = std::collections::BTreeMap::<&str, u32>::new();
    for _ in 0..60 {
        let day: Vec<Op> = ops(STEPS).new_tree(&mut runner).unwrap().current();
        let mut sim = Sim::new();
        for op in &day {
            sim.step(op);
            for shown in board::board(&sim.set.state, sim.set.now).weapons {
                *words.entry(shown.word.says()).or_default() += 1;
            }
        }
    }
    for (word, least) in [
        ("COLD", 500),
        ("HOT", 20),
        ("HOLD", 100),
        ("CHECK NEEDED", 500),
        ("LOCKED AWAY", 100),
        ("GROUNDED", 20),
    ] {
        let seen = words.get(word).copied().unwrap_or(0);
        assert!(
            seen >= least,
            "{word} {seen} times in {words:?}: the days are too dull to show anything"
        );
    }
}
