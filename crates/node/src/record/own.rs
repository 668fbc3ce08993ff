//! Entries for those who signed them: what a phone needs to check its receipt.

use audit::fold;
use domain::id::PersonId;
use store::Stored;

use crate::answer::NotEntered;
use crate::node::Node;
use crate::view::Viewer;

impl Node {
    /// The bytes of entry `index`, for whoever signed its statement, and of entry 0 for anyone enrolled. An entry holds what
    /// was answered, so nobody else is given one.
    ///
    /// # Errors
    /// [`NotEntered::Denied`] for any other reader, and when there is no such entry.
    pub fn own_entry(&self, index: u64, viewer: &Viewer) -> Result<Vec<u8>, NotEntered> {
        let reader = self.view(viewer, |view| view.reader);
        let found = reader.zip(self.stored(index, index.saturating_add(1)).pop());
        found
            .filter(|(reader, stored)| {
                stored.index == index && (index == 0 || is_by(*reader, stored))
            })
            .map(|(_, stored)| stored.entry)
            .ok_or_else(|| {
                NotEntered::denied("no_such_entry", "no such entry was signed by this person")
            })
    }
}

/// Signed by this person, or the statement that made them one.
fn is_by(person: PersonId, stored: &Stored) -> bool {
    fold::read(&stored.entry, stored.beside.as_ref()).is_ok_and(|read| {
        let statement = &read.entry.statement;
        statement.by == person || statement.id.0 == person.0
    })
}
