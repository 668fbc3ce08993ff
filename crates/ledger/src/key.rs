//! An Ed25519 public key and the strict rule for its signatures.

use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{Signature, SigningKey, Verifier as _, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::{NotHex, from_hex, hex_member, write_hex};

/// An Ed25519 public key, 32 bytes, written as 64 lower-case hex digits. Any 32 bytes can be held; [`PublicKey::check`]
/// says whether they are a key that may sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

/// The eight points of small order in their one spelling: of order 1, 2, 4 (two) and 8 (four).
const SMALL_ORDER: [[u8; 32]; 8] = {
    const fn ends(first: u8, last: u8, between: u8) -> [u8; 32] {
        let mut bytes = [between; 32];
        bytes[0] = first;
        bytes[31] = last;
        bytes
    }
    const EIGHTH: [u8; 32] = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ];
    const OTHER_EIGHTH: [u8; 32] = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ];
    /// The same y with the other x.
    const fn negated(mut bytes: [u8; 32]) -> [u8; 32] {
        bytes[31] |= 0x80;
        bytes
    }
    [
        ends(1, 0, 0),
        ends(0xec, 0x7f, 0xff),
        ends(0, 0, 0),
        ends(0, 0x80, 0),
        EIGHTH,
        negated(EIGHTH),
        OTHER_EIGHTH,
        negated(OTHER_EIGHTH),
    ]
};

/// Why a key or its signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// Not a point on the curve, or one written in a second way.
    #[error("the key is not a valid Ed25519 public key")]
    NotAKey,
    /// A point of small order, under which one signature can fit many messages.
    #[error("the key is weak: one signature under it could fit many messages")]
    Weak,
    /// The signature is not by this key over these bytes, or is written in a second way.
    #[error("the signature does not fit the key and the bytes")]
    BadSignature,
}

impl PublicKey {
    /// The public half of `key`.
    pub fn of(key: &SigningKey) -> Self {
        Self(key.verifying_key().to_bytes())
    }

    /// Whether these bytes are a key that may sign: on the curve, in its one spelling, not of small order.
    ///
    /// # Errors
    /// [`KeyRefused::NotAKey`] or [`KeyRefused::Weak`].
    pub fn check(&self) -> Result<(), KeyRefused> {
        self.verifying().map(drop)
    }

    /// Checks `signature` over `message` by the strict rule of RFC 8032: canonical key, R and S, no small-order key or R,
    /// no cofactor.
    ///
    /// # Errors
    /// Any [`KeyRefused`].
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), KeyRefused> {
        let key = self.verifying()?;
        // The library's `verify` takes R only when it is, byte for byte, the one spelling of the point that must stand
        // there; so R of small order is one of these eight, and need not be unpacked to be known. A sixth of the time.
        let is_small = |r: &[u8; 32]| SMALL_ORDER.contains(r);
        if signature.first_chunk().is_none_or(is_small) {
            return Err(KeyRefused::BadSignature);
        }
        key.verify(message, &Signature::from_bytes(signature))
            .map_err(|_| KeyRefused::BadSignature)
    }

    fn verifying(&self) -> Result<VerifyingKey, KeyRefused> {
        if self.is_second_spelling() {
            return Err(KeyRefused::NotAKey);
        }
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| KeyRefused::NotAKey)?;
        if key.is_weak() {
            Err(KeyRefused::Weak)
        } else {
            Ok(key)
        }
    }

    /// Whether the y coordinate, without the sign bit, is 2^255 - 19 or more. The library would reduce it and take the
    /// key; two spellings of one key would then count as two keys. (The other second spelling, x = 0 with its sign set,
    /// has small order and falls as weak.)
    pub(crate) fn is_second_spelling(&self) -> bool {
        let [low, middle @ .., high] = &self.0;
        *low >= 0xed && middle.iter().all(|byte| *byte == 0xff) && high & 0x7f == 0x7f
    }
}

impl FromStr for PublicKey {
    type Err = NotHex;

    fn from_str(text: &str) -> Result<Self, NotHex> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        hex_member(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use curve25519_dalek::constants::{ED25519_BASEPOINT_TABLE, EIGHT_TORSION};
    use curve25519_dalek::scalar::Scalar;
    use ed25519_dalek::Signer;
    use sha2::{Digest as _, Sha512};

    #[test]
    fn a_signature_fits_only_its_key_and_bytes() {
        let signing = SigningKey::from_bytes(&[1; 32]);
        let key = PublicKey::of(&signing);
        let signature = signing.sign(b"take out").to_bytes();
        assert_eq!(key.verify(b"take out", &signature), Ok(()));
        assert_eq!(
            key.verify(b"take in", &signature),
            Err(KeyRefused::BadSignature)
        );
        let other = PublicKey::of(&SigningKey::from_bytes(&[2; 32]));
        assert_eq!(
            other.verify(b"take out", &signature),
            Err(KeyRefused::BadSignature)
        );
    }

    #[test]
    fn a_signature_written_with_a_larger_s_is_refused() {
        // S + L: the same scalar in a second spelling, L being the order of the base point, little-endian.
        let order: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
            0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let signing = SigningKey::from_bytes(&[1; 32]);
        let mut signature = signing.sign(b"x").to_bytes();
        let mut carry = 0_u16;
        for (byte, add) in signature[32..].iter_mut().zip(order) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        assert_eq!(
            PublicKey::of(&signing).verify(b"x", &signature),
            Err(KeyRefused::BadSignature)
        );
    }

    #[test]
    fn the_eight_points_of_small_order_are_all_of_them() {
        let mut known: Vec<[u8; 32]> = EIGHT_TORSION
            .iter()
            .map(|point| point.compress().to_bytes())
            .collect();
        let mut listed = SMALL_ORDER.to_vec();
        known.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, known);
    }

    /// Signatures of every shape that tells rules apart: R with and without a part in the small subgroup, R nothing but
    /// that, R in a second spelling, for a key with such a part and one without.
    #[test]
    fn the_verdict_is_that_of_the_librarys_strict_rule() {
        let mut held = 0;
        for (seed, of_key, of_r, zero) in (0..4_u8).flat_map(|seed| {
            (0..8).flat_map(move |key| {
                (0..8).flat_map(move |r| [false, true].map(|zero| (seed, key, r, zero)))
            })
        }) {
            let secret = Scalar::from_bytes_mod_order_wide(&[seed.wrapping_add(1); 64]);
            let key = ED25519_BASEPOINT_TABLE * &secret + EIGHT_TORSION[of_key];
            let public = PublicKey(key.compress().to_bytes());
            let nonce = if zero {
                Scalar::ZERO
            } else {
                Scalar::from_bytes_mod_order_wide(&[seed.wrapping_add(9); 64])
            };
            let r = ED25519_BASEPOINT_TABLE * &nonce + EIGHT_TORSION[of_r];
            for message in 0..16_u8 {
                let mut hash = Sha512::new();
                hash.update(r.compress().to_bytes());
                hash.update(public.0);
                hash.update([message]);
                let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
                let mut signature = [0; 64];
                signature[..32].copy_from_slice(&r.compress().to_bytes());
                signature[32..].copy_from_slice(&(nonce + challenge * secret).to_bytes());
                let strict = public.verifying().is_ok_and(|key| {
                    key.verify_strict(&[message], &Signature::from_bytes(&signature))
                        .is_ok()
                });
                assert_eq!(public.verify(&[message], &signature).is_ok(), strict);
                held += usize::from(strict);
            }
        }
        assert!(held > 100, "{held}");
    }

    #[test]
    fn weak_and_twice_spelled_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(PublicKey(identity).check(), Err(KeyRefused::Weak));
        assert_eq!(PublicKey([0; 32]).check(), Err(KeyRefused::Weak));
        identity[31] = 0x80;
        assert!(PublicKey(identity).check().is_err());
        for low in 0xed..=0xff {
            let mut bytes = [0xff; 32];
            bytes[0] = low;
            assert_eq!(PublicKey(bytes).check(), Err(KeyRefused::NotAKey));
            bytes[31] = 0x7f;
            assert_eq!(PublicKey(bytes).check(), Err(KeyRefused::NotAKey));
        }
    }
}
