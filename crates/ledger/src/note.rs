//! C2SP signed notes: text, a blank line, and lines of signatures (<https://c2sp.org/signed-note>).
//!
//! Only Ed25519 (type 01) is signed and verified here; other signatures are carried along and ignored, which leaves the
//! place for cosigners.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use crate::digest::{from_hex, write_hex};
use crate::limit::{NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX};
use crate::{KeyRefused, PublicKey};

/// The signature type of a plain Ed25519 signature.
const ED25519: u8 = 0x01;

/// What stands before a signature: an em dash and a space.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A key with the name it signs notes under.
///
/// Its text form, a C2SP vkey, is `<name>+<8 hex of the key id>+<base64 of 0x01 ‖ key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: PublicKey,
}

/// Why a note or a vkey is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A name of a key is empty, or holds white space, `+` or a control character.
    #[error("the name of a key must have no space, no `+` and no control character")]
    Name,
    /// The vkey is not `name+id+key`, or its id is not that of its name and key.
    #[error("the verifier key is not `name+id+key` of an Ed25519 key")]
    Vkey,
    /// Text that does not end in a line feed, or holds a control character.
    #[error("the text of a note must end in a line feed and hold no control character")]
    Text,
    /// No blank line, or a line after it that is not a signature.
    #[error("the note has no well-formed signatures")]
    Signatures,
    /// Over the limits in bytes or signatures.
    #[error("the note is too long")]
    TooLong,
    /// None of the signatures is by the key asked for.
    #[error("the note is not signed by the expected key")]
    NotSigned,
    /// The key's signature does not fit.
    #[error("the signature of the note does not hold: {0}")]
    Key(#[from] KeyRefused),
}

impl VerifierKey {
    /// `key` under `name`.
    ///
    /// # Errors
    /// [`NoteError::Name`], or [`NoteError::Key`] when `key` may not sign.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Name);
        }
        key.check()?;
        Ok(Self {
            name: name.to_string(),
            key,
        })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key.
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), the first four bytes.
    pub fn id(&self) -> [u8; 4] {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.0)
            .finalize()
            .into();
        let [a, b, c, d, ..] = hash;
        [a, b, c, d]
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+", self.name)?;
        write_hex(&self.id(), f)?;
        let mut typed = Vec::with_capacity(33);
        typed.push(ED25519);
        typed.extend_from_slice(&self.key.0);
        write!(f, "+{}", STANDARD.encode(typed))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, rest) = text.split_once('+').ok_or(NoteError::Vkey)?;
        // The key's base64 may hold `+`: it is all that follows the second one.
        let (id, key) = rest.split_once('+').ok_or(NoteError::Vkey)?;
        let id = from_hex::<4>(id).map_err(|_| NoteError::Vkey)?;
        let typed = STANDARD.decode(key).map_err(|_| NoteError::Vkey)?;
        let (&ED25519, key) = typed.split_first().ok_or(NoteError::Vkey)? else {
            return Err(NoteError::Vkey);
        };
        let key = PublicKey(key.try_into().map_err(|_| NoteError::Vkey)?);
        let verifier = Self::new(name, key)?;
        if verifier.id() == id {
            Ok(verifier)
        } else {
            Err(NoteError::Vkey)
        }
    }
}

/// Signs `text` under `name`: the whole note.
///
/// # Errors
/// [`NoteError::Text`], [`NoteError::Name`] or [`NoteError::TooLong`] when nobody could open the note.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String, NoteError> {
    let verifier = VerifierKey::new(name, PublicKey::of(key))?;
    if !is_text(text) {
        return Err(NoteError::Text);
    }
    let mut signature = Vec::with_capacity(68);
    signature.extend_from_slice(&verifier.id());
    signature.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
    let note = format!(
        "{text}\n{SIGNATURE_MARK}{name} {}\n",
        STANDARD.encode(signature)
    );
    if note.len() > NOTE_BYTES_MAX {
        Err(NoteError::TooLong)
    } else {
        Ok(note)
    }
}

/// The text of `note`, when `key` signed it. Signatures by other keys are ignored.
///
/// # Errors
/// [`NoteError`]; a signature under the key's name and id that does not fit refuses the whole note.
pub fn open<'a>(note: &'a str, key: &VerifierKey) -> Result<&'a str, NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLong);
    }
    // The last blank line parts text and signatures; the text keeps its final line feed.
    let blank = note.rfind("\n\n").ok_or(NoteError::Signatures)?;
    let (text, rest) = note.split_at(blank + 1);
    if !is_text(text) {
        return Err(NoteError::Text);
    }
    let lines = rest
        .strip_prefix('\n')
        .and_then(|rest| rest.strip_suffix('\n'))
        .ok_or(NoteError::Signatures)?;
    let mut signed = false;
    for (count, line) in lines.split('\n').enumerate() {
        if count >= NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooLong);
        }
        let (name, id, signature) = signature_line(line).ok_or(NoteError::Signatures)?;
        if name == key.name && id == key.id() {
            let signature = signature
                .as_slice()
                .try_into()
                .map_err(|_| KeyRefused::BadSignature)?;
            key.key.verify(text.as_bytes(), &signature)?;
            signed = true;
        }
    }
    if signed {
        Ok(text)
    } else {
        Err(NoteError::NotSigned)
    }
}

fn signature_line(line: &str) -> Option<(&str, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let mut id = STANDARD.decode(encoded).ok()?;
    if !is_name(name) || id.len() < 5 {
        return None;
    }
    let signature = id.split_off(4);
    Some((name, id.try_into().ok()?, signature))
}

/// Whether `name` may name a key: not empty, no white space, no `+`, no control character.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c == '+' || c.is_control())
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && text.len() > 1 && !text.chars().any(|c| c < ' ' && c != '\n')
}
