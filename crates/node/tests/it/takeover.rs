//! A spare that goes on from a copy.

use domain::act::Act;
use domain::act::floor::EyesOn;
use node::{Around, Takeover, Verdict};

use crate::cosigners::{Table, adopt};
use crate::world::*;

const EYES: Act = Act::EyesOn(EyesOn {
    weapons: Vec::new(),
});

/// A record that went on after `older` was copied, and the spare that took over from that copy.
fn spare() -> (Ranch, Vec<node::Entered>, Vec<node::Draft>) {
    let mut ranch = Ranch::new();
    let older = ranch.copy();
    let (mut acknowledged, mut drafts) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        let draft = ranch
            .second
            .sign(&EYES, ranch.node.now(), ranch.node.seen())
            .unwrap();
        drafts.push(draft.clone());
        acknowledged.push(ranch.node.take_and_wait(draft.submission).unwrap());
    }
    let ranch = ranch.changed(Around::default(), |folder| {
        std::fs::remove_dir_all(folder).unwrap();
        copy_folder(older.path(), folder);
        let asked = node::go_on(folder, "the node was stolen").unwrap();
        assert_eq!(asked.epoch, 0);
    });
    (ranch, acknowledged, drafts)
}

#[test]
fn a_spare_enters_that_it_took_over_and_hears_what_the_lost_node_acknowledged() {
    let (ranch, acknowledged, drafts) = spare();
    assert_eq!(ranch.node.frozen(), None);
    let epoch = ranch
        .node
        .view(&viewer(&ranch.admin), |view| view.state.epoch);
    assert_eq!(epoch, 1);
    for entered in &acknowledged {
        let receipt = &entered.receipt;
        for _ in 0..2 {
            let verdict = ranch.node.show_receipt(&receipt.note, Some(receipt.epoch));
            assert_eq!(verdict.unwrap(), Verdict::Lost);
        }
    }
    let lost = ranch.node.lost();
    assert_eq!((lost.count, lost.heads.len()), (4, 4), "{lost:?}");
    assert_eq!(ranch.node.frozen(), None);
    ranch.watch.0.pass(3_600_000);
    for draft in drafts {
        let entered = ranch.node.take_and_wait(draft.submission).unwrap();
        assert!(
            entered.outcome.admitted && entered.outcome.late,
            "{:?}",
            entered.outcome
        );
        assert_eq!(entered.receipt.epoch, 1);
        // In the epoch that it is of, the same head is no longer only the lost node's.
        assert_eq!(
            ranch
                .node
                .show_receipt(&entered.receipt.note, Some(1))
                .unwrap(),
            Verdict::Held
        );
    }
    let ranch = ranch.restart();
    assert_eq!(ranch.node.lost(), lost, "kept over a restart");
    let audit = audit::audit(ranch.dir.path(), None, None).unwrap();
    assert_eq!(audit.state.unwrap().epoch, 1);
}

#[test]
fn a_later_roll_back_of_the_spare_is_still_a_freeze() {
    let (mut ranch, ..) = spare();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let ranch = ranch.put_back(&older, Around::default());
    let verdict = ranch
        .node
        .show_receipt(&receipt.note, Some(receipt.epoch))
        .unwrap();
    assert!(matches!(verdict, Verdict::Differs(_)), "{verdict:?}");
}

/// The number that comes with a head counts for nothing against the one that was signed with it.
#[test]
fn a_lower_epoch_than_was_signed_with_a_head_spares_no_spare() {
    let (mut ranch, ..) = spare();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let signed = ledger::epoch::epoch(&receipt.note, ranch.node.verifier()).unwrap();
    assert_eq!(signed, Some(1));
    let newest = ledger::epoch::epoch(&ranch.node.checkpoint(), ranch.node.verifier());
    assert_eq!(newest.unwrap(), Some(1));
    let ranch = ranch.put_back(&older, Around::default());
    let verdict = ranch.node.show_receipt(&receipt.note, Some(0)).unwrap();
    assert!(matches!(verdict, Verdict::Differs(_)), "{verdict:?}");
    // One byte of the line turned: nothing happens for it.
    let last = receipt.note.trim_end().rsplit(' ').next().unwrap();
    let mut turned = last.to_owned();
    let other = if last.as_bytes()[9] == b'A' { "B" } else { "A" };
    turned.replace_range(9..10, other);
    let bad = receipt.note.replace(last, &turned);
    assert!(ranch.node.show_receipt(&bad, Some(0)).is_err());
}

#[test]
fn a_crash_after_the_entry_leaves_the_file_and_enters_nothing_twice() {
    let mut asked: Option<Takeover> = None;
    let ranch = Ranch::new().changed(Around::default(), |folder| {
        asked = Some(node::go_on(folder, "the node fell into the lake").unwrap());
    });
    let asked = asked.unwrap();
    let size = ranch.node.seen().size;
    let ranch = ranch.changed(Around::default(), |folder| asked.write(folder).unwrap());
    assert_eq!(ranch.node.frozen(), None);
    assert!(!ranch.dir.path().join(node::TAKEOVER).exists());
    // The start and nothing else.
    assert_eq!(ranch.node.seen().size, size + 1);
    let epoch = ranch
        .node
        .view(&viewer(&ranch.admin), |view| view.state.epoch);
    assert_eq!(epoch, 1);
}

#[test]
fn a_take_over_of_another_record_or_a_damaged_file_freezes_and_enters_nothing() {
    for text in ["epoch = 0\nsize = 3\nroot = \"00\"\n", "epoch = 0"] {
        let ranch = Ranch::new();
        let size = ranch.node.seen().size;
        let ranch = ranch.changed(Around::default(), |folder| {
            std::fs::write(folder.join(node::TAKEOVER), text).unwrap();
        });
        let why = ranch.node.frozen().unwrap().to_owned();
        assert!(why.contains(node::TAKEOVER), "{why}");
        assert_eq!(ranch.node.seen().size, size);
        // Without the file it goes on.
        let ranch = ranch.changed(Around::default(), |folder| {
            std::fs::remove_file(folder.join(node::TAKEOVER)).unwrap();
        });
        assert_eq!(ranch.node.frozen(), None);
    }
    let ranch = Ranch::new();
    let wrong = Takeover {
        epoch: 0,
        size: 2,
        root: ranch.node.seen().root,
        words: "lost".into(),
    };
    let ranch = ranch.changed(Around::default(), |folder| wrong.write(folder).unwrap());
    assert!(ranch.node.frozen().unwrap().contains(node::TAKEOVER));
}

#[test]
fn a_cosigner_that_holds_the_lost_nodes_record_does_not_freeze_the_spare() {
    let table = Table::new();
    let mut ranch = Ranch::with(table.around());
    table.follow(ranch.node.verifier());
    say(
        &ranch.node,
        &mut ranch.admin,
        &adopt(&[("insurer", true)], 1),
    );
    ranch.node.ask_cosigners();
    let older = ranch.copy();
    say(&ranch.node, &mut ranch.armorer, &EYES);
    say(&ranch.node, &mut ranch.armorer, &EYES);
    say(&ranch.node, &mut ranch.armorer, &EYES);
    ranch.watch.0.pass(2_000);
    ranch.node.ask_cosigners();
    let ranch = ranch.changed(table.around(), |folder| {
        std::fs::remove_dir_all(folder).unwrap();
        copy_folder(older.path(), folder);
        node::go_on(folder, "the node burnt").unwrap();
    });
    assert_eq!(ranch.node.frozen(), None);
    ranch.node.ask_cosigners();
    assert_eq!(ranch.node.frozen(), None);
    let says = &ranch.node.cosigning().cosigners[0].says;
    assert!(says.contains("lost node"), "{says}");
    let ranch = ranch.restart_with(table.around());
    assert_eq!(ranch.node.frozen(), None);
}
