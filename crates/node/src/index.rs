//! What is kept at hand of the durable entries beside the state: who holds copies, which node wrote which part, which
//! statements name which files. Nothing that is decided rests on it.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::Act;
use domain::id::{FileId, PersonId, StatementId};
use domain::time::Millis;

use crate::files::FileNamed;

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

/// See the module's description.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Entry and epoch of each take-over, in order.
    takeovers: Vec<(u64, u32)>,
    holders: Vec<Holder>,
    /// Every naming, in the order of the record.
    files: Vec<FileNamed>,
    concerns: BTreeSet<StatementId>,
    /// Entries of each person, ascending.
    signed: BTreeMap<PersonId, Vec<u64>>,
}

impl Index {
    /// Takes the durable entry `index`.
    pub(crate) fn follow(&mut self, index: u64, entry: &domain::Entry) {
        let statement = &entry.statement;
        let by = match &statement.act {
            // Who enrols is named by this very statement.
            Act::Enrol(_) if statement.by == PersonId::ZERO => statement.id.into(),
            _ => statement.by,
        };
        if by != PersonId::ZERO {
            self.signed.entry(by).or_default().push(index);
        }
        if !entry.outcome.admitted {
            return;
        }
        match &statement.act {
            Act::TookOver(body) => self.takeovers.push((index, body.epoch)),
            Act::Export(body) => self.holders.push(Holder {
                entry: index,
                at: entry.at,
                to: body.to.as_str().to_owned(),
                size: body.size,
                by: statement.by,
            }),
            Act::RaiseConcern(_) => drop(self.concerns.insert(statement.id)),
            Act::Attach(body) => {
                let named = FileNamed {
                    file: body.sha256,
                    statement: statement.id,
                    at: entry.at,
                    by: statement.by,
                    name: body.name.as_str().to_owned(),
                    media: body.media.clone(),
                    bytes: Some(body.bytes),
                    exhibit: body.exhibit,
                    is_original: false,
                    about: body.about.clone(),
                };
                if let Some(original) = body.original.filter(|one| *one != body.sha256) {
                    self.files.push(FileNamed {
                        file: original,
                        bytes: None,
                        is_original: true,
                        ..named.clone()
                    });
                }
                self.files.push(named);
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

    /// Entries that the person signed, refusals included, ascending.
    pub(crate) fn signed_by(&self, person: PersonId) -> &[u64] {
        self.signed.get(&person).map_or(&[], Vec::as_slice)
    }

    /// How the file is named, oldest first.
    pub(crate) fn naming(&self, file: FileId) -> impl Iterator<Item = &FileNamed> {
        self.files.iter().filter(move |named| named.file == file)
    }

    /// Every naming of a file, oldest first.
    pub(crate) fn files(&self) -> impl Iterator<Item = &FileNamed> {
        self.files.iter()
    }

    /// Whether the statement raised a concern.
    pub(crate) fn is_concern(&self, statement: StatementId) -> bool {
        self.concerns.contains(&statement)
    }

    /// Files that nobody but `statements` names.
    pub(crate) fn named_only_by(&self, statements: &BTreeSet<StatementId>) -> BTreeSet<FileId> {
        let (gone, kept): (Vec<_>, Vec<_>) = self
            .files
            .iter()
            .partition(|named| statements.contains(&named.statement));
        let kept: BTreeSet<FileId> = kept.into_iter().map(|named| named.file).collect();
        gone.into_iter()
            .map(|named| named.file)
            .filter(|file| !kept.contains(file))
            .collect()
    }

    /// Forgets what these statements named.
    pub(crate) fn forget(&mut self, statements: &BTreeSet<StatementId>) {
        self.files
            .retain(|named| !statements.contains(&named.statement));
    }
}
