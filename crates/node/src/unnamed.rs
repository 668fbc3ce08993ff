//! Files that were sent and that no statement names: somebody's phone was cut off before it signed, or they changed their
//! mind. Nothing of them is in the record, so nothing in a copy shows them, and nobody is given one.
//!
//! They are listed, and kept: a photograph of something that went wrong must not go because nobody signed for it. One goes
//! only when somebody asks for that one by its hash, of a node that does not run, a day after it came at the earliest, and
//! never while the record is preserved or while a body that may name it cannot be read.

use std::collections::BTreeSet;
use std::path::Path;

use domain::State;
use domain::act::{Act, Kind};
use domain::time::Millis;
use ledger::Digest;
use store::{Attachments as _, FolderAttachments, SqliteArchive};

use crate::copies::is_running;
use crate::limit::UNNAMED_KEPT_MS;

/// A file that no statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnamed {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
    /// When it was whole here, ms UTC by the disk's clock; `None` when the disk does not say.
    pub came_at: Option<Millis>,
}

/// Files of the node in `folder`, running or not, that no statement names; by hash.
///
/// # Errors
/// A sentence, when record or folder cannot be read.
pub fn unnamed(folder: &Path) -> Result<Vec<Unnamed>, String> {
    let known = Known::read(folder)?;
    list(folder, &known)
}

/// Removes one of them, durably: its bytes are overwritten and gone.
///
/// # Errors
/// A sentence that says why it stays.
pub fn clear_unnamed(folder: &Path, sha256: &Digest, now: Millis) -> Result<Unnamed, String> {
    if is_running(folder) {
        return Err(
            "the node is running, and somebody may sign for it now: stop `coldproof serve` first"
                .to_owned(),
        );
    }
    let known = Known::read(folder)?;
    if known.named.contains(sha256) {
        return Err(
            "the record names this file; it goes only when two people erase what names it"
                .to_owned(),
        );
    }
    if known.is_preserved {
        return Err("the record is preserved: nothing goes until that has ended".to_owned());
    }
    if let Some(entry) = known.unread {
        return Err(format!(
            "entry {entry} may name it, and its body is not here: that cannot be told"
        ));
    }
    let found = list(folder, &known)?;
    let Some(one) = found.into_iter().find(|one| one.sha256 == *sha256) else {
        return Err("no such file is here".to_owned());
    };
    let is_old = one
        .came_at
        .is_some_and(|came| now.saturating_sub(came) >= UNNAMED_KEPT_MS);
    if !is_old {
        return Err(
            "it came less than a day ago; a phone that was cut off may still sign for it"
                .to_owned(),
        );
    }
    let place = FolderAttachments::open(&folder.join(audit::ATTACHMENTS))
        .map_err(|error| error.to_string())?;
    place.erase(sha256).map_err(|error| error.to_string())?;
    Ok(one)
}

/// What the record says of files.
struct Known {
    named: BTreeSet<Digest>,
    /// The first entry that may name one and whose body is neither here nor erased.
    unread: Option<u64>,
    is_preserved: bool,
}

impl Known {
    fn read(folder: &Path) -> Result<Self, String> {
        let archive = SqliteArchive::open_whole(folder).map_err(|error| error.to_string())?;
        let mut known = Self {
            named: BTreeSet::new(),
            unread: None,
            is_preserved: false,
        };
        let (mut state, mut next) = (State::default(), 0);
        let mut bare = Vec::new();
        loop {
            let some = archive
                .read(next, u64::MAX)
                .map_err(|error| error.to_string())?;
            let Some(last) = some.last() else { break };
            next = last.index.saturating_add(1);
            for stored in &some {
                let read = audit::fold::read(&stored.entry, stored.beside.as_ref())
                    .map_err(|fault| format!("entry {}: {fault}", stored.index))?;
                let statement = &read.entry.statement;
                match &statement.act {
                    Act::Attach(body) => {
                        known.named.insert(Digest(body.sha256.0));
                        known.named.extend(body.original.map(|one| Digest(one.0)));
                    }
                    _ if stored.beside.is_none() => bare.push((stored.index, statement.id)),
                    _ => {}
                }
                domain::apply(&mut state, &read.entry);
            }
        }
        known.is_preserved = state.is_preserved();
        let unread = |id| {
            state
                .sealed
                .get(id)
                .is_some_and(|sealed| sealed.kind == Kind::Attach && sealed.erased_at.is_none())
        };
        known.unread = bare
            .iter()
            .find(|(_, id)| unread(id))
            .map(|(index, _)| *index);
        Ok(known)
    }
}

fn list(folder: &Path, known: &Known) -> Result<Vec<Unnamed>, String> {
    let place = folder.join(audit::ATTACHMENTS);
    let files = FolderAttachments::beside(&place)
        .list()
        .map_err(|error| error.to_string())?;
    Ok(files
        .into_iter()
        .filter(|(sha256, _)| !known.named.contains(sha256))
        .map(|(sha256, bytes)| Unnamed {
            sha256,
            bytes,
            came_at: came_at(&place, &sha256),
        })
        .collect())
}

fn came_at(place: &Path, sha256: &Digest) -> Option<Millis> {
    let file = place.join("whole").join(sha256.to_string());
    let modified = file.metadata().ok()?.modified().ok()?;
    let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}
