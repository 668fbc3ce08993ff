//! The cosigner's key with its name, in one file that only its user can read.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ledger::PublicKey;
use ledger::cosignature::CosignerKey;
use ledger::note::NoteError;

/// Two lines, `name <name>` and `secret <64 hex>`: one file, so that no crash leaves one without the other.
const FILE: &str = "cosigner.key";

/// The public key as a C2SP vkey, for people. Written anew at each start; nothing is read from it.
const PUBLIC: &str = "cosigner.vkey";

/// A key that cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// From the file system.
    #[error("cannot {doing} `{}`", path.display())]
    Io {
        /// The verb.
        doing: &'static str,
        /// What on.
        path: PathBuf,
        /// The detail.
        source: io::Error,
    },
    /// A file that does not hold a key.
    #[error("`{}` does not hold a cosigner's key", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// There are heads, and not the key that cosigned them.
    #[error(
        "`{}` remembers cosigned heads, and the key that cosigned them is gone: make a new cosigner in a new folder",
        folder.display()
    )]
    Gone {
        /// The folder.
        folder: PathBuf,
    },
    /// Another name than the key was made with.
    #[error("this cosigner is named `{has}`; a key keeps its name")]
    OtherName {
        /// The name it has.
        has: String,
    },
    /// A name that no key can have.
    #[error(transparent)]
    Name(#[from] NoteError),
    /// The machine gave no randomness.
    #[error("the machine gave no randomness for a key")]
    Random,
}

/// A cosigner's two halves.
pub(crate) struct Key {
    pub(crate) secret: SigningKey,
    pub(crate) public: CosignerKey,
}

/// Whether `folder` holds a key.
pub(crate) fn exists(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

/// Makes a key, durable before this returns. Without a name it is called after its own first bytes.
pub(crate) fn create(folder: &Path, name: Option<&str>) -> Result<Key, KeyError> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|_| KeyError::Random)?;
    let secret = SigningKey::from_bytes(&secret);
    let key = PublicKey::of(&secret);
    let first: String = key.to_string().chars().take(8).collect();
    let name = name.map_or_else(|| format!("cosigner.local/{first}"), str::to_owned);
    let public = CosignerKey::new(&name, key)?;
    let text = format!("name {name}\nsecret {}\n", hex(&secret.to_bytes()));
    // A crash before the rename leaves a file under another name, which the next start writes over: no key was used yet.
    keep(folder, FILE, text.as_bytes())?;
    Ok(Key { secret, public })
}

/// Reads the key, and writes its public half beside it.
pub(crate) fn open(folder: &Path, name: Option<&str>) -> Result<Key, KeyError> {
    let key = load(folder)?;
    if let Some(name) = name
        && name != key.public.name()
    {
        return Err(KeyError::OtherName {
            has: key.public.name().to_owned(),
        });
    }
    keep(folder, PUBLIC, format!("{}\n", key.public).as_bytes())?;
    Ok(key)
}

/// The public half of the key.
pub(crate) fn look(folder: &Path) -> Result<CosignerKey, KeyError> {
    Ok(load(folder)?.public)
}

/// The folder, made when it is not there, closed to others.
pub(crate) fn folder(folder: &Path) -> Result<(), KeyError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|source| io_error("make", folder, source))
}

fn load(folder: &Path) -> Result<Key, KeyError> {
    let path = folder.join(FILE);
    let text = fs::read_to_string(&path).map_err(|source| io_error("read", &path, source))?;
    read(&text).ok_or(KeyError::NotAKey { path })
}

fn read(text: &str) -> Option<Key> {
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let name = lines.next()?.strip_prefix("name ")?;
    let secret: PublicKey = lines.next()?.strip_prefix("secret ")?.parse().ok()?;
    let None = lines.next() else {
        return None;
    };
    let secret = SigningKey::from_bytes(&secret.0);
    let public = CosignerKey::new(name, PublicKey::of(&secret)).ok()?;
    Some(Key { secret, public })
}

fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), KeyError> {
    let path = folder.join(name);
    let unfinished = path.with_extension("new");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(|source| io_error("write", &unfinished, source))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|source| io_error("write", &unfinished, source))?;
    fs::rename(&unfinished, &path).map_err(|source| io_error("rename", &unfinished, source))?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| io_error("sync", folder, source))
}

fn io_error(doing: &'static str, path: &Path, source: io::Error) -> KeyError {
    KeyError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    text
}
