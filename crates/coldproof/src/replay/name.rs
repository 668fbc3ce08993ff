//! Symbolic names. A name stands for one thing of one sort through the whole case, and its id follows from the name, so
//! that the same case gives the same ids every time.

use super::{
    fields::Thing,
    tree::{Node, Read, nearest},
};
use domain::id::StatementId;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The person who keeps the record where no source names one: opens the log, enrols people, receives what came before
/// the first day.
pub(super) const OFFICE: &str = "the office";
/// The second person of what is assumed to have been done by two.
pub(super) const SECOND: &str = "an assumed second";
/// The store of a case that declares none.
pub(super) const LOCK_UP: &str = "the lock-up";
/// Everybody enrolled by then, where people are listed.
pub(super) const EVERYONE: &str = "everyone";
/// The node itself, as a signer.
pub(super) const NODE: &str = "node";

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) thing: Thing,
    /// Where it is declared, or 0 for the names every case has.
    line: usize,
    id: StatementId,
}

/// The names of a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    case: String,
    known: BTreeMap<String, Named>,
}

impl Names {
    pub(super) fn of(case: &str) -> Self {
        let mut names = Self {
            case: case.to_owned(),
            known: BTreeMap::new(),
        };
        for (name, thing) in [
            (OFFICE, Thing::Person),
            (SECOND, Thing::Person),
            (LOCK_UP, Thing::Store),
        ] {
            let id = names.id(name);
            names
                .known
                .insert(name.to_owned(), Named { thing, line: 0, id });
        }
        names
    }

    /// Declares a name. A step that receives a thing from a table may bear the table's name.
    pub(super) fn declare(&mut self, node: &Node, name: &str, thing: Thing) -> Read<()> {
        if name.is_empty() || name == EVERYONE || name == NODE || name == "all" {
            return Err(node.wrong(format!("`{name}` cannot be a name")));
        }
        let id = self.id(name);
        match self.known.get(name) {
            Some(other) if other.thing != thing => Err(node.wrong(format!(
                "`{name}` is {} already, declared in line {}: one name stands for one thing",
                other.thing.a_word(),
                other.line
            ))),
            Some(_) => Ok(()),
            None => {
                self.known.insert(
                    name.to_owned(),
                    Named {
                        thing,
                        line: node.line,
                        id,
                    },
                );
                Ok(())
            }
        }
    }

    /// Declares a name of a table, which nothing else may bear.
    pub(super) fn declare_new(&mut self, node: &Node, name: &str, thing: Thing) -> Read<()> {
        if let Some(other) = self.known.get(name) {
            return Err(node.wrong(format!(
                "`{name}` is declared twice: in line {} already",
                other.line
            )));
        }
        self.declare(node, name, thing)
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The id behind a name that must stand for a `thing`.
    pub(super) fn resolve(&self, node: &Node, thing: Thing) -> Read<StatementId> {
        let name = node.text(thing.word())?;
        match self.known.get(name) {
            Some(found) if thing.takes(found.thing) => Ok(found.id),
            Some(found) => Err(node.wrong(format!(
                "`{name}` is {}, and {} is wanted here",
                found.thing.a_word(),
                thing.a_word()
            ))),
            None => {
                let fitting = self
                    .known
                    .iter()
                    .filter(|(_, one)| thing.takes(one.thing))
                    .map(|(name, _)| name.as_str());
                Err(node.wrong(format!(
                    "no {} is called `{name}`{}: declare it in a table, or with `as` at an earlier step",
                    thing.word(),
                    nearest(name, fitting)
                )))
            }
        }
    }

    /// The id of a name, whether declared or not: SHA-256 of the case and the name.
    pub(super) fn id(&self, name: &str) -> StatementId {
        let mut digest = Sha256::new();
        for part in ["coldproof replay", self.case.as_str(), name] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part.as_bytes());
        }
        StatementId(digest.finalize().into())
    }
}
