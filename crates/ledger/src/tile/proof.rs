//! Proofs and roots from stored hashes, a few reads each (RFC 6962 section 2.1).

use alloc::vec::Vec;

use crate::Digest;
use crate::merkle::{EMPTY_ROOT, node_hash};

/// Where the hashes of full subtrees are had from: [`super::Tiles`] over files or a database, [`super::Rows`] in memory.
pub trait HashSource {
    /// Why a hash cannot be had.
    type Error;

    /// The root of the full subtree over the entries `index × 2^row` to `(index + 1) × 2^row - 1`, all of which are in the
    /// tree; row 0 is the leaves.
    ///
    /// # Errors
    /// Its own; proofs pass it on.
    fn hash(&mut self, row: u32, index: u64) -> Result<Digest, Self::Error>;
}

/// The root over the first `size` entries.
///
/// # Errors
/// The source's.
pub fn root<S: HashSource>(source: &mut S, size: u64) -> Result<Digest, S::Error> {
    if size == 0 {
        return Ok(EMPTY_ROOT);
    }
    between(source, 0, size)
}

/// The hashes that lead from entry `index` to the root over the first `size`, for [`crate::merkle::verify_inclusion`];
/// `None` when there is no such entry.
///
/// # Errors
/// The source's.
pub fn inclusion_proof<S: HashSource>(
    source: &mut S,
    index: u64,
    size: u64,
) -> Result<Option<Vec<Digest>>, S::Error> {
    if index >= size {
        return Ok(None);
    }
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(between(source, middle, to)?);
            to = middle;
        } else {
            proof.push(between(source, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The hashes that show the tree over the first `old` entries to begin the one over the first `size`, for
/// [`crate::merkle::verify_consistency`]; `None` for `old` 0 or over `size`, empty when the two are equal.
///
/// # Errors
/// The source's.
pub fn consistency_proof<S: HashSource>(
    source: &mut S,
    old: u64,
    size: u64,
) -> Result<Option<Vec<Digest>>, S::Error> {
    if old == 0 || old > size {
        return Ok(None);
    }
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(between(source, middle, to)?);
            to = middle;
        } else {
            proof.push(between(source, from, middle)?);
            from = middle;
        }
    }
    // An old tree that is one full subtree is known to who asks; any other needs its last part to begin with.
    if from != 0 {
        proof.push(between(source, from, to)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// The root over entries `from..to`: not empty, and `from` a multiple of the power of two that holds so many.
fn between<S: HashSource>(source: &mut S, from: u64, to: u64) -> Result<Digest, S::Error> {
    let count = to - from;
    if count.is_power_of_two() {
        let row = count.trailing_zeros();
        return source.hash(row, from >> row);
    }
    let middle = from + split(count);
    Ok(node_hash(
        &between(source, from, middle)?,
        &between(source, middle, to)?,
    ))
}

/// The largest power of two smaller than `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}
