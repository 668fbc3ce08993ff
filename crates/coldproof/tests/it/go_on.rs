//! A record that was put back freezes; people end it by an act that is entered.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use node::{Node, Shelf, SystemClock, Verdict};

fn coldproof(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .output()
        .unwrap()
}

fn open(folder: &Path) -> Node {
    let book = Box::new(Shelf(protocol::shipped()));
    Node::open(folder, book, Box::new(SystemClock)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_frozen_record_goes_on_by_words_that_are_entered_and_only_then() {
    let place = tempfile::tempdir().unwrap();
    let (folder, older) = (place.path().join("ranch"), place.path().join("older"));
    let dir = folder.to_str().unwrap();
    let made = coldproof(&["init", "--production", "Prairie", "--plain", dir]);
    assert!(made.status.success(), "{made:?}");
    let not = coldproof(&["go-on", dir, "--why", "the producer decided"]);
    assert_eq!(not.status.code(), Some(10), "{not:?}");
    copy(&folder, &older);
    let node = open(&folder);
    let told = node.checkpoint();
    drop(node);
    fs::remove_dir_all(&folder).unwrap();
    copy(&older, &folder);
    let node = open(&folder);
    assert!(matches!(
        node.show_receipt(&told, Some(0)),
        Ok(Verdict::Differs(_))
    ));
    drop(node);
    let blank = coldproof(&["go-on", dir, "--why", " "]);
    assert_eq!(blank.status.code(), Some(65), "{blank:?}");
    let done = coldproof(&["go-on", "--plain", dir, "--why", "the producer decided"]);
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{done:?}");
    assert!(said.contains("epoch 1\nheads 1\n"), "{said}");
    let node = open(&folder);
    assert_eq!(node.frozen(), None);
    assert_eq!(node.show_receipt(&told, Some(0)), Ok(Verdict::Known));
    drop(node);
    let holds = coldproof(&["verify", dir]);
    assert!(holds.status.success(), "{holds:?}");
}
