//! Proofs that an entry is in a tree, and that one tree begins another (RFC 6962 section 2.1, RFC 9162 section 2.1).

use alloc::vec::Vec;

use super::node_hash;
use crate::Digest;

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index is not in the tree, or the older tree is the larger.
    #[error("no tree of this size can hold what the proof is about")]
    OutOfRange,
    /// An empty tree begins every tree, so a proof from it says nothing.
    #[error("a proof from the empty tree says nothing")]
    FromNothing,
    /// Too few or too many hashes.
    #[error("the proof has {found} hashes, not the number that these sizes need")]
    Length {
        /// How many were given.
        found: usize,
    },
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    OtherRoot,
}

/// The hashes that lead from leaf `index` to the root over `leaves`; `None` when there is no such leaf.
pub fn inclusion_proof(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let index = usize::try_from(index)
        .ok()
        .filter(|index| *index < leaves.len())?;
    let mut proof = Vec::new();
    path(leaves, index, &mut proof);
    Some(proof)
}

/// The hashes that show the tree over the first `old_size` of `leaves` to begin the tree over all; `None` for size 0 or
/// more than there are. Empty when nothing was added.
pub fn consistency_proof(leaves: &[Digest], old_size: u64) -> Option<Vec<Digest>> {
    let old_size = usize::try_from(old_size)
        .ok()
        .filter(|size| (1..=leaves.len()).contains(size))?;
    let mut proof = Vec::new();
    subproof(leaves, old_size, true, &mut proof);
    Some(proof)
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries under `root`.
///
/// # Errors
/// [`ProofError`]; spare hashes are refused as well as missing ones.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let length = Err(ProofError::Length { found: proof.len() });
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return length;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // A node that is the last of its row has no sibling until the row where it is a right child.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return length;
    }
    if hash == *root {
        Ok(())
    } else {
        Err(ProofError::OtherRoot)
    }
}

/// Checks that the tree of `old_size` entries under `old_root` begins the tree of `new_size` entries under `new_root`.
///
/// Equal sizes need equal roots and an empty proof.
///
/// # Errors
/// [`ProofError`]; from size 0 always, since nothing could be shown.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::OutOfRange);
    }
    if old_size == 0 {
        return Err(ProofError::FromNothing);
    }
    let length = ProofError::Length { found: proof.len() };
    if old_size == new_size {
        return match proof {
            [] if old_root == new_root => Ok(()),
            [] => Err(ProofError::OtherRoot),
            _ => Err(length),
        };
    }
    // An old tree that is one full subtree is its own first hash, which the proof leaves out.
    let (seed, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(length)?
    };
    let trailing = (old_size - 1).trailing_ones();
    let mut node = shifted(old_size - 1, trailing);
    let mut last = shifted(new_size - 1, trailing);
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for sibling in rest {
        if last == 0 {
            return Err(length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(length);
    }
    if old_hash == *old_root && new_hash == *new_root {
        Ok(())
    } else {
        Err(ProofError::OtherRoot)
    }
}

/// `number >> bits` where `bits` may be 64.
fn shifted(number: u64, bits: u32) -> u64 {
    number.checked_shr(bits).unwrap_or(0)
}

fn path(leaves: &[Digest], index: usize, proof: &mut Vec<Digest>) {
    if leaves.len() < 2 {
        return;
    }
    let (left, right) = halves(leaves);
    if index < left.len() {
        path(left, index, proof);
        proof.push(root(right));
    } else {
        path(right, index - left.len(), proof);
        proof.push(root(left));
    }
}

fn subproof(leaves: &[Digest], old_size: usize, is_whole: bool, proof: &mut Vec<Digest>) {
    if old_size == leaves.len() {
        if !is_whole {
            proof.push(root(leaves));
        }
        return;
    }
    let (left, right) = halves(leaves);
    if old_size <= left.len() {
        subproof(left, old_size, is_whole, proof);
        proof.push(root(right));
    } else {
        subproof(right, old_size - left.len(), false, proof);
        proof.push(root(left));
    }
}

/// Left of the split: the largest power of two smaller than the number of leaves. `leaves` holds two or more.
fn halves(leaves: &[Digest]) -> (&[Digest], &[Digest]) {
    leaves.split_at(
        leaves
            .len()
            .div_ceil(2)
            .next_power_of_two()
            .min(leaves.len()),
    )
}

fn root(leaves: &[Digest]) -> Digest {
    let mut frontier = super::Frontier::new();
    for leaf in leaves {
        frontier.append(*leaf);
    }
    frontier.root()
}
