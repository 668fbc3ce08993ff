//! A file that is not what was written. Each test says what of it can be seen from the file alone.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use store::{Log, OpenError, SqliteArchive};

use crate::world::{create, fill, open, verify};

fn file(folder: &Path) -> PathBuf {
    folder.join("record.sqlite")
}

/// A record of `n` entries, closed, in one file.
fn record(n: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fill(&create(folder.path()), 0, n);
    assert!(!folder.path().join("record.sqlite-wal").exists());
    folder
}

#[track_caller]
fn refused(folder: &Path) -> String {
    open(folder)
        .map(|log| log.head().size)
        .unwrap_err()
        .to_string()
}

/// Changes the file by SQL, as somebody with a tool would.
fn sql(folder: &Path, sql: &str) {
    let connection = Connection::open(file(folder)).unwrap();
    connection.execute_batch("PRAGMA foreign_keys=OFF").unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn one_flipped_bit_anywhere_is_seen_or_changes_nothing() {
    let folder = record(12);
    let good = fs::read(file(folder.path())).unwrap();
    let whole = verify(folder.path()).unwrap();
    let (mut seen, mut harmless) = (0, 0);
    let tried = flips(400).min(good.len());
    for at in (0..tried).map(|number| number * good.len() / tried) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(file(folder.path()), &bad).unwrap();
        match open(folder.path()) {
            Err(_) => seen += 1,
            Ok(log) => {
                // Unused bytes of a page, or what opening makes again: everything signed must still be whole.
                drop(log);
                assert_eq!(verify(folder.path()).as_ref(), Ok(&whole), "byte {at}");
                harmless += 1;
            }
        }
        for extra in ["record.sqlite-wal", "record.sqlite-shm"] {
            fs::remove_file(folder.path().join(extra)).ok();
        }
    }
    println!(
        "{tried} flips of a bit in a database of {} bytes: {seen} refused, {harmless} in unused bytes or in what is made again, none signed",
        good.len()
    );
    assert!(seen > harmless / 2);
}

#[test]
fn every_flipped_bit_of_one_entry_is_seen_and_the_entry_named() {
    let folder = record(6);
    let good = fs::read(file(folder.path())).unwrap();
    let needle = b"{\"v\":1,\"at\":1634846400003";
    let at = good
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap();
    for offset in (0..900).step_by(7) {
        let mut bad = good.clone();
        bad[at + offset] ^= 1 << (offset % 8);
        fs::write(file(folder.path()), &bad).unwrap();
        let sentence = refused(folder.path());
        assert!(sentence.contains("entry 3"), "{offset}: {sentence}");
    }
}

#[test]
fn a_cut_off_file_is_refused() {
    let folder = record(12);
    let good = fs::read(file(folder.path())).unwrap();
    for length in [
        1,
        50,
        100,
        4096,
        good.len() / 2,
        good.len() - 4096,
        good.len() - 1,
    ] {
        fs::write(file(folder.path()), &good[..length]).unwrap();
        let error = open(folder.path()).unwrap_err();
        assert!(
            !matches!(error, OpenError::Missing { .. }),
            "{length}: {error}"
        );
    }
    fs::write(file(folder.path()), b"").unwrap();
    assert!(refused(folder.path()).ends_with("is empty: it was cut to nothing, bring back a copy"));
    fs::write(file(folder.path()), vec![b'x'; 8192]).unwrap();
    assert_eq!(
        refused(folder.path()),
        "the record's file is damaged: file is not a database"
    );
    fs::remove_file(file(folder.path())).unwrap();
    assert!(matches!(
        open(folder.path()),
        Err(OpenError::Missing { .. })
    ));
}

#[test]
fn another_programs_database_and_a_later_format_are_refused() {
    let folder = record(1);
    sql(folder.path(), "PRAGMA user_version = 2");
    assert!(refused(folder.path()).contains("it has version 2 of the format"));
    sql(folder.path(), "PRAGMA application_id = 7");
    assert!(refused(folder.path()).contains("it was not made by this program"));
}

#[test]
fn edits_with_a_tool_are_refused_where_they_were_made() {
    let table = [
        (
            "DELETE FROM entry WHERE idx = 4; DELETE FROM body WHERE idx = 4",
            "entry 4 is missing from the record",
        ),
        (
            "DELETE FROM entry WHERE idx = 11; DELETE FROM body WHERE idx = 11",
            "the record is not what was signed: entry 11 and all after it are missing: the checkpoint covers 12 entries",
        ),
        (
            "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'true', 'false') AS BLOB) WHERE idx = 4",
            "the record is not what was signed: entry 4: not what was signed into the log",
        ),
        (
            "UPDATE entry SET idx = 100 WHERE idx = 4; UPDATE entry SET idx = 4 WHERE idx = 5;
             UPDATE entry SET idx = 5 WHERE idx = 100",
            "entry 4: a body lies beside it that cannot belong to it",
        ),
        (
            "UPDATE body SET body = CAST(replace(CAST(body AS TEXT), 'six', 'two') AS BLOB) WHERE idx = 4",
            "entry 4: the body beside it is not the one that was signed",
        ),
        (
            "UPDATE body SET salt = randomblob(32) WHERE idx = 4",
            "entry 4: the body beside it is not the one that was signed",
        ),
        (
            "UPDATE entry SET statement_id = randomblob(32) WHERE idx = 4",
            "entry 4: it is kept under the id of another statement",
        ),
        (
            "UPDATE head SET note = replace(note, '12', '11')",
            "the record's signed head does not hold: the signature of the note does not hold: \
             the signature does not fit the key and the bytes",
        ),
        (
            "DELETE FROM head",
            "the record's file is damaged: its signed head is gone",
        ),
        (
            "UPDATE head SET note = (SELECT note FROM checkpoint WHERE size = 7)",
            "the record is not what was signed: entry 7 and all after it are not covered by the signed checkpoint",
        ),
        (
            "INSERT INTO entry SELECT idx + 1, bytes, randomblob(32) FROM entry WHERE idx = 11",
            "entry 12: it is kept under the id of another statement",
        ),
        (
            "INSERT INTO body SELECT idx + 90, salt, body FROM body WHERE idx = 11",
            "the record's file is damaged: it holds rows that belong to no entry",
        ),
        (
            "DROP TABLE entry",
            "the database refused to read the entries",
        ),
    ];
    for (edit, sentence) in table {
        let folder = record(12);
        sql(folder.path(), edit);
        assert_eq!(refused(folder.path()), sentence, "{edit}");
    }
}

#[test]
fn what_follows_from_the_entries_is_made_again() {
    for edit in [
        "UPDATE head SET frontier = x''",
        "UPDATE head SET frontier = randomblob(64), root = randomblob(32)",
        "UPDATE head SET size = 3, at = 0",
        "DELETE FROM checkpoint WHERE size BETWEEN 2 AND 9",
    ] {
        let folder = record(12);
        sql(folder.path(), edit);
        let log = open(folder.path()).unwrap();
        assert_eq!(log.head().size, 12, "{edit}");
        fill(&log, 12, 15);
        drop(log);
        assert_eq!(verify(folder.path()).unwrap().checkpoint.size, 15, "{edit}");
    }
}

#[test]
fn a_body_left_out_of_a_copy_does_not_close_it() {
    let folder = record(12);
    sql(folder.path(), "DELETE FROM body WHERE idx = 4");
    assert_eq!(open(folder.path()).unwrap().head().size, 12);
    assert_eq!(verify(folder.path()).unwrap().bodies_withheld, 1);
}

/// A write-ahead log cut short takes back the commits in the part that is gone. What remains is a properly signed older
/// record, so the file alone cannot tell; a receipt can.
#[test]
fn a_truncated_write_ahead_log_gives_an_older_signed_record_that_a_receipt_unmasks() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    fill(&log, 0, 12);
    let receipt = log.head();
    let wal = fs::read(folder.path().join("record.sqlite-wal")).unwrap();
    fs::copy(file(folder.path()), file(copy.path())).unwrap();
    let mut sizes = vec![];
    for part in (0..=10).rev() {
        fs::write(
            copy.path().join("record.sqlite-wal"),
            &wal[..wal.len() * part / 10],
        )
        .unwrap();
        let size = open(copy.path()).map(|log| {
            let known = log.root_at(receipt.size).unwrap();
            assert_eq!(known.is_some(), known == Some(receipt.root));
            assert_eq!(
                known.is_none(),
                log.head().size < receipt.size,
                "the receipt tells"
            );
            log.head().size
        });
        sizes.push(size.unwrap());
        for extra in ["record.sqlite-wal", "record.sqlite-shm"] {
            fs::remove_file(copy.path().join(extra)).ok();
        }
        fs::copy(file(folder.path()), file(copy.path())).unwrap();
    }
    assert_eq!((sizes[0], sizes[10]), (12, 0));
    assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
}

#[test]
fn a_damaged_write_ahead_log_never_gives_a_head_that_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    fill(&log, 0, 6);
    let wal = fs::read(folder.path().join("record.sqlite-wal")).unwrap();
    let tried = flips(60).min(wal.len());
    let mut older = 0;
    for at in (0..tried).map(|number| number * wal.len() / tried) {
        fs::copy(file(folder.path()), file(copy.path())).unwrap();
        let mut bad = wal.clone();
        bad[at] ^= 0x10;
        fs::write(copy.path().join("record.sqlite-wal"), &bad).unwrap();
        if let Ok(log) = open(copy.path()) {
            assert!(log.head().size <= 6);
            older += usize::from(log.head().size < 6);
            drop(log);
            verify(copy.path()).unwrap();
        }
        for extra in ["record.sqlite", "record.sqlite-wal", "record.sqlite-shm"] {
            fs::remove_file(copy.path().join(extra)).ok();
        }
    }
    println!(
        "{tried} flips of a bit in a write-ahead log of {} bytes: {older} gave an older signed head, none another",
        wal.len()
    );
}

/// Every frame of a commit that two others follow was synced: a turned bit in one is told, and no entry dropped in silence.
#[test]
fn a_turned_bit_with_synced_commits_behind_it_is_told_at_the_opening() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let wal = || fs::read(folder.path().join("record.sqlite-wal")).unwrap();
    let mut ends = vec![];
    for index in 0..8 {
        fill(&log, index, index + 1);
        ends.push(wal().len());
    }
    let whole = wal();
    let tried = flips(200).min(ends[5]);
    for at in (0..tried).map(|number| number * ends[5] / tried) {
        fs::copy(file(folder.path()), file(copy.path())).unwrap();
        let mut bad = whole.clone();
        bad[at] ^= 0x10;
        fs::write(copy.path().join("record.sqlite-wal"), &bad).unwrap();
        // Beside, it is looked at twice with a pause between.
        if at % 10 == 0 {
            let beside = SqliteArchive::open_whole(copy.path()).map(|_| ());
            assert!(beside.is_err(), "byte {at}: read beside as if whole");
        }
        let opened = open(copy.path()).map(|log| log.head().size);
        assert!(
            opened.is_err(),
            "byte {at}: a head of {opened:?} entries of 8"
        );
        for extra in ["record.sqlite", "record.sqlite-wal", "record.sqlite-shm"] {
            fs::remove_file(copy.path().join(extra)).ok();
        }
    }
    println!(
        "{tried} flips of a bit in a write-ahead log with synced commits behind: {tried} told"
    );
    // Torn in the last commit, as a power cut may tear it: that opens, without it.
    fs::copy(file(folder.path()), file(copy.path())).unwrap();
    let mut torn = whole.clone();
    let last = ends[7] - 1;
    torn[last] ^= 0x10;
    fs::write(copy.path().join("record.sqlite-wal"), &torn).unwrap();
    assert_eq!(open(copy.path()).unwrap().head().size, 7);
}

/// A log that is written while it is looked at is never taken for a damaged one.
#[test]
fn a_reader_beside_a_writer_raises_no_false_alarm() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let done = std::sync::atomic::AtomicBool::new(false);
    let mut looks = 0_u32;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for index in 0..600 {
                fill(&log, index, index + 1);
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            let opened = SqliteArchive::open_whole(folder.path());
            assert!(opened.is_ok(), "look {looks}: {:?}", opened.err());
            looks += 1;
        }
    });
    assert!(looks > 20, "{looks}");
    println!("{looks} looks beside a writer of 600 commits: none alarmed");
}

/// `COLDPROOF_FLIPS` sets how many bytes of a file are tried, spread over all of it; more than it has means each.
fn flips(unless_told: usize) -> usize {
    std::env::var("COLDPROOF_FLIPS").map_or(unless_told, |flips| flips.parse().unwrap())
}

/// An older copy of the whole file is whole and signed. Only what others hold shows it: a receipt for more entries, or one
/// for a root that this log never had.
#[test]
fn an_older_file_put_in_place_is_seen_by_receipts_only() {
    let folder = record(5);
    let old = fs::read(file(folder.path())).unwrap();
    let log = open(folder.path()).unwrap();
    fill(&log, 5, 9);
    let receipt = log.head();
    drop(log);
    fs::write(file(folder.path()), old).unwrap();
    let log = open(folder.path()).unwrap();
    assert_eq!(
        log.head().size,
        5,
        "nothing in the file says that there was more"
    );
    assert_eq!(
        log.root_at(receipt.size).unwrap(),
        None,
        "a receipt for 9 entries does"
    );
    for n in 5..9 {
        log.append(n, vec![crate::world::append(n + 100)]).unwrap();
    }
    assert_ne!(
        log.root_at(receipt.size).unwrap(),
        Some(receipt.root),
        "and once 9 are there, its root does"
    );
}
