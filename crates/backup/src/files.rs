//! The files of a node's folder beside its record and attachments: what a spare needs to be the node.

use std::fs;
use std::io;
use std::path::Path;

use crate::error::BackupError;
use crate::limit::FILE_BYTES_MAX;
use crate::tar::is_plain;

/// Folders whose files are backed up, and restored to: keys, certificates, packs.
const FOLDERS: [&str; 3] = ["keys", "packs", "tls"];
/// The settings.
const SETTINGS: &str = "node.toml";

/// Whether a member is such a file.
pub(crate) fn is_one(name: &str) -> bool {
    let folder = name.split_once('/').map(|(folder, _)| folder);
    name == SETTINGS || folder.is_some_and(|folder| FOLDERS.contains(&folder))
}

/// All of them, sorted by name. Files that are being written (`.new`) are left out.
pub(crate) fn all(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, BackupError> {
    let mut found = Vec::new();
    let settings = folder.join(SETTINGS);
    if settings.is_file() {
        found.push((SETTINGS.to_owned(), read(&settings)?));
    }
    for name in FOLDERS {
        walk(&folder.join(name), name, &mut found)?;
    }
    found.sort_unstable();
    Ok(found)
}

fn walk(at: &Path, name: &str, found: &mut Vec<(String, Vec<u8>)>) -> Result<(), BackupError> {
    let files = match fs::read_dir(at) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(BackupError::io("read", at)(error)),
    };
    for file in files {
        let file = file.map_err(BackupError::io("read", at))?;
        let path = file.path();
        let name = format!("{name}/{}", file.file_name().to_string_lossy());
        let kind = file
            .file_type()
            .map_err(BackupError::io("look at", &path))?;
        if kind.is_dir() {
            walk(&path, &name, found)?;
        } else if kind.is_file() && is_plain(&name) && path.extension() != Some("new".as_ref()) {
            found.push((name, read(&path)?));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, BackupError> {
    let about = fs::metadata(path).map_err(BackupError::io("look at", path))?;
    if about.len() > FILE_BYTES_MAX {
        return Err(BackupError::Odd(format!(
            "`{}` is too long for a key, a setting or a pack",
            path.display()
        )));
    }
    fs::read(path).map_err(BackupError::io("read", path))
}
