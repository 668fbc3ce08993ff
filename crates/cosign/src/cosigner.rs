//! The cosigner: its key, its memory, and the answer to a request.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use ledger::cosignature::{self, CosignerKey};
use ledger::note::VerifierKey;
use ledger::witness::SIZE_MEDIA;

use crate::decide::{Decision, Head, Presented, Refusal, decide, present};
use crate::heads::{Cosigned, Heads, HeadsError, Kept};
use crate::key::{self, Key, KeyError};
use crate::limit::{RETRY_BUSY_S, RETRY_PERSON_S};
use crate::{CosignError, heads::Held};

/// Locked by the process that signs. Its content says nothing.
const LOCK: &str = "cosigner.lock";

const TEXT: &str = "text/plain; charset=utf-8";

/// A cosigner in a folder of its own. One process at a time.
pub struct Cosigner {
    key: Key,
    heads: Mutex<Heads>,
    followed: RwLock<BTreeMap<String, Vec<VerifierKey>>>,
    /// Called between the commit and the answer; for tests of what a crash right there leaves.
    after_store: Option<fn()>,
    /// Held open for its lock.
    _lock: File,
}

/// An answer, as HTTP gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The content type.
    pub media: &'static str,
    /// The body.
    pub body: String,
    /// Seconds after which it may be asked again.
    pub retry_after_s: Option<u32>,
}

impl Answer {
    pub(crate) fn says(status: u16, says: &dyn fmt::Display) -> Self {
        Self {
            status,
            media: TEXT,
            body: format!("{says}\n"),
            retry_after_s: None,
        }
    }

    pub(crate) fn later(status: u16, says: &dyn fmt::Display, retry_after_s: u32) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::says(status, says)
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let retry_after_s = (refusal.status == 503).then_some(RETRY_PERSON_S);
        Self {
            retry_after_s,
            ..Self::says(refusal.status, &refusal.says)
        }
    }
}

impl Cosigner {
    /// Opens the cosigner in `folder`, or makes one there with a new key called `name`.
    ///
    /// On a first start the file is made, then the key: a crash between leaves a file without heads, to which the next start
    /// makes the key. A key without its file is refused: what it signed is not known, so it must not sign.
    ///
    /// # Errors
    /// [`CosignError`], with a sentence that says what to do.
    pub fn open(folder: &Path, name: Option<&str>) -> Result<Self, CosignError> {
        key::folder(folder)?;
        let lock = lock(folder)?;
        let has_key = key::exists(folder);
        if has_key && !Heads::exists(folder) {
            return Err(HeadsError::Forgotten {
                folder: folder.to_owned(),
            }
            .into());
        }
        let heads = Heads::open(folder, !has_key)?;
        if !has_key {
            if !heads.is_fresh()? {
                return Err(KeyError::Gone {
                    folder: folder.to_owned(),
                }
                .into());
            }
            key::create(folder, name)?;
        }
        let key = key::open(folder, name)?;
        let cosigner = Self {
            key,
            heads: Mutex::new(heads),
            followed: RwLock::default(),
            after_store: None,
            _lock: lock,
        };
        cosigner.learn()?;
        Ok(cosigner)
    }

    /// Its public key with its name.
    pub fn key(&self) -> &CosignerKey {
        &self.key.public
    }

    /// Follows a log, from now on and after every start.
    ///
    /// # Errors
    /// [`CosignError`].
    pub fn follow(&self, log: &VerifierKey, now_s: u64) -> Result<(), CosignError> {
        self.heads().follow(log, now_s)?;
        self.learn()
    }

    /// The keys of the logs that it follows.
    pub fn followed(&self) -> Vec<VerifierKey> {
        let followed = self.followed.read().unwrap_or_else(PoisonError::into_inner);
        followed.values().flatten().cloned().collect()
    }

    /// Answers `POST <prefix>/add-checkpoint` at `now_s`, seconds since 1970 UTC. With status 200 the head is durable.
    pub fn add_checkpoint(&self, body: &[u8], now_s: u64) -> Answer {
        let found = present(body, |origin| {
            let followed = self.followed.read().unwrap_or_else(PoisonError::into_inner);
            followed.get(origin).cloned().unwrap_or_default()
        });
        let presented = match found {
            Ok(presented) => presented,
            Err(refusal) => return refusal.into(),
        };
        let answer = self
            .heads()
            .transact(|memory| self.within(memory, &presented, now_s));
        if let Some(pause) = self.after_store
            && matches!(&answer, Ok(answer) if answer.status == 200)
        {
            pause();
        }
        answer.unwrap_or_else(|error| Answer::later(503, &error, retry_after_s(&error)))
    }

    /// What was kept, newest first: notes that show a fork, or that were not joined.
    ///
    /// # Errors
    /// [`CosignError`].
    pub fn kept(&self) -> Result<Vec<Kept>, CosignError> {
        Ok(self.heads().kept()?)
    }

    /// The newest head of each log with its cosignature.
    pub(crate) fn newest(&self) -> Result<Vec<Cosigned>, HeadsError> {
        self.heads().newest()
    }

    /// Calls `pause` between a commit and its answer. For tests: what a crash right there leaves is a promise.
    #[doc(hidden)]
    pub fn pause_after_store(&mut self, pause: fn()) {
        self.after_store = Some(pause);
    }

    /// Inside the transaction: decide by what is remembered, then write what was decided.
    fn within(
        &self,
        memory: &mut Held<'_>,
        presented: &Presented<'_>,
        now_s: u64,
    ) -> Result<Answer, HeadsError> {
        let checkpoint = &presented.checkpoint;
        let origin = checkpoint.origin.as_str();
        let remembered = memory.remembered(origin, checkpoint.size)?;
        match decide(presented, &remembered, &self.key.public, now_s) {
            Decision::Cosign(at_s) => {
                let name = self.key.public.name();
                // Made before the commit and handed out after it: what a crash leaves unsent nobody has.
                let line = cosignature::cosign(checkpoint, at_s, name, &self.key.secret)
                    .map_err(|error| HeadsError::Damaged(error.to_string()))?;
                let head = Head {
                    checkpoint: checkpoint.clone(),
                    note: presented.bare(),
                    at_s,
                };
                memory.swap(remembered.head.as_ref(), &head, &line)?;
                Ok(Answer {
                    status: 200,
                    media: TEXT,
                    body: line,
                    retry_after_s: None,
                })
            }
            Decision::Moved(size, fork) => {
                if let Some(fork) = fork {
                    memory.keep(checkpoint, &fork, now_s)?;
                }
                Ok(Answer {
                    status: 409,
                    media: SIZE_MEDIA,
                    body: format!("{size}\n"),
                    retry_after_s: None,
                })
            }
            Decision::Forked(fork) => {
                memory.keep(checkpoint, &fork, now_s)?;
                Ok(Answer::says(
                    409,
                    &format!(
                        "this log's key has signed two histories of {} entries: both notes are kept",
                        checkpoint.size
                    ),
                ))
            }
            Decision::Unjoined(evidence, says) => {
                memory.keep(checkpoint, &evidence, now_s)?;
                Ok(Answer::says(422, &says))
            }
            Decision::Freeze(evidence, says) => {
                memory.keep(checkpoint, &evidence, now_s)?;
                memory.freeze(origin, &says, now_s)?;
                Ok(Answer::later(503, &says, RETRY_PERSON_S))
            }
            Decision::Refuse(refusal) => Ok(refusal.into()),
        }
    }

    fn heads(&self) -> MutexGuard<'_, Heads> {
        // A panic inside a transaction left it to be rolled back by the next `BEGIN`, which fails and says so.
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn learn(&self) -> Result<(), CosignError> {
        let mut by_origin: BTreeMap<String, Vec<VerifierKey>> = BTreeMap::new();
        for key in self.heads().followed()? {
            by_origin
                .entry(key.name().to_owned())
                .or_default()
                .push(key);
        }
        *self
            .followed
            .write()
            .unwrap_or_else(PoisonError::into_inner) = by_origin;
        Ok(())
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cosigner")
            .field("key", &self.key.public)
            .finish_non_exhaustive()
    }
}

/// What a cosigner is and follows, read beside one that may be running.
#[derive(Debug, Clone)]
pub struct Look {
    /// Its public key with its name.
    pub key: CosignerKey,
    /// The keys of the logs that it follows.
    pub followed: Vec<VerifierKey>,
    /// What it kept, newest first.
    pub kept: Vec<Kept>,
}

/// Looks at the cosigner in `folder` without touching it.
///
/// # Errors
/// [`CosignError`].
pub fn look(folder: &Path) -> Result<Look, CosignError> {
    let heads = Heads::open_to_read(folder)?;
    Ok(Look {
        key: key::look(folder)?,
        followed: heads.followed()?,
        kept: heads.kept()?,
    })
}

fn retry_after_s(error: &HeadsError) -> u32 {
    match error {
        HeadsError::Moved | HeadsError::Database { .. } => RETRY_BUSY_S,
        HeadsError::InUse { .. }
        | HeadsError::Forgotten { .. }
        | HeadsError::Missing { .. }
        | HeadsError::OtherFormat(_)
        | HeadsError::Damaged(_)
        | HeadsError::Setting(_)
        | HeadsError::Full
        | HeadsError::Stopped(_)
        | HeadsError::FollowsTooMany
        | HeadsError::Io { .. } => RETRY_PERSON_S,
    }
}

fn lock(folder: &Path) -> Result<File, HeadsError> {
    let path: PathBuf = folder.join(LOCK);
    let io = |doing, source| HeadsError::Io {
        doing,
        path: path.clone(),
        source,
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| io("open", source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(HeadsError::InUse {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(io("lock", source)),
    }
}
