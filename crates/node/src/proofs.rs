//! Proofs that an entry is in the record and that one head continues another, from hashes kept in memory.

use std::sync::{MutexGuard, PoisonError};

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::merkle::leaf_hash;
use ledger::tile::Rows;
use ledger::tlog_proof::TlogProof;
use store::ReadError;

use crate::answer::NotEntered;
use crate::core::Core;
use crate::index::Holder;
use crate::node::Node;

impl Node {
    /// The C2SP tlog-proof that entry `index` is in the record, under the first head over `size` entries or more that was
    /// signed (each answer's receipt names one); under the newest head when `None`. It carries the cosignatures that were
    /// made for that head.
    ///
    /// # Errors
    /// [`NotEntered::Invalid`] when there is no such entry or head, [`NotEntered::Fault`] when the record cannot be read.
    pub fn proof(&self, index: u64, size: Option<u64>) -> Result<String, NotEntered> {
        let core = &self.core;
        let note = core.note_over(size)?;
        let head = Checkpoint::open(&note, &core.verifier)
            .map_err(|fault| NotEntered::fault("unreadable_record", fault.to_string(), false))?;
        let hashes = core
            .with_tree(|tree| tree.inclusion_proof(index, head.size))?
            .ok_or_else(|| {
                NotEntered::invalid(
                    "no_such_entry",
                    format!("there is no entry {index} under that head"),
                )
            })?;
        let proof = TlogProof {
            index,
            hashes,
            note: core.with_cosignatures(&note),
            extra: None,
        };
        Ok(proof.write())
    }

    /// The hashes that show the record over its first `from` entries to begin the one over `to`: RFC 6962, empty from 0 and
    /// from the same size.
    ///
    /// # Errors
    /// [`NotEntered::Invalid`] for sizes that this record does not have, [`NotEntered::Fault`] when it cannot be read.
    pub fn consistency(&self, from: u64, to: u64) -> Result<Vec<Digest>, NotEntered> {
        self.core
            .with_tree(|tree| match from {
                0 if to <= tree.size() => Some(Vec::new()),
                _ => tree.consistency_proof(from, to),
            })?
            .ok_or_else(|| {
                NotEntered::invalid(
                    "no_such_sizes",
                    format!("the record does not go from {from} to {to} entries"),
                )
            })
    }

    /// The newest checkpoint's note, with the cosignatures that were made for that very head, and its epoch signed with it.
    pub fn checkpoint(&self) -> String {
        let (note, epoch) = {
            let shown = self.core.shown();
            let epoch = shown.index.epoch_of(shown.head.size);
            (shown.head.note.clone(), epoch)
        };
        self.core
            .with_epoch(&self.core.with_cosignatures(&note), epoch)
    }

    /// Who was given copies of the record, oldest first: whoever must be told when something in it is erased.
    pub fn holders(&self) -> Vec<Holder> {
        self.core.shown().index.holders().to_vec()
    }
}

impl Core {
    /// The tree as far as it was brought.
    pub(crate) fn tree(&self) -> MutexGuard<'_, Rows> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the tree over everything durable. What was added since is hashed from the stored bytes, and the root compared
    /// with the signed head: when the two differ the node freezes.
    pub(crate) fn with_tree<T>(&self, ask: impl FnOnce(&mut Rows) -> T) -> Result<T, NotEntered> {
        let mut tree = self.tree();
        let Some(log) = &self.log else {
            // Of a record that cannot be written, what was read when it was opened.
            return Ok(ask(&mut tree));
        };
        let head = log.head();
        if tree.size() < head.size {
            while tree.size() < head.size {
                let some = log
                    .read(tree.size(), head.size)
                    .map_err(|error| unreadable(&error))?;
                if some.is_empty() {
                    return Err(gone(tree.size()));
                }
                for stored in some {
                    if stored.index != tree.size() {
                        return Err(gone(tree.size()));
                    }
                    tree.append(leaf_hash(&stored.entry));
                }
            }
            if tree.root(head.size) != Some(head.root) {
                self.freeze("its stored entries do not lead to the head that was signed");
                self.notify();
                return Err(gone(head.size));
            }
        }
        Ok(ask(&mut tree))
    }

    /// `note` with the epoch under it, signed by the log's key; as it is where that cannot be (no key here, no room for a line).
    pub(crate) fn with_epoch(&self, note: &str, epoch: u32) -> String {
        let signed = self.keys.as_ref().and_then(|keys| {
            let head = Checkpoint::open(note, &self.verifier).ok()?;
            ledger::epoch::with_epoch(note, &head, epoch, &keys.log).ok()
        });
        signed.unwrap_or_else(|| note.to_owned())
    }

    /// The note of the first head over `size` entries or more; of the newest when `None`.
    fn note_over(&self, size: Option<u64>) -> Result<String, NotEntered> {
        let (Some(size), Some(log)) = (size, &self.log) else {
            return Ok(self.shown().head.note.to_string());
        };
        let notes = log.checkpoints(size).map_err(|error| unreadable(&error))?;
        notes
            .into_iter()
            .next()
            .map(|(_, note)| note)
            .ok_or_else(|| {
                NotEntered::invalid(
                    "no_such_head",
                    format!("the record does not have {size} entries"),
                )
            })
    }
}

fn unreadable(error: &ReadError) -> NotEntered {
    NotEntered::fault("unreadable_record", error.to_string(), true)
}

fn gone(index: u64) -> NotEntered {
    NotEntered::fault(
        "unreadable_record",
        format!("entry {index} cannot be read from the record"),
        false,
    )
}
