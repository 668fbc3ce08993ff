//! The signed head of a log: a C2SP checkpoint (<https://c2sp.org/tlog-checkpoint>).

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;

use crate::limit::ORIGIN_BYTES_MAX;
use crate::note::{self, NoteError, VerifierKey};
use crate::{Digest, PublicKey};

/// The name of one log for ever: `<studio domain>/<production>/<year>-<random>`. Also the name of the log's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

/// The text is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin has 1 to {ORIGIN_BYTES_MAX} bytes, no space, no `+` and no control character")]
pub struct NotAnOrigin;

impl Origin {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The log's key, under the name that signs its checkpoints.
    ///
    /// # Errors
    /// [`NoteError::Key`] when `key` may not sign.
    pub fn verifier(&self, key: PublicKey) -> Result<VerifierKey, NoteError> {
        VerifierKey::new(&self.0, key)
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        if text.len() <= ORIGIN_BYTES_MAX && note::is_name(text) {
            Ok(Self(text.to_string()))
        } else {
            Err(NotAnOrigin)
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a log says of itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not three lines: origin, size in decimal, root in base64. Lines after them are refused: no cosigner could rely on
    /// them.
    #[error("the checkpoint is not the three lines origin, size and root")]
    Lines,
    /// It names another log than the key.
    #[error("the checkpoint is of another log")]
    OtherLog,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.0)
        )
    }

    /// Reads the text of a checkpoint whose note was opened.
    ///
    /// # Errors
    /// [`CheckpointError::Lines`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::Lines)?
            .split('\n');
        let (Some(origin), Some(digits), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let origin = origin.parse().map_err(|_| CheckpointError::Lines)?;
        let size: u64 = digits.parse().map_err(|_| CheckpointError::Lines)?;
        let root = STANDARD
            .decode(root)
            .ok()
            .and_then(|root| Digest::from_slice(&root))
            .ok_or(CheckpointError::Lines)?;
        // `+7` and `007` are read as 7 by `parse`; one number has one spelling.
        if size.to_string() != digits {
            return Err(CheckpointError::Lines);
        }
        Ok(Self { origin, size, root })
    }

    /// Signs it under the key name that is its origin: the note.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn sign(&self, key: &SigningKey) -> Result<String, NoteError> {
        note::sign(&self.text(), self.origin.as_str(), key)
    }

    /// Reads a note signed by the log's key, whose name is the origin.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(note::open(note, key)?)?;
        if checkpoint.origin.as_str() == key.name() {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::OtherLog)
        }
    }
}
