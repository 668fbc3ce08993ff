//! What may be shown: the state of the durable entries, with stops on top that are not recorded yet.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use domain::State;
use domain::id::{KeyId, PersonId, StatementId, StopId};
use domain::time::Millis;
use store::Head;

use crate::index::Index;
use crate::looks::{Before, Looks};

/// Each key's newest count and statement.
pub(crate) type Last = HashMap<KeyId, (u64, StatementId)>;

/// Readers see this and nothing ahead of it, so that no COLD appears before the entry that grants it is durable.
pub(crate) struct Shown {
    /// Folded from the entries below `size`.
    pub(crate) state: State,
    /// Number of entries folded.
    pub(crate) size: u64,
    /// The head over exactly those entries.
    pub(crate) head: Head,
    /// Stops that act already and are not durable yet, in order.
    pub(crate) overlay: Vec<domain::Entry>,
    /// Whose looks are closed.
    pub(crate) looks: Looks,
    /// Copies, take-overs, files.
    pub(crate) index: Index,
    /// What people are called.
    pub(crate) names: BTreeMap<PersonId, String>,
    /// Each key's newest count.
    pub(crate) last: Last,
}

impl Shown {
    /// Folds one durable entry.
    pub(crate) fn publish(&mut self, entry: &domain::Entry, counter: u64) {
        let before = Before::note(&self.state, &entry.statement.act);
        domain::apply(&mut self.state, entry);
        self.looks.follow(&before, &self.state, entry);
        self.index.follow(self.size, entry);
        note_last(&mut self.last, entry, counter);
        self.size += 1;
        if !self.overlay.is_empty() {
            self.overlay
                .retain(|one| one.statement.id != entry.statement.id);
        }
    }

    /// The state now, stops not recorded yet included.
    pub(crate) fn current(&self, now: Millis) -> Cow<'_, State> {
        if self.overlay.is_empty() {
            return self.state.at(now);
        }
        let mut state = self.state.clone();
        for entry in &self.overlay {
            domain::apply(&mut state, entry);
        }
        Cow::Owned(state.at(now).into_owned())
    }

    /// Whether the stop is recorded.
    pub(crate) fn is_recorded(&self, stop: StopId) -> bool {
        !self
            .overlay
            .iter()
            .any(|entry| StopId::from(entry.statement.id) == stop)
    }
}

/// Keeps the newest count of the key that signed.
pub(crate) fn note_last(last: &mut Last, entry: &domain::Entry, counter: u64) {
    let newest = last
        .entry(entry.statement.key)
        .or_insert((0, StatementId::ZERO));
    if counter >= newest.0 {
        *newest = (counter, entry.statement.id);
    }
}
