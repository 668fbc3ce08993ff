//! Those who cosign the log, as the node sees them: asked over whatever carries the question.
//!
//! What they sign and how it is asked: `docs/formats/cosign.md`.

use ledger::Digest;
pub use ledger::witness::AskError;

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

    /// The newest note over the log `origin` that `cosigner` signed, as it shows it; nobody's signature was looked at. Asked
    /// after an answer that says this record is not what was signed: an answer is nobody's signature.
    ///
    /// `None` where it shows none, as a cosigner that knows only what C2SP asks of it.
    ///
    /// # Errors
    /// [`AskError::Refused`] or [`AskError::Unreachable`].
    fn latest(&self, cosigner: &Cosigner, origin: &str) -> Result<Option<String>, AskError> {
        let _ = (cosigner, origin);
        Ok(None)
    }
}
