//! Files: here before they are named, had by who may have them.

use std::io::Read as _;

use domain::act::Act;
use domain::act::record::{Attach, GiveAccount};
use domain::words::{Department, Duty, Words};
use node::Viewer;
use store::Received;

use crate::erase::{attach, hash};
use crate::world::*;

#[test]
fn a_file_is_sent_in_pieces_named_and_had() {
    let mut ranch = Ranch::new();
    let who = viewer(&ranch.armorer);
    let bytes = vec![7_u8; 100_000];
    let (file, size) = (hash(&bytes), bytes.len() as u64);
    let named = Act::Attach(Attach {
        sha256: file,
        bytes: size,
        media: "image/png".into(),
        name: Words::new("seal.png"),
        about: vec![],
        original: None,
        exhibit: true,
    });
    let not = try_say(&ranch.node, &mut ranch.armorer, &named).unwrap_err();
    assert_eq!(not.code(), "file_missing");
    let before = ranch.node.seen().size;
    let stranger = ranch
        .node
        .put_piece(&Viewer::Stranger, file, size, 0, &bytes)
        .unwrap_err();
    assert_eq!(stranger.code(), "unknown_key");
    ranch
        .node
        .put_piece(&who, file, size, 0, &bytes[..60_000])
        .unwrap();
    let wrong = ranch
        .node
        .put_piece(&who, file, size, 0, &bytes)
        .unwrap_err();
    assert_eq!(wrong.code(), "other_offset");
    let mut ranch = ranch.restart();
    let at = ranch.node.received(&who, file).unwrap();
    assert_eq!(
        at,
        Received::Part { bytes: 60_000 },
        "goes on after a restart"
    );
    let whole = ranch
        .node
        .put_piece(&who, file, size, 60_000, &bytes[60_000..])
        .unwrap();
    assert_eq!(whole, Received::Whole { bytes: size });
    assert!(ranch.node.file(&who, file).is_err(), "nobody named it");
    assert_eq!(
        ranch.node.seen().size,
        before + 1,
        "the start and nothing else"
    );
    let entered = say(&ranch.node, &mut ranch.armorer, &named);
    assert!(entered.outcome.admitted);
    let listed = ranch.node.files(&who, None);
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].statement, listed[0].bytes),
        (entered.id, Some(size))
    );
    assert!(ranch.node.files(&Viewer::Stranger, None).is_empty());
    assert!(ranch.node.file(&Viewer::Stranger, file).is_err());
    let had = ranch.node.file(&viewer(&ranch.performer), file).unwrap();
    assert_eq!((had.name.as_str(), had.exhibit), ("seal.png", true));
    let mut read = Vec::new();
    ranch
        .node
        .read_file(file, 10..20)
        .unwrap()
        .read_to_end(&mut read)
        .unwrap();
    assert_eq!(read, [7; 10]);
    ranch.node.file(&who, file).unwrap();
    let ranch = ranch.restart();
    assert_eq!(ranch.node.times_had(file), 2);
    let views = ranch.node.views(file);
    let by: Vec<_> = views.iter().map(|view| (view.by, view.times)).collect();
    let mut expected = vec![
        (Some(ranch.performer.person()), 1),
        (Some(ranch.armorer.person()), 1),
    ];
    expected.sort();
    assert_eq!(by, expected, "by whom");
    let beside = node::views(ranch.node.folder()).unwrap();
    assert_eq!(beside[&ledger::Digest(file.0)], views);
}

#[test]
fn a_file_of_another_size_than_was_said_is_not_named() {
    let mut ranch = Ranch::new();
    let who = viewer(&ranch.armorer);
    let bytes = b"a photograph".to_vec();
    ranch
        .node
        .put_piece(&who, hash(&bytes), 12, 0, &bytes)
        .unwrap();
    let Act::Attach(body) = attach(&bytes, vec![], None) else {
        unreachable!("made as one")
    };
    let more = Act::Attach(Attach { bytes: 13, ..body });
    let not = try_say(&ranch.node, &mut ranch.armorer, &more).unwrap_err();
    assert_eq!(not.code(), "other_size");
    let missing = attach(&bytes, vec![], Some(hash(b"the original")));
    let not = try_say(&ranch.node, &mut ranch.armorer, &missing).unwrap_err();
    assert_eq!(not.code(), "file_missing");
}

#[test]
fn personal_files_and_originals_go_to_their_author_and_to_who_answers() {
    let mut ranch = Ranch::new();
    let producer = newcomer(
        &ranch.node,
        "producer",
        Department::Production,
        &[Duty::Producer],
    );
    let author = viewer(&ranch.performer);
    let account = Act::GiveAccount(GiveAccount {
        about: vec![],
        words: Words::new("what I saw"),
    });
    let account = say(&ranch.node, &mut ranch.performer, &account).id;
    let (plain, original) = (b"stripped".to_vec(), b"with the place in it".to_vec());
    for bytes in [&plain, &original] {
        ranch
            .node
            .put_piece(&author, hash(bytes), bytes.len() as u64, 0, bytes)
            .unwrap();
    }
    let named = attach(&plain, vec![], Some(hash(&original)));
    say(&ranch.node, &mut ranch.performer, &named);
    let armorer = viewer(&ranch.armorer);
    assert!(ranch.node.file(&armorer, hash(&plain)).is_ok());
    assert!(ranch.node.file(&armorer, hash(&original)).is_err());
    for who in [author, viewer(&producer)] {
        assert!(ranch.node.file(&who, hash(&original)).is_ok());
        assert_eq!(ranch.node.files(&who, None).len(), 2);
    }
    assert_eq!(ranch.node.files(&armorer, None).len(), 1);
    // The same picture, this time with an account: the first naming still lets everybody have it.
    let personal = b"a bruise".to_vec();
    ranch
        .node
        .put_piece(&author, hash(&personal), 8, 0, &personal)
        .unwrap();
    say(
        &ranch.node,
        &mut ranch.performer,
        &attach(&personal, vec![account], None),
    );
    assert!(ranch.node.file(&armorer, hash(&personal)).is_err());
    assert_eq!(ranch.node.files(&author, Some(account)).len(), 1);
    assert!(ranch.node.files(&armorer, Some(account)).is_empty());
}

#[test]
fn a_file_that_nobody_named_is_listed_and_goes_only_by_its_hash_after_a_day() {
    let mut ranch = Ranch::new();
    let who = viewer(&ranch.armorer);
    let (named, unnamed) = (b"signed for".to_vec(), b"never signed for".to_vec());
    for bytes in [&named, &unnamed] {
        let size = bytes.len() as u64;
        ranch
            .node
            .put_piece(&who, hash(bytes), size, 0, bytes)
            .unwrap();
    }
    say(
        &ranch.node,
        &mut ranch.armorer,
        &attach(&named, vec![], None),
    );
    let folder = ranch.node.folder().to_owned();
    let digest = |bytes: &[u8]| ledger::Digest(hash(bytes).0);
    let listed = node::unnamed(&folder).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].sha256, listed[0].bytes),
        (digest(&unnamed), unnamed.len() as u64)
    );
    let came = listed[0].came_at.unwrap();
    let later = came + node::limit::UNNAMED_KEPT_MS;
    let stays = |file: &ledger::Digest, now| node::clear_unnamed(&folder, file, now).unwrap_err();
    assert!(stays(&digest(&unnamed), later).contains("running"));
    let Ranch {
        node, dir: _kept, ..
    } = ranch;
    drop(node);
    assert!(stays(&digest(&named), later).contains("the record names"));
    assert!(stays(&digest(b"another"), later).contains("no such file"));
    assert!(stays(&digest(&unnamed), later - 1).contains("less than a day"));
    node::clear_unnamed(&folder, &digest(&unnamed), later).unwrap();
    assert!(node::unnamed(&folder).unwrap().is_empty());
    let place = store::FolderAttachments::beside(&folder.join("attachments"));
    let left = store::Attachments::list(&place).unwrap();
    assert_eq!(left.len(), 1, "what is named stays");
}

#[test]
fn nothing_goes_while_the_record_is_preserved() {
    let mut ranch = Ranch::new();
    let who = viewer(&ranch.armorer);
    let bytes = b"never signed for".to_vec();
    ranch
        .node
        .put_piece(&who, hash(&bytes), bytes.len() as u64, 0, &bytes)
        .unwrap();
    let hold = Act::Preserve(domain::act::record::Preserve {
        words: domain::words::Words::new("the insurer asked"),
    });
    assert!(say(&ranch.node, &mut ranch.admin, &hold).outcome.admitted);
    let folder = ranch.node.folder().to_owned();
    let Ranch {
        node, dir: _kept, ..
    } = ranch;
    drop(node);
    let file = ledger::Digest(hash(&bytes).0);
    let why = node::clear_unnamed(&folder, &file, i64::MAX).unwrap_err();
    assert!(why.contains("preserved"), "{why}");
}
