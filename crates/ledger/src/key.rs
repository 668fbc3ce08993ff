//! An Ed25519 public key and the strict rule for its signatures.

use alloc::borrow::Cow;
use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::{NotHex, from_hex, write_hex};

/// An Ed25519 public key, 32 bytes, written as 64 lower-case hex digits. Any 32 bytes can be held; [`PublicKey::check`]
/// says whether they are a key that may sign.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(pub [u8; 32]);

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
        self.verifying()?
            .verify_strict(message, &Signature::from_bytes(signature))
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
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::Signer;

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
