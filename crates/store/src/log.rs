//! What a store does, whatever it is made of.

use std::fmt;
use std::sync::{Arc, mpsc};

use ledger::checkpoint::Checkpoint;
use ledger::entry::{Entry, EntryError};
use ledger::envelope::{Content, Signed};
use ledger::limit::BODY_BYTES_MAX;
use ledger::merkle::{Frontier, leaf_hash};
use ledger::{Beside, Digest};

use crate::limit::{GROUP_BYTES_MAX, GROUP_ENTRIES_MAX};

/// Signs a checkpoint: the whole note. Called by the writer inside its transaction; it must not block for long. The error
/// is a sentence; after one the log stops.
pub type Signer = Box<dyn FnMut(&Checkpoint) -> Result<String, String> + Send>;

/// One log, kept.
///
/// One caller decides the order of entries; any number may read. Reads see only what is durable.
pub trait Log: Send + Sync {
    /// The newest durable head. No I/O.
    fn head(&self) -> Head;

    /// Hands over `batch` to be entries `first`, `first + 1`, …; at most [`GROUP_ENTRIES_MAX`] entries or
    /// [`GROUP_BYTES_MAX`] bytes. All of it is entered, or nothing. Returns at once; `ack` is called once, when the batch
    /// is durable or refused, on the writer's thread: it must neither block nor submit again and wait.
    ///
    /// Batches are entered in the order in which they are handed over, many in one transaction, so a caller need not wait
    /// for one before it hands over the next. When one is refused, those behind it are refused as [`AppendError::Moved`].
    fn submit(&self, first: u64, batch: Vec<Append>, ack: Ack);

    /// [`Log::submit`], waiting for the answer.
    ///
    /// # Errors
    /// [`AppendError`].
    fn append(&self, first: u64, batch: Vec<Append>) -> Result<Appended, AppendError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        // A receiver that is gone has nobody left to tell.
        self.submit(
            first,
            batch,
            Ack::new(move |answer| drop(sender.send(answer))),
        );
        receiver
            .recv()
            .unwrap_or_else(|_| Err(AppendError::Stopped("the writer went away".into())))
    }

    /// Entries from `from` on, before `to`, in order, each with its body where one is kept. May return fewer than asked
    /// for (see [`crate::limit::READ_ENTRIES_MAX`]); empty only when there are none.
    ///
    /// # Errors
    /// [`ReadError`].
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError>;

    /// The body kept beside the entry of `statement`.
    ///
    /// # Errors
    /// [`ReadError`].
    fn body(&self, statement: &Digest) -> Result<Option<Beside>, ReadError>;

    /// The index of the entry that holds `statement`.
    ///
    /// # Errors
    /// [`ReadError`].
    fn find(&self, statement: &Digest) -> Result<Option<u64>, ReadError>;

    /// Signed notes of the heads from `from` entries on, oldest first; one was signed with every commit. May return fewer
    /// than there are, empty only when there are none; go on from the last one's size and one.
    ///
    /// # Errors
    /// [`ReadError`].
    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError>;

    /// The root over the first `size` entries, recomputed from them; `None` when there are not that many. A receipt whose
    /// root is another one shows that this log was rolled back or forked. Reads all those entries.
    ///
    /// # Errors
    /// [`ReadError`].
    fn root_at(&self, size: u64) -> Result<Option<Digest>, ReadError> {
        if size > self.head().size {
            return Ok(None);
        }
        let mut frontier = Frontier::new();
        while frontier.size() < size {
            let stored = self.read(frontier.size(), size)?;
            if stored.is_empty() {
                return Err(ReadError::new(
                    "an entry below the head is missing",
                    "short read",
                ));
            }
            for one in stored {
                frontier.append(leaf_hash(&one.entry));
            }
        }
        Ok(Some(frontier.root()))
    }

    /// Erases the bodies kept beside the entries of `statements`, with their salts: without the salt nobody can tell any
    /// more whether a guessed body is the one that was signed. The entries stay. Durable on return. Erasing again, or what
    /// has no body or no entry, changes nothing.
    ///
    /// # Errors
    /// [`AppendError::TooLarge`] for more than [`crate::limit::ERASE_STATEMENTS_MAX`], or a store that cannot write.
    fn erase(&self, statements: &[Digest]) -> Result<Erased, AppendError>;

    /// A value that belongs to this node and not to the record.
    ///
    /// # Errors
    /// [`ReadError`].
    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError>;

    /// Keeps `value` under `key`, or removes it; durable on return.
    ///
    /// # Errors
    /// [`AppendError::TooLarge`], or a store that cannot write.
    fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), AppendError>;

    /// The names of people, by the id of the statement that enrolled them. Names stand outside the log, so that they can be
    /// erased.
    ///
    /// # Errors
    /// [`ReadError`].
    fn names(&self) -> Result<Vec<(Digest, String)>, ReadError>;

    /// Keeps a person's name, or erases it; durable on return.
    ///
    /// # Errors
    /// [`AppendError::TooLarge`], or a store that cannot write.
    fn put_name(&self, person: &Digest, name: Option<&str>) -> Result<(), AppendError>;
}

/// A head of the log, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// Recorded time of the last entry, ms since 1970 UTC; 0 when there is none.
    pub at_ms: i64,
    /// The checkpoint over size and root, signed by the log's key.
    pub note: Arc<str>,
}

/// One entry about to be appended, in the form in which it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    pub(crate) entry: Vec<u8>,
    pub(crate) statement: Digest,
    pub(crate) at_ms: i64,
    pub(crate) beside: Option<Beside>,
}

/// Why an entry cannot be appended to any log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAppendable {
    /// The entry itself.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The payload commits to a body that is not given, or carries its own and one is given.
    #[error("the body must be given for a statement that commits to one, and for no other")]
    Body,
    /// The body does not fit the commitment.
    #[error("the body is not the one that was signed")]
    OtherBody,
    /// The body is over its limit.
    #[error("the body is longer than {BODY_BYTES_MAX} bytes")]
    BodyTooLong,
}

impl Append {
    /// The entry for `signed`, whose envelope is `entry.statement`, with the body of a kind that keeps it beside the log.
    ///
    /// # Errors
    /// [`NotAppendable`].
    pub fn new(
        signed: &Signed,
        entry: &Entry,
        beside: Option<Beside>,
    ) -> Result<Self, NotAppendable> {
        match (&signed.header.content, &beside) {
            (Content::Open(_), None) => {}
            (Content::Open(_), Some(_)) | (Content::Beside(_), None) => {
                return Err(NotAppendable::Body);
            }
            (Content::Beside(_), Some(beside)) if beside.body.len() > BODY_BYTES_MAX => {
                return Err(NotAppendable::BodyTooLong);
            }
            (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => {}
            (Content::Beside(_), Some(_)) => return Err(NotAppendable::OtherBody),
        }
        Ok(Self {
            entry: entry.write()?,
            statement: signed.id,
            at_ms: entry.at_ms,
            beside,
        })
    }

    /// The bytes of the entry.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    pub(crate) fn bytes(&self) -> usize {
        self.entry.len()
            + self
                .beside
                .as_ref()
                .map_or(0, |beside| beside.body.len() + 32)
    }
}

/// Where a batch now stands, durably.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// Index of the batch's first entry.
    pub first: u64,
    /// The head that covers it; other batches may stand between.
    pub head: Head,
}

/// What an erasure came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Bodies that were there and are gone from every read.
    pub bodies: usize,
    /// Whether their bytes have left the files as well. `false` while somebody who began to read before (a backup, an export)
    /// still holds an old view of the file open: erase again later, or open the log anew.
    pub is_out_of_files: bool,
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number, from 0.
    pub index: u64,
    /// Its bytes.
    pub entry: Vec<u8>,
    /// Its body, where one is kept beside the log.
    pub beside: Option<Beside>,
}

/// Why a batch was not entered.
///
/// After all but [`AppendError::Stopped`] nothing of the batch is in the log and the log goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The log does not end where the caller thought. Decide again on what is there.
    #[error("the log has {size} entries, not the {expected} expected")]
    Moved {
        /// The index the batch was to begin at.
        expected: u64,
        /// The number of entries there are.
        size: u64,
    },
    /// An entry recorded before the one before it.
    #[error("an entry at {at_ms} cannot follow one at {head_ms}")]
    TimeRanBack {
        /// Time of the entry, ms since 1970 UTC.
        at_ms: i64,
        /// Time of the entry before it.
        head_ms: i64,
    },
    /// The statement already stands in the log. Answer as it was answered.
    #[error("the statement already stands in entry {index}")]
    Twice {
        /// That entry.
        index: u64,
    },
    /// The batch is empty.
    #[error("there is nothing to enter")]
    Empty,
    /// Over a limit of [`crate::limit`].
    #[error("too much to write at once")]
    TooLarge,
    /// More is waiting than the writer can take. Try again later.
    #[error("the record cannot keep up: try again in a moment")]
    Busy,
    /// The disk is full. [`SqliteLog::release_reserve`](crate::SqliteLog::release_reserve) makes room for a stop.
    #[error("the disk is full: nothing more can be recorded until there is room")]
    DiskFull,
    /// The log takes no more until it is opened again, with the reason. Whether this batch is in it is known only then: look
    /// for the statement.
    #[error("the record has stopped: {0}")]
    Stopped(Arc<str>),
}

/// A read failed. `Display` is for people; [`std::error::Error::source`] has the detail.
#[derive(Debug)]
pub struct ReadError {
    sentence: &'static str,
    detail: Box<dyn std::error::Error + Send + Sync>,
}

impl ReadError {
    pub(crate) fn new(
        sentence: &'static str,
        detail: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            sentence,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.detail)
    }
}

/// Called once with the answer to a batch; when it is dropped unanswered, with [`AppendError::Stopped`].
pub struct Ack(Option<Answer>);

type Answer = Box<dyn FnOnce(Result<Appended, AppendError>) + Send>;

impl Ack {
    /// Calls `answer` once.
    pub fn new(answer: impl FnOnce(Result<Appended, AppendError>) + Send + 'static) -> Self {
        Self(Some(Box::new(answer)))
    }

    /// Gives the answer.
    pub fn answer(mut self, answer: Result<Appended, AppendError>) {
        if let Some(call) = self.0.take() {
            call(answer);
        }
    }
}

impl Drop for Ack {
    fn drop(&mut self) {
        if let Some(call) = self.0.take() {
            call(Err(AppendError::Stopped(
                "the writer ended before it answered".into(),
            )));
        }
    }
}

impl fmt::Debug for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ack")
    }
}

/// What is wrong with a batch whatever the log holds.
pub(crate) fn unfit(batch: &[Append]) -> Option<AppendError> {
    if batch.is_empty() {
        return Some(AppendError::Empty);
    }
    let bytes: usize = batch.iter().map(Append::bytes).sum();
    (batch.len() > GROUP_ENTRIES_MAX || bytes > GROUP_BYTES_MAX).then_some(AppendError::TooLarge)
}

/// Why `batch` cannot follow a log of `size` entries, the last recorded at `head_ms`.
pub(crate) fn misplaced(
    size: u64,
    head_ms: i64,
    first: u64,
    batch: &[Append],
) -> Option<AppendError> {
    if first != size {
        return Some(AppendError::Moved {
            expected: first,
            size,
        });
    }
    let mut before = head_ms;
    for one in batch {
        if one.at_ms < before {
            return Some(AppendError::TimeRanBack {
                at_ms: one.at_ms,
                head_ms: before,
            });
        }
        before = one.at_ms;
    }
    None
}

/// Whether a value for `meta` or a name is within its limits.
pub(crate) fn is_small(text: &str, value: Option<&[u8]>) -> bool {
    text.len() <= crate::limit::TEXT_BYTES_MAX
        && value.is_none_or(|value| value.len() <= crate::limit::META_BYTES_MAX)
}
