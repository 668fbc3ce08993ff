//! Hashes of a file's pieces, so that a range of it can be checked without reading all of it.
//!
//! They are taken when the whole was hashed and found to be the one that its name says. They vouch for nothing against
//! somebody who may write to the folder; reading the whole file does. They find what a disk did to it.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::Range;

use ledger::Digest;
use sha2::{Digest as _, Sha256};

/// Bytes of a piece: what is read to hand out one byte.
pub(super) const PIECE_BYTES: usize = 1 << 20;

/// The hash of a whole file and of each piece of it, in one pass.
pub(super) fn hash(file: &mut File) -> io::Result<(Digest, u64, Vec<u8>)> {
    file.seek(SeekFrom::Start(0))?;
    let (mut whole, mut pieces, mut bytes) = (Sha256::new(), Vec::new(), 0);
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    loop {
        piece.clear();
        file.take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok((Digest(whole.finalize().into()), bytes, pieces));
        }
        bytes += piece.len() as u64;
        whole.update(&piece);
        pieces.extend_from_slice(&Digest::of(&piece).0);
    }
}

/// Reads a range of a file, each piece checked before a byte of it is handed out. A read of the whole is checked against
/// its name as well, before the last byte is handed out.
pub(super) struct Checked {
    file: File,
    hashes: Vec<u8>,
    /// What is left to hand out, as offsets in the file.
    left: Range<u64>,
    piece: Vec<u8>,
    /// Offset of `piece` in the file.
    piece_at: u64,
    whole: Option<(Sha256, Digest)>,
}

impl Checked {
    /// `range` of `file`, which is `name` and `bytes` long.
    pub(super) fn new(
        file: File,
        name: Digest,
        bytes: u64,
        range: Range<u64>,
        hashes: Vec<u8>,
    ) -> Self {
        let end = range.end.min(bytes);
        let left = range.start.min(end)..end;
        Self {
            whole: (left == (0..bytes)).then(|| (Sha256::new(), name)),
            file,
            hashes,
            left,
            piece: Vec::new(),
            piece_at: u64::MAX,
        }
    }

    fn load(&mut self, number: u64) -> io::Result<()> {
        let at = number * PIECE_BYTES as u64;
        self.file.seek(SeekFrom::Start(at))?;
        self.piece.clear();
        (&mut self.file)
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut self.piece)?;
        self.piece_at = at;
        let kept = usize::try_from(number)
            .ok()
            .and_then(|number| self.hashes.chunks(32).nth(number));
        if kept != Some(&Digest::of(&self.piece).0) {
            return Err(damaged());
        }
        if let Some((hash, name)) = &mut self.whole {
            hash.update(&self.piece);
            let is_last = at + self.piece.len() as u64 >= self.left.end;
            if is_last && <[u8; 32]>::from(hash.clone().finalize()) != name.0 {
                return Err(damaged());
            }
        }
        Ok(())
    }
}

impl Read for Checked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() {
            return Ok(0);
        }
        let number = self.left.start / PIECE_BYTES as u64;
        if self.piece_at != number * PIECE_BYTES as u64 {
            self.load(number)?;
        }
        let from = usize::try_from(self.left.start - self.piece_at).map_err(io::Error::other)?;
        let most = usize::try_from(self.left.end - self.left.start).unwrap_or(usize::MAX);
        let some = self.piece.get(from..).unwrap_or_default();
        let count = some.len().min(most).min(into.len());
        // A file that was cut while it is read.
        if count == 0 && !into.is_empty() {
            return Err(damaged());
        }
        for (to, byte) in into.iter_mut().zip(some.iter().take(count)) {
            *to = *byte;
        }
        self.left.start += count as u64;
        Ok(count)
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the file was damaged where it is kept: bring back a copy",
    )
}
