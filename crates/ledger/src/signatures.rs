//! Many signatures at once, by the same strict rule as one alone.
//!
//! [`crate::PublicKey::verify`] is the rule: canonical key, R and S, no small-order key or R, no cofactor. A common batch
//! equation accepts more than that. It hides whatever lies in the curve's small subgroup, so that a signature may hold in one
//! batch, fail in another, and fail alone. A verdict on evidence must not depend on neighbours, so [`Checker::failing`] gives
//! each claim the verdict that it would have alone:
//!
//! 1. each key must be one that may sign, each S and R canonical, no R of small order: looked at one by one;
//! 2. one equation over all, with a factor of 128 bits for each signature and one term for each key: every claim holds up to
//!    the small subgroup;
//! 3. no key and no R has a part in the small subgroup. Keys are looked at one by one, once. For the R, 64 sums are taken,
//!    each over a random half of them: a part that is there is missing from one sum in two, from all with 2^-64. What holds
//!    up to the small subgroup and has no part in it holds.
//!
//! Whoever fails 2 or 3 is looked for by halving, and the last few are checked alone. Claims under a key with a part in the
//! small subgroup (nobody makes one by accident) are always checked alone.
//!
//! The factors and halves come from a SHA-256 over all claims of the batch, so that nobody can choose a signature after
//! them, and the same bytes always give the same verdict.

mod equation;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity as _;
use sha2::{Digest as _, Sha512};

use crate::PublicKey;
use crate::limit::KEYS_KEPT_MAX;

/// Claims that pay best as one batch: more hardly save anything, and a failing one is found among fewer.
pub const BATCH: usize = 4_096;

/// Fewer than these are checked one by one: a batch would cost more.
const ALONE_MAX: usize = 24;

/// That a key signed a message: all that the check needs of the message is kept, 128 bytes in all.
#[derive(Clone, Copy)]
pub struct Claim {
    key: PublicKey,
    signature: [u8; 64],
    /// SHA-512(R ‖ key ‖ message) modulo the group's order.
    challenge: Scalar,
}

impl Claim {
    /// That `key` made `signature` over the `parts`, one after another.
    pub fn new(key: PublicKey, signature: &[u8; 64], parts: &[&[u8]]) -> Self {
        let [r, _] = halves(signature);
        let mut hash = Sha512::new().chain_update(r).chain_update(key.0);
        for part in parts {
            hash.update(part);
        }
        Self {
            key,
            signature: *signature,
            challenge: Scalar::from_bytes_mod_order_wide(&hash.finalize().into()),
        }
    }

    /// The key.
    pub const fn key(&self) -> PublicKey {
        self.key
    }
}

impl core::fmt::Debug for Claim {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Claim")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Checks claims, and remembers what it found of each key. One for each thread.
#[derive(Debug, Default)]
pub struct Checker {
    places: BTreeMap<PublicKey, Option<usize>>,
    keys: Vec<Key>,
}

/// A key that may sign.
#[derive(Debug, Clone, Copy)]
struct Key {
    point: EdwardsPoint,
    /// Has no part in the small subgroup.
    is_pure: bool,
}

/// A claim of which everything that can be seen without the message is in order.
struct Sound<'a> {
    /// Its place among the claims given.
    place: usize,
    claim: &'a Claim,
    /// The place of its key among the keys.
    key: usize,
    r: EdwardsPoint,
    s: Scalar,
}

impl Checker {
    /// Knows no key yet.
    pub const fn new() -> Self {
        Self {
            places: BTreeMap::new(),
            keys: Vec::new(),
        }
    }

    /// The places of the claims that do not hold, ascending; none when all hold. Give about [`BATCH`] at once.
    pub fn failing(&mut self, claims: &[Claim]) -> Vec<usize> {
        // Hostile entries may name a new key each; then nothing is gained by keeping them.
        if self.places.len() > KEYS_KEPT_MAX {
            *self = Self::new();
        }
        let (mut failing, mut together) = (Vec::new(), Vec::with_capacity(claims.len()));
        for (place, claim) in claims.iter().enumerate() {
            match self.sound(place, claim) {
                Some((sound, key)) if key.is_pure => together.push(sound),
                Some((sound, key)) if sound.holds_alone(&key) => {}
                Some(_) | None => failing.push(place),
            }
        }
        halve(&together, &self.keys, &mut failing);
        failing.sort_unstable();
        failing
    }

    /// `None` when the claim cannot hold.
    fn sound<'a>(&mut self, place: usize, claim: &'a Claim) -> Option<(Sound<'a>, Key)> {
        let key_place = self.key(claim.key)?;
        let key = *self.keys.get(key_place)?;
        let [r, s] = halves(&claim.signature);
        let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(s))?;
        // A second spelling of R is read as the same point; the one spelling is what the point itself is written as. As
        // with keys, only a y of 2^255 - 19 or more or a sign of nothing has two, and the latter is of small order.
        if PublicKey(r).is_second_spelling() {
            return None;
        }
        let r = CompressedEdwardsY(r).decompress()?;
        if r.is_small_order() {
            return None;
        }
        let sound = Sound {
            place,
            claim,
            key: key_place,
            r,
            s,
        };
        Some((sound, key))
    }

    /// The place of a key; `None` when it may not sign.
    fn key(&mut self, key: PublicKey) -> Option<usize> {
        if let Some(known) = self.places.get(&key) {
            return *known;
        }
        let place = read_key(key).map(|read| {
            self.keys.push(read);
            self.keys.len() - 1
        });
        self.places.insert(key, place);
        place
    }
}

fn read_key(key: PublicKey) -> Option<Key> {
    key.check().ok()?;
    let point = CompressedEdwardsY(key.0).decompress()?;
    Some(Key {
        point,
        is_pure: equation::is_pure(&point),
    })
}

impl Sound<'_> {
    /// The rule itself: R = S·B − k·A, as points, no cofactor.
    fn holds_alone(&self, key: &Key) -> bool {
        let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(
            &self.claim.challenge,
            &-key.point,
            &self.s,
        );
        (expected - self.r).is_identity()
    }
}

/// Adds the places of those that do not hold.
fn halve(claims: &[Sound<'_>], keys: &[Key], failing: &mut Vec<usize>) {
    if claims.len() < ALONE_MAX {
        let alone = claims.iter().filter(|claim| {
            keys.get(claim.key)
                .is_none_or(|key| !claim.holds_alone(key))
        });
        failing.extend(alone.map(|claim| claim.place));
        return;
    }
    if equation::all_hold(claims, keys) {
        return;
    }
    let (one, other) = claims.split_at(claims.len() / 2);
    halve(one, keys, failing);
    halve(other, keys, failing);
}

/// R and S.
fn halves(signature: &[u8; 64]) -> [[u8; 32]; 2] {
    let mut halves = [[0; 32]; 2];
    for (to, from) in halves.as_flattened_mut().iter_mut().zip(signature) {
        *to = *from;
    }
    halves
}

#[cfg(test)]
mod tests;
