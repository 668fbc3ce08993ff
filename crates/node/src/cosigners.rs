//! Those who cosign the log, as the node sees them: asked over whatever carries the question.
//!
//! What they sign and how it is asked: `docs/formats/cosign.md`.

use ledger::Digest;

/// One cosigner, as the record's policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    /// Its name, which is also the name of its key.
    pub name: String,
    /// Its C2SP vkey, type 04.
    pub vkey: String,
    /// Where it is asked: the prefix before `/add-checkpoint`.
    pub url: String,
}

/// Why a cosigner did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// It signed fewer entries than `old` last: ask again from there. The size that it holds.
    #[error("it holds {0} entries, fewer than it was asked from")]
    Behind(u64),
    /// It signed more entries than `old` last. When that is more than this record has, the record was rolled back. The
    /// size that it holds.
    #[error("it holds {0} entries, more than it was asked from")]
    Ahead(u64),
    /// It signed this very size with another root, or the proof does not join what it holds and what it was shown.
    #[error("it holds another history of this record")]
    Fork,
    /// It does not follow this log, or will not sign; its sentence.
    #[error("it refuses: {0}")]
    Refused(String),
    /// No answer, or none that can be read; a sentence.
    #[error("it cannot be asked: {0}")]
    Unreachable(String),
}

/// Asks cosigners. Called from the node's own threads: it may block, for some seconds at most.
pub trait Cosigners: Send + Sync {
    /// Shows `cosigner` the checkpoint `note`, with the proof (RFC 6962 consistency, empty from 0 and from the same size)
    /// that it continues the first `old` entries. The answer is the cosignature line, not verified yet.
    ///
    /// # Errors
    /// [`AskError`].
    fn ask(
        &self,
        cosigner: &Cosigner,
        old: u64,
        proof: &[Digest],
        note: &str,
    ) -> Result<String, AskError>;
}
