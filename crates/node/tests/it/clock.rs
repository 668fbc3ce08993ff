//! Time that runs out, jumps, sleeps.

use std::sync::atomic::Ordering::SeqCst;

use domain::act::Act;
use domain::act::concerns::Raise;
use domain::act::floor::{Acknowledged, EyesOn, HandOver};
use domain::words::Words;

use crate::world::*;

const MINUTE: i64 = 60_000;

#[test]
fn a_jump_of_the_wall_clock_ends_every_lease() {
    for by in [3_600_000_i64, -3_600_000] {
        let mut ranch = Ranch::new();
        let floor = ranch.cold();
        let now = ranch.node.now();
        ranch.watch.0.wall.fetch_add(by, SeqCst);
        // Before anything is entered: the board does not trust the clock.
        assert_eq!(ranch.word(&floor), "CHECK NEEDED");
        let size = ranch.node.seen().size;
        ranch.node.tick();
        until(&ranch.node, || ranch.node.seen().size > size);
        assert_eq!(ranch.word(&floor), "CHECK NEEDED");
        assert!(ranch.node.now() >= now, "time never runs backwards");
        let line = &ranch.node.record(None, 1, &viewer(&ranch.second)).lines[0];
        assert!(line.text.contains("clock jumped"), "{}", line.text);
    }
}

#[test]
fn a_request_right_after_a_jump_is_judged_after_it() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    ranch.load(&floor, six_dummies());
    ranch.second_look(&floor, six_dummies());
    ranch.watch.0.wall.fetch_sub(5_000, SeqCst);
    assert!(!ranch.call_cold(&floor).outcome.admitted);
}

/// Wall and own time go as they like, by a seed: by a millisecond or by 400 days, forth and back, with the node looking or
/// not. COLD never outlives its fifteen minutes, nor a jump, and the node's time never runs back.
///
/// `COLDPROOF_JUMPS` sets how many weapons are made cold for it (4 unless told).
#[test]
fn no_jump_either_way_makes_cold_last_longer() {
    let weapons = std::env::var("COLDPROOF_JUMPS").map_or(4, |jumps| jumps.parse().unwrap());
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: i64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        i64::try_from(chance >> 1).unwrap() % below
    };
    let (mut jumps, mut cold) = (0, 0);
    for _ in 0..weapons {
        let mut ranch = Ranch::new();
        let floor = ranch.cold();
        let (mut passed, mut astray, mut was_astray, mut now) = (0, 0, false, ranch.node.now());
        for _ in 0..8 {
            let largest = [100, 1_000, 60_000, 86_400_000, 400 * 86_400_000];
            let largest = largest[usize::try_from(next(5)).unwrap()];
            let way = [1, -1][usize::try_from(next(2)).unwrap()];
            let by = next(largest) * way;
            ranch.watch.0.wall.fetch_add(by, SeqCst);
            jumps += 1;
            astray += by;
            let waited = next(4 * MINUTE);
            ranch.watch.0.pass(waited);
            passed += waited;
            was_astray |= astray.abs() >= 5_000;
            if next(2) == 0 {
                ranch.node.tick();
            }
            let word = ranch.word(&floor);
            cold += usize::from(word == "COLD");
            assert!(word != "COLD" || passed < 15 * MINUTE, "{passed} ms on");
            assert!(word != "COLD" || astray.abs() < 5_000, "{astray} ms astray");
            assert!(ranch.node.now() >= now, "time never runs backwards");
            now = ranch.node.now();
        }
        assert!(!was_astray || ranch.word(&floor) != "COLD");
    }
    println!(
        "{jumps} jumps of the wall clock, {weapons} weapons, COLD on {cold} looks, none of them late"
    );
}

#[test]
fn cold_is_over_when_a_sleeping_laptop_wakes() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let before = ranch.node.seen().size;
    ranch.watch.0.pass(2 * 60 * MINUTE);
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    ranch.node.tick();
    assert!(ranch.node.seen().size <= before + 1, "sleep is no jump");
}

#[test]
fn listeners_hear_when_a_lease_runs_out_with_nobody_saying_anything() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let (told, heard) = std::sync::mpsc::channel();
    ranch
        .node
        .on_change(move |count| told.send(count).unwrap_or_default());
    ranch.node.tick();
    assert!(heard.try_recv().is_err());
    ranch.watch.0.pass(16 * MINUTE);
    ranch.node.tick();
    assert!(heard.try_recv().is_ok());
    assert_ne!(ranch.word(&floor), "COLD");
}

#[test]
fn what_does_not_happen_is_entered() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let over = Act::HandOver(HandOver {
        weapon: floor.weapon,
        to: ranch.performer.person(),
        acknowledged: Acknowledged::Spoken,
        at_rest: true,
    });
    assert!(say(&ranch.node, &mut ranch.armorer, &over).outcome.admitted);
    assert_eq!(
        ranch.word(&floor),
        "COLD",
        "the lease survives the hand-over to its taker"
    );
    say(
        &ranch.node,
        &mut ranch.first_ad,
        &Act::RaiseConcern(Raise {
            about_weapons: true,
            words: Words::new("w"),
        }),
    );
    let size = ranch.node.seen().size;
    for _ in 0..3 {
        ranch.watch.0.pass(10 * MINUTE);
        say(
            &ranch.node,
            &mut ranch.armorer,
            &Act::EyesOn(EyesOn { weapons: vec![] }),
        );
    }
    ranch.watch.0.pass(31 * MINUTE);
    ranch.node.tick();
    until(&ranch.node, || ranch.node.seen().size >= size + 4);
    let lines = ranch.node.record(None, 1, &viewer(&ranch.second)).lines;
    assert!(
        lines[0].text.contains("deadline passed"),
        "{}",
        lines[0].text
    );
    ranch.node.tick();
    assert_eq!(ranch.node.seen().size, size + 4, "once");
}
