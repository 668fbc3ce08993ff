//! The verifier against logs in which one thing was changed.

use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::Content;
use ledger::verify::{
    EntryFault, Fault, Growing, Numbers, ReadAgain, Verifier, differing, leaf, root,
};
use ledger::{Beside, Digest, PublicKey};
use proptest::prelude::*;

use crate::world::{Keys, World, device_key, header, log_key, origin};

#[track_caller]
fn check(spoil: impl Fn(&mut World), expected: &str) {
    let mut world = World::of(9);
    spoil(&mut world);
    let found = world.verify().map_or_else(
        |fault| fault.to_string(),
        |report| format!("sound: {}", report.checkpoint.size),
    );
    assert_eq!(found, expected);
}

/// Replaces part of the entry's bytes, as somebody with the file but not the keys would.
fn edit(world: &mut World, index: usize, from: &str, to: &str) {
    let text = String::from_utf8(world.entries[index].0.clone()).unwrap();
    assert!(text.contains(from));
    world.entries[index].0 = text.replacen(from, to, 1).into_bytes();
}

#[test]
fn a_sound_log_is_sound_and_its_parts_are_counted() {
    let report = World::of(9).verify().unwrap();
    assert_eq!(report.checkpoint.size, 10);
    assert_eq!(
        (
            report.bodies,
            report.bodies_withheld,
            report.keys,
            report.gaps
        ),
        (9, 0, 2, 0)
    );
    assert_eq!(report.last_at_ms, 1_009);
    check(|_| (), "sound: 10");
}

#[test]
fn a_log_with_only_its_first_entry_is_sound() {
    assert_eq!(World::of(0).verify().unwrap().checkpoint.size, 1);
}

#[test]
fn a_body_left_out_is_counted_and_a_changed_or_spare_one_is_a_fault() {
    let mut world = World::of(3);
    world.entries[2].1 = None;
    let report = world.verify().unwrap();
    assert_eq!((report.bodies, report.bodies_withheld), (2, 1));
    assert_eq!(report.bodies_absent.ranges().collect::<Vec<_>>(), [2..=2]);
    let beside = |body: &str| {
        Some(Beside {
            salt: [1; 32],
            body: body.into(),
        })
    };
    check(
        |w| w.entries[1].1 = beside(r#"{"empty":2}"#),
        "entry 1: the body beside it is not the one that was signed",
    );
    check(
        |w| w.entries[1].1.as_mut().unwrap().salt[0] ^= 1,
        "entry 1: the body beside it is not the one that was signed",
    );
    check(
        |w| w.entries[0].1 = beside("{}"),
        "entry 0: a body lies beside it that cannot belong to it",
    );
}

#[test]
fn a_changed_outcome_is_found_by_number_although_no_device_signed_it() {
    check(
        |w| edit(w, 4, "\"admitted\":true", "\"admitted\":false"),
        "entry 4: not what was signed into the log",
    );
    check(
        |w| edit(w, 0, "\"admitted\":true", "\"admitted\":false"),
        "entry 0: not what was signed into the log",
    );
    check(
        |w| edit(w, 9, "\"at\":1009", "\"at\":1010"),
        "entry 9: not what was signed into the log",
    );
}

#[test]
fn with_fewer_signed_heads_the_place_is_a_span_or_unknown() {
    let mut world = World::of(9);
    edit(&mut world, 4, "\"admitted\":true", "\"admitted\":false");
    let last = world.notes.pop().unwrap();
    world.notes = vec![
        world.notes[2].clone(),
        "not a note".into(),
        world.notes[6].clone(),
    ];
    let fault = world.verify_with(&last).unwrap_err();
    assert_eq!(fault, Fault::Differs { first: 3, last: 6 });
    assert_eq!(
        fault.to_string(),
        "entries 3 to 6: not what was signed into the log"
    );
    world.notes.clear();
    let fault = world.verify_with(&last).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "the 10 entries do not lead to the signed root: at least one is not what was signed"
    );
}

#[test]
fn dropped_repeated_and_reordered_entries_are_found() {
    check(
        |w| drop(w.entries.pop()),
        "entry 9 and all after it are missing: the checkpoint covers 10 entries",
    );
    check(
        |w| drop(w.entries.remove(4)),
        "entry 4: not what was signed into the log",
    );
    check(
        |w| w.entries.swap(4, 5),
        "entry 5: recorded at 1004, before the entry before it (1005)",
    );
    check(
        |w| drop(w.entries.remove(0)),
        "entry 0: the first entry is not signed by the log's own key",
    );
    let mut world = World::of(3);
    world.entries.insert(2, world.entries[1].clone());
    let fault = world.verify().unwrap_err();
    assert!(
        matches!(
            fault,
            Fault::Entry {
                index: 2,
                what: EntryFault::Twice(_)
            }
        ),
        "{fault}"
    );
}

#[test]
fn entries_after_the_signed_head_are_not_vouched_for() {
    check(
        |w| drop(w.notes.pop()),
        "entry 9 and all after it are not covered by the signed checkpoint",
    );
}

#[test]
fn a_statement_by_a_key_never_enrolled_is_a_fault() {
    let mut world = World::of(2);
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    world.push(
        &header(&stranger, 1, Digest::ZERO, Content::Beside(Digest::ZERO)),
        &stranger,
        None,
        2_000,
    );
    let expected = format!(
        "entry 3: the key `{}` was never enrolled",
        PublicKey::of(&stranger)
    );
    assert_eq!(world.verify().unwrap_err().to_string(), expected);
}

#[test]
fn a_statement_for_another_log_is_a_fault() {
    let mut world = World::of(2);
    let mut other = header(
        &device_key(),
        3,
        Digest::ZERO,
        Content::Beside(Digest::ZERO),
    );
    other.origin = "ranch.example/other/2021-1".into();
    world.push(&other, &device_key(), None, 2_000);
    assert_eq!(
        world.verify().unwrap_err().to_string(),
        "entry 3: the statement is for the log `ranch.example/other/2021-1`"
    );
}

#[test]
fn a_statement_changed_inside_its_entry_breaks_its_signature() {
    let mut world = World::of(2);
    let mut entry = Entry::read(&world.entries[1].0).unwrap();
    let position = entry
        .statement
        .windows(7)
        .position(|window| window == b"\"sig\":\"")
        .unwrap()
        + 10;
    entry.statement[position] = if entry.statement[position] == b'A' {
        b'B'
    } else {
        b'A'
    };
    world.entries[1].0 = entry.write().unwrap();
    let fault = world.verify().unwrap_err().to_string();
    assert_eq!(
        fault,
        "entry 1: the statement in it: the signature does not fit the key and the bytes"
    );
}

#[test]
fn gaps_in_a_devices_counter_are_noted_and_not_faults() {
    let mut world = World::of(2);
    let content = || Content::Beside(Digest([8; 32]));
    world.push(
        &header(&device_key(), 5, Digest([4; 32]), content()),
        &device_key(),
        None,
        2_000,
    );
    let fifth = Digest::of(
        &header(&device_key(), 5, Digest([4; 32]), content())
            .write()
            .unwrap(),
    );
    world.push(
        &header(&device_key(), 6, fifth, content()),
        &device_key(),
        None,
        2_000,
    );
    world.push(
        &header(&device_key(), 4, Digest([4; 32]), content()),
        &device_key(),
        None,
        2_000,
    );
    let report = world.verify().unwrap();
    let gaps: Vec<_> = report
        .gaps_listed
        .iter()
        .map(|gap| (gap.index, gap.expected, gap.found))
        .collect();
    assert_eq!((report.gaps, gaps), (2, vec![(3, 3, 5), (5, 7, 4)]));
}

#[test]
fn a_checkpoint_by_another_key_is_refused() {
    let world = World::of(2);
    let key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let checkpoint = Checkpoint {
        origin: origin(),
        size: 3,
        root: Digest::ZERO,
    };
    let forged = checkpoint.sign(&key).unwrap();
    assert_eq!(
        world.verify_with(&forged).unwrap_err().to_string(),
        "the checkpoint: the note is not signed by the expected key"
    );
}

#[test]
fn two_signed_heads_of_one_size_are_a_fork() {
    let world = World::of(2);
    let other = Checkpoint {
        origin: origin(),
        size: 3,
        root: Digest::ZERO,
    }
    .sign(&log_key())
    .unwrap();
    assert_eq!(
        world.verify_with(&other).unwrap_err().to_string(),
        "the log's key signed two different heads over 3 entries: the log was forked"
    );
}

#[test]
fn an_entry_that_cannot_be_read_again_is_said_so_and_accuses_nobody() {
    let mut world = World::of(9);
    edit(&mut world, 4, "\"admitted\":true", "\"admitted\":false");
    let log = PublicKey::of(&log_key());
    let again = ReadAgain::new(|index| {
        let entry = world.entries.get(usize::try_from(index).unwrap());
        entry
            .filter(|_| index != 2)
            .map(|(bytes, _)| bytes)
            .ok_or("the stick was pulled".to_string())
    });
    let mut verifier = Verifier::reading_again(&origin(), log, Keys(vec![log]), again).unwrap();
    for (entry, beside) in &world.entries {
        verifier.push(entry, beside.as_ref()).unwrap();
    }
    let fault = verifier
        .finish(world.notes.last().unwrap(), [])
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "entry 2 cannot be read a second time: the stick was pulled"
    );
}

#[test]
fn a_wrong_leaf_is_found_between_thousands_of_heads() {
    let mut leaves: Vec<Digest> = (0..3_000_u64).map(|n| leaf(&n.to_be_bytes())).collect();
    let (mut tree, mut heads) = (Growing::new(), vec![]);
    for leaf in &leaves {
        tree.push(*leaf);
        heads.push(Checkpoint {
            origin: origin(),
            size: tree.size(),
            root: tree.root(),
        });
    }
    assert_eq!(differing(&leaves, heads.clone()), None);
    for wrong in [0, 1, 255, 256, 257, 1_999, 2_998, 2_999] {
        leaves[wrong].0[0] ^= 1;
        let n = wrong as u64;
        assert_eq!(
            differing(&leaves, heads.clone()),
            Some(Fault::Differs { first: n, last: n })
        );
        let few = heads.iter().step_by(100).cloned();
        let expected = match n {
            0 => Some(Fault::Differs { first: 0, last: 0 }),
            // Heads end at 2,901 entries.
            2_901.. => None,
            _ => Some(Fault::Differs {
                first: (n - 1) / 100 * 100 + 1,
                last: (n - 1) / 100 * 100 + 100,
            }),
        };
        assert_eq!(differing(&leaves, few), expected);
        leaves[wrong].0[0] ^= 1;
    }
}

#[test]
fn a_growing_root_is_the_root_at_every_size() {
    let leaves: Vec<Digest> = (0..1_100_u64).map(|n| leaf(&n.to_be_bytes())).collect();
    let mut tree = Growing::new();
    for size in 0..leaves.len() {
        assert_eq!(tree.root(), root(&leaves[..size]), "{size}");
        tree.push(leaves[size]);
    }
    let (mut tree, mut frontier) = (Growing::new(), ledger::merkle::Frontier::new());
    for n in 0..66_000_u64 {
        let leaf = leaf(&n.to_be_bytes());
        tree.push(leaf);
        frontier.append(leaf);
        if n % 641 == 0 || n > 65_500 && n < 65_600 {
            assert_eq!(tree.root(), frontier.root());
        }
    }
}

proptest! {
    #[test]
    fn numbers_are_a_set(numbers in prop::collection::btree_set(0_u64..2_000, 0..300)) {
        let set: Numbers = numbers.iter().rev().copied().collect();
        prop_assert!(set.iter().eq(numbers.iter().copied()));
        prop_assert_eq!(set.count(), numbers.len() as u64);
        prop_assert_eq!(set.is_empty(), numbers.is_empty());
        prop_assert!((0..2_100).all(|n| set.contains(n) == numbers.contains(&n)));
        prop_assert!(set.ranges().flatten().eq(numbers.iter().copied()));
        let ranges: Vec<_> = set.ranges().collect();
        prop_assert!(ranges.windows(2).all(|pair| pair[0].end() + 1 < *pair[1].start()));
    }
}
