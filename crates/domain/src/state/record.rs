//! The record itself: what is sealed, what keeps it from being erased, what was sent to other logs.

use crate::{act::Kind, id::*, time::Millis, words::Words};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
};

/// A sealed statement. Its body is nowhere in the state, so that nothing can come to rest on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// What kind.
    pub kind: Kind,
    /// Who signed it.
    pub by: PersonId,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    /// It was entered while an event was not released or the record was preserved, or within a day before an event: it is
    /// never erased.
    pub of_incident: bool,
    /// Its body was erased, ms UTC.
    pub erased_at: Option<Millis>,
}

/// Why nothing is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preserved {
    /// Since when, ms UTC.
    pub at: Millis,
    /// For what.
    pub words: Words,
}

/// What left for another log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The other log's origin.
    pub to: String,
    /// When, ms UTC.
    pub at: Millis,
    /// Weapons that the other log did not say arrived.
    pub weapons: BTreeSet<WeaponId>,
    /// Rounds that it did not say arrived, by lot.
    pub rounds: BTreeMap<LotId, u32>,
    /// The other log was heard from, or the time for it is over.
    pub is_due: bool,
}

impl Sent {
    /// Everything arrived.
    pub fn is_whole(&self) -> bool {
        self.weapons.is_empty() && self.rounds.values().all(|rounds| *rounds == 0)
    }
}

impl super::State {
    /// Nothing may be erased now.
    pub fn is_preserved(&self) -> bool {
        !self.preserved.is_empty()
    }

    /// What left and is not known to have arrived though its time is over or the other log was heard from.
    pub fn not_arrived(&self) -> impl Iterator<Item = (&StatementId, &Sent)> {
        self.sent
            .iter()
            .filter(|(_, sent)| sent.is_due && !sent.is_whole())
    }
}
