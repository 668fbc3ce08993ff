//! The log itself, the node, and statements about statements.

use crate::{id::*, outcome::Limits, time::Millis, words::Words};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// First entry of a log, signed by the log's own key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The production.
    pub production: Words,
    /// The unit whose node this is.
    pub unit: Words,
    /// Signs the node's own statements.
    pub node_key: KeyId,
    /// Signs boards.
    pub board_key: KeyId,
    /// Words that every page must show, such as DEMO; empty for real productions.
    pub watermark: Words,
}

/// The node is up. Ends every lease and epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started {
    /// Version of the program.
    pub version: String,
    /// SHA-256 of the program that runs; all zeros when it could not be read.
    pub program: FileId,
    /// Packs in force, as `name@version:sha256`.
    pub packs: Vec<String>,
    /// Their bounds.
    pub limits: Limits,
}

/// A spare took over from a copy. What the lost node acknowledged after the copy is not here; devices hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TookOver {
    /// Which node this is of the log's, counted from 0 for the first.
    pub epoch: u32,
    /// Entries in the copy.
    pub size: u64,
    /// Root over them.
    pub root: FileId,
    /// What happened to the other.
    pub words: Words,
}

/// The clock of the node moved by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockJumped {
    /// By how much, ms; negative is backwards.
    pub by_ms: Millis,
}

/// A deadline passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineLapsed {
    /// The statement that opened it.
    pub of: StatementId,
}

/// Puts packs in force from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptPacks {
    /// Names of packs, `base` among them.
    pub packs: Vec<String>,
}

/// A second person signs what another said or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersign {
    /// The statement.
    pub of: StatementId,
}

/// A new statement that names the old.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// The statement corrected.
    pub of: StatementId,
    /// What was wrong.
    pub words: Words,
}
