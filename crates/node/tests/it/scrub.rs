//! The whole log hashed again while the node runs.

use crate::world::*;

/// Changes the file beside the running node, which nobody but a failing disk should.
fn damage(ranch: &Ranch, sql: &str) {
    let connection = rusqlite::Connection::open(ranch.dir.path().join("record.sqlite")).unwrap();
    assert!(connection.execute(sql, []).unwrap() > 0);
}

#[test]
fn a_sound_log_is_hashed_again_whole() {
    let mut ranch = Ranch::new();
    ranch.cold();
    assert_eq!(ranch.node.scrubbed_at(), None);
    assert_eq!(ranch.node.scrub(), Ok(ranch.node.seen().size));
    assert_eq!(ranch.node.scrubbed_at(), Some(ranch.node.now()));
    assert_eq!(ranch.node.frozen(), None);
}

#[test]
fn an_entry_that_changed_on_the_disk_freezes_and_is_named() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    ranch.node.tick();
    damage(
        &ranch,
        "UPDATE entry SET bytes = CAST(bytes || x'20' AS BLOB) WHERE idx = 5",
    );
    let why = ranch.node.scrub().unwrap_err();
    assert!(why.contains("entry 5"), "{why}");
    assert_eq!(ranch.node.frozen(), Some(&*why));
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
}

#[test]
fn a_body_that_changed_or_went_freezes_and_is_named() {
    for sql in [
        "UPDATE body SET body = CAST(body || x'20' AS BLOB) WHERE idx = (SELECT max(idx) FROM body)",
        "DELETE FROM body WHERE idx = (SELECT max(idx) FROM body)",
    ] {
        let mut ranch = Ranch::new();
        ranch.cold();
        damage(&ranch, sql);
        let why = ranch.node.scrub().unwrap_err();
        assert!(
            why.contains("body") && ranch.node.frozen().is_some(),
            "{why}"
        );
    }
}
