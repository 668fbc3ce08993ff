//! Where entries are read from that were written before.

use store::{SqliteArchive, Stored};

use crate::fault::NotHeld;

/// A record that is only read. Nothing that comes out of it is believed.
pub trait Archive {
    /// Entries from `from` on, before `to`, in order, each with its body where one is kept. May give fewer than asked for;
    /// none only when there are none.
    ///
    /// # Errors
    /// [`NotHeld::Unreadable`].
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld>;

    /// The newest signed note.
    ///
    /// # Errors
    /// [`NotHeld::Unreadable`].
    fn note(&self) -> Result<String, NotHeld>;

    /// Signed notes of earlier heads, from `from` entries on, oldest first; none when there are no more.
    ///
    /// # Errors
    /// [`NotHeld::Unreadable`].
    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, NotHeld>;
}

impl Archive for SqliteArchive {
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld> {
        Ok(Self::read(self, from, to)?)
    }

    fn note(&self) -> Result<String, NotHeld> {
        Ok(Self::note(self)?)
    }

    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, NotHeld> {
        Ok(Self::checkpoints(self, from)?)
    }
}
