//! The entry: the leaf of the log, one statement with the node's answer.
//!
//! Format: `docs/formats/entry.md`. The outcome is JSON that this crate does not look into.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::strict::{self, DEPTH_MAX, NotStrict};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::canonical;
use crate::digest::from_hex;
use crate::limit::{
    ENTRY_BYTES_MAX, ENVELOPE_BYTES_MAX, OUTCOME_BYTES_MAX, PACK_BYTES_MAX, PACKS_MAX,
};

/// One entry, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When the node recorded it, ms since 1970 UTC; never less than the entry before it.
    pub at_ms: i64,
    /// The envelope, byte for byte.
    pub statement: Vec<u8>,
    /// What the node answered: the bytes of one JSON object of at most [`OUTCOME_BYTES_MAX`] bytes.
    pub outcome: Vec<u8>,
    /// The packs in force, each `<name>@<version>:<64 hex>`, sorted, none twice.
    pub packs: Vec<String>,
}

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not strict JSON, or over [`ENTRY_BYTES_MAX`].
    #[error("the entry cannot be read: {0}")]
    Strict(#[from] NotStrict),
    /// A member is missing, unknown or of another type.
    #[error("the entry has the wrong members: {0}")]
    Members(String),
    /// Another version of this format.
    #[error("version {0} of an entry is not known here")]
    Version(u32),
    /// The time is before 1970.
    #[error("the time of an entry is negative")]
    Time,
    /// `statement` is not padded standard base64, or over [`ENVELOPE_BYTES_MAX`] bytes when decoded.
    #[error("the statement is not padded standard base64 of at most {ENVELOPE_BYTES_MAX} bytes")]
    Statement,
    /// `outcome` is not one object of at most [`OUTCOME_BYTES_MAX`] bytes.
    #[error("the outcome is not one object of at most {OUTCOME_BYTES_MAX} bytes")]
    Outcome,
    /// A pack's line is not of its form, out of order or there twice, or there are too many.
    #[error("the packs are not at most {PACKS_MAX} lines `name@version:hash`, sorted, none twice")]
    Packs,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    v: u32,
    at: i64,
    #[serde(borrow)]
    statement: Cow<'a, str>,
    outcome: Box<RawValue>,
    packs: Vec<String>,
}

impl Entry {
    /// The bytes of the leaf. Every envelope and outcome within their limits fit.
    ///
    /// # Errors
    /// [`EntryError`] when [`Entry::read`] would refuse the bytes.
    pub fn write(&self) -> Result<Vec<u8>, EntryError> {
        let members = |error: serde_json::Error| EntryError::Members(error.to_string());
        let outcome = String::from_utf8(self.outcome.clone()).map_err(|_| EntryError::Outcome)?;
        let wire = Wire {
            v: 1,
            at: self.at_ms,
            statement: STANDARD.encode(&self.statement).into(),
            outcome: RawValue::from_string(outcome).map_err(members)?,
            packs: self.packs.clone(),
        };
        let bytes = serde_json::to_vec(&wire).map_err(members)?;
        strict::check(&bytes, ENTRY_BYTES_MAX, DEPTH_MAX)?;
        // What is left of `read`: members and base64 are as they were just written.
        if self.statement.len() > ENVELOPE_BYTES_MAX {
            return Err(EntryError::Statement);
        }
        wire.check()?;
        Ok(bytes)
    }

    /// Reads the bytes of a leaf. The envelope inside is decoded and not looked into.
    ///
    /// # Errors
    /// [`EntryError`] for anything that `docs/formats/entry.md` does not allow.
    pub fn read(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() <= ENTRY_BYTES_MAX
            && let Some(entry) = canonical::entry(bytes)
        {
            return if are_packs(&entry.packs) {
                Ok(entry)
            } else {
                Err(EntryError::Packs)
            };
        }
        Self::read_any(bytes)
    }

    /// The long way, which takes any order of members and any white space.
    pub(crate) fn read_any(bytes: &[u8]) -> Result<Self, EntryError> {
        strict::check(bytes, ENTRY_BYTES_MAX, DEPTH_MAX)?;
        let wire: Wire<'_> = serde_json::from_slice(bytes)
            .map_err(|error| EntryError::Members(error.to_string()))?;
        if wire.v != 1 {
            return Err(EntryError::Version(wire.v));
        }
        wire.check()?;
        let statement = STANDARD
            .decode(wire.statement.as_bytes())
            .ok()
            .filter(|envelope| envelope.len() <= ENVELOPE_BYTES_MAX)
            .ok_or(EntryError::Statement)?;
        Ok(Self {
            at_ms: wire.at,
            statement,
            outcome: wire.outcome.get().as_bytes().to_vec(),
            packs: wire.packs,
        })
    }
}

impl Wire<'_> {
    /// What holds of an entry beyond the types of its members; the statement apart.
    fn check(&self) -> Result<(), EntryError> {
        if self.at < 0 {
            return Err(EntryError::Time);
        }
        let outcome = self.outcome.get();
        if !outcome.starts_with('{') || outcome.len() > OUTCOME_BYTES_MAX {
            return Err(EntryError::Outcome);
        }
        if are_packs(&self.packs) {
            Ok(())
        } else {
            Err(EntryError::Packs)
        }
    }
}

fn are_packs(packs: &[String]) -> bool {
    let sorted = packs
        .iter()
        .zip(packs.iter().skip(1))
        .all(|(one, next)| one < next);
    packs.len() <= PACKS_MAX && sorted && packs.iter().all(|pack| is_pack(pack))
}

fn is_pack(pack: &str) -> bool {
    let plain = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    pack.len() <= PACK_BYTES_MAX
        && pack.split_once('@').is_some_and(|(name, rest)| {
            plain(name)
                && rest
                    .split_once(':')
                    .is_some_and(|(version, hash)| plain(version) && from_hex::<32>(hash).is_ok())
        })
}
