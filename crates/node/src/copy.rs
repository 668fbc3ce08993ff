//! A person's own copy: at any time, also of a record that has stopped, as far as it can be read.

use audit::copy::{Own, OwnEntry};
use audit::manifest::Program;
use domain::id::PersonId;
use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::leaf_hash;
use ledger::tile::{HashSource as _, Rows};
use store::Stored;

use crate::answer::NotEntered;
use crate::core::Core;
use crate::node::Node;
use crate::program;

/// Made by [`Node::copy_for`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyCopy {
    /// One zip (`docs/formats/export.md`, my copy).
    pub zip: Vec<u8>,
    /// Entries of the record at the copy's head.
    pub size: u64,
    /// How many entries of the person are in it.
    pub entries: usize,
    /// Entries of the person that are not: they changed on the disk, or lie past the newest head that fits what can be read.
    pub left_out: Vec<u64>,
}

impl Node {
    /// All that the keys of `person` signed, asked for and were refused, with outcome, bodies and proofs. `verify_page` is the
    /// page that checks a copy in a browser. Reads the person's entries and nothing else.
    ///
    /// # Errors
    /// [`NotEntered::Fault`] when not even the first entry and a head over it can be read.
    pub fn copy_for(
        &self,
        person: PersonId,
        verify_page: Option<&[u8]>,
    ) -> Result<MyCopy, NotEntered> {
        let core = &self.core;
        // When the tree cannot be brought up to date, the copy is of what was verified before.
        core.with_tree(|_| ()).ok();
        let signed = core.shown().index.signed_by(person).to_vec();
        let mut tree = core.tree();
        let (note, head) = core.fitting_head(&mut tree)?;
        let first = self
            .proven(&mut tree, 0, head.size)
            .ok_or_else(unreadable)?;
        let (mut entries, mut left_out) = (Vec::new(), Vec::new());
        for index in signed {
            match self.proven(&mut tree, index, head.size) {
                Some(entry) => entries.push(entry),
                None => left_out.push(index),
            }
        }
        drop(tree);
        let own = Own {
            verifier: &core.verifier,
            note: &note,
            person: Digest(person.0),
            first: OwnEntry {
                beside: None,
                ..first
            },
            entries,
            verify_page,
            program: Program {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                sha256: Digest(program().0),
            },
            made_at: u64::try_from(core.now()).unwrap_or(0),
        };
        let zip = own
            .zip()
            .map_err(|error| NotEntered::fault("no_copy", error.to_string(), true))?;
        Ok(MyCopy {
            zip,
            size: head.size,
            entries: own.entries.len(),
            left_out,
        })
    }

    /// Entry `index` with its proof; `None` when it cannot be read or is not the one that was signed.
    fn proven(&self, tree: &mut Rows, index: u64, size: u64) -> Option<OwnEntry> {
        let stored = self.one(index)?;
        let leaf = tree.hash(0, index).ok()?;
        if leaf != leaf_hash(&stored.entry) {
            return None;
        }
        Some(OwnEntry {
            index,
            proof: tree.inclusion_proof(index, size)?,
            entry: stored.entry,
            beside: stored.beside,
        })
    }

    fn one(&self, index: u64) -> Option<Stored> {
        let stored = self.stored(index, index + 1);
        stored.into_iter().find(|stored| stored.index == index)
    }
}

impl Core {
    /// The newest head that fits what was verified: the record's own, or, of one that does not verify to its end, the newest
    /// that was signed before that.
    fn fitting_head(&self, tree: &mut Rows) -> Result<(String, Checkpoint), NotEntered> {
        let newest = self.shown().head.note.to_string();
        let mut fitting = self.fits(tree, &newest).map(|head| (newest, head));
        if fitting.is_none()
            && let Some(archive) = &self.archive
        {
            let archive = archive
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            let notes = audit::history(|from| archive.checkpoints(from));
            fitting = notes
                .into_iter()
                .rev()
                .find_map(|note| self.fits(tree, &note).map(|head| (note, head)));
        }
        let (note, head) = fitting.ok_or_else(unreadable)?;
        Ok((self.with_cosignatures(&note), head))
    }

    fn fits(&self, tree: &mut Rows, note: &str) -> Option<Checkpoint> {
        let head = Checkpoint::open(note, &self.verifier).ok()?;
        (head.size > 0 && tree.root(head.size) == Some(head.root)).then_some(head)
    }
}

fn unreadable() -> NotEntered {
    NotEntered::fault(
        "unreadable_record",
        "not enough of the record can be read to make a copy that stands alone",
        false,
    )
}
