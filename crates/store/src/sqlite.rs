//! The log in one file of SQLite. Format: `docs/formats/log.md`.
//!
//! One connection writes, on one thread ([`writer`]); others read, and only read. Every durable step says what a crash
//! right there leaves behind and who repairs it. A second process on the same folder is refused by a lock on a file
//! beside the database, which the kernel drops when the process dies, however it dies.

mod audit;
mod erase;
mod error;
mod file;
mod ids;
mod readers;
mod rebuild;
mod wal;
mod writer;

pub use error::OpenError;
pub use readers::SqliteArchive;
pub use rebuild::Rebuild;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use ledger::note::VerifierKey;
use ledger::{Beside, Digest};
use rusqlite::Connection;

use self::audit::Sound;
use self::ids::Ids;
use self::readers::Readers;
use self::writer::{Job, Side, Work};
use crate::faults::{self, Step};
use crate::limit::{
    ERASE_STATEMENTS_MAX, ERASE_SWEEP_WAIT_MS, ERASE_SWEEPS_MAX, QUEUE_BATCHES_MAX, QUEUE_BYTES_MAX,
};
use crate::log::{self, Ack, Append, AppendError, Erased, Head, Log, ReadError, Signer, Stored};

/// A log in a folder. Dropping it writes what is queued and closes the file.
pub struct SqliteLog {
    folder: PathBuf,
    shared: Arc<Shared>,
    readers: Readers,
    queue: Option<SyncSender<Job>>,
    writer: Option<JoinHandle<()>>,
    /// Held open for its lock.
    _lock: File,
}

/// What callers and the writer both see.
struct Shared {
    head: Mutex<Head>,
    ids: Ids,
    queued_bytes: AtomicUsize,
    /// Erased bytes still lie in the write-ahead log: a reader was in the way.
    unswept: AtomicBool,
    stopped: OnceLock<Arc<str>>,
}

impl SqliteLog {
    /// Makes an empty log in `folder`, which must exist, and opens it. `key` is the log's own key under its origin;
    /// `signer` signs as that key.
    ///
    /// # Errors
    /// [`OpenError::Exists`] when there is a record already, and whatever [`SqliteLog::open`] says.
    pub fn create(folder: &Path, key: &VerifierKey, mut signer: Signer) -> Result<Self, OpenError> {
        let lock = file::lock(folder)?;
        file::create(folder, key, &mut signer)?;
        Self::open_locked(folder, key, signer, lock)
    }

    /// Opens the log in `folder`: recomputes leaves, ids, bodies' commitments and root from the entries' bytes, and
    /// compares with the signed head. Signatures of statements are not verified again; [`ledger::verify`] does that.
    ///
    /// What can be made again from the entries is (the frontier, the head's row); anything else that does not fit is
    /// refused. An *older* copy of the whole file cannot be told from here: its head is properly signed. Receipts that
    /// people hold, and later cosigners, tell: see [`Log::root_at`].
    ///
    /// # Errors
    /// [`OpenError`], with a sentence that says what is wrong and where.
    pub fn open(folder: &Path, key: &VerifierKey, signer: Signer) -> Result<Self, OpenError> {
        let lock = file::lock(folder)?;
        Self::open_locked(folder, key, signer, lock)
    }

    fn open_locked(
        folder: &Path,
        key: &VerifierKey,
        signer: Signer,
        lock: File,
    ) -> Result<Self, OpenError> {
        let (connection, sound) = match load(folder, key) {
            // On a full disk even opening needs a page or two beside the file: then the reserve goes now, and is made again
            // at a later opening, rather than keep a stop from being recorded.
            Err(OpenError::Database { .. }) if file::release_reserve(folder).unwrap_or(false) => {
                load(folder, key)?
            }
            loaded => {
                let loaded = loaded?;
                // No room for the reserve is no reason not to open.
                file::keep_reserve(folder).ok();
                loaded
            }
        };
        let shared = Arc::new(Shared {
            head: Mutex::new(sound.head.clone()),
            ids: Ids::new(sound.ids),
            queued_bytes: AtomicUsize::new(0),
            unswept: AtomicBool::new(false),
            stopped: OnceLock::new(),
        });
        let (queue, jobs) = mpsc::sync_channel(QUEUE_BATCHES_MAX);
        let start = writer::Start {
            frontier: sound.frontier,
            head: sound.head,
            key: key.clone(),
            signer,
            shared: shared.clone(),
        };
        let writer = std::thread::Builder::new()
            .name("record-writer".into())
            .spawn(move || writer::run(&connection, start, &jobs))
            .map_err(|source| OpenError::io("start the writer for", folder, source))?;
        let readers = Readers::new(folder.join(file::DATABASE));
        Ok(Self {
            folder: folder.to_owned(),
            shared,
            readers,
            queue: Some(queue),
            writer: Some(writer),
            _lock: lock,
        })
    }

    /// Why nothing more is written, once that is so.
    pub fn stopped(&self) -> Option<Arc<str>> {
        self.shared.stopped.get().cloned()
    }

    /// Gives back the space that is kept for a stop on a full disk. `false` when it is already given back.
    ///
    /// # Errors
    /// From the file system.
    pub fn release_reserve(&self) -> std::io::Result<bool> {
        file::release_reserve(&self.folder)
    }

    /// Keeps that space again, when there is room.
    ///
    /// # Errors
    /// From the file system: mostly that there is still no room.
    pub fn keep_reserve(&self) -> std::io::Result<()> {
        file::keep_reserve(&self.folder)
    }

    fn hand_over(&self, bytes: usize, work: Work, ack: Ack) {
        if let Some(why) = self.stopped() {
            return ack.answer(Err(AppendError::Stopped(why)));
        }
        let Some(queue) = &self.queue else {
            return ack.answer(Err(AppendError::Stopped("the record is closed".into())));
        };
        let queued = self.shared.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        let refused = if queued + bytes > QUEUE_BYTES_MAX {
            Some((ack, AppendError::Busy))
        } else {
            match queue.try_send(Job { work, ack, bytes }) {
                Ok(()) => None,
                Err(TrySendError::Full(job)) => Some((job.ack, AppendError::Busy)),
                Err(TrySendError::Disconnected(job)) => {
                    Some((job.ack, AppendError::Stopped("the writer is gone".into())))
                }
            }
        };
        if let Some((ack, error)) = refused {
            self.shared.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
            ack.answer(Err(error));
        }
    }

    fn side(&self, side: Side) -> Result<(), AppendError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.hand_over(
            side.bytes(),
            Work::Side(side),
            Ack::new(move |answer| drop(sender.send(answer))),
        );
        receiver
            .recv()
            .unwrap_or_else(|_| Err(AppendError::Stopped("the writer went away".into())))
            .map(drop)
    }
}

fn load(folder: &Path, key: &VerifierKey) -> Result<(Connection, Sound), OpenError> {
    let connection = file::open(folder)?;
    let sound = audit::sound(&connection, key)?;
    // What a process that was killed left in the write-ahead log goes into the file, and with it what was erased goes out of
    // the log. Without room, or with a reader in the way, it stays for the writer to do.
    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
    faults::at(Step::Recover, || connection.query_row(sql, [], |_| Ok(()))).ok();
    Ok((connection, sound))
}

impl Log for SqliteLog {
    fn head(&self) -> Head {
        self.shared
            .head
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn submit(&self, first: u64, batch: Vec<Append>, ack: Ack) {
        if let Some(wrong) = log::unfit(&batch) {
            return ack.answer(Err(wrong));
        }
        let bytes = batch.iter().map(Append::bytes).sum();
        self.hand_over(bytes, Work::Append { first, batch }, ack);
    }

    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError> {
        self.readers.read(from, to.min(self.head().size))
    }

    fn body(&self, statement: &Digest) -> Result<Option<Beside>, ReadError> {
        match self.shared.ids.find(statement) {
            Some(index) => self.readers.body(index),
            None => Ok(None),
        }
    }

    fn find(&self, statement: &Digest) -> Result<Option<u64>, ReadError> {
        Ok(self.shared.ids.find(statement))
    }

    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError> {
        self.readers.checkpoints(from)
    }

    fn erase(&self, statements: &[Digest]) -> Result<Erased, AppendError> {
        if statements.len() > ERASE_STATEMENTS_MAX {
            return Err(AppendError::TooLarge);
        }
        let bodies = Arc::new(AtomicUsize::new(0));
        self.side(Side::Erase {
            statements: statements.to_vec(),
            bodies: bodies.clone(),
        })?;
        // A crash from here on leaves the old bytes in the write-ahead log at most: the next opening moves it into the file,
        // where the rows are gone and zeroed.
        for _ in 0..ERASE_SWEEPS_MAX {
            if !self.shared.unswept.load(Ordering::Relaxed) {
                break;
            }
            std::thread::sleep(Duration::from_millis(ERASE_SWEEP_WAIT_MS));
            self.side(Side::Sweep)?;
        }
        Ok(Erased {
            bodies: bodies.load(Ordering::Relaxed),
            is_out_of_files: !self.shared.unswept.load(Ordering::Relaxed),
        })
    }

    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.readers.meta(key)
    }

    fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), AppendError> {
        if !log::is_small(key, value) {
            return Err(AppendError::TooLarge);
        }
        self.side(Side::Meta {
            key: key.to_owned(),
            value: value.map(<[u8]>::to_vec),
        })
    }

    fn names(&self) -> Result<Vec<(Digest, String)>, ReadError> {
        self.readers.names()
    }

    fn put_name(&self, person: &Digest, name: Option<&str>) -> Result<(), AppendError> {
        if !log::is_small(name.unwrap_or_default(), None) {
            return Err(AppendError::TooLarge);
        }
        self.side(Side::Name {
            person: *person,
            name: name.map(str::to_owned),
        })
    }
}

impl Drop for SqliteLog {
    fn drop(&mut self) {
        self.queue = None;
        self.readers.close();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has answered its callers through their dropped acknowledgements.
            drop(writer.join());
        }
    }
}

impl fmt::Debug for SqliteLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteLog")
            .field("folder", &self.folder)
            .field("head", &self.head())
            .finish_non_exhaustive()
    }
}
