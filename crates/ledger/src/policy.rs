//! Whose cosignatures are enough: a C2SP policy (<https://c2sp.org/tlog-policy>), read, judged by, and written.
//!
//! The grammar is C2SP's. Names and URLs must be UTF-8 here; comments may hold any bytes that C2SP allows.

mod read;
mod render;

pub use render::{Listed, OUTSIDE, STUDIO, render};

use alloc::string::String;
use alloc::vec::Vec;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::CosignerKey;
use crate::limit::POLICY_BYTES_MAX;
use crate::note::{Note, NoteError, VerifierKey};

/// A policy, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<Log>,
    /// Cosigners and groups in the order in which they were declared; a group's members stand before it.
    named: Vec<Named>,
    /// Which of `named` must have cosigned; `None` for `quorum none`.
    quorum: Option<usize>,
}

/// A log that the policy accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its key; the key's name is the origin.
    pub key: VerifierKey,
    /// Where it is found, in nobody's particular sense.
    pub url: Option<String>,
}

/// A cosigner that the policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    /// Its name in this policy, which need not be its key's.
    pub name: String,
    /// Its key.
    pub key: CosignerKey,
    /// The prefix under which it is asked.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    Cosigner(Cosigner),
    Group {
        name: String,
        least: usize,
        members: Vec<usize>,
    },
}

impl Named {
    fn name(&self) -> &str {
        match self {
            Self::Cosigner(cosigner) => &cosigner.name,
            Self::Group { name, .. } => name,
        }
    }
}

/// Why a policy cannot be read or written. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Over [`POLICY_BYTES_MAX`].
    #[error("the policy is over {POLICY_BYTES_MAX} bytes")]
    TooLong,
    /// No line feed at the end of the last line.
    #[error("the last line of the policy has no line feed")]
    Unended,
    /// A control character other than tab and line feed.
    #[error("line {line} holds a control character")]
    Control {
        /// The line.
        line: usize,
    },
    /// A name or URL is not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// The line.
        line: usize,
    },
    /// Not a line that a policy has.
    #[error(
        "line {line} is none of `log`, `witness`, `group` and `quorum` with what belongs to it"
    )]
    Line {
        /// The line.
        line: usize,
    },
    /// A key that cannot be read, or of a type that signs something else.
    #[error("line {line}: the key does not hold: {why}")]
    Key {
        /// The line.
        line: usize,
        /// What is wrong with it.
        why: NoteError,
    },
    /// The same key under two lines.
    #[error("line {line} names a key that an earlier line names")]
    SameKey {
        /// The line.
        line: usize,
    },
    /// A name declared twice, or `none`.
    #[error("line {line}: the name `{name}` is taken")]
    Taken {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// A name that no earlier line declares.
    #[error("line {line}: no earlier line declares `{name}`")]
    Undeclared {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// A member of two groups, or twice of one.
    #[error("line {line}: `{name}` is a member of a group already")]
    UsedTwice {
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// A number that no group of this size can have.
    #[error("line {line}: a group of {members} needs `any`, `all` or a number from 1 to {members}")]
    Number {
        /// The line.
        line: usize,
        /// Members of the group.
        members: usize,
    },
    /// No quorum, or two.
    #[error("a policy has exactly one `quorum` line")]
    Quorum,
    /// Cosigners and numbers that no policy of ours can have; only in writing.
    #[error("no policy can be made of these cosigners: {0}")]
    Cosigners(&'static str),
}

/// Why a note cannot be judged by a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    /// The checkpoint itself.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No log that the policy accepts signed it.
    #[error("the policy does not accept this log")]
    OtherLog,
    /// A line under a known cosigner's name and key id does not hold.
    #[error("the cosignature of `{name}` does not hold: {why}")]
    Cosignature {
        /// The name in the policy.
        name: String,
        /// What is wrong.
        why: NoteError,
    },
}

/// What a policy says of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The checkpoint; its log's key signed it.
    pub checkpoint: Checkpoint,
    /// Who of the policy cosigned it, in the policy's order.
    pub cosigned: Vec<Cosigned>,
    /// Whether those are enough.
    pub is_met: bool,
}

/// One cosigner's newest cosignature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The cosigner's name in the policy.
    pub name: String,
    /// When, seconds since 1970 UTC, by the cosigner's clock.
    pub at_s: u64,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`PolicyError`], with the first line at fault.
    pub fn parse(policy: &[u8]) -> Result<Self, PolicyError> {
        read::policy(policy)
    }

    /// The logs it accepts; empty when that is known from elsewhere.
    pub fn logs(&self) -> &[Log] {
        &self.logs
    }

    /// The cosigners it knows, in its order.
    pub fn cosigners(&self) -> impl Iterator<Item = &Cosigner> {
        self.named.iter().filter_map(|named| match named {
            Named::Cosigner(cosigner) => Some(cosigner),
            Named::Group { .. } => None,
        })
    }

    /// Opens the checkpoint in `note` and counts its cosignatures. `log` is the log's key, known from elsewhere; without it
    /// one of the policy's logs must have signed. Lines by nobody whom the policy knows are passed over; a cosigner counts
    /// once however many lines are its.
    ///
    /// # Errors
    /// [`JudgeError`]; a policy that is not met is no error.
    pub fn judge(&self, note: &str, log: Option<&VerifierKey>) -> Result<Judged, JudgeError> {
        let read = Note::read(note).map_err(CheckpointError::from)?;
        let checkpoint = self.open(note, &read, log)?;
        let mut cosigned = Vec::new();
        for cosigner in self.cosigners() {
            let newest = cosigner
                .key
                .cosigned(&read)
                .map_err(|why| JudgeError::Cosignature {
                    name: cosigner.name.clone(),
                    why,
                })?;
            if let Some(at_s) = newest {
                cosigned.push(Cosigned {
                    name: cosigner.name.clone(),
                    at_s,
                });
            }
        }
        let is_met = self.is_met(|name| cosigned.iter().any(|one| one.name == name));
        Ok(Judged {
            checkpoint,
            cosigned,
            is_met,
        })
    }

    /// Whether the cosigners of whom `has_cosigned` is true, by their names in the policy, are enough.
    pub fn is_met(&self, has_cosigned: impl Fn(&str) -> bool) -> bool {
        let Some(quorum) = self.quorum else {
            return true;
        };
        let mut holds: Vec<bool> = Vec::with_capacity(self.named.len());
        for named in &self.named {
            holds.push(match named {
                Named::Cosigner(cosigner) => has_cosigned(&cosigner.name),
                Named::Group { least, members, .. } => {
                    let count = members
                        .iter()
                        .filter(|member| holds.get(**member) == Some(&true))
                        .count();
                    count >= *least
                }
            });
        }
        holds.get(quorum) == Some(&true)
    }

    fn open(
        &self,
        note: &str,
        read: &Note<'_>,
        log: Option<&VerifierKey>,
    ) -> Result<Checkpoint, JudgeError> {
        let origin = read.text().split('\n').next().unwrap_or_default();
        let accepted = self.logs.iter().map(|log| &log.key);
        let Some(log) = log else {
            let mut fault = JudgeError::OtherLog;
            for key in accepted.filter(|key| key.name() == origin) {
                match Checkpoint::open(note, key) {
                    Ok(checkpoint) => return Ok(checkpoint),
                    Err(error) => fault = error.into(),
                }
            }
            return Err(fault);
        };
        let mut accepted = accepted.peekable();
        if accepted.peek().is_some() && !accepted.any(|key| key == log) {
            return Err(JudgeError::OtherLog);
        }
        Ok(Checkpoint::open(note, log)?)
    }
}
