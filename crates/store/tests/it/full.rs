//! A full disk: nothing acknowledged is lost, nothing half is kept, and there is still room for a stop.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use ledger::Digest;
use store::{AppendError, Log};

use crate::kill::{ack, writing};
use crate::world::{append, create, fill, open, skipped, verify};

/// A small file system of its own, unmounted when the test ends. `None` where mounting is not allowed.
pub(crate) struct Small(tempfile::TempDir);

impl Small {
    /// Of `size`, as `mount` takes it.
    pub(crate) fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mount = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={size}"),
                "coldproof-test",
            ])
            .arg(folder.path())
            .output();
        mount
            .is_ok_and(|mount| mount.status.success())
            .then(|| Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        Command::new("umount")
            .arg("-l")
            .arg(self.0.path())
            .status()
            .ok();
    }
}

#[test]
fn on_a_full_disk_the_last_space_is_kept_for_a_stop() {
    let Some(disk) = Small::mount("3m") else {
        skipped("a full disk: mounting a small file system is not allowed here");
        return;
    };
    let log = create(disk.path());
    fill(&log, 0, 20);
    fs::write(disk.path().join("photographs"), vec![1; 900_000]).unwrap();
    let mut n = 20;
    let full = loop {
        match log.append(n, vec![append(n)]) {
            Ok(_) => n += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(full, AppendError::DiskFull);
    assert_eq!(log.head().size, n, "what was acknowledged stands");
    assert_eq!(log.stopped(), None, "a full disk is not a failed one");
    assert_eq!(log.append(n, vec![append(n)]), Err(AppendError::DiskFull));
    assert_eq!(
        log.put_name(&Digest::ZERO, Some("x")),
        Err(AppendError::DiskFull)
    );
    assert!(log.release_reserve().unwrap());
    assert!(!log.release_reserve().unwrap(), "it can be given back once");
    fill(&log, n, n + 5);
    assert!(
        log.keep_reserve().is_err(),
        "there is no room to keep it again yet"
    );
    fs::remove_file(disk.path().join("photographs")).unwrap();
    log.keep_reserve().unwrap();
    fill(&log, n + 5, n + 10);
    drop(log);
    assert_eq!(verify(disk.path()).unwrap().checkpoint.size, n + 10);
    assert_eq!(open(disk.path()).unwrap().head().size, n + 10);
}

/// Fills what is left, down to the last kilobyte.
fn fill_up(disk: &Small) {
    for (number, size) in (10..22).rev().map(|bit| 1 << bit).enumerate() {
        let path = disk.path().join(format!("filler-{number}"));
        if fs::write(&path, vec![1; size]).is_err() {
            fs::remove_file(path).ok();
        }
    }
}

#[test]
fn a_node_that_starts_on_a_full_disk_can_still_record_a_stop() {
    let Some(disk) = Small::mount("3m") else {
        skipped("a full disk: mounting a small file system is not allowed here");
        return;
    };
    let log = create(disk.path());
    fill(&log, 0, 20);
    drop(log);
    fill_up(&disk);
    let log = open(disk.path()).unwrap();
    assert_eq!(log.read(0, 99).unwrap().len(), 20);
    fill(&log, 20, 22);
    drop(log);
    assert_eq!(verify(disk.path()).unwrap().checkpoint.size, 22);
}

#[test]
fn with_no_room_and_no_reserve_a_record_is_not_opened_and_not_harmed() {
    let Some(disk) = Small::mount("3m") else {
        skipped("a full disk: mounting a small file system is not allowed here");
        return;
    };
    let log = create(disk.path());
    fill(&log, 0, 20);
    assert!(log.release_reserve().unwrap());
    drop(log);
    fill_up(&disk);
    assert_eq!(
        open(disk.path()).unwrap_err().to_string(),
        "the database refused to read the record"
    );
    for file in fs::read_dir(disk.path()).unwrap() {
        let path = file.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("filler")
        {
            fs::remove_file(path).unwrap();
        }
    }
    let log = open(disk.path()).unwrap();
    fill(&log, 20, 22);
}

/// Any failure to write but a full disk ends the writing for good, so that nothing is acknowledged on a guess.
#[test]
fn a_write_that_fails_for_another_reason_stops_the_log() {
    let folder = tempfile::tempdir().unwrap();
    // No file may grow past about a megabyte; the signal that would end the process is ignored.
    let mut program = Command::new("sh");
    program
        .args(["-c", "trap '' XFSZ; ulimit -f 1100; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap());
    let mut child = writing(program, folder.path(), "load");
    let (mut acks, mut again) = (vec![], None);
    for line in BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
    {
        acks.extend(ack(&line));
        if let Some(sentence) = line.strip_prefix("again ") {
            again = Some(sentence.to_owned());
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let again = again.unwrap_or_else(|| panic!("the log must stop"));
    assert!(again.starts_with("the record has stopped: "), "{again}");
    let (size, root) = *acks.last().unwrap();
    let log = open(folder.path()).unwrap();
    assert!(log.head().size >= size);
    assert_eq!(log.root_at(size).unwrap(), Some(root));
    fill(&log, log.head().size, log.head().size + 3);
    drop(log);
    verify(folder.path()).unwrap();
}
