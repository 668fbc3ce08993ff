//! Looking at an entry a second time.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::root::leaf;
use crate::Digest;
use crate::entry::Entry;
use crate::envelope;

/// Entries that a [`super::Verifier`] has taken, to be looked at again: when two statements might be one, and when the root
/// is wrong and the place is looked for.
pub trait Earlier {
    /// Told of each entry that was taken, in order.
    fn keep(&mut self, leaf: Digest, id: Digest);

    /// The leaf hash of entry `index`.
    ///
    /// # Errors
    /// A sentence without capital or full stop.
    fn leaf(&mut self, index: u64) -> Result<Digest, String>;

    /// The id of the statement in entry `index`.
    ///
    /// # Errors
    /// A sentence without capital or full stop.
    fn id(&mut self, index: u64) -> Result<Digest, String>;
}

/// Keeps leaf and id of each entry: 64 bytes an entry.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    all: Vec<(Digest, Digest)>,
}

impl Kept {
    fn at(&self, index: u64) -> Result<(Digest, Digest), String> {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.all.get(index))
            .copied()
            .ok_or_else(|| "it was never there".to_string())
    }
}

impl Earlier for Kept {
    fn keep(&mut self, leaf: Digest, id: Digest) {
        self.all.push((leaf, id));
    }

    fn leaf(&mut self, index: u64) -> Result<Digest, String> {
        self.at(index).map(|(leaf, _)| leaf)
    }

    fn id(&mut self, index: u64) -> Result<Digest, String> {
        self.at(index).map(|(_, id)| id)
    }
}

/// Keeps nothing, and reads again what it is asked for. The copy must not change while it is verified.
///
/// In a sound log of a million entries that happens about once; in one with a wrong root, once for each entry, in order.
#[derive(Debug)]
pub struct ReadAgain<F> {
    read: F,
}

impl<F, B> ReadAgain<F>
where
    F: FnMut(u64) -> Result<B, String>,
    B: AsRef<[u8]>,
{
    /// `read` gives the bytes of an entry by its number.
    pub const fn new(read: F) -> Self {
        Self { read }
    }
}

impl<F, B> Earlier for ReadAgain<F>
where
    F: FnMut(u64) -> Result<B, String>,
    B: AsRef<[u8]>,
{
    fn keep(&mut self, _: Digest, _: Digest) {}

    fn leaf(&mut self, index: u64) -> Result<Digest, String> {
        Ok(leaf((self.read)(index)?.as_ref()))
    }

    fn id(&mut self, index: u64) -> Result<Digest, String> {
        let bytes = (self.read)(index)?;
        let entry = Entry::read(bytes.as_ref()).map_err(|error| error.to_string())?;
        let (payload, ..) = envelope::read(&entry.statement).map_err(|error| error.to_string())?;
        Ok(Digest::of(&payload))
    }
}

/// Leaves alone, for looking for a wrong one.
pub(super) struct Leaves<'a>(pub(super) &'a [Digest]);

impl Earlier for Leaves<'_> {
    fn keep(&mut self, _: Digest, _: Digest) {}

    fn leaf(&mut self, index: u64) -> Result<Digest, String> {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.0.get(index))
            .copied()
            .ok_or_else(|| "it was never there".to_string())
    }

    fn id(&mut self, _: u64) -> Result<Digest, String> {
        Err("only its leaf was kept".to_string())
    }
}
