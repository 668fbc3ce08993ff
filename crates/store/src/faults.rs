//! Faults on purpose, for the campaigns: a durable step that fails, that works and says it failed, or in which the process
//! dies. Without the feature `faults` every step is only itself, and nothing here can be asked for.
//!
//! A program that is run has no way to a fault: the plan is made by the test that calls [`plan`], never from a setting, an
//! argument or the environment.

use std::io;

/// A step that must survive a crash in it. Each says in the code what a crash right there leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A new database with its tables, under the unfinished name.
    MakeTables,
    /// Its first signed head.
    FirstHead,
    /// The new file onto the disk.
    SyncFile,
    /// To its own name.
    Rename,
    /// The folder onto the disk.
    SyncFolder,
    /// What was left in the write-ahead log, into the database, at an opening.
    Recover,
    /// Space kept back.
    Reserve,
    /// A transaction begins.
    Begin,
    /// The stored head is read.
    ReadHead,
    /// An entry is put.
    Entry,
    /// Its body is put.
    Body,
    /// What was stored is read back.
    ReadBack,
    /// The checkpoint is signed.
    Sign,
    /// The head's row is swapped.
    SwapHead,
    /// The checkpoint is put.
    Checkpoint,
    /// A value or a name is put.
    Beside,
    /// A body is erased.
    Erase,
    /// The transaction is committed.
    Commit,
    /// It is taken back.
    RollBack,
    /// Callers are told.
    Acknowledge,
    /// The write-ahead log goes into the database.
    Sweep,
}

impl Step {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 21] = [
        Self::MakeTables,
        Self::FirstHead,
        Self::SyncFile,
        Self::Rename,
        Self::SyncFolder,
        Self::Recover,
        Self::Reserve,
        Self::Begin,
        Self::ReadHead,
        Self::Entry,
        Self::Body,
        Self::ReadBack,
        Self::Sign,
        Self::SwapHead,
        Self::Checkpoint,
        Self::Beside,
        Self::Erase,
        Self::Commit,
        Self::RollBack,
        Self::Acknowledge,
        Self::Sweep,
    ];
}

/// An error that a step can be made to say.
pub(crate) trait Said {
    fn said(step: Step) -> Self;
}

impl Said for io::Error {
    fn said(step: Step) -> Self {
        Self::other(format!("made to fail at {step:?}"))
    }
}

impl Said for rusqlite::Error {
    fn said(step: Step) -> Self {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
        Self::SqliteFailure(code, Some(format!("made to fail at {step:?}")))
    }
}

impl Said for String {
    fn said(step: Step) -> Self {
        format!("made to fail at {step:?}")
    }
}

#[cfg(not(feature = "faults"))]
pub(crate) use honest::{at, bent, synchronous};
#[cfg(feature = "faults")]
pub use planned::{Fault, plan, sabotage};
#[cfg(feature = "faults")]
pub(crate) use planned::{at, bent, synchronous};

#[cfg(not(feature = "faults"))]
mod honest {
    use super::{Said, Step};
    use std::borrow::Cow;

    #[inline]
    pub(crate) fn at<T, E: Said>(_: Step, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        act()
    }

    #[inline]
    pub(crate) const fn bent(bytes: &[u8]) -> Cow<'_, [u8]> {
        Cow::Borrowed(bytes)
    }

    /// The setting, and the number that it reads back as. NORMAL does not sync at a commit.
    #[inline]
    pub(crate) const fn synchronous() -> (&'static str, i64) {
        ("full", 2)
    }
}

#[cfg(feature = "faults")]
mod planned {
    use super::{Said, Step};
    use std::borrow::Cow;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, PoisonError};

    /// What befalls a step.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Fault {
        /// Nothing is done, and it says so.
        Fails,
        /// It is done, and says that it failed.
        WorksAndFails,
        /// The process dies before it.
        DiesBefore,
        /// The process dies after it.
        DiesAfter,
        /// A bit of the entry turns on its way to the disk; only at [`Step::Entry`].
        Bends,
    }

    impl Fault {
        /// All of them.
        pub const ALL: [Self; 5] = [
            Self::Fails,
            Self::WorksAndFails,
            Self::DiesBefore,
            Self::DiesAfter,
            Self::Bends,
        ];
    }

    struct Plan {
        step: Step,
        fault: Fault,
        /// How often the step still goes well.
        spared: u32,
        for_ever: bool,
    }

    static PLAN: Mutex<Option<Plan>> = Mutex::new(None);
    static SABOTAGED: AtomicBool = AtomicBool::new(false);

    /// From now on `fault` befalls `step` in this process, after it went well `spared` times: once, or from then on.
    pub fn plan(step: Step, fault: Fault, spared: u32, for_ever: bool) {
        *PLAN.lock().unwrap_or_else(PoisonError::into_inner) = Some(Plan {
            step,
            fault,
            spared,
            for_ever,
        });
    }

    /// Logs opened from now on do not sync at a commit, the fault that the power campaign must find.
    pub fn sabotage() {
        SABOTAGED.store(true, Ordering::Relaxed);
    }

    fn due(step: Step, wanted: impl Fn(Fault) -> bool) -> Option<Fault> {
        let mut plan = PLAN.lock().unwrap_or_else(PoisonError::into_inner);
        let found = plan
            .as_mut()
            .filter(|plan| plan.step == step && wanted(plan.fault))?;
        if found.spared > 0 {
            found.spared -= 1;
            return None;
        }
        let fault = found.fault;
        if !found.for_ever {
            *plan = None;
        }
        Some(fault)
    }

    pub(crate) fn at<T, E: Said>(step: Step, act: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        match due(step, |fault| fault != Fault::Bends) {
            None | Some(Fault::Bends) => act(),
            Some(Fault::Fails) => Err(E::said(step)),
            Some(Fault::WorksAndFails) => act().and_then(|_| Err(E::said(step))),
            Some(Fault::DiesBefore) => die(),
            Some(Fault::DiesAfter) => {
                drop(act());
                die()
            }
        }
    }

    /// As `kill -9` would: nothing is closed, written out or taken back.
    fn die() -> ! {
        let itself = rustix::process::getpid();
        rustix::process::kill_process(itself, rustix::process::Signal::KILL).ok();
        loop {
            std::thread::park();
        }
    }

    pub(crate) fn bent(bytes: &[u8]) -> Cow<'_, [u8]> {
        if due(Step::Entry, |fault| fault == Fault::Bends).is_none() {
            return Cow::Borrowed(bytes);
        }
        let mut bent = bytes.to_vec();
        if let Some(byte) = bent.get_mut(bytes.len() / 2) {
            *byte ^= 1;
        }
        Cow::Owned(bent)
    }

    pub(crate) fn synchronous() -> (&'static str, i64) {
        if SABOTAGED.load(Ordering::Relaxed) {
            ("normal", 1)
        } else {
            ("full", 2)
        }
    }
}
