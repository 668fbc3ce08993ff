//! Backups that are not what was written. Nothing of them may reach a folder.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use backup::age::{Identity, Opener, Sealer};
use backup::{BackupError, check, restore};

use crate::world::{NOW, World};

fn refused(world: &World, bytes: &[u8]) -> String {
    let (file, to) = (world.at("bad.age"), world.at("spare"));
    fs::write(&file, bytes).unwrap();
    let refused = restore(&file, std::slice::from_ref(&world.identity), &to, |_| {
        panic!("it was handed on")
    });
    assert!(!to.exists() && !world.at(".spare.restoring").exists());
    refused.unwrap_err().to_string()
}

#[test]
fn a_flipped_bit_anywhere_is_found_before_anything_is_written() {
    let world = World::new(200);
    let good = fs::read(world.made(NOW)).unwrap();
    let step = good.len() / 300;
    for at in (0..good.len())
        .step_by(step.max(1))
        .chain(good.len() - 40..good.len())
    {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        refused(&world, &bad);
    }
}

#[test]
fn a_backup_cut_off_anywhere_or_with_something_behind_it_is_refused() {
    let world = World::new(200);
    let good = fs::read(world.made(NOW)).unwrap();
    for at in (0..good.len())
        .step_by(good.len() / 200)
        .chain(good.len() - 20..good.len())
    {
        refused(&world, &good[..at]);
    }
    let longer = [&good[..], b"more"].concat();
    assert!(refused(&world, &longer).contains("Nothing was written"));
    assert!(refused(&world, b"").contains("not an encrypted backup"));
}

/// Decrypts, lets `change` have the archive, and encrypts again: what somebody who holds the recipients' keys could do.
fn forged(world: &World, file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let sealed = fs::read(file).unwrap();
    let mut opener = Opener::new(&sealed[..], std::slice::from_ref(&world.identity)).unwrap();
    let mut tar = Vec::new();
    std::io::copy(&mut opener, &mut tar).unwrap();
    change(&mut tar);
    let (mut sealer, _) = Sealer::new(Vec::new(), &[world.identity.recipient()]).unwrap();
    sealer.write_all(&tar).unwrap();
    sealer.finish().unwrap()
}

/// Gives the header block at `at` its checksum anew.
fn sum(tar: &mut [u8], at: usize) {
    tar[at + 148..at + 156].fill(b' ');
    let sum: u32 = tar[at..at + 512].iter().map(|byte| u32::from(*byte)).sum();
    tar[at + 148..at + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn find(tar: &[u8], name: &str) -> usize {
    let mark = format!("{name}\0");
    let at = |at: &usize| tar[*at..].starts_with(mark.as_bytes());
    (0..tar.len()).step_by(512).find(at).unwrap()
}

#[test]
fn a_forged_archive_climbs_out_of_nothing() {
    let world = World::new(30);
    let file = world.made(NOW);
    for climbing in [
        "../outside",
        "/etc/outside",
        "keys/../../outside",
        "keys//outside",
        "keys/./outside",
        "keys\\outside",
    ] {
        let bad = forged(&world, &file, |tar| {
            let at = find(tar, "keys/log.key");
            tar[at..at + 100].fill(0);
            tar[at..at + climbing.len()].copy_from_slice(climbing.as_bytes());
            sum(tar, at);
        });
        let says = refused(&world, &bad);
        assert!(
            says.contains("a name climbs out of the backup"),
            "{climbing}: {says}"
        );
    }
    assert!(!world.at("outside").exists());
    // A link, a device, another owner.
    for (offset, byte) in [
        (156, b'2'),
        (156, b'5'),
        (157, b'x'),
        (100, b'7'),
        (109, b'1'),
    ] {
        let bad = forged(&world, &file, |tar| {
            let at = find(tar, "keys/log.key");
            tar[at + offset] = byte;
            sum(tar, at);
        });
        assert!(refused(&world, &bad).contains("not as backups have them"));
    }
}

#[test]
fn a_member_that_the_manifest_does_not_say_is_found() {
    let world = World::new(30);
    let file = world.made(NOW);
    let says =
        |change: &dyn Fn(&mut Vec<u8>)| refused(&world, &forged(&world, &file, |tar| change(tar)));
    let changed = says(&|tar| {
        let at = find(tar, "keys/log.key") + 512;
        tar[at] ^= 1;
    });
    assert!(
        changed.contains("a member is not as its manifest says"),
        "{changed}"
    );
    let left_out = says(&|tar| {
        let at = find(tar, "keys/log.key");
        tar.drain(at..at + 1_024);
    });
    assert!(
        left_out.contains("a member is not as its manifest says"),
        "{left_out}"
    );
    let behind = says(&|tar| {
        let (at, end) = (find(tar, "keys/log.key"), tar.len() - 1_024);
        let member = tar[at..at + 1_024].to_vec();
        tar.splice(end..end, member);
    });
    assert!(behind.contains("more than its manifest"), "{behind}");
    let without = says(&|tar| {
        let (at, end) = (find(tar, "manifest.json"), tar.len() - 1_024);
        tar.drain(at..end);
    });
    assert!(without.contains("its manifest does not read"), "{without}");
}

#[test]
fn a_backup_of_another_head_than_it_says_is_refused() {
    let world = World::new(30);
    let bad = forged(&world, &world.made(NOW), |tar| {
        let at = tar
            .windows(10)
            .position(|some| some == br#""size":30,"#)
            .unwrap();
        tar[at..at + 10].copy_from_slice(br#""size":29,"#);
        // The manifest is made to fit.
        let about = find(tar, "about.json");
        let size = usize::from_str_radix(
            std::str::from_utf8(&tar[about + 124..about + 135]).unwrap(),
            8,
        )
        .unwrap();
        let hash = ledger::Digest::of(&tar[about + 512..about + 512 + size]).to_string();
        let mark = br#""sha256":""#;
        let line = tar.windows(mark.len()).rposition(|some| some == mark);
        let first = tar
            .windows(24)
            .position(|some| some.starts_with(br#"{"members":[{"path":"abo"#))
            .unwrap();
        assert!(line.unwrap() > first);
        let at = first
            + tar[first..]
                .windows(mark.len())
                .position(|some| some == mark)
                .unwrap()
            + mark.len();
        tar[at..at + 64].copy_from_slice(hash.as_bytes());
    });
    let says = refused(&world, &bad);
    assert!(
        says.contains("its head is another one than it says"),
        "{says}"
    );
}

#[test]
fn what_is_no_backup_says_so() {
    let world = World::new(5);
    let file = world.at("holiday.age");
    let (mut sealer, _) = Sealer::new(Vec::new(), &[world.identity.recipient()]).unwrap();
    sealer.write_all(&[7; 3_000]).unwrap();
    fs::write(&file, sealer.finish().unwrap()).unwrap();
    let identities = [world.identity.clone(), Identity::generate().unwrap()];
    let says = check(&file, &identities).unwrap_err();
    assert!(matches!(says, BackupError::Damaged { .. }), "{says}");
    let says = check(&world.at("not-there"), &identities).unwrap_err();
    assert!(says.to_string().starts_with("cannot open"), "{says}");
}
