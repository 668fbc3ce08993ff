//! Copies that are made beside a running node, entered by it when it is asked: who holds one is then in the record.
//!
//! Asked by a file, since only one program writes a record: `asked/<32 hex>.json` in the node's folder, `{"to": words}`. The
//! node enters `record.export` under its own key, which says that whoever asked has the node's folder and no more, and
//! answers with `asked/<32 hex>.done`: `{"entry": number}` or `{"not": sentence}`.
//!
//! A crash before the entry is durable leaves the file; the next start removes it, nothing is entered, and whoever asked
//! hears nothing and says so in the copy. A crash between the entry and the answer leaves an entry for a copy that says it
//! was not entered: one holder too many is listed, never one too few.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::act::Act;
use domain::act::record::Export;
use domain::words::Words;
use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::keys::write_private;
use crate::limit::{ASKED_AT_ONCE_MAX, ASKED_BYTES_MAX, ASKED_POLL_MS};
use crate::node::{Node, wait};

/// In the node's folder.
const FOLDER: &str = "asked";
/// What whoever writes the record holds (`docs/formats/log.md`).
const LOCK: &str = "record.lock";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    to: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Said {
    Entry(u64),
    Not(String),
}

/// Why the running node did not enter that a copy was made.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// Nothing can be written into the node's folder.
    #[error("its folder cannot be written")]
    Folder(#[source] std::io::Error),
    /// No node answered in time.
    #[error("no running node answered")]
    NoAnswer,
    /// It said why not.
    #[error("the node did not enter it: {0}")]
    Refused(String),
}

/// Whether a program holds the record in `folder` for writing just now.
pub fn is_running(folder: &Path) -> bool {
    // Held for a moment and shared, so that of two who only look neither takes the other for a node.
    fs::File::open(folder.join(LOCK))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)))
}

/// Asks the node that runs in `folder` to enter that a copy is made for `to`, and waits `within` at most. The entry.
///
/// # Errors
/// [`NotAsked`]; what was asked is then taken back.
pub fn ask_to_enter_copy(folder: &Path, to: &str, within: Duration) -> Result<u64, NotAsked> {
    let mut secret = [0; 16];
    getrandom::fill(&mut secret)
        .map_err(|error| NotAsked::Folder(std::io::Error::other(error.to_string())))?;
    let name = format!("{:032x}", u128::from_be_bytes(secret));
    let place = folder.join(FOLDER);
    let (asked, answer) = (
        place.join(format!("{name}.json")),
        place.join(format!("{name}.done")),
    );
    fs::create_dir_all(&place).map_err(NotAsked::Folder)?;
    // INVARIANT: one string; it always makes an object.
    let body = serde_json::to_vec(&Asked { to: to.to_owned() }).unwrap_or_default();
    write_private(&asked, &body).map_err(|error| NotAsked::Folder(std::io::Error::other(error)))?;
    let begun = Instant::now();
    loop {
        if let Ok(bytes) = fs::read(&answer) {
            fs::remove_file(&answer).ok();
            return match serde_json::from_slice(&bytes) {
                Ok(Said::Entry(entry)) => Ok(entry),
                Ok(Said::Not(why)) => Err(NotAsked::Refused(why)),
                Err(error) => Err(NotAsked::Refused(error.to_string())),
            };
        }
        if begun.elapsed() >= within {
            fs::remove_file(&asked).ok();
            return Err(NotAsked::NoAnswer);
        }
        std::thread::sleep(Duration::from_millis(ASKED_POLL_MS));
    }
}

impl Node {
    /// Enters what was asked for by files, once. [`Node::run_clock`] does it by itself.
    pub fn enter_copies(&self) {
        self.core.enter_copies();
    }

    /// Enters under the node's own key that a copy is made for `to`. The entry.
    ///
    /// # Errors
    /// [`crate::NotEntered`].
    pub fn enter_copy(&self, to: &str) -> Result<u64, crate::NotEntered> {
        self.core.enter_copy(to)
    }
}

impl Core {
    /// Forgets what was asked of an earlier run: nobody waits for it.
    pub(crate) fn forget_asked(&self) {
        for path in files(&self.folder) {
            fs::remove_file(path).ok();
        }
    }

    pub(crate) fn enter_copies(&self) {
        let asked = files(&self.folder).into_iter();
        let asked = asked.filter(|path| path.extension().is_some_and(|end| end == "json"));
        for path in asked.take(ASKED_AT_ONCE_MAX) {
            let said = match read(&path) {
                Ok(asked) => self
                    .enter_copy(&asked.to)
                    .map_or_else(|not| Said::Not(not.to_string()), Said::Entry),
                Err(why) => Said::Not(why),
            };
            let bytes = serde_json::to_vec(&said).unwrap_or_default();
            // Removed first: what cannot be answered is not entered again and again.
            if fs::remove_file(&path).is_ok() {
                write_private(&path.with_extension("done"), &bytes).ok();
            }
        }
    }

    fn enter_copy(&self, to: &str) -> Result<u64, crate::NotEntered> {
        let words = Words::new(to.trim());
        if words.is_blank() {
            return Err(crate::NotEntered::invalid(
                "no_holder",
                "a copy is for somebody: say who",
            ));
        }
        wait(|done| {
            let mut ahead = self.ahead();
            let act = Act::Export(Export {
                to: words,
                size: ahead.next,
                out: Vec::new(),
            });
            self.own(&mut ahead, &act, done);
        })
        .map(|entered| entered.index)
    }
}

fn read(path: &Path) -> Result<Asked, String> {
    let size = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > ASKED_BYTES_MAX {
        return Err("what was asked is too long".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes)
        .map_err(|error| format!("what was asked cannot be read: {error}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(folder.join(FOLDER)) else {
        return Vec::new();
    };
    found.filter_map(|one| Some(one.ok()?.path())).collect()
}
