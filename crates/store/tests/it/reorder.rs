//! Writes that reach the disk in another order than they were made, or torn at 512 bytes, when the power goes between two
//! syncs.
//!
//! The files are kept as they were after each acknowledgement, so after each sync. Between two of them any subset of the 512-byte
//! sectors that changed may be on the disk, with the file as long as before, as long as after, or in between: whatever the
//! order in which a disk wrote them. Such images are made by chance from a seed and opened. What was acknowledged before must
//! be there, what is there must verify, and nothing may be there but one of the two heads.
//!
//! Four windows differ: commits that lengthen the write-ahead log, a sweep of it into the database, the first commits of a
//! log that begins anew over old frames, and the closing. `COLDPROOF_REORDERS` sets the number of images (80 unless told).
//! This is a model of the disk at the level of files; it does not take file system metadata apart, which
//! [`crate::power`] does with a real one.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use ledger::Digest;
use store::{Log, SqliteLog};

use crate::world::{append, create, open, verify};

const SECTOR: usize = 512;
/// The header of the write-ahead log, synced before a frame of a new generation is written.
const HEADER: usize = 32;
/// Entries; beside them values are put, so that the write-ahead log passes the 4 MiB at which it is swept when nobody waits.
const COMMITS: u64 = 200;
/// Windows that are all kept.
const EARLY: usize = 12;

/// Both files as they were when everything before was synced.
#[derive(Clone, Default)]
struct Files {
    database: Vec<u8>,
    wal: Vec<u8>,
}

/// What is on the disk at an acknowledgement.
struct Point {
    files: Files,
    size: u64,
    root: Digest,
}

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, range: Range<usize>) -> usize {
        range.start + usize::try_from(self.next() % range.len().max(1) as u64).unwrap()
    }
}

#[test]
fn writes_in_another_order_or_torn_leave_one_of_the_two_heads() {
    let images = std::env::var("COLDPROOF_REORDERS").map_or(80, |many| many.parse().unwrap());
    let windows = history();
    let special: Vec<usize> = (0..windows.len())
        .filter(|at| windows[*at].is_special)
        .collect();
    assert!(special.len() >= 3, "no sweep and no closing: {special:?}");
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let (mut old, mut new, mut in_sweeps) = (0_u32, 0_u32, 0_u32);
    for image in 0..images {
        // Half of them where a sweep, a new generation or the closing lies between, or the commit right after.
        let at = if image % 2 == 0 {
            in_sweeps += 1;
            special[chance.below(0..special.len())]
        } else {
            chance.below(0..windows.len())
        };
        let Window { before, after, .. } = &windows[at];
        let files = between(&before.files, &after.files, &mut chance);
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &files);
        let context = format!(
            "image {image}, between entries {} and {}",
            before.size, after.size
        );
        let log = open(folder.path()).unwrap_or_else(|error| panic!("{context}: {error}"));
        let head = log.head();
        match (head.size, head.root) {
            found if found == (before.size, before.root) => old += 1,
            found if found == (after.size, after.root) => new += 1,
            found => panic!("{context}: a head of {found:?}"),
        }
        // It goes on from there.
        log.append(head.size, vec![append(head.size)]).unwrap();
        drop(log);
        verify(folder.path()).unwrap_or_else(|fault| panic!("{context}: {fault}"));
    }
    println!(
        "{images} images of writes in another order or torn ({in_sweeps} around a sweep, a new write-ahead log or the closing): {old} with the older head, {new} with the newer, none lost"
    );
    assert!(old > 0 && new > 0);
}

/// A test of the test: were what was acknowledged not synced, images of two commits would lose the first.
#[test]
fn images_without_the_sync_between_find_what_would_be_lost() {
    let windows = history();
    let mut chance = Chance(7);
    let (mut lost, images) = (0, 60);
    for image in 0..images {
        let (first, second) = (&windows[image % EARLY], &windows[image % EARLY + 1]);
        let acknowledged = &first.after;
        let files = between(&first.before.files, &second.after.files, &mut chance);
        let folder = tempfile::tempdir().unwrap();
        put(folder.path(), &files);
        let size = open(folder.path()).map_or(0, |log| log.head().size);
        lost += u32::from(size < acknowledged.size);
    }
    println!("{images} images without the sync between instead: {lost} lost what was acknowledged");
    assert!(lost > 20, "{lost} of {images}");
}

/// Two acknowledgements, one after the other.
struct Window {
    before: Rc<Point>,
    after: Rc<Point>,
    /// A sweep, a new generation of the write-ahead log or the closing lies between, or did right before.
    is_special: bool,
}

/// Windows through a sweep, a new generation of the write-ahead log, and the closing. The first are all kept, of the rest
/// each special one and every thirtieth: the files have some megabytes.
fn history() -> Vec<Window> {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let mut windows = vec![];
    let mut before = Rc::new(point(folder.path(), &log));
    let (mut size, mut commits, mut since) = (0, 0, usize::MAX);
    loop {
        let is_last = size >= COMMITS;
        if is_last {
            let head = log.head();
            drop(log);
            let after = Rc::new(Point {
                files: read(folder.path()),
                size: head.size,
                root: head.root,
            });
            windows.push(Window {
                before,
                after,
                is_special: true,
            });
            return windows;
        }
        // A value of the node's own, so that the log passes what is swept within some dozens of commits.
        if commits % 3 == 2 {
            log.put_meta("big", Some(&vec![7; 400_000])).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
            before = Rc::new(point(folder.path(), &log));
        }
        // Some commits hold several entries.
        let many = 1 + size % 3;
        log.append(size, (size..size + many).map(append).collect())
            .unwrap();
        size += many;
        commits += 1;
        // A sweep comes when nobody waits; it is let through before the files are kept.
        std::thread::sleep(std::time::Duration::from_millis(5));
        let after = Rc::new(point(folder.path(), &log));
        let is_turn = before.files.wal.get(..HEADER) != after.files.wal.get(..HEADER)
            || before.files.database != after.files.database;
        since = if is_turn { 0 } else { since.saturating_add(1) };
        let is_special = commits > 1 && since < 2;
        if is_special || commits <= EARLY + 2 || commits % 10 == 0 {
            windows.push(Window {
                before,
                after: after.clone(),
                is_special,
            });
        }
        before = after;
    }
}

fn point(folder: &Path, log: &SqliteLog) -> Point {
    let head = log.head();
    Point {
        files: read(folder),
        size: head.size,
        root: head.root,
    }
}

fn read(folder: &Path) -> Files {
    Files {
        database: fs::read(folder.join("record.sqlite")).unwrap(),
        wal: fs::read(folder.join("record.sqlite-wal")).unwrap_or_default(),
    }
}

fn put(folder: &Path, files: &Files) {
    fs::write(folder.join("record.sqlite"), &files.database).unwrap();
    if !files.wal.is_empty() {
        fs::write(folder.join("record.sqlite-wal"), &files.wal).unwrap();
    }
}

/// What may be on the disk when the power goes somewhere between the two.
///
/// The database is synced before the write-ahead log it was swept from begins anew or goes, and a new header of the log before
/// frames under it: so at most one of these is on its way at a time.
fn between(before: &Files, after: &Files, chance: &mut Chance) -> Files {
    if before.database != after.database && chance.next().is_multiple_of(2) {
        return Files {
            database: some(&before.database, &after.database, chance),
            // Swept after the commit, or before the log began anew or went.
            wal: if before.wal.get(..HEADER) == after.wal.get(..HEADER) {
                after.wal.clone()
            } else {
                before.wal.clone()
            },
        };
    }
    let mut from = before.wal.clone();
    let is_new = from.get(..HEADER) != after.wal.get(..HEADER);
    if is_new && from.len() >= HEADER && after.wal.len() >= HEADER {
        let header = after.wal[..HEADER].to_vec();
        from[..HEADER].copy_from_slice(&header);
        if chance.next().is_multiple_of(4) {
            return Files {
                database: after.database.clone(),
                wal: from,
            };
        }
    }
    if after.wal.is_empty() {
        // Removed as a whole, after the database was synced.
        let is_gone = chance.next().is_multiple_of(2);
        return Files {
            database: after.database.clone(),
            wal: if is_gone { vec![] } else { before.wal.clone() },
        };
    }
    Files {
        database: after.database.clone(),
        wal: some(&from, &after.wal, chance),
    }
}

/// Any of the sectors that changed, in a file of any length between.
fn some(before: &[u8], after: &[u8], chance: &mut Chance) -> Vec<u8> {
    let (short, long) = (before.len().min(after.len()), before.len().max(after.len()));
    let len = match chance.next() % 3 {
        0 => after.len(),
        1 => (short / SECTOR + chance.below(0..(long - short) / SECTOR + 1)) * SECTOR,
        _ => long,
    };
    let mut image = before.to_vec();
    image.resize(len.max(before.len()), 0);
    // A few, about half, most, or all but one at most.
    let of_four = 1 + chance.next() % 4;
    let sectors = len.min(after.len()).div_ceil(SECTOR);
    let missing = (of_four == 4).then(|| chance.below(0..2 * sectors.max(1)) * SECTOR);
    for at in (0..len.min(after.len())).step_by(SECTOR) {
        let end = (at + SECTOR).min(after.len()).min(image.len());
        if chance.next() % 4 < of_four && missing != Some(at) {
            image[at..end].copy_from_slice(&after[at..end]);
        }
    }
    image
}
