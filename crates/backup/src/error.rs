//! Why there is no backup, or nothing could be made of one.

use std::io;
use std::path::{Path, PathBuf};

use store::{AttachmentError, OpenError, ReadError};

use crate::age::AgeError;

/// Why a backup could not be made or used. `Display` is a sentence for people; [`std::error::Error::source`] has the detail.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder for backups is not there.
    #[error("`{}` is not there: is the stick in?", .0.display())]
    NoFolder(PathBuf),
    /// It was on another disk when it was chosen, and is not now.
    #[error("`{}` is on this machine's own disk now: the stick is not in", .0.display())]
    SameDisk(PathBuf),
    /// It lies inside the node's folder.
    #[error("`{}` lies inside the node's own folder: choose a place off this machine", .0.display())]
    Inside(PathBuf),
    /// No room, even after old backups were removed.
    #[error(
        "there is no room for a backup in `{}`: about {needed_mib} MiB are needed and {free_mib} MiB are free", folder.display()
    )]
    NoRoom {
        /// The folder for backups.
        folder: PathBuf,
        /// Needed, rounded up.
        needed_mib: u64,
        /// Free, rounded down.
        free_mib: u64,
    },
    /// What was read back is not what was written.
    #[error("`{}` does not read back as it was written: the stick is failing, use another one", .0.display())]
    ReadBack(PathBuf),
    /// The file of a backup is damaged.
    #[error("`{}` is no whole backup: {what}. Nothing was written. Use another copy", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It cannot be opened with the keys given, or not be encrypted.
    #[error("`{}`: {source}", file.display())]
    Age {
        /// The file.
        file: PathBuf,
        /// Why.
        source: AgeError,
    },
    /// The folder to restore to is not empty.
    #[error("`{}` is not empty: a backup is restored to a new folder only, never over or beside a record", .0.display())]
    NotEmpty(PathBuf),
    /// What was restored does not verify. The folder was not given its name.
    #[error("the record in the backup does not verify: {0}")]
    DoesNotVerify(String),
    /// Two that follow each other in time took the same name: the clock stands.
    #[error("`{}` is there already", .0.display())]
    Exists(PathBuf),
    /// The record that is backed up, or the one that is made again.
    #[error(transparent)]
    Record(#[from] OpenError),
    /// The record that is backed up.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An attachment.
    #[error("attachment {name}: {source}")]
    Attachment {
        /// Its hash.
        name: ledger::Digest,
        /// Why.
        source: AttachmentError,
    },
    /// The record holds something that a backup cannot.
    #[error("the record cannot be backed up: {0}")]
    Odd(String),
    /// The file system takes no file so long.
    #[error("the file system of `{}` takes no file of that length: make it exFAT or ext4", .0.display())]
    TooLong(PathBuf),
    /// From the file system.
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// The verb.
        doing: &'static str,
        /// What on.
        path: PathBuf,
        /// The detail.
        source: io::Error,
    },
}

impl BackupError {
    /// For `map_err` on a call of the file system.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| {
            if source.kind() == io::ErrorKind::FileTooLarge {
                return Self::TooLong(path.to_owned());
            }
            Self::Io {
                doing,
                path: path.to_owned(),
                source,
            }
        }
    }

    /// For `map_err` on a read of a backup's file.
    pub(crate) fn damaged(file: &Path) -> impl Fn(io::Error) -> Self {
        move |source| {
            let is_damage = [io::ErrorKind::InvalidData, io::ErrorKind::UnexpectedEof];
            if is_damage.contains(&source.kind()) {
                return Self::Damaged {
                    file: file.to_owned(),
                    what: source.to_string(),
                };
            }
            Self::Io {
                doing: "read",
                path: file.to_owned(),
                source,
            }
        }
    }
}
