//! Attachments in a folder beside the record.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ledger::Digest;

use super::pieces::{self, Checked};
use super::{AttachmentError, Attachments, Received, unfit};
use crate::limit::{ATTACHMENT_ROOM_BYTES, ATTACHMENT_UNFINISHED_MAX_S};

/// Whole files, each under its hash.
const WHOLE: &str = "whole";
/// Hashes of their pieces, under the same name.
const PIECES: &str = "pieces";
/// What is being received.
const PART: &str = "part";
/// Ends the name of what is being erased, among the parts.
const DOOMED: &str = ".erased";

/// See the module's description.
#[derive(Debug)]
pub struct FolderAttachments {
    folder: PathBuf,
    /// Reads beside the process that writes, and writes nothing.
    is_guest: bool,
    /// Files of which a piece is being written.
    busy: Mutex<BTreeSet<Digest>>,
}

impl FolderAttachments {
    /// Opens the place in `folder`, making it where there is none, and removes what crashes and uploads broken off more
    /// than a day ago left.
    ///
    /// # Errors
    /// [`AttachmentError::Io`].
    pub fn open(folder: &Path) -> Result<Self, AttachmentError> {
        for name in [WHOLE, PIECES, PART] {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder.join(name))
                .map_err(|error| AttachmentError::io("make its folder", error))?;
        }
        let place = Self {
            folder: folder.to_owned(),
            is_guest: false,
            busy: Mutex::default(),
        };
        place
            .tidy()
            .map_err(|error| AttachmentError::io("remove what was left unfinished", error))?;
        Ok(place)
    }

    /// The place in `folder` for reading only, beside the process that writes it; nothing is made or removed. Where there is
    /// no such folder it holds nothing.
    pub fn beside(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            is_guest: true,
            busy: Mutex::default(),
        }
    }

    fn at(&self, what: &str, name: &Digest) -> PathBuf {
        self.folder.join(what).join(name.to_string())
    }

    fn tidy(&self) -> io::Result<()> {
        let now = SystemTime::now();
        for part in fs::read_dir(self.folder.join(PART))? {
            let part = part?;
            let age = now
                .duration_since(part.metadata()?.modified()?)
                .unwrap_or_default();
            let is_ours = name_of(&part.file_name()).is_some();
            if !is_ours || age > Duration::from_secs(ATTACHMENT_UNFINISHED_MAX_S) {
                blank(&part.path())?;
            }
        }
        for piece in fs::read_dir(self.folder.join(PIECES))? {
            let piece = piece?;
            let whole = name_of(&piece.file_name()).map(|name| self.at(WHOLE, &name));
            if whole.is_none_or(|whole| !whole.exists()) {
                fs::remove_file(piece.path())?;
            }
        }
        Ok(())
    }

    /// Whether `needed` bytes can be written and still leave the record its room.
    fn room(&self, needed: u64) -> Result<(), AttachmentError> {
        let disk = rustix::fs::statvfs(&self.folder)
            .map_err(|error| AttachmentError::io("see how much room there is", error.into()))?;
        let free = disk
            .f_bavail
            .saturating_mul(disk.f_frsize)
            .saturating_sub(ATTACHMENT_ROOM_BYTES);
        if needed <= free {
            return Ok(());
        }
        Err(AttachmentError::NoRoom {
            needed_mib: needed.div_ceil(1 << 20),
            free_mib: free >> 20,
        })
    }

    /// Writes `piece` to the end of the unfinished file, durably.
    fn extend(&self, name: &Digest, offset: u64, piece: &[u8]) -> io::Result<File> {
        let path = self.at(PART, name);
        let is_new = offset == 0;
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        // A crash in it leaves a longer or shorter part than was acknowledged. Longer: the sender is told so and goes on
        // from there; if those bytes are not the right ones, the hash at the end finds it and all is sent again.
        file.write_all(piece)?;
        file.sync_all()?;
        if is_new {
            self.sync(PART)?;
        }
        Ok(file)
    }

    /// Makes the unfinished file the whole one, when it is the one that it should be.
    fn finish(&self, name: &Digest, bytes: u64, mut file: File) -> Result<(), AttachmentError> {
        let part = self.at(PART, name);
        // What counts is what the disk gives back, so all of it is read again.
        let (found, length, hashes) = pieces::hash(&mut file)
            .map_err(|error| AttachmentError::io("read back what was received", error))?;
        if found != *name || length != bytes {
            fs::remove_file(part)
                .map_err(|error| AttachmentError::io("remove what was received", error))?;
            return Err(AttachmentError::OtherFile);
        }
        self.keep(&part, name, &hashes)
            .map_err(|error| AttachmentError::io("keep the file", error))
    }

    fn keep(&self, part: &Path, name: &Digest, hashes: &[u8]) -> io::Result<()> {
        // A crash after this leaves hashes without a file: the next opening removes them.
        write_new(&self.at(PIECES, name), hashes)?;
        self.sync(PIECES)?;
        // A crash before the folder is synced may undo the rename: the part is there, and its last piece is sent again or
        // it is removed when it is a day old. Put-if-absent: two that finish at once bring the same bytes.
        fs::rename(part, self.at(WHOLE, name))?;
        self.sync(WHOLE)?;
        self.sync(PART)
    }

    fn sync(&self, what: &str) -> io::Result<()> {
        File::open(self.folder.join(what))?.sync_all()
    }

    /// Erases a file. It loses its name first, durably: a crash in the middle leaves nothing that could be taken for the
    /// file, and the next opening goes on erasing.
    fn unmake(&self, what: &str, name: &Digest) -> io::Result<bool> {
        let doomed = self.folder.join(PART).join(format!("{name}{DOOMED}"));
        match fs::rename(self.at(what, name), &doomed) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        }
        self.sync(what)?;
        self.sync(PART)?;
        blank(&doomed)?;
        self.sync(PART)?;
        Ok(true)
    }

    /// The hashes of the pieces of a whole file; taken anew, after looking at all of it, where they were lost.
    fn hashes(
        &self,
        name: &Digest,
        bytes: u64,
        file: &mut File,
    ) -> Result<Vec<u8>, AttachmentError> {
        let path = self.at(PIECES, name);
        let wanted = bytes.div_ceil(pieces::PIECE_BYTES as u64) * 32;
        if let Ok(kept) = fs::read(&path)
            && kept.len() as u64 == wanted
        {
            return Ok(kept);
        }
        let (found, _, hashes) =
            pieces::hash(file).map_err(|error| AttachmentError::io("read the file", error))?;
        if found != *name {
            return Err(AttachmentError::Damaged);
        }
        if !self.is_guest {
            // Without room for them they are taken again the next time.
            write_new(&path, &hashes).ok();
        }
        Ok(hashes)
    }
}

impl Attachments for FolderAttachments {
    fn put_piece(
        &self,
        name: &Digest,
        bytes: u64,
        offset: u64,
        piece: &[u8],
    ) -> Result<Received, AttachmentError> {
        let _turn = Turn::take(&self.busy, *name).ok_or(AttachmentError::Busy)?;
        let received = match self.received(name)? {
            whole @ Received::Whole { .. } => return Ok(whole),
            Received::Part { bytes } => bytes,
        };
        // A part that is all there: the crash came between its last byte and its new name.
        if received > 0 && received == bytes && offset == received {
            let file = OpenOptions::new()
                .read(true)
                .open(self.at(PART, name))
                .map_err(|error| AttachmentError::io("open what was received", error))?;
            self.finish(name, bytes, file)?;
            return Ok(Received::Whole { bytes });
        }
        if let Some(wrong) = unfit(bytes, offset, piece, received) {
            // More is here than this file may have: it was announced with another size, and begins anew.
            if received > 0 && received >= bytes {
                fs::remove_file(self.at(PART, name))
                    .map_err(|error| AttachmentError::io("remove what was received", error))?;
                return Err(AttachmentError::Offset {
                    offset,
                    received: 0,
                });
            }
            return Err(wrong);
        }
        self.room(bytes - received)?;
        let file = self
            .extend(name, offset, piece)
            .map_err(|error| AttachmentError::io("write what was received", error))?;
        let received = offset + piece.len() as u64;
        if received < bytes {
            return Ok(Received::Part { bytes: received });
        }
        self.finish(name, bytes, file)?;
        Ok(Received::Whole { bytes })
    }

    fn received(&self, name: &Digest) -> Result<Received, AttachmentError> {
        if let Some(bytes) = self.size(name)? {
            return Ok(Received::Whole { bytes });
        }
        let bytes = length(&self.at(PART, name))?.unwrap_or(0);
        Ok(Received::Part { bytes })
    }

    fn size(&self, name: &Digest) -> Result<Option<u64>, AttachmentError> {
        length(&self.at(WHOLE, name))
    }

    fn get(
        &self,
        name: &Digest,
        range: Range<u64>,
    ) -> Result<Option<Box<dyn Read + Send>>, AttachmentError> {
        let mut file = match File::open(self.at(WHOLE, name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AttachmentError::io("open the file", error)),
        };
        let bytes = file
            .metadata()
            .map_err(|error| AttachmentError::io("open the file", error))?
            .len();
        let hashes = self.hashes(name, bytes, &mut file)?;
        Ok(Some(Box::new(Checked::new(
            file, *name, bytes, range, hashes,
        ))))
    }

    fn erase(&self, name: &Digest) -> Result<bool, AttachmentError> {
        let _turn = Turn::take(&self.busy, *name).ok_or(AttachmentError::Busy)?;
        let mut any = false;
        for what in [WHOLE, PART] {
            any |= self
                .unmake(what, name)
                .map_err(|error| AttachmentError::io("erase the file", error))?;
        }
        // A crash before this leaves hashes without a file: the next opening removes them.
        blank(&self.at(PIECES, name))
            .map_err(|error| AttachmentError::io("erase the file", error))?;
        Ok(any)
    }

    fn list(&self) -> Result<Vec<(Digest, u64)>, AttachmentError> {
        let wrong = |error| AttachmentError::io("look at what is kept", error);
        let mut found = Vec::new();
        let files = match fs::read_dir(self.folder.join(WHOLE)) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(wrong(error)),
        };
        for file in files {
            let file = file.map_err(wrong)?;
            if let Some(name) = name_of(&file.file_name()) {
                found.push((name, file.metadata().map_err(wrong)?.len()));
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

/// The right to write one file, given back when it is dropped.
struct Turn<'t> {
    busy: &'t Mutex<BTreeSet<Digest>>,
    name: Digest,
}

impl<'t> Turn<'t> {
    fn take(busy: &'t Mutex<BTreeSet<Digest>>, name: Digest) -> Option<Self> {
        busy.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name)
            // Made only when it was free: a turn that is dropped gives it back.
            .then(|| Self { busy, name })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.name);
    }
}

fn name_of(file: &std::ffi::OsStr) -> Option<Digest> {
    let text = file.to_str()?;
    let name: Digest = text.parse().ok()?;
    (name.to_string() == text).then_some(name)
}

fn length(path: &Path) -> Result<Option<u64>, AttachmentError> {
    match fs::metadata(path) {
        Ok(about) => Ok(Some(about.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AttachmentError::io("look at what is kept", error)),
    }
}

/// Writes a small file and syncs it.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Overwrites a file and removes it. `false` where there is none. On a disk that writes elsewhere each time (flash, a file
/// system that copies on write) the old bytes may outlive this until their place is used again; only encrypting the disk
/// helps against that.
fn blank(path: &Path) -> io::Result<bool> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let bytes = file.metadata()?.len();
    io::copy(&mut io::repeat(0).take(bytes), &mut file)?;
    file.sync_all()?;
    fs::remove_file(path)?;
    Ok(true)
}
