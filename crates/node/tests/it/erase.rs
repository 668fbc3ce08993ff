//! Erasing by two people: gone from every page, every file and the disk.

use std::path::Path;
use std::sync::Arc;

use domain::act::Act;
use domain::act::log::Countersign;
use domain::act::record::{Attach, Details, Erase, Export, GiveAccount};
use domain::id::{FileId, StatementId};
use domain::words::{Basis, Department, Duty, Words};
use node::{Around, Entered, Node};
use sha2::{Digest as _, Sha256};
use store::{Attachments, MemoryAttachments, MemoryLog};

use crate::world::*;

const CANARY: &str = "the-canary-that-must-be-gone";
const ELEVEN_YEARS_MS: i64 = 11 * 366 * 24 * 60 * 60 * 1_000;

pub fn hash(bytes: &[u8]) -> FileId {
    FileId(Sha256::digest(bytes).into())
}

pub fn attach(bytes: &[u8], about: Vec<StatementId>, original: Option<FileId>) -> Act {
    Act::Attach(Attach {
        sha256: hash(bytes),
        bytes: bytes.len() as u64,
        media: "image/jpeg".into(),
        name: Words::new("picture.jpg"),
        about,
        original,
        exhibit: false,
    })
}

/// Two people erase; the countersignature's answer.
fn erase(ranch: &mut Ranch, statements: Vec<StatementId>) -> Entered {
    let erase = Act::Erase(Erase {
        statements,
        basis: Basis::AskedByPerson,
        words: Words::new("GDPR article 17, by letter"),
    });
    let asked = say(&ranch.node, &mut ranch.admin, &erase);
    assert!(asked.outcome.admitted, "{:?}", asked.outcome.reasons);
    let countersign = Act::Countersign(Countersign { of: asked.id });
    let producer = [Duty::Producer];
    let mut producer = newcomer(&ranch.node, "producer", Department::Production, &producer);
    say(&ranch.node, &mut producer, &countersign)
}

/// Whether any file under `folder` holds `bytes`.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds(&path, bytes)
        } else {
            let content = std::fs::read(&path).unwrap();
            content.windows(bytes.len()).any(|window| window == bytes)
        }
    })
}

struct Given {
    account: StatementId,
    photo: Vec<u8>,
    kept: Vec<u8>,
}

/// An account with a photograph that only it names, and one that another statement names as well.
fn give(ranch: &mut Ranch) -> (Given, Vec<StatementId>) {
    let account = Act::GiveAccount(GiveAccount {
        about: vec![],
        words: Words::new(CANARY),
    });
    let account = say(&ranch.node, &mut ranch.performer, &account).id;
    let photo = [b"photo ".as_slice(), CANARY.as_bytes()].concat();
    let kept = b"a photograph that two people name".to_vec();
    let who = viewer(&ranch.performer);
    for bytes in [&photo, &kept] {
        ranch
            .node
            .put_piece(&who, hash(bytes), bytes.len() as u64, 0, bytes)
            .unwrap();
    }
    let one = say(
        &ranch.node,
        &mut ranch.performer,
        &attach(&photo, vec![account], Some(hash(&kept))),
    )
    .id;
    let second = say(&ranch.node, &mut ranch.second, &attach(&kept, vec![], None));
    assert!(second.outcome.admitted);
    let details = Act::Details(Details {
        person: ranch.performer.person(),
        name: Words::new("Name of performer A"),
        contact: Words::new(CANARY),
    });
    let details = say(&ranch.node, &mut ranch.performer, &details).id;
    let given = Given {
        account,
        photo,
        kept,
    };
    (given, vec![account, one, details])
}

#[test]
fn what_two_people_erase_is_gone_from_pages_files_names_and_disk_and_verifies() {
    let mut ranch = Ranch::new();
    let (given, statements) = give(&mut ranch);
    assert!(holds(ranch.dir.path(), CANARY.as_bytes()));
    ranch.watch.0.pass(ELEVEN_YEARS_MS);
    let mut ranch = ranch.restart();
    let answer = erase(&mut ranch, statements.clone());
    let mut erased = answer.outcome.erased.clone();
    erased.sort();
    let mut asked = statements.clone();
    asked.sort();
    assert_eq!(erased, asked, "{:?}", answer.outcome);
    let who = viewer(&ranch.performer);
    until(&ranch.node, || ranch.node.files(&who, None).len() == 1);
    assert!(ranch.node.file(&who, hash(&given.photo)).is_err());
    assert!(ranch.node.file(&who, hash(&given.kept)).is_ok());
    let page = ranch.node.record(None, 200, &viewer(&ranch.admin));
    assert!(!format!("{page:?}").contains(CANARY));
    assert!(page.lines.iter().any(|line| line.id == given.account));
    let name = ranch.node.view(&viewer(&ranch.admin), |view| {
        view.name(ranch.performer.person()).to_owned()
    });
    assert_eq!(name, "performer A");
    until(&ranch.node, || !holds(ranch.dir.path(), CANARY.as_bytes()));
    let size = ranch.node.scrub().unwrap();
    let audit = audit::audit(ranch.dir.path(), None, None).unwrap();
    assert_eq!(audit.size, size);
    assert!(audit.state.is_some(), "nothing rests on what is erased");
    let ranch = ranch.restart();
    assert_eq!(ranch.node.frozen(), None);
}

#[test]
fn what_a_crash_left_to_erase_is_erased_at_the_next_start() {
    let mut ranch = Ranch::new();
    let (given, statements) = give(&mut ranch);
    ranch.watch.0.pass(ELEVEN_YEARS_MS);
    let before = ranch.copy();
    let mut ranch = ranch.restart();
    erase(&mut ranch, statements);
    until(&ranch.node, || !holds(ranch.dir.path(), CANARY.as_bytes()));
    // As if the power went between the answer and the erasing: bodies and files are back, the entries stand.
    let ranch = ranch.changed(Around::default(), |folder| {
        copy_folder(&before.path().join("attachments"), &folder.join("attachments"));
        let old = before.path().join("record.sqlite");
        let connection = rusqlite::Connection::open(folder.join("record.sqlite")).unwrap();
        connection
            .execute("ATTACH ?1 AS old", [old.to_str().unwrap()])
            .unwrap();
        let back = connection
            .execute(
                "INSERT OR IGNORE INTO body SELECT * FROM old.body WHERE idx IN (SELECT idx FROM entry)",
                [],
            )
            .unwrap();
        assert_eq!(back, 3);
    });
    assert_eq!(ranch.node.frozen(), None);
    let who = viewer(&ranch.performer);
    assert!(ranch.node.file(&who, hash(&given.photo)).is_err());
    until(&ranch.node, || !holds(ranch.dir.path(), CANARY.as_bytes()));
}

#[test]
fn a_record_in_memory_erases_alike() {
    let dir = tempfile::tempdir().unwrap();
    let watch = watch();
    let mut log: Option<Arc<MemoryLog>> = None;
    let (node, link) = Node::create_on(
        dir.path(),
        &opening(),
        Box::new(KindBook),
        Box::new(watch.clone()),
        |key, signer| {
            let made = Arc::new(MemoryLog::new(key, signer).unwrap());
            log = Some(made.clone());
            made
        },
    )
    .unwrap();
    let log = log.unwrap();
    let place = Arc::new(MemoryAttachments::default());
    let ranch = Ranch::people(dir, watch, node, &link);
    let Ranch {
        node,
        watch,
        admin,
        armorer,
        second,
        first_ad,
        performer,
        dir,
    } = ranch;
    drop(node);
    let around = Around {
        attachments: Some(place.clone()),
        ..Around::default()
    };
    let node = Node::open_on(
        dir.path(),
        log,
        Box::new(KindBook),
        Box::new(watch.clone()),
        around,
    )
    .unwrap();
    let mut ranch = Ranch {
        node,
        watch,
        admin,
        armorer,
        second,
        first_ad,
        performer,
        dir,
    };
    let (_, statements) = give(&mut ranch);
    assert_eq!(place.list().unwrap().len(), 2);
    ranch.watch.0.pass(ELEVEN_YEARS_MS);
    ranch.node.tick();
    let answer = erase(&mut ranch, statements);
    assert_eq!(answer.outcome.erased.len(), 3, "{:?}", answer.outcome);
    until(&ranch.node, || place.list().unwrap().len() == 1);
}

#[test]
fn who_holds_copies_is_listed_to_be_told() {
    let mut ranch = Ranch::new();
    let size = ranch.node.seen().size;
    let export = Act::Export(Export {
        to: Words::new("the insurer"),
        size,
        out: vec![],
    });
    let entered = say(&ranch.node, &mut ranch.admin, &export);
    let ranch = ranch.restart();
    let holders = ranch.node.holders();
    assert_eq!(holders.len(), 1);
    assert_eq!(
        (holders[0].entry, holders[0].to.as_str(), holders[0].size),
        (entered.index, "the insurer", size)
    );
    assert_eq!(holders[0].by, ranch.admin.person());
}
