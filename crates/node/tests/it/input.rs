//! What is not entered, and what is entered once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::act::Act;
use domain::act::incidents::Note;
use domain::act::people::RevokeKey;
use domain::act::stops::Stop;
use domain::words::*;
use ed25519_dalek::SigningKey;
use ledger::{Beside, Digest, PublicKey, envelope};
use node::{Device, NotEntered, Submission};

use crate::world::*;

fn note(words: &str) -> Act {
    let account = Account {
        happened_at: None,
        learnt: Learnt::Saw,
        sure: Sure::Sure,
    };
    Act::Note(Note {
        words: Words::new(words),
        account,
    })
}

/// A payload with `change` made to its text, signed anew by the armorer's like: a key that is enrolled.
fn changed(
    ranch: &Ranch,
    key: &SigningKey,
    device: &Device,
    change: impl Fn(String) -> String,
    body: &[u8],
) -> Vec<u8> {
    let beside = Beside {
        salt: [7; 32],
        body: body.to_vec(),
    };
    let header = envelope::Header {
        origin: ranch.node.origin().into(),
        kind: "record.note".into(),
        kv: 1,
        person: Digest(device.person().0),
        key: PublicKey::of(key),
        counter: 99,
        prev: Digest::ZERO,
        at_ms: ranch.node.now(),
        head: ranch.node.seen(),
        shown: envelope::Shown {
            lang: "en".into(),
            words: 1,
        },
        shared: false,
        content: envelope::Content::Beside(beside.commitment()),
    };
    let payload = change(String::from_utf8(header.write().unwrap()).unwrap());
    let envelope = envelope::sign_payload(payload.as_bytes(), key);
    Submission {
        envelope,
        beside: Some(beside),
    }
    .write()
}

#[test]
fn unreadable_statements_leave_nothing_but_a_count() {
    let ranch = Ranch::new();
    let key = SigningKey::from_bytes(&[42; 32]);
    let link = ranch
        .node
        .invite(&node::Newcomer {
            role: "grip".into(),
            department: Department::Grip,
            duties: vec![],
            for_person: None,
            name: String::new(),
        })
        .unwrap();
    let device = enrol(
        &ranch.node,
        Device::from_secret(ranch.node.origin(), [42; 32]),
        &link,
        None,
    );
    let good = br#"{"words":"w","account":{"learnt":"saw","sure":"sure"}}"#;
    let same = |text: String| text;
    let size = ranch.node.seen().size;
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        (
            "kind",
            "unknown_kind",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace("record.note", "record.nope"),
                good,
            ),
        ),
        (
            "version",
            "unknown_version",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""kv":1"#, r#""kv":9"#),
                good,
            ),
        ),
        (
            "format",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""v":1,"#, r#""v":2,"#),
                good,
            ),
        ),
        (
            "field",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""v":1,"#, r#""v":1,"x":1,"#),
                good,
            ),
        ),
        (
            "null",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""shared":false"#, r#""shared":null"#),
                good,
            ),
        ),
        (
            "twice",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""v":1,"#, r#""v":1,"v":1,"#),
                good,
            ),
        ),
        (
            "fraction",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace(r#""v":1,"#, r#""v":1.0,"#),
                good,
            ),
        ),
        (
            "other log",
            "other_log",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace("prairie", "another"),
                good,
            ),
        ),
        (
            "control",
            "unreadable",
            changed(
                &ranch,
                &key,
                &device,
                |text| text.replace("record.note", "record.note\\u0007"),
                good,
            ),
        ),
        (
            "body field",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                br#"{"words":"w","account":{"learnt":"saw","sure":"sure"},"x":1}"#,
            ),
        ),
        (
            "body enum",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                br#"{"words":"w","account":{"learnt":"dreamt","sure":"sure"}}"#,
            ),
        ),
        (
            "body null",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                br#"{"words":"w","account":{"happened_at":null,"learnt":"saw","sure":"sure"}}"#,
            ),
        ),
        (
            "body twice",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                br#"{"words":"w","words":"w","account":{"learnt":"saw","sure":"sure"}}"#,
            ),
        ),
        (
            "body control",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                br#"{"words":"w\u202e","account":{"learnt":"saw","sure":"sure"}}"#,
            ),
        ),
        (
            "body long",
            "bad_body",
            changed(
                &ranch,
                &key,
                &device,
                same,
                format!(r#"{{"words":"{}"}}"#, "w".repeat(33_000)).as_bytes(),
            ),
        ),
        ("not JSON", "unreadable", b"STOP".to_vec()),
        ("too long", "too_long", vec![b' '; 120_001]),
        (
            "spare member",
            "unreadable",
            br#"{"envelope":"","x":1}"#.to_vec(),
        ),
        (
            "half a body",
            "unreadable",
            br#"{"envelope":"","salt":""}"#.to_vec(),
        ),
    ];
    for (what, code, bytes) in &cases {
        let answer = ranch.node.submit_and_wait(bytes);
        let Err(NotEntered::Invalid { code: found, .. }) = answer else {
            panic!("{what}: {answer:?}")
        };
        assert_eq!(found, *code, "{what}");
    }
    assert_eq!(ranch.node.seen().size, size);
    assert_eq!(ranch.node.turned_away().invalid, cases.len() as u64);
    // And the same payload unchanged is taken, so that each case above fails for its own reason.
    let taken = ranch
        .node
        .submit_and_wait(&changed(&ranch, &key, &device, same, good))
        .unwrap();
    assert!(taken.outcome.admitted);
    assert_eq!(
        ranch.node.turned_away().gaps,
        1,
        "a gap in the count is noted and not refused"
    );
}

#[test]
fn a_body_that_was_not_signed_is_not_entered() {
    let mut ranch = Ranch::new();
    let node = &ranch.node;
    let mut draft = ranch
        .armorer
        .sign(&note("as signed"), node.now(), node.seen())
        .unwrap();
    let size = node.seen().size;
    let mut other = draft.submission.clone();
    other.beside.as_mut().unwrap().body = note("another").body();
    assert_eq!(node.take_and_wait(other).unwrap_err().code(), "other_body");
    let mut none = draft.submission.clone();
    none.beside = None;
    assert_eq!(node.take_and_wait(none).unwrap_err().code(), "body_missing");
    let text = String::from_utf8(draft.submission.envelope.clone()).unwrap();
    let at = text.find("\"sig\":\"").unwrap() + 10;
    let mut bytes = text.into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    draft.submission.envelope = bytes;
    assert_eq!(
        node.take_and_wait(draft.submission).unwrap_err().code(),
        "bad_signature"
    );
    assert_eq!(node.seen().size, size);
}

#[test]
fn strangers_and_borrowed_names_leave_nothing() {
    let mut ranch = Ranch::new();
    let size = ranch.node.seen().size;
    let mut stranger = Device::new(ranch.node.origin()).unwrap();
    assert_eq!(
        try_say(&ranch.node, &mut stranger, &note("hello"))
            .unwrap_err()
            .code(),
        "unknown_key"
    );
    let mut posing = stranger.for_person(ranch.armorer.person());
    assert_eq!(
        try_say(&ranch.node, &mut posing, &note("hello"))
            .unwrap_err()
            .code(),
        "unknown_key"
    );
    let mut other = ranch.performer.clone().for_person(ranch.armorer.person());
    assert_eq!(
        try_say(&ranch.node, &mut other, &note("hello"))
            .unwrap_err()
            .code(),
        "other_person"
    );
    let started = Act::NodeClockJumped(domain::act::log::ClockJumped { by_ms: 1 });
    assert_eq!(
        try_say(&ranch.node, &mut ranch.armorer, &started)
            .unwrap_err()
            .code(),
        "nodes_own"
    );
    let mut uninvited = Device::new(ranch.node.origin()).unwrap();
    let enrol = Act::Enrol(domain::act::people::Enrol {
        invite: domain::id::StatementId([1; 32]),
        token: domain::id::StatementId([2; 32]),
        key: uninvited.key(),
        means: Means::Device,
    });
    assert_eq!(
        try_say(&ranch.node, &mut uninvited, &enrol)
            .unwrap_err()
            .code(),
        "no_invitation"
    );
    assert_eq!(ranch.node.seen().size, size);
    assert_eq!(ranch.node.turned_away().denied, 5);
}

#[test]
fn a_link_works_once_and_not_after_its_end() {
    let ranch = Ranch::new();
    let who = node::Newcomer {
        role: "grip".into(),
        department: Department::Grip,
        duties: vec![],
        for_person: None,
        name: "A Grip".into(),
    };
    let link = ranch.node.invite(&who).unwrap();
    assert_eq!(ranch.node.link(&link.secret).unwrap().name, "A Grip");
    let device = enrol(
        &ranch.node,
        Device::new(ranch.node.origin()).unwrap(),
        &link,
        None,
    );
    assert!(ranch.node.link(&link.secret).is_none());
    assert_eq!(
        ranch.node.view(&viewer(&ranch.armorer), |view| view
            .name(device.person())
            .to_owned()),
        "A Grip"
    );
    assert_eq!(
        ranch.node.view(&node::Viewer::Stranger, |view| view
            .name(device.person())
            .to_owned()),
        "grip"
    );
    let late = ranch.node.invite(&who).unwrap();
    ranch.watch.0.pass(13 * 60 * 60 * 1_000);
    assert!(ranch.node.link(&late.secret).is_none());
}

#[test]
fn the_same_statement_twice_is_entered_once_and_answered_alike() {
    let mut ranch = Ranch::new();
    let node = &ranch.node;
    let draft = ranch
        .armorer
        .sign(&note("once"), node.now(), node.seen())
        .unwrap();
    let first = node.take_and_wait(draft.submission.clone()).unwrap();
    say(node, &mut ranch.second, &note("another between"));
    let again = node.take_and_wait(draft.submission).unwrap();
    assert_eq!(again, first);
    assert_eq!(again.json(), first.json());
    assert_eq!(node.seen().size, first.index + 2);
}

#[test]
fn a_revoked_key_is_heard_and_grants_nothing() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    let revoke = Act::RevokeKey(RevokeKey {
        key: ranch.first_ad.key(),
        words: Words::new("lost"),
    });
    say(&ranch.node, &mut ranch.admin, &revoke);
    ranch.load(&floor, six_dummies());
    ranch.second_look(&floor, six_dummies());
    let called = ranch.call_cold(&floor);
    assert!(!called.outcome.admitted && called.outcome.late);
    assert_ne!(ranch.word(&floor), "COLD");
    // Its reports still stand in the record, and a stop under it stops.
    let stop = Act::Stop(Stop {
        words: Words::new("no"),
        by_voice: Words::default(),
        someone: false,
        authority: Words::default(),
    });
    assert!(
        say(&ranch.node, &mut ranch.first_ad, &stop)
            .outcome
            .admitted
    );
    assert_eq!(
        ranch
            .node
            .view(&viewer(&ranch.admin), |view| view.state.stops.len()),
        1
    );
    // To the one who lost it the boards show what strangers see.
    assert!(
        ranch
            .node
            .view(&viewer(&ranch.first_ad), |view| view.reader.is_none())
    );
}

#[test]
fn late_statements_make_nothing_better() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    ranch.load(&floor, six_dummies());
    let draft = ranch
        .second
        .sign(
            &full(floor.weapon, six_dummies()),
            ranch.node.now(),
            ranch.node.seen(),
        )
        .unwrap();
    ranch.watch.0.pass(3 * 60 * 1_000);
    let late = ranch.node.take_and_wait(draft.submission).unwrap();
    assert!(late.outcome.admitted && late.outcome.late);
    assert!(!ranch.call_cold(&floor).outcome.admitted);
    let called = Act::CallCold(domain::act::floor::CallCold {
        weapons: vec![floor.weapon],
        lasts_ms: 0,
    });
    let draft = ranch
        .first_ad
        .sign(&called, ranch.node.now(), ranch.node.seen())
        .unwrap();
    ranch.second_look(&floor, six_dummies());
    ranch.watch.0.pass(3 * 60 * 1_000);
    let late = ranch.node.take_and_wait(draft.submission).unwrap();
    assert!(!late.outcome.admitted && late.outcome.leases.is_empty());
    // But a round that may be live counts at any age.
    let mut live = six_dummies();
    live[0] = Seen::Live;
    let draft = ranch
        .second
        .sign(
            &full(floor.weapon, live),
            ranch.node.now(),
            ranch.node.seen(),
        )
        .unwrap();
    ranch.watch.0.pass(60 * 60 * 1_000);
    ranch.node.take_and_wait(draft.submission).unwrap();
    assert_eq!(ranch.word(&floor), "HOLD");
}

#[test]
fn the_answer_is_the_format_page_s() {
    let mut ranch = Ranch::new();
    let entered = say(&ranch.node, &mut ranch.armorer, &note("w"));
    let json = String::from_utf8(entered.json()).unwrap();
    let head = ranch.node.seen();
    assert_eq!(
        json,
        format!(
            r#"{{"id":"{}","index":{},"at":{},"outcome":{{"admitted":true}},"receipt":{{"size":{},"root":"{}","epoch":0,"note":"{}"}}}}"#,
            entered.id,
            entered.index,
            entered.at,
            head.size,
            head.root,
            ranch.node.checkpoint().replace('\n', "\\n")
        )
    );
    let not = ranch.node.submit_and_wait(b"{}").unwrap_err();
    assert!(
        String::from_utf8(not.json())
            .unwrap()
            .starts_with(r#"{"code":"unreadable","message":""#)
    );
    assert_eq!(STANDARD.encode(b"x"), "eA==");
}
