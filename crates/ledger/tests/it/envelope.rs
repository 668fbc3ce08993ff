//! Envelopes, payloads and entries as hostile and careless programs might send them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::entry::{Entry, EntryError};
use ledger::envelope::{self, Beside, Content, EnvelopeError, Header};
use ledger::limit::{ENVELOPE_BYTES_MAX, OUTCOME_BYTES_MAX, PACK_BYTES_MAX, PACKS_MAX};
use ledger::{Digest, KeyRefused};
use proptest::prelude::*;

use crate::world::{device_key, header, log_key};

fn look() -> Header {
    header(
        &device_key(),
        3,
        Digest([9; 32]),
        Content::Beside(Digest([7; 32])),
    )
}

fn envelope() -> String {
    String::from_utf8(envelope::sign(&look(), &device_key()).unwrap()).unwrap()
}

fn payload() -> String {
    String::from_utf8(look().write().unwrap()).unwrap()
}

/// Opens an envelope whose payload was changed before it was signed.
fn opened(change: impl Fn(String) -> String) -> Result<(), String> {
    let bytes = envelope::sign_payload(change(payload()).as_bytes(), &device_key());
    envelope::open(&bytes)
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn what_is_signed_reads_back_and_is_named_by_its_payload() {
    let signed = envelope::open(envelope().as_bytes()).unwrap();
    assert_eq!(signed.header, look());
    assert_eq!(signed.id, Digest::of(payload().as_bytes()));
}

#[test]
fn the_bytes_that_are_signed_bind_type_and_length() {
    let expected = b"DSSEv1 40 application/vnd.coldproof.statement+json 2 {}";
    assert_eq!(envelope::pre_authentication(b"{}"), expected);
}

#[test]
fn an_open_body_keeps_its_bytes_white_space_included() {
    let body = b"{ \"rounds\" : 6 }".to_vec();
    let open = header(&device_key(), 1, Digest::ZERO, Content::Open(body.clone()));
    let bytes = envelope::sign(&open, &device_key()).unwrap();
    assert_eq!(
        envelope::open(&bytes).unwrap().header.content,
        Content::Open(body)
    );
}

#[test]
fn a_payload_that_says_anything_else_is_refused_with_a_sentence() {
    let table: &[(&str, &str, &str)] = &[
        (
            r#""v":1"#,
            r#""v":2"#,
            "version 2 of a statement is not known here",
        ),
        (r#""v":1,"#, "", "missing field `v`"),
        (
            r#""v":1"#,
            r#""v":1,"v":1"#,
            "a member name stands twice in one object (at byte 7)",
        ),
        (r#""v":1"#, r#""v":1,"w":1"#, "unknown field `w`"),
        (r#""v":1"#, r#""v":1.0"#, "only whole numbers are allowed"),
        (
            r#""shared":false"#,
            r#""shared":null"#,
            "`null` is not allowed",
        ),
        (
            r#""shared":false"#,
            r#""shared":"no""#,
            "expected a boolean",
        ),
        (r#""counter":3"#, r#""counter":0"#, "`counter` begins at 1"),
        (r#""counter":3"#, r#""counter":-1"#, "invalid value"),
        (r#""kv":1"#, r#""kv":0"#, "`kv` begins at 1"),
        (
            "\"check.look\"",
            "\"check\u{202e}look\"",
            "a control character is not allowed",
        ),
        (
            r#""body":"07"#,
            r#""body":"0G"#,
            "not 64 lower-case hex digits",
        ),
        (
            r#","body":"#,
            r#","open":{},"body":"#,
            "exactly one of `body` and `open` must be present",
        ),
        ("}", "} ", ""),
    ];
    for (from, to, sentence) in table {
        let found = opened(|payload| payload.replacen(from, to, 1));
        match found {
            Ok(()) => assert!(sentence.is_empty(), "{to} was taken"),
            Err(found) => assert!(
                !sentence.is_empty() && found.contains(sentence),
                "{to}: {found}"
            ),
        }
    }
    let neither = opened(|payload| payload.split(",\"body\"").next().unwrap().to_string() + "}");
    assert_eq!(
        neither.unwrap_err(),
        "exactly one of `body` and `open` must be present"
    );
    let array =
        opened(|payload| payload.split("\"body\"").next().unwrap().to_string() + "\"open\":[]}");
    assert!(array.unwrap_err().contains("`open` must be an object"));
    let trailing = opened(|payload| payload + "x");
    assert!(
        trailing
            .unwrap_err()
            .contains("something follows the object")
    );
}

#[test]
fn an_envelope_of_another_shape_is_refused() {
    let good = envelope();
    let signature = good
        .split("\"signatures\":[")
        .nth(1)
        .unwrap()
        .trim_end_matches("]}")
        .to_string();
    let refused = |text: String| envelope::open(text.as_bytes()).unwrap_err();
    let twice = good.replace(&signature, &format!("{signature},{signature}"));
    assert_eq!(refused(twice), EnvelopeError::SignatureCount { found: 2 });
    assert_eq!(
        refused(good.replace(&signature, "")),
        EnvelopeError::SignatureCount { found: 0 }
    );
    assert!(matches!(
        refused(good.replace("vnd.coldproof", "vnd.other")),
        EnvelopeError::PayloadType { .. }
    ));
    assert!(matches!(
        refused(good.replace("{\"payloadType\"", "{\"x\":1,\"payloadType\"")),
        EnvelopeError::Members { .. }
    ));
    assert!(matches!(
        refused(good.replace("\"keyid\"", "\"x\":1,\"keyid\"")),
        EnvelopeError::Members { .. }
    ));
    assert!(matches!(
        refused(good.clone() + "{}"),
        EnvelopeError::Strict { .. }
    ));
    assert!(matches!(
        refused(" ".repeat(ENVELOPE_BYTES_MAX) + &good),
        EnvelopeError::Strict { .. }
    ));
    assert_eq!(
        refused(good.replace("==\"", "\"")),
        EnvelopeError::Base64 { part: "signature" }
    );
}

#[test]
fn a_signature_by_another_key_or_over_other_bytes_is_refused() {
    let other = envelope::sign_payload(payload().as_bytes(), &log_key());
    assert_eq!(envelope::open(&other), Err(EnvelopeError::OtherKey));
    let signature = envelope().split("\"sig\":\"").nth(1).unwrap()[..88].to_string();
    let changed = STANDARD.encode(payload().replace("\"counter\":3", "\"counter\":4"));
    let forged = envelope().replace(&STANDARD.encode(payload()), &changed);
    assert!(forged.contains(&signature));
    assert_eq!(
        envelope::open(forged.as_bytes()),
        Err(EnvelopeError::Key(KeyRefused::BadSignature))
    );
    assert_eq!(
        envelope::sign(&look(), &log_key()),
        Err(EnvelopeError::OtherKey)
    );
}

#[test]
fn a_weak_key_signs_nothing() {
    let weak = "0".repeat(64);
    let key = look().key.to_string();
    let text = payload().replace(&key, &weak);
    let signed = String::from_utf8(envelope::sign_payload(text.as_bytes(), &device_key()))
        .unwrap()
        .replace(&key, &weak);
    assert_eq!(
        envelope::open(signed.as_bytes()),
        Err(EnvelopeError::Key(KeyRefused::Weak))
    );
}

#[test]
fn a_commitment_is_the_hash_of_salt_and_body() {
    let beside = Beside {
        salt: [0x5a; 32],
        body: b"{}".to_vec(),
    };
    let mut bytes = vec![0x5a; 32];
    bytes.extend(b"{}");
    assert_eq!(beside.commitment(), Digest::of(&bytes));
}

fn entry() -> Entry {
    let pack = |name: &str| format!("{name}@1.0.0:{}", Digest([3; 32]));
    Entry {
        at_ms: 1_634_846_400_123,
        statement: envelope().into_bytes(),
        outcome: br#"{"admitted":true}"#.to_vec(),
        packs: vec![pack("base"), pack("us-industry")],
    }
}

#[test]
fn an_entry_reads_back_and_keeps_the_bytes_of_its_outcome() {
    let entry = Entry {
        outcome: br#"{ "admitted" : true }"#.to_vec(),
        ..entry()
    };
    assert_eq!(Entry::read(&entry.write().unwrap()), Ok(entry));
}

/// Every readable report is taken, so no statement within its limit may be too long for an entry.
#[test]
fn the_longest_statement_with_the_longest_outcome_and_the_most_packs_fits() {
    let filled = OUTCOME_BYTES_MAX - r#"{"a":""}"#.len();
    let outcome = format!(r#"{{"a":"{}"}}"#, "x".repeat(filled)).into_bytes();
    let hash = Digest([0xff; 32]).to_string();
    let name = |i: usize| format!("{i:02}{}", "p".repeat(PACK_BYTES_MAX - 2 - 3 - 64));
    let packs = (0..PACKS_MAX)
        .map(|i| format!("{}@1:{hash}", name(i)))
        .collect();
    let longest = Entry {
        at_ms: (1 << 53) - 1,
        statement: vec![0xff; ENVELOPE_BYTES_MAX],
        outcome: outcome.clone(),
        packs,
    };
    assert_eq!(longest.packs[0].len(), PACK_BYTES_MAX);
    assert!(longest.write().is_ok());
    let longer = Entry {
        statement: vec![0xff; ENVELOPE_BYTES_MAX + 1],
        ..longest.clone()
    };
    assert_eq!(longer.write(), Err(EntryError::Statement));
    let longer = Entry {
        outcome: [outcome, b" ".to_vec()].concat(),
        ..longest
    };
    assert!(
        longer.write().is_ok(),
        "white space after the outcome is not part of it"
    );
}

#[test]
fn an_entry_that_says_anything_else_is_refused() {
    let good = String::from_utf8(entry().write().unwrap()).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        Entry::read(good.replacen(from, to, 1).as_bytes()).unwrap_err()
    };
    assert_eq!(refused(r#""v":1"#, r#""v":2"#), EntryError::Version(2));
    assert!(matches!(
        refused(r#""v":1"#, r#""v":1,"x":1"#),
        EntryError::Members(_)
    ));
    assert!(matches!(
        refused(r#""at":1634846400123"#, r#""at":null"#),
        EntryError::Strict(_)
    ));
    assert_eq!(
        refused(r#""at":1634846400123"#, r#""at":-1"#),
        EntryError::Time
    );
    assert_eq!(refused(r#"{"admitted":true}"#, "[]"), EntryError::Outcome);
    assert!(matches!(
        refused(r#"{"admitted":true}"#, r#"{"a":1,"a":2}"#),
        EntryError::Strict(_)
    ));
    assert_eq!(refused("\"base@", "\"zzz@"), EntryError::Packs);
    assert_eq!(refused("us-industry@", "base@"), EntryError::Packs);
    assert_eq!(refused("base@1.0.0:", "base:"), EntryError::Packs);
    assert_eq!(
        refused("\"statement\":\"", "\"statement\":\"*"),
        EntryError::Statement
    );
    assert!(matches!(refused("{", "[{"), EntryError::Strict(_)));
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic_and_never_open(
        at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let good = envelope().into_bytes();
        let mut changed = good.clone();
        let at = at.index(good.len());
        changed[at] = byte;
        if let Ok(signed) = envelope::open(&changed) {
            prop_assert_eq!(signed.header, look(), "the same statement in other white space at most");
        }
        let cut = cut.index(good.len());
        prop_assert!(envelope::open(&good[..cut]).is_err());
        let _ = Entry::read(&changed);
        let _ = Header::read(&changed);
    }
}
