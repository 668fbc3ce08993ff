//! The tree over the entries: RFC 6962, SHA-256.
//!
//! [`Frontier`] is what an appender keeps: the roots of the full subtrees, at most 64 hashes. Proofs are made here from all
//! leaf hashes; from stored hashes and for large trees in [`crate::tile`].

mod proof;

pub use proof::{
    ProofError, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion,
};

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// The root of no entries: SHA-256 of nothing.
pub const EMPTY_ROOT: Digest = Digest([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Digest {
    Digest(
        Sha256::new()
            .chain_update([0])
            .chain_update(entry)
            .finalize()
            .into(),
    )
}

/// SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    Digest(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// A tree that only grows, reduced to what the next append and the root need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Roots of the full subtrees, largest (leftmost) first: one for each bit set in `size`.
    peaks: Vec<Digest>,
}

impl Frontier {
    /// The tree of no entries.
    pub const fn new() -> Self {
        Self {
            size: 0,
            peaks: Vec::new(),
        }
    }

    /// The tree of `size` entries whose full subtrees have these roots, largest first. `None` when the number of roots
    /// does not fit the size.
    pub fn from_peaks(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (usize::try_from(size.count_ones()) == Ok(peaks.len())).then_some(Self { size, peaks })
    }

    /// Number of entries.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the full subtrees, largest first; one for each bit set in the size.
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// Adds one leaf at the right end.
    pub fn append(&mut self, leaf: Digest) {
        let mut carried = leaf;
        // As in adding one to a binary number: each trailing bit set is a full subtree that the new one completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                carried = node_hash(&left, &carried);
            }
        }
        self.peaks.push(carried);
        self.size = self.size.saturating_add(1);
    }

    /// Root over all entries.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else {
            return EMPTY_ROOT;
        };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests;
