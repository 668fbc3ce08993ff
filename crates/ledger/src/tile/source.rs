//! Where stored hashes come from.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::convert::Infallible;

use super::proof::HashSource;
use super::writer::subtree;
use super::{HEIGHT, Tile, WIDTH, width_at};
use crate::Digest;
use crate::merkle::node_hash;

/// Tiles that are kept once read: one proof asks for at most two a level.
const KEPT_MAX: usize = 16;

/// Why a hash cannot be had from tiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The tile cannot be read.
    #[error("{0}")]
    Source(E),
    /// The tile's file has another length than its path says.
    #[error("`{0}` has the wrong length")]
    Length(Tile),
    /// No tile of this tree holds it.
    #[error("no tile of this tree holds that hash")]
    OutOfRange,
}

/// Hashes from the tiles of a tree. Each tile is read once while it is among the last sixteen.
pub struct Tiles<F> {
    size: u64,
    read: F,
    kept: BTreeMap<Tile, Vec<Digest>>,
}

impl<F, B, E> Tiles<F>
where
    F: FnMut(Tile) -> Result<B, E>,
    B: AsRef<[u8]>,
{
    /// The tiles of a tree of `size` entries; `read` gives the bytes of one of [`super::tiles`] of that size.
    ///
    /// What is read is not checked against a root: a proof from wrong tiles does not verify, that is all.
    pub const fn new(size: u64, read: F) -> Self {
        Self {
            size,
            read,
            kept: BTreeMap::new(),
        }
    }

    /// The tile of this tree at these coordinates, if it has one.
    fn place(&self, level: u8, index: u64) -> Option<Tile> {
        let hashes = self.size.checked_shr(HEIGHT * u32::from(level))?;
        Tile::new(level, index, width_at(index, hashes))
    }

    fn hashes(&mut self, tile: Tile) -> Result<&[Digest], ReadError<E>> {
        if !self.kept.contains_key(&tile) {
            let bytes = (self.read)(tile).map_err(ReadError::Source)?;
            let hashes = tile.hashes(bytes.as_ref()).ok_or(ReadError::Length(tile))?;
            if self.kept.len() >= KEPT_MAX {
                // Low levels go first: they are the least likely to serve twice.
                self.kept.pop_first();
            }
            self.kept.insert(tile, hashes);
        }
        Ok(self.kept.get(&tile).map_or(&[], Vec::as_slice))
    }
}

impl<F, B, E> HashSource for Tiles<F>
where
    F: FnMut(Tile) -> Result<B, E>,
    B: AsRef<[u8]>,
{
    type Error = ReadError<E>;

    fn hash(&mut self, row: u32, index: u64) -> Result<Digest, ReadError<E>> {
        let level = u8::try_from(row / HEIGHT).map_err(|_| ReadError::OutOfRange)?;
        // A row between two stored ones: so many hashes of the stored row below make one of it, all in one tile.
        let span = 1_u64 << (row % HEIGHT);
        let first = index.checked_mul(span).ok_or(ReadError::OutOfRange)?;
        let start = first % u64::from(WIDTH);
        let tile = self
            .place(level, first >> HEIGHT)
            .filter(|tile| start + span <= u64::from(tile.width()))
            .ok_or(ReadError::OutOfRange)?;
        let wanted = usize::try_from(start).ok().zip(usize::try_from(span).ok());
        let hashes = self.hashes(tile)?;
        wanted
            .and_then(|(start, span)| hashes.get(start..start + span))
            .map(|hashes| subtree(hashes.to_vec()))
            .ok_or(ReadError::OutOfRange)
    }
}

/// Every hash of every row, in memory: 64 bytes an entry, and proofs without reading anything.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    rows: Vec<Vec<Digest>>,
}

impl Rows {
    /// The tree of no entries.
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Number of entries.
    pub fn size(&self) -> u64 {
        self.rows.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds one leaf at the right end.
    pub fn append(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for row in 0.. {
            if self.rows.len() <= row {
                self.rows.push(Vec::new());
            }
            let Some(hashes) = self.rows.get_mut(row) else {
                break;
            };
            hashes.push(hash);
            match hashes.as_slice() {
                [.., left, right] if hashes.len() % 2 == 0 => hash = node_hash(left, right),
                _ => break,
            }
        }
    }

    /// The root over the first `size` entries; `None` when there are fewer.
    pub fn root(&mut self, size: u64) -> Option<Digest> {
        super::root(self, size).ok()
    }

    /// See [`super::inclusion_proof`]; `None` also when there are fewer than `size` entries.
    pub fn inclusion_proof(&mut self, index: u64, size: u64) -> Option<Vec<Digest>> {
        super::inclusion_proof(self, index, size).ok().flatten()
    }

    /// See [`super::consistency_proof`]; `None` also when there are fewer than `size` entries.
    pub fn consistency_proof(&mut self, old: u64, size: u64) -> Option<Vec<Digest>> {
        super::consistency_proof(self, old, size).ok().flatten()
    }
}

impl HashSource for Rows {
    type Error = ReadError<Infallible>;

    fn hash(&mut self, row: u32, index: u64) -> Result<Digest, ReadError<Infallible>> {
        let row = usize::try_from(row).ok();
        let index = usize::try_from(index).ok();
        row.and_then(|row| self.rows.get(row))
            .zip(index)
            .and_then(|(hashes, index)| hashes.get(index))
            .copied()
            .ok_or(ReadError::OutOfRange)
    }
}
