//! A record made again from its parts, as a backup holds them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope;
use ledger::merkle::{Frontier, leaf_hash};
use ledger::note::VerifierKey;
use ledger::verify::Fault;
use ledger::{Beside, Digest};
use rusqlite::{Connection, params};

use super::audit::peaks;
use super::error::OpenError;
use super::file;
use super::readers::clamped;

/// Entries between two commits while a record is made again.
const COMMIT_ENTRIES: u64 = 4_096;

/// A record that is being made again in a folder of its own. Until [`Rebuild::finish`] there is none: a crash leaves a file
/// under the unfinished name, which opening refuses.
///
/// Entries are put in order and must lead to the signed head. Their signatures are not verified here: open the folder with
/// what verifies a record before it is used.
pub struct Rebuild {
    connection: Connection,
    unfinished: PathBuf,
    done: PathBuf,
    frontier: Frontier,
    at_ms: i64,
}

impl Rebuild {
    /// Begins a record in `folder`, which must exist and hold none.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn begin(folder: &Path) -> Result<Self, OpenError> {
        let (connection, unfinished, done) = file::begin(folder)?;
        let wrong = OpenError::database("prepare the record");
        // Nothing is promised before all of it is synced at the end.
        connection
            .pragma_update(None, "synchronous", "off")
            .map_err(&wrong)?;
        connection.execute_batch("BEGIN").map_err(&wrong)?;
        Ok(Self {
            connection,
            unfinished,
            done,
            frontier: Frontier::new(),
            at_ms: 0,
        })
    }

    /// Puts the next entry, with its body where one is kept.
    ///
    /// # Errors
    /// [`OpenError::Entry`] when it cannot be read, [`OpenError::Database`].
    pub fn entry(&mut self, bytes: &[u8], beside: Option<&Beside>) -> Result<(), OpenError> {
        let index = self.frontier.size();
        let odd = |what: String| OpenError::Entry { index, what };
        let entry = Entry::read(bytes).map_err(|error| odd(error.to_string()))?;
        let (payload, ..) =
            envelope::read(&entry.statement).map_err(|error| odd(error.to_string()))?;
        let wrong = OpenError::database("put an entry");
        self.connection
            .prepare_cached("INSERT INTO entry (idx, bytes, statement_id) VALUES (?1, ?2, ?3)")
            .and_then(|mut put| put.execute(params![clamped(index), bytes, Digest::of(&payload).0]))
            .map_err(&wrong)?;
        if let Some(beside) = beside {
            self.connection
                .prepare_cached("INSERT INTO body (idx, salt, body) VALUES (?1, ?2, ?3)")
                .and_then(|mut put| put.execute(params![clamped(index), beside.salt, beside.body]))
                .map_err(&wrong)?;
        }
        self.frontier.append(leaf_hash(bytes));
        self.at_ms = entry.at_ms;
        if self.frontier.size().is_multiple_of(COMMIT_ENTRIES) {
            self.connection
                .execute_batch("COMMIT; BEGIN")
                .map_err(&wrong)?;
        }
        Ok(())
    }

    /// Keeps the note of an earlier head.
    ///
    /// # Errors
    /// [`OpenError::Database`].
    pub fn checkpoint(&mut self, size: u64, note: &str) -> Result<(), OpenError> {
        self.put(
            "INSERT INTO checkpoint (size, note) VALUES (?1, ?2)",
            params![clamped(size), note],
        )
    }

    /// Keeps a value of the node.
    ///
    /// # Errors
    /// [`OpenError::Database`].
    pub fn meta(&mut self, key: &str, value: &[u8]) -> Result<(), OpenError> {
        self.put(
            "INSERT INTO meta (key, value) VALUES (?1, ?2)",
            params![key, value],
        )
    }

    /// Keeps a person's name.
    ///
    /// # Errors
    /// [`OpenError::Database`].
    pub fn name(&mut self, person: &Digest, name: &str) -> Result<(), OpenError> {
        self.put(
            "INSERT INTO names (person, name) VALUES (?1, ?2)",
            params![person.0, name],
        )
    }

    fn put(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), OpenError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut put| put.execute(params))
            .map(drop)
            .map_err(OpenError::database("put a row"))
    }

    /// Ends it under the signed head `note` of the log `key`, durably, and gives the record its name.
    ///
    /// # Errors
    /// [`OpenError`]: the head does not hold, or the entries do not lead to it.
    pub fn finish(self, note: &str, key: &VerifierKey) -> Result<Checkpoint, OpenError> {
        let signed = Checkpoint::open(note, key)?;
        let (found, size) = (self.frontier.size(), signed.size);
        if found < size {
            return Err(Fault::Missing {
                found,
                signed: size,
            }
            .into());
        }
        if found > size {
            return Err(Fault::Unsigned {
                found,
                signed: size,
            }
            .into());
        }
        if self.frontier.root() != signed.root {
            return Err(Fault::Root { size }.into());
        }
        self.put(
            "INSERT INTO head (id, size, root, frontier, note, at) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            params![
                clamped(size),
                signed.root.0,
                peaks(&self.frontier),
                note,
                self.at_ms
            ],
        )?;
        let wrong = OpenError::database("end the record");
        self.connection.execute_batch("COMMIT").map_err(&wrong)?;
        file::close_whole(self.connection)?;
        File::open(&self.unfinished)
            .and_then(|file| file.sync_all())
            .map_err(|source| OpenError::io("sync", &self.unfinished, source))?;
        fs::rename(&self.unfinished, &self.done)
            .map_err(|source| OpenError::io("rename", &self.unfinished, source))?;
        if let Some(folder) = self.done.parent() {
            file::sync_folder(folder)?;
        }
        Ok(signed)
    }
}

impl std::fmt::Debug for Rebuild {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rebuild")
            .field("size", &self.frontier.size())
            .finish_non_exhaustive()
    }
}
