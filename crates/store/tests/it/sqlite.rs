//! What only the file in a folder does: locks, life cycle, reading beside the writer, group commit.

use std::fs;
use std::sync::{Arc, Barrier, mpsc};

use ledger::Digest;
use store::{Ack, Log, OpenError, SqliteArchive, SqliteLog};

use crate::world::{
    append, append_at, at_ms, create, fill, id, open, signer, verifier_key, verify,
};

#[test]
fn a_record_is_made_once_and_opened_only_where_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(matches!(open(path), Err(OpenError::Missing { .. })));
    let log = create(path);
    fill(&log, 0, 7);
    let head = log.head();
    drop(log);
    let again = SqliteLog::create(path, &verifier_key(), signer()).unwrap_err();
    assert!(matches!(again, OpenError::Exists { .. }), "{again}");
    let log = open(path).unwrap();
    assert_eq!(log.head(), head);
    fill(&log, 7, 9);
    drop(log);
    assert_eq!(verify(path).unwrap().checkpoint.size, 9);
}

#[test]
fn making_a_record_can_be_cut_off_and_done_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("record.sqlite.new"), b"half").unwrap();
    assert!(matches!(
        open(folder.path()),
        Err(OpenError::Unfinished { .. })
    ));
    fill(&create(folder.path()), 0, 1);
    assert!(open(folder.path()).is_ok());
}

#[test]
fn a_second_opening_is_refused_while_the_first_lasts() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(
        error.to_string().ends_with("only one may write it"),
        "{error}"
    );
    assert!(matches!(
        SqliteLog::create(folder.path(), &verifier_key(), signer()),
        Err(OpenError::InUse { .. })
    ));
    drop(log);
    assert!(open(folder.path()).is_ok());
}

#[test]
fn a_log_is_refused_under_another_key() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path());
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let key = crate::world::origin()
        .verifier(ledger::PublicKey::of(&stranger))
        .unwrap();
    let error = SqliteLog::open(folder.path(), &key, signer())
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "the record's signed head does not hold: the note is not signed by the expected key"
    );
}

#[test]
fn everybody_queued_behind_one_sync_shares_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let (sender, receiver) = mpsc::channel();
    for n in 0..2_000 {
        let sender = sender.clone();
        log.submit(
            n,
            vec![append(n)],
            Ack::new(move |answer| sender.send(answer.unwrap().head.size).unwrap()),
        );
    }
    drop(sender);
    let sizes: Vec<u64> = receiver.iter().collect();
    assert_eq!(sizes.len(), 2_000);
    let commits = log.checkpoints(1).unwrap().len();
    assert!(commits < 2_000, "{commits} commits for 2000 batches");
    assert!(commits >= 2, "a transaction holds at most 1024 entries");
    drop(log);
    assert_eq!(verify(folder.path()).unwrap().checkpoint.size, 2_000);
}

#[test]
fn many_callers_that_lose_the_place_try_again_and_all_get_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = Arc::new(create(folder.path()));
    let barrier = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8_u64)
        .map(|caller| {
            let (log, barrier) = (log.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                for n in (caller * 10)..(caller * 10 + 10) {
                    while log
                        .append(log.head().size, vec![append_at(n, at_ms(0))])
                        .is_err()
                    {}
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(log.head().size, 80);
    for n in 0..80 {
        assert!(log.find(&id(n)).unwrap().is_some());
    }
    drop(log);
    assert_eq!(open(folder.path()).unwrap().head().size, 80);
}

#[test]
fn an_archive_reads_one_moment_beside_a_writing_node() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    fill(&log, 0, 5);
    let archive = SqliteArchive::open(folder.path()).unwrap();
    let before = archive.note().unwrap();
    fill(&log, 5, 9);
    assert_eq!(archive.note().unwrap(), before);
    assert_eq!(archive.read(0, u64::MAX).unwrap().len(), 5);
    assert_eq!(verify(folder.path()).unwrap().checkpoint.size, 9);
}

#[test]
fn a_caller_that_panics_in_its_answer_does_not_end_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    log.submit(
        0,
        vec![append(0)],
        Ack::new(|_| panic!("a caller's own fault")),
    );
    fill(&log, 1, 3);
    assert_eq!(log.head().size, 3);
}

#[test]
fn what_is_queued_when_the_log_is_dropped_is_still_written() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let (sender, receiver) = mpsc::channel();
    for n in 0..50 {
        let sender = sender.clone();
        log.submit(
            n,
            vec![append(n)],
            Ack::new(move |answer| sender.send(answer.is_ok()).unwrap()),
        );
    }
    drop((log, sender));
    assert!(receiver.iter().all(|ok| ok));
    assert_eq!(open(folder.path()).unwrap().head().size, 50);
}

#[test]
fn an_erased_name_is_in_no_file_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let name = "ZZ a name nobody else has ZZ";
    log.put_name(&Digest([1; 32]), Some(name)).unwrap();
    assert_eq!(holding(folder.path(), name), 1);
    log.put_name(&Digest([1; 32]), None).unwrap();
    assert_eq!(holding(folder.path(), name), 0);
}

fn holding(folder: &std::path::Path, text: &str) -> usize {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| fs::read(file.unwrap().path()).unwrap());
    files
        .filter(|bytes| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        })
        .count()
}
