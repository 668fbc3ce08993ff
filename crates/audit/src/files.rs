//! The files of a copy, in a folder or in a zip.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ledger::Digest;
use sha2::{Digest as _, Sha256};

use crate::limit::FILES_MAX;

/// Read in pieces of so many bytes, so that no file has to fit into memory.
const PIECE: usize = 64 << 10;

/// The files of a copy. What stands in them is not believed.
pub trait Files: Sync {
    /// Every path with its size in bytes.
    fn sizes(&self) -> &BTreeMap<String, u64>;

    /// Opens one of [`Files::sizes`].
    ///
    /// # Errors
    /// From the file system.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>>;

    /// The SHA-256 of one.
    ///
    /// # Errors
    /// From the file system.
    fn sha256(&self, path: &str) -> io::Result<Digest> {
        let (mut hash, mut file) = (Sha256::new(), self.open(path)?);
        each_piece(&mut file, |piece| {
            hash.update(piece);
            Ok(())
        })?;
        Ok(Digest(hash.finalize().into()))
    }

    /// Whether there is such a file.
    fn has(&self, path: &str) -> bool {
        self.sizes().contains_key(path)
    }

    /// All of one that is at most `most` bytes long; `None` for a longer one or when there is none.
    ///
    /// # Errors
    /// From the file system.
    fn read(&self, path: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(size) = self.sizes().get(path).filter(|size| **size <= most) else {
            return Ok(None);
        };
        let mut bytes = Vec::with_capacity(usize::try_from(*size).unwrap_or_default());
        self.open(path)?.take(*size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == *size {
            Ok(Some(bytes))
        } else {
            Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("`{path}` became shorter while it was read"),
            ))
        }
    }
}

/// Hands over all of `from`, piece by piece.
pub(crate) fn each_piece(
    from: &mut dyn Read,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    let (mut piece, mut all) = (vec![0; PIECE], 0);
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => return Ok(all),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        take(piece.get(..read).unwrap_or_default())?;
        all += read as u64;
    }
}

/// Why the files of a copy cannot be taken.
#[derive(Debug)]
pub enum NotFiles {
    /// There is nothing to read, or reading fails.
    Io(io::Error),
    /// What is there has a shape that no copy has. A sentence.
    Shape(String),
}

impl From<io::Error> for NotFiles {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A copy as a plain folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    sizes: BTreeMap<String, u64>,
}

impl Folder {
    /// Lists it. Links, and whatever is neither file nor folder, are refused.
    ///
    /// # Errors
    /// [`NotFiles`].
    pub fn open(root: &Path) -> Result<Self, NotFiles> {
        let mut folder = Self {
            root: root.to_owned(),
            sizes: BTreeMap::new(),
        };
        // A list of work rather than recursion: hostile folders may be deep.
        let mut under = vec![String::new()];
        while let Some(prefix) = under.pop() {
            folder.list(&prefix, &mut under)?;
        }
        Ok(folder)
    }

    fn list(&mut self, prefix: &str, under: &mut Vec<String>) -> Result<(), NotFiles> {
        for item in fs::read_dir(self.root.join(prefix))? {
            let item = item?;
            let Some(name) = item.file_name().to_str().map(str::to_owned) else {
                return Err(NotFiles::Shape("a name is not UTF-8".to_owned()));
            };
            let path = format!("{prefix}{name}");
            if path.len() > crate::limit::PATH_BYTES_MAX {
                return Err(NotFiles::Shape("a path is too long".to_owned()));
            }
            let about = item.metadata()?;
            if about.is_dir() {
                under.push(format!("{path}/"));
            } else if about.is_file() {
                if self.sizes.len() >= FILES_MAX {
                    return Err(NotFiles::Shape("it has too many files".to_owned()));
                }
                self.sizes.insert(path, about.len());
            } else {
                let says = format!("`{path}` is neither a plain file nor a folder");
                return Err(NotFiles::Shape(says));
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn sizes(&self) -> &BTreeMap<String, u64> {
        &self.sizes
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(fs::File::open(self.root.join(path))?))
    }
}
