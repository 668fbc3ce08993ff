//! Erasing what two people erased: bodies, the files that only they name, and what of them is in memory.
//!
//! The record's answer to the second signature names the statements, so what is to go is known from the entries alone.
//! Files go first, then bodies: a crash between leaves bodies that still name what is gone, and the next start does both
//! again. Nothing is erased while the node is frozen: then it is evidence.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use domain::act::Act;
use domain::id::{PersonId, StatementId};
use ledger::Digest;
use store::limit::ERASE_STATEMENTS_MAX;

use crate::core::Core;
use audit::fold::digest;

impl Core {
    /// Notes what durable entries erased.
    pub(crate) fn note_erased<'e>(&self, entries: impl Iterator<Item = &'e domain::Entry>) {
        let erased: Vec<StatementId> = entries
            .filter(|entry| entry.outcome.admitted)
            .flat_map(|entry| entry.outcome.erased.iter().copied())
            .collect();
        if !erased.is_empty() {
            self.erasing().extend(erased);
        }
    }

    /// Finds what an earlier run erased in the record and not yet on the disk.
    pub(crate) fn find_unerased(&self) {
        let Some(log) = &self.log else { return };
        let erased: Vec<StatementId> = {
            let shown = self.shown();
            let sealed = shown.state.sealed.iter();
            sealed
                .filter(|(_, sealed)| sealed.erased_at.is_some())
                .map(|(id, _)| *id)
                .collect()
        };
        let left = erased
            .into_iter()
            .filter(|id| log.body(&digest(*id)).map_or(true, |body| body.is_some()));
        let left: Vec<StatementId> = left.collect();
        self.erasing().extend(left);
    }

    /// Erases what was noted. What could not be is tried again at a later tick, and at every start.
    pub(crate) fn finish_erasing(&self) {
        let due = self.erasing().clone();
        let Some(log) = self.log.as_ref().filter(|_| !due.is_empty()) else {
            return;
        };
        // One at a time; whoever has begun takes what was noted.
        let Ok(_one) = self.eraser.try_lock() else {
            return;
        };
        if self.frozen().is_some() {
            return;
        }
        let files = self.shown().index.named_only_by(&due);
        if !self.erase_files(&files) {
            return;
        }
        let names = self.named_in(&due);
        let digests: Vec<Digest> = due.iter().map(|id| digest(*id)).collect();
        for some in digests.chunks(ERASE_STATEMENTS_MAX) {
            match log.erase(some) {
                // Somebody reads an old view of the file; it is tried again.
                Ok(erased) if !erased.is_out_of_files => return,
                Ok(_) => {}
                Err(_) => return,
            }
        }
        {
            let mut shown = self.shown_mut();
            shown.index.forget(&due);
            for (person, name) in names {
                // The name that was given with the details goes with them.
                if shown.names.get(&person) == Some(&name)
                    && log.put_name(&Digest(person.0), None).is_ok()
                {
                    shown.names.remove(&person);
                }
            }
        }
        self.erasing().retain(|id| !due.contains(id));
        self.notify();
    }

    /// Names of people in details that are about to go.
    fn named_in(&self, due: &BTreeSet<StatementId>) -> Vec<(PersonId, String)> {
        let Some(log) = &self.log else {
            return Vec::new();
        };
        let details = due.iter().filter_map(|id| {
            let kind = self.shown().state.sealed.get(id)?.kind;
            let beside = log.body(&digest(*id)).ok().flatten()?;
            match Act::read(kind.stored(), kind.version(), &beside.body) {
                Ok(Act::Details(body)) => Some((body.person, body.name.as_str().to_owned())),
                Ok(_) | Err(_) => None,
            }
        });
        details.collect()
    }

    fn erasing(&self) -> std::sync::MutexGuard<'_, BTreeSet<StatementId>> {
        self.erasing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
