//! The epoch of a head, signed with it.

use ed25519_dalek::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::epoch::{epoch, with_epoch};
use ledger::note::{NoteError, with_lines};
use ledger::{Digest, KeyRefused};

use crate::cosign::{checkpoint, cosigner, log};
use crate::world::log_key;

fn note(head: &Checkpoint, epoch: u32) -> String {
    let note = head.sign(&log_key()).unwrap();
    with_epoch(&note, head, epoch, &log_key()).unwrap()
}

#[test]
fn a_head_and_its_epoch_are_signed_together_and_any_reader_still_opens_the_note() {
    let head = checkpoint(9, 1);
    let signed = note(&head, 3);
    assert_eq!(epoch(&signed, &log()), Ok(Some(3)));
    assert_eq!(Checkpoint::open(&signed, &log()), Ok(head.clone()));
    let bare = head.sign(&log_key()).unwrap();
    assert_eq!(epoch(&bare, &log()), Ok(None));
    // The line is no signature of the log's by itself.
    let last = signed.lines().last().unwrap();
    let alone = format!("{}\n{last}\n", head.text());
    assert!(Checkpoint::open(&alone, &log()).is_err());
    // Cosignatures beside it change nothing.
    let (key, _) = cosigner(40, "ranch.example/guild");
    let line = ledger::cosignature::cosign(&head, 5, "ranch.example/guild", &key).unwrap();
    let both = with_lines(&signed, &line).unwrap();
    assert_eq!(epoch(&both, &log()), Ok(Some(3)));
}

#[test]
fn an_epoch_of_another_head_or_by_another_key_does_not_hold() {
    let (head, other) = (checkpoint(9, 1), checkpoint(10, 1));
    let signed = note(&head, 3);
    let line = format!("{}\n", signed.lines().last().unwrap());
    let moved = with_lines(&other.sign(&log_key()).unwrap(), &line).unwrap();
    let bad = Err(NoteError::Key(KeyRefused::BadSignature));
    assert_eq!(epoch(&moved, &log()), bad);
    let stranger = SigningKey::from_bytes(&[77; 32]);
    let bare = head.sign(&log_key()).unwrap();
    let by_stranger = with_epoch(&bare, &head, 1, &stranger).unwrap();
    assert_eq!(
        epoch(&by_stranger, &log()),
        Ok(None),
        "another key, another id"
    );
    // Every bit of what is encoded counts.
    let (start, encoded) = line.trim_end().rsplit_once(' ').unwrap();
    for at in 0..encoded.len() {
        let mut turned = encoded.as_bytes().to_vec();
        turned[at] = if turned[at] == b'A' { b'B' } else { b'A' };
        let turned = format!("{start} {}\n", String::from_utf8(turned).unwrap());
        let Ok(note) = with_lines(&bare, &turned) else {
            continue;
        };
        assert_ne!(epoch(&note, &log()), Ok(Some(3)), "at {at}");
    }
}

#[test]
fn of_two_epochs_the_higher_counts_and_a_full_note_has_no_room_for_one() {
    let head = checkpoint(9, 1);
    let both = with_epoch(&note(&head, 2), &head, 0, &log_key()).unwrap();
    assert_eq!(epoch(&both, &log()), Ok(Some(2)));
    let mut full = head.sign(&log_key()).unwrap();
    for number in 0..15 {
        let name = format!("c{number}.example");
        let (key, _) = cosigner(40 + number, &name);
        let line = ledger::cosignature::cosign(&head, 5, &name, &key).unwrap();
        full = with_lines(&full, &line).unwrap();
    }
    assert_eq!(
        with_epoch(&full, &head, 0, &log_key()),
        Err(NoteError::TooLong)
    );
    assert_ne!(head.root, Digest::ZERO);
}
