//! When the last copy was made, and whether it left the machine.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use ledger::Digest;
use serde::{Deserialize, Serialize};

use crate::error::BackupError;

/// In the node's folder, beside the record and no part of it: whoever makes a backup writes it, the node running or not.
const FILE: &str = "backup.json";

/// What is known of the last backup. A node that was restored knows of none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// The last that was made and read back whole.
    pub last: Option<Last>,
    /// Why the newest try made none; absent after one that did.
    pub failed: Option<Failed>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Last {
    /// When, ms since 1970 UTC.
    pub at: i64,
    /// When it was last seen that nothing had been added since, ms since 1970 UTC; `at` where that was not looked at.
    pub checked_at: i64,
    /// Entries in it.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// Attachments in it.
    pub attachments: usize,
    /// Attachments that the node kept then, named by a body or not.
    pub kept: usize,
    /// Attachments that bodies name and that are not in it.
    pub missing: usize,
    /// Bytes of the file.
    pub bytes: u64,
    /// The file.
    pub file: PathBuf,
    /// Whether it lies on the same disk as the record: then a lost machine takes it along.
    pub is_same_disk: bool,
}

/// A try that made no backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// When, ms since 1970 UTC.
    pub at: i64,
    /// A sentence.
    pub why: String,
}

impl Status {
    /// What the node's folder says; nothing known when it says nothing, or nothing that can be read.
    pub fn read(folder: &Path) -> Self {
        fs::read(folder.join(FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// When the newest copy that left the machine still held everything, ms since 1970 UTC. `None`: never, or only on the
    /// machine's own disk.
    pub fn off_machine_at(&self) -> Option<i64> {
        let last = self.last.as_ref().filter(|last| !last.is_same_disk);
        last.map(|last| last.checked_at)
    }

    /// Keeps it.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), BackupError> {
        let (path, new) = (folder.join(FILE), folder.join("backup.json.new"));
        let bytes =
            serde_json::to_vec(self).map_err(|error| BackupError::Odd(error.to_string()))?;
        let write = || {
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&new)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            // A crash before the rename leaves what was known before.
            fs::rename(&new, &path)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(BackupError::io("write", &path))
    }

    /// Keeps why a try made none, and what was known before.
    ///
    /// # Errors
    /// [`BackupError::Io`].
    pub fn note_failure(folder: &Path, at_ms: i64, why: &BackupError) -> Result<(), BackupError> {
        let failed = Some(Failed {
            at: at_ms,
            why: why.to_string(),
        });
        Self {
            failed,
            ..Self::read(folder)
        }
        .write(folder)
    }
}
