//! That one entry is in a log, as a file that stands alone (<https://c2sp.org/tlog-proof>).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Digest;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::limit::{PROOF_HASHES_MAX, TLOG_PROOF_BYTES_MAX};
use crate::merkle::{ProofError, leaf_hash, verify_inclusion};
use crate::note::VerifierKey;
use crate::witness::{decimal, hash_line};

/// The first line.
const MARK: &str = "c2sp.org/tlog-proof@v1";

/// A proof, read and not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Number of the entry, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child; at most [`PROOF_HASHES_MAX`].
    pub hashes: Vec<Digest>,
    /// The checkpoint as a signed note, cosignatures included.
    pub note: String,
    /// What somebody else's program put beside it. Nobody signed it; ours writes none and relies on none.
    pub extra: Option<Vec<u8>>,
}

/// Why a proof is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    /// Over [`TLOG_PROOF_BYTES_MAX`] or [`PROOF_HASHES_MAX`].
    #[error("the proof is too long")]
    TooLong,
    /// Not the lines that such a file has.
    #[error("the proof is not the lines of a C2SP tlog-proof: line {line}")]
    Lines {
        /// The first line that is not as it must be, from 1.
        line: usize,
    },
    /// The checkpoint in it.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The hashes do not lead from the entry to the checkpoint's root.
    #[error("the entry is not shown to be in the log: {0}")]
    Inclusion(#[from] ProofError),
}

impl TlogProof {
    /// Reads the file. The checkpoint stays as it came.
    ///
    /// # Errors
    /// [`TlogProofError::TooLong`] or [`TlogProofError::Lines`].
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        if text.len() > TLOG_PROOF_BYTES_MAX {
            return Err(TlogProofError::TooLong);
        }
        let (head, note) = text
            .split_once("\n\n")
            .ok_or(TlogProofError::Lines { line: 1 })?;
        let mut lines = head.split('\n').enumerate().peekable();
        let wrong = |at: usize| TlogProofError::Lines { line: at + 1 };
        if lines.next().map(|(_, line)| line) != Some(MARK) {
            return Err(wrong(0));
        }
        let mut extra = None;
        if let Some((at, line)) = lines.next_if(|(_, line)| line.starts_with("extra ")) {
            let encoded = line.strip_prefix("extra ").ok_or(wrong(at))?;
            extra = Some(STANDARD.decode(encoded).map_err(|_| wrong(at))?);
        }
        let (at, line) = lines.next().ok_or(wrong(1))?;
        let index = line
            .strip_prefix("index ")
            .and_then(decimal)
            .ok_or(wrong(at))?;
        let mut hashes = Vec::new();
        for (at, line) in lines {
            if hashes.len() == PROOF_HASHES_MAX {
                return Err(TlogProofError::TooLong);
            }
            hashes.push(hash_line(line).ok_or(wrong(at))?);
        }
        Ok(Self {
            index,
            hashes,
            note: note.to_string(),
            extra,
        })
    }

    /// The file's text.
    pub fn write(&self) -> String {
        let mut lines = vec![MARK.to_string()];
        if let Some(extra) = &self.extra {
            lines.push(format!("extra {}", STANDARD.encode(extra)));
        }
        lines.push(format!("index {}", self.index));
        lines.extend(self.hashes.iter().map(|hash| STANDARD.encode(hash.0)));
        format!("{}\n\n{}", lines.join("\n"), self.note)
    }

    /// Checks that `entry` is entry [`TlogProof::index`] of the log whose `key` signed the checkpoint: the checkpoint.
    /// Cosignatures are counted by [`crate::policy::Policy`].
    ///
    /// # Errors
    /// [`TlogProofError`].
    pub fn verify(&self, entry: &[u8], key: &VerifierKey) -> Result<Checkpoint, TlogProofError> {
        self.verify_leaf(&leaf_hash(entry), key)
    }

    /// [`TlogProof::verify`] for an entry of which only the leaf's hash is at hand.
    ///
    /// # Errors
    /// [`TlogProofError`].
    pub fn verify_leaf(
        &self,
        leaf: &Digest,
        key: &VerifierKey,
    ) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(&self.note, key)?;
        verify_inclusion(
            leaf,
            self.index,
            checkpoint.size,
            &self.hashes,
            &checkpoint.root,
        )?;
        Ok(checkpoint)
    }
}
