//! Which entry is at fault when the root is wrong, as far as signed heads from before can tell.

use alloc::string::String;
use alloc::vec::Vec;

use super::earlier::{Earlier, Leaves};
use super::fault::Fault;
use super::growing::Growing;
use crate::Digest;
use crate::checkpoint::Checkpoint;

/// Heads compared in one go. Once one is wrong the search goes on between it and the last right one.
const COMPARED_MAX: usize = 256;

/// Where `leaves` first part from what the signed `heads` say. Once one leaf is wrong every later root is, so the place is
/// narrowed down between heads. `None` when every head that the leaves reach is right.
pub fn differing(leaves: &[Digest], heads: impl IntoIterator<Item = Checkpoint>) -> Option<Fault> {
    let found = leaves.len() as u64;
    // Leaves in memory can always be read again.
    differing_again(found, &mut Leaves(leaves), heads).unwrap_or_else(Some)
}

/// The same over `found` entries that are read again.
pub(super) fn differing_again(
    found: u64,
    earlier: &mut impl Earlier,
    heads: impl IntoIterator<Item = Checkpoint>,
) -> Result<Option<Fault>, Fault> {
    let mut heads: Vec<(u64, Digest)> = heads
        .into_iter()
        .map(|head| (head.size, head.root))
        .filter(|(size, _)| *size <= found)
        .collect();
    heads.sort_unstable();
    heads.dedup();
    let forked = heads.windows(2).find_map(|pair| match pair {
        [one, other] if one.0 == other.0 => Some(Fault::Forked { size: one.0 }),
        _ => None,
    });
    if forked.is_some() {
        return Ok(forked);
    }
    let Some(right) =
        first_wrong(&heads, earlier).map_err(|(index, why)| Fault::Again { index, why })?
    else {
        return Ok(None);
    };
    let size_of = |place: usize| heads.get(place).map(|head| head.0);
    let wrong = size_of(right).unwrap_or(found);
    let first = right.checked_sub(1).and_then(size_of).unwrap_or(0);
    Ok(Some(if heads.len() > 1 && first < wrong {
        Fault::Differs {
            first,
            last: wrong - 1,
        }
    } else {
        Fault::Root { size: wrong }
    }))
}

/// The place of the first wrong head of `heads`, which are ascending.
fn first_wrong(
    heads: &[(u64, Digest)],
    earlier: &mut impl Earlier,
) -> Result<Option<usize>, (u64, String)> {
    // Heads before `right` are; the first wrong one, if any, is before `end`.
    let (mut right, mut end, mut tree) = (0, heads.len(), Growing::new());
    while right < end {
        let step = (end - right).div_ceil(COMPARED_MAX);
        let (mut ahead, mut wrong) = (tree.clone(), None);
        while wrong.is_none() && right < end {
            let place = (right + step).min(end) - 1;
            let Some((size, signed)) = heads.get(place) else {
                break;
            };
            while ahead.size() < *size {
                let index = ahead.size();
                ahead.push(earlier.leaf(index).map_err(|why| (index, why))?);
            }
            if ahead.root() == *signed {
                right = place + 1;
                tree = ahead.clone();
            } else {
                wrong = Some(place);
            }
        }
        match wrong {
            None => return Ok(None),
            Some(place) if place == right => return Ok(Some(place)),
            Some(place) => end = place + 1,
        }
    }
    Ok(None)
}
