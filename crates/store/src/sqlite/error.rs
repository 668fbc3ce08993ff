//! Why a record cannot be opened.

use std::path::{Path, PathBuf};

use ledger::checkpoint::CheckpointError;
use ledger::verify::Fault;

/// Why a record cannot be made or opened. `Display` is a sentence for people; `source` has the detail.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or this one, has it open.
    #[error("another process has the record in `{}` open; only one may write it", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// No record, where one was to be opened.
    #[error("there is no record in `{}`", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// Making the record was cut off before it held anything.
    #[error("making the record in `{}` was cut off before anything was entered: make it again", folder.display())]
    Unfinished {
        /// The folder.
        folder: PathBuf,
    },
    /// A record, where one was to be made.
    #[error("there is already a record in `{}`", folder.display())]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The file is there and has no bytes.
    #[error("the record's file `{}` is empty: it was cut to nothing, bring back a copy", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// The file is not a record, or of a later version.
    #[error("the file is not a record that this version can read: {0}")]
    OtherFormat(String),
    /// SQLite itself is too old to be trusted with two connections.
    #[error("the database library is version {found}; before 3.51.3 it can damage the record")]
    LibraryTooOld {
        /// The version found.
        found: &'static str,
    },
    /// A setting that durability rests on could not be made.
    #[error(
        "the database does not keep the setting `{0}`, without which a power cut could lose an entry"
    )]
    Setting(&'static str),
    /// The file's own structure.
    #[error("the record's file is damaged: {0}")]
    Damaged(String),
    /// The entries are not numbered from 0 without a gap.
    #[error("entry {missing} is missing from the record")]
    Gap {
        /// The first number not there.
        missing: u64,
    },
    /// Something is kept under an id or number that is not its own.
    #[error("entry {index}: {what}")]
    Entry {
        /// The entry.
        index: u64,
        /// What is wrong.
        what: String,
    },
    /// The entries do not lead to the signed head.
    #[error("the record is not what was signed: {0}")]
    NotAsSigned(#[from] Fault),
    /// The signed head is not one, or not by this log's key.
    #[error("the record's signed head does not hold: {0}")]
    Head(#[from] CheckpointError),
    /// A new head could not be signed.
    #[error("the first head could not be signed: {0}")]
    Sign(String),
    /// From the file system.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// The verb.
        doing: &'static str,
        /// What on.
        path: PathBuf,
        /// The detail.
        source: std::io::Error,
    },
    /// From the database.
    #[error("the database refused to {doing}")]
    Database {
        /// The verb.
        doing: &'static str,
        /// The detail.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    pub(super) fn io(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }

    /// For `map_err` on a call of the database.
    pub(super) fn database(doing: &'static str) -> impl Fn(rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        move |error| match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Database {
                doing,
                source: error.into(),
            },
        }
    }
}
