//! Asking the cosigners whom the record adopted, keeping what they sign, and noticing when one of them holds more.
//!
//! No acknowledgement waits for any of it. What is kept: `cosigned`, the newest note that meets the policy (or, while none
//! ever did, the newest with any cosignature); `cosigned_newest`, the newest with any; `cosigners`, what each signed last.
//! An answer is nobody's signature: it freezes nothing by itself. When one says that this is another record, the cosigner is
//! asked for the newest note that it signed, and only a note that this log's own key signed too, over a head that this record
//! does not hold, freezes it. An answer with nothing signed behind it is kept as a [`Doubt`] until that cosigner signs again.
//!
//! All three are the node's own and not part of the record: a crash between an answer and its keeping loses a cosignature
//! that is asked for again, and the cosigner says from which size.

mod ask;
mod hear;
mod now;

use std::collections::BTreeMap;
use std::sync::PoisonError;

use domain::State;
use domain::time::Millis;
use ledger::cosignature::CosignerKey;
use ledger::note::{self, Note};
use ledger::policy::{Listed, Policy, render};
use ledger::witness::pace::{Next, Pace};
use serde::{Deserialize, Serialize};
use store::Head;

use self::ask::{Answer, Question, ask_all};
use self::hear::Heard;
pub use self::now::{Cosigned, CosignerNow, doubts};
use crate::core::Core;
use crate::cosigners::Cosigner;
use crate::node::Node;

/// The newest note that meets the policy, in `meta`.
const COSIGNED: &str = "cosigned";
/// The newest note with any cosignature, in `meta`.
const NEWEST: &str = "cosigned_newest";
/// What each cosigner signed last, in `meta`.
const CLERKS: &str = "cosigners";

/// What one cosigner signed last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Clerk {
    size: u64,
    /// Of the node that wrote that head.
    epoch: u32,
    /// By the cosigner's clock, ms UTC.
    at: Millis,
    /// It answered that this is another record, and showed nothing signed for it. Ends when it cosigns again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    doubt: Option<Doubt>,
}

/// What a cosigner answered without a signature to show for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// When it was answered first, ms UTC.
    pub at: Millis,
    /// What it answered, a sentence.
    pub says: String,
}

/// What the node holds of it.
#[derive(Default)]
pub(crate) struct Signatures {
    clerks: BTreeMap<String, Clerk>,
    paces: BTreeMap<String, Pace>,
    says: BTreeMap<String, String>,
    cosigned: Option<String>,
    newest: Option<String>,
}

/// Whom to ask, ready to be asked.
struct Party {
    cosigner: Cosigner,
    key: CosignerKey,
    outside: bool,
}

impl Node {
    /// The newest note that meets the policy, with its cosignatures; while none did, the newest with any.
    pub fn cosigned(&self) -> Option<String> {
        self.core.signatures().cosigned.clone()
    }

    /// The C2SP policy made from the last adopted cosigners; `None` when there are none or none can be made.
    pub fn policy(&self) -> Option<String> {
        let shown = self.core.shown();
        self.core.policy(&shown.state).ok().flatten()
    }

    /// Asks every cosigner that is due, once. [`Node::run_clock`] does it by itself.
    pub fn ask_cosigners(&self) {
        self.core.ask_cosigners(false);
    }
}

impl Core {
    pub(crate) fn signatures(&self) -> std::sync::MutexGuard<'_, Signatures> {
        self.signatures
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what earlier runs kept.
    pub(crate) fn read_signatures(&self) {
        let text = |key: &str| {
            let bytes = self.log.as_ref()?.meta(key).ok().flatten()?;
            String::from_utf8(bytes).ok()
        };
        let clerks = self.kept(CLERKS);
        let (cosigned, newest) = (text(COSIGNED), text(NEWEST));
        *self.signatures() = Signatures {
            clerks,
            cosigned,
            newest,
            ..Signatures::default()
        };
    }

    /// `note` with the cosignatures that were made for this very head, where there are any.
    pub(crate) fn with_cosignatures(&self, note: &str) -> String {
        own_lines(&self.signatures(), note)
    }

    /// Asks who is due; at a start everybody, from the record's own size, before anything is written.
    pub(crate) fn ask_cosigners(&self, is_start: bool) {
        let (Some(asker), Some(log)) = (&self.cosigners, &self.log) else {
            return;
        };
        let head = log.head();
        if self.with_tree(|_| ()).is_err() {
            return;
        }
        let questions = self.questions(&head, is_start);
        if questions.is_empty() {
            return;
        }
        let answers = ask_all(asker, &self.tree, &self.origin, &head, questions);
        self.take_answers(&head, answers);
    }

    fn questions(&self, head: &Head, is_start: bool) -> Vec<Question> {
        let parties = parties(&self.shown().state);
        let now = u64::try_from(self.clock.boot_ms()).unwrap_or(0);
        let mut known = self.signatures();
        let mut questions = Vec::new();
        for party in parties {
            let vkey = party.cosigner.vkey.clone();
            let pace = known.paces.entry(vkey.clone()).or_default();
            if party.cosigner.url.is_empty()
                || (!is_start && pace.next(head.size, now) != Next::Ask)
            {
                continue;
            }
            pace.asked(now);
            let note = own_lines(&known, &head.note);
            let last = known.clerks.get(&vkey).map_or(0, |clerk| clerk.size);
            questions.push(Question {
                cosigner: party.cosigner,
                key: party.key,
                // From its own size the answer says at once whether the cosigner holds more.
                old: if is_start {
                    head.size
                } else {
                    last.min(head.size)
                },
                note,
            });
        }
        questions
    }

    /// Takes what came back: keeps cosignatures, freezes when somebody holds more or another history.
    fn take_answers(&self, head: &Head, answers: Vec<(Cosigner, Option<Answer>)>) {
        let (epoch_now, epoch_of_head, policy) = {
            let shown = self.shown();
            let policy = self.policy(&shown.state).ok().flatten();
            (shown.state.epoch, shown.index.epoch_of(head.size), policy)
        };
        let now = u64::try_from(self.clock.boot_ms()).unwrap_or(0);
        let at_now = self.now();
        // Looked at before the lock below: it reads the tree.
        let answers: Vec<(Cosigner, Option<Heard>)> = answers
            .into_iter()
            .map(|(cosigner, answer)| {
                let came_of = answer.map(|answer| self.hear(&cosigner, answer));
                (cosigner, came_of)
            })
            .collect();
        let mut frozen = None;
        let mut lines = Vec::new();
        let mut doubted = false;
        let mut known = self.signatures();
        for (cosigner, heard) in answers {
            let vkey = cosigner.vkey.clone();
            let lost = known.clerks.get(&vkey).map_or(0, |clerk| clerk.epoch) < epoch_now;
            let pace = known.paces.entry(vkey.clone()).or_default();
            let says = match heard {
                Some(Heard::Signed(key, line, at_s)) => {
                    pace.cosigned(head.size, now);
                    lines.push((key, line));
                    let clerk = Clerk {
                        size: head.size,
                        epoch: epoch_of_head,
                        at: i64::try_from(at_s)
                            .unwrap_or(i64::MAX)
                            .saturating_mul(1_000),
                        doubt: None,
                    };
                    known.clerks.insert(vkey.clone(), clerk);
                    String::new()
                }
                Some(Heard::Not(says)) => {
                    pace.failed();
                    says
                }
                Some(Heard::Differs(..) | Heard::Unshown(_)) if lost => {
                    pace.failed();
                    "it holds what the lost node wrote after this record's copy: it cannot cosign until its keeper has looked at both".to_owned()
                }
                Some(Heard::Differs(why, note)) => {
                    pace.failed();
                    let says = why.clone();
                    frozen = frozen.or(Some((why, note)));
                    says
                }
                Some(Heard::Unshown(says)) => {
                    pace.failed();
                    let clerk = known.clerks.entry(vkey.clone()).or_default();
                    if clerk.doubt.as_ref().is_none_or(|doubt| doubt.says != says) {
                        let at = clerk.doubt.take().map_or(at_now, |doubt| doubt.at);
                        clerk.doubt = Some(Doubt {
                            at,
                            says: says.clone(),
                        });
                        doubted = true;
                    }
                    says
                }
                None => {
                    pace.failed();
                    "it did not answer in time".to_owned()
                }
            };
            known.says.insert(vkey, says);
        }
        if doubted {
            // Not kept on a full disk: it is answered again at the next question.
            self.keep(CLERKS, &known.clerks).ok();
        }
        if !lines.is_empty() {
            self.keep_lines(&mut known, head, lines, policy.as_deref());
        }
        drop(known);
        if doubted {
            self.notify();
        }
        if let Some((why, note)) = frozen {
            self.freeze_for_good(&why, Some((&note, epoch_now)));
        }
    }

    fn keep_lines(
        &self,
        known: &mut Signatures,
        head: &Head,
        lines: Vec<(CosignerKey, String)>,
        policy: Option<&str>,
    ) {
        // Renewed for the same head: what others signed for it stays.
        let mut note = known
            .newest
            .clone()
            .filter(|newest| text_of(newest) == text_of(&head.note))
            .unwrap_or_else(|| head.note.to_string());
        for (key, line) in lines {
            let rest = Note::read(&note)
                .map(|read| read.only(|one| one.name != key.name() || one.id != key.id()));
            let more = rest.and_then(|rest| note::with_lines(&rest, &line));
            if let Ok(more) = more {
                note = more;
            }
        }
        let is_met = |note: &str| {
            policy
                .and_then(|policy| Policy::parse(policy.as_bytes()).ok())
                .and_then(|policy| policy.judge(note, Some(&self.verifier)).ok())
                .is_some_and(|judged| judged.is_met)
        };
        let replaces = is_met(&note) || !known.cosigned.as_deref().is_some_and(is_met);
        let put = |key: &str, note: &str| {
            let log = self.log.as_ref();
            // Not kept on a full disk: it is asked for again.
            log.map(|log| log.put_meta(key, Some(note.as_bytes())));
        };
        if replaces {
            put(COSIGNED, &note);
            known.cosigned = Some(note.clone());
        }
        put(NEWEST, &note);
        known.newest = Some(note);
        self.keep(CLERKS, &known.clerks).ok();
    }

    /// The policy of the adopted cosigners; `None` when none are adopted.
    pub(crate) fn policy(&self, state: &State) -> Result<Option<String>, String> {
        let Some(body) = &state.cosigners else {
            return Ok(None);
        };
        let parties = parties(state);
        if parties.len() != body.cosigners.len() {
            return Err("the key of a cosigner cannot be read".to_owned());
        }
        let listed: Vec<Listed<'_>> = parties
            .iter()
            .map(|party| Listed {
                key: &party.key,
                url: &party.cosigner.url,
                is_outside: party.outside,
            })
            .collect();
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        render(
            &self.verifier,
            &listed,
            count(body.quorum),
            count(body.outside),
        )
        .map(Some)
        .map_err(|error| error.to_string())
    }
}

/// The adopted cosigners whose keys can be read.
fn parties(state: &State) -> Vec<Party> {
    let Some(body) = &state.cosigners else {
        return Vec::new();
    };
    let party = |one: &domain::act::record::Cosigner| {
        let key: CosignerKey = one.vkey.parse().ok()?;
        (key.name() == one.name).then(|| Party {
            cosigner: Cosigner {
                name: one.name.clone(),
                vkey: one.vkey.clone(),
                url: one.url.clone(),
            },
            key,
            outside: one.outside,
        })
    };
    body.cosigners.iter().filter_map(party).collect()
}

/// The head's note, with the cosignatures that were made for it: a cosigner that was put back to an older copy sees its own.
fn own_lines(known: &Signatures, note: &str) -> String {
    [&known.newest, &known.cosigned]
        .into_iter()
        .flatten()
        .find(|other| text_of(other) == text_of(note))
        .map_or_else(|| note.to_owned(), Clone::clone)
}

/// A note's text, without its signatures.
fn text_of(note: &str) -> &str {
    Note::read(note).map_or(note, |read| read.text())
}
