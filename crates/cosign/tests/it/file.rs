//! The folder: first starts, second processes, what is lost, and bits that turn.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use cosign::{CosignError, Cosigner, Heads, HeadsError, KeyError, look};
use ledger::cosignature::CosignerKey;

use crate::world::{Log, NOW_S, ask, brief, cosigner};

#[test]
fn a_first_start_makes_a_key_that_stays_and_that_others_cannot_read() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("new/cosigner");
    let key = cosigner(&inside, "guild.example/cosigner").key().clone();
    assert_eq!(key.name(), "guild.example/cosigner");
    let vkey = fs::read_to_string(inside.join("cosigner.vkey")).unwrap();
    assert_eq!(vkey.trim_end().parse::<CosignerKey>(), Ok(key.clone()));
    for (file, mode) in [("", 0o700), ("cosigner.key", 0o600)] {
        let about = fs::metadata(inside.join(file)).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, mode, "{file}");
    }
    let again = Cosigner::open(&inside, None).unwrap();
    assert_eq!(again.key(), &key);
    assert_eq!(again.followed(), [Log::of(0, None).key()]);
    drop(again);
    let renamed = Cosigner::open(&inside, Some("another.example")).unwrap_err();
    assert!(
        matches!(renamed, CosignError::Key(KeyError::OtherName { .. })),
        "{renamed}"
    );
    // Without a name it is called after its key: two are never called alike.
    let unnamed = Cosigner::open(&folder.path().join("b"), None).unwrap();
    assert!(unnamed.key().name().starts_with("cosigner.local/"));
    let bad = Cosigner::open(&folder.path().join("c"), Some("two words")).unwrap_err();
    assert!(matches!(bad, CosignError::Key(KeyError::Name(_))), "{bad}");
    assert!(
        Cosigner::open(&folder.path().join("c"), Some("words")).is_ok(),
        "and it may be put right"
    );
}

#[test]
fn one_process_at_a_time_signs_and_others_may_look() {
    let folder = tempfile::tempdir().unwrap();
    let first = cosigner(folder.path(), "a");
    let second = Cosigner::open(folder.path(), None).unwrap_err();
    assert!(
        matches!(second, CosignError::Heads(HeadsError::InUse { .. })),
        "{second}"
    );
    let look = look(folder.path()).unwrap();
    assert_eq!(&look.key, first.key());
    assert_eq!(look.followed.len(), 1);
    drop(first);
    assert!(Cosigner::open(folder.path(), None).is_ok());
}

#[test]
fn a_key_without_its_memory_and_a_memory_without_its_key_do_not_sign() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(9, None);
    let one = cosigner(folder.path(), "a");
    assert_eq!(ask(&one, &log.request(0, 5)).status, 200);
    drop(one);
    let key = folder.path().join("cosigner.key");
    let kept = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let error = Cosigner::open(folder.path(), None).unwrap_err();
    assert!(
        matches!(error, CosignError::Key(KeyError::Gone { .. })),
        "{error}"
    );
    fs::write(&key, &kept).unwrap();
    assert!(Cosigner::open(folder.path(), None).is_ok());
    for file in ["heads.sqlite", "heads.sqlite-wal", "heads.sqlite-shm"] {
        fs::remove_file(folder.path().join(file)).ok();
    }
    let error = Cosigner::open(folder.path(), None).unwrap_err();
    assert!(
        matches!(error, CosignError::Heads(HeadsError::Forgotten { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("must never sign again"));
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(
        look(empty.path()).unwrap_err(),
        CosignError::Heads(HeadsError::Missing { .. })
    ));
    assert!(matches!(
        Heads::open(empty.path(), false).unwrap_err(),
        HeadsError::Missing { .. }
    ));
}

#[test]
fn a_first_start_that_was_cut_off_begins_again() {
    // After each step of it: the folder, the file, the file with its tables, the key under another name.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("heads.sqlite"), b"").unwrap();
    drop(Cosigner::open(folder.path(), Some("a")).unwrap());
    let folder = tempfile::tempdir().unwrap();
    drop(Heads::open(folder.path(), true).unwrap());
    fs::write(folder.path().join("cosigner.new"), b"name a\nsec").unwrap();
    assert_eq!(cosigner(folder.path(), "a").key().name(), "a");
}

#[test]
fn a_byte_that_turned_in_the_file_is_found_or_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(30, None);
    let one = cosigner(folder.path(), "a");
    for (old, size) in [(0, 5), (5, 9), (9, 20)] {
        assert_eq!(ask(&one, &log.request(old, size)).status, 200);
    }
    drop(one);
    let path = folder.path().join("heads.sqlite");
    assert!(
        !folder.path().join("heads.sqlite-wal").exists(),
        "closed, all is in one file"
    );
    let whole = fs::read(&path).unwrap();
    let (mut refused, mut same) = (0, 0);
    for at in (0..whole.len()).step_by(31) {
        let mut turned = whole.clone();
        turned[at] ^= 1 << (at % 8);
        fs::write(&path, &turned).unwrap();
        let Ok(one) = Cosigner::open(folder.path(), None) else {
            refused += 1;
            continue;
        };
        // It may have forgotten whom it follows, or what it saw before; never how far it was.
        let answer = ask(&one, &log.request(0, 1));
        assert!(
            [(409, Some(20)), (404, None), (503, None)].contains(&brief(&answer)),
            "byte {at}: {answer:?}"
        );
        same += 1;
    }
    assert!(refused > 20, "{refused} refused, {same} the same");
    for cut in [0, 50, 4096, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        if let Ok(one) = Cosigner::open(folder.path(), None) {
            // Its last byte belongs to nothing that is kept.
            let answer = ask(&one, &log.request(0, 1));
            assert_eq!((cut, brief(&answer)), (whole.len() - 1, (409, Some(20))));
        }
    }
    fs::write(
        &path,
        b"not a database at all, not in the least, and long enough to be looked at as one. "
            .repeat(20),
    )
    .unwrap();
    assert!(Cosigner::open(folder.path(), None).is_err());
    fs::write(&path, &whole).unwrap();
    let one = Cosigner::open(folder.path(), None).unwrap();
    assert_eq!(
        one.add_checkpoint(log.request(20, 21).as_bytes(), NOW_S)
            .status,
        200
    );
}
