//! What one person asks or reports, read and checked by nobody yet.

use crate::{act::Act, id::*, time::Millis};

/// A statement whose signature was verified and whose body was read. Its wire form is its stored form
/// (`docs/formats/statement.md`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// SHA-256 of its payload.
    pub id: StatementId,
    /// Who signed; all zeros: the node.
    pub by: PersonId,
    /// With which key.
    pub key: KeyId,
    /// When, by the signer's clock: a claim, ms UTC.
    pub claimed_at: Millis,
    /// When the head was made that the device had seen, ms UTC by the node.
    pub head_at: Millis,
    /// Signed on the shared cart screen.
    pub shared: bool,
    /// What it says.
    pub act: Act,
}

/// A statement with its place in the log and the node's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was recorded, ms UTC; never less than the entry before.
    pub at: Millis,
    /// The statement.
    pub statement: Statement,
    /// The answer.
    pub outcome: crate::outcome::Outcome,
}
