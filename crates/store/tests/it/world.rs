//! Statements, entries and keys for tests; everything from a number, nothing from a clock.

use std::io::Write as _;
use std::path::Path;

use ed25519_dalek::SigningKey;
use ledger::checkpoint::Origin;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown, Signed};
use ledger::merkle::EMPTY_ROOT;
use ledger::note::VerifierKey;
use ledger::verify::{Fault, Keyring, Report, Verifier};
use ledger::{Beside, Digest, PublicKey};
use store::{Append, Log, OpenError, Signer, SqliteArchive, SqliteLog};

pub(crate) const ORIGIN: &str = "ranch.example/prairie/2021-7f3a";

pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

pub(crate) fn origin() -> Origin {
    ORIGIN.parse().unwrap()
}

pub(crate) fn verifier_key() -> VerifierKey {
    origin().verifier(PublicKey::of(&log_key())).unwrap()
}

pub(crate) fn signer() -> Signer {
    let key = log_key();
    Box::new(move |head| head.sign(&key).map_err(|error| error.to_string()))
}

pub(crate) fn create(folder: &Path) -> SqliteLog {
    SqliteLog::create(folder, &verifier_key(), signer()).unwrap()
}

pub(crate) fn open(folder: &Path) -> Result<SqliteLog, OpenError> {
    SqliteLog::open(folder, &verifier_key(), signer())
}

/// The statement with number `n` of the one key that signs in these tests.
pub(crate) fn header(n: u64, content: Content) -> Header {
    Header {
        origin: ORIGIN.into(),
        kind: "sample.record".into(),
        kv: 1,
        person: Digest::ZERO,
        key: PublicKey::of(&log_key()),
        counter: n + 1,
        prev: Digest::ZERO,
        at_ms: 1_634_846_400_000,
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

pub(crate) fn at_ms(n: u64) -> i64 {
    1_634_846_400_000 + i64::try_from(n).unwrap()
}

/// Statement `n`, with a body beside; every fifth is open.
pub(crate) fn append(n: u64) -> Append {
    append_at(n, at_ms(n))
}

pub(crate) fn append_at(n: u64, at_ms: i64) -> Append {
    let (signed, entry, beside) = parts(n, at_ms);
    Append::new(&signed, &entry, beside).unwrap()
}

pub(crate) fn parts(n: u64, at_ms: i64) -> (Signed, Entry, Option<Beside>) {
    let body = format!(r#"{{"n":{n},"said":"{}"}}"#, "six empty ".repeat(20)).into_bytes();
    let (content, beside) = if n.is_multiple_of(5) {
        (Content::Open(body), None)
    } else {
        let salt = Digest::of(&n.to_le_bytes()).0;
        let beside = Beside { salt, body };
        (Content::Beside(beside.commitment()), Some(beside))
    };
    let statement = envelope::sign(&header(n, content), &log_key()).unwrap();
    let signed = envelope::open(&statement).unwrap();
    let entry = Entry {
        at_ms,
        statement,
        outcome: br#"{"admitted":true}"#.to_vec(),
        packs: vec![],
    };
    (signed, entry, beside)
}

pub(crate) fn id(n: u64) -> Digest {
    parts(n, 0).0.id
}

/// Fills a log with entries `from..to`, one batch each.
pub(crate) fn fill(log: &dyn Log, from: u64, to: u64) {
    for n in from..to {
        log.append(n, vec![append(n)]).unwrap();
    }
}

/// Says loudly that something was not tried here, and why: on the error output, and in the file that `./check` shows.
pub(crate) fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
    let Some(file) = std::env::var_os("COLDPROOF_SKIPPED") else {
        return;
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(file)
        .unwrap();
    writeln!(file, "SKIPPED: {why}").unwrap();
}

struct OwnKey;

impl Keyring for OwnKey {
    fn may_sign(&mut self, _: u64, statement: &Signed) -> Result<(), String> {
        if statement.header.key == PublicKey::of(&log_key()) {
            Ok(())
        } else {
            Err("a stranger's key".into())
        }
    }

    fn learn(&mut self, _: u64, _: &Entry, _: &Signed, _: Option<&Beside>) -> Result<(), String> {
        Ok(())
    }
}

/// Verifies the file as `coldproof verify` would: signatures, order, bodies, root, from the bytes.
pub(crate) fn verify(folder: &Path) -> Result<Report, Fault> {
    let archive = SqliteArchive::open(folder).unwrap();
    let mut verifier = Verifier::new(&origin(), PublicKey::of(&log_key()), OwnKey).unwrap();
    let mut from = 0;
    loop {
        let some = archive.read(from, u64::MAX).unwrap();
        if some.is_empty() {
            break;
        }
        for one in some {
            verifier.push(&one.entry, one.beside.as_ref())?;
            from = one.index + 1;
        }
    }
    let notes = archive.checkpoints(0).unwrap();
    verifier.finish(
        &archive.note().unwrap(),
        notes.iter().map(|(_, note)| note.as_str()),
    )
}
