//! C2SP signed notes: text, a blank line, and lines of signatures (<https://c2sp.org/signed-note>).
//!
//! Only Ed25519 (type 01) is signed and verified here; other signatures are carried along and ignored. Cosigners' (type 04)
//! are in [`crate::cosignature`].
//!
//! Bounds, the same for every reader: [`NOTE_LINES_MAX`] lines in all, of which [`NOTE_SIGNATURES_MAX`] are signatures. They
//! are counted before anything is decoded, so a note of a thousand signatures costs one look at its length.

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
use crate::limit::{NOTE_BYTES_MAX, NOTE_LINES_MAX, NOTE_SIGNATURES_MAX};
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
    /// Over the limits in bytes, lines or signatures.
    #[error(
        "the note has more than {NOTE_LINES_MAX} lines, {NOTE_SIGNATURES_MAX} signatures or {NOTE_BYTES_MAX} bytes"
    )]
    TooLong,
    /// The time of a cosignature is past 2^63 - 1 seconds.
    #[error("the time of the cosignature is none that can be written")]
    Time,
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
        key_id(&self.name, ED25519, &self.key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_vkey(&self.name, ED25519, &self.key, f)
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_vkey(text, ED25519)?;
        Self::new(name, key)
    }
}

/// A note that was read and not yet believed: nobody's signature was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<SignatureLine<'a>>,
}

/// One line under a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine<'a> {
    /// The key's name.
    pub name: &'a str,
    /// The key's id, with the name all that says whose it is.
    pub id: [u8; 4],
    /// What the key made; its form depends on the key's type. At least one byte.
    pub signature: Vec<u8>,
    /// The line as it came, without its line feed.
    pub line: &'a str,
}

impl<'a> Note<'a> {
    /// Reads a note: its text and every line under it.
    ///
    /// # Errors
    /// [`NoteError::TooLong`], [`NoteError::Text`] or [`NoteError::Signatures`].
    pub fn read(note: &'a str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX || is_over(note, NOTE_LINES_MAX) {
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
            .filter(|lines| lines.ends_with('\n'))
            .ok_or(NoteError::Signatures)?;
        if is_over(lines, NOTE_SIGNATURES_MAX) {
            return Err(NoteError::TooLong);
        }
        Ok(Self {
            text,
            signatures: signature_lines(lines)?,
        })
    }

    /// What was signed, its final line feed included.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// Every line under it, known or not, in the order in which they came.
    pub fn signatures(&self) -> &[SignatureLine<'a>] {
        &self.signatures
    }

    /// The lines under the key of this name and id. A line that stands twice is here twice: whoever counts, counts keys.
    pub fn by<'n>(
        &'n self,
        name: &'n str,
        id: [u8; 4],
    ) -> impl Iterator<Item = &'n SignatureLine<'a>> {
        self.signatures
            .iter()
            .filter(move |line| line.name == name && line.id == id)
    }

    /// Checks that `key` signed it. Every line under the key's name and id must hold.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`], or [`NoteError::Key`] when one does not hold.
    pub fn signed_by(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let mut signed = false;
        for line in self.by(&key.name, key.id()) {
            let signature = line
                .signature
                .as_slice()
                .try_into()
                .map_err(|_| KeyRefused::BadSignature)?;
            key.key.verify(self.text.as_bytes(), &signature)?;
            signed = true;
        }
        if signed {
            Ok(())
        } else {
            Err(NoteError::NotSigned)
        }
    }

    /// The note with only the lines that `is_kept` says, each once.
    pub fn only(&self, is_kept: impl Fn(&SignatureLine<'a>) -> bool) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for line in self.signatures.iter().filter(|line| is_kept(line)) {
            if !lines.contains(&line.line) {
                lines.push(line.line);
            }
        }
        let mut note = format!("{}\n", self.text);
        for line in lines {
            note.push_str(line);
            note.push('\n');
        }
        note
    }
}

/// The lines of signatures in `lines`, each with its line feed, as they stand under a note or in a cosigner's answer.
///
/// # Errors
/// [`NoteError::Signatures`] or [`NoteError::TooLong`].
pub fn signature_lines(lines: &str) -> Result<Vec<SignatureLine<'_>>, NoteError> {
    if is_over(lines, NOTE_SIGNATURES_MAX) {
        return Err(NoteError::TooLong);
    }
    lines
        .strip_suffix('\n')
        .ok_or(NoteError::Signatures)?
        .split('\n')
        .map(|line| signature_line(line).ok_or(NoteError::Signatures))
        .collect()
}

/// `note` with `lines` under it, each with its line feed; a line that stands there already is not put there twice. Nobody's
/// signature is looked at.
///
/// # Errors
/// [`NoteError`] when the note or the lines cannot be read, or would be too many together.
pub fn with_lines(note: &str, lines: &str) -> Result<String, NoteError> {
    let read = Note::read(note)?;
    let mut all = note.to_string();
    for line in signature_lines(lines)? {
        if !read.signatures.iter().any(|one| one.line == line.line) {
            all.push_str(line.line);
            all.push('\n');
        }
    }
    Note::read(&all)?;
    Ok(all)
}

/// Signs `text` under `name`: the whole note.
///
/// # Errors
/// [`NoteError::Text`], [`NoteError::Name`] or [`NoteError::TooLong`] when nobody could open the note.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String, NoteError> {
    if !is_name(name) {
        return Err(NoteError::Name);
    }
    if !is_text(text) {
        return Err(NoteError::Text);
    }
    // The public half of a secret key is on the curve and not of small order: it need not be looked at as a stranger's.
    let id = key_id(name, ED25519, &PublicKey::of(key));
    let line = written_line(name, id, &key.sign(text.as_bytes()).to_bytes());
    let note = format!("{text}\n{line}");
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
    let note = Note::read(note)?;
    note.signed_by(key)?;
    Ok(note.text)
}

/// A line of a note, with its line feed.
pub(crate) fn written_line(name: &str, id: [u8; 4], signature: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(4 + signature.len());
    bytes.extend_from_slice(&id);
    bytes.extend_from_slice(signature);
    format!("{SIGNATURE_MARK}{name} {}\n", STANDARD.encode(bytes))
}

/// SHA-256(name ‖ 0x0A ‖ type ‖ key), the first four bytes.
pub(crate) fn key_id(name: &str, kind: u8, key: &PublicKey) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(name.as_bytes())
        .chain_update([b'\n', kind])
        .chain_update(key.0)
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// Writes the vkey of an Ed25519 key that signs as type `kind`.
pub(crate) fn write_vkey(
    name: &str,
    kind: u8,
    key: &PublicKey,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "{name}+")?;
    write_hex(&key_id(name, kind, key), f)?;
    let mut typed = Vec::with_capacity(33);
    typed.push(kind);
    typed.extend_from_slice(&key.0);
    write!(f, "+{}", STANDARD.encode(typed))
}

/// Name and key of a vkey of type `kind`, whose id fits.
pub(crate) fn read_vkey(text: &str, kind: u8) -> Result<(&str, PublicKey), NoteError> {
    let (name, rest) = text.split_once('+').ok_or(NoteError::Vkey)?;
    // The key's base64 may hold `+`: it is all that follows the second one.
    let (id, key) = rest.split_once('+').ok_or(NoteError::Vkey)?;
    let id = from_hex::<4>(id).map_err(|_| NoteError::Vkey)?;
    let typed = STANDARD.decode(key).map_err(|_| NoteError::Vkey)?;
    let (found, key) = typed.split_first().ok_or(NoteError::Vkey)?;
    let key = PublicKey(key.try_into().map_err(|_| NoteError::Vkey)?);
    if *found == kind && key_id(name, kind, &key) == id {
        Ok((name, key))
    } else {
        Err(NoteError::Vkey)
    }
}

/// Whether there are more than `max` line feeds; looks no further than that.
fn is_over(text: &str, max: usize) -> bool {
    text.bytes()
        .filter(|byte| *byte == b'\n')
        .nth(max)
        .is_some()
}

fn signature_line(line: &str) -> Option<SignatureLine<'_>> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let mut id = STANDARD.decode(encoded).ok()?;
    if !is_name(name) || id.len() < 5 {
        return None;
    }
    let signature = id.split_off(4);
    Some(SignatureLine {
        name,
        id: id.try_into().ok()?,
        signature,
        line,
    })
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
