//! Made and opened.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64};
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};

use audit::Rulebook;
use domain::act::Act;
use domain::act::log::Started;
use ledger::note::VerifierKey;
use store::{FolderAttachments, OpenError as StoreError, SqliteLog};

use super::{Around, Node, NodeError, wait};
use crate::answer::{Entered, NotEntered};
use crate::clock::{Clock, Timeline};
use crate::core::{Ahead, Core, Counters, Disk};
use crate::cosigning::Signatures;
use crate::enrol::Link;
use crate::genesis::{self, Opening};
use crate::keys::{Keys, read_verifier};
use crate::load::{self, Loaded};
use crate::publish;
use crate::rules;
use crate::takeover::Plan;

/// The folder of files in the folder of a node.
const FILES: &str = "attachments";

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
