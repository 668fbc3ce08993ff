//! Roots by the definition of RFC 6962 section 2.1, from the top down.
//!
//! The appender adds from the right and carries, as in a binary number; this splits from the top and never carries. It also
//! hashes by its own lines. A fault in the one is not a fault in the other, which is why every head is made by the first
//! and signed only when the second agrees.

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// The leaf of an entry, as [`crate::merkle::leaf_hash`] makes it, by other lines.
pub fn leaf(entry: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"\x00");
    hash.update(entry);
    Digest(hash.finalize().into())
}

/// The root over `leaves`.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest(Sha256::digest(b"").into()),
        [one] => *one,
        several => {
            let (left, right) =
                several.split_at(split(several.len() as u64).try_into().unwrap_or(1));
            inner(&root(left), &root(right))
        }
    }
}

/// The root after `added` were appended to a tree of `old_size` entries whose full subtrees have the roots `old_peaks`,
/// largest first. `None` when the roots do not fit the size.
pub fn root_after(old_size: u64, old_peaks: &[Digest], added: &[Digest]) -> Option<Digest> {
    if u64::from(old_size.count_ones()) != old_peaks.len() as u64 {
        return None;
    }
    let size = old_size.checked_add(added.len() as u64)?;
    if size == 0 {
        return Some(root(&[]));
    }
    Grown {
        old_size,
        old_peaks,
        added,
    }
    .between(0, size)
}

struct Grown<'a> {
    old_size: u64,
    old_peaks: &'a [Digest],
    added: &'a [Digest],
}

impl Grown<'_> {
    /// The root over entries `from..to`.
    fn between(&self, from: u64, to: u64) -> Option<Digest> {
        if to <= self.old_size
            && let Some(peak) = self.peak(from, to)
        {
            return Some(peak);
        }
        if to - from == 1 {
            return self
                .added
                .get(usize::try_from(from.checked_sub(self.old_size)?).ok()?)
                .copied();
        }
        let middle = from + split(to - from);
        Some(inner(
            &self.between(from, middle)?,
            &self.between(middle, to)?,
        ))
    }

    /// The old full subtree over exactly `from..to`, if there is one.
    fn peak(&self, from: u64, to: u64) -> Option<Digest> {
        let mut start = 0;
        let mut peaks = self.old_peaks.iter();
        for bit in (0..64)
            .rev()
            .map(|bit| 1_u64 << bit)
            .filter(|bit| self.old_size & bit != 0)
        {
            let peak = peaks.next()?;
            if (start, start + bit) == (from, to) {
                return Some(*peak);
            }
            start += bit;
        }
        None
    }
}

/// The largest power of two smaller than `n`, which is at least 2.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

fn inner(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [1; 65];
    let (_, rest) = bytes.split_at_mut(1);
    for (to, from) in rest.iter_mut().zip(left.0.iter().chain(&right.0)) {
        *to = *from;
    }
    Digest(Sha256::digest(bytes).into())
}
