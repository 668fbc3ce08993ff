//! A spare that goes on from a copy, and a record that goes on after it was frozen: the same act, `node.took_over`.
//!
//! `takeover.toml` in the node's folder asks for it: `epoch` of the record as it is, its `size` and `root`, and `words` that
//! say what happened. Opening enters `node.took_over` with the next epoch as the next entry and removes the file.
//!
//! Entering twice is impossible: the file names the size at which it is to be entered, and the entry itself moves the
//! record past it. A crash before the entry is durable leaves the file and no entry: the next opening enters it. A crash
//! after it leaves the file and the entry: the next opening finds the entry at that place and only removes the file.

use std::fs;
use std::path::{Path, PathBuf};

use domain::act::Act;
use domain::act::log::TookOver;
use domain::id::FileId;
use domain::words::Words;
use ledger::Digest;
use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::keys::{read_verifier, write_private};
use crate::load;
use crate::node::{NodeError, wait};

/// Its name in the folder.
pub const FILE: &str = "takeover.toml";

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takeover {
    /// The epoch of the record as it is; the take-over's is the next.
    pub epoch: u32,
    /// Its entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// What happened to the node that is gone, or what ends the freeze.
    pub words: String,
}

/// What is to be done with it.
pub(crate) enum Plan {
    /// There is none.
    None,
    /// To be entered next.
    Enter(Takeover),
    /// It stands in the record, in this entry; only the file is left over.
    Entered(u64),
}

impl Takeover {
    /// Writes it into `folder`, whole or not at all.
    ///
    /// # Errors
    /// From the file system.
    pub fn write(&self, folder: &Path) -> Result<(), NodeError> {
        // INVARIANT: two numbers and two strings; they always make a table.
        let text = toml::to_string(self).unwrap_or_default();
        Ok(write_private(&folder.join(FILE), text.as_bytes())?)
    }

    fn read(folder: &Path) -> Result<Option<Self>, NodeError> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                return Err(NodeError::Os {
                    doing: "read takeover.toml",
                    source,
                });
            }
        };
        toml::from_str(&text)
            .map(Some)
            .map_err(|fault| NodeError::Takeover {
                path,
                says: fault.message().to_owned(),
            })
    }
}

/// Lets a node that is frozen for a head it does not hold go on from the record as it stands, when it is opened next: asks
/// for a take-over by the same folder. `words` say who decided it and on what. What froze it is kept for ever.
///
/// # Errors
/// [`NodeError`]; a record that does not verify cannot go on.
pub fn go_on(folder: &Path, words: &str) -> Result<Takeover, NodeError> {
    let verifier = read_verifier(folder)?;
    let (_, loaded) = load::from_archive(folder, &verifier);
    if let Some(fault) = loaded.fault {
        return Err(NodeError::Opening(format!(
            "the record does not verify, so nothing can go on from it: {fault}"
        )));
    }
    let takeover = Takeover {
        epoch: loaded.shown.state.epoch,
        size: loaded.shown.head.size,
        root: loaded.shown.head.root,
        words: words.trim().to_owned(),
    };
    if takeover.words.is_empty() {
        return Err(NodeError::Opening(
            "say in words who decided that the record goes on, and on what".to_owned(),
        ));
    }
    takeover.write(folder)?;
    Ok(takeover)
}

impl Core {
    /// What `takeover.toml` asks of the record as it was loaded.
    pub(crate) fn takeover(&self) -> Result<Plan, NodeError> {
        let Some(asked) = Takeover::read(&self.folder)? else {
            return Ok(Plan::None);
        };
        let shown = self.shown();
        let (size, root, epoch) = (shown.head.size, shown.head.root, shown.state.epoch);
        let entered = shown.index.takeover_at(asked.size);
        drop(shown);
        if size == asked.size && root == asked.root && epoch == asked.epoch {
            return Ok(Plan::Enter(asked));
        }
        let began = self.with_tree(|tree| tree.root(asked.size)).ok().flatten();
        if began == Some(asked.root) && entered == asked.epoch.checked_add(1) {
            return Ok(Plan::Entered(asked.size));
        }
        Err(NodeError::Takeover {
            path: self.folder.join(FILE),
            says: format!(
                "it is for {} entries in epoch {}, and the record has {size} in epoch {epoch} or another root",
                asked.size, asked.epoch
            ),
        })
    }

    /// Enters it, ends a freeze, and removes the file, in this order.
    pub(crate) fn take_over(&self, plan: Plan) -> Result<(), NodeError> {
        let entry = match plan {
            Plan::None => return Ok(()),
            Plan::Entered(entry) => entry,
            Plan::Enter(asked) => {
                let act = Act::TookOver(TookOver {
                    epoch: asked.epoch.saturating_add(1),
                    size: asked.size,
                    root: FileId(asked.root.0),
                    words: Words::new(&asked.words),
                });
                let entered = wait(|done| {
                    let mut ahead = self.ahead();
                    self.own(&mut ahead, &act, done);
                })
                .map_err(NodeError::First)?;
                if entered.index != asked.size {
                    // INVARIANT: nothing else writes before the take-over.
                    self.freeze("a take-over was entered in another place than it names");
                }
                entered.index
            }
        };
        if let Err(error) = self.end_freeze(entry) {
            self.freeze(&format!("the end of a freeze could not be kept: {error}"));
            return Ok(());
        }
        remove(&self.folder.join(FILE))
    }
}

fn remove(path: &PathBuf) -> Result<(), NodeError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(NodeError::Os {
            doing: "remove takeover.toml",
            source,
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}
