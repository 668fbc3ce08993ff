//! The equation over a batch, and the look for parts in the small subgroup.

use alloc::vec;
use alloc::vec::Vec;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, IsIdentity as _, VartimeMultiscalarMul as _};
use sha2::{Digest as _, Sha256};

use super::{Key, Sound};

/// Rounds of [`halves_are_pure`], each of which takes eight sums: 64 in all.
const ROUNDS: usize = 8;

/// Bytes of a factor in the equation.
const FACTOR_BYTES: usize = 16;

/// Whether every claim holds, by the strict rule. Their keys are pure.
pub(super) fn all_hold(claims: &[Sound<'_>], keys: &[Key]) -> bool {
    let drawn = drawn(claims);
    sum_is_zero(claims, keys, &drawn) && halves_are_pure(claims, &drawn)
}

/// Whether the point has no part in the small subgroup: order × point is zero.
pub(super) fn is_pure(point: &EdwardsPoint) -> bool {
    let minus_one = -Scalar::ONE;
    let order_less_one =
        EdwardsPoint::vartime_double_scalar_mul_basepoint(&minus_one, point, &Scalar::ZERO);
    (order_less_one + point).is_identity()
}

/// What chance gives one claim.
struct Drawn {
    factor: Scalar,
    /// Its bucket in each round.
    buckets: [u8; ROUNDS],
}

/// From a hash over everything in the batch, so that nothing in it can be chosen afterwards.
fn drawn(claims: &[Sound<'_>]) -> Vec<Drawn> {
    let mut seed = Sha256::new();
    seed.update(b"coldproof batch\0");
    for claim in claims {
        seed.update(claim.claim.key.0);
        seed.update(claim.claim.signature);
        seed.update(claim.claim.challenge.as_bytes());
    }
    let seed = seed.finalize();
    (0..claims.len() as u64)
        .map(|number| {
            let bytes: [u8; 32] = Sha256::new()
                .chain_update(seed)
                .chain_update(number.to_be_bytes())
                .finalize()
                .into();
            let (mut factor, mut buckets) = ([0; 32], [0; ROUNDS]);
            let (lower, upper) = bytes.split_at(FACTOR_BYTES);
            factor
                .iter_mut()
                .zip(lower)
                .chain(buckets.iter_mut().zip(upper))
                .for_each(|(to, from)| *to = *from);
            Drawn {
                factor: Scalar::from_bytes_mod_order(factor),
                buckets,
            }
        })
        .collect()
}

/// 8 × Σ zᵢ (Sᵢ B − kᵢ Aᵢ − Rᵢ) = 0, all terms of one key in one.
fn sum_is_zero(claims: &[Sound<'_>], keys: &[Key], drawn: &[Drawn]) -> bool {
    let (mut of_base, mut of_keys) = (Scalar::ZERO, vec![Scalar::ZERO; keys.len()]);
    for (claim, Drawn { factor, .. }) in claims.iter().zip(drawn) {
        of_base -= factor * claim.s;
        if let Some(of_key) = of_keys.get_mut(claim.key) {
            *of_key += factor * claim.claim.challenge;
        }
    }
    let scalars = drawn
        .iter()
        .map(|drawn| &drawn.factor)
        .chain(&of_keys)
        .chain([&of_base]);
    let points = claims
        .iter()
        .map(|claim| &claim.r)
        .chain(keys.iter().map(|key| &key.point))
        .chain([&ED25519_BASEPOINT_POINT]);
    EdwardsPoint::vartime_multiscalar_mul(scalars, points)
        .mul_by_cofactor()
        .is_identity()
}

/// Whether 64 sums, each over a random half of the R, have no part in the small subgroup.
///
/// In each round one random byte puts each R into one of 256 buckets; the sum over the buckets whose number has a given bit
/// set is the sum over a random half. So eight sums cost one addition for each R and 512 for the buckets.
fn halves_are_pure(claims: &[Sound<'_>], drawn: &[Drawn]) -> bool {
    let mut buckets = vec![vec![EdwardsPoint::identity(); 256]; ROUNDS];
    for (claim, drawn) in claims.iter().zip(drawn) {
        for (round, number) in buckets.iter_mut().zip(drawn.buckets) {
            if let Some(bucket) = round.get_mut(usize::from(number)) {
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
