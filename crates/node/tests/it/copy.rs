//! A person's own copy, which verifies without the node.

use std::path::Path;

use audit::{Ask, Holds};
use domain::act::Act;
use domain::act::floor::EyesOn;
use node::Around;

use crate::world::*;

const EYES: Act = Act::EyesOn(EyesOn {
    weapons: Vec::new(),
});

/// Checks a zip as anybody would who was given it.
fn check(zip: &[u8]) -> Holds {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("my-copy.zip");
    std::fs::write(&path, zip).unwrap();
    let files = audit::open(&path).unwrap();
    audit::check(&*files, &Ask::default(), &mut |_, _| {}).unwrap()
}

fn damage(folder: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(folder.join("record.sqlite")).unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0);
    connection.close().unwrap();
}

#[test]
fn my_copy_verifies_after_the_node_and_its_folder_are_gone() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    // Also what was refused.
    let refused = say(
        &ranch.node,
        &mut ranch.performer,
        &Act::Collect(domain::act::floor::Collect {
            weapon: floor.weapon,
        }),
    );
    let mut copies = Vec::new();
    for (person, at_least) in [
        (&ranch.armorer, 4),
        (&ranch.performer, 2),
        (&ranch.admin, 3),
    ] {
        let copy = ranch.node.copy_for(person.person(), None).unwrap();
        assert!(copy.entries >= at_least, "{} entries", copy.entries);
        assert!(copy.left_out.is_empty());
        assert_eq!(copy.size, ranch.node.seen().size);
        copies.push(copy);
    }
    let who = viewer(&ranch.performer);
    assert!(ranch.node.own_entry(refused.index, &who).is_ok());
    assert!(
        ranch
            .node
            .own_entry(refused.index, &viewer(&ranch.armorer))
            .is_err()
    );
    assert!(ranch.node.own_entry(1, &who).is_err());
    let size = ranch.node.seen().size;
    let key = ranch.node.verifier().key();
    let Ranch { node, dir, .. } = ranch;
    drop(node);
    dir.close().unwrap();
    for copy in copies {
        let holds = check(&copy.zip);
        assert_eq!((holds.size, holds.log_key), (size, key));
        assert_eq!(holds.entries, Some(copy.entries as u64));
        assert_eq!(holds.bodies.missing, 0);
    }
}

#[test]
fn my_copy_is_had_from_a_frozen_node() {
    let mut ranch = Ranch::new();
    let older = ranch.copy();
    let receipt = say(&ranch.node, &mut ranch.armorer, &EYES).receipt;
    let ranch = ranch.put_back(&older, Around::default());
    ranch.node.show_receipt(&receipt.note, Some(0)).unwrap();
    assert!(ranch.node.frozen().is_some());
    let copy = ranch.node.copy_for(ranch.admin.person(), None).unwrap();
    assert_eq!(check(&copy.zip).entries, Some(copy.entries as u64));
}

#[test]
fn my_copy_of_a_damaged_record_holds_what_comes_before_the_damage() {
    let mut ranch = Ranch::new();
    ranch.cold();
    say(&ranch.node, &mut ranch.armorer, &EYES);
    let size = ranch.node.seen().size;
    let ranch = ranch.changed(Around::default(), |folder| {
        damage(
            folder,
            "UPDATE entry SET bytes = CAST(bytes || x'20' AS BLOB) WHERE idx = 20",
        );
    });
    assert!(ranch.node.frozen().is_some());
    let copy = ranch.node.copy_for(ranch.armorer.person(), None).unwrap();
    assert!(copy.size <= 20 && copy.size < size, "{}", copy.size);
    let holds = check(&copy.zip);
    assert_eq!(holds.size, copy.size);
    assert!(copy.entries > 0);
}

#[test]
fn an_entry_that_changes_under_a_running_node_is_left_out_and_named() {
    let mut ranch = Ranch::new();
    let one = say(&ranch.node, &mut ranch.armorer, &EYES).index;
    say(&ranch.node, &mut ranch.armorer, &EYES);
    ranch.node.tick();
    damage(
        ranch.dir.path(),
        &format!("UPDATE entry SET bytes = CAST(bytes || x'20' AS BLOB) WHERE idx = {one}"),
    );
    let copy = ranch.node.copy_for(ranch.armorer.person(), None).unwrap();
    assert_eq!(copy.left_out, [one]);
    check(&copy.zip);
}

#[test]
fn a_person_without_entries_has_an_empty_copy() {
    let ranch = Ranch::new();
    let nobody = domain::id::PersonId([9; 32]);
    let copy = ranch.node.copy_for(nobody, None).unwrap();
    assert_eq!((copy.entries, copy.left_out.len()), (0, 0));
}
