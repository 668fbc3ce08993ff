//! Making, opening, opening what is damaged.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use domain::act::Act;
use domain::act::log::AdoptPacks;
use node::{Node, NodeError, Shelf, Viewer};

use crate::world::*;

#[test]
fn a_restart_ends_every_lease_and_keeps_everything_else() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let before = ranch.node.seen();
    let state = ranch.node.view(&viewer(&ranch.armorer), |view| {
        (view.state.people.clone(), view.state.lots.clone())
    });
    ranch.watch.0.pass(1_000);
    let ranch = ranch.restart();
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    assert_eq!(ranch.node.seen().size, before.size + 1);
    let after = ranch.node.view(&viewer(&ranch.armorer), |view| {
        (view.state.people.clone(), view.state.lots.clone())
    });
    assert_eq!(after, state);
    assert_eq!(
        ranch.node.view(&viewer(&ranch.admin), |view| view
            .name(ranch.armorer.person())
            .to_owned()),
        "Name of armorer"
    );
}

#[test]
fn time_does_not_run_back_over_a_restart() {
    let ranch = Ranch::new();
    let at = ranch.node.now();
    ranch
        .watch
        .0
        .wall
        .fetch_sub(7_200_000, std::sync::atomic::Ordering::SeqCst);
    ranch
        .watch
        .0
        .boot
        .store(0, std::sync::atomic::Ordering::SeqCst);
    let mut ranch = ranch.restart();
    assert!(ranch.node.now() >= at);
    ranch.watch.0.pass(1_000);
    let act = Act::EyesOn(domain::act::floor::EyesOn { weapons: vec![] });
    let entered = say(&ranch.node, &mut ranch.armorer, &act);
    assert!(entered.at > at && !entered.outcome.late);
}

#[test]
fn keys_can_be_read_by_their_user_alone() {
    let ranch = Ranch::new();
    for name in ["log.key", "node.key", "board.key"] {
        let mode = fs::metadata(ranch.dir.path().join("keys").join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_folder_is_made_once_and_opened_by_one() {
    let ranch = Ranch::new();
    let again = Node::create(
        ranch.dir.path(),
        &opening(),
        Box::new(KindBook),
        Box::new(ranch.watch.clone()),
    );
    assert!(
        matches!(
            again,
            Err(NodeError::Record(store::OpenError::Exists { .. }))
        ),
        "{again:?}"
    );
    let second = Node::open(
        ranch.dir.path(),
        Box::new(KindBook),
        Box::new(ranch.watch.clone()),
    );
    assert!(
        matches!(
            second,
            Err(NodeError::Record(store::OpenError::InUse { .. }))
        ),
        "{second:?}"
    );
    let nowhere = tempfile::tempdir().unwrap();
    assert!(
        Node::open(
            nowhere.path(),
            Box::new(KindBook),
            Box::new(ranch.watch.clone())
        )
        .is_err()
    );
}

#[test]
fn a_damaged_record_gives_a_node_that_shows_check_needed_and_takes_nothing() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let Ranch {
        node,
        watch,
        mut armorer,
        dir,
        ..
    } = ranch;
    drop(node);
    let file = dir.path().join("record.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    // One byte of a body: the lot had fifty rounds.
    let changed = connection
        .execute("UPDATE body SET body = CAST(replace(CAST(body AS TEXT), '\"count\":50', '\"count\":60') AS BLOB) WHERE CAST(body AS TEXT) LIKE '%\"count\":50%'", [])
        .unwrap();
    assert_eq!(changed, 1);
    connection.close().unwrap();
    let node = Node::open(dir.path(), Box::new(KindBook), Box::new(watch)).unwrap();
    let why = node.frozen().unwrap();
    assert!(why.contains("entry ") && why.contains("body"), "{why}");
    let word = word(&node, &floor);
    assert!(word == "CHECK NEEDED" || word == "no such weapon", "{word}");
    let eyes = Act::EyesOn(domain::act::floor::EyesOn { weapons: vec![] });
    assert_eq!(
        armorer
            .sign(&eyes, node.now(), node.seen())
            .map(|draft| node.take_and_wait(draft.submission).unwrap_err().code())
            .unwrap(),
        "frozen"
    );
    let fault = node::audit(dir.path(), None, None).unwrap_err();
    assert!(fault.index().is_some(), "{fault}");
}

#[test]
fn a_file_cut_short_is_never_cold() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let Ranch {
        node, watch, dir, ..
    } = ranch;
    drop(node);
    let file = dir.path().join("record.sqlite");
    let bytes = fs::read(&file).unwrap();
    for keep in [0, 100, 4_096, bytes.len() / 2, bytes.len() - 4_096] {
        fs::write(&file, &bytes[..keep]).unwrap();
        match Node::open(dir.path(), Box::new(KindBook), Box::new(watch.clone())) {
            Ok(node) => {
                assert!(node.frozen().is_some(), "{keep}");
                assert_ne!(word(&node, &floor), "COLD", "{keep}");
            }
            Err(error) => assert!(!error.to_string().is_empty(), "{keep}"),
        }
        assert!(node::audit(dir.path(), None, None).is_err(), "{keep}");
    }
}

#[test]
fn the_shipped_packs_are_adopted_and_an_unknown_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let watch = watch();
    let shelf = Shelf(protocol::shipped());
    let (node, link) = Node::create(
        dir.path(),
        &opening(),
        Box::new(shelf.clone()),
        Box::new(watch.clone()),
    )
    .unwrap();
    assert_eq!(node.packs().len(), 3, "{:?}", node.packs());
    let mut ranch = Ranch::people(dir, watch, node, &link);
    let bad = Act::PacksAdopt(AdoptPacks {
        packs: vec!["base".into(), "nowhere".into()],
    });
    let refused = say(&ranch.node, &mut ranch.admin, &bad);
    assert!(
        !refused.outcome.admitted
            && refused
                .outcome
                .reasons
                .iter()
                .any(|reason| reason.code == "PA-0002")
    );
    assert_eq!(ranch.node.packs().len(), 3);
    let fewer = Act::PacksAdopt(AdoptPacks {
        packs: vec!["base".into()],
    });
    assert!(say(&ranch.node, &mut ranch.admin, &fewer).outcome.admitted);
    assert_eq!(ranch.node.packs().len(), 1);
    let Ranch {
        node,
        watch,
        mut admin,
        dir,
        ..
    } = ranch;
    drop(node);
    let node = Node::open(dir.path(), Box::new(shelf), Box::new(watch.clone())).unwrap();
    assert_eq!(
        node.packs().len(),
        1,
        "what was adopted holds over a restart"
    );
    drop(node);
    // Packs that are gone grant nothing.
    let node = Node::open(dir.path(), Box::new(Shelf::default()), Box::new(watch)).unwrap();
    assert!(node.packs().is_empty());
    let lot = domain::id::LotId([1; 32]);
    let drawn = say(
        &node,
        &mut admin,
        &Act::DrawRounds(domain::act::ammunition::Draw { lot, rounds: 1 }),
    );
    assert!(
        drawn
            .outcome
            .reasons
            .iter()
            .any(|reason| reason.code == "PR-0003"),
        "{:?}",
        drawn.outcome
    );
    let _ = node
        .board("00112233445566778899aabbccddeeff", &Viewer::Stranger)
        .unwrap();
}
