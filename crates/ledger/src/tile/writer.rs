//! Tiles from leaves in order.

use alloc::vec::Vec;
use core::mem;

use super::{Tile, WIDTH};
use crate::Digest;
use crate::merkle::node_hash;

/// Makes the tiles of a tree whose leaves are handed over in order. It keeps at most one unfinished tile a level, 64 KiB in
/// all, however many leaves there are.
#[derive(Debug, Clone, Default)]
pub struct TileWriter {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Default)]
struct Row {
    /// Full tiles that went out before.
    index: u64,
    hashes: Vec<Digest>,
}

impl TileWriter {
    /// For a tree from its first leaf.
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Takes the next leaf hash and gives each tile that is full with it, its bytes beside: none 255 times of 256, then one
    /// of level 0 and the levels above that it fills. A full tile never changes again.
    pub fn push(&mut self, leaf: Digest) -> Vec<(Tile, Vec<u8>)> {
        let (mut full, mut hash) = (Vec::new(), leaf);
        for level in 0_u8.. {
            if self.rows.len() <= usize::from(level) {
                self.rows.push(Row::default());
            }
            let Some(row) = self.rows.get_mut(usize::from(level)) else {
                break;
            };
            row.hashes.push(hash);
            if row.hashes.len() < usize::from(WIDTH) {
                break;
            }
            let hashes = mem::take(&mut row.hashes);
            let (index, next) = (row.index, row.index.saturating_add(1));
            row.index = next;
            full.extend(written(level, index, &hashes));
            hash = subtree(hashes);
        }
        full
    }

    /// The partial tiles at the right edge, lowest level first: none, or one for each level that is not full.
    pub fn finish(self) -> Vec<(Tile, Vec<u8>)> {
        (0_u8..)
            .zip(self.rows)
            .filter_map(|(level, row)| written(level, row.index, &row.hashes))
            .collect()
    }
}

/// `None` for no hashes at all.
fn written(level: u8, index: u64, hashes: &[Digest]) -> Option<(Tile, Vec<u8>)> {
    let tile = Tile::new(level, index, u16::try_from(hashes.len()).ok()?)?;
    let mut bytes = Vec::with_capacity(tile.bytes());
    for hash in hashes {
        bytes.extend_from_slice(&hash.0);
    }
    Some((tile, bytes))
}

/// The root over hashes whose number is a power of two.
pub(super) fn subtree(mut hashes: Vec<Digest>) -> Digest {
    while hashes.len() > 1 {
        hashes = hashes
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node_hash(left, right),
                // Not reached for a power of two.
                [one, ..] => *one,
                [] => Digest::ZERO,
            })
            .collect();
    }
    hashes.first().copied().unwrap_or(Digest::ZERO)
}
