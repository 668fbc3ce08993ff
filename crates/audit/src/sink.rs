//! Writing a copy: beside its place first, and put there whole, never over anything.
//!
//! A crash while it is written leaves something named `.<name>.unfinished-…` beside the place, which nothing reads and anybody
//! may remove; a crash after it was put in place leaves it whole, since its bytes were on the disk before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ledger::Digest;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use sha2::{Digest as _, Sha256};
use tempfile::{Builder, NamedTempFile, TempDir};

use crate::files::each_piece;
use crate::manifest::{self, Listed, Manifest};
use crate::zip::ZipWriter;

/// As what a copy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A plain folder.
    Folder,
    /// One zip.
    Zip,
}

/// Why a copy was not written. Nothing is left in its place.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// There is something already.
    #[error("`{}` is there already, and nothing is ever written over", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// From the file system.
    #[error("`{}` cannot be written: {source}", path.display())]
    Io {
        /// The place of the copy.
        path: PathBuf,
        /// The detail.
        source: io::Error,
    },
    /// What was to be copied cannot be read, or is not as it must be. A sentence.
    #[error("{0}")]
    Source(String),
}

/// A copy that is being written.
pub(crate) struct Sink {
    place: PathBuf,
    into: Into,
    pub(crate) listed: Vec<Listed>,
}

enum Into {
    Folder(TempDir),
    Zip(Box<ZipWriter<BufWriter<NamedTempFile>>>),
}

impl Sink {
    pub(crate) fn create(place: &Path, form: Form) -> Result<Self, NotWritten> {
        let wrong = |source| NotWritten::Io {
            path: place.to_owned(),
            source,
        };
        if fs::symlink_metadata(place).is_ok() {
            return Err(NotWritten::Exists {
                path: place.to_owned(),
            });
        }
        let name = place
            .file_name()
            .ok_or_else(|| wrong(io::Error::other("it has no name")))?;
        let prefix = format!(".{}.unfinished-", name.to_string_lossy());
        let mut builder = Builder::new();
        builder.prefix(&prefix);
        let beside = parent(place);
        let into = match form {
            Form::Folder => {
                // What people said is for its reader alone until whoever made the copy says otherwise.
                builder.permissions(fs::Permissions::from_mode(0o700));
                Into::Folder(builder.tempdir_in(beside).map_err(wrong)?)
            }
            Form::Zip => {
                let file = builder.tempfile_in(beside).map_err(wrong)?;
                Into::Zip(Box::new(ZipWriter::new(BufWriter::with_capacity(
                    1 << 20,
                    file,
                ))))
            }
        };
        Ok(Self {
            place: place.to_owned(),
            into,
            listed: Vec::new(),
        })
    }

    /// Adds a file.
    pub(crate) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), NotWritten> {
        let written = match &mut self.into {
            Into::Folder(folder) => {
                open(folder.path(), path).and_then(|mut file| file.write_all(bytes))
            }
            Into::Zip(zip) => zip.put(path, bytes),
        };
        written.map_err(|source| self.wrong(source))?;
        self.list(path, bytes.len() as u64, Digest::of(bytes));
        Ok(())
    }

    /// Adds a file of `size` bytes, piece by piece.
    pub(crate) fn stream(
        &mut self,
        path: &str,
        size: u64,
        from: &mut dyn Read,
    ) -> Result<Digest, NotWritten> {
        let mut hashed = Hashed {
            from,
            hash: Sha256::new(),
        };
        let written = match &mut self.into {
            Into::Folder(folder) => open(folder.path(), path).and_then(|mut file| {
                let read = each_piece(&mut hashed, |piece| file.write_all(piece))?;
                if read == size {
                    Ok(())
                } else {
                    Err(io::Error::other(format!(
                        "`{path}` has another size than it had"
                    )))
                }
            }),
            Into::Zip(zip) => zip.stream(path, size, &mut hashed),
        };
        let digest = Digest(hashed.hash.finalize().into());
        written.map_err(|source| self.wrong(source))?;
        self.list(path, size, digest);
        Ok(digest)
    }

    /// Writes the manifest, which lists all that was put before, and puts the copy in its place.
    pub(crate) fn finish(mut self, mut manifest: Manifest) -> Result<Manifest, NotWritten> {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by(|one, next| one.path.cmp(&next.path));
        manifest.files = listed;
        self.put(manifest::PATH, &manifest.write())?;
        let place = self.place.clone();
        let wrong = |source| NotWritten::Io {
            path: place.clone(),
            source,
        };
        let exists = || NotWritten::Exists {
            path: place.clone(),
        };
        match self.into {
            Into::Folder(folder) => {
                sync(folder.path()).map_err(wrong)?;
                put_in_place(folder.path(), &place).map_err(|error| {
                    if error.kind() == io::ErrorKind::AlreadyExists {
                        exists()
                    } else {
                        wrong(error)
                    }
                })?;
                // It is no longer where it was made: nothing is left to remove.
                drop(folder.keep());
            }
            Into::Zip(zip) => {
                let file = zip.finish().map_err(wrong)?;
                let file = file
                    .into_inner()
                    .map_err(|error| wrong(error.into_error()))?;
                file.as_file().sync_all().map_err(wrong)?;
                file.persist_noclobber(&place).map_err(|error| {
                    if error.error.kind() == io::ErrorKind::AlreadyExists {
                        exists()
                    } else {
                        wrong(error.error)
                    }
                })?;
            }
        }
        File::open(parent(&place))
            .and_then(|folder| folder.sync_all())
            .map_err(wrong)?;
        Ok(manifest)
    }

    fn list(&mut self, path: &str, bytes: u64, sha256: Digest) {
        self.listed.push(Listed {
            path: path.to_owned(),
            bytes,
            sha256,
        });
    }

    fn wrong(&self, source: io::Error) -> NotWritten {
        NotWritten::Io {
            path: self.place.clone(),
            source,
        }
    }
}

/// Reads and hashes at once.
struct Hashed<'a> {
    from: &'a mut dyn Read,
    hash: Sha256,
}

impl Read for Hashed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.hash.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn parent(place: &Path) -> &Path {
    match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

fn open(root: &Path, path: &str) -> io::Result<File> {
    let whole = root.join(path);
    if let Some(folder) = whole.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(whole)
}

/// Everything on the file system, at once: a copy of a million entries has eight thousand files.
fn sync(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Renames a folder to a place where nothing is.
fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // A stick's file system may not know how; then the look before must do.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            if fs::symlink_metadata(to).is_ok() {
                return Err(io::Error::from(io::ErrorKind::AlreadyExists));
            }
            fs::rename(from, to)
        }
        renamed => Ok(renamed?),
    }
}
