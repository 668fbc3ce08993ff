//! Disks that turn read-only under the writer, and disks that take a second for a sync.
//!
//! The first needs the right to mount: the kernel itself turns an ext4 file system read-only when it meets an error in it, and can be
//! told to meet one. The second needs `strace`, which holds every sync of the writing process up. Where either is missing it
//! says so and is not tried.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use store::{AppendError, Log as _, SqliteLog};

use crate::kill::{ack, writing};
use crate::power::{Disk, run};
use crate::world::{append, create, fill, open, skipped, verify};

/// Times that a disk turns read-only.
const TURNS: u64 = 6;

#[test]
fn a_disk_that_turns_read_only_stops_the_log_and_loses_nothing() {
    let mut tried = 0;
    let mut acknowledged = 0;
    for turn in 0..TURNS {
        let Some(disk) = Disk::make() else {
            return skipped("a disk turned read-only: mounting a file system is not allowed here");
        };
        let folder = disk.folder(0);
        let log = create(&folder);
        fill(&log, 0, 3 + turn);
        if !turn_read_only(&disk) {
            return skipped("a disk turned read-only: this kernel cannot be told to meet an error");
        }
        let held = log.head();
        let not = log
            .append(held.size, vec![append(held.size)])
            .map(|_| ())
            .unwrap_err();
        assert!(matches!(not, AppendError::Stopped(_)), "turn {turn}: {not}");
        let again = log.append(held.size, vec![append(held.size)]).map(|_| ());
        assert!(again.is_err(), "no second try after an unknown outcome");
        // What was acknowledged is still read and proved, while nothing can be written.
        assert_eq!(log.read(0, held.size).unwrap().len() as u64, held.size);
        drop(log);
        let report = open_read_only(&folder);
        assert!(report >= held.size, "turn {turn}: {report}");
        assert!(disk.unmount() && disk.mount(), "turn {turn}");
        let log: SqliteLog = open(&folder).unwrap_or_else(|error| panic!("turn {turn}: {error}"));
        assert!(log.head().size >= held.size);
        assert_eq!(log.root_at(held.size).unwrap(), Some(held.root));
        let size = log.head().size;
        fill(&log, size, size + 1);
        drop(log);
        verify(&folder).unwrap();
        tried += 1;
        acknowledged += held.size;
    }
    println!(
        "{tried} disks turned read-only under the writer, {acknowledged} entries acknowledged before, none lost, none after"
    );
}

/// What a reader finds while the disk takes no write: the record's own bytes, or a sentence; the entries that verify.
fn open_read_only(folder: &std::path::Path) -> u64 {
    verify(folder).unwrap().checkpoint.size
}

fn turn_read_only(disk: &Disk) -> bool {
    let source = Command::new("findmnt")
        .args(["-no", "SOURCE"])
        .arg(disk.mounted())
        .output();
    let Ok(source) = source else { return false };
    let source = String::from_utf8_lossy(&source.stdout).trim().to_owned();
    let Some(name) = source.strip_prefix("/dev/") else {
        return false;
    };
    let at = format!("/sys/fs/ext4/{name}/trigger_fs_error");
    fs::write(at, "a test").is_ok() && fs::write(disk.mounted().join("a"), "x").is_err()
}

/// How long a sync takes.
const SLOW: Duration = Duration::from_secs(1);

#[test]
fn a_sync_of_a_second_is_late_and_shared_and_loses_nothing() {
    if !run(Command::new("strace").args(["-qq", "-o", "/dev/null", "true"])) {
        return skipped("a sync of a second: `strace` is not installed or not allowed here");
    }
    let folder = tempfile::tempdir().unwrap();
    drop(create(folder.path()));
    let mut program = Command::new("strace");
    let delay = format!("inject=fsync,fdatasync:delay_exit={}", SLOW.as_micros());
    program
        .args([
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            &delay,
        ])
        .arg(std::env::current_exe().unwrap())
        .stdin(Stdio::null());
    let mut child = writing(program, folder.path(), "load");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let begun = Instant::now();
    let (mut acks, mut refused, mut syncs, mut last) = (vec![], 0, 0_u32, None);
    let mut longest = Duration::ZERO;
    let mut before = begun;
    for line in lines.map_while(Result::ok) {
        if line.starts_with("refused") {
            refused += 1;
        }
        let Some((size, root)) = ack(&line) else {
            continue;
        };
        // Every head is acknowledged to all that waited for its one sync.
        if last != Some(size) {
            longest = longest.max(before.elapsed());
            before = Instant::now();
            syncs += 1;
            last = Some(size);
        }
        acks.push((size, root));
        if acks.len() >= 1_500 {
            break;
        }
    }
    let took = begun.elapsed();
    // The writer first: without its tracer it would go on. Killed while syncs are on their way, too.
    let pid = child.id();
    let writers = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
    for writer in writers.split_whitespace() {
        run(Command::new("kill").args(["-9", writer]));
    }
    child.wait().unwrap();
    let per_sync = acks.len() / syncs.max(1) as usize;
    assert_eq!(refused, 0, "the queue has room for those who wait");
    assert!(took >= SLOW, "the delay was felt: {took:?}");
    assert!(
        per_sync >= 50,
        "{} acknowledgements by {syncs} syncs",
        acks.len()
    );
    let log = open(folder.path()).unwrap();
    let (size, root) = *acks.last().unwrap();
    assert!(log.head().size >= size);
    assert_eq!(log.root_at(size).unwrap(), Some(root));
    drop(log);
    verify(folder.path()).unwrap();
    println!(
        "{} acknowledgements by {syncs} syncs of {} s each, the longest wait {:.1} s, none refused, none lost",
        acks.len(),
        SLOW.as_secs(),
        longest.as_secs_f32()
    );
}
