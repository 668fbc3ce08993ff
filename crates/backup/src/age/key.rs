//! Whom a file is encrypted to, and what opens it.

use std::fmt;
use std::str::FromStr;

use curve25519_dalek::montgomery::MontgomeryPoint;
use ring::aead::{Aad, Nonce};

use super::{AgeError, FileKey, bech32, cipher, derive, random};

const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";
const INFO: &[u8] = b"age-encryption.org/v1/X25519";

/// The public key of somebody who may open a backup: `age1…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient([u8; 32]);

/// The secret that opens what was encrypted to its recipient: `AGE-SECRET-KEY-1…`. `Debug` and `Display` do not show it.
#[derive(Clone)]
pub struct Identity([u8; 32]);

/// A text that is not such a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Not `age1…`.
    #[error("a recipient is the text `age1` and 58 letters and digits, as `age-keygen` prints it")]
    Recipient,
    /// Not `AGE-SECRET-KEY-1…`.
    #[error("a key file holds a line `AGE-SECRET-KEY-1…`, as it was printed once")]
    Identity,
}

/// A stanza's parts: the one-time public key, and the file key encrypted.
pub(super) struct Wrapped {
    pub(super) share: [u8; 32],
    pub(super) body: [u8; 32],
}

impl Recipient {
    pub(super) fn wrap(&self, file: &FileKey) -> Result<Wrapped, AgeError> {
        let secret: [u8; 32] = random()?;
        let share = MontgomeryPoint::mul_base_clamped(secret).to_bytes();
        let shared = agree(secret, self.0).ok_or(AgeError::Recipients)?;
        let mut body = file.0.to_vec();
        wrap_cipher(&share, &self.0, &shared)?
            .seal_in_place_append_tag(zero(), Aad::empty(), &mut body)
            .map_err(|_| AgeError::Header)?;
        let body = body.try_into().map_err(|_| AgeError::Header)?;
        Ok(Wrapped { share, body })
    }
}

impl Identity {
    /// A new one, from the machine's randomness.
    ///
    /// # Errors
    /// [`AgeError::Random`].
    pub fn generate() -> Result<Self, AgeError> {
        random().map(Self)
    }

    /// What to encrypt to.
    pub fn recipient(&self) -> Recipient {
        Recipient(MontgomeryPoint::mul_base_clamped(self.0).to_bytes())
    }

    /// The secret as text: to be shown once, and put away.
    pub fn secret_text(&self) -> String {
        bech32::encode(IDENTITY, &self.0).to_ascii_uppercase()
    }

    /// Every identity in the text of a key file; lines that are empty or begin with `#` are passed over.
    ///
    /// # Errors
    /// [`BadKey::Identity`] when another line is there, or none.
    pub fn read_all(text: &str) -> Result<Vec<Self>, BadKey> {
        let lines = text.lines().map(str::trim);
        let found = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::parse)
            .collect::<Result<Vec<Self>, BadKey>>()?;
        if found.is_empty() {
            return Err(BadKey::Identity);
        }
        Ok(found)
    }

    /// The file key, where the stanza was made for this identity.
    pub(super) fn unwrap(&self, wrapped: &Wrapped) -> Option<FileKey> {
        let shared = agree(self.0, wrapped.share)?;
        let mut body = wrapped.body.to_vec();
        let opened = wrap_cipher(&wrapped.share, &self.recipient().0, &shared)
            .ok()?
            .open_in_place(zero(), Aad::empty(), &mut body)
            .ok()?;
        (&*opened).try_into().ok().map(FileKey)
    }
}

/// X25519; `None` for a point that gives the same secret to everybody.
fn agree(secret: [u8; 32], point: [u8; 32]) -> Option<[u8; 32]> {
    let shared = MontgomeryPoint(point).mul_clamped(secret).to_bytes();
    (shared != [0; 32]).then_some(shared)
}

fn wrap_cipher(
    share: &[u8; 32],
    recipient: &[u8; 32],
    shared: &[u8; 32],
) -> Result<ring::aead::LessSafeKey, AgeError> {
    cipher(&derive(&[*share, *recipient].concat(), shared, INFO)?)
}

/// The key is used once, so the nonce may stand still.
fn zero() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

impl FromStr for Recipient {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bytes = bech32::decode(RECIPIENT, text).ok_or(BadKey::Recipient)?;
        let key: [u8; 32] = bytes.try_into().map_err(|_| BadKey::Recipient)?;
        // A key that every secret agrees with on the same thing protects nothing.
        agree([1; 32], key).ok_or(BadKey::Recipient)?;
        Ok(Self(key))
    }
}

impl FromStr for Identity {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bytes = bech32::decode(IDENTITY, text).ok_or(BadKey::Identity)?;
        bytes.try_into().map(Self).map_err(|_| BadKey::Identity)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(RECIPIENT, &self.0))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity for {}", self.recipient())
    }
}
