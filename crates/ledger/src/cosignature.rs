//! Cosignatures of checkpoints, type 04 (<https://c2sp.org/tlog-cosignature>): somebody else saw this head at that time.
//!
//! One key cosigns and does nothing else: what is signed does not name the key's holder.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey};

use crate::checkpoint::Checkpoint;
use crate::limit::COSIGNED_AT_S_MAX;
use crate::note::{
    Note, NoteError, SignatureLine, is_name, key_id, read_vkey, signature_lines, write_vkey,
    written_line,
};
use crate::{KeyRefused, PublicKey};

/// The signature type of a timestamped Ed25519 cosignature.
const COSIGNATURE: u8 = 0x04;

/// A cosigner's key with its name.
///
/// Its text form, a C2SP vkey, is `<name>+<8 hex of the key id>+<base64 of 0x04 ‖ key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignerKey {
    name: String,
    key: PublicKey,
}

impl CosignerKey {
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

    /// SHA-256(name ‖ 0x0A ‖ 0x04 ‖ key), the first four bytes.
    pub fn id(&self) -> [u8; 4] {
        key_id(&self.name, COSIGNATURE, &self.key)
    }

    /// When this key cosigned the note, seconds since 1970 UTC: the newest of its lines; `None` when it did not. Every line
    /// under its name and id must hold.
    ///
    /// The caller judges the time: one in the future, or long past, is the caller's to refuse.
    ///
    /// # Errors
    /// [`NoteError::Key`] when a line does not hold, [`NoteError::Time`] when its time cannot be.
    pub fn cosigned(&self, note: &Note<'_>) -> Result<Option<u64>, NoteError> {
        self.newest(note.text(), note.by(&self.name, self.id()))
    }

    /// The line by which this key cosigned `text` in the `lines` of a cosigner's answer, with its line feed, and the time.
    /// Lines by others are passed over; the newest by this key is taken.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`] when there is none by this key, and as in [`CosignerKey::cosigned`].
    pub fn answered(&self, text: &str, lines: &str) -> Result<(String, u64), NoteError> {
        let lines = signature_lines(lines)?;
        let mut newest: Option<(u64, &str)> = None;
        for line in lines
            .iter()
            .filter(|line| line.name == self.name && line.id == self.id())
        {
            let at_s = self.holds(text, line)?;
            if newest.is_none_or(|(other, _)| other < at_s) {
                newest = Some((at_s, line.line));
            }
        }
        let (at_s, line) = newest.ok_or(NoteError::NotSigned)?;
        Ok((format!("{line}\n"), at_s))
    }

    fn newest<'n, 'a: 'n>(
        &self,
        text: &str,
        lines: impl Iterator<Item = &'n SignatureLine<'a>>,
    ) -> Result<Option<u64>, NoteError> {
        let mut newest = None;
        for line in lines {
            newest = newest.max(Some(self.holds(text, line)?));
        }
        Ok(newest)
    }

    fn holds(&self, text: &str, line: &SignatureLine<'_>) -> Result<u64, NoteError> {
        let (time, signature) = line
            .signature
            .split_first_chunk::<8>()
            .ok_or(KeyRefused::BadSignature)?;
        let signature: [u8; 64] = signature.try_into().map_err(|_| KeyRefused::BadSignature)?;
        let at_s = u64::from_be_bytes(*time);
        if at_s > COSIGNED_AT_S_MAX {
            return Err(NoteError::Time);
        }
        self.key.verify(&message(text, at_s), &signature)?;
        Ok(at_s)
    }
}

impl fmt::Display for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_vkey(&self.name, COSIGNATURE, &self.key, f)
    }
}

impl FromStr for CosignerKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_vkey(text, COSIGNATURE)?;
        Self::new(name, key)
    }
}

/// Cosigns `checkpoint` at `at_s`, seconds since 1970 UTC: the line, with its line feed.
///
/// Whoever calls has made sure that the checkpoint holds, and that no larger one was ever cosigned for its log.
///
/// # Errors
/// [`NoteError::Time`], [`NoteError::Name`] or [`NoteError::Key`] when nobody could verify the line.
pub fn cosign(
    checkpoint: &Checkpoint,
    at_s: u64,
    name: &str,
    key: &SigningKey,
) -> Result<String, NoteError> {
    let cosigner = CosignerKey::new(name, PublicKey::of(key))?;
    if at_s > COSIGNED_AT_S_MAX {
        return Err(NoteError::Time);
    }
    let mut timed = Vec::with_capacity(72);
    timed.extend_from_slice(&at_s.to_be_bytes());
    timed.extend_from_slice(&key.sign(&message(&checkpoint.text(), at_s)).to_bytes());
    Ok(written_line(name, cosigner.id(), &timed))
}

fn message(text: &str, at_s: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {at_s}\n{text}").into_bytes()
}
