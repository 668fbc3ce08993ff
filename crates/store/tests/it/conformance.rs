//! What every log must do, run for each kind. A new kind adds its two lines at the end.

use std::sync::mpsc;

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::EMPTY_ROOT;
use store::{Ack, AppendError, Log, MemoryLog, NotAppendable};

use crate::world::{append, append_at, at_ms, create, fill, id, parts, signer, verifier_key};

fn suite(name: &str, log: &dyn Log) {
    eprintln!("{name}");
    an_empty_log_has_a_signed_head(log);
    entries_come_back_as_they_went_in(log);
    refused_batches_leave_nothing(log);
    batches_handed_over_at_once_keep_their_order(log);
    heads_are_signed_and_roots_recomputed(log);
    names_and_values_are_kept_and_erased(log);
    erased_bodies_are_gone_and_their_entries_stay(log);
}

fn an_empty_log_has_a_signed_head(log: &dyn Log) {
    let head = log.head();
    assert_eq!((head.size, head.root, head.at_ms), (0, EMPTY_ROOT, 0));
    let signed = Checkpoint::open(&head.note, &verifier_key()).unwrap();
    assert_eq!((signed.size, signed.root), (0, EMPTY_ROOT));
    assert_eq!(log.read(0, 10).unwrap(), []);
    assert_eq!(log.find(&id(0)).unwrap(), None);
    assert_eq!(log.root_at(0).unwrap(), Some(EMPTY_ROOT));
}

fn entries_come_back_as_they_went_in(log: &dyn Log) {
    let appended = log.append(0, vec![append(0), append(1)]).unwrap();
    assert_eq!(
        (appended.first, appended.head.size, appended.head.at_ms),
        (0, 2, at_ms(1))
    );
    assert_eq!(log.head(), appended.head);
    let stored = log.read(0, 9).unwrap();
    for (index, one) in (0..).zip(&stored) {
        let (_, entry, beside) = parts(index, at_ms(index));
        assert_eq!(
            (one.index, &one.entry, &one.beside),
            (index, &entry.write().unwrap(), &beside)
        );
    }
    assert_eq!(stored.len(), 2);
    assert_eq!(log.read(1, 2).unwrap(), stored[1..]);
    assert_eq!(log.find(&id(1)).unwrap(), Some(1));
    assert_eq!(log.body(&id(1)).unwrap(), parts(1, 0).2);
    assert_eq!(
        log.body(&id(0)).unwrap(),
        None,
        "an open body stands in its statement"
    );
}

fn refused_batches_leave_nothing(log: &dyn Log) {
    let before = log.head();
    let refused = |first, batch| log.append(first, batch).unwrap_err();
    assert_eq!(refused(2, vec![]), AppendError::Empty);
    assert_eq!(
        refused(1, vec![append(2)]),
        AppendError::Moved {
            expected: 1,
            size: 2
        }
    );
    assert_eq!(
        refused(3, vec![append(2)]),
        AppendError::Moved {
            expected: 3,
            size: 2
        }
    );
    let early = AppendError::TimeRanBack {
        at_ms: at_ms(0),
        head_ms: at_ms(1),
    };
    assert_eq!(refused(2, vec![append_at(2, at_ms(0))]), early);
    assert_eq!(
        refused(2, vec![append(2), append_at(3, at_ms(0))]),
        AppendError::TimeRanBack {
            at_ms: at_ms(0),
            head_ms: at_ms(2)
        }
    );
    assert_eq!(
        refused(2, vec![append(2), append_at(1, at_ms(3))]),
        AppendError::Twice { index: 1 }
    );
    assert_eq!(
        refused(2, vec![append(2), append(3), append_at(3, at_ms(4))]),
        AppendError::Twice { index: 3 }
    );
    assert_eq!(refused(2, vec![append(2); 1_025]), AppendError::TooLarge);
    assert_eq!(log.head(), before);
    assert_eq!(log.read(2, 9).unwrap(), []);
    assert_eq!(log.body(&id(3)).unwrap(), None);
    log.append(2, vec![append(2), append(3)]).unwrap();
    assert_eq!(log.body(&id(3)).unwrap(), parts(3, 0).2);
}

fn batches_handed_over_at_once_keep_their_order(log: &dyn Log) {
    let (sender, receiver) = mpsc::channel();
    let submit = |first, batch| {
        let sender = sender.clone();
        log.submit(
            first,
            batch,
            Ack::new(move |answer| sender.send((first, answer)).unwrap()),
        );
    };
    for n in (4..40).step_by(3) {
        submit(n, vec![append(n), append(n + 1), append(n + 2)]);
    }
    // One that repeats, and those behind it that were decided on it.
    submit(40, vec![append_at(7, at_ms(99))]);
    submit(41, vec![append(41)]);
    drop(sender);
    let answers: Vec<_> = receiver.iter().collect();
    let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, answer)| answer.is_ok());
    for (first, answer) in good {
        let appended = answer.unwrap();
        assert_eq!(appended.first, first);
        assert!(appended.head.size >= first + 3);
    }
    let bad: Vec<_> = bad
        .into_iter()
        .map(|(first, answer)| (first, answer.unwrap_err()))
        .collect();
    assert_eq!(
        bad,
        [
            (40, AppendError::Twice { index: 7 }),
            (
                41,
                AppendError::Moved {
                    expected: 41,
                    size: 40
                }
            )
        ]
    );
    assert_eq!(log.head().size, 40);
    for n in 0..40 {
        assert_eq!(log.find(&id(n)).unwrap(), Some(n));
    }
}

fn heads_are_signed_and_roots_recomputed(log: &dyn Log) {
    let notes = log.checkpoints(0).unwrap();
    assert_eq!(notes.first().unwrap().0, 0);
    assert_eq!(notes.last().unwrap().1, *log.head().note);
    for (size, note) in notes {
        let signed = Checkpoint::open(&note, &verifier_key()).unwrap();
        assert_eq!(
            (signed.size, Some(signed.root)),
            (size, log.root_at(size).unwrap())
        );
    }
    assert_eq!(log.root_at(41).unwrap(), None);
    assert_eq!(log.checkpoints(41).unwrap(), []);
}

fn names_and_values_are_kept_and_erased(log: &dyn Log) {
    let (one, other) = (Digest([1; 32]), Digest([2; 32]));
    log.put_name(&other, Some("the second")).unwrap();
    log.put_name(&one, Some("the armorer")).unwrap();
    log.put_name(&one, Some("the armorer of unit 2")).unwrap();
    assert_eq!(
        log.names().unwrap(),
        [
            (one, "the armorer of unit 2".into()),
            (other, "the second".into())
        ]
    );
    log.put_name(&one, None).unwrap();
    log.put_name(&one, None).unwrap();
    assert_eq!(log.names().unwrap(), [(other, "the second".into())]);
    assert_eq!(log.meta("board").unwrap(), None);
    log.put_meta("board", Some(b"1")).unwrap();
    log.put_meta("board", Some(b"")).unwrap();
    assert_eq!(log.meta("board").unwrap(), Some(vec![]));
    log.put_meta("board", None).unwrap();
    assert_eq!(log.meta("board").unwrap(), None);
    assert_eq!(
        log.put_name(&one, Some(&"x".repeat(1_001))),
        Err(AppendError::TooLarge)
    );
    assert_eq!(
        log.put_meta(&"x".repeat(1_001), Some(b"")),
        Err(AppendError::TooLarge)
    );
    assert_eq!(log.head().size, 40, "none of this is in the record");
}

fn erased_bodies_are_gone_and_their_entries_stay(log: &dyn Log) {
    let before = log.head();
    // One with a body, one that is open, one that nobody knows.
    let some = [id(1), id(5), Digest([9; 32])];
    let done = log.erase(&some).unwrap();
    assert_eq!((done.bodies, done.is_out_of_files), (1, true));
    assert_eq!(log.erase(&some).unwrap().bodies, 0);
    assert_eq!(log.erase(&[]).unwrap().bodies, 0);
    assert_eq!(log.body(&id(1)).unwrap(), None);
    let stored = log.read(0, 4).unwrap();
    assert_eq!(stored[1].beside, None);
    assert_eq!(stored[1].entry, parts(1, at_ms(1)).1.write().unwrap());
    assert_eq!(stored[2].beside, parts(2, 0).2, "others keep theirs");
    assert_eq!(log.find(&id(1)).unwrap(), Some(1));
    assert_eq!(log.head(), before);
    assert_eq!(log.root_at(40).unwrap(), Some(before.root));
    assert_eq!(
        log.append(40, vec![append_at(1, at_ms(99))]),
        Err(AppendError::Twice { index: 1 }),
        "an erased statement cannot be entered anew"
    );
}

#[test]
fn the_memory_log_conforms() {
    suite(
        "memory",
        &MemoryLog::new(&verifier_key(), signer()).unwrap(),
    );
}

#[test]
fn the_sqlite_log_conforms() {
    let folder = tempfile::tempdir().unwrap();
    suite("sqlite", &create(folder.path()));
}

#[test]
fn both_kinds_come_to_the_same_root() {
    let folder = tempfile::tempdir().unwrap();
    let (sqlite, memory) = (
        create(folder.path()),
        MemoryLog::new(&verifier_key(), signer()).unwrap(),
    );
    fill(&sqlite, 0, 30);
    memory.append(0, (0..30).map(append).collect()).unwrap();
    assert_eq!(sqlite.head(), memory.head());
}

#[test]
fn a_body_must_be_there_and_fit() {
    let (open, entry, _) = parts(0, 0);
    let (beside, record, body) = parts(1, 0);
    let body = body.unwrap();
    let refused = |signed, entry, body| store::Append::new(signed, entry, body).unwrap_err();
    assert_eq!(
        refused(&open, &entry, Some(body.clone())),
        NotAppendable::Body
    );
    assert_eq!(refused(&beside, &record, None), NotAppendable::Body);
    let mut salted = body.clone();
    salted.salt[0] ^= 1;
    assert_eq!(
        refused(&beside, &record, Some(salted)),
        NotAppendable::OtherBody
    );
    let mut long = body;
    long.body = vec![b' '; 60_001];
    assert_eq!(
        refused(&beside, &record, Some(long)),
        NotAppendable::BodyTooLong
    );
}

#[test]
fn a_signer_that_fails_or_signs_something_else_stops_the_log() {
    let folder = tempfile::tempdir().unwrap();
    create(folder.path());
    let mut calls = 0;
    let mut good = signer();
    let failing: store::Signer = Box::new(move |head| {
        calls += 1;
        if calls == 1 {
            good(head)
        } else {
            Err("the key is gone".into())
        }
    });
    let log = store::SqliteLog::open(folder.path(), &verifier_key(), failing).unwrap();
    log.append(0, vec![append(0)]).unwrap();
    let stopped = log.append(1, vec![append(1)]).unwrap_err();
    assert_eq!(
        stopped.to_string(),
        "the record has stopped: the key is gone"
    );
    assert_eq!(log.append(1, vec![append(1)]).unwrap_err(), stopped);
    assert!(log.stopped().is_some());
    assert_eq!(log.head().size, 1);
    assert_eq!(
        log.read(0, 9).unwrap().len(),
        1,
        "what is durable can still be read"
    );
    drop(log);
    let mut good = signer();
    let other: store::Signer = Box::new(move |head| {
        let mut head = head.clone();
        head.size += 1;
        good(&head)
    });
    let log = store::SqliteLog::open(folder.path(), &verifier_key(), other).unwrap();
    let stopped = log.append(1, vec![append(1)]).unwrap_err().to_string();
    assert_eq!(
        stopped,
        "the record has stopped: the signer signed another head than it was given"
    );
    drop(log);
    let log = crate::world::open(folder.path()).unwrap();
    assert_eq!(log.head().size, 1);
    log.append(1, vec![append(1)]).unwrap();
}
