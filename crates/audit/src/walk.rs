//! Over all entries in order: each read on whatever core is free, then taken one by one.
//!
//! What an entry is by itself (its bytes, its signature, its body) is seen to by a [`Reader`] on each core; what it is among
//! others by [`Facts`], in order. In memory at once: one batch, and what [`Facts`] keeps.

mod facts;
mod source;

pub(crate) use facts::{Absent, Facts, Found, Named, Notice, NoticeItem, named};
pub(crate) use source::{Batch, FromArchive, FromBundles, Item, Source};

use std::num::NonZero;
use std::thread;

use ledger::verify::{Checked, Earlier, EntryFault, Reader};

use crate::fault::{Code, Fault, NotHeld};

/// How signatures are checked. Either way each has the verdict of the strict rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signatures {
    /// Many at once, on all cores.
    #[default]
    Batches,
    /// One by one, by another library's code, on all cores.
    OneByOne,
}

/// Why a walk ended before the last entry.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// What the ledger's own verifier found.
    Log(ledger::verify::Fault),
    /// What the copy around the log has wrong, or that it cannot be read.
    Copy(NotHeld),
}

impl From<NotHeld> for Stopped {
    fn from(not: NotHeld) -> Self {
        Self::Copy(not)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Copy(fault.into())
    }
}

/// Feeds every entry of `source` to `facts`; `told` hears how many were taken.
pub(crate) fn walk<E: Earlier>(
    source: &mut dyn Source,
    facts: &mut Facts<'_, E>,
    signatures: Signatures,
    told: &mut dyn FnMut(u64),
) -> Result<(), Stopped> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let reader = || match signatures {
        Signatures::Batches => Reader::batched(),
        Signatures::OneByOne => Reader::one_by_one(),
    };
    let mut readers: Vec<Reader> = (0..cores).map(|_| reader()).collect();
    loop {
        let Batch {
            mut items,
            fault,
            bodies,
        } = source.next()?;
        if items.is_empty() && fault.is_none() {
            return Ok(());
        }
        let count = items.len();
        let mut bodies = bodies.into_iter().peekable();
        for (place, checked) in read(&mut items, &mut readers).into_iter().enumerate() {
            let index = facts.size();
            match (facts.take(checked), bodies.next_if(|(at, _)| *at == place)) {
                (Ok(()), None) => {}
                // Told after the entry's own checks.
                (Ok(()), Some((_, fault))) => return Err(fault.into()),
                (Err(stopped), _) => return Err(stopped),
            }
            if facts.size() != index + 1 {
                break;
            }
        }
        told(facts.size());
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        if count == 0 {
            return Ok(());
        }
    }
}

/// Reads a batch on all cores: one answer for each, in order.
fn read(items: &mut Vec<Item>, readers: &mut [Reader]) -> Vec<Result<Checked, EntryFault>> {
    let count = items.len();
    let part = count.div_ceil(readers.len().max(1)).max(1);
    let mut checked = Vec::with_capacity(count);
    thread::scope(|scope| {
        let mut threads = Vec::with_capacity(readers.len());
        let mut left = std::mem::take(items);
        for reader in readers {
            let rest = left.split_off(part.min(left.len()));
            let mine = std::mem::replace(&mut left, rest);
            threads.push(scope.spawn(move || {
                reader.read(mine.into_iter().map(|item| (item.entry, item.beside)))
            }));
        }
        for thread in threads {
            // INVARIANT: reading does not panic; if it did, an entry would be at fault rather than passed over.
            checked.extend(thread.join().unwrap_or_default());
        }
    });
    if checked.len() < count {
        checked.push(Err(EntryFault::Keyring(
            "the program could not look at it".to_owned(),
        )));
    }
    checked
}

/// A fault of the entry `index`.
fn at_entry(index: u64, says: impl Into<String>) -> Fault {
    Fault::at(Code::Entry, index, says)
}

impl Stopped {
    /// As the steps of `docs/formats/export.md` name it.
    pub(crate) fn in_copy(self) -> NotHeld {
        use ledger::verify::Fault as In;
        match self {
            Self::Copy(not) => not,
            Self::Log(In::Entry { index, what }) => {
                let code = match what {
                    EntryFault::OtherBody | EntryFault::SpareBody => Code::Body,
                    _ => Code::Entry,
                };
                Fault::at(code, index, what.to_string()).into()
            }
            Self::Log(fault @ In::Again { .. }) => NotHeld::Unreadable(fault.to_string()),
            Self::Log(fault @ In::Checkpoint(_)) => {
                Fault::new(Code::Checkpoint, fault.to_string()).into()
            }
            Self::Log(fault) => Fault::new(Code::Root, fault.to_string()).into(),
        }
    }
}
