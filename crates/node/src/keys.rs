//! The node's own keys, in files that only its user can read.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use domain::id::{KeyId, hex32};
use ed25519_dalek::SigningKey;
use ledger::PublicKey;
use ledger::checkpoint::Origin;
use ledger::note::VerifierKey;

/// The folder beside the record.
pub(crate) const FOLDER: &str = "keys";

const LOG: &str = "log.key";
const NODE: &str = "node.key";
const BOARD: &str = "board.key";
/// The log's public key under its origin. A convenience for people and the place where the origin stands.
pub(crate) const LOG_PUBLIC: &str = "log.vkey";

/// The three keys of a node.
pub(crate) struct Keys {
    /// Signs checkpoints and the first entry.
    pub(crate) log: SigningKey,
    /// Signs the node's own statements.
    pub(crate) node: SigningKey,
    /// Signs boards.
    pub(crate) board: SigningKey,
    /// The log's name and public key.
    pub(crate) verifier: VerifierKey,
}

/// Keys that cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
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
    #[error("`{}` does not hold a key", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// The public key beside them is another one.
    #[error("the key of the log does not fit `{LOG_PUBLIC}`")]
    OtherLog,
    /// The machine gave no randomness.
    #[error("the machine gave no randomness for a key")]
    Random,
}

/// 32 random bytes of the machine.
pub(crate) fn random32() -> Result<[u8; 32], KeysError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| KeysError::Random)?;
    Ok(bytes)
}

/// The 64 hex digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    text
}

impl Keys {
    /// Makes new keys in `folder` for the log `origin`, each durable before this returns.
    pub(crate) fn create(folder: &Path, origin: &Origin) -> Result<Self, KeysError> {
        let keys = folder.join(FOLDER);
        make_private_folder(&keys)?;
        let make = |name: &str| {
            let secret = random32()?;
            write_private(&keys.join(name), format!("{}\n", hex(&secret)).as_bytes())?;
            Ok::<_, KeysError>(SigningKey::from_bytes(&secret))
        };
        let (log, node, board) = (make(LOG)?, make(NODE)?, make(BOARD)?);
        let verifier = origin
            .verifier(PublicKey::of(&log))
            .map_err(|_| KeysError::OtherLog)?;
        write_private(&keys.join(LOG_PUBLIC), format!("{verifier}\n").as_bytes())?;
        File::open(&keys)
            .and_then(|open| open.sync_all())
            .map_err(|source| io_error("sync", &keys, source))?;
        Ok(Self {
            log,
            node,
            board,
            verifier,
        })
    }

    /// Reads them.
    pub(crate) fn open(folder: &Path) -> Result<Self, KeysError> {
        let keys = folder.join(FOLDER);
        let (log, node, board) = (
            read(&keys.join(LOG))?,
            read(&keys.join(NODE))?,
            read(&keys.join(BOARD))?,
        );
        let verifier = read_verifier(folder)?;
        if verifier.key() != PublicKey::of(&log) {
            return Err(KeysError::OtherLog);
        }
        Ok(Self {
            log,
            node,
            board,
            verifier,
        })
    }
}

/// The log's name and public key, as the folder says them.
pub(crate) fn read_verifier(folder: &Path) -> Result<VerifierKey, KeysError> {
    let path = folder.join(FOLDER).join(LOG_PUBLIC);
    let text = fs::read_to_string(&path).map_err(|source| io_error("read", &path, source))?;
    text.trim_end()
        .parse()
        .map_err(|_| KeysError::NotAKey { path })
}

/// The domain's id of a public key.
pub(crate) fn key_id(key: &PublicKey) -> KeyId {
    KeyId(key.0)
}

/// The domain's id of a key's public half.
pub(crate) fn id_of(key: &SigningKey) -> KeyId {
    key_id(&PublicKey::of(key))
}

pub(crate) fn make_private_folder(path: &Path) -> Result<(), KeysError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| io_error("make", path, source))
}

/// Writes a file whole or not at all, readable by its user alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    let unfinished = path.with_extension("new");
    let write = || {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(bytes)?;
        // A crash before the rename leaves the old file, or none.
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    write().map_err(|source| io_error("write", path, source))
}

fn read(path: &Path) -> Result<SigningKey, KeysError> {
    let text = fs::read_to_string(path).map_err(|source| io_error("read", path, source))?;
    let secret = hex32(text.trim_end()).ok_or_else(|| KeysError::NotAKey {
        path: path.to_owned(),
    })?;
    Ok(SigningKey::from_bytes(&secret))
}

pub(crate) fn io_error(doing: &'static str, path: &Path, source: io::Error) -> KeysError {
    KeysError::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}
