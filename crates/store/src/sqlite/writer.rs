//! The one thread that writes, with group commit and no timer.
//!
//! While one commit syncs, callers queue; the next transaction takes everything that is there, up to its limits. So the
//! batch grows by itself exactly when the disk is the slow part, and a lone caller waits for one sync and nothing else.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, PoisonError};

use ledger::merkle::{Frontier, leaf_hash};
use ledger::note::VerifierKey;
use ledger::{Digest, verify};
use rusqlite::{Connection, ErrorCode, Statement, params};

use super::Shared;
use super::audit::peaks;
use super::erase::erase;
use super::readers::{clamped, number};
use crate::faults::{self, Step};
use crate::limit::{GROUP_BYTES_MAX, GROUP_ENTRIES_MAX, WAL_BUSY_BYTES, WAL_IDLE_BYTES};
use crate::log::{self, Ack, Append, AppendError, Appended, Head, Signer};
use crate::signed::signed;

/// Something to write, and whom to tell.
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) ack: Ack,
    pub(super) bytes: usize,
}

pub(super) enum Work {
    Append { first: u64, batch: Vec<Append> },
    Side(Side),
}

/// What is kept beside the record.
pub(super) enum Side {
    Meta {
        key: String,
        value: Option<Vec<u8>>,
    },
    Name {
        person: Digest,
        name: Option<String>,
    },
    /// Bodies and salts of these statements; `bodies` counts those that were there.
    Erase {
        statements: Vec<Digest>,
        bodies: Arc<AtomicUsize>,
    },
    /// Tries again to bring erased bytes out of the write-ahead log.
    Sweep,
}

impl Side {
    const fn step(&self) -> Step {
        match self {
            Self::Erase { .. } => Step::Erase,
            Self::Meta { .. } | Self::Name { .. } | Self::Sweep => Step::Beside,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Meta { key, value } => key.len() + value.as_ref().map_or(0, Vec::len),
            Self::Name { name, .. } => 32 + name.as_ref().map_or(0, String::len),
            Self::Erase { statements, .. } => statements.len() * 32,
            Self::Sweep => 0,
        }
    }
}

/// What the writer begins with, as opening found it.
pub(super) struct Start {
    pub(super) frontier: Frontier,
    pub(super) head: Head,
    pub(super) key: VerifierKey,
    pub(super) signer: Signer,
    pub(super) shared: Arc<Shared>,
}

/// Writes until the queue is closed and empty.
pub(super) fn run(connection: &Connection, start: Start, jobs: &Receiver<Job>) {
    let shared = start.shared.clone();
    let mut writer = match Writer::new(connection, start) {
        Ok(writer) => writer,
        Err(error) => {
            return stop(
                &shared,
                &format!("the database refused to prepare: {error}"),
            );
        }
    };
    let mut held_over = None;
    while let Some(first) = held_over.take().or_else(|| jobs.recv().ok()) {
        let group = gather(first, jobs, &mut held_over);
        writer.commit(group);
        let is_idle = held_over.is_none() && {
            match jobs.try_recv() {
                Ok(job) => held_over = Some(job),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {}
            }
            held_over.is_none()
        };
        writer.tidy(is_idle);
    }
}

/// Everything that waits, up to the limits of one transaction.
fn gather(first: Job, jobs: &Receiver<Job>, held_over: &mut Option<Job>) -> Vec<Job> {
    let weight = |job: &Job| match &job.work {
        Work::Append { batch, .. } => batch.len(),
        Work::Side(_) => 1,
    };
    let (mut entries, mut bytes) = (weight(&first), first.bytes);
    let mut group = vec![first];
    while let Ok(job) = jobs.try_recv() {
        entries += weight(&job);
        bytes += job.bytes;
        if entries > GROUP_ENTRIES_MAX || bytes > GROUP_BYTES_MAX {
            *held_over = Some(job);
            break;
        }
        group.push(job);
    }
    group
}

fn stop(shared: &Shared, why: &str) {
    // The first reason stands.
    shared.stopped.set(why.into()).ok();
}

/// Why a transaction came to nothing.
enum Failure {
    /// Nothing was written, and there is no room.
    Full,
    /// Nothing more may be written.
    Stop(String),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
            Self::Full
        } else {
            Self::Stop(format!("the database refused to write: {error}"))
        }
    }
}

/// A row that stands where the head says there is none: something else wrote here.
fn beyond_head(first: u64, error: rusqlite::Error) -> Failure {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        Failure::Stop(format!(
            "an entry {first} is there already, beyond the head"
        ))
    } else {
        error.into()
    }
}

/// What a job came to, once the transaction is through.
type Outcome = Result<u64, AppendError>;

struct Writer<'c> {
    connection: &'c Connection,
    sql: Prepared<'c>,
    frontier: Frontier,
    head: Head,
    key: VerifierKey,
    signer: Signer,
    shared: Arc<Shared>,
    /// Statements of the transaction that is on its way.
    entering: HashMap<Digest, u64>,
    /// Bytes of entries and bodies since the last checkpoint of the write-ahead log.
    wal_bytes: u64,
    /// A name or a value was removed: its bytes should leave the write-ahead log too.
    erased: bool,
}

/// Prepared once: at one row a transaction, preparing costs as much as inserting.
struct Prepared<'c> {
    begin: Statement<'c>,
    commit: Statement<'c>,
    entry: Statement<'c>,
    body: Statement<'c>,
    read_back: Statement<'c>,
    head: Statement<'c>,
    swap: Statement<'c>,
    checkpoint: Statement<'c>,
}

impl<'c> Prepared<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let prepare = |sql| connection.prepare(sql);
        Ok(Self {
            begin: prepare("BEGIN IMMEDIATE")?,
            commit: prepare("COMMIT")?,
            entry: prepare("INSERT INTO entry (idx, bytes, statement_id) VALUES (?1, ?2, ?3)")?,
            body: prepare("INSERT INTO body (idx, salt, body) VALUES (?1, ?2, ?3)")?,
            read_back: prepare("SELECT bytes FROM entry WHERE idx >= ?1 ORDER BY idx")?,
            head: prepare("SELECT size, root, frontier FROM head WHERE id = 1")?,
            swap: prepare(
                "UPDATE head SET size = ?1, root = ?2, frontier = ?3, note = ?4, at = ?5
                 WHERE id = 1 AND size = ?6 AND root = ?7",
            )?,
            checkpoint: prepare("INSERT INTO checkpoint (size, note) VALUES (?1, ?2)")?,
        })
    }
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection, start: Start) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            sql: Prepared::new(connection)?,
            frontier: start.frontier,
            head: start.head,
            key: start.key,
            signer: start.signer,
            shared: start.shared,
            entering: HashMap::new(),
            wal_bytes: 0,
            erased: false,
        })
    }

    /// One transaction for all of `group`, then the answers.
    fn commit(&mut self, group: Vec<Job>) {
        let bytes: usize = group.iter().map(|job| job.bytes).sum();
        let (works, acks): (Vec<Work>, Vec<Ack>) =
            group.into_iter().map(|job| (job.work, job.ack)).unzip();
        let answers = match self.shared.stopped.get() {
            Some(why) => vec![Err(AppendError::Stopped(why.clone())); acks.len()],
            None => self.through(&works),
        };
        self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.wal_bytes += bytes as u64;
        if self.erased {
            // Who asked for an erasure hears of it when the bytes are out of the write-ahead log as well.
            self.tidy(true);
        }
        // A crash here leaves the entries durable and nobody told: asked again, they are found by their ids.
        faults::at(Step::Acknowledge, || Ok::<_, String>(())).ok();
        for (ack, answer) in acks.into_iter().zip(answers) {
            let answer = answer.map(|first| Appended {
                first,
                head: self.head.clone(),
            });
            // A caller's panic must not end the log.
            drop(catch_unwind(AssertUnwindSafe(|| ack.answer(answer))));
        }
    }

    fn through(&mut self, works: &[Work]) -> Vec<Outcome> {
        let before = self.frontier.clone();
        let failure = match self.transaction(works) {
            Ok((outcomes, head)) => {
                self.head = head;
                // Before the head: who knows an entry's head finds its statement.
                self.shared.ids.enter(self.entering.drain());
                *self
                    .shared
                    .head
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = self.head.clone();
                return outcomes;
            }
            Err(failure) => failure,
        };
        self.frontier = before;
        self.entering.clear();
        let roll_back = || self.connection.execute_batch("ROLLBACK");
        let rolled_back =
            self.connection.is_autocommit() || faults::at(Step::RollBack, roll_back).is_ok();
        let error = match failure {
            Failure::Full if rolled_back => AppendError::DiskFull,
            Failure::Full => {
                self.stop("the disk is full and the last write could not be taken back")
            }
            Failure::Stop(why) => self.stop(&why),
        };
        vec![Err(error); works.len()]
    }

    fn stop(&self, why: &str) -> AppendError {
        stop(&self.shared, why);
        AppendError::Stopped(
            self.shared
                .stopped
                .get()
                .cloned()
                .unwrap_or_else(|| why.into()),
        )
    }

    /// Entries, bodies, head and signed checkpoint, all or nothing.
    ///
    /// Until COMMIT has returned nobody has been told anything. A crash up to then leaves frames without a commit mark at
    /// the end of the write-ahead log; SQLite passes over them at the next opening.
    fn transaction(&mut self, works: &[Work]) -> Result<(Vec<Outcome>, Head), Failure> {
        faults::at(Step::Begin, || self.sql.begin.execute([]))?;
        let (old_size, old_root, old_peaks) = self.stored_head()?;
        let mut at_ms = self.head.at_ms;
        let mut outcomes = Vec::with_capacity(works.len());
        for work in works {
            outcomes.push(match work {
                Work::Append { first, batch } => self.enter(*first, batch, &mut at_ms)?,
                Work::Side(side) => {
                    faults::at(side.step(), || self.keep_beside(side))?;
                    Ok(self.frontier.size())
                }
            });
        }
        let head = if self.frontier.size() == old_size {
            self.head.clone()
        } else {
            self.seal(old_size, old_root, &old_peaks, at_ms)?
        };
        // A crash inside COMMIT, before its sync is through, leaves all of the transaction or none of it. Nobody was told;
        // the next opening reads whichever it is, and who asks again is answered from what is there.
        match faults::at(Step::Commit, || self.sql.commit.execute([])) {
            Ok(_) => Ok((outcomes, head)),
            // Writing failed for want of room, before any sync: rolled back, nothing is in doubt.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                Err(Failure::Full)
            }
            // After a failed sync the kernel may have thrown the pages away and a second sync would say all is well. So
            // there is no second: the log stops, and only a new opening, which reads the file, may say what it holds.
            Err(error) => Err(Failure::Stop(format!(
                "a commit failed, so its outcome is not known: {error}"
            ))),
        }
    }

    /// The head's row, which must be the head we hold: another writer, or memory gone wrong, shows here.
    fn stored_head(&mut self) -> Result<(u64, Digest, Vec<Digest>), Failure> {
        let (size, root, frontier) = faults::at(Step::ReadHead, || {
            self.sql.head.query_row([], |row| {
                Ok((
                    number(row, 0)?,
                    Digest(row.get(1)?),
                    row.get::<_, Vec<u8>>(2)?,
                ))
            })
        })?;
        if size != self.head.size || root != self.head.root {
            return Err(Failure::Stop(
                "the stored head is not the one last written: something else wrote here".into(),
            ));
        }
        let peaks = frontier.chunks(32).filter_map(Digest::from_slice).collect();
        Ok((size, root, peaks))
    }

    /// Puts one caller's batch at the end. An inner error is this batch's own and leaves the others as they are.
    fn enter(&mut self, first: u64, batch: &[Append], at_ms: &mut i64) -> Result<Outcome, Failure> {
        if let Some(refused) = log::misplaced(self.frontier.size(), *at_ms, first, batch) {
            return Ok(Err(refused));
        }
        if let Some(index) = self.enter_ids(first, batch) {
            return Ok(Err(AppendError::Twice { index }));
        }
        for (index, one) in (first..).zip(batch) {
            let bytes = faults::bent(&one.entry);
            let row = params![clamped(index), bytes.as_ref(), one.statement.0];
            faults::at(Step::Entry, || self.sql.entry.execute(row))
                .map_err(|error| beyond_head(first, error))?;
            if let Some(beside) = &one.beside {
                let row = params![clamped(index), beside.salt, beside.body];
                faults::at(Step::Body, || self.sql.body.execute(row))?;
            }
        }
        for one in batch {
            self.frontier.append(leaf_hash(&one.entry));
            *at_ms = one.at_ms;
        }
        Ok(Ok(first))
    }

    /// The entry of a statement, one of this transaction included.
    fn index_of(&self, statement: &Digest) -> Option<u64> {
        let entering = self.entering.get(statement).copied();
        entering.or_else(|| self.shared.ids.find(statement))
    }

    /// Notes the batch's statements; where one of them stands already, the index of that entry, and then none is noted.
    fn enter_ids(&mut self, first: u64, batch: &[Append]) -> Option<u64> {
        for (index, one) in (first..).zip(batch) {
            let Some(earlier) = self.index_of(&one.statement) else {
                self.entering.insert(one.statement, index);
                continue;
            };
            // Those before it in the batch are new, or we would not have come here.
            self.entering.retain(|_, index| *index < first);
            return Some(earlier);
        }
        None
    }

    fn keep_beside(&mut self, side: &Side) -> rusqlite::Result<()> {
        match side {
            Side::Meta {
                key,
                value: Some(value),
            } => {
                self.connection
                    .prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2")?
                    .execute(params![key, value])?;
            }
            Side::Meta { key, value: None } => {
                self.erased = true;
                self.connection
                    .execute("DELETE FROM meta WHERE key = ?1", [key])?;
            }
            Side::Name {
                person,
                name: Some(name),
            } => {
                self.connection
                    .prepare_cached(
                        "INSERT INTO names (person, name) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET name = ?2",
                    )?
                    .execute(params![person.0, name])?;
            }
            Side::Name { person, name: None } => {
                self.erased = true;
                self.connection
                    .execute("DELETE FROM names WHERE person = ?1", [person.0])?;
            }
            Side::Erase { statements, bodies } => {
                self.erased = true;
                let indexes = statements.iter().filter_map(|id| self.index_of(id));
                bodies.store(erase(self.connection, indexes)?, Ordering::Relaxed);
            }
            Side::Sweep => self.erased = true,
        }
        Ok(())
    }

    /// Reads back what was just stored, comes to the root a second way, signs, and swaps the head.
    ///
    /// One wrong bit between hashing and storing would end the log: no bytes would ever lead to the signed root. So the
    /// bytes that are signed for are those that the database hands back, and the old subtrees those of the stored row.
    fn seal(
        &mut self,
        old_size: u64,
        old_root: Digest,
        old_peaks: &[Digest],
        at_ms: i64,
    ) -> Result<Head, Failure> {
        let stored: Vec<Digest> = faults::at(Step::ReadBack, || {
            self.sql
                .read_back
                .query_map([clamped(old_size)], |row| {
                    Ok(verify::leaf(row.get_ref(0)?.as_blob()?))
                })?
                .collect::<rusqlite::Result<_>>()
        })?;
        let (size, root) = (self.frontier.size(), self.frontier.root());
        if old_size + stored.len() as u64 != size
            || verify::root_after(old_size, old_peaks, &stored) != Some(root)
        {
            return Err(Failure::Stop(
                "what was stored does not lead to the root that was computed: memory or disk is at fault".into(),
            ));
        }
        // A head signed here and lost in a crash was handed to nobody: the note is stored in this transaction and leaves
        // the program only after it.
        let note = faults::at(Step::Sign, || {
            signed(&self.key, &mut self.signer, &self.frontier)
        })
        .map_err(Failure::Stop)?;
        let row = params![
            clamped(size),
            root.0,
            peaks(&self.frontier),
            note,
            at_ms,
            clamped(old_size),
            old_root.0
        ];
        let swapped = faults::at(Step::SwapHead, || self.sql.swap.execute(row))?;
        if swapped != 1 {
            return Err(Failure::Stop(
                "the head moved while it was held: something else writes here".into(),
            ));
        }
        let row = params![clamped(size), note];
        faults::at(Step::Checkpoint, || self.sql.checkpoint.execute(row))?;
        Ok(Head {
            size,
            root,
            at_ms,
            note: note.into(),
        })
    }

    fn is_unswept(&self) -> bool {
        self.shared.unswept.load(Ordering::Relaxed)
    }

    /// Moves the write-ahead log into the database when nobody waits, or when it has grown too long.
    ///
    /// A crash in it leaves the write-ahead log whole: SQLite drops it only after the database was synced.
    fn tidy(&mut self, is_idle: bool) {
        let due = if is_idle {
            self.erased || self.wal_bytes >= WAL_IDLE_BYTES
        } else {
            self.wal_bytes >= WAL_BUSY_BYTES
        };
        if !due || self.shared.stopped.get().is_some() {
            return;
        }
        let sql = if self.erased || self.is_unswept() {
            "PRAGMA wal_checkpoint(TRUNCATE)"
        } else {
            "PRAGMA wal_checkpoint(PASSIVE)"
        };
        let sweep = || {
            self.connection
                .query_row(sql, [], |row| row.get::<_, i64>(0))
        };
        match faults::at(Step::Sweep, sweep) {
            Ok(busy) => {
                self.wal_bytes = 0;
                // A reader in the way leaves erased bytes in the log for the next erasure, sweep or closing; trying at each
                // commit would make every caller wait for that reader.
                let is_unswept = busy != 0 && (self.erased || self.is_unswept());
                self.shared.unswept.store(is_unswept, Ordering::Relaxed);
                self.erased = false;
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                self.wal_bytes = 0;
            }
            Err(error) => drop(self.stop(&format!(
                "the database could not be brought up to date: {error}"
            ))),
        }
    }
}
