//! The worked sample of `docs/formats/`: made again from fixed keys and compared with the files byte for byte, then read
//! from the files alone. The files are a promise; nothing rewrites them.

use std::fs;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::{self, Beside, Content, Header, SeenHead, Shown};
use ledger::merkle::{EMPTY_ROOT, Frontier, leaf_hash};
use ledger::note::VerifierKey;
use ledger::verify::Verifier;
use ledger::{Digest, PublicKey};

use crate::world::{Keys, ORIGIN, device_key, log_key, origin};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/formats/golden")
        .join(name)
}

fn file(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{}: {error}", path(name).display()))
}

/// Compares, and on a difference leaves what was made in the target folder for a person to look at.
#[track_caller]
fn same(name: &str, made: &[u8]) {
    let found = fs::read(path(name)).unwrap_or_default();
    if found != made {
        let beside = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&beside, made).unwrap();
        panic!(
            "`{name}` is not what the code makes; that is in {}",
            beside.display()
        );
    }
}

fn header(kind: &str, person: Digest, key: &SigningKey, at_ms: i64, content: Content) -> Header {
    Header {
        origin: ORIGIN.into(),
        kind: kind.into(),
        kv: 1,
        person,
        key: PublicKey::of(key),
        counter: 1,
        prev: Digest::ZERO,
        at_ms,
        head: SeenHead {
            size: 0,
            root: EMPTY_ROOT,
            at_ms: 0,
        },
        shown: Shown {
            lang: "en".into(),
            words: 1,
        },
        shared: false,
        content,
    }
}

/// A header and the entry it became.
type Sample = (Header, Vec<u8>);

/// Bodies are of no real kind: the log does not look into them.
fn samples() -> (Sample, Sample, Beside) {
    let open = format!(r#"{{"enrol":"{}"}}"#, PublicKey::of(&device_key())).into_bytes();
    let first = header(
        "sample.open",
        Digest::ZERO,
        &log_key(),
        1_634_846_400_000,
        Content::Open(open),
    );
    let id = Digest::of(&first.write().unwrap());
    let beside = Beside {
        salt: [0x5a; 32],
        body: br#"{"empty":6,"said":"six empty, bore clear"}"#.to_vec(),
    };
    let content = Content::Beside(beside.commitment());
    let mut second = header(
        "sample.record",
        id,
        &device_key(),
        1_634_846_460_000,
        content,
    );
    second.head = SeenHead {
        size: 1,
        root: leaf_hash(&entry(&first, &log_key(), 400_250)),
        at_ms: 1_634_846_400_250,
    };
    let entries = (
        entry(&first, &log_key(), 400_250),
        entry(&second, &device_key(), 460_500),
    );
    ((first, entries.0), (second, entries.1), beside)
}

fn entry(header: &Header, key: &SigningKey, at_ms: i64) -> Vec<u8> {
    let statement = envelope::sign(header, key).unwrap();
    let outcome = br#"{"sample":true}"#.to_vec();
    let packs = vec![format!("base@1.0.0:{}", Digest::of(b"base"))];
    Entry {
        at_ms: 1_634_846_000_000 + at_ms,
        statement,
        outcome,
        packs,
    }
    .write()
    .unwrap()
}

#[test]
fn the_samples_of_the_format_pages_are_what_the_code_writes() {
    let (open, record, beside) = samples();
    for (name, (header, entry)) in [("open", &open), ("record", &record)] {
        same(&format!("{name}.payload.json"), &header.write().unwrap());
        same(
            &format!("{name}.envelope.json"),
            &Entry::read(entry).unwrap().statement,
        );
        same(&format!("{name}.entry.json"), entry);
    }
    same("record.body.json", &beside.body);
    same("record.salt", &beside.salt);
    let mut frontier = Frontier::new();
    frontier.append(leaf_hash(&open.1));
    frontier.append(leaf_hash(&record.1));
    let checkpoint = Checkpoint {
        origin: origin(),
        size: 2,
        root: frontier.root(),
    };
    same(
        "checkpoint",
        checkpoint.sign(&log_key()).unwrap().as_bytes(),
    );
    let note = checkpoint.sign(&log_key()).unwrap();
    let with_epoch = ledger::epoch::with_epoch(&note, &checkpoint, 3, &log_key()).unwrap();
    same("checkpoint.epoch", with_epoch.as_bytes());
    let key = origin().verifier(PublicKey::of(&log_key())).unwrap();
    same("log.vkey", format!("{key}\n").as_bytes());
}

#[test]
fn the_sample_verifies_from_its_files_alone() {
    let text = String::from_utf8(file("log.vkey")).unwrap();
    let key: VerifierKey = text.trim_end().parse().unwrap();
    let origin = key.name().parse().unwrap();
    let mut verifier = Verifier::new(&origin, key.key(), Keys(vec![key.key()])).unwrap();
    let beside = Beside {
        salt: file("record.salt").try_into().unwrap(),
        body: file("record.body.json"),
    };
    verifier.push(&file("open.entry.json"), None).unwrap();
    verifier
        .push(&file("record.entry.json"), Some(&beside))
        .unwrap();
    let note = String::from_utf8(file("checkpoint")).unwrap();
    let report = verifier.finish(&note, []).unwrap();
    assert_eq!(
        (report.checkpoint.size, report.bodies, report.gaps),
        (2, 1, 0)
    );
}

#[test]
fn the_pages_quote_the_samples() {
    let page = |name: &str| fs::read_to_string(path("..").join(name)).unwrap();
    let quoted = |name: &str, file_name: &str| {
        let sample = String::from_utf8(file(file_name)).unwrap();
        assert!(
            page(name).contains(sample.trim_end()),
            "{name} does not quote {file_name}"
        );
    };
    for sample in [
        "record.payload.json",
        "record.envelope.json",
        "record.body.json",
    ] {
        quoted("statement.md", sample);
    }
    quoted("entry.md", "record.entry.json");
    quoted("log.md", "checkpoint");
    quoted("receipt.md", "checkpoint.epoch");
    quoted("log.md", "log.vkey");
    let id = Digest::of(&file("record.payload.json")).to_string();
    assert!(page("statement.md").contains(&id));
    let leaf = leaf_hash(&file("record.entry.json")).to_string();
    assert!(page("entry.md").contains(&leaf));
}
