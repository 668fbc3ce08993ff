//! Receipts: what a phone holds, proofs for it, and what it shows of a record that was put back.

use domain::act::Act;
use domain::act::floor::EyesOn;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::verify_consistency;
use ledger::tlog_proof::TlogProof;
use node::{Around, Verdict};

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
