//! What a cosigner remembers: the logs it follows, the newest head of each, earlier ones, and what shows a fork. One file of
//! SQLite with one writer, in WAL mode with `synchronous=FULL`.
//!
//! | table | columns | meaning |
//! | --- | --- | --- |
//! | `follow` | `vkey` text, `origin` text, `since` | a log's key |
//! | `head` | `origin` text, `size` 8 bytes big-endian, `root` blob, `note` text, `cosignature` text, `at` | the newest head cosigned |
//! | `seen` | `origin`, `size`, `root`, `note` | heads cosigned, the newest [`crate::limit::SEEN_MAX`] of each log |
//! | `evidence` | `origin`, `shows`, `size`, `root`, `ours`, `theirs`, `at` | two notes, kept for ever |
//! | `frozen` | `origin`, `why`, `at` | logs that are never signed again |
//!
//! A copy of this file that is put back is a cosigner that forgot what it signed. So it is never backed up: a cosigner whose
//! disk is lost is retired with its key, and another one is adopted.

mod file;
mod held;

pub use file::HeadsError;
pub(crate) use held::Held;

use std::path::Path;

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::note::{Note, VerifierKey};
use rusqlite::{Connection, ErrorCode};

use crate::decide::{Evidence, Head, Shows};
use crate::limit::{FOLLOWED_MAX, FORKS_LISTED_MAX};

/// The file, open.
#[derive(Debug)]
pub struct Heads {
    connection: Connection,
    /// Why nothing more is written until the file is opened again.
    stopped: Option<String>,
    /// Heads written since this was opened.
    swaps: u64,
}

/// A head with its cosignature, as others may fetch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cosigned {
    pub(crate) checkpoint: Checkpoint,
    /// The log's note with this cosigner's line under it.
    pub(crate) note: String,
    pub(crate) at_s: u64,
    pub(crate) frozen: Option<String>,
}

/// Two notes that were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Counted from 1 in the order in which they were kept.
    pub number: i64,
    /// The log.
    pub origin: String,
    /// What they are, and what they show.
    pub evidence: Evidence,
    /// When they were kept, seconds since 1970 UTC.
    pub at_s: u64,
}

impl Heads {
    /// Opens the file in `folder`, or makes it when `may_make`. The caller holds the lock of the folder.
    ///
    /// # Errors
    /// [`HeadsError`]; a file whose heads do not hold together is refused as damaged.
    pub fn open(folder: &Path, may_make: bool) -> Result<Self, HeadsError> {
        Self::of(file::open(folder, may_make)?)
    }

    /// Whether there is a file in `folder`.
    pub(crate) fn exists(folder: &Path) -> bool {
        file::exists(folder)
    }

    /// Opens the file in `folder` to read it, beside a cosigner that may be running.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub fn open_to_read(folder: &Path) -> Result<Self, HeadsError> {
        Self::of(file::open_to_read(folder)?)
    }

    fn of(connection: Connection) -> Result<Self, HeadsError> {
        let heads = Self {
            connection,
            stopped: None,
            swaps: 0,
        };
        heads.check()?;
        Ok(heads)
    }

    /// Runs `work` as one transaction. After `Ok` all it wrote survives a power cut; after `Err` nothing of it was written,
    /// except when the commit itself failed: then what is on the disk is not known, and nothing more is written until the
    /// file is opened again. A crash before the commit leaves what was before; after it, what `work` wrote, and the asker
    /// who got no answer asks again and hears the new size.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub(crate) fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut Held<'_>) -> Result<T, HeadsError>,
    ) -> Result<T, HeadsError> {
        if let Some(why) = &self.stopped {
            return Err(HeadsError::Stopped(why.clone()));
        }
        self.connection
            .prepare_cached("BEGIN IMMEDIATE")
            .and_then(|mut begin| begin.execute([]))
            .map_err(HeadsError::database("begin"))?;
        let mut held = Held::new(&self.connection, &mut self.swaps);
        let done = work(&mut held).and_then(|done| {
            self.connection
                .prepare_cached("COMMIT")
                .and_then(|mut commit| commit.execute([]))
                .map(|_| done)
                .map_err(|error| {
                    if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
                        return HeadsError::Full;
                    }
                    let why = error.to_string();
                    self.stopped = Some(why.clone());
                    HeadsError::Stopped(why)
                })
        });
        if done.is_err() && !self.connection.is_autocommit() {
            // A transaction that cannot even be taken back ends the writing.
            if let Err(error) = self.connection.execute_batch("ROLLBACK") {
                self.stopped = Some(error.to_string());
            }
        }
        done
    }

    /// The keys of the logs followed.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub fn followed(&self) -> Result<Vec<VerifierKey>, HeadsError> {
        let wrong = HeadsError::database("read whom it follows");
        let mut select = self
            .connection
            .prepare("SELECT vkey FROM follow ORDER BY origin, since, vkey")
            .map_err(&wrong)?;
        let keys: Vec<String> = select
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(&wrong)?;
        keys.iter()
            .map(|key| {
                key.parse()
                    .map_err(|_| HeadsError::Damaged(format!("`{key}` is no key of a log")))
            })
            .collect()
    }

    /// Follows a log. Following it again changes nothing.
    ///
    /// # Errors
    /// [`HeadsError`].
    pub fn follow(&mut self, key: &VerifierKey, now_s: u64) -> Result<(), HeadsError> {
        if self.followed()?.len() >= FOLLOWED_MAX {
            return Err(HeadsError::FollowsTooMany);
        }
        self.transact(|held| held.follow(key, now_s))
    }

    /// Every newest head, by origin.
    pub(crate) fn newest(&self) -> Result<Vec<Cosigned>, HeadsError> {
        let wrong = HeadsError::database("read its heads");
        let mut select = self
            .connection
            .prepare(
                "SELECT size, root, note, head.at, cosignature, head.origin, frozen.why FROM head
                 LEFT JOIN frozen ON frozen.origin = head.origin ORDER BY head.origin",
            )
            .map_err(&wrong)?;
        let rows = select
            .query_map([], |row| {
                let origin: String = row.get(5)?;
                let cosignature: String = row.get(4)?;
                Ok((head(row, &origin)?, cosignature, row.get(6)?))
            })
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(&wrong)?;
        Ok(rows
            .into_iter()
            .map(|(head, cosignature, frozen)| Cosigned {
                note: format!("{}{cosignature}", head.note),
                checkpoint: head.checkpoint,
                at_s: head.at_s,
                frozen,
            })
            .collect())
    }

    /// What was kept, newest first, at most [`FORKS_LISTED_MAX`].
    ///
    /// # Errors
    /// [`HeadsError`].
    pub fn kept(&self) -> Result<Vec<Kept>, HeadsError> {
        let wrong = HeadsError::database("read what shows a fork");
        let mut select = self
            .connection
            .prepare(
                "SELECT id, origin, shows, ours, theirs, at FROM evidence ORDER BY id DESC LIMIT ?1",
            )
            .map_err(&wrong)?;
        select
            .query_map([seconds(FORKS_LISTED_MAX)], |row| {
                let word: String = row.get(2)?;
                Ok(Kept {
                    number: row.get(0)?,
                    origin: row.get(1)?,
                    evidence: Evidence {
                        shows: Shows::of_word(&word).ok_or_else(|| unreadable("what it shows"))?,
                        ours: row.get(3)?,
                        theirs: row.get(4)?,
                    },
                    at_s: number(row.get(5)?),
                })
            })
            .and_then(Iterator::collect)
            .map_err(&wrong)
    }

    /// Whether anything was ever cosigned.
    pub(crate) fn is_fresh(&self) -> Result<bool, HeadsError> {
        self.connection
            .query_row("SELECT NOT EXISTS (SELECT 1 FROM head)", [], |row| {
                row.get(0)
            })
            .map_err(HeadsError::database("read its heads"))
    }

    /// What is kept must hold together: a flipped bit in a size would let a smaller head in.
    fn check(&self) -> Result<(), HeadsError> {
        let says: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(HeadsError::database("check the file"))?;
        if says != "ok" {
            return Err(HeadsError::Damaged(says));
        }
        let followed = self.followed()?;
        for head in self.newest()? {
            let origin = &head.checkpoint.origin;
            let wrong = |what: &str| HeadsError::Damaged(format!("the head of `{origin}` {what}"));
            let note = Note::read(&head.note).map_err(|_| wrong("is no note"))?;
            if Checkpoint::parse(note.text()).ok().as_ref() != Some(&head.checkpoint) {
                return Err(wrong("is not what its note says"));
            }
            let mut keys = followed.iter().filter(|key| key.name() == origin.as_str());
            if !keys.any(|key| note.signed_by(key).is_ok()) {
                return Err(wrong("is not signed by a key that is followed"));
            }
        }
        Ok(())
    }
}

/// A row that begins with size, root, note and time.
fn head(row: &rusqlite::Row<'_>, origin: &str) -> rusqlite::Result<Head> {
    let size: Vec<u8> = row.get(0)?;
    let root: Vec<u8> = row.get(1)?;
    let size = size.try_into().map_err(|_| unreadable("a size"))?;
    Ok(Head {
        checkpoint: Checkpoint {
            origin: origin.parse().map_err(|_| unreadable("an origin"))?,
            size: u64::from_be_bytes(size),
            root: Digest::from_slice(&root).ok_or_else(|| unreadable("a root"))?,
        },
        note: row.get(2)?,
        at_s: number(row.get(3)?),
    })
}

fn unreadable(what: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, what.to_owned(), rusqlite::types::Type::Blob)
}

/// SQLite's integers are signed; times and limits are far below.
fn seconds(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn number(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use ed25519_dalek::SigningKey;
    use ledger::PublicKey;
    use ledger::checkpoint::Origin;

    fn evidence(size: u64) -> (Checkpoint, Evidence) {
        let origin: Origin = "ranch.example/prairie/2021-7f3a".parse().unwrap();
        let checkpoint = Checkpoint {
            origin,
            size,
            root: Digest([1; 32]),
        };
        let evidence = Evidence {
            shows: Shows::Fork,
            ours: "x".repeat(500),
            theirs: "y".repeat(500),
        };
        (checkpoint, evidence)
    }

    #[test]
    fn a_full_disk_writes_nothing_and_does_not_end_the_writing() {
        let folder = tempfile::tempdir().unwrap();
        let mut heads = Heads::open(folder.path(), true).unwrap();
        let limit = |heads: &Heads, pages: i64| {
            let set =
                heads
                    .connection
                    .pragma_update_and_check(None, "max_page_count", pages, |row| {
                        row.get::<_, i64>(0)
                    });
            set.unwrap();
        };
        limit(&heads, 14);
        let keep = |heads: &mut Heads, size| {
            let (checkpoint, evidence) = evidence(size);
            heads.transact(|held| held.keep(&checkpoint, &evidence, 1))
        };
        let mut kept = 0;
        let error = loop {
            match keep(&mut heads, kept) {
                Ok(()) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, HeadsError::Full), "{error}");
        assert_eq!(u64::try_from(heads.kept().unwrap().len()).unwrap(), kept);
        // With room again it goes on.
        limit(&heads, 1_000);
        keep(&mut heads, kept).unwrap();
        assert!(heads.stopped.is_none());
    }

    #[test]
    fn what_a_transaction_wrote_before_it_failed_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut heads = Heads::open(folder.path(), true).unwrap();
        let (checkpoint, evidence) = evidence(1);
        let failed: Result<(), _> = heads.transact(|held| {
            held.keep(&checkpoint, &evidence, 1)?;
            held.freeze(checkpoint.origin.as_str(), "x", 1)?;
            Err(HeadsError::Moved)
        });
        assert!(failed.is_err());
        assert!(heads.kept().unwrap().is_empty());
        let remembered = heads.transact(|held| held.remembered(checkpoint.origin.as_str(), 1));
        assert_eq!(remembered.unwrap(), crate::decide::Remembered::default());
    }

    #[test]
    fn a_swap_from_another_head_or_to_a_smaller_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut heads = Heads::open(folder.path(), true).unwrap();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let (checkpoint, _) = evidence(5);
        let key = checkpoint.origin.verifier(PublicKey::of(&signing)).unwrap();
        heads.follow(&key, 1).unwrap();
        let of = |size: u64, root: u8| {
            let checkpoint = Checkpoint {
                size,
                root: Digest([root; 32]),
                ..checkpoint.clone()
            };
            Head {
                note: checkpoint.sign(&signing).unwrap(),
                checkpoint,
                at_s: 1,
            }
        };
        let line = "— a AAAAAAA=\n";
        let swap = |heads: &mut Heads, old: Option<&Head>, new: &Head| {
            heads.transact(|held| held.swap(old, new, line))
        };
        swap(&mut heads, None, &of(5, 1)).unwrap();
        for (old, new) in [
            (None, of(6, 2)),
            (Some(of(4, 1)), of(6, 2)),
            (Some(of(5, 2)), of(6, 2)),
            (Some(of(5, 1)), of(4, 2)),
        ] {
            let moved = swap(&mut heads, old.as_ref(), &new);
            assert!(matches!(moved, Err(HeadsError::Moved)), "{old:?} {new:?}");
        }
        swap(&mut heads, Some(&of(5, 1)), &of(6, 2)).unwrap();
        let newest = heads.newest().unwrap();
        assert_eq!(newest.first().unwrap().checkpoint, of(6, 2).checkpoint);
    }
}
