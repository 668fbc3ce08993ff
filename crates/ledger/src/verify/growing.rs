//! The root over leaves that come one after another, without keeping them.

use alloc::vec::Vec;

use super::root::root;
use crate::Digest;

/// Leaves that are folded into one at a time: the root over them follows the definition, from the top down.
const BLOCK: usize = 256;

/// A root that grows with each leaf. It keeps at most 255 hashes a row of 256, so 8 KiB for each factor of 256 entries.
///
/// [`crate::merkle::Frontier`] carries as in a binary number; this folds whole blocks by [`root`], the definition of RFC 6962.
/// A block of 256 is a full subtree, so splitting a row of blocks and the rest is splitting their leaves.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    size: u64,
    rows: Vec<Vec<Digest>>,
}

impl Growing {
    /// Over no leaves.
    pub const fn new() -> Self {
        Self {
            size: 0,
            rows: Vec::new(),
        }
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf.
    pub fn push(&mut self, leaf: Digest) {
        self.size = self.size.saturating_add(1);
        let mut hash = leaf;
        for number in 0.. {
            if self.rows.len() <= number {
                self.rows.push(Vec::with_capacity(BLOCK));
            }
            let Some(row) = self.rows.get_mut(number) else {
                return;
            };
            row.push(hash);
            if row.len() < BLOCK {
                return;
            }
            hash = root(row);
            row.clear();
        }
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Digest {
        let mut rest: Option<Digest> = None;
        for row in &self.rows {
            let mut row = row.clone();
            row.extend(rest);
            if !row.is_empty() {
                rest = Some(root(&row));
            }
        }
        rest.unwrap_or_else(|| root(&[]))
    }
}
