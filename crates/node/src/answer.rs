//! What a submission comes to.

use std::borrow::Cow;

use domain::id::StatementId;
use domain::outcome::{Outcome, Reason};
use domain::time::Millis;
use ledger::Digest;
use ledger::limit::OUTCOME_BYTES_MAX;
use serde::Serialize;

/// A statement stands in the record, durably. A refusal too is entered: see `outcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entered {
    /// The statement; the id of whatever it made.
    pub id: StatementId,
    /// Number of its entry, from 0.
    pub index: u64,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    /// What the node answered.
    pub outcome: Outcome,
    /// The head that covers it.
    pub receipt: Receipt,
}

/// A head that covers an entry, for the device to keep: whoever holds it can show that a record was rolled back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// Which of the log's nodes signed it, counted from 0: after a take-over what an earlier one acknowledged may be gone.
    pub epoch: u32,
    /// The signed checkpoint over size and root, and the epoch signed with it ([`ledger::epoch`]).
    pub note: String,
}

impl Entered {
    /// The JSON of the answer (`docs/formats/statement.md`).
    pub fn json(&self) -> Vec<u8> {
        // INVARIANT: strings, integers and lists; writing them to memory cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// Nothing was entered. Each code names one cause and is never reused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotEntered {
    /// It cannot be read.
    #[error("{message}")]
    Invalid {
        /// The cause.
        code: &'static str,
        /// A sentence.
        message: Cow<'static, str>,
    },
    /// Whoever signed may not write here.
    #[error("{message}")]
    Denied {
        /// The cause.
        code: &'static str,
        /// A sentence.
        message: Cow<'static, str>,
    },
    /// The node could not. Whether the statement is in the record is known by sending it again: it is entered once.
    #[error("{message}")]
    Fault {
        /// The cause.
        code: &'static str,
        /// A sentence.
        message: Cow<'static, str>,
        /// Trying again soon may help.
        retry: bool,
    },
}

impl NotEntered {
    pub(crate) fn invalid(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn denied(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::Denied {
            code,
            message: message.into(),
        }
    }

    pub(crate) fn fault(
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
        retry: bool,
    ) -> Self {
        Self::Fault {
            code,
            message: message.into(),
            retry,
        }
    }

    /// Its code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { code, .. } | Self::Denied { code, .. } | Self::Fault { code, .. } => {
                code
            }
        }
    }

    /// `{"code":…,"message":…}`.
    pub fn json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Wire<'a> {
            code: &'a str,
            message: String,
        }
        // INVARIANT: two strings; writing them to memory cannot fail.
        serde_json::to_vec(&Wire {
            code: self.code(),
            message: self.to_string(),
        })
        .unwrap_or_default()
    }
}

/// The outcome's bytes, within the limit of an entry. What is cut are sentences for people, and the cut is said; what a
/// fold reads stays whole, so the state is the same.
pub(crate) fn fit(outcome: &mut Outcome) -> Vec<u8> {
    let mut cut = 0_usize;
    loop {
        let bytes = with_cut(outcome, cut);
        if bytes.len() <= OUTCOME_BYTES_MAX {
            if cut > 0 {
                *outcome = serde_json::from_slice(&bytes).unwrap_or_else(|_| outcome.clone());
            }
            return bytes;
        }
        let over = bytes.len() - OUTCOME_BYTES_MAX;
        // About 300 bytes a reason: close in with few rounds, and never cut without need.
        for _ in 0..(over / 600).max(1) {
            let longest = [
                &mut outcome.advice,
                &mut outcome.breaches,
                &mut outcome.reasons,
            ]
            .into_iter()
            .find(|list| !list.is_empty());
            match longest {
                Some(list) => {
                    list.pop();
                    cut += 1;
                }
                // Owed items and leases alone are over: not reachable with twelve weapons, and nothing more can go.
                None => return bytes,
            }
        }
    }
}

fn with_cut(outcome: &Outcome, cut: usize) -> Vec<u8> {
    let to_json = |outcome: &Outcome| serde_json::to_vec(outcome).unwrap_or_default();
    if cut == 0 {
        return to_json(outcome);
    }
    let mut told = outcome.clone();
    let more = Reason {
        code: "RE-0004".to_owned(),
        says: format!("{cut} more sentences do not fit into the entry"),
        source: "Coldproof".to_owned(),
        clause: "docs/formats/entry.md".to_owned(),
        force: domain::outcome::Force::Record,
        who: "the signer".to_owned(),
        cure: "cure these, then ask again for fewer weapons at once".to_owned(),
    };
    if told.admitted {
        told.advice.push(more);
    } else {
        told.reasons.push(more);
    }
    to_json(&told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(number: usize) -> Reason {
        Reason {
            code: format!("CHK-{number:02}"),
            says: "x".repeat(300),
            source: "s".into(),
            clause: "c".into(),
            force: domain::outcome::Force::Practice,
            who: "armorer".into(),
            cure: "look".into(),
        }
    }

    #[test]
    fn a_refusal_with_too_many_reasons_stays_a_refusal_that_says_so() {
        let mut outcome = Outcome {
            reasons: (0..200).map(reason).collect(),
            ..Outcome::default()
        };
        let bytes = fit(&mut outcome);
        assert!(
            bytes.len() <= OUTCOME_BYTES_MAX && bytes.len() > OUTCOME_BYTES_MAX - 2_000,
            "{}",
            bytes.len()
        );
        assert_eq!(
            serde_json::from_slice::<Outcome>(&bytes).ok(),
            Some(outcome.clone())
        );
        assert_eq!(
            outcome.reasons.last().map(|last| last.code.as_str()),
            Some("RE-0004")
        );
    }

    #[test]
    fn an_outcome_that_fits_is_left_alone() {
        let mut outcome = Outcome {
            admitted: true,
            advice: vec![reason(1)],
            ..Outcome::default()
        };
        let before = outcome.clone();
        fit(&mut outcome);
        assert_eq!(outcome, before);
    }
}
