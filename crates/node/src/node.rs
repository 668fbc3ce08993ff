//! The node: made, opened, asked, closed.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError, RwLock};
use std::thread::JoinHandle;

use audit::Rulebook;
use domain::act::Act;
use domain::act::log::Started;
use domain::id::{KeyId, StatementId};
use domain::time::Millis;
use ledger::checkpoint::Origin;
use ledger::envelope::SeenHead;
use ledger::note::VerifierKey;
use store::{Attachments, FolderAttachments, OpenError as StoreError, SqliteLog};

use crate::answer::{Entered, NotEntered};
use crate::clock::{Clock, Timeline};
use crate::core::{Ahead, Core, Counters, Disk, Done, Listener, Message};
use crate::cosigners::Cosigners;
use crate::cosigning::Signatures;
use crate::enrol::Link;
use crate::genesis::{self, Opening};
use crate::keys::{Keys, KeysError, read_verifier};
use crate::limit::{SCRUB_AFTER_MS, SCRUB_EVERY_MS, SCRUB_PAUSE_MS, TICK_MS};
use crate::load::{self, Loaded};
use crate::publish;
use crate::rules;
use crate::submission::Submission;
use crate::takeover::Plan;

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

/// The folder of files in the folder of a node.
const FILES: &str = "attachments";

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
    /// Makes a node in `folder`: keys, record, first entries, and a link for the first administrator.
    ///
    /// # Errors
    /// [`NodeError`]; a folder that holds a record already is left as it is.
    pub fn create(
        folder: &Path,
        opening: &Opening,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
    ) -> Result<(Self, Link), NodeError> {
        Self::create_with(folder, opening, book, clock, Around::default())
    }

    /// [`Node::create`] with what stands around it.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn create_with(
        folder: &Path,
        opening: &Opening,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        around: Around,
    ) -> Result<(Self, Link), NodeError> {
        std::fs::create_dir_all(folder).map_err(|source| NodeError::Os {
            doing: "make the folder of the node",
            source,
        })?;
        if folder.join(audit::RECORD).exists() {
            return Err(StoreError::Exists {
                folder: folder.to_owned(),
            }
            .into());
        }
        let wall = clock.wall_ms();
        let origin = genesis::origin(opening, wall)?;
        let keys = Keys::create(folder, &origin)?;
        let log: Arc<dyn Disk> =
            Arc::new(SqliteLog::create(folder, &keys.verifier, signer(&keys))?);
        Self::begin(
            folder,
            opening,
            keys,
            log,
            book,
            clock,
            with_files(folder, around),
        )
    }

    /// Makes a node over a log that is empty, such as one in memory: for tests. `folder` takes its keys.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn create_on(
        folder: &Path,
        opening: &Opening,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        make: impl FnOnce(&VerifierKey, store::Signer) -> Arc<dyn Disk>,
    ) -> Result<(Self, Link), NodeError> {
        let origin = genesis::origin(opening, clock.wall_ms())?;
        let keys = Keys::create(folder, &origin)?;
        let log = make(&keys.verifier, signer(&keys));
        Self::begin(folder, opening, keys, log, book, clock, Around::default())
    }

    /// Opens a node over a log that is open already, such as one in memory: for tests. `folder` has its keys.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn open_on(
        folder: &Path,
        log: Arc<dyn Disk>,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        around: Around,
    ) -> Result<Self, NodeError> {
        let keys = Keys::open(folder)?;
        let loaded = load::from_log(&*log, &keys.verifier);
        let node = Self::start(
            folder,
            Some(keys),
            Some(log),
            None,
            loaded,
            book,
            clock,
            around,
        )?;
        node.settle_start();
        Ok(node)
    }

    fn begin(
        folder: &Path,
        opening: &Opening,
        keys: Keys,
        log: Arc<dyn Disk>,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        around: Around,
    ) -> Result<(Self, Link), NodeError> {
        let link = genesis::write(&keys, &*log, opening, &*book, &*clock)?;
        let loaded = load::from_log(&*log, &keys.verifier);
        let node = Self::start(
            folder,
            Some(keys),
            Some(log),
            None,
            loaded,
            book,
            clock,
            around,
        )?;
        Ok((node, link))
    }

    /// Opens the node in `folder`: verifies the whole record, folds it, and enters that the node started.
    ///
    /// A record that does not verify gives a *frozen* node, which shows CHECK NEEDED for every weapon, answers reads as far
    /// as the record can be read, and takes nothing: see [`Node::frozen`].
    ///
    /// # Errors
    /// [`NodeError`], when there is nothing to open or another process has it.
    pub fn open(
        folder: &Path,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
    ) -> Result<Self, NodeError> {
        Self::open_with(folder, book, clock, Around::default())
    }

    /// [`Node::open`] with what stands around it. Before anything is written the cosigners are asked whether they hold more
    /// of this record, for some seconds at most; a `takeover.toml` is followed ([`crate::Takeover`]).
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn open_with(
        folder: &Path,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        around: Around,
    ) -> Result<Self, NodeError> {
        let verifier = read_verifier(folder)?;
        let keys = Keys::open(folder)?;
        match SqliteLog::open(folder, &verifier, signer(&keys)) {
            Ok(log) => {
                let log: Arc<dyn Disk> = Arc::new(log);
                let around = with_files(folder, around);
                let loaded = load::from_log(&*log, &verifier);
                if loaded.size == 0 && loaded.fault.is_none() {
                    return Err(NodeError::Unopened(folder.to_owned()));
                }
                let node = Self::start(
                    folder,
                    Some(keys),
                    Some(log),
                    None,
                    loaded,
                    book,
                    clock,
                    around,
                )?;
                node.settle_start();
                Ok(node)
            }
            Err(
                error @ (StoreError::InUse { .. }
                | StoreError::Missing { .. }
                | StoreError::Unfinished { .. }
                | StoreError::Exists { .. }
                | StoreError::LibraryTooOld { .. }
                | StoreError::Io { .. }),
            ) => Err(error.into()),
            Err(error) => {
                let (archive, mut loaded) = load::from_archive(folder, &verifier);
                loaded.fault = Some(error.to_string());
                let around = with_files(folder, around);
                Self::start(
                    folder,
                    Some(keys),
                    None,
                    archive,
                    loaded,
                    book,
                    clock,
                    around,
                )
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a node is made of, given once"
    )]
    fn start(
        folder: &Path,
        keys: Option<Keys>,
        log: Option<Arc<dyn Disk>>,
        archive: Option<store::SqliteArchive>,
        loaded: Loaded,
        book: Box<dyn Rulebook>,
        clock: Box<dyn Clock>,
        around: Around,
    ) -> Result<Self, NodeError> {
        let verifier = match &keys {
            Some(keys) => keys.verifier.clone(),
            None => read_verifier(folder)?,
        };
        let (acks, messages) = mpsc::channel();
        let rules = rules::in_force(&*book, &loaded.shown.state.packs);
        let ahead = Ahead {
            state: loaded.shown.state.clone(),
            next: loaded.size,
            ids: loaded.ids,
            flying: HashMap::new(),
            last: loaded.shown.last.clone(),
            rules,
            in_flight: 0,
            recovering: false,
            resync: false,
            urgent: Vec::new(),
            visits: VecDeque::new(),
        };
        let frozen = OnceLock::new();
        if let Some(fault) = loaded.fault {
            frozen.set(fault).ok();
        }
        let core = Arc::new(Core {
            folder: folder.to_owned(),
            origin: verifier.name().to_owned(),
            verifier,
            keys,
            unit: loaded.unit,
            time: Mutex::new(Timeline::begin(&*clock, ahead.state.recorded_at)),
            clock,
            book,
            log,
            archive: archive.map(Mutex::new),
            ahead: Mutex::new(ahead),
            shown: RwLock::new(loaded.shown),
            frozen,
            tree: Arc::new(Mutex::new(loaded.tree)),
            cosigners: around.cosigners,
            signatures: Mutex::new(Signatures::default()),
            attachments: around.attachments,
            had: Mutex::new(()),
            erasing: Mutex::new(BTreeSet::new()),
            eraser: Mutex::new(()),
            scrubbed_at: AtomicI64::new(0),
            counters: Counters::default(),
            changed: AtomicU64::new(0),
            ticks: AtomicU64::new(0),
            cart: Mutex::new(()),
            listeners: Mutex::new(Vec::new()),
            acks,
        });
        let shared = core.clone();
        let publisher = std::thread::Builder::new()
            .name("node-publisher".into())
            .spawn(move || publish::run(&shared, &messages))
            .map_err(|source| NodeError::Os {
                doing: "start the publisher",
                source,
            })?;
        Ok(Self {
            core,
            publisher: Some(publisher),
            tickers: Vec::new(),
            closing: Arc::new((Mutex::new(false), Condvar::new())),
            ticking: AtomicBool::new(false),
        })
    }

    /// What comes between a record that verified and the first use of it.
    fn settle_start(&self) {
        let core = &self.core;
        core.read_signatures();
        if core.frozen().is_some() {
            return;
        }
        match core.takeover() {
            Ok(Plan::None) => match core.frozen_for_good() {
                Some(why) => core.freeze(&why),
                None => core.ask_cosigners(true),
            },
            Ok(plan) => {
                // Asking would say what the words of the take-over say already: others hold more.
                if let Err(error) = core.take_over(plan) {
                    core.freeze(&error.to_string());
                }
            }
            Err(error) => core.freeze(&error.to_string()),
        }
        self.enter_started();
        core.find_unerased();
        core.finish_erasing();
    }

    /// Enters that the node started: every lease and every custody epoch ends.
    fn enter_started(&self) {
        if self.core.frozen().is_some() {
            return;
        }
        let mut answer = self.try_started();
        if let (
            Err(NotEntered::Fault {
                code: "disk_full", ..
            }),
            Some(log),
        ) = (&answer, &self.core.log)
        {
            // Without a start no stop can be recorded either, so it may use some of what is kept for one.
            log.release_reserve().ok();
            answer = self.try_started();
        }
        if let Err(not) = answer {
            // Nothing may be shown as it was before: without this entry leases of the last run would stand.
            self.core.freeze(&format!(
                "the start of the node could not be recorded: {not}"
            ));
        }
    }

    fn try_started(&self) -> Result<Entered, NotEntered> {
        wait(|done| {
            let mut ahead = self.core.ahead();
            let act = Act::NodeStarted(Started {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                program: crate::program(),
                packs: ahead.rules.packs.clone(),
                limits: ahead.rules.judge.limits(),
            });
            self.core.own(&mut ahead, &act, done);
        })
    }

    /// Starts the threads that see what runs out by itself, ask the cosigners and hash the log again. Without them, call
    /// [`Node::tick`], [`Node::ask_cosigners`] and [`Node::scrub`].
    ///
    /// # Errors
    /// From the operating system.
    pub fn run_clock(&mut self) -> std::io::Result<()> {
        if self.ticking.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let core = self.core.clone();
        let mut seen = 0;
        self.every("node-clock", TICK_MS, move || {
            seen = crate::tick::tick(&core, seen);
            TICK_MS
        })?;
        let core = self.core.clone();
        if core.cosigners.is_some() {
            self.every("node-cosigners", TICK_MS, move || {
                if core.frozen().is_none() {
                    core.ask_cosigners(false);
                }
                TICK_MS
            })?;
        }
        let core = self.core.clone();
        let mut next = 0;
        self.every("node-scrub", SCRUB_AFTER_MS, move || {
            if core.frozen().is_some() {
                return SCRUB_EVERY_MS;
            }
            let Ok(Some(after)) = core.scrub_some(next) else {
                // The end; or what could not be read now, which is tried again from the beginning.
                next = 0;
                return SCRUB_EVERY_MS;
            };
            next = after;
            SCRUB_PAUSE_MS
        })
    }

    /// Runs `turn` on a thread of its own after `first_ms`, then as many ms later as it says, until the node is closed.
    fn every(
        &mut self,
        name: &str,
        first_ms: u64,
        mut turn: impl FnMut() -> u64 + Send + 'static,
    ) -> std::io::Result<()> {
        let closing = self.closing.clone();
        let thread = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                let mut wait_ms = first_ms;
                loop {
                    let guard = closing.0.lock().unwrap_or_else(PoisonError::into_inner);
                    let wait = std::time::Duration::from_millis(wait_ms);
                    let (closed, _) = closing
                        .1
                        .wait_timeout_while(guard, wait, |closed| !*closed)
                        .unwrap_or_else(PoisonError::into_inner);
                    if *closed {
                        return;
                    }
                    drop(closed);
                    wait_ms = turn();
                }
            })?;
        self.tickers.push(thread);
        Ok(())
    }

    /// Looks once whether something ran out: deadlines, leases, stops that wait for their record, the wall clock.
    pub fn tick(&self) {
        crate::tick::tick(&self.core, 0);
    }

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

/// With files in the folder of the node where no other place is named. A folder that cannot be used takes no files; nothing
/// else rests on it.
fn with_files(folder: &Path, mut around: Around) -> Around {
    if around.attachments.is_none()
        && let Ok(place) = FolderAttachments::open(&folder.join(FILES))
    {
        around.attachments = Some(Arc::new(place));
    }
    around
}

/// Signs checkpoints with the log's key.
fn signer(keys: &Keys) -> store::Signer {
    let key = keys.log.clone();
    Box::new(move |head| head.sign(&key).map_err(|error| error.to_string()))
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
