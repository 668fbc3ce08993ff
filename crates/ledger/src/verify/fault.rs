//! What can be wrong, and where.

use alloc::string::String;

use crate::Digest;
use crate::checkpoint::CheckpointError;
use crate::entry::EntryError;
use crate::envelope::EnvelopeError;

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
    /// An entry that was read before cannot be read again, which a fault or a doubt about a repeat needs.
    #[error("entry {index} cannot be read a second time: {why}")]
    Again {
        /// Its number, from 0.
        index: u64,
        /// What hinders, without capital or full stop.
        why: String,
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

impl EntryFault {
    /// Whether the body beside the entry is at fault, and not the entry.
    pub const fn is_of_body(&self) -> bool {
        match self {
            Self::OtherBody | Self::SpareBody => true,
            Self::Entry(_)
            | Self::Envelope(_)
            | Self::OtherLog { .. }
            | Self::First
            | Self::Keyring(_)
            | Self::TimeRanBack { .. }
            | Self::Twice(_) => false,
        }
    }
}
