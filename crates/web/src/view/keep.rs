//! What makes a record stand up without the node: its head, proofs, copies, files, and how it is looked after.

use serde::Serialize;

/// The newest checkpoint, and what a phone must know beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    /// The signed note (`docs/formats/log.md`), with cosignatures for this very head when there are any.
    pub note: String,
    /// The log's key, 64 hex.
    pub log_key: String,
    /// How often a spare took over; 0 on the first machine.
    pub epoch: u32,
    /// Why the record has stopped; `None` while it goes on.
    pub frozen: Option<String>,
}

/// How the record is looked after, for the foot of the board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Care {
    /// When the newest copy off this machine was made.
    pub copied_at: Option<i64>,
    /// Older than the settings allow, or never where they ask for one.
    pub copy_is_late: bool,
    /// Why the newest try made none; empty when it did.
    pub copy_failed: String,
    /// When somebody outside the studio last cosigned.
    pub cosigned_at: Option<i64>,
    /// Older than the settings allow, or never where the policy asks for one.
    pub cosigning_is_late: bool,
    /// What left for another record and did not arrive, a sentence each.
    pub not_arrived: Vec<String>,
    /// What cosigners answered against this record without a signature to show for it, a sentence each.
    pub doubts: Vec<String>,
}

/// A file made for whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeFile {
    /// What it is called on their phone: `my-copy-1203.zip`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Part of an attachment on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePiece {
    /// SHA-256 of the whole, 64 hex.
    pub sha256: String,
    /// Size of the whole.
    pub bytes: u64,
    /// Where this piece begins.
    pub at: u64,
    /// The piece; empty to ask how far it is.
    pub piece: Vec<u8>,
}

/// How far an attachment has come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FileReached {
    /// Bytes that are durable.
    pub at: u64,
    /// All of them, and their hash is the one named.
    pub whole: bool,
}

/// An attachment that this viewer may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Size.
    pub bytes: u64,
    /// Media type as the statement names it.
    pub media: String,
    /// What it is called.
    pub name: String,
}

/// An attachment in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLine {
    /// SHA-256, 64 hex.
    pub sha256: String,
    /// What it is called.
    pub name: String,
    /// Media type as the statement names it.
    pub media: String,
    /// Size; `None` when no statement says it.
    pub bytes: Option<u64>,
    /// When it was entered.
    pub at: i64,
    /// By whom, by role.
    pub by: String,
}
