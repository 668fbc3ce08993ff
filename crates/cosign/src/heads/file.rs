//! The file with its settings, and what can be wrong with it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

/// The file, beside it `heads.sqlite-wal` and `heads.sqlite-shm` while it is open.
const FILE: &str = "heads.sqlite";

/// `PRAGMA application_id`: "Cosi".
const APPLICATION: i32 = 0x436f_7369;

/// `PRAGMA user_version`.
const VERSION: i32 = 1;

/// The first version without the fault that let a commit beside a checkpoint damage the file.
const LIBRARY_MIN: i32 = 3_051_003;

const SCHEMA: &str = "
    CREATE TABLE follow (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE head (
        origin TEXT PRIMARY KEY,
        size BLOB NOT NULL CHECK (length(size) = 8),
        root BLOB NOT NULL CHECK (length(root) = 32),
        note TEXT NOT NULL,
        cosignature TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE seen (
        origin TEXT NOT NULL,
        size BLOB NOT NULL,
        root BLOB NOT NULL,
        note TEXT NOT NULL,
        PRIMARY KEY (origin, size)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evidence (
        id INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        shows TEXT NOT NULL,
        size BLOB NOT NULL,
        root BLOB NOT NULL,
        ours TEXT NOT NULL,
        theirs TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (origin, shows, size, root)
    ) STRICT;
    CREATE TABLE frozen (origin TEXT PRIMARY KEY, why TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// Why the file cannot be used. `Display` is a sentence for people; `source` has the detail.
#[derive(Debug, thiserror::Error)]
pub enum HeadsError {
    /// Another process has the folder.
    #[error("another process is this cosigner in `{}`; only one may sign", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// There is a key and no memory of what it signed.
    #[error(
        "`{}` holds a cosigner's key and not what it signed: that key must never sign again; make a new cosigner in a new folder",
        folder.display()
    )]
    Forgotten {
        /// The folder.
        folder: PathBuf,
    },
    /// No cosigner there.
    #[error("there is no cosigner in `{}`", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// Not a file of this program, or of a later version of it.
    #[error("the file is not a cosigner's that this version can read: {0}")]
    OtherFormat(String),
    /// The file does not hold together.
    #[error("the cosigner's file is damaged: {0}")]
    Damaged(String),
    /// A setting that durability rests on, or the library, cannot be had.
    #[error("the database does not give `{0}`, without which a power cut could take a head back")]
    Setting(&'static str),
    /// The disk is full; nothing was written.
    #[error("the disk is full: nothing is cosigned until there is room")]
    Full,
    /// A write whose outcome is not known.
    #[error("writing stopped ({0}): nothing is cosigned until the program starts again")]
    Stopped(String),
    /// The head is not the one that was read: somebody else writes this file.
    #[error("the head moved while it was looked at")]
    Moved,
    /// Over [`crate::limit::FOLLOWED_MAX`].
    #[error("too many logs are followed")]
    FollowsTooMany,
    /// From the file system.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// The verb.
        doing: &'static str,
        /// What on.
        path: PathBuf,
        /// The detail.
        source: io::Error,
    },
    /// From the database.
    #[error("the database refused to {doing}")]
    Database {
        /// The verb.
        doing: &'static str,
        /// The detail.
        source: rusqlite::Error,
    },
}

impl HeadsError {
    /// For `map_err` on a call of the database.
    pub(super) fn database(doing: &'static str) -> impl Fn(rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        move |source| match source.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(source.to_string()),
            Some(DiskFull) => Self::Full,
            _ => Self::Database { doing, source },
        }
    }
}

/// Whether `folder` has the file.
pub(crate) fn exists(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Opens the file to write it, or makes it when `may_make`.
pub(super) fn open(folder: &Path, may_make: bool) -> Result<Connection, HeadsError> {
    let path = folder.join(FILE);
    if !path.exists() && !may_make {
        return Err(HeadsError::Missing {
            folder: folder.to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let connection = connect(&path, flags)?;
    let wrong = HeadsError::database("take its settings");
    settings(&connection)?;
    if pragma(&connection, "user_version")? == 0 && pragma(&connection, "application_id")? == 0 {
        // A file that was cut to nothing is not a first start once there is a key.
        if !may_make {
            return Err(HeadsError::Forgotten {
                folder: folder.to_owned(),
            });
        }
        // Schema and version in one transaction: a crash before its end leaves an empty file, which comes here again.
        connection
            .execute_batch(&format!(
                "BEGIN IMMEDIATE; {SCHEMA} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT"
            ))
            .map_err(&wrong)?;
        // A power cut must not take the name of the file away once its key has signed.
        File::open(folder)
            .and_then(|open| open.sync_all())
            .map_err(|source| HeadsError::Io {
                doing: "sync",
                path: folder.to_owned(),
                source,
            })?;
    }
    identify(&connection)?;
    Ok(connection)
}

/// Opens the file to read it.
pub(super) fn open_to_read(folder: &Path) -> Result<Connection, HeadsError> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Err(HeadsError::Missing {
            folder: folder.to_owned(),
        });
    }
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(HeadsError::database("open for reading"))?;
    identify(&connection)?;
    Ok(connection)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, HeadsError> {
    if rusqlite::version_number() < LIBRARY_MIN {
        return Err(HeadsError::Setting("SQLite 3.51.3 or newer"));
    }
    Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(HeadsError::database("open the cosigner's file"))
}

fn identify(connection: &Connection) -> Result<(), HeadsError> {
    if pragma(connection, "application_id")? != APPLICATION {
        return Err(HeadsError::OtherFormat(
            "it was not made by a cosigner".into(),
        ));
    }
    let version = pragma(connection, "user_version")?;
    if version == VERSION {
        Ok(())
    } else {
        Err(HeadsError::OtherFormat(format!(
            "it has version {version}, this reads {VERSION}"
        )))
    }
}

/// The settings that durability rests on, made and read back.
fn settings(connection: &Connection) -> Result<(), HeadsError> {
    let wrong = HeadsError::database("take its settings");
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .map_err(&wrong)?;
    if mode != "wal" {
        return Err(HeadsError::Setting("journal_mode=wal"));
    }
    // NORMAL does not sync at a commit: a power cut would take back a head that was cosigned.
    connection
        .pragma_update(None, "synchronous", "full")
        .map_err(&wrong)?;
    if pragma(connection, "synchronous")? != 2 {
        return Err(HeadsError::Setting("synchronous=full"));
    }
    connection
        .pragma_update(None, "trusted_schema", false)
        .and_then(|()| connection.pragma_update(None, "cell_size_check", true))
        .map_err(&wrong)?;
    connection
        .busy_timeout(std::time::Duration::from_millis(250))
        .map_err(&wrong)
}

fn pragma(connection: &Connection, name: &str) -> Result<i32, HeadsError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(HeadsError::database("read its settings"))
}
