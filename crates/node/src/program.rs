//! Which program this is: its own bytes, by hash, so that years later an entry can be tied to what ran.

use domain::id::FileId;
use sha2::{Digest as _, Sha256};
use std::sync::OnceLock;

/// SHA-256 of the running program's file; all zeros where the system does not let it be read.
pub fn program() -> FileId {
    static HASH: OnceLock<FileId> = OnceLock::new();
    *HASH.get_or_init(|| hash().unwrap_or(FileId::ZERO))
}

fn hash() -> std::io::Result<FileId> {
    // The link and not the path: it leads to what runs even after the file was replaced.
    let path = if cfg!(target_os = "linux") {
        "/proc/self/exe".into()
    } else {
        std::env::current_exe()?
    };
    let mut hasher = Sha256::new();
    let mut file = std::fs::File::open(path)?;
    let mut piece = vec![0; 1 << 20];
    loop {
        match std::io::Read::read(&mut file, &mut piece)? {
            0 => return Ok(FileId(hasher.finalize().into())),
            read => hasher.update(piece.get(..read).unwrap_or_default()),
        }
    }
}
