//! The kill campaign: `kill -9` of the writing process in mid-load, idle right after one acknowledgement, and while it
//! opens what the last kill left. After each, nothing acknowledged may be missing and the whole record must verify.
//!
//! `COLDPROOF_KILLS` sets the number of kills (20 unless told). A killed process leaves the kernel's cache behind, so this
//! shows that no acknowledgement runs ahead of its commit; that a commit is on the disk is shown by cutting power.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ledger::Digest;
use store::{Ack, Log};

use crate::world::{append, create, open, verify};

const FOLDER: &str = "COLDPROOF_KILL_FOLDER";
const MODE: &str = "COLDPROOF_KILL_MODE";

/// Set for a process whose log is not to sync at a commit.
pub(crate) const SABOTAGE: &str = "COLDPROOF_SABOTAGE";

/// Kills to one folder, before the next begins with an empty one: each kill verifies all that is there.
const KILLS_A_FOLDER: u32 = 20;

#[derive(Clone, Copy, Debug)]
enum When {
    /// While many entries are on their way.
    Load,
    /// Right after one acknowledgement, with nothing behind it whose sync could cover for it.
    Idle,
    /// While it makes, opens or repairs.
    Opening,
}

#[test]
fn nothing_acknowledged_is_lost_to_a_kill() {
    let kills = std::env::var("COLDPROOF_KILLS").map_or(20, |kills| kills.parse().unwrap());
    let mut folder = tempfile::tempdir().unwrap();
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let (mut acknowledged, mut entries, mut silent) = (0, 0, 0);
    for kill in 0..kills {
        if kill % KILLS_A_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
        }
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let when = [
            When::Load,
            When::Idle,
            When::Load,
            When::Idle,
            When::Opening,
        ][kill as usize % 5];
        let acks = killed(folder.path(), when, chance);
        match acks.last() {
            Some((size, root)) => holds(folder.path(), *size, *root, (kill, when)),
            None => silent += 1,
        }
        acknowledged += acks.len();
        // The record may not be there yet when the first process was killed while it made it.
        if folder.path().join("record.sqlite").exists() {
            entries = verify(folder.path())
                .unwrap_or_else(|fault| panic!("kill {kill} {when:?}: {fault}"))
                .checkpoint
                .size;
        }
    }
    println!(
        "{kills} kills, {acknowledged} acknowledgements, none lost; {silent} kills before any; {entries} entries in the last folder"
    );
}

/// What was acknowledged must be there, under the root that was acknowledged.
#[track_caller]
fn holds(folder: &Path, size: u64, root: Digest, context: (u32, When)) {
    let log = open(folder).unwrap_or_else(|error| panic!("{context:?}: {error}"));
    assert!(
        log.head().size >= size,
        "{context:?}: {size} were acknowledged, {} are there",
        log.head().size
    );
    assert_eq!(log.root_at(size).unwrap(), Some(root), "{context:?}");
}

/// Runs a writing process, kills it, and returns what it had acknowledged.
fn killed(folder: &Path, when: When, chance: u64) -> Vec<(u64, Digest)> {
    let mode = match when {
        When::Load | When::Opening => "load",
        When::Idle => "idle",
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_process_that_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(MODE, mode)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acks = vec![];
    match when {
        When::Opening => std::thread::sleep(Duration::from_millis(chance % 60)),
        When::Load => {
            let wanted = 1 + chance % 200;
            while (acks.len() as u64) < wanted {
                acks.extend(ack(&lines.next().unwrap().unwrap()));
            }
        }
        When::Idle => {
            while acks.is_empty() {
                acks.extend(ack(&lines.next().unwrap().unwrap()));
            }
        }
    }
    kill(&mut child);
    // What the process had said before it died is still in the pipe.
    acks.extend(lines.map_while(Result::ok).filter_map(|line| ack(&line)));
    acks
}

/// Starts a process that writes into `folder` and says `ack SIZE ROOT` on its standard output.
pub(crate) fn writing(mut program: Command, folder: &Path, mode: &str) -> Child {
    program
        .args(["--exact", "kill::the_process_that_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(MODE, mode)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

pub(crate) fn ack(line: &str) -> Option<(u64, Digest)> {
    let (size, root) = line.split_once("ack ")?.1.split_once(' ')?;
    Some((size.parse().ok()?, root.parse().ok()?))
}

/// Not a test: what [`nothing_acknowledged_is_lost_to_a_kill`] starts and kills. Does nothing when run by itself.
#[test]
fn the_process_that_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    if std::env::var_os(SABOTAGE).is_some() {
        store::faults::sabotage();
    }
    let log = if folder.join("record.sqlite").exists() {
        open(folder).unwrap()
    } else {
        create(folder)
    };
    if std::env::var(MODE).unwrap() == "idle" {
        let size = log.head().size;
        let head = log.append(size, vec![append(size)]).unwrap().head;
        println!("ack {} {}", head.size, head.root);
        std::thread::sleep(Duration::from_mins(1));
        return;
    }
    if std::env::var(MODE).unwrap() == "sweep" {
        return sweep(&log);
    }
    // Many on their way at once, as from as many phones; the queue holds more than are sent.
    let from = log.head().size;
    for n in from..from + 2_000 {
        let say = Ack::new(|answer| match answer {
            Ok(appended) => println!("ack {} {}", appended.head.size, appended.head.root),
            Err(error) => println!("refused {error}"),
        });
        log.submit(n, vec![append(n)], say);
        if log.stopped().is_some() {
            let size = log.head().size;
            println!(
                "again {}",
                log.append(size, vec![append(size)]).unwrap_err()
            );
            break;
        }
    }
    std::thread::sleep(Duration::from_mins(1));
}

/// One entry after another, and between them a value put and erased: each erasure moves the write-ahead log into the database.
fn sweep(log: &dyn Log) {
    for turn in 0..2_000_u64 {
        let size = log.head().size;
        let answer = log
            .append(size, vec![append(size)])
            .and_then(|appended| {
                println!("ack {} {}", appended.head.size, appended.head.root);
                log.put_meta("turn", Some(&turn.to_le_bytes()))
            })
            .and_then(|()| log.put_meta("turn", None));
        if let Err(error) = answer {
            println!("again {error}");
            break;
        }
    }
    std::thread::sleep(Duration::from_mins(1));
}
