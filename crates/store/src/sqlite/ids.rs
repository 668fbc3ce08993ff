//! Which entry holds which statement, in memory.
//!
//! An index in the file would follow from the entries as well, but ids are as good as random: each entry would write
//! another page of it, and a commit of many callers would write more index than record. So opening, which reads every entry
//! anyway, makes it anew, 40 bytes an entry and what the table leaves free.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use ledger::Digest;

/// Statements of durable entries, each with its entry's number.
#[derive(Default)]
pub(super) struct Ids(RwLock<HashMap<Digest, u64>>);

impl Ids {
    pub(super) const fn new(known: HashMap<Digest, u64>) -> Self {
        Self(RwLock::new(known))
    }

    /// The number of the entry that holds `statement`.
    pub(super) fn find(&self, statement: &Digest) -> Option<u64> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(statement)
            .copied()
    }

    /// Takes what a commit made durable.
    pub(super) fn enter(&self, entered: impl Iterator<Item = (Digest, u64)>) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(entered);
    }
}
