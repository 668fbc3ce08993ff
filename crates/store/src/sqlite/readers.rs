//! Connections that only read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ledger::{Beside, Digest};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::error::OpenError;
use super::file;
use crate::limit::{READ_BYTES_MAX, READ_ENTRIES_MAX, READERS_KEPT};
use crate::log::{ReadError, Stored};

/// A few connections, each used by one caller at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self {
            path,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Closes the idle connections, so that the writer's is the last and leaves one whole file.
    pub(super) fn close(&self) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ReadError> {
        let kept = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = match kept {
            Some(connection) => connection,
            None => file::open_to_read(&self.path).map_err(|error| {
                ReadError::new("the record cannot be opened for reading", error)
            })?,
        };
        let found =
            read(&connection).map_err(|error| ReadError::new("the record cannot be read", error));
        // After an error the connection is closed rather than kept.
        if found.is_ok() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < READERS_KEPT {
                idle.push(connection);
            }
        }
        found
    }

    pub(super) fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError> {
        self.with(|connection| stored(connection, from, to))
    }

    pub(super) fn body(&self, index: u64) -> Result<Option<Beside>, ReadError> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT salt, body FROM body WHERE idx = ?1")?
                .query_row([clamped(index)], |row| {
                    Ok(Beside {
                        salt: row.get(0)?,
                        body: row.get(1)?,
                    })
                })
                .optional()
        })
    }

    pub(super) fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError> {
        self.with(|connection| checkpoints(connection, from))
    }

    pub(super) fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()
        })
    }

    pub(super) fn names(&self) -> Result<Vec<(Digest, String)>, ReadError> {
        self.with(|connection| {
            connection
                .prepare_cached("SELECT person, name FROM names ORDER BY person")?
                .query_map([], |row| Ok((Digest(row.get(0)?), row.get(1)?)))?
                .collect()
        })
    }
}

/// A record opened only to be read and verified: no lock, no signer, nothing repaired. Works beside a running node and on
/// a copy.
pub struct SqliteArchive {
    connection: Connection,
}

impl SqliteArchive {
    /// Opens the record in `folder`. Nothing in it is believed yet: feed it to [`ledger::verify::Verifier`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let connection = file::open_to_read(&file::find(folder)?)?;
        file::identify(&connection)?;
        // One snapshot for all that follows, however long it takes and whatever the node writes meanwhile.
        connection
            .execute_batch("BEGIN")
            .map_err(OpenError::database("open for reading"))?;
        Ok(Self { connection })
    }

    /// [`SqliteArchive::open`], refused where the write-ahead log lost what had been synced: what is read without it is an
    /// older record, which looks whole.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_whole(folder: &Path) -> Result<Self, OpenError> {
        file::find(folder)?;
        file::is_whole_beside(folder)?;
        Self::open(folder)
    }

    /// As [`crate::Log::read`], with whatever numbers the file holds.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError> {
        stored(&self.connection, from, to)
            .map_err(|error| ReadError::new("the record cannot be read", error))
    }

    /// The note of the head's row.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn note(&self) -> Result<String, ReadError> {
        self.connection
            .query_row("SELECT note FROM head WHERE id = 1", [], |row| row.get(0))
            .map_err(|error| ReadError::new("the record has no readable head", error))
    }

    /// Every value of the node, sorted by key.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn metas(&self) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
        self.pairs("SELECT key, value FROM meta ORDER BY key", |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// As [`crate::Log::names`], sorted by person.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn names(&self) -> Result<Vec<(Digest, String)>, ReadError> {
        self.pairs("SELECT person, name FROM names ORDER BY person", |row| {
            Ok((Digest(row.get(0)?), row.get(1)?))
        })
    }

    fn pairs<K, V>(
        &self,
        sql: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<(K, V)>,
    ) -> Result<Vec<(K, V)>, ReadError> {
        let found = self
            .connection
            .prepare(sql)
            .and_then(|mut all| all.query_map([], read)?.collect());
        found.map_err(|error| ReadError::new("the record cannot be read", error))
    }

    /// As [`crate::Log::checkpoints`].
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError> {
        checkpoints(&self.connection, from)
            .map_err(|error| ReadError::new("the record cannot be read", error))
    }
}

impl std::fmt::Debug for SqliteArchive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SqliteArchive")
    }
}

pub(super) fn stored(connection: &Connection, from: u64, to: u64) -> rusqlite::Result<Vec<Stored>> {
    let sql =
        "SELECT entry.idx, bytes, salt, body FROM entry LEFT JOIN body ON body.idx = entry.idx
               WHERE entry.idx >= ?1 AND entry.idx < ?2 ORDER BY entry.idx LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![clamped(from), clamped(to), READ_ENTRIES_MAX])?;
    let (mut found, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let salt: Option<[u8; 32]> = row.get(2)?;
        let beside = match salt {
            Some(salt) => Some(Beside {
                salt,
                body: row.get(3)?,
            }),
            None => None,
        };
        let one = Stored {
            index: number(row, 0)?,
            entry: row.get(1)?,
            beside,
        };
        bytes += one.entry.len() + one.beside.as_ref().map_or(0, |beside| beside.body.len());
        found.push(one);
        if bytes >= READ_BYTES_MAX {
            break;
        }
    }
    Ok(found)
}

/// A damaged note comes back as text that no key signed, rather than hide those behind it.
fn checkpoints(connection: &Connection, from: u64) -> rusqlite::Result<Vec<(u64, String)>> {
    connection
        .prepare_cached(
            "SELECT size, note FROM checkpoint WHERE size >= ?1 ORDER BY size LIMIT ?2",
        )?
        .query_map(params![clamped(from), READ_ENTRIES_MAX], |row| {
            let note = row.get_ref(1)?.as_bytes().unwrap_or_default();
            Ok((number(row, 0)?, String::from_utf8_lossy(note).into_owned()))
        })?
        .collect()
}

/// SQLite's integers are signed.
pub(super) fn clamped(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}
