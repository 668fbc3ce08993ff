//! Signed notes and checkpoints, with samples that other implementations publish.

use ed25519_dalek::SigningKey;
use ledger::checkpoint::{Checkpoint, CheckpointError, Origin};
use ledger::note::{self, NoteError, VerifierKey};
use ledger::{Digest, KeyRefused, PublicKey};

/// The sample of Go's `sumdb/note`.
const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn sofa() -> (SigningKey, Origin) {
    (
        SigningKey::from_bytes(&[5; 32]),
        "ranch.example/behind-the-sofa/2026-0a1b".parse().unwrap(),
    )
}

#[test]
fn the_sample_of_another_implementation_opens() {
    let key: VerifierKey = VKEY.parse().unwrap();
    assert_eq!(key.to_string(), VKEY);
    let text = note::open(NOTE, &key).unwrap();
    assert!(text.ends_with("your problem is.\n"), "{text}");
    let second: VerifierKey =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
            .parse()
            .unwrap();
    let sample = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    assert_eq!(
        note::open(sample, &second),
        Ok("This is an example message.\n")
    );
}

#[test]
fn signatures_by_strangers_are_passed_over_and_a_bad_one_by_the_key_refuses_all() {
    let key: VerifierKey = VKEY.parse().unwrap();
    let stranger = "— someone.else x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert!(note::open(&format!("{NOTE}{stranger}"), &key).is_ok());
    let only_stranger = NOTE.replace("— PeterNeumann", "— SomeoneElse");
    assert_eq!(note::open(&only_stranger, &key), Err(NoteError::NotSigned));
    assert_eq!(
        note::open(&NOTE.replace("answer", "question"), &key),
        Err(NoteError::Key(KeyRefused::BadSignature))
    );
    let bad_second = NOTE
        .split("\n\n")
        .nth(1)
        .unwrap()
        .replace("wJnAM=", "wJnAA=");
    assert_eq!(
        note::open(&format!("{NOTE}{bad_second}"), &key),
        Err(NoteError::Key(KeyRefused::BadSignature))
    );
}

#[test]
fn notes_that_are_not_notes_are_refused() {
    let key: VerifierKey = VKEY.parse().unwrap();
    let line = NOTE.split("\n\n").nth(1).unwrap();
    for (bad, why) in [
        (String::new(), NoteError::Signatures),
        ("text\n".to_string(), NoteError::Signatures),
        (format!("text\n{line}"), NoteError::Signatures),
        (NOTE.trim_end().to_string(), NoteError::Signatures),
        (format!("{NOTE}\n"), NoteError::Signatures),
        (NOTE.replace("— ", "- "), NoteError::Signatures),
        (NOTE.replace("— ", "\u{2014}\u{a0}"), NoteError::Signatures),
        (NOTE.replace("problem,", "problem,\r"), NoteError::Text),
        (NOTE.replace("problem,", "problem,\t"), NoteError::Text),
        (format!("\n\n{line}"), NoteError::Text),
        (format!("{NOTE}{}", line.repeat(40)), NoteError::TooLong),
        (format!("{NOTE}{}", "— a/b AAAA\n"), NoteError::Signatures),
    ] {
        assert_eq!(note::open(&bad, &key), Err(why), "{bad}");
    }
}

#[test]
fn verifier_keys_that_do_not_hold_together_are_refused() {
    for bad in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpcpQcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    assert_eq!(
        VerifierKey::new("a", PublicKey([0; 32])),
        Err(NoteError::Key(KeyRefused::Weak))
    );
}

#[test]
fn a_checkpoint_reads_back_and_only_in_its_one_spelling() {
    let (signing, origin) = sofa();
    let key = origin.verifier(PublicKey::of(&signing)).unwrap();
    assert_eq!(key.to_string().parse(), Ok(key.clone()));
    let checkpoint = Checkpoint {
        origin,
        size: 20_852_163,
        root: Digest([0x0a; 32]),
    };
    let signed = checkpoint.sign(&signing).unwrap();
    assert_eq!(Checkpoint::open(&signed, &key), Ok(checkpoint.clone()));
    let text = checkpoint.text();
    for bad in [
        text.replace("20852163", "020852163"),
        text.replace("20852163", "+20852163"),
        text.replace("20852163", "-1"),
        text.replace("20852163", "99999999999999999999"),
        text.replace("20852163", ""),
        text.replace("Cgo=", "Cgo"),
        text.replace("Cgo=", "Cgp="),
        format!("{text}extension\n"),
        format!("{text}\n"),
        text.trim_end().to_string(),
        text.replace("ranch", "ran ch"),
    ] {
        assert_eq!(
            Checkpoint::parse(&bad),
            Err(CheckpointError::Lines),
            "{bad}"
        );
    }
}

#[test]
fn a_checkpoint_of_another_log_under_this_logs_key_name_is_refused() {
    let (signing, origin) = sofa();
    let key = origin.verifier(PublicKey::of(&signing)).unwrap();
    let other = Checkpoint {
        origin: "other.example/x/2026-1".parse().unwrap(),
        size: 0,
        root: Digest::ZERO,
    };
    let forged = note::sign(&other.text(), origin.as_str(), &signing).unwrap();
    assert_eq!(
        Checkpoint::open(&forged, &key),
        Err(CheckpointError::OtherLog)
    );
}

#[test]
fn an_origin_has_no_space_and_no_plus() {
    for bad in [
        "",
        "a b",
        "a+b",
        "a\u{2003}b",
        "a\nb",
        "a\u{7f}",
        &"x".repeat(201),
    ] {
        assert!(bad.parse::<Origin>().is_err(), "{bad}");
    }
    assert!("ranch.example/prairie/2021-7f3a".parse::<Origin>().is_ok());
}
