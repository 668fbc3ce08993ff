//! What goes in comes out.

use std::fs;

use audit::{Archive, Ask, Form, NotHeld, NotWritten, Signatures};

use crate::world::*;
use store::Stored;

#[test]
fn an_export_holds_as_a_folder_and_as_a_zip_and_says_the_same() {
    for entries in [15, 255, 256, 257, 600] {
        let world = World::long(entries);
        let dir = tempfile::tempdir().unwrap();
        let (folder, zip) = (dir.path().join("copy"), dir.path().join("copy.zip"));
        world.export(&folder, Form::Folder);
        world.export(&zip, Form::Zip);
        let (one, other) = (check(&folder).unwrap(), check(&zip).unwrap());
        assert_eq!(one, other, "{entries} entries");
        assert_eq!(one.size, entries as u64);
    }
}

#[test]
fn the_same_record_makes_the_same_bytes() {
    let (world, ..) = World::new();
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one.zip"), dir.path().join("other.zip"));
    world.export(&one, Form::Zip);
    world.export(&other, Form::Zip);
    assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
}

#[test]
fn every_signature_by_itself_says_the_same_as_many_at_once() {
    let copy = Copy::of(&World::long(300));
    let files = audit::open(&copy.root()).unwrap();
    let ask = Ask {
        signatures: Signatures::OneByOne,
        ..Ask::default()
    };
    let strict = audit::check(&*files, &ask, &mut |_, _| {}).unwrap();
    assert_eq!(strict, copy.check().unwrap());
}

#[test]
fn nothing_is_written_over_and_nothing_is_left_behind() {
    let (world, ..) = World::new();
    let dir = tempfile::tempdir().unwrap();
    for form in [Form::Folder, Form::Zip] {
        let place = dir.path().join("there");
        fs::write(&place, b"somebody's").unwrap();
        let export = audit::export::Export {
            notice: None,
            cosigned: None,
            attachments: None,
            packs: &world.packs,
            verify_page: None,
            defects: "",
            program: program(),
            made_at: 0,
            aside: &audit::export::Aside::default(),
        };
        let written = audit::export::write(&place, form, &world, &export, &mut |_, _| {});
        assert!(matches!(written, Err(NotWritten::Exists { .. })));
        assert_eq!(fs::read(&place).unwrap(), b"somebody's");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_record_that_does_not_lead_to_its_head_is_not_exported() {
    let (mut world, ..) = World::new();
    let other = World::long(16).stored[15].entry.clone();
    world.stored[5].entry = other;
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("copy");
    let head = World::new().0.note_at(15);
    let export = audit::export::Export {
        notice: None,
        cosigned: None,
        attachments: None,
        packs: &world.packs.clone(),
        verify_page: None,
        defects: "",
        program: program(),
        made_at: 0,
        aside: &audit::export::Aside::default(),
    };
    let lying = Lying(world, head);
    let written = audit::export::write(&place, Form::Folder, &lying, &export, &mut |_, _| {});
    assert!(written.unwrap_err().to_string().contains("signed head"));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn an_exhibit_gets_a_form_with_who_entered_it_and_what_touched_it() {
    let (world, armorer, _) = World::new();
    let copy = Copy::of(&world);
    let form = String::from_utf8(copy.read(&format!("custody/{}.txt", world.ids[7]))).unwrap();
    for part in [
        format!("person {}", armorer.person),
        "entry 7".to_owned(),
        "entry 9".to_owned(),
        ledger::Digest::of(PHOTO).to_string(),
    ] {
        assert!(form.contains(&part), "{part} in\n{form}");
    }
    let keys = String::from_utf8(copy.read("keys/keys.json")).unwrap();
    assert!(keys.contains(&armorer.public().to_string()));
    let certificate = String::from_utf8(copy.read("certificate.txt")).unwrap();
    assert!(certificate.starts_with("DRAFT"));
}

#[test]
fn what_is_not_there_cannot_be_read_and_what_is_no_copy_has_no_shape() {
    let dir = tempfile::tempdir().unwrap();
    let nowhere = check(&dir.path().join("nowhere"));
    assert!(matches!(nowhere, Err(audit::NotHeld::Unreadable(_))));
    assert_eq!(line(dir.path()), "fault shape");
    let text = dir.path().join("text");
    fs::write(&text, "no zip").unwrap();
    assert_eq!(line(&text), "fault shape");
}

/// A record whose head is another's.
struct Lying(World, String);
impl Archive for Lying {
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld> {
        self.0.read(from, to)
    }
    fn note(&self) -> Result<String, NotHeld> {
        Ok(self.1.clone())
    }
    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, NotHeld> {
        self.0.checkpoints(from)
    }
}
