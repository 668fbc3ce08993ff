//! Out of a node and into another: everything is there, and only what should be.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use backup::age::Identity;
use backup::{Made, check, restore};
use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use store::{Attachments as _, FolderAttachments, Log as _};

use crate::world::{NOW, World, contents, files, open, photograph, verifier};

#[test]
fn a_node_comes_back_whole() {
    let mut world = World::new(1_200);
    let file = world.made(NOW);
    let checked = check(&file, std::slice::from_ref(&world.identity)).unwrap();
    assert_eq!((checked.about.size, checked.about.made_at), (1_200, NOW));
    assert_eq!(checked.about.origin, verifier().name());
    assert_eq!(checked.attachments, 2);
    assert!(checked.missing.contains(&Digest::of(&photograph(10))));
    let spare = world.at("spare");
    let restored = restore(
        &file,
        std::slice::from_ref(&world.identity),
        &spare,
        |folder| {
            assert!(!spare.exists(), "it has no name yet");
            assert_eq!(contents(folder), contents(&world.node()));
            fs::write(folder.join("added"), "by who verifies").map_err(|error| error.to_string())
        },
    );
    assert_eq!(restored.unwrap(), checked);
    world.log = None;
    assert_eq!(contents(&spare), contents(&world.node()));
    let log = open(&spare);
    assert_eq!(log.head(), open(&world.node()).head());
    assert_eq!(
        log.names().unwrap(),
        [(Digest([4; 32]), "the armorer".into())]
    );
    let mut wanted = files(&world.node());
    let stray = Digest::of(&photograph(5_555)).to_string();
    wanted.retain(|(name, _)| {
        !name.contains(&stray)
            && !["backup.json", "something.else", "keys/half.new"].contains(&name.as_str())
    });
    wanted.push(("added".into(), b"by who verifies".to_vec()));
    wanted.push(("packs/0123/pack.toml".into(), b"id = \"base\"".to_vec()));
    wanted.sort();
    assert_eq!(files(&spare), wanted);
    let mode = |name: &str| fs::metadata(spare.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode("keys/log.key"), mode("keys"), mode("")),
        (0o600, 0o700, 0o700)
    );
    let place = FolderAttachments::open(&spare.join("attachments")).unwrap();
    assert_eq!(place.list().unwrap().len(), 2);
}

#[test]
fn a_backup_of_the_restored_node_is_the_same_but_for_its_time() {
    let world = World::new(60);
    let first = world.made(NOW);
    let spare = world.at("spare");
    restore(
        &first,
        std::slice::from_ref(&world.identity),
        &spare,
        |_| Ok(()),
    )
    .unwrap();
    let attachments = backup::Source::attachments_of(&spare);
    let source = backup::Source {
        folder: &spare,
        attachments: &attachments,
        packs: vec![("packs/0123/pack.toml".into(), b"another".to_vec())],
        program: "0.1.0",
        now_ms: NOW + 1_000,
    };
    let made = backup::make(&source, &world.plan()).unwrap();
    let Made::New { last, .. } = made else {
        panic!()
    };
    let identities = std::slice::from_ref(&world.identity);
    let (one, mut other) = (
        check(&first, identities).unwrap(),
        check(&last.file, identities).unwrap(),
    );
    assert_eq!(other.about.made_at, NOW + 1_000);
    other.about.made_at = NOW;
    assert_eq!(other, one);
}

#[test]
fn a_backup_is_one_moment_of_a_record_that_goes_on() {
    let world = World::new(500);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut size = 500;
            while size < 3_000 && !done.load(Ordering::Relaxed) {
                world.fill(size, size + 50);
                size += 50;
            }
        });
        for round in 0..3 {
            let file = world.made(NOW + round * 1_000);
            let to = world.at(&format!("spare-{round}"));
            let checked = restore(
                &file,
                std::slice::from_ref(&world.identity),
                &to,
                |_| Ok(()),
            )
            .unwrap();
            let log = open(&to);
            assert_eq!(log.head().size, checked.about.size);
            assert_eq!(
                world.log().root_at(checked.about.size).unwrap(),
                Some(checked.about.root)
            );
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn erased_bodies_are_in_no_later_backup() {
    let world = World::new(20);
    let before = check(&world.made(NOW), std::slice::from_ref(&world.identity)).unwrap();
    let stored = world.log().read(3, 4).unwrap().remove(0);
    let entry = ledger::entry::Entry::read(&stored.entry).unwrap();
    let statement = ledger::envelope::open(&entry.statement).unwrap().id;
    world.log().erase(&[statement]).unwrap();
    let file = world.made(NOW + 1_000);
    let after = check(&file, std::slice::from_ref(&world.identity)).unwrap();
    assert_eq!(
        (before.attachments, after.attachments),
        (2, 0),
        "nothing names them any more"
    );
    let to = world.at("spare");
    restore(
        &file,
        std::slice::from_ref(&world.identity),
        &to,
        |_| Ok(()),
    )
    .unwrap();
    let log = open(&to);
    assert_eq!(log.body(&statement).unwrap(), None);
    assert_eq!(log.head().size, 20);
}

#[test]
fn an_attachment_gone_bad_does_not_end_the_backup() {
    let world = World::new(20);
    let name = Digest::of(&photograph(3));
    let path = world
        .node()
        .join("attachments/whole")
        .join(name.to_string());
    let mut bytes = fs::read(&path).unwrap();
    bytes[77] ^= 1;
    fs::write(&path, bytes).unwrap();
    let checked = check(&world.made(NOW), std::slice::from_ref(&world.identity)).unwrap();
    assert_eq!(checked.attachments, 1);
    assert!(checked.missing.contains(&name));
    assert_eq!(world.status().last.unwrap().missing, checked.missing.len());
}

#[test]
fn other_programs_open_a_backup() {
    let world = World::new(20);
    let file = world.made(NOW);
    fs::write(world.at("key"), world.identity.secret_text()).unwrap();
    let opened = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(world.at("key"))
        .arg("-o")
        .arg(world.at("opened.tar"))
        .arg(&file)
        .status();
    if opened.is_err() {
        eprintln!("SKIPPED: the program `age` is not installed here");
        return;
    }
    assert!(opened.unwrap().success());
    let unpacked = world.at("unpacked");
    fs::create_dir(&unpacked).unwrap();
    let tar = Command::new("tar")
        .arg("-xf")
        .arg(world.at("opened.tar"))
        .current_dir(&unpacked)
        .status();
    assert!(tar.unwrap().success());
    let files = files(&unpacked);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let photograph = |n| format!("attachments/{}", Digest::of(&photograph(n)));
    let mut wanted = vec![
        "about.json".to_owned(),
        photograph(3),
        photograph(1_003),
        "bodies/000000000000".into(),
        "checkpoints/000000000000".into(),
        "entries/000000000000".into(),
        "keys/log.key".into(),
        "keys/log.vkey".into(),
        "manifest.json".into(),
        "meta".into(),
        "names".into(),
        "node.toml".into(),
        "packs/0123/pack.toml".into(),
        "tls/ca.pem".into(),
    ];
    wanted.sort();
    assert_eq!(names, wanted);
    let note = String::from_utf8(files[0].1.clone()).unwrap();
    assert!(note.contains(r#""size":20"#));
}

#[test]
fn what_is_restored_is_refused_when_it_does_not_verify_and_nothing_is_left() {
    let world = World::new(10);
    let file = world.made(NOW);
    let to = world.at("spare");
    let refused = restore(
        &file,
        std::slice::from_ref(&world.identity),
        &to,
        |folder| {
            let size = open(folder).head().size;
            Err(format!("entry 4 of {size} does not hold"))
        },
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the record in the backup does not verify: entry 4 of 10 does not hold"
    );
    assert!(!to.exists() && !world.at(".spare.restoring").exists());
}

#[test]
fn a_restore_goes_to_a_new_folder_only() {
    let world = World::new(10);
    let file = world.made(NOW);
    let identities = std::slice::from_ref(&world.identity);
    let before = files(&world.node());
    let refused = restore(&file, identities, &world.node(), |_| Ok(())).unwrap_err();
    assert!(
        refused
            .to_string()
            .ends_with("never over or beside a record"),
        "{refused}"
    );
    assert_eq!(files(&world.node()), before);
    let empty = world.at("empty");
    fs::create_dir(&empty).unwrap();
    // What a restore that was cut off left.
    fs::create_dir(world.at(".empty.restoring")).unwrap();
    fs::write(world.at(".empty.restoring/record.sqlite.new"), "half").unwrap();
    restore(&file, identities, &empty, |_| Ok(())).unwrap();
    assert_eq!(open(&empty).head().size, 10);
    assert!(!world.at(".empty.restoring").exists());
}

#[test]
fn the_head_in_a_backup_is_signed_by_the_logs_key() {
    let world = World::new(10);
    let checked = check(&world.made(NOW), std::slice::from_ref(&world.identity)).unwrap();
    let head = Checkpoint::open(&checked.about.note, &verifier()).unwrap();
    assert_eq!(head.root, world.log().head().root);
    let other = [Identity::generate().unwrap()];
    let refused = check(&world.made(NOW + 1_000), &other)
        .unwrap_err()
        .to_string();
    assert!(
        refused.ends_with("none of the keys given opens it: it was encrypted to others"),
        "{refused}"
    );
}
