//! The one place where a statement is judged, admitted and appended.
//!
//! Two states stand beside each other. *Ahead* has every entry that was handed to the store; decisions rest on it, so that
//! a hundred people need not wait for one disk. *Shown* has only durable entries; boards and pages rest on it, so that
//! COLD never appears before the entry that grants it survives a power cut. When an append fails, what is ahead is thrown
//! away and begins again from what is durable; when nobody knows what the disk holds, the node freezes.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};

use audit::{Rulebook, Rules};
use domain::State;
use domain::act::Act;
use domain::id::{StatementId, StopId};
use domain::time::Millis;
use ledger::envelope::SeenHead;
use ledger::note::VerifierKey;
use ledger::tile::Rows;
use store::{AppendError, Appended, Attachments, Log, SqliteLog};

use crate::answer::{Entered, NotEntered};
use crate::clock::{Clock, Timeline};
use crate::cosigners::Cosigners;
use crate::cosigning::Signatures;
use crate::keys::Keys;
use crate::shown::{Last, Shown};
use crate::submission::Understood;

mod decide;

/// A log with room kept back for a stop.
pub trait Disk: Log {
    /// Gives that room back; `false` when it is given back already.
    ///
    /// # Errors
    /// From the file system.
    fn release_reserve(&self) -> std::io::Result<bool>;

    /// Keeps it again, when there is room.
    ///
    /// # Errors
    /// From the file system: mostly that there is still no room.
    fn keep_reserve(&self) -> std::io::Result<()>;
}

impl Disk for SqliteLog {
    fn release_reserve(&self) -> std::io::Result<bool> {
        Self::release_reserve(self)
    }

    fn keep_reserve(&self) -> std::io::Result<()> {
        Self::keep_reserve(self)
    }
}

impl Disk for store::MemoryLog {
    fn release_reserve(&self) -> std::io::Result<bool> {
        Ok(false)
    }

    fn keep_reserve(&self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Called once with what a submission came to.
pub(crate) type Done = Box<dyn FnOnce(Result<Entered, NotEntered>) + Send>;

/// Told that a board may have changed.
pub(crate) type Listener = Box<dyn Fn(u64) + Send + Sync>;

/// An entry on its way to the disk.
pub(crate) struct Flight {
    pub(crate) index: u64,
    pub(crate) entry: domain::Entry,
    pub(crate) counter: u64,
    pub(crate) done: Done,
    /// A stop to be tried again when the disk refuses it, and how often it was.
    pub(crate) urgent: Option<(Understood, u32)>,
}

/// What the store said of one.
pub(crate) enum Message {
    Acked(Box<Flight>, Result<Appended, AppendError>),
    /// No more will be handed over; end when nothing is on its way.
    Close,
}

/// A stop that acts and could not be recorded yet.
pub(crate) struct Urgent {
    pub(crate) read: Understood,
    pub(crate) done: Option<Done>,
    pub(crate) tries: u32,
}

/// What decisions rest on.
pub(crate) struct Ahead {
    pub(crate) state: State,
    /// Index of the next entry.
    pub(crate) next: u64,
    /// Every statement entered or on its way, with its index.
    pub(crate) ids: HashMap<StatementId, u64>,
    /// Who else waits for a statement that is on its way.
    pub(crate) flying: HashMap<StatementId, Vec<Done>>,
    pub(crate) last: Last,
    pub(crate) rules: Rules,
    pub(crate) in_flight: usize,
    /// An append failed: nothing is taken until everything on its way came back.
    pub(crate) recovering: bool,
    /// What is ahead must be read anew from what is durable, when nothing is on its way.
    pub(crate) resync: bool,
    pub(crate) urgent: Vec<Urgent>,
    /// Which visit pressed which open lock.
    pub(crate) visits: VecDeque<(String, StopId)>,
}

/// Statements that were not entered, by why.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) invalid: AtomicU64,
    pub(crate) denied: AtomicU64,
    pub(crate) faults: AtomicU64,
    pub(crate) gaps: AtomicU64,
}

/// Everything the node's threads share. Lock order: `ahead`, then `shown`, then `time`.
pub(crate) struct Core {
    pub(crate) folder: PathBuf,
    pub(crate) keys: Option<Keys>,
    pub(crate) verifier: VerifierKey,
    pub(crate) origin: String,
    pub(crate) unit: StatementId,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) time: Mutex<Timeline>,
    pub(crate) book: Box<dyn Rulebook>,
    pub(crate) log: Option<Arc<dyn Disk>>,
    pub(crate) archive: Option<Mutex<store::SqliteArchive>>,
    pub(crate) ahead: Mutex<Ahead>,
    pub(crate) shown: RwLock<Shown>,
    pub(crate) frozen: OnceLock<String>,
    /// Every hash of the tree; see [`Core::with_tree`].
    pub(crate) tree: Arc<Mutex<Rows>>,
    pub(crate) cosigners: Option<Arc<dyn Cosigners>>,
    pub(crate) signatures: Mutex<Signatures>,
    pub(crate) attachments: Option<Arc<dyn Attachments>>,
    /// Counting who had an exhibit.
    pub(crate) had: Mutex<()>,
    /// Statements whose bodies two people erased and whose bytes are not known to be gone.
    pub(crate) erasing: Mutex<BTreeSet<StatementId>>,
    /// Held by who erases.
    pub(crate) eraser: Mutex<()>,
    /// When the whole log was last hashed again, ms UTC; 0 for not yet.
    pub(crate) scrubbed_at: AtomicI64,
    pub(crate) counters: Counters,
    pub(crate) changed: AtomicU64,
    pub(crate) ticks: AtomicU64,
    /// One PIN at a time: guesses are counted one after another.
    pub(crate) cart: Mutex<()>,
    pub(crate) listeners: Mutex<Vec<Listener>>,
    pub(crate) acks: Sender<Message>,
}

impl Core {
    /// Locks what decisions rest on. A decision that broke off in the middle left it in doubt: the node freezes.
    pub(crate) fn ahead(&self) -> MutexGuard<'_, Ahead> {
        self.ahead.lock().unwrap_or_else(|broken| {
            self.freeze("a decision broke off in the middle");
            broken.into_inner()
        })
    }

    pub(crate) fn shown(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(|broken| {
            self.freeze("publishing an entry broke off in the middle");
            broken.into_inner()
        })
    }

    pub(crate) fn shown_mut(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(|broken| {
            self.freeze("publishing an entry broke off in the middle");
            broken.into_inner()
        })
    }

    pub(crate) fn time(&self) -> MutexGuard<'_, Timeline> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The node's time, ms UTC.
    pub(crate) fn now(&self) -> Millis {
        self.time().now(&*self.clock)
    }

    /// Takes nothing more until it is opened again. The first reason stands.
    pub(crate) fn freeze(&self, why: &str) {
        self.frozen.set(why.to_owned()).ok();
    }

    pub(crate) fn frozen(&self) -> Option<&str> {
        self.frozen.get().map(String::as_str)
    }

    pub(super) fn frozen_fault(&self) -> Option<NotEntered> {
        self.frozen().map(|why| {
            NotEntered::fault(
                "frozen",
                format!("the record on this node has stopped: {why}"),
                false,
            )
        })
    }

    /// Tells everybody who listens that a board may have changed.
    pub(crate) fn notify(&self) {
        let count = self.changed.fetch_add(1, Ordering::Relaxed) + 1;
        for tell in self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
        {
            tell(count);
        }
    }

    /// What a device would have seen: the newest head, asked for now.
    pub(crate) fn seen(&self, at: Millis) -> SeenHead {
        let shown = self.shown();
        SeenHead {
            size: shown.head.size,
            root: shown.head.root,
            at_ms: at,
        }
    }
}

/// What a statement came to without being decided.
pub(crate) enum Again {
    /// It stands in the record already.
    Entered(StatementId, u64),
    /// It is not entered.
    Not(NotEntered),
}

/// Acts before it is durable.
pub(crate) const fn is_urgent(act: &Act) -> bool {
    matches!(act, Act::Stop(_) | Act::UnexpectedEvent(_))
}
