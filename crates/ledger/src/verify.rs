//! Recomputing everything from the raw bytes.
//!
//! A [`Verifier`] is fed the entries in order and believes nothing else: it reads each entry and its envelope strictly,
//! checks the signature and that the key might sign, that time and ids never run backwards or repeat, that each body fits
//! its commitment, and at the end that the root over all of it is the one that the log's key signed. It stops at the first
//! fault and says where it is.
//!
//! Keys are not taken from a file. A [`Keyring`] learns them from the entries themselves, starting at the log's own key:
//! which kinds of statement enrol a key is the caller's to know.
//!
//! It keeps 64 bytes an entry (leaf and id). Nothing here is shared with the appender's tree: see [`root`].

mod root;

pub use root::{leaf, root, root_after};

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::checkpoint::{Checkpoint, CheckpointError, Origin};
use crate::entry::{Entry, EntryError};
use crate::envelope::{self, Beside, Content, EnvelopeError, Signed};
use crate::limit::{BODY_BYTES_MAX, GAPS_LISTED_MAX};
use crate::note::{NoteError, VerifierKey};
use crate::{Digest, PublicKey};

/// Who may sign, as the entries so far say.
pub trait Keyring {
    /// Whether `statement`, whose signature fits its key, is by a key that was ever enrolled, revoked ones included, and
    /// names the person it was enrolled for. The log's own key is asked about as well; it is the first to sign.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the key, without capital or full stop.
    fn may_sign(&mut self, index: u64, statement: &Signed) -> Result<(), String>;

    /// Takes from an accepted entry what it says about keys. `beside` is the body of a kind that keeps it beside the log,
    /// when the copy holds it; it fits its commitment.
    ///
    /// # Errors
    /// A sentence, when the entry must say something about keys and does not.
    fn learn(
        &mut self,
        index: u64,
        entry: &Entry,
        statement: &Signed,
        beside: Option<&Beside>,
    ) -> Result<(), String>;
}

/// What was found when nothing was at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The signed head that everything led to.
    pub checkpoint: Checkpoint,
    /// Bodies beside the log that were there and fitted.
    pub bodies: u64,
    /// Bodies beside the log that this copy leaves out.
    pub bodies_withheld: u64,
    /// Keys that signed at least once.
    pub keys: u64,
    /// Recorded time of the last entry, ms since 1970 UTC; 0 when there is none.
    pub last_at_ms: i64,
    /// Statements whose counter or previous id does not follow their key's last one: how many.
    pub gaps: u64,
    /// The first [`GAPS_LISTED_MAX`] of them.
    pub gaps_listed: Vec<Gap>,
}

/// A statement that does not follow its key's last one. Something the key signed may never have come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Entry number.
    pub index: u64,
    /// Whose.
    pub key: PublicKey,
    /// The count that would have followed.
    pub expected: u64,
    /// The count found. Equal to `expected` when only the previous id differs.
    pub found: u64,
}

/// The first fault, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// One entry is at fault.
    #[error("entry {index}: {what}")]
    Entry {
        /// Its number, from 0.
        index: u64,
        /// What is wrong with it.
        what: EntryFault,
    },
    /// The entries do not lead to the signed root, and the signed heads kept along the way narrow it down: it is one of
    /// the entries `first..=last`.
    #[error("{}: not what was signed into the log", Through(*first, *last))]
    Differs {
        /// First entry that may be at fault.
        first: u64,
        /// Last entry that may be at fault.
        last: u64,
    },
    /// The entries do not lead to the signed root; no signed head from before says where.
    #[error(
        "the {size} entries do not lead to the signed root: at least one is not what was signed"
    )]
    Root {
        /// Number of entries.
        size: u64,
    },
    /// Two signed heads of one size with different roots: two histories of one log.
    #[error("the log's key signed two different heads over {size} entries: the log was forked")]
    Forked {
        /// Number of entries.
        size: u64,
    },
    /// Fewer entries than the checkpoint covers.
    #[error("entry {found} and all after it are missing: the checkpoint covers {signed} entries")]
    Missing {
        /// Number of entries there are.
        found: u64,
        /// Number of entries signed for.
        signed: u64,
    },
    /// More entries than the checkpoint covers.
    #[error("entry {signed} and all after it are not covered by the signed checkpoint")]
    Unsigned {
        /// Number of entries there are.
        found: u64,
        /// Number of entries signed for.
        signed: u64,
    },
    /// The checkpoint itself.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
}

struct Through(u64, u64);

impl core::fmt::Display for Through {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.0 == self.1 {
            write!(f, "entry {}", self.0)
        } else {
            write!(f, "entries {} to {}", self.0, self.1)
        }
    }
}

/// What is wrong with one entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// Its bytes.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The envelope in it, its signature included.
    #[error("the statement in it: {0}")]
    Envelope(#[from] EnvelopeError),
    /// A statement for another log.
    #[error("the statement is for the log `{found}`")]
    OtherLog {
        /// The origin it names.
        found: String,
    },
    /// The first entry is not signed by the log's own key.
    #[error("the first entry is not signed by the log's own key")]
    First,
    /// The keyring refuses the key, or what the entry says about keys.
    #[error("{0}")]
    Keyring(String),
    /// Recorded before the entry before it.
    #[error("recorded at {at_ms}, before the entry before it ({before_ms})")]
    TimeRanBack {
        /// Its time, ms since 1970 UTC.
        at_ms: i64,
        /// The time of the entry before it.
        before_ms: i64,
    },
    /// The statement already stands in another entry.
    #[error("the statement `{0}` already stands in an earlier entry")]
    Twice(Digest),
    /// The body does not fit the commitment.
    #[error("the body beside it is not the one that was signed")]
    OtherBody,
    /// A body for a statement that carries its own, or one over its limit.
    #[error("a body lies beside it that cannot belong to it")]
    SpareBody,
}

/// Checks a log entry by entry. See the module's description.
#[derive(Debug)]
pub struct Verifier<K> {
    log: VerifierKey,
    keyring: K,
    leaves: Vec<Digest>,
    ids: BTreeSet<Digest>,
    last_of_key: BTreeMap<PublicKey, (u64, Digest)>,
    last_at_ms: i64,
    bodies: u64,
    bodies_withheld: u64,
    gaps: u64,
    gaps_listed: Vec<Gap>,
}

impl<K: Keyring> Verifier<K> {
    /// For the log `origin` whose own key is `key`.
    ///
    /// # Errors
    /// [`NoteError`] when that key may not sign.
    pub fn new(origin: &Origin, key: PublicKey, keyring: K) -> Result<Self, NoteError> {
        Ok(Self {
            log: origin.verifier(key)?,
            keyring,
            leaves: Vec::new(),
            ids: BTreeSet::new(),
            last_of_key: BTreeMap::new(),
            last_at_ms: 0,
            bodies: 0,
            bodies_withheld: 0,
            gaps: 0,
            gaps_listed: Vec::new(),
        })
    }

    /// Takes the next entry, as its bytes stand, with its body if it has one and the copy holds it.
    ///
    /// # Errors
    /// [`Fault::Entry`]. Feed nothing more then: what follows a fault means nothing.
    pub fn push(&mut self, bytes: &[u8], beside: Option<&Beside>) -> Result<(), Fault> {
        let index = self.leaves.len() as u64;
        self.entry(index, bytes, beside)
            .map_err(|what| Fault::Entry { index, what })
    }

    fn entry(
        &mut self,
        index: u64,
        bytes: &[u8],
        beside: Option<&Beside>,
    ) -> Result<(), EntryFault> {
        let entry = Entry::read(bytes)?;
        let statement = envelope::open(&entry.statement)?;
        let header = &statement.header;
        if header.origin != self.log.name() {
            return Err(EntryFault::OtherLog {
                found: header.origin.clone(),
            });
        }
        if index == 0 && header.key != self.log.key() {
            return Err(EntryFault::First);
        }
        self.keyring
            .may_sign(index, &statement)
            .map_err(EntryFault::Keyring)?;
        if entry.at_ms < self.last_at_ms {
            return Err(EntryFault::TimeRanBack {
                at_ms: entry.at_ms,
                before_ms: self.last_at_ms,
            });
        }
        if !self.ids.insert(statement.id) {
            return Err(EntryFault::Twice(statement.id));
        }
        match (fits(&statement, beside)?, &header.content) {
            (true, _) => self.bodies += 1,
            (false, Content::Beside(_)) => self.bodies_withheld += 1,
            (false, Content::Open(_)) => {}
        }
        self.keyring
            .learn(index, &entry, &statement, beside)
            .map_err(EntryFault::Keyring)?;
        self.note_gap(index, &statement);
        self.last_at_ms = entry.at_ms;
        self.leaves.push(leaf(bytes));
        Ok(())
    }

    fn note_gap(&mut self, index: u64, statement: &Signed) {
        let header = &statement.header;
        let (last, id) = self
            .last_of_key
            .get(&header.key)
            .copied()
            .unwrap_or((0, Digest::ZERO));
        let expected = last.saturating_add(1);
        if header.counter != expected || header.prev != id {
            self.gaps += 1;
            if self.gaps_listed.len() < GAPS_LISTED_MAX {
                self.gaps_listed.push(Gap {
                    index,
                    key: header.key,
                    expected,
                    found: header.counter,
                });
            }
        }
        // A counter that came late must not make the next one look like a gap.
        if header.counter >= last {
            self.last_of_key
                .insert(header.key, (header.counter, statement.id));
        }
    }

    /// Compares all that was taken with the checkpoint's note.
    ///
    /// `history` are notes of earlier checkpoints, as far as the copy holds any; they are looked at only when the root is
    /// wrong, to say which entry is at fault. Those that are not signed by the log are passed over.
    ///
    /// # Errors
    /// Any [`Fault`] but [`Fault::Entry`].
    pub fn finish<'a>(
        self,
        note: &str,
        history: impl IntoIterator<Item = &'a str>,
    ) -> Result<Report, Fault> {
        let checkpoint = Checkpoint::open(note, &self.log)?;
        let (found, signed) = (self.leaves.len() as u64, checkpoint.size);
        let covered = self
            .leaves
            .get(..usize::try_from(signed).unwrap_or(usize::MAX));
        let root_fits = covered.is_some_and(|leaves| root(leaves) == checkpoint.root);
        if !root_fits {
            let history = history
                .into_iter()
                .filter_map(|note| Checkpoint::open(note, &self.log).ok());
            if let Some(fault) = differing(&self.leaves, history.chain([checkpoint])) {
                return Err(fault);
            }
            return Err(Fault::Missing { found, signed });
        }
        if found > signed {
            return Err(Fault::Unsigned { found, signed });
        }
        Ok(Report {
            checkpoint,
            bodies: self.bodies,
            bodies_withheld: self.bodies_withheld,
            keys: self.last_of_key.len() as u64,
            last_at_ms: self.last_at_ms,
            gaps: self.gaps,
            gaps_listed: self.gaps_listed,
        })
    }

    /// The keyring, with what it learnt.
    pub const fn keyring(&self) -> &K {
        &self.keyring
    }
}

/// Whether the body is there; an error when it is not the right one.
fn fits(statement: &Signed, beside: Option<&Beside>) -> Result<bool, EntryFault> {
    match (&statement.header.content, beside) {
        (Content::Beside(_) | Content::Open(_), None) => Ok(false),
        (Content::Open(_), Some(_)) => Err(EntryFault::SpareBody),
        (Content::Beside(_), Some(beside)) if beside.body.len() > BODY_BYTES_MAX => {
            Err(EntryFault::SpareBody)
        }
        (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => {
            Ok(true)
        }
        (Content::Beside(_), Some(_)) => Err(EntryFault::OtherBody),
    }
}

/// Where `leaves` first part from what the signed `heads` say. Once one leaf is wrong every later root is, so the place is
/// found by halving. `None` when every head that the leaves reach is right.
pub fn differing(leaves: &[Digest], heads: impl IntoIterator<Item = Checkpoint>) -> Option<Fault> {
    let mut heads: Vec<(usize, Digest)> = heads
        .into_iter()
        .filter_map(|head| Some((usize::try_from(head.size).ok()?, head.root)))
        .filter(|(size, _)| *size <= leaves.len())
        .collect();
    heads.sort_unstable();
    heads.dedup();
    let forked = heads.windows(2).find_map(|pair| match pair {
        [one, other] if one.0 == other.0 => Some(Fault::Forked { size: one.0 as u64 }),
        _ => None,
    });
    if forked.is_some() {
        return forked;
    }
    let is_right = |(size, signed): &(usize, Digest)| {
        leaves
            .get(..*size)
            .is_some_and(|leaves| root(leaves) == *signed)
    };
    let right = heads.partition_point(is_right);
    let wrong = heads.get(right)?.0 as u64;
    let first = right
        .checked_sub(1)
        .and_then(|last| heads.get(last))
        .map_or(0, |head| head.0 as u64);
    if heads.len() == 1 {
        return Some(Fault::Root { size: wrong });
    }
    Some(if first < wrong {
        Fault::Differs {
            first,
            last: wrong - 1,
        }
    } else {
        Fault::Root { size: wrong }
    })
}
