//! What shows that this record was rolled back or forked, and what a lost node acknowledged.
//!
//! A head that the log's own key signed and that this record does not hold freezes the node for good: the head is kept in
//! the store, so that a restart stays frozen. A person ends it with [`crate::go_on`], which is entered. Whoever puts the
//! right record back needs no such act: what is kept went away with the wrong one.

use domain::time::Millis;
use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use serde::{Deserialize, Serialize};
use store::AppendError;

use crate::answer::NotEntered;
use crate::core::Core;
use crate::limit::{LOST_HEADS_MAX, SHOWN_NOTES_MAX};
use crate::node::Node;

/// Why the node stays frozen, in `meta`.
const FROZEN: &str = "frozen";
/// Freezes that people ended, in `meta`.
const ENDED: &str = "frozen_ended";
/// What a lost node acknowledged, in `meta`.
const LOST: &str = "lost";

/// What a head that somebody holds shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// This record holds it.
    Held,
    /// A node that is lost signed it after the copy from which this one took over: it is listed. Devices may send again
    /// what that node acknowledged; it comes in late.
    Lost,
    /// It froze this record before, and a person ended that.
    Known,
    /// This record was rolled back or forked: the node is frozen now. The reason, a sentence.
    Differs(String),
}

/// A head that a lost node signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostHead {
    /// Entries it was over.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// The node's epoch, as whoever holds it says.
    pub epoch: u32,
    /// When it was shown here, ms UTC.
    pub at: Millis,
}

/// Heads that lost nodes signed and this record does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// How many different ones were shown.
    pub count: u64,
    /// The first [`LOST_HEADS_MAX`] of them.
    pub heads: Vec<LostHead>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Frozen {
    why: String,
    at: Millis,
    /// Heads that do not fit, as they were shown.
    shown: Vec<Shown>,
    /// The entry with which a person ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_in: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shown {
    note: String,
    epoch: u32,
}

impl Node {
    /// Takes a head that somebody holds: a checkpoint's note. Its epoch is the one that the log's key signed under it; where
    /// it signed none, the one that came with it, and the present one when `epoch` is `None`. Anybody may show a note; only the
    /// log's own signature counts.
    ///
    /// # Errors
    /// [`NotEntered::Invalid`] when the note is not signed by this log's key, [`NotEntered::Fault`] when the record cannot
    /// be read.
    pub fn show_receipt(&self, note: &str, epoch: Option<u32>) -> Result<Verdict, NotEntered> {
        let core = &self.core;
        let head = Checkpoint::open(note, &core.verifier)
            .map_err(|fault| NotEntered::invalid("not_this_log", fault.to_string()))?;
        let signed = ledger::epoch::epoch(note, &core.verifier)
            .map_err(|fault| NotEntered::invalid("not_this_log", fault.to_string()))?;
        let epoch = signed.or(epoch);
        let (size, root) = core.with_tree(|tree| (tree.size(), tree.root(head.size)))?;
        if root == Some(head.root) {
            return Ok(Verdict::Held);
        }
        if core.was_ended(&head) {
            return Ok(Verdict::Known);
        }
        let (now_in, ended_at) = {
            let shown = core.shown();
            let epoch = epoch.unwrap_or(shown.state.epoch);
            (shown.state.epoch, shown.index.ended_at(epoch))
        };
        let epoch = epoch.unwrap_or(now_in);
        if epoch < now_in && ended_at.is_some_and(|ended| head.size > ended) {
            core.list_lost(&head, epoch);
            return Ok(Verdict::Lost);
        }
        let why = if head.size > size {
            format!(
                "somebody holds its signed head over {} entries and it has {size}: it was rolled back",
                head.size
            )
        } else {
            format!(
                "somebody holds its signed head over {} entries with another root: it was forked",
                head.size
            )
        };
        core.freeze_for_good(&why, Some((note, epoch)));
        Ok(Verdict::Differs(why))
    }

    /// What a lost node acknowledged and this record does not hold, as far as it was shown.
    pub fn lost(&self) -> Lost {
        self.core.kept(LOST)
    }

    /// The notes of heads for which the node is frozen; empty when it is not, or for another reason.
    pub fn frozen_by(&self) -> Vec<String> {
        let frozen: Option<Frozen> = self.core.kept(FROZEN);
        frozen
            .map(|frozen| frozen.shown.into_iter().map(|shown| shown.note).collect())
            .unwrap_or_default()
    }
}

impl Core {
    /// Freezes and sees to it that a restart stays frozen.
    ///
    /// The freeze comes first: when it cannot be kept (a full disk, a crash right here), whoever showed the head holds it and
    /// shows it again.
    pub(crate) fn freeze_for_good(&self, why: &str, shown: Option<(&str, u32)>) {
        self.freeze(why);
        self.notify();
        let mut frozen = self.kept::<Option<Frozen>>(FROZEN).unwrap_or(Frozen {
            why: why.to_owned(),
            at: self.now(),
            ..Frozen::default()
        });
        if let Some((note, epoch)) = shown {
            let shown = Shown {
                note: note.to_owned(),
                epoch,
            };
            if frozen.shown.len() < SHOWN_NOTES_MAX && !frozen.shown.contains(&shown) {
                frozen.shown.push(shown);
            }
        }
        self.keep(FROZEN, &frozen).ok();
    }

    /// Why an earlier run was frozen for good, if nobody ended it.
    pub(crate) fn frozen_for_good(&self) -> Option<String> {
        let log = self.log.as_ref()?;
        match log.meta(FROZEN) {
            Ok(None) => None,
            Ok(Some(bytes)) => Some(serde_json::from_slice::<Frozen>(&bytes).map_or_else(
                |_| "it was frozen before, for a reason that cannot be read any more".to_owned(),
                |frozen| frozen.why,
            )),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Ends it: the entry `entry` says who and why. What it was for is kept.
    ///
    /// A crash between the two leaves it among those that were ended and still standing; ending it again does no harm.
    pub(crate) fn end_freeze(&self, entry: u64) -> Result<(), AppendError> {
        let Some(mut frozen) = self.kept::<Option<Frozen>>(FROZEN) else {
            return Ok(());
        };
        frozen.ended_in = Some(entry);
        let mut ended: Vec<Frozen> = self.kept(ENDED);
        if !ended.iter().any(|one| one.ended_in == Some(entry)) {
            ended.push(frozen);
            self.keep(ENDED, &ended)?;
        }
        match &self.log {
            Some(log) => log.put_meta(FROZEN, None),
            None => Ok(()),
        }
    }

    /// Whether a freeze for this very head was ended by a person.
    pub(crate) fn was_ended(&self, head: &Checkpoint) -> bool {
        let ended: Vec<Frozen> = self.kept(ENDED);
        ended
            .iter()
            .flat_map(|one| &one.shown)
            .filter_map(|shown| Checkpoint::open(&shown.note, &self.verifier).ok())
            .any(|known| known == *head)
    }

    fn list_lost(&self, head: &Checkpoint, epoch: u32) {
        let mut lost: Lost = self.kept(LOST);
        let known = |one: &LostHead| one.size == head.size && one.root == head.root;
        if lost.heads.iter().any(known) {
            return;
        }
        lost.count += 1;
        if lost.heads.len() < LOST_HEADS_MAX {
            lost.heads.push(LostHead {
                size: head.size,
                root: head.root,
                epoch,
                at: self.now(),
            });
        }
        // Not kept on a full disk: the phone shows it again.
        self.keep(LOST, &lost).ok();
    }

    /// A value of `meta`; the default when there is none or it cannot be read.
    pub(crate) fn kept<T: for<'a> Deserialize<'a> + Default>(&self, key: &str) -> T {
        self.log
            .as_ref()
            .and_then(|log| log.meta(key).ok().flatten())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps a value in `meta`, durably.
    pub(crate) fn keep<T: Serialize>(&self, key: &str, value: &T) -> Result<(), AppendError> {
        // INVARIANT: strings, integers and lists; writing them to memory cannot fail.
        let bytes = serde_json::to_vec(value).unwrap_or_default();
        match &self.log {
            Some(log) => log.put_meta(key, Some(&bytes)),
            None => Err(AppendError::Stopped("the record cannot be written".into())),
        }
    }
}
