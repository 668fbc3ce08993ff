//! Tiles by C2SP tlog-tiles (<https://c2sp.org/tlog-tiles>): how a tree and its entries lie in files.
//!
//! A hash tile holds 256 neighbouring hashes of one row of the tree; only every eighth row is stored, the rows between
//! follow from it. A bundle holds the bytes of the same 256 entries. Only the last of each row may be partial. Beside them,
//! by `docs/formats/export.md`, lies a bundle of the bodies of 256 entries.
//!
//! Here are coordinates and paths ([`Tile`], [`Bundle`], [`BodyBundle`]), which of them a tree has ([`tiles`], [`bundles`]),
//! the writers that are fed in order and keep a few kilobytes ([`TileWriter`], [`BundleWriter`], [`BodyWriter`]), the
//! readers of what they wrote, and proofs from stored hashes ([`inclusion_proof`], [`consistency_proof`]).
//!
//! ```
//! use ledger::merkle::{leaf_hash, verify_inclusion};
//! use ledger::tile::{self, Tile, TileWriter, Tiles};
//! use std::collections::BTreeMap;
//!
//! let (mut writer, mut files) = (TileWriter::new(), BTreeMap::new());
//! for n in 0..70_000_u64 {
//!     files.extend(writer.push(leaf_hash(&n.to_be_bytes())));
//! }
//! files.extend(writer.finish());
//! assert_eq!(files.len(), 273 + 1 + 1 + 1 + 1);
//!
//! let mut read = 0;
//! let mut source = Tiles::new(70_000, |tile: Tile| {
//!     read += 1;
//!     files.get(&tile).cloned().ok_or("no such tile")
//! });
//! let root = tile::root(&mut source, 70_000)?;
//! let proof = tile::inclusion_proof(&mut source, 4_711, 70_000)?.unwrap();
//! assert_eq!(verify_inclusion(&leaf_hash(&4_711_u64.to_be_bytes()), 4_711, 70_000, &proof, &root), Ok(()));
//! assert!(read <= 6);
//! # Ok::<(), tile::ReadError<&str>>(())
//! ```

mod bundle;
mod path;
mod proof;
mod source;
mod writer;

pub use bundle::{
    BODY_BUNDLE_BYTES_MAX, BUNDLE_BYTES_MAX, BodyWriter, BundleError, BundleWriter, read_bodies,
    read_entries,
};
pub use path::NotAPath;
pub use proof::{HashSource, consistency_proof, inclusion_proof, root};
pub use source::{ReadError, Rows, Tiles};
pub use writer::TileWriter;

use alloc::vec::Vec;

use crate::Digest;

/// Rows of the tree that one tile spans.
pub const HEIGHT: u32 = 8;

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u16 = 1 << HEIGHT;

/// The highest level of a tile that C2SP knows: with it, trees of less than 2^48 entries have all their hashes in tiles.
pub const LEVEL_MAX: u8 = 5;

/// A hash tile: `width` neighbouring roots of full subtrees of 256^`level` entries, from number 256 × `index`.
///
/// Its text is its path, `tile/<level>/<index>` and `.p/<width>` after it when it is partial. Sorted by level, then index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

/// A bundle: the bytes of `width` entries from number 256 × `index`.
///
/// Its text is its path, `tile/entries/<index>` and `.p/<width>` after it when it is partial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    index: u64,
    width: u16,
}

/// The bodies kept beside the 256 entries from number 256 × `index`. Its text is its path, `bodies/<index>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyBundle {
    /// Which 256 entries.
    pub index: u64,
}

impl Tile {
    /// The tile of `width` hashes at these coordinates; `None` when the level is over [`LEVEL_MAX`], the width is not 1 to
    /// 256, or no tree of 64 bits reaches so far.
    pub fn new(level: u8, index: u64, width: u16) -> Option<Self> {
        let rows_above = 64_u32.checked_sub(HEIGHT * (u32::from(level) + 1))?;
        let fits = index >> rows_above == 0;
        (fits && level <= LEVEL_MAX && (1..=WIDTH).contains(&width)).then_some(Self {
            level,
            index,
            width,
        })
    }

    /// 0 for the tile of leaves.
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// From 0, left to right within the level.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of hashes, 1 to 256; under 256 it is a partial tile.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Length of the file in bytes: 32 for each hash.
    pub fn bytes(&self) -> usize {
        usize::from(self.width) * 32
    }

    /// The hashes in the tile's bytes; `None` when there are not exactly as many as its width says.
    pub fn hashes(&self, bytes: &[u8]) -> Option<Vec<Digest>> {
        if bytes.len() != self.bytes() {
            return None;
        }
        bytes.chunks_exact(32).map(Digest::from_slice).collect()
    }
}

impl Bundle {
    /// The bundle of `width` entries; `None` when the width is not 1 to 256 or the entries' numbers pass 64 bits.
    pub fn new(index: u64, width: u16) -> Option<Self> {
        let fits = index <= u64::MAX >> HEIGHT;
        (fits && (1..=WIDTH).contains(&width)).then_some(Self { index, width })
    }

    /// The bundle that holds entry `entry` in a tree of `size` entries; `None` when there is no such entry.
    pub fn holding(entry: u64, size: u64) -> Option<Self> {
        if entry >= size {
            return None;
        }
        let index = entry >> HEIGHT;
        Self::new(index, width_at(index, size))
    }

    /// From 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of entries, 1 to 256; under 256 it is a partial bundle.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// The number of its first entry.
    pub const fn first(&self) -> u64 {
        self.index << HEIGHT
    }
}

/// Every tile that a tree of `size` entries has: level by level from the leaves, left to right, the partial one last.
pub fn tiles(size: u64) -> impl Iterator<Item = Tile> {
    (0..=LEVEL_MAX).flat_map(move |level| {
        let hashes = size >> (HEIGHT * u32::from(level));
        (0..hashes.div_ceil(u64::from(WIDTH))).map(move |index| Tile {
            level,
            index,
            width: width_at(index, hashes),
        })
    })
}

/// Every bundle that a log of `size` entries has, in order, the partial one last.
pub fn bundles(size: u64) -> impl Iterator<Item = Bundle> {
    (0..size.div_ceil(u64::from(WIDTH))).map(move |index| Bundle {
        index,
        width: width_at(index, size),
    })
}

/// How many of `count` fall to tile `index`: 256, or what is left.
fn width_at(index: u64, count: u64) -> u16 {
    let left = count.saturating_sub(index.saturating_mul(u64::from(WIDTH)));
    u16::try_from(left).unwrap_or(WIDTH).min(WIDTH)
}

#[cfg(test)]
mod tests;
