//! Where entries come from, in batches.

use std::cell::RefCell;

use ledger::Beside;
use ledger::tile::{BODY_BUNDLE_BYTES_MAX, BUNDLE_BYTES_MAX, BodyBundle, Bundle, read_bodies};
use store::Stored;

use crate::archive::Archive;
use crate::fault::{Code, Fault, NotHeld};
use crate::files::Files;
use crate::limit::{BATCH_BYTES, BATCH_ENTRIES};

use super::at_entry;

/// Entries that follow each other, and what is wrong after the last of them, if anything is.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Item>,
    pub(crate) fault: Option<Fault>,
    /// What is wrong with a bundle of bodies, and after which of `items` that is told.
    pub(crate) bodies: Vec<(usize, Fault)>,
}

/// One entry's bytes with what lies beside it.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) entry: Vec<u8>,
    pub(crate) beside: Option<Beside>,
}

/// Gives entries from number 0.
pub(crate) trait Source {
    /// The next ones; none, and no fault, when there are no more.
    fn next(&mut self) -> Result<Batch, NotHeld>;
}

/// The entries of a record.
pub(crate) struct FromArchive<'a> {
    archive: &'a dyn Archive,
    next: u64,
}

impl<'a> FromArchive<'a> {
    pub(crate) const fn new(archive: &'a dyn Archive) -> Self {
        Self { archive, next: 0 }
    }
}

impl Source for FromArchive<'_> {
    fn next(&mut self) -> Result<Batch, NotHeld> {
        let (mut batch, mut bytes) = (Batch::default(), 0);
        while batch.items.len() < BATCH_ENTRIES && bytes < BATCH_BYTES {
            let some = self.archive.read(self.next, u64::MAX)?;
            if some.is_empty() {
                break;
            }
            for Stored {
                index,
                entry,
                beside,
            } in some
            {
                if index != self.next {
                    batch.fault = Some(at_entry(self.next, "it is missing"));
                    return Ok(batch);
                }
                self.next += 1;
                bytes += entry.len() + beside.as_ref().map_or(0, |beside| beside.body.len());
                batch.items.push(Item { entry, beside });
            }
        }
        Ok(batch)
    }
}

/// Bodies by slot, and what is wrong with their bundle.
type Bodies = (Vec<(u8, Beside)>, Option<Fault>);

/// The entries of an export of so many.
pub(crate) struct FromBundles<'a> {
    files: &'a dyn Files,
    size: u64,
    next: u64,
    kept: RefCell<Option<(Bundle, Vec<u8>)>>,
}

impl<'a> FromBundles<'a> {
    pub(crate) const fn new(files: &'a dyn Files, size: u64) -> Self {
        Self {
            files,
            size,
            next: 0,
            kept: RefCell::new(None),
        }
    }

    /// As one that begins at entry `first`, where a bundle begins.
    pub(crate) const fn beginning(files: &'a dyn Files, size: u64, first: u64) -> Self {
        Self {
            files,
            size,
            next: first,
            kept: RefCell::new(None),
        }
    }

    /// The bytes of the first entry of a bundle, or a sentence.
    pub(crate) fn first_of(&self, bundle: &Bundle) -> Result<Result<Vec<u8>, String>, NotHeld> {
        let path = bundle.to_string();
        if !self.files.has(&path) {
            return Ok(Err(format!("`{path}` is not there")));
        }
        let bytes = self.files.read(&path, BUNDLE_BYTES_MAX as u64)?;
        let bytes = bytes.unwrap_or_default();
        let (entries, _) = split(bundle, &bytes);
        let first = entries.first().map(|entry| entry.to_vec());
        Ok(first.ok_or_else(|| "it is not there or cut short".to_owned()))
    }

    /// The bytes of one entry that was there before. Entries are asked for in order when a root is wrong: the bundle last
    /// read is kept.
    pub(crate) fn again(&self, entry: u64) -> Result<Vec<u8>, String> {
        let gone = || "it is gone".to_owned();
        let bundle = Bundle::holding(entry, self.size).ok_or_else(gone)?;
        let mut kept = self.kept.borrow_mut();
        if kept.as_ref().is_none_or(|(known, _)| *known != bundle) {
            let bytes = self
                .files
                .read(&bundle.to_string(), BUNDLE_BYTES_MAX as u64)
                .map_err(|error| error.to_string())?
                .ok_or_else(gone)?;
            *kept = Some((bundle, bytes));
        }
        let bytes = kept.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let (entries, _) = split(&bundle, bytes);
        let slot = usize::try_from(entry - bundle.first()).unwrap_or(usize::MAX);
        entries
            .get(slot)
            .map(|entry| entry.to_vec())
            .ok_or_else(gone)
    }

    /// One bundle and its bodies.
    fn bundle(&self, bundle: &Bundle, batch: &mut Batch) -> Result<Option<Fault>, NotHeld> {
        let (first, path) = (bundle.first(), bundle.to_string());
        if !self.files.has(&path) {
            return Ok(Some(at_entry(first, format!("`{path}` is not there"))));
        }
        let most = BUNDLE_BYTES_MAX as u64;
        let Some(bytes) = self.files.read(&path, most)? else {
            // Longer than any bundle can be: whatever stands in it, bytes follow its last entry.
            return Ok(Some(at_entry(
                first + u64::from(bundle.width()),
                format!("`{path}` is longer than any bundle"),
            )));
        };
        let (entries, fault) = split(bundle, &bytes);
        let (bodies, bodies_fault) = self.bodies(bundle)?;
        batch
            .bodies
            .extend(bodies_fault.map(|fault| (batch.items.len(), fault)));
        let mut bodies = bodies.into_iter().peekable();
        for (slot, entry) in (0_u8..=255).zip(entries) {
            let beside = bodies.next_if(|(at, _)| *at == slot);
            batch.items.push(Item {
                entry: entry.to_vec(),
                beside: beside.map(|(_, beside)| beside),
            });
        }
        Ok(fault)
    }

    fn bodies(&self, bundle: &Bundle) -> Result<Bodies, NotHeld> {
        let path = BodyBundle {
            index: bundle.index(),
        }
        .to_string();
        if !self.files.has(&path) {
            return Ok((Vec::new(), None));
        }
        let wrong = |says: String| Some(Fault::at(Code::Body, bundle.first(), says));
        let Some(bytes) = self.files.read(&path, BODY_BUNDLE_BYTES_MAX as u64)? else {
            let says = format!("`{path}` is longer than any bundle of bodies");
            return Ok((Vec::new(), wrong(says)));
        };
        match read_bodies(&bytes) {
            Err(fault) => Ok((Vec::new(), wrong(format!("`{path}`: {fault}")))),
            Ok(bodies) => {
                let last = bodies.last().map_or(0, |(slot, _)| u16::from(*slot));
                if last >= bundle.width() {
                    let says = format!("`{path}` holds a body of no entry");
                    return Ok((Vec::new(), wrong(says)));
                }
                Ok((bodies, None))
            }
        }
    }
}

impl Source for FromBundles<'_> {
    fn next(&mut self) -> Result<Batch, NotHeld> {
        let mut batch = Batch::default();
        let bytes = |batch: &Batch| -> usize {
            batch
                .items
                .iter()
                .map(|item| {
                    item.entry.len() + item.beside.as_ref().map_or(0, |beside| beside.body.len())
                })
                .sum()
        };
        while batch.items.len() < BATCH_ENTRIES && bytes(&batch) < BATCH_BYTES {
            let Some(bundle) = Bundle::holding(self.next, self.size) else {
                break;
            };
            batch.fault = self.bundle(&bundle, &mut batch)?;
            if batch.fault.is_some() {
                break;
            }
            self.next = bundle.first() + u64::from(bundle.width());
        }
        Ok(batch)
    }
}

/// The entries that are whole, and what is wrong after them.
fn split<'a>(bundle: &Bundle, bytes: &'a [u8]) -> (Vec<&'a [u8]>, Option<Fault>) {
    let (mut entries, mut rest, mut index) = (Vec::new(), bytes, bundle.first());
    for _ in 0..bundle.width() {
        let Some((length, after)) = rest.split_first_chunk::<2>() else {
            return (entries, Some(at_entry(index, "it is not there")));
        };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, after)) = after.split_at_checked(length) else {
            return (entries, Some(at_entry(index, "it is cut short")));
        };
        entries.push(entry);
        (rest, index) = (after, index + 1);
    }
    let fault =
        (!rest.is_empty()).then(|| at_entry(index, "bytes follow the last entry of its bundle"));
    (entries, fault)
}
