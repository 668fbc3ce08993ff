//! Erased bodies: gone from every read, and their bytes from every file.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use ledger::entry::Entry;
use ledger::envelope::{self, Content};
use ledger::{Beside, Digest};
use store::{Append, AppendError, Log, SqliteArchive, SqliteLog};

use crate::world::{append, at_ms, create, fill, header, id, log_key, open, verify};

/// Bytes of a canary or a salt that tell it from all others.
const MARK: usize = 20;

/// What only the body of statement `n` holds.
fn canary(n: u64) -> String {
    format!("{n:04}-canary-{}", Digest::of(&n.to_be_bytes()))
}

/// A body of any length between a hundred bytes and several pages, with its canary at both ends and in the middle.
fn told(n: u64) -> (Append, Digest) {
    let length = [10, 100, 700, 1_900, 3_000, 5_000, 20_000, 55_000]
        [usize::from(Digest::of(&n.to_le_bytes()).0[0] % 8)];
    let words = "x".repeat(length);
    let (c, half) = (canary(n), length / 2);
    let body = format!(
        r#"{{"a":"{c}","b":"{}{c}{}","c":"{c}"}}"#,
        &words[..half],
        &words[half..]
    );
    let beside = Beside {
        salt: Digest::of(canary(n).as_bytes()).0,
        body: body.into_bytes(),
    };
    let statement =
        envelope::sign(&header(n, Content::Beside(beside.commitment())), &log_key()).unwrap();
    let signed = envelope::open(&statement).unwrap();
    let entry = Entry {
        at_ms: at_ms(n),
        statement,
        outcome: br#"{"admitted":true}"#.to_vec(),
        packs: vec![],
    };
    (
        Append::new(&signed, &entry, Some(beside)).unwrap(),
        signed.id,
    )
}

/// The bodies of which a canary or the salt stands in any file of the folder.
fn left(folder: &Path) -> BTreeSet<u64> {
    let mut marks = HashMap::new();
    for n in 0..300_u64 {
        let canary = canary(n).into_bytes();
        marks.insert(canary[..MARK].to_vec(), n);
        marks.insert(Digest::of(&canary).0[..MARK].to_vec(), n);
    }
    let first: BTreeSet<u8> = marks.keys().map(|mark| mark[0]).collect();
    let mut found = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for at in 0..bytes.len().saturating_sub(MARK) {
            if first.contains(&bytes[at])
                && let Some(n) = marks.get(&bytes[at..at + MARK])
            {
                found.insert(*n);
            }
        }
    }
    found
}

#[test]
fn after_erasing_no_file_holds_the_body_or_its_salt() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let ids: Vec<Digest> = (0..300)
        .map(|n| {
            let (append, id) = told(n);
            log.append(n, vec![append]).unwrap();
            id
        })
        .collect();
    let mut erased = BTreeSet::new();
    let mut state = 7_u64;
    for round in 0..24 {
        let mut some = Vec::new();
        for _ in 0..=round % 6 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let n = (state >> 33) % 300;
            erased.insert(n);
            some.push(ids[usize::try_from(n).unwrap()]);
        }
        let done = log.erase(&some).unwrap();
        assert!(done.is_out_of_files);
        assert_eq!(log.erase(&some).unwrap().bodies, 0, "twice is once");
        if round % 8 == 7 {
            let left = left(folder.path());
            assert!(left.is_disjoint(&erased), "round {round}");
            assert_eq!(left.len() + erased.len(), 300, "the others are there");
        }
    }
    for n in 0..300 {
        let body = log.body(&ids[usize::try_from(n).unwrap()]).unwrap();
        assert_eq!(body.is_none(), erased.contains(&n), "body {n}");
        assert_eq!(log.read(n, n + 1).unwrap()[0].beside, body);
    }
    drop(log);
    let report = verify(folder.path()).unwrap();
    assert_eq!(report.bodies_withheld, erased.len() as u64);
    assert_eq!(open(folder.path()).unwrap().head().size, 300);
}

#[test]
fn a_reader_with_an_old_view_keeps_the_bytes_and_erasing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    fill(&log, 0, 3);
    let (append, told) = told(3);
    log.append(3, vec![append]).unwrap();
    let reader = SqliteArchive::open(folder.path()).unwrap();
    reader.read(0, 9).unwrap();
    let done = log.erase(&[told]).unwrap();
    assert_eq!((done.bodies, done.is_out_of_files), (1, false));
    assert_eq!(
        log.body(&told).unwrap(),
        None,
        "nobody who reads now sees it"
    );
    drop(reader);
    let done = log.erase(&[told]).unwrap();
    assert_eq!((done.bodies, done.is_out_of_files), (0, true));
    assert!(left(folder.path()).is_empty());
}

#[test]
fn too_many_at_once_are_refused_and_nothing_is_erased() {
    let folder = tempfile::tempdir().unwrap();
    let log: SqliteLog = create(folder.path());
    log.append(0, vec![append(0), append(1)]).unwrap();
    assert_eq!(log.erase(&vec![id(1); 4_097]), Err(AppendError::TooLarge));
    assert!(log.body(&id(1)).unwrap().is_some());
}

#[test]
fn opening_finishes_an_erasure_that_a_reader_was_in_the_way_of() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let (append, told) = told(0);
    log.append(0, vec![append]).unwrap();
    let reader = SqliteArchive::open(folder.path()).unwrap();
    reader.read(0, 9).unwrap();
    assert!(!log.erase(&[told]).unwrap().is_out_of_files);
    // As a kill leaves it: nothing was closed, so the write-ahead log is as it was.
    for name in ["record.sqlite", "record.sqlite-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(left(copy.path()), BTreeSet::from([0]));
    let again = open(copy.path()).unwrap();
    assert_eq!(again.head().size, 1);
    assert!(left(copy.path()).is_empty());
}
