//! What is kept at hand of the durable entries beside the state: who holds copies, which node wrote which part, which
//! statements name which files. Nothing that is decided rests on it.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::Act;
use domain::id::{FileId, PersonId, StatementId};
use domain::time::Millis;

/// Somebody who was given a copy of the record, and must be told when something in it is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The entry that says so.
    pub entry: u64,
    /// When, ms UTC.
    pub at: Millis,
    /// For whom the copy was made, in words.
    pub to: String,
    /// Entries in the copy.
    pub size: u64,
    /// Who made it.
    pub by: PersonId,
}

/// A file that a statement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Who added it.
    pub(crate) by: PersonId,
    /// The statements that it is about.
    pub(crate) about: Vec<StatementId>,
    /// It is the file before its metadata was taken out.
    pub(crate) is_original: bool,
}

/// See the module's description.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Entry and epoch of each take-over, in order.
    takeovers: Vec<(u64, u32)>,
    holders: Vec<Holder>,
    files: BTreeMap<FileId, BTreeMap<StatementId, Named>>,
}

impl Index {
    /// Takes the durable entry `index`.
    pub(crate) fn follow(&mut self, index: u64, entry: &domain::Entry) {
        if !entry.outcome.admitted {
            return;
        }
        let statement = &entry.statement;
        match &statement.act {
            Act::TookOver(body) => self.takeovers.push((index, body.epoch)),
            Act::Export(body) => self.holders.push(Holder {
                entry: index,
                at: entry.at,
                to: body.to.as_str().to_owned(),
                size: body.size,
                by: statement.by,
            }),
            Act::Attach(body) => {
                let mut name = |file: FileId, is_original| {
                    let named = Named {
                        by: statement.by,
                        about: body.about.clone(),
                        is_original,
                    };
                    // A file named both ways is as open as the opener of the two.
                    let named = match self.files.entry(file).or_default().remove(&statement.id) {
                        Some(before) if !before.is_original => before,
                        Some(_) | None => named,
                    };
                    self.files
                        .entry(file)
                        .or_default()
                        .insert(statement.id, named);
                };
                name(body.sha256, false);
                if let Some(original) = body.original {
                    name(original, true);
                }
            }
            _ => {}
        }
    }

    /// Which of the log's nodes wrote the head over `size` entries, counted from 0.
    pub(crate) fn epoch_of(&self, size: u64) -> u32 {
        self.takeovers
            .iter()
            .rev()
            .find(|(entry, _)| *entry < size)
            .map_or(0, |(_, epoch)| *epoch)
    }

    /// How many entries the record had when the node after `epoch` took over; `None` when none did.
    pub(crate) fn ended_at(&self, epoch: u32) -> Option<u64> {
        self.takeovers
            .iter()
            .find(|(_, began)| *began > epoch)
            .map(|(entry, _)| *entry)
    }

    /// The epoch that entry `entry` began, if it is a take-over.
    pub(crate) fn takeover_at(&self, entry: u64) -> Option<u32> {
        let found = self.takeovers.iter().find(|(at, _)| *at == entry);
        found.map(|(_, epoch)| *epoch)
    }

    pub(crate) fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// The statements that name the file.
    pub(crate) fn naming(&self, file: FileId) -> Option<&BTreeMap<StatementId, Named>> {
        self.files.get(&file).filter(|named| !named.is_empty())
    }

    /// Files that nobody but `statements` names.
    pub(crate) fn named_only_by(&self, statements: &BTreeSet<StatementId>) -> Vec<FileId> {
        self.files
            .iter()
            .filter(|(_, named)| {
                !named.is_empty() && named.keys().all(|one| statements.contains(one))
            })
            .map(|(file, _)| *file)
            .collect()
    }

    /// Forgets what these statements named.
    pub(crate) fn forget(&mut self, statements: &BTreeSet<StatementId>) {
        for named in self.files.values_mut() {
            named.retain(|one, _| !statements.contains(one));
        }
        self.files.retain(|_, named| !named.is_empty());
    }
}
