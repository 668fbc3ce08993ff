//! Receipts: what a phone holds, proofs for it, and what it shows of a record that was put back.

use domain::act::Act;
use domain::act::floor::EyesOn;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::merkle::verify_consistency;
use ledger::tlog_proof::TlogProof;
use ledger::{Digest, envelope};
use node::{Around, Node, Verdict};
use std::path::Path;
use std::sync::Arc;
use store::{Append, Log as _, MemoryLog};

use crate::world::*;

const EYES: Act = Act::EyesOn(EyesOn {
    weapons: Vec::new(),
});

#[test]
fn an_acknowledgement_carries_its_head_signed_and_its_proof_is_had() {
    let mut ranch = Ranch::new();
    let first = ranch.node.seen();
    for _ in 0..20 {
        let entered = say(&ranch.node, &mut ranch.armorer, &EYES);
        let receipt = &entered.receipt;
        let head = Checkpoint::open(&receipt.note, ranch.node.verifier()).unwrap();
        assert_eq!((head.size, head.root), (receipt.size, receipt.root));
        assert_eq!(receipt.epoch, 0);
        let proof = ranch.node.proof(entered.index, Some(receipt.size)).unwrap();
        let proof = TlogProof::parse(&proof).unwrap();
        assert_eq!(proof.index, entered.index);
        let entry = &audit_entry(&ranch, entered.index);
        assert_eq!(proof.verify(entry, ranch.node.verifier()).unwrap(), head);
        let hashes = ranch.node.consistency(first.size, head.size).unwrap();
        verify_consistency(first.size, &first.root, head.size, &head.root, &hashes).unwrap();
        let shown = ranch.node.show_receipt(&receipt.note, Some(0)).unwrap();
        assert_eq!(shown, Verdict::Held);
    }
    assert!(ranch.node.consistency(0, 3).unwrap().is_empty());
    assert!(ranch.node.consistency(3, 9_999).is_err());
    assert!(ranch.node.consistency(0, 9_999).is_err());
    assert!(ranch.node.proof(9_999, None).is_err());
    assert!(ranch.node.proof(0, Some(9_999)).is_err());
    assert_eq!(ranch.node.frozen(), None);
}

fn audit_entry(ranch: &Ranch, index: u64) -> Vec<u8> {
    let archive = store::SqliteArchive::open(ranch.dir.path()).unwrap();
    archive.read(index, index + 1).unwrap()[0].entry.clone()
}

#[test]
fn the_same_statement_again_gets_the_same_receipt() {
    let mut ranch = Ranch::new();
    let draft = ranch
        .armorer
        .sign(&EYES, ranch.node.now(), ranch.node.seen())
        .unwrap();
    let one = ranch.node.take_and_wait(draft.submission.clone()).unwrap();
    say(&ranch.node, &mut ranch.second, &EYES);
    let again = ranch.node.take_and_wait(draft.submission).unwrap();
    assert_eq!(one, again);
}

#[test]
fn a_receipt_finds_a_folder_that_was_put_back_and_a_restart_stays_frozen() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let ranch = ranch.put_back(&older, Around::default());
    assert_eq!(ranch.node.frozen(), None, "by itself it cannot tell");
    let Verdict::Differs(why) = ranch.node.show_receipt(&receipt.note, Some(0)).unwrap() else {
        panic!("an older copy holds no later head")
    };
    assert_eq!(ranch.node.frozen(), Some(&*why));
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    assert_eq!(ranch.node.frozen_by(), std::slice::from_ref(&receipt.note));
    let mut ranch = ranch.restart();
    assert_eq!(ranch.node.frozen(), Some(&*why));
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    let not = try_say(&ranch.node, &mut ranch.second, &EYES).unwrap_err();
    assert_eq!(not.code(), "frozen");
    // The right record put back is not frozen: what froze the wrong one went with it.
}

#[test]
fn a_fork_that_grew_past_a_receipt_is_found_by_its_root() {
    let mut ranch = Ranch::new();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let mut ranch = ranch.put_back(&older, Around::default());
    for _ in 0..5 {
        say(&ranch.node, &mut ranch.second, &EYES);
    }
    let verdict = ranch.node.show_receipt(&receipt.note, None).unwrap();
    assert!(
        matches!(&verdict, Verdict::Differs(why) if why.contains("forked")),
        "{verdict:?}"
    );
    assert!(ranch.node.frozen().is_some());
}

#[test]
fn what_the_log_did_not_sign_freezes_nothing() {
    let ranch = Ranch::new();
    let other = Ranch::new();
    let strange = other.node.checkpoint();
    for note in [
        "",
        "x\n",
        &strange,
        &strange.replace(other.node.origin(), ranch.node.origin()),
    ] {
        let not = ranch.node.show_receipt(note, Some(0)).unwrap_err();
        assert_eq!(not.code(), "not_this_log", "{note}");
    }
    assert_eq!(ranch.node.frozen(), None);
}

#[test]
fn a_person_ends_a_freeze_in_words_that_are_entered() {
    let mut ranch = Ranch::new();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let ranch = ranch.put_back(&older, Around::default());
    ranch.node.show_receipt(&receipt.note, Some(0)).unwrap();
    let ranch = ranch.restart();
    assert!(ranch.node.frozen().is_some());
    let mut ranch = ranch.changed(Around::default(), |folder| {
        assert!(node::go_on(folder, "  ").is_err());
        node::go_on(folder, "the disk died; producer and safety adviser decided").unwrap();
    });
    assert_eq!(ranch.node.frozen(), None);
    assert!(!ranch.dir.path().join(node::TAKEOVER).exists());
    let page = ranch.node.record(None, 5, &viewer(&ranch.admin));
    assert!(
        page.lines
            .iter()
            .any(|line| line.text.contains("the disk died")),
        "{page:?}"
    );
    assert_eq!(
        ranch.node.show_receipt(&receipt.note, Some(0)).unwrap(),
        Verdict::Known
    );
    assert_eq!(ranch.node.frozen(), None);
    assert!(ranch.node.frozen_by().is_empty());
    let now = say(&ranch.node, &mut ranch.second, &EYES);
    assert_eq!(now.receipt.epoch, 1);
    let ranch = ranch.restart();
    assert_eq!(ranch.node.frozen(), None);
}

/// The first `size` entries of `log` in a log of their own, signed by the same key: an older copy.
fn older(log: &MemoryLog, folder: &Path, size: u64) -> MemoryLog {
    let text = |name: &str| std::fs::read_to_string(folder.join("keys").join(name)).unwrap();
    let secret: Digest = text("log.key").trim().parse().unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&secret.0);
    let verifier = text("log.vkey").trim().parse().unwrap();
    let signer = move |head: &Checkpoint| head.sign(&key).map_err(|error| error.to_string());
    let older = MemoryLog::new(&verifier, Box::new(signer)).unwrap();
    let append = |stored: store::Stored| {
        let entry = Entry::read(&stored.entry).unwrap();
        let signed = envelope::open(&entry.statement).unwrap();
        Append::new(&signed, &entry, stored.beside).unwrap()
    };
    let batch = log.read(0, size).unwrap().into_iter().map(append).collect();
    older.append(0, batch).unwrap();
    older
}

#[test]
fn a_record_in_memory_that_was_put_back_is_found_alike_and_stays_frozen() {
    let dir = tempfile::tempdir().unwrap();
    let watch = watch();
    let mut kept: Option<Arc<MemoryLog>> = None;
    let (node, link) = Node::create_on(
        dir.path(),
        &opening(),
        Box::new(KindBook),
        Box::new(watch.clone()),
        |key, signer| {
            let log = Arc::new(MemoryLog::new(key, signer).unwrap());
            kept = Some(log.clone());
            log
        },
    )
    .unwrap();
    let log = kept.unwrap();
    let mut ranch = Ranch::people(dir, watch, node, &link);
    let size = log.head().size;
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let Ranch {
        node, watch, dir, ..
    } = ranch;
    drop(node);
    let put_back = Arc::new(older(&log, dir.path(), size));
    let open = || {
        Node::open_on(
            dir.path(),
            put_back.clone(),
            Box::new(KindBook),
            Box::new(watch.clone()),
            Around::default(),
        )
        .unwrap()
    };
    let node = open();
    assert_eq!(node.frozen(), None);
    let verdict = node.show_receipt(&receipt.note, Some(0)).unwrap();
    assert!(matches!(verdict, Verdict::Differs(_)), "{verdict:?}");
    let why = node.frozen().unwrap().to_owned();
    drop(node);
    let before = put_back.head();
    let node = open();
    assert_eq!(node.frozen(), Some(&*why));
    assert_eq!(put_back.head(), before, "nothing was written");
    // What froze it from two phones is kept once each.
    let other = Checkpoint {
        size: 9_999,
        ..Checkpoint::open(&receipt.note, node.verifier()).unwrap()
    };
    assert!(node.show_receipt(&other.text(), None).is_err());
    node.show_receipt(&receipt.note, Some(0)).unwrap();
    assert_eq!(node.frozen_by().len(), 1);
}
