//! What can be checked of an entry without looking at any other: most of the work, and fit for many threads.

use alloc::vec::Vec;

use super::fault::EntryFault;
use super::root::leaf;
use crate::entry::Entry;
use crate::envelope::{self, Content, Signed};
use crate::limit::BODY_BYTES_MAX;
use crate::signatures::{Checker, Claim};
use crate::{Beside, Digest};

/// An entry that was read strictly, whose statement is signed by the key that it names. Whether that key might sign, and how
/// the entry fits to those before it, is for [`super::Verifier::take`] to say, and so is what was found of the body.
///
/// Only a [`Reader`] makes one.
#[derive(Debug, Clone)]
pub struct Checked {
    entry: Entry,
    statement: Signed,
    beside: Option<Beside>,
    leaf: Digest,
    body: Body,
}

/// What lies beside an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// The payload is open, and nothing lies beside it.
    Open,
    /// There, and the one that was signed.
    Fits,
    /// Not in this copy.
    Absent,
    /// Another one than was signed.
    Other,
    /// One that cannot belong to it.
    Spare,
}

impl Checked {
    /// The entry.
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The statement in it.
    pub const fn statement(&self) -> &Signed {
        &self.statement
    }

    /// The body beside it. It fits its commitment once the entry was taken.
    pub const fn beside(&self) -> Option<&Beside> {
        self.beside.as_ref()
    }

    /// Its leaf hash.
    pub const fn leaf(&self) -> Digest {
        self.leaf
    }

    /// Entry, statement and body.
    pub fn into_parts(self) -> (Entry, Signed, Option<Beside>) {
        (self.entry, self.statement, self.beside)
    }

    pub(super) const fn body(&self) -> Body {
        self.body
    }
}

/// Reads entries and checks their signatures, one for each thread.
///
/// Either way each signature gets the same verdict, that of the strict rule; see [`crate::signatures`].
#[derive(Debug)]
pub struct Reader {
    /// `None` checks one by one.
    batches: Option<Checker>,
}

impl Reader {
    /// Checks signatures in batches, about four times as fast. Hand it [`crate::signatures::BATCH`] entries or some
    /// fraction at once.
    pub const fn batched() -> Self {
        Self {
            batches: Some(Checker::new()),
        }
    }

    /// Checks each signature by itself, by another library's code than the batches.
    pub const fn one_by_one() -> Self {
        Self { batches: None }
    }

    /// Reads entries, each with its body if the copy holds one, in any order: one answer for each, in the order given.
    pub fn read<B: AsRef<[u8]>>(
        &mut self,
        entries: impl IntoIterator<Item = (B, Option<Beside>)>,
    ) -> Vec<Result<Checked, EntryFault>> {
        let Some(batches) = &mut self.batches else {
            return entries
                .into_iter()
                .map(|(bytes, beside)| one(bytes.as_ref(), beside))
                .collect();
        };
        let (mut claims, mut places) = (Vec::new(), Vec::new());
        let mut read: Vec<_> = (0..)
            .zip(entries)
            .map(|(place, (bytes, beside))| {
                let (checked, claim) = claimed(bytes.as_ref(), beside)?;
                claims.push(claim);
                places.push(place);
                Ok(checked)
            })
            .collect();
        for failing in batches.failing(&claims) {
            let place = places.get(failing).copied().unwrap_or(usize::MAX);
            if let Some(answer) = read.get_mut(place)
                && let Ok(checked) = answer
                // The other library says in which way; were it to find nothing wrong, its word would hold.
                && let Err(error) = envelope::open(&checked.entry.statement)
            {
                *answer = Err(error.into());
            }
        }
        read
    }
}

/// Everything about one entry that needs no other.
pub(super) fn one(bytes: &[u8], beside: Option<Beside>) -> Result<Checked, EntryFault> {
    let entry = Entry::read(bytes)?;
    let statement = envelope::open(&entry.statement)?;
    Ok(checked(bytes, entry, statement, beside))
}

/// The same, with the signature still to be checked.
fn claimed(bytes: &[u8], beside: Option<Beside>) -> Result<(Checked, Claim), EntryFault> {
    let entry = Entry::read(bytes)?;
    let (statement, claim) = envelope::claimed(&entry.statement)?;
    Ok((checked(bytes, entry, statement, beside), claim))
}

fn checked(bytes: &[u8], entry: Entry, statement: Signed, beside: Option<Beside>) -> Checked {
    Checked {
        body: body(&statement, beside.as_ref()),
        leaf: leaf(bytes),
        entry,
        statement,
        beside,
    }
}

fn body(statement: &Signed, beside: Option<&Beside>) -> Body {
    match (&statement.header.content, beside) {
        (Content::Open(_), None) => Body::Open,
        (Content::Beside(_), None) => Body::Absent,
        (Content::Open(_), Some(_)) => Body::Spare,
        (Content::Beside(_), Some(beside)) if beside.body.len() > BODY_BYTES_MAX => Body::Spare,
        (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => {
            Body::Fits
        }
        (Content::Beside(_), Some(_)) => Body::Other,
    }
}
