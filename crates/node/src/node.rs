//! The node: asked and closed. How it is made and opened stands in `open`, what it does by itself in `threads`.

mod open;
mod threads;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use domain::id::{KeyId, StatementId};
use domain::time::Millis;
use ledger::checkpoint::Origin;
use ledger::envelope::SeenHead;
use ledger::note::VerifierKey;
use store::{Attachments, OpenError as StoreError};

use crate::answer::{Entered, NotEntered};
use crate::core::{Core, Done, Listener, Message};
use crate::cosigners::Cosigners;
use crate::keys::KeysError;
use crate::submission::Submission;

/// Why a node cannot be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Its record.
    #[error(transparent)]
    Record(#[from] StoreError),
    /// Making it was cut off before anything was entered.
    #[error("the record in `{}` holds nothing: making it was cut off; remove the folder and make it again", .0.display())]
    Unopened(PathBuf),
    /// The production's name gives no origin, or the packs cannot be had.
    #[error("{0}")]
    Opening(String),
    /// The first entries could not be written.
    #[error("the first entries could not be written: {0}")]
    First(NotEntered),
    /// `takeover.toml` cannot be read, or the record is not the one that it is for.
    #[error("`{}` cannot be followed: {says}", path.display())]
    Takeover {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        says: String,
    },
    /// From the operating system.
    #[error("cannot {doing}")]
    Os {
        /// The verb and what on.
        doing: &'static str,
        /// The detail.
        source: std::io::Error,
    },
}

/// What stands around a node and is not its record.
#[derive(Default, Clone)]
pub struct Around {
    /// Asks cosigners; nobody is asked without it.
    pub cosigners: Option<Arc<dyn Cosigners>>,
    /// Where files are kept; in the node's folder when `None`.
    pub attachments: Option<Arc<dyn Attachments>>,
}

/// One node over one log. Dropping it writes what is on its way and closes the record.
pub struct Node {
    pub(crate) core: Arc<Core>,
    publisher: Option<JoinHandle<()>>,
    /// What runs out, cosigners, hashing again: each on its own.
    tickers: Vec<JoinHandle<()>>,
    closing: Arc<(Mutex<bool>, Condvar)>,
    ticking: AtomicBool,
}

/// Statements that were not entered since the node started, by why; and gaps in devices' counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turned {
    /// Could not be read.
    pub invalid: u64,
    /// Signed by somebody who may not write here.
    pub denied: u64,
    /// The node could not.
    pub faults: u64,
    /// Statements that do not follow their key's last one; they were taken.
    pub gaps: u64,
}

impl Node {
    /// Takes the bytes of a submission. `done` is called once, from another thread, when the entry is durable or nothing
    /// will be entered.
    pub fn submit(
        &self,
        bytes: &[u8],
        done: impl FnOnce(Result<Entered, NotEntered>) + Send + 'static,
    ) {
        match Submission::read(bytes) {
            Ok(submission) => self.core.submit(submission, Box::new(done)),
            Err(not) => self.core.refuse(not, Box::new(done)),
        }
    }

    /// [`Node::submit`] for a submission in memory.
    pub fn take(
        &self,
        submission: Submission,
        done: impl FnOnce(Result<Entered, NotEntered>) + Send + 'static,
    ) {
        self.core.submit(submission, Box::new(done));
    }

    /// [`Node::submit`], waiting for the answer.
    ///
    /// # Errors
    /// [`NotEntered`]: nothing was entered.
    pub fn submit_and_wait(&self, bytes: &[u8]) -> Result<Entered, NotEntered> {
        wait(|done| self.submit(bytes, done))
    }

    /// [`Node::take`], waiting for the answer.
    ///
    /// # Errors
    /// [`NotEntered`]: nothing was entered.
    pub fn take_and_wait(&self, submission: Submission) -> Result<Entered, NotEntered> {
        wait(|done| self.core.submit(submission, done))
    }

    /// The log's name.
    pub fn origin(&self) -> &str {
        &self.core.origin
    }

    /// The log's name and public key.
    pub fn verifier(&self) -> &VerifierKey {
        &self.core.verifier
    }

    /// The folder of the node.
    pub fn folder(&self) -> &Path {
        &self.core.folder
    }

    /// The unit whose node this is; the id of the entry that opened the log.
    pub fn unit(&self) -> StatementId {
        self.core.unit
    }

    /// The node's time, ms UTC.
    pub fn now(&self) -> Millis {
        self.core.now()
    }

    /// The newest head as a device sees it now.
    pub fn seen(&self) -> SeenHead {
        self.core.seen(self.core.now())
    }

    /// Why the node takes nothing, if so: it was opened on a damaged record, or a write failed and nobody knows what is on
    /// the disk. Only opening it again helps.
    pub fn frozen(&self) -> Option<&str> {
        self.core.frozen()
    }

    /// What was turned away since the node started.
    pub fn turned_away(&self) -> Turned {
        let counters = &self.core.counters;
        Turned {
            invalid: counters.invalid.load(Ordering::Relaxed),
            denied: counters.denied.load(Ordering::Relaxed),
            faults: counters.faults.load(Ordering::Relaxed),
            gaps: counters.gaps.load(Ordering::Relaxed),
        }
    }

    /// Calls `tell` with a rising number whenever a board may have changed. It must return quickly.
    pub fn on_change(&self, tell: impl Fn(u64) + Send + Sync + 'static) {
        let tell: Listener = Box::new(tell);
        self.core
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(tell);
    }

    /// `name@version:sha256` of the packs in force.
    pub fn packs(&self) -> Vec<String> {
        self.core.ahead().rules.packs.clone()
    }

    /// Whether this key was ever enrolled.
    pub fn is_enrolled(&self, key: KeyId) -> bool {
        self.core.shown().state.keys.contains_key(&key)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        *self
            .closing
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = true;
        self.closing.1.notify_all();
        for ticker in self.tickers.drain(..) {
            drop(ticker.join());
        }
        self.core.acks.send(Message::Close).ok();
        if let Some(publisher) = self.publisher.take() {
            drop(publisher.join());
        }
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("origin", &self.core.origin)
            .field("frozen", &self.core.frozen())
            .finish_non_exhaustive()
    }
}

/// Waits for the one answer.
pub(crate) fn wait(ask: impl FnOnce(Done)) -> Result<Entered, NotEntered> {
    let (sender, receiver) = mpsc::sync_channel(1);
    ask(Box::new(move |answer| drop(sender.send(answer))));
    receiver.recv().unwrap_or_else(|_| {
        Err(NotEntered::fault(
            "closed",
            "the node was closed before it answered",
            true,
        ))
    })
}

/// The origin of the log that `name` names.
pub(crate) fn parse_origin(name: &str) -> Result<Origin, NodeError> {
    name.parse()
        .map_err(|error| NodeError::Opening(format!("`{name}` cannot name a log: {error}")))
}
