//! The equation over a batch, and the look for parts in the small subgroup.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, IsIdentity as _, VartimeMultiscalarMul as _};
use sha2::{Digest as _, Sha256};

use super::Sound;
use crate::PublicKey;

/// Rounds of [`halves_are_pure`], each of which takes eight sums: 64 in all.
const ROUNDS: usize = 8;

/// Whether every claim holds, by the strict rule. Their keys are pure.
pub(super) fn all_hold(claims: &[Sound]) -> bool {
    let seed = seed(claims);
    sum_is_zero(claims, &seed) && halves_are_pure(claims, &seed)
}

/// Whether the point has no part in the small subgroup: order × point is zero.
pub(super) fn is_pure(point: &EdwardsPoint) -> bool {
    let minus_one = -Scalar::ONE;
    let order_less_one =
        EdwardsPoint::vartime_double_scalar_mul_basepoint(&minus_one, point, &Scalar::ZERO);
    (order_less_one + point).is_identity()
}

/// A hash over everything in the batch.
fn seed(claims: &[Sound]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"coldproof batch\0");
    for claim in claims {
        hash.update(claim.key.0);
        hash.update(claim.claim.signature);
        hash.update(claim.claim.challenge.as_bytes());
    }
    hash.finalize().into()
}

/// 32 bytes for one claim, different for each use.
fn drawn(seed: &[u8; 32], number: usize) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed)
        .chain_update((number as u64).to_be_bytes())
        .finalize()
        .into()
}

/// 8 × Σ zᵢ (Sᵢ B − kᵢ Aᵢ − Rᵢ) = 0, all terms of one key in one.
fn sum_is_zero(claims: &[Sound], seed: &[u8; 32]) -> bool {
    let mut of_base = Scalar::ZERO;
    let mut of_keys: BTreeMap<PublicKey, (EdwardsPoint, Scalar)> = BTreeMap::new();
    let mut factors = Vec::with_capacity(claims.len());
    for (number, claim) in claims.iter().enumerate() {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(drawn(seed, number).iter().take(16)) {
            *to = *from;
        }
        let factor = Scalar::from_bytes_mod_order(bytes);
        of_base -= factor * claim.s;
        let (_, of_key) = of_keys
            .entry(claim.key)
            .or_insert((claim.point, Scalar::ZERO));
        *of_key += factor * claim.claim.challenge;
        factors.push(factor);
    }
    let scalars = factors
        .iter()
        .chain(of_keys.values().map(|(_, scalar)| scalar))
        .chain([&of_base]);
    let points = claims
        .iter()
        .map(|claim| &claim.r)
        .chain(of_keys.values().map(|(point, _)| point))
        .chain([&ED25519_BASEPOINT_POINT]);
    EdwardsPoint::vartime_multiscalar_mul(scalars, points)
        .mul_by_cofactor()
        .is_identity()
}

/// Whether 64 sums, each over a random half of the R, have no part in the small subgroup.
///
/// In each round one random byte puts each R into one of 256 buckets; the sum over the buckets whose number has a given bit
/// set is the sum over a random half. So eight sums cost one addition for each R and 512 for the buckets.
fn halves_are_pure(claims: &[Sound], seed: &[u8; 32]) -> bool {
    let mut buckets = vec![vec![EdwardsPoint::identity(); 256]; ROUNDS];
    for (number, claim) in claims.iter().enumerate() {
        let bytes = drawn(seed, number);
        let (_, random) = bytes.split_at(bytes.len() - ROUNDS);
        for (round, byte) in buckets.iter_mut().zip(random) {
            if let Some(bucket) = round.get_mut(usize::from(*byte)) {
                *bucket += claim.r;
            }
        }
    }
    buckets.iter_mut().all(|round| sums_are_pure(round))
}

/// From the highest bit: the upper half of the buckets is one sum; folded onto the lower half it leaves one bit less.
fn sums_are_pure(buckets: &mut [EdwardsPoint]) -> bool {
    let mut left = buckets;
    while left.len() > 1 {
        let (lower, upper) = left.split_at_mut(left.len() / 2);
        let mut sum = EdwardsPoint::identity();
        for (to, from) in lower.iter_mut().zip(upper) {
            sum += *from;
            *to += *from;
        }
        if !is_pure(&sum) {
            return false;
        }
        left = lower;
    }
    true
}
