//! What is read and written inside one transaction.

use ledger::checkpoint::Checkpoint;
use ledger::note::VerifierKey;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{HeadsError, head, seconds};
use crate::decide::{Evidence, Head, Remembered};
use crate::limit::{EVIDENCE_MAX, SEEN_MAX, SEEN_SLACK};

/// The file inside a transaction.
#[derive(Debug)]
pub(crate) struct Held<'c> {
    connection: &'c Connection,
    swaps: &'c mut u64,
}

impl<'c> Held<'c> {
    pub(super) fn new(connection: &'c Connection, swaps: &'c mut u64) -> Self {
        Self { connection, swaps }
    }

    pub(super) fn follow(&self, key: &VerifierKey, now_s: u64) -> Result<(), HeadsError> {
        self.connection
            .execute(
                "INSERT OR IGNORE INTO follow (vkey, origin, since) VALUES (?1, ?2, ?3)",
                params![key.to_string(), key.name(), seconds(now_s)],
            )
            .map(drop)
            .map_err(HeadsError::database("follow a log"))
    }

    /// What is remembered of `origin`, with what was cosigned for `size`.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub(crate) fn remembered(&self, origin: &str, size: u64) -> Result<Remembered, HeadsError> {
        let wrong = HeadsError::database("read a head");
        let frozen = self
            .connection
            .prepare_cached("SELECT why FROM frozen WHERE origin = ?1")
            .and_then(|mut select| select.query_row([origin], |row| row.get(0)).optional())
            .map_err(&wrong)?;
        let newest = self
            .connection
            .prepare_cached("SELECT size, root, note, at FROM head WHERE origin = ?1")
            .and_then(|mut select| {
                select
                    .query_row([origin], |row| head(row, origin))
                    .optional()
            })
            .map_err(&wrong)?;
        let same_size = match &newest {
            Some(newest) if newest.checkpoint.size == size => Some(newest.clone()),
            Some(newest) if newest.checkpoint.size > size => self
                .connection
                .prepare_cached(
                    "SELECT size, root, note, 0 FROM seen WHERE origin = ?1 AND size = ?2",
                )
                .and_then(|mut select| {
                    select
                        .query_row(params![origin, size.to_be_bytes()], |row| head(row, origin))
                        .optional()
                })
                .map_err(&wrong)?,
            Some(_) | None => None,
        };
        Ok(Remembered {
            head: newest,
            same_size,
            frozen,
        })
    }

    /// Puts `new` in the place of `old`, with the line that cosigns it.
    ///
    /// # Errors
    /// [`HeadsError::Moved`] when `old` is not what is there.
    pub(crate) fn swap(
        &mut self,
        old: Option<&Head>,
        new: &Head,
        cosignature: &str,
    ) -> Result<(), HeadsError> {
        let wrong = HeadsError::database("write a head");
        let origin = new.checkpoint.origin.as_str();
        let (size, root) = (new.checkpoint.size.to_be_bytes(), new.checkpoint.root.0);
        let changed = match old {
            None => self
                .connection
                .prepare_cached(
                    "INSERT INTO head (origin, size, root, note, cosignature, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                )
                .and_then(|mut insert| {
                    insert.execute(params![
                        origin,
                        size,
                        root,
                        new.note,
                        cosignature,
                        seconds(new.at_s)
                    ])
                }),
            Some(old) => self
                .connection
                .prepare_cached(
                    "UPDATE head SET size = ?2, root = ?3, note = ?4, cosignature = ?5, at = ?6
                     WHERE origin = ?1 AND size = ?7 AND root = ?8 AND size <= ?2",
                )
                .and_then(|mut update| {
                    update.execute(params![
                        origin,
                        size,
                        root,
                        new.note,
                        cosignature,
                        seconds(new.at_s),
                        old.checkpoint.size.to_be_bytes(),
                        old.checkpoint.root.0
                    ])
                }),
        }
        .map_err(&wrong)?;
        if changed != 1 {
            return Err(HeadsError::Moved);
        }
        // Once it is replaced by a larger one, it is found here.
        if let Some(old) = old.filter(|old| old.checkpoint.size < new.checkpoint.size) {
            self.connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO seen (origin, size, root, note) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut insert| {
                    insert.execute(params![
                        origin,
                        old.checkpoint.size.to_be_bytes(),
                        old.checkpoint.root.0,
                        old.note
                    ])
                })
                .map_err(&wrong)?;
        }
        *self.swaps += 1;
        if self.swaps.is_multiple_of(SEEN_SLACK) {
            self.thin(origin)?;
        }
        Ok(())
    }

    /// Keeps two notes of `checkpoint`'s log for ever; the same ones are kept once. Past [`EVIDENCE_MAX`] of one kind the
    /// first ones stand.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub(crate) fn keep(
        &mut self,
        checkpoint: &Checkpoint,
        evidence: &Evidence,
        now_s: u64,
    ) -> Result<(), HeadsError> {
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO evidence (origin, shows, size, root, ours, theirs, at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                 WHERE (SELECT count(*) FROM evidence WHERE origin = ?1 AND shows = ?2) < ?8",
            )
            .and_then(|mut insert| {
                insert.execute(params![
                    checkpoint.origin.as_str(),
                    evidence.shows.word(),
                    checkpoint.size.to_be_bytes(),
                    checkpoint.root.0,
                    evidence.ours,
                    evidence.theirs,
                    seconds(now_s),
                    seconds(EVIDENCE_MAX)
                ])
            })
            .map(drop)
            .map_err(HeadsError::database("keep what shows a fork"))
    }

    /// Never signs `origin` again.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub(crate) fn freeze(&mut self, origin: &str, why: &str, now_s: u64) -> Result<(), HeadsError> {
        self.connection
            .execute(
                "INSERT OR IGNORE INTO frozen (origin, why, at) VALUES (?1, ?2, ?3)",
                params![origin, why, seconds(now_s)],
            )
            .map(drop)
            .map_err(HeadsError::database("freeze a log"))
    }

    fn thin(&self, origin: &str) -> Result<(), HeadsError> {
        self.connection
            .execute(
                "DELETE FROM seen WHERE origin = ?1 AND size <= (
                     SELECT size FROM seen WHERE origin = ?1 ORDER BY size DESC LIMIT 1 OFFSET ?2)",
                params![origin, seconds(SEEN_MAX)],
            )
            .map(drop)
            .map_err(HeadsError::database("forget old heads"))
    }
}
