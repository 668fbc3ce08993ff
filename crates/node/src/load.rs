//! Reading a record back: verified as a stranger would, folded from the same bytes.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use audit::{Enrolled, fold, history};
use domain::State;
use domain::id::{PersonId, StatementId};
use ledger::checkpoint::Checkpoint;
use ledger::merkle::{EMPTY_ROOT, leaf_hash};
use ledger::note::VerifierKey;
use ledger::tile::Rows;
use ledger::verify::Verifier;
use store::{Head, Log, ReadError, SqliteArchive, Stored};

use crate::index::Index;
use crate::looks::Looks;
use crate::shown::{Last, Shown};

/// What was found.
pub(crate) struct Loaded {
    pub(crate) shown: Shown,
    pub(crate) size: u64,
    pub(crate) ids: HashMap<StatementId, u64>,
    pub(crate) unit: StatementId,
    /// The tree over the entries taken.
    pub(crate) tree: Rows,
    /// The first thing that is wrong; what stands before it was folded.
    pub(crate) fault: Option<String>,
}

impl Loaded {
    fn empty(note: &str) -> Self {
        let head = Head {
            size: 0,
            root: EMPTY_ROOT,
            at_ms: 0,
            note: note.into(),
        };
        let shown = Shown {
            state: State::default(),
            size: 0,
            head,
            overlay: Vec::new(),
            looks: Looks::default(),
            index: Index::default(),
            names: BTreeMap::new(),
            last: Last::new(),
        };
        Self {
            shown,
            size: 0,
            ids: HashMap::new(),
            unit: StatementId::ZERO,
            tree: Rows::new(),
            fault: None,
        }
    }

    /// Verifies and folds entries until there are no more or one is at fault.
    fn take_all(
        &mut self,
        verifier: &VerifierKey,
        mut read: impl FnMut(u64) -> Result<Vec<Stored>, ReadError>,
        note: &str,
        history: &[String],
    ) -> Result<(), String> {
        let origin = verifier
            .name()
            .parse()
            .map_err(|error| format!("the log has no proper name: {error}"))?;
        let mut check = Verifier::new(&origin, verifier.key(), Enrolled::default())
            .map_err(|error| error.to_string())?;
        loop {
            let some = read(self.size).map_err(|error| error.to_string())?;
            if some.is_empty() {
                break;
            }
            for stored in some {
                if stored.index != self.size {
                    return Err(format!("entry {} is missing from the record", self.size));
                }
                check
                    .push(&stored.entry, stored.beside.as_ref())
                    .map_err(|fault| fault.to_string())?;
                self.take(&stored)
                    .map_err(|why| format!("entry {}: {why}", stored.index))?;
            }
        }
        let report = check
            .finish(note, history.iter().map(String::as_str))
            .map_err(|fault| fault.to_string())?;
        self.shown.head = Head {
            size: report.checkpoint.size,
            root: report.checkpoint.root,
            at_ms: report.last_at_ms,
            note: note.into(),
        };
        Ok(())
    }

    fn take(&mut self, stored: &Stored) -> Result<(), String> {
        let folded = fold::read(&stored.entry, stored.beside.as_ref())?;
        if self.size == 0 {
            self.unit = folded.entry.statement.id;
        }
        self.ids.insert(folded.entry.statement.id, self.size);
        self.shown
            .publish(&folded.entry, folded.signed.header.counter);
        self.tree.append(leaf_hash(&stored.entry));
        self.size += 1;
        Ok(())
    }
}

/// Everything in an open log.
pub(crate) fn from_log(log: &dyn Log, verifier: &VerifierKey) -> Loaded {
    let head = log.head();
    let mut loaded = Loaded::empty(&head.note);
    let history = history(|from| log.checkpoints(from));
    let taken = loaded.take_all(
        verifier,
        |from| log.read(from, head.size),
        &head.note,
        &history,
    );
    loaded.fault = taken.err();
    match log.names() {
        Ok(names) => {
            loaded.shown.names = names
                .into_iter()
                .map(|(person, name)| (PersonId(person.0), name))
                .collect();
        }
        Err(error) => loaded.fault = loaded.fault.take().or(Some(error.to_string())),
    }
    loaded
}

/// As much as can be read of a record that cannot be opened for writing.
pub(crate) fn from_archive(
    folder: &Path,
    verifier: &VerifierKey,
) -> (Option<SqliteArchive>, Loaded) {
    let Ok(archive) = SqliteArchive::open(folder) else {
        return (None, Loaded::empty(""));
    };
    let note = archive.note().unwrap_or_default();
    let mut loaded = Loaded::empty(&note);
    let taken = loaded.take_all(verifier, |from| archive.read(from, u64::MAX), &note, &[]);
    loaded.fault = taken.err();
    if loaded.fault.is_some()
        && let Ok(head) = Checkpoint::open(&note, verifier)
    {
        // What the record was signed to be, for people to compare; nothing is leased on it.
        loaded.shown.head = Head {
            size: head.size,
            root: head.root,
            at_ms: 0,
            note: note.as_str().into(),
        };
    }
    (Some(archive), loaded)
}
