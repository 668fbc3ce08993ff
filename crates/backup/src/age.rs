//! Encryption to people's keys, in the format of [age](https://age-encryption.org/v1), so that what opens a backup does not
//! depend on this program: `age -d -i KEYFILE` does as well.
//!
//! Of that format the X25519 recipients and the binary form: what a backup needs and no more. Elsewhere the same is a crate
//! of ninety others with a source of randomness of its own; the cipher, the key derivation and the curve here are those
//! that TLS and signatures already bring, and the tests decrypt with the other program what this one encrypted and the
//! other way round.

mod bech32;
mod header;
mod key;
mod stream;

pub use key::{BadKey, Identity, Recipient};
pub use stream::{Opener, Sealer};

use ring::{aead, hkdf};

/// The bytes that all of a file is encrypted under, itself encrypted to each recipient.
#[derive(Clone)]
pub struct FileKey([u8; 16]);

/// Why a file cannot be encrypted or opened. `Display` is a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum AgeError {
    /// Nobody to encrypt to, or more than [`crate::limit::RECIPIENTS_MAX`].
    #[error("a backup is encrypted to between 1 and 32 keys")]
    Recipients,
    /// The machine gave no randomness.
    #[error("the machine gave no randomness for a key")]
    Random,
    /// Not the format, or a header that was changed.
    #[error("it is not an encrypted backup, or its beginning was damaged")]
    Header,
    /// None of the keys given opens it.
    #[error("none of the keys given opens it: it was encrypted to others")]
    OtherKey,
    /// From the place it is read from or written to.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// HKDF with SHA-256, 32 bytes.
fn derive(salt: &[u8], secret: &[u8], info: &[u8]) -> Result<[u8; 32], AgeError> {
    let mut out = [0; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], hkdf::HKDF_SHA256)
        .and_then(|derived| derived.fill(&mut out))
        .map_err(|_| AgeError::Header)?;
    Ok(out)
}

fn cipher(key: &[u8; 32]) -> Result<aead::LessSafeKey, AgeError> {
    aead::UnboundKey::new(&aead::CHACHA20_POLY1305, key)
        .map(aead::LessSafeKey::new)
        .map_err(|_| AgeError::Header)
}

fn random<const N: usize>() -> Result<[u8; N], AgeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AgeError::Random)?;
    Ok(bytes)
}
