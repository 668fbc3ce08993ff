//! A person's own copy, checked when the log is gone.

use std::fs;
use std::path::Path;

use audit::Form;
use audit::copy::{Own, OwnEntry};
use ledger::Digest;
use ledger::merkle::{inclusion_proof, leaf_hash};

use crate::world::*;

/// The second person's copy of the story, in `place`.
fn write(place: &Path, form: Form) {
    let (world, _, second) = World::new();
    let own = own(&world, second.person);
    let verifier = World::origin()
        .verifier(ledger::PublicKey::of(&world.log))
        .unwrap();
    let note = world.note_at(world.stored.len());
    let page = b"<!doctype html>";
    let own = Own {
        verifier: &verifier,
        note: &note,
        person: second.person,
        first: entry(&world, 0, false),
        entries: own,
        verify_page: Some(page),
        program: program(),
        made_at: 1_634_846_500_000,
    };
    audit::copy::write(place, form, &own).unwrap();
    if form == Form::Zip {
        assert_eq!(fs::read(place).unwrap(), own.zip().unwrap());
    }
}

fn own(world: &World, person: Digest) -> Vec<OwnEntry> {
    (0..world.stored.len())
        .filter(|index| {
            let entry = ledger::entry::Entry::read(&world.stored[*index].entry).unwrap();
            let signed = ledger::envelope::open(&entry.statement).unwrap();
            signed.header.person == person || signed.id == person
        })
        .map(|index| entry(world, index, true))
        .collect()
}

fn entry(world: &World, index: usize, with_body: bool) -> OwnEntry {
    let leaves: Vec<Digest> = world
        .stored
        .iter()
        .map(|stored| leaf_hash(&stored.entry))
        .collect();
    let stored = &world.stored[index];
    OwnEntry {
        index: index as u64,
        entry: stored.entry.clone(),
        beside: stored.beside.clone().filter(|_| with_body),
        proof: inclusion_proof(&leaves, index as u64).unwrap(),
    }
}

/// A copy in a folder, to be changed.
fn copy() -> Copy {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("copy"), Form::Folder);
    Copy { dir }
}

#[track_caller]
fn after(relist: bool, expected: &str, damage: impl FnOnce(&Copy)) {
    let copy = copy();
    damage(&copy);
    if relist {
        copy.relist();
    }
    assert_eq!(copy.line(), expected);
}

#[test]
fn an_own_copy_holds_as_a_folder_and_as_a_zip() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = (dir.path().join("copy"), dir.path().join("copy.zip"));
    write(&folder, Form::Folder);
    write(&zip, Form::Zip);
    let holds = check(&folder).unwrap();
    assert_eq!(holds, check(&zip).unwrap());
    assert_eq!(holds.entries, Some(5));
    let plain = holds.plain();
    let lines: Vec<&str> = plain.lines().skip(4).collect();
    assert!(lines[0].starts_with("log_key "));
    assert_eq!(
        lines[1..],
        [
            "entries 5",
            "bodies 2",
            "bodies_withheld 0",
            "bodies_erased 0",
            "bodies_missing 1",
            "body 10 missing: no entry says why"
        ]
    );
    let mine = fs::read_to_string(folder.join("mine.txt")).unwrap();
    assert!(
        mine.contains("Entry 9") && mine.contains("It was dark."),
        "{mine}"
    );
}

#[test]
fn a_damaged_own_copy_names_the_entry() {
    after(true, "fault shape", |copy| copy.remove("first.entry"));
    after(true, "fault shape", |copy| {
        copy.remove("receipts/6.tlog-proof");
    });
    after(true, "fault shape", |copy| copy.remove("entries/6.salt"));
    after(true, "fault shape", |copy| copy.put("cosigned", b"x"));
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| drop(manifest.as_object_mut().unwrap().remove("person")));
    });
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| manifest["notice"] = 1.into());
    });
    after(true, "fault checkpoint", |copy| {
        copy.edit("checkpoint", |note| note[0] ^= 1);
    });
    after(true, "fault entry 0", |copy| {
        copy.edit("first.entry", |entry| entry[0] = b'[');
    });
    after(true, "fault entry 6", |copy| {
        copy.edit("entries/6.entry", |entry| entry[0] = b'[');
    });
    after(false, "fault entry 4", |copy| {
        copy.edit_manifest(|manifest| manifest["person"] = Digest([1; 32]).to_string().into());
    });
    after(true, "fault body 6", |copy| {
        copy.edit("entries/6.body", |body| body[0] ^= 1);
    });
    after(true, "fault body 6", |copy| {
        copy.edit("entries/6.salt", |salt| salt.push(0));
    });
    after(true, "fault body 4", |copy| {
        copy.put("entries/4.body", b"{}");
        copy.put("entries/4.salt", &[0; 32]);
    });
    after(true, "fault root 0", |copy| {
        copy.put("receipts/0.tlog-proof", b"x");
    });
    after(true, "fault root 9", |copy| {
        let other = copy.read("receipts/6.tlog-proof");
        copy.put("receipts/9.tlog-proof", &other);
    });
    after(true, "fault root 6", |copy| {
        // The proof of an older head, which the log's key signed.
        let (world, ..) = World::new();
        let leaves: Vec<Digest> = world.stored[..9]
            .iter()
            .map(|stored| leaf_hash(&stored.entry))
            .collect();
        let proof = ledger::tlog_proof::TlogProof {
            index: 6,
            hashes: inclusion_proof(&leaves, 6).unwrap(),
            note: world.note_at(9),
            extra: None,
        };
        copy.put("receipts/6.tlog-proof", proof.write().as_bytes());
    });
    after(false, "fault manifest", |copy| {
        copy.edit("mine.txt", |text| text[0] ^= 1);
    });
}
