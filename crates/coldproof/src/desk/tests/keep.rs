//! What stands up without the node, asked of the desk over a real one.

use domain::act::record::Attach;
use domain::id::FileId;
use ledger::Digest;
use ledger::checkpoint::Checkpoint as SignedHead;
use ledger::note::VerifierKey;
use web::desk::{Answer, FilePiece, FileReached};

use super::*;

fn wait<T>(later: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(later)
}

fn is(answer: &Answer) -> (u16, String) {
    let json: serde_json::Value = serde_json::from_slice(&answer.json).unwrap();
    let is = json["is"].as_str().unwrap_or_default().to_owned();
    (answer.status, is)
}

#[test]
fn the_checkpoint_is_signed_and_proofs_lead_to_it_for_anyone() {
    let set = set();
    let checkpoint = set.desk.checkpoint();
    let key: &VerifierKey = set.node.verifier();
    let head = SignedHead::open(&checkpoint.note, key).unwrap();
    assert_eq!(head.size, set.desk.head().size);
    assert_eq!(checkpoint.log_key, set.desk.head().log_key);
    assert_eq!((checkpoint.epoch, checkpoint.frozen), (0, None));
    let proof = wait(set.desk.proof(2, head.size)).unwrap();
    assert!(proof.starts_with("c2sp.org/tlog-proof@v1\nindex 2\n"));
    let (_, note) = proof.split_once("\n\n").unwrap();
    assert_eq!(SignedHead::open(note, key).unwrap(), head);
    // The epoch is signed with it, and what a proof carries is the rest.
    assert!(checkpoint.note.starts_with(note));
    assert_eq!(ledger::epoch::epoch(&checkpoint.note, key), Ok(Some(0)));
    assert_eq!(wait(set.desk.consistency(0, head.size)).unwrap(), "");
    let lines = wait(set.desk.consistency(3, head.size)).unwrap();
    assert!(lines.lines().count() > 0 && lines.lines().all(|line| line.len() == 44));
    for size in [head.size + 1, u64::MAX] {
        assert_eq!(wait(set.desk.proof(0, size)), Err(Trouble::Unknown));
        assert_eq!(wait(set.desk.consistency(1, size)), Err(Trouble::Unknown));
    }
    assert_eq!(
        wait(set.desk.proof(head.size, head.size)),
        Err(Trouble::Unknown)
    );
}

#[test]
fn an_entry_is_given_to_its_signer_and_the_first_to_anyone_enrolled() {
    let set = set();
    let mine: Vec<u64> = (0..set.desk.head().size)
        .filter(|index| wait(set.desk.entry(*index, &viewer(&set.armorer))).is_ok())
        .collect();
    let yours: Vec<u64> = (0..set.desk.head().size)
        .filter(|index| wait(set.desk.entry(*index, &viewer(&set.first_ad))).is_ok())
        .collect();
    // Their own enrolments among them; entry 0 and nothing else in common.
    assert!(mine.len() > 3 && yours.len() > 3);
    let both: Vec<&u64> = mine.iter().filter(|index| yours.contains(index)).collect();
    assert_eq!(both, [&0]);
    for index in [0, 1, u64::MAX] {
        let entry = wait(set.desk.entry(index, &Viewer::Stranger));
        assert_eq!(entry, Err(Trouble::Unknown));
    }
}

#[test]
fn a_head_that_the_record_does_not_hold_stops_it_with_the_reason_and_every_weapon_needs_a_check() {
    let mut set = set();
    // An older copy of the folder, as if it were put back.
    let older = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(set.dir.path()).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), older.path().join(file.file_name())).unwrap();
        }
    }
    let keys = older.path().join("keys");
    if set.dir.path().join("keys").is_dir() {
        std::fs::create_dir(&keys).unwrap();
        for file in std::fs::read_dir(set.dir.path().join("keys")).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), keys.join(file.file_name())).unwrap();
        }
    }
    for words in ["claim 4", "claim 5"] {
        let words = Words::new(words);
        say(
            &set.node,
            &mut set.admin,
            &Act::Preserve(domain::act::record::Preserve { words }),
        );
    }
    let held = set.desk.checkpoint().note;
    let clock = Hands(Arc::new(AtomicI64::new(1_634_846_460_000)));
    let node = Node::open(older.path(), Box::new(KindBook), Box::new(clock)).unwrap();
    let desk = NodeDesk::new(Arc::new(node), NodeDesk::zone_here());
    assert_eq!(desk.ready(), Ok(()));

    let unsigned = held.replacen('\n', "\n9", 1);
    assert_eq!(wait(desk.show_receipt(unsigned, None)).status, 400);
    let ours = desk.checkpoint().note;
    assert_eq!(
        is(&wait(desk.show_receipt(ours, Some(0)))),
        (200, "held".to_owned())
    );
    assert!(desk.head().frozen.is_none());
    assert_eq!(
        is(&wait(desk.show_receipt(held, Some(0)))),
        (200, "differs".to_owned())
    );
    let why = desk.head().frozen.unwrap();
    assert!(why.contains("rolled back"), "{why}");
    assert_eq!(desk.checkpoint().frozen, Some(why));
    assert!(desk.ready().is_err());
    for card in desk.set(None, &Viewer::Stranger).unwrap().weapons {
        assert_eq!(card.word, Word::CheckNeeded, "{}", card.tag);
    }
    // What goes on: reading, one's own copy, a stop.
    let armorer = viewer(&set.armorer);
    assert!(!desk.record(None, 9, &armorer).lines.is_empty());
    assert!(wait(desk.my_copy(&armorer)).is_ok());
    let press = Press {
        unit: None,
        visit: "0".repeat(32),
        pressed_at: None,
        words: None,
    };
    assert_eq!(wait(desk.stop(press)).status, 200);
    assert_eq!(desk.set(None, &Viewer::Stranger).unwrap().stops.len(), 1);
}

#[test]
fn a_copy_of_ones_own_is_a_zip_for_the_enrolled() {
    let set = set();
    let copy = wait(set.desk.my_copy(&viewer(&set.armorer))).unwrap();
    assert!(copy.bytes.starts_with(b"PK\x03\x04"));
    assert_eq!(copy.name, format!("my-copy-{}.zip", set.desk.head().size));
    assert!(matches!(
        wait(set.desk.my_copy(&Viewer::Stranger)),
        Err(Trouble::Denied(_))
    ));
}

#[test]
fn a_file_comes_in_pieces_is_named_by_a_statement_and_is_then_had() {
    let mut set = set();
    let bytes: Vec<u8> = (0..700_000_u32).map(|n| (n % 253) as u8).collect();
    let sha256 = Digest::of(&bytes);
    let piece = |at: u64, piece: &[u8]| FilePiece {
        sha256: sha256.to_string(),
        bytes: 700_000,
        at,
        piece: piece.to_vec(),
    };
    let armorer = viewer(&set.armorer);
    let part = |at| FileReached { at, whole: false };
    let put = |one| wait(set.desk.file_put(one, &armorer)).unwrap();
    assert_eq!(put(piece(0, &bytes[..400_000])), part(400_000));
    // From the wrong place nothing is written; an empty piece asks.
    assert_eq!(put(piece(0, &bytes[..10])), part(400_000));
    assert_eq!(put(piece(0, &[])), part(400_000));
    let whole = FileReached {
        at: 700_000,
        whole: true,
    };
    assert_eq!(put(piece(400_000, &bytes[400_000..])), whole);
    assert_eq!(put(piece(0, &[])), whole);
    let stranger = wait(set.desk.file_put(piece(0, &[]), &Viewer::Stranger));
    assert!(matches!(stranger, Err(Trouble::Denied(_))));

    let hex = sha256.to_string();
    assert_eq!(wait(set.desk.file(&hex, &armorer)), Err(Trouble::Unknown));
    assert!(set.desk.files(None, &armorer).is_empty());
    let about = StatementId(set.weapon.0);
    let act = Act::Attach(Attach {
        sha256: FileId(sha256.0),
        bytes: 700_000,
        media: "image/png".into(),
        name: Words::new("rack 2"),
        about: vec![about],
        original: None,
        exhibit: false,
    });
    say(&set.node, &mut set.armorer, &act);
    let second = viewer(&set.first_ad);
    let named = wait(set.desk.file(&hex, &second)).unwrap();
    assert_eq!((named.bytes, named.name.as_str()), (700_000, "rack 2"));
    let read = wait(set.desk.file_read(&hex, 399_999, 3)).unwrap();
    assert_eq!(read, bytes[399_999..400_002]);
    for about in [None, Some(about.to_string())] {
        let list = set.desk.files(about.as_deref(), &second);
        assert_eq!(list.len(), 1);
        assert_eq!(
            (list[0].by.as_str(), list[0].bytes),
            ("N. armorer", Some(700_000))
        );
    }
    assert!(
        set.desk
            .files(Some(&set.lot.to_string()), &second)
            .is_empty()
    );
    assert!(set.desk.files(Some("?"), &second).is_empty());
    assert!(set.desk.files(None, &Viewer::Stranger).is_empty());
    assert_eq!(
        wait(set.desk.file(&hex, &Viewer::Stranger)),
        Err(Trouble::Unknown)
    );
}

#[test]
fn a_board_nags_for_a_copy_only_where_one_is_expected() {
    let set = set();
    let care = set.desk.care();
    assert_eq!((care.copied_at, care.copy_is_late), (None, false));
    assert_eq!((care.cosigned_at, care.cosigning_is_late), (None, false));
    let desk = NodeDesk::new(set.node.clone(), NodeDesk::zone_here()).nagging(Nag::default());
    assert!(desk.care().copy_is_late);
}

#[test]
fn accounts_are_offered_to_everybody_and_erasing_to_those_who_answer_for_the_record() {
    let mut set = set();
    let kinds = |set: &Set, who: &Device| -> Vec<String> {
        let offers = set.desk.set(None, &viewer(who)).unwrap().offers;
        offers.into_iter().map(|offer| offer.kind).collect()
    };
    let has = |kinds: &[String], kind: &str| kinds.iter().any(|one| one == kind);
    let performer = kinds(&set, &set.performer);
    assert!(has(&performer, "account.give") && !has(&performer, "record.preserve"));
    let admin = kinds(&set, &set.admin);
    assert!(has(&admin, "record.preserve") && !has(&admin, "record.erase"));
    let account = Act::GiveAccount(domain::act::record::GiveAccount {
        about: vec![],
        words: Words::new("I heard it rattle"),
    });
    say(&set.node, &mut set.performer, &account);
    assert!(has(&kinds(&set, &set.admin), "record.erase"));
    let preserve = Act::Preserve(domain::act::record::Preserve {
        words: Words::new("claim 4"),
    });
    say(&set.node, &mut set.admin, &preserve);
    let admin = kinds(&set, &set.admin);
    assert!(!has(&admin, "record.erase") && has(&admin, "record.preserve_end"));
}
