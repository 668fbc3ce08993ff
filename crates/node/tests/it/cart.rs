//! Keys on the shared cart screen.

use domain::act::Act;
use domain::act::floor::EyesOn;
use domain::words::*;
use node::{CartDraft, Newcomer};
use std::sync::mpsc;

use crate::world::*;

fn link(ranch: &Ranch) -> node::Link {
    let who = Newcomer {
        role: "assistant".into(),
        department: Department::Property,
        duties: vec![Duty::Assistant],
        for_person: None,
        name: "An Assistant".into(),
    };
    ranch.node.invite(&who).unwrap()
}

fn draft(act: &Act) -> CartDraft {
    CartDraft {
        kind: act.kind().stored().into(),
        kv: 1,
        body: act.body(),
    }
}

#[test]
fn a_person_signs_at_the_cart_with_their_own_key_behind_their_pin() {
    let ranch = Ranch::new();
    let link = link(&ranch);
    assert_eq!(
        ranch
            .node
            .cart_enrol(&link.secret, "123")
            .unwrap_err()
            .code(),
        "pin_length"
    );
    let entered = ranch.node.cart_enrol(&link.secret, "314159").unwrap();
    assert!(entered.outcome.admitted, "{:?}", entered.outcome);
    let person = entered.id.into();
    let keys = ranch.node.cart_keys();
    assert_eq!(
        (keys.len(), keys[0].person, keys[0].locked),
        (1, person, false)
    );
    assert_eq!(ranch.node.cart_open(person, "314159").unwrap(), keys[0].key);
    let sign = |pin: &str| {
        let (told, heard) = mpsc::channel();
        ranch.node.cart_sign(
            person,
            pin,
            &draft(&Act::EyesOn(EyesOn { weapons: vec![] })),
            move |answer| told.send(answer).unwrap(),
        );
        heard.recv().unwrap()
    };
    assert!(sign("314159").unwrap().outcome.admitted);
    assert!(sign("314159").unwrap().outcome.admitted);
    assert_eq!(ranch.node.turned_away().gaps, 0);
    assert_eq!(sign("000000").unwrap_err().code(), "wrong_pin");
    let file = std::fs::read_dir(ranch.dir.path().join("keys"))
        .unwrap()
        .flatten()
        .find(|file| file.file_name().to_string_lossy().starts_with("cart-"))
        .unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(!text.contains("314159"), "{text}");
    // After a restart the same key goes on with its count.
    let ranch = ranch.restart();
    let (told, heard) = mpsc::channel();
    ranch.node.cart_sign(
        person,
        "314159",
        &draft(&Act::EyesOn(EyesOn { weapons: vec![] })),
        move |answer| told.send(answer).unwrap(),
    );
    assert!(heard.recv().unwrap().unwrap().outcome.admitted);
    assert_eq!(ranch.node.turned_away().gaps, 0);
}

#[test]
fn five_wrong_pins_lock_the_key_and_a_right_one_before_that_forgives() {
    let ranch = Ranch::new();
    let entered = ranch
        .node
        .cart_enrol(&link(&ranch).secret, "314159")
        .unwrap();
    let person = entered.id.into();
    for _ in 0..4 {
        assert_eq!(
            ranch.node.cart_open(person, "000000").unwrap_err().code(),
            "wrong_pin"
        );
    }
    ranch.node.cart_open(person, "314159").unwrap();
    for _ in 0..4 {
        assert_eq!(
            ranch.node.cart_open(person, "000000").unwrap_err().code(),
            "wrong_pin"
        );
    }
    assert_eq!(
        ranch.node.cart_open(person, "000000").unwrap_err().code(),
        "locked"
    );
    assert_eq!(
        ranch.node.cart_open(person, "314159").unwrap_err().code(),
        "locked"
    );
    assert!(ranch.node.cart_keys()[0].locked);
}
