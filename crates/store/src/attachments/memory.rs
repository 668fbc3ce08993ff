//! Attachments in memory, for tests of what stands above. It keeps nothing when it is dropped.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ledger::Digest;

use super::{AttachmentError, Attachments, Received, unfit};

/// See the module's description.
#[derive(Debug, Default)]
pub struct MemoryAttachments(Mutex<Files>);

#[derive(Debug, Default)]
struct Files {
    whole: BTreeMap<Digest, Vec<u8>>,
    parts: BTreeMap<Digest, Vec<u8>>,
}

impl MemoryAttachments {
    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attachments for MemoryAttachments {
    fn put_piece(
        &self,
        name: &Digest,
        bytes: u64,
        offset: u64,
        piece: &[u8],
    ) -> Result<Received, AttachmentError> {
        let mut files = self.files();
        if let Some(whole) = files.whole.get(name) {
            let bytes = whole.len() as u64;
            return Ok(Received::Whole { bytes });
        }
        let received = files.parts.get(name).map_or(0, |part| part.len() as u64);
        if let Some(wrong) = unfit(bytes, offset, piece, received) {
            return Err(wrong);
        }
        let part = files.parts.entry(*name).or_default();
        part.extend_from_slice(piece);
        let received = part.len() as u64;
        if received < bytes {
            return Ok(Received::Part { bytes: received });
        }
        let whole = files.parts.remove(name).unwrap_or_default();
        if Digest::of(&whole) != *name {
            return Err(AttachmentError::OtherFile);
        }
        files.whole.insert(*name, whole);
        Ok(Received::Whole { bytes })
    }

    fn received(&self, name: &Digest) -> Result<Received, AttachmentError> {
        let files = self.files();
        let size = |bytes: &Vec<u8>| bytes.len() as u64;
        Ok(match files.whole.get(name) {
            Some(whole) => Received::Whole { bytes: size(whole) },
            None => Received::Part {
                bytes: files.parts.get(name).map_or(0, size),
            },
        })
    }

    fn size(&self, name: &Digest) -> Result<Option<u64>, AttachmentError> {
        Ok(self.files().whole.get(name).map(|whole| whole.len() as u64))
    }

    fn get(
        &self,
        name: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn Read + Send>>, AttachmentError> {
        let files = self.files();
        let Some(whole) = files.whole.get(name) else {
            return Ok(None);
        };
        let clamp = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(whole.len());
        let some = whole
            .get(clamp(range.start)..clamp(range.end))
            .unwrap_or_default();
        Ok(Some(Box::new(Cursor::new(some.to_vec()))))
    }

    fn erase(&self, name: &Digest) -> Result<bool, AttachmentError> {
        let mut files = self.files();
        let part = files.parts.remove(name).is_some();
        Ok(files.whole.remove(name).is_some() || part)
    }

    fn list(&self) -> Result<Vec<(Digest, u64)>, AttachmentError> {
        let files = self.files();
        let sizes = files.whole.iter();
        Ok(sizes
            .map(|(name, whole)| (*name, whole.len() as u64))
            .collect())
    }
}
