//! Files that statements name: photographs, video, documents. Layout of the folder: `docs/formats/attachment.md`.
//!
//! An attachment is named by the SHA-256 of its bytes, so it is put once and never changed, and whoever gets it can tell
//! that it is the one that was named. It stands outside the log: it may be withheld, erased or lost, and the record says
//! which.

mod folder;
mod memory;
mod pieces;

pub use folder::FolderAttachments;
pub use memory::MemoryAttachments;

use std::io::{self, Read};
use std::ops::Range;

use ledger::Digest;

use crate::limit::{ATTACHMENT_BYTES_MAX, ATTACHMENT_PIECE_BYTES_MAX};

/// A place for attachments.
///
/// What it asks of a store is what object stores offer too: create only if absent, read a range, delete, list. Renaming is
/// no part of it; an object store makes `put_piece` of its own multipart upload.
pub trait Attachments: Send + Sync {
    /// Adds `piece` at `offset` to the file `name` of `bytes` bytes altogether, at most
    /// [`ATTACHMENT_PIECE_BYTES_MAX`] at once. What was received is durable on return, so that an upload broken off goes
    /// on from there. The last piece makes the file: then all of it was read back and is the one that `name` says.
    ///
    /// Pieces of a file that is there already are passed over: the answer is that it is whole.
    ///
    /// # Errors
    /// [`AttachmentError`]. After [`AttachmentError::Offset`] go on from the offset that it names.
    fn put_piece(
        &self,
        name: &Digest,
        bytes: u64,
        offset: u64,
        piece: &[u8],
    ) -> Result<Received, AttachmentError>;

    /// How much of a file is here.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    fn received(&self, name: &Digest) -> Result<Received, AttachmentError>;

    /// The size of a file that is whole here, `None` where it is not.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    fn size(&self, name: &Digest) -> Result<Option<u64>, AttachmentError>;

    /// The bytes in `range`, which ends at the file's end at most; `None` where the file is not whole here. Every byte is
    /// checked before it is handed out: a read that fails with [`io::ErrorKind::InvalidData`] found the file damaged.
    ///
    /// # Errors
    /// [`AttachmentError::Io`], [`AttachmentError::Damaged`].
    fn get(
        &self,
        name: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn Read + Send>>, AttachmentError>;

    /// Removes a file and whatever of it was received; durable on return. `false` where there was nothing.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    fn erase(&self, name: &Digest) -> Result<bool, AttachmentError>;

    /// Every whole file with its size, sorted by name.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    fn list(&self) -> Result<Vec<(Digest, u64)>, AttachmentError>;

    /// Puts a whole file from `source`, which must give exactly `bytes` bytes. `false` where it was there already.
    ///
    /// # Errors
    /// [`AttachmentError`].
    fn put(
        &self,
        name: &Digest,
        bytes: u64,
        source: &mut dyn Read,
    ) -> Result<bool, AttachmentError> {
        let mut piece = Vec::new();
        loop {
            let offset = match self.received(name)? {
                Received::Whole { .. } if piece.is_empty() => return Ok(false),
                Received::Whole { .. } => return Ok(true),
                Received::Part { bytes } => bytes,
            };
            // What an upload broken off left is kept; the source begins at its beginning.
            if piece.is_empty() && offset > 0 {
                io::copy(&mut source.take(offset), &mut io::sink())
                    .map_err(|error| AttachmentError::io("read what is sent", error))?;
            }
            let want = (ATTACHMENT_PIECE_BYTES_MAX as u64).min(bytes.saturating_sub(offset));
            piece.clear();
            source
                .take(want)
                .read_to_end(&mut piece)
                .map_err(|error| AttachmentError::io("read what is sent", error))?;
            if (piece.len() as u64) < want {
                return Err(AttachmentError::Short {
                    bytes,
                    received: offset + piece.len() as u64,
                });
            }
            if let Received::Whole { .. } = self.put_piece(name, bytes, offset, &piece)? {
                return Ok(true);
            }
        }
    }

    /// Whether a file is whole here.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    fn has(&self, name: &Digest) -> Result<bool, AttachmentError> {
        Ok(self.size(name)?.is_some())
    }
}

/// How much of a file is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// So many bytes from its beginning; 0 where nothing is.
    Part {
        /// Bytes.
        bytes: u64,
    },
    /// All of it.
    Whole {
        /// Its size.
        bytes: u64,
    },
}

/// Why a file cannot be put or had. `Display` is a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// Over the limit, or nothing at all.
    #[error("a file holds 1 byte to 2 GiB, this one {bytes} bytes")]
    Size {
        /// Its size.
        bytes: u64,
    },
    /// A piece over its limit, or empty.
    #[error("a piece holds 1 byte to 8 MiB, this one {bytes} bytes")]
    Piece {
        /// Its size.
        bytes: usize,
    },
    /// A piece that does not begin where the last one ended.
    #[error("{received} bytes are here: go on from there, not from {offset}")]
    Offset {
        /// Where it would begin.
        offset: u64,
        /// Bytes that are here.
        received: u64,
    },
    /// A piece that reaches beyond the size that was said.
    #[error("more arrived than the {bytes} bytes that were announced")]
    Beyond {
        /// The size said.
        bytes: u64,
    },
    /// The source ended early.
    #[error("the file ended at {received} of {bytes} bytes")]
    Short {
        /// The size said.
        bytes: u64,
        /// Bytes that came.
        received: u64,
    },
    /// All of it came and it is another file.
    #[error("what arrived is not the file that was named: send it again")]
    OtherFile,
    /// Another piece of the same file is being written.
    #[error("another part of this file is being received just now: try again in a moment")]
    Busy,
    /// Not enough room beside what is kept for the record.
    #[error(
        "there is no room for this file: {needed_mib} MiB are needed and {free_mib} MiB are free beside what is kept for the record"
    )]
    NoRoom {
        /// Needed, rounded up.
        needed_mib: u64,
        /// Free, rounded down.
        free_mib: u64,
    },
    /// The bytes kept are not the ones that were put.
    #[error("the file was damaged where it is kept: bring back a copy")]
    Damaged,
    /// From the place where it is kept.
    #[error("the place for attachments failed: cannot {doing}")]
    Io {
        /// The verb and what on.
        doing: &'static str,
        /// The detail.
        source: io::Error,
    },
}

impl AttachmentError {
    pub(crate) const fn io(doing: &'static str, source: io::Error) -> Self {
        Self::Io { doing, source }
    }
}

/// What is wrong with a piece whatever is here: `received` bytes are.
fn unfit(bytes: u64, offset: u64, piece: &[u8], received: u64) -> Option<AttachmentError> {
    if bytes == 0 || bytes > ATTACHMENT_BYTES_MAX {
        return Some(AttachmentError::Size { bytes });
    }
    if piece.is_empty() || piece.len() > ATTACHMENT_PIECE_BYTES_MAX {
        return Some(AttachmentError::Piece { bytes: piece.len() });
    }
    if offset != received {
        return Some(AttachmentError::Offset { offset, received });
    }
    (offset + piece.len() as u64 > bytes).then_some(AttachmentError::Beyond { bytes })
}
