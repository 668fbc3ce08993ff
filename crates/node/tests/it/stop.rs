//! A stop acts at once, is earned back, and does not fail.

use std::sync::mpsc;

use domain::act::Act;
use domain::act::floor::Collect;
use node::{Press, Viewer};

use crate::world::*;

fn press(visit: &str) -> Press {
    Press {
        visit: visit.into(),
        ..Press::default()
    }
}

#[test]
fn a_press_ends_cold_before_it_returns_and_blocks_no_report() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let (told, heard) = mpsc::channel();
    let id = ranch
        .node
        .press_stop(&press("a"), move |recorded| told.send(recorded).unwrap());
    assert_ne!(ranch.word(&floor), "COLD");
    assert!(heard.recv().unwrap());
    let stops = ranch.node.view(&Viewer::Stranger, |view| {
        view.state.stops.keys().copied().collect::<Vec<_>>()
    });
    assert_eq!(stops, [id]);
    let called = ranch.call_cold(&floor);
    assert!(
        called
            .outcome
            .reasons
            .iter()
            .any(|reason| reason.code == "ST-0001"),
        "{:?}",
        called.outcome
    );
    assert!(
        say(
            &ranch.node,
            &mut ranch.armorer,
            &Act::Collect(Collect {
                weapon: floor.weapon
            })
        )
        .outcome
        .admitted
    );
}

#[test]
fn presses_merge_and_only_the_phone_that_pressed_alone_lifts() {
    let ranch = Ranch::new();
    let lift = |visit: &str| {
        let (told, heard) = mpsc::channel();
        ranch
            .node
            .lift_press(visit, "nothing there", move |answer| {
                told.send(answer).unwrap();
            });
        heard.recv().unwrap()
    };
    let (told, heard) = mpsc::channel();
    let again = told.clone();
    let first = ranch
        .node
        .press_stop(&press("a"), move |recorded| told.send(recorded).unwrap());
    assert!(heard.recv().unwrap());
    assert_eq!(lift("b").unwrap_err().code(), "not_your_press");
    let size = ranch.node.seen().size;
    let second = ranch
        .node
        .press_stop(&press("b"), move |recorded| again.send(recorded).unwrap());
    assert!(heard.recv().unwrap());
    assert_eq!(
        (first, ranch.node.seen().size),
        (second, size),
        "a stranger who presses on and on does not grow the log"
    );
    assert_eq!(lift("a").unwrap_err().code(), "others_pressed");
    drop(ranch);
    let ranch = Ranch::new();
    let (told, heard) = mpsc::channel();
    ranch
        .node
        .press_stop(&press("a"), move |recorded| told.send(recorded).unwrap());
    assert!(heard.recv().unwrap());
    let (told, heard) = mpsc::channel();
    ranch.node.lift_press("a", "nothing there", move |answer| {
        told.send(answer).unwrap();
    });
    assert!(heard.recv().unwrap().unwrap().outcome.admitted);
    assert!(
        ranch
            .node
            .view(&Viewer::Stranger, |view| view.state.stops.is_empty())
    );
}

#[test]
fn words_of_a_press_are_cleaned_and_never_refused() {
    let ranch = Ranch::new();
    let (told, heard) = mpsc::channel();
    let words = format!("\u{7}\u{202e}{}", "x".repeat(5_000));
    let pressed_at = Some(ranch.node.now() - 60_000);
    ranch.node.press_stop(
        &Press {
            visit: "a".into(),
            pressed_at,
            words,
            by_voice: String::new(),
        },
        move |recorded| told.send(recorded).unwrap(),
    );
    assert!(heard.recv().unwrap());
}
