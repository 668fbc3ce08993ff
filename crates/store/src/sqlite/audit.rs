//! What opening believes of a file: only what the entries' own bytes and the signed head say.

use std::collections::HashMap;

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header};
use ledger::merkle::{Frontier, leaf_hash};
use ledger::note::VerifierKey;
use ledger::verify::{self, Fault};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::OpenError;
use super::readers::{clamped, number, stored};
use crate::log::{Head, Stored};

/// What opening found.
pub(super) struct Sound {
    pub(super) frontier: Frontier,
    pub(super) head: Head,
    /// The entry of each statement.
    pub(super) ids: HashMap<Digest, u64>,
}

/// Goes over the whole file, repairs what can be made again.
pub(super) fn sound(connection: &Connection, key: &VerifierKey) -> Result<Sound, OpenError> {
    structure(connection)?;
    let note: Option<String> = connection
        .query_row("SELECT note FROM head WHERE id = 1", [], |row| row.get(0))
        .optional()
        .map_err(OpenError::database("read the head"))?;
    let note = note.ok_or_else(|| OpenError::Damaged("its signed head is gone".into()))?;
    let signed = Checkpoint::open(&note, key)?;
    let walked = walk(connection)?;
    let (found, size) = (walked.leaves.len() as u64, signed.size);
    if found < size {
        return Err(differing(connection, key, &walked.leaves)
            .unwrap_or(Fault::Missing {
                found,
                signed: size,
            })
            .into());
    }
    if found > size {
        return Err(Fault::Unsigned {
            found,
            signed: size,
        }
        .into());
    }
    // Two ways to one root: the appender's, which the next entries build on, and the verifier's.
    if walked.frontier.root() != signed.root || verify::root(&walked.leaves) != signed.root {
        return Err(differing(connection, key, &walked.leaves)
            .unwrap_or(Fault::Root { size })
            .into());
    }
    repair(connection, &walked, &signed)?;
    let head = Head {
        size,
        root: signed.root,
        at_ms: walked.at_ms,
        note: note.into(),
    };
    Ok(Sound {
        frontier: walked.frontier,
        head,
        ids: walked.ids,
    })
}

/// SQLite's own look at its pages and indexes.
fn structure(connection: &Connection) -> Result<(), OpenError> {
    let wrong = OpenError::database("check its own structure");
    let first: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(&wrong)?;
    if first == "ok" {
        Ok(())
    } else {
        Err(OpenError::Damaged(first))
    }
}

struct Walked {
    leaves: Vec<Digest>,
    frontier: Frontier,
    ids: HashMap<Digest, u64>,
    at_ms: i64,
}

fn walk(connection: &Connection) -> Result<Walked, OpenError> {
    let wrong = OpenError::database("read the entries");
    let mut walked = Walked {
        leaves: Vec::new(),
        frontier: Frontier::new(),
        ids: HashMap::new(),
        at_ms: 0,
    };
    let mut id = connection
        .prepare("SELECT statement_id FROM entry WHERE idx = ?1")
        .map_err(&wrong)?;
    let strays: i64 = connection
        .query_row(
            "SELECT (SELECT count(*) FROM entry WHERE idx < 0)
                  + (SELECT count(*) FROM body WHERE idx NOT IN (SELECT idx FROM entry))",
            [],
            |row| row.get(0),
        )
        .map_err(&wrong)?;
    if strays > 0 {
        return Err(OpenError::Damaged(
            "it holds rows that belong to no entry".into(),
        ));
    }
    loop {
        let from = walked.leaves.len() as u64;
        let some = stored(connection, from, u64::MAX).map_err(&wrong)?;
        if some.is_empty() {
            return Ok(walked);
        }
        for one in some {
            let index = walked.leaves.len() as u64;
            if one.index != index {
                return Err(OpenError::Gap { missing: index });
            }
            let kept: [u8; 32] = id
                .query_row([clamped(index)], |row| row.get(0))
                .map_err(&wrong)?;
            let at_ms = entry(&one, Digest(kept), walked.at_ms)
                .map_err(|what| OpenError::Entry { index, what })?;
            if let Some(earlier) = walked.ids.insert(Digest(kept), index) {
                let what = format!("its statement already stands in entry {earlier}");
                return Err(OpenError::Entry { index, what });
            }
            walked.at_ms = at_ms;
            walked.leaves.push(verify::leaf(&one.entry));
            walked.frontier.append(leaf_hash(&one.entry));
        }
    }
}

/// Whether an entry is under its own id, not before the one before it, and beside its own body. Its time.
fn entry(one: &Stored, kept: Digest, before_ms: i64) -> Result<i64, String> {
    let entry = Entry::read(&one.entry).map_err(|error| error.to_string())?;
    let (payload, ..) = envelope::read(&entry.statement).map_err(|error| error.to_string())?;
    let header = Header::read(&payload).map_err(|error| error.to_string())?;
    if Digest::of(&payload) != kept {
        return Err("it is kept under the id of another statement".into());
    }
    if entry.at_ms < before_ms {
        return Err(format!(
            "recorded at {}, before the entry before it ({before_ms})",
            entry.at_ms
        ));
    }
    match (&header.content, &one.beside) {
        (Content::Open(_) | Content::Beside(_), None) => {}
        (Content::Open(_), Some(_)) => {
            return Err("a body lies beside it that cannot belong to it".into());
        }
        (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => {}
        (Content::Beside(_), Some(_)) => {
            return Err("the body beside it is not the one that was signed".into());
        }
    }
    Ok(entry.at_ms)
}

/// Which entry the signed heads of earlier commits point at.
fn differing(connection: &Connection, key: &VerifierKey, leaves: &[Digest]) -> Option<Fault> {
    let mut notes = connection
        .prepare("SELECT note FROM checkpoint ORDER BY size")
        .ok()?;
    let heads = notes.query_map([], |row| row.get::<_, String>(0)).ok()?;
    let heads = heads.filter_map(|note| Checkpoint::open(&note.ok()?, key).ok());
    verify::differing(leaves, heads)
}

/// Writes the head's row anew where it is not what the signed note and the entries say. The note itself stays.
fn repair(connection: &Connection, walked: &Walked, signed: &Checkpoint) -> Result<(), OpenError> {
    let wrong = OpenError::database("repair the head's row");
    let frontier = peaks(&walked.frontier);
    let is_right = connection
        .query_row(
            "SELECT size, root, frontier, at FROM head WHERE id = 1",
            [],
            |row| {
                Ok(number(row, 0)? == signed.size
                    && row.get::<_, Vec<u8>>(1)? == signed.root.0
                    && row.get::<_, Vec<u8>>(2)? == frontier
                    && row.get::<_, i64>(3)? == walked.at_ms)
            },
        )
        .unwrap_or(false);
    if is_right {
        return Ok(());
    }
    // A crash here leaves the row as it was found; the next opening repairs it again.
    connection
        .execute(
            "UPDATE head SET size = ?1, root = ?2, frontier = ?3, at = ?4 WHERE id = 1",
            params![clamped(signed.size), signed.root.0, frontier, walked.at_ms],
        )
        .map(drop)
        .map_err(&wrong)
}

/// The frontier as it is kept: its hashes one after another, largest subtree first.
pub(super) fn peaks(frontier: &Frontier) -> Vec<u8> {
    frontier.peaks().iter().flat_map(|peak| peak.0).collect()
}
