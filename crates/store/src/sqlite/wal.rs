//! Whether the write-ahead log lost what had been synced.
//!
//! At an opening SQLite reads the write-ahead log up to the first frame whose checksum does not fit and passes over the rest:
//! right for a commit that a power cut tore, and silent when a bit turned in a frame that was synced long ago, with
//! acknowledged entries behind it. The two can be told apart: a commit is synced before the next one's frames are written, so
//! what has *two* commits behind it was whole once. (One is not enough: the last commit may be torn in the middle.)
//!
//! So a turned bit in the last two commits still gives an older head; receipts and cosigners show that, this cannot.
//!
//! The file, by SQLite's own page on it: 32 bytes of header (magic, version, page size, number, two salts, two sums), then
//! frames of 24 bytes of header (page, size after a commit or 0, the same two salts, two sums) and one page.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::time::Duration;

const HEADER: usize = 32;
const FRAME: usize = 24;
/// The first four bytes; the last bit says in which order the sums read their words.
const MAGIC: u32 = 0x377f_0682;
/// Pages of SQLite, bytes.
const PAGE_MIN: usize = 512;
const PAGE_MAX: usize = 65_536;

/// Whether frames that were synced lie behind one that is damaged. A file that is not there lost nothing.
///
/// # Errors
/// From the file system.
pub(super) fn lost_what_was_synced(wal: &Path) -> io::Result<bool> {
    match File::open(wal) {
        Ok(file) => scan(BufReader::with_capacity(1 << 20, file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The same beside a program that may write the file just now. A frame that is half written when it is read looks damaged
/// once, and a log that begins anew has frames of two generations: only what looks the same again, under one header, counts.
///
/// # Errors
/// From the file system.
pub(super) fn lost_beside_a_writer(wal: &Path) -> io::Result<bool> {
    for _ in 0..LOOKS {
        let before = header(wal)?;
        let is_lost = lost_what_was_synced(wal)?;
        if !is_lost {
            return Ok(false);
        }
        if before != header(wal)? {
            continue;
        }
        std::thread::sleep(BETWEEN_LOOKS);
        if before == header(wal)? && lost_what_was_synced(wal)? {
            return Ok(true);
        }
    }
    // It was written anew each time, so what it holds now is the writer's own.
    Ok(false)
}

/// How often a file that changes under the reader is looked at.
const LOOKS: u32 = 5;
/// A frame is written in less.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

fn header(wal: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    match File::open(wal) {
        Ok(file) => file.take(HEADER as u64).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    Ok(bytes)
}

fn scan(mut file: impl Read) -> io::Result<bool> {
    let mut header = [0; HEADER];
    if !fill(&mut file, &mut header)? || header == [0; HEADER] {
        return Ok(false);
    }
    let magic = word(&header, 0);
    let page = usize::try_from(word(&header, 8)).unwrap_or(0);
    let mut sums = Sums {
        is_big: magic & 1 == 1,
        sums: (0, 0),
    };
    sums.add(header.get(..24).unwrap_or_default());
    let is_header = magic & !1 == MAGIC
        && page.is_power_of_two()
        && (PAGE_MIN..=PAGE_MAX).contains(&page)
        && sums.sums == (word(&header, 24), word(&header, 28));
    if !is_header {
        // The header is synced before a frame follows it, so frames behind a damaged one were there.
        return Ok(file.read(&mut [0; FRAME])? > 0);
    }
    let salts = header.get(16..24).unwrap_or_default().to_vec();
    let mut frame = vec![0; FRAME + page];
    let (mut is_whole, mut commits_behind) = (true, 0_u32);
    while fill(&mut file, &mut frame)? {
        let is_ours = frame.get(8..16) == Some(&*salts);
        if is_whole {
            sums.add(frame.get(..8).unwrap_or_default());
            sums.add(frame.get(FRAME..).unwrap_or_default());
            is_whole = is_ours && sums.sums == (word(&frame, 16), word(&frame, 20));
        }
        if !is_whole && is_ours && word(&frame, 4) != 0 {
            commits_behind += 1;
        }
    }
    Ok(commits_behind >= 2)
}

/// `false` when the file ends before `piece` is full.
fn fill(file: &mut impl Read, piece: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(piece) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at.saturating_add(4))
        .and_then(|word| word.try_into().ok())
        .map_or(0, u32::from_be_bytes)
}

/// SQLite's sums, carried from frame to frame.
struct Sums {
    is_big: bool,
    sums: (u32, u32),
}

impl Sums {
    fn add(&mut self, bytes: &[u8]) {
        let read = |word: &[u8]| {
            let word: [u8; 4] = word.try_into().unwrap_or_default();
            if self.is_big {
                u32::from_be_bytes(word)
            } else {
                u32::from_le_bytes(word)
            }
        };
        let (mut one, mut other) = self.sums;
        for pair in bytes.chunks_exact(8) {
            let (left, right) = pair.split_at(4);
            one = one.wrapping_add(read(left)).wrapping_add(other);
            other = other.wrapping_add(read(right)).wrapping_add(one);
        }
        self.sums = (one, other);
    }
}
