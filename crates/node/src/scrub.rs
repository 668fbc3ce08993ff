//! The whole log hashed again, some entries at a time, while the node runs: a bit that flips on the disk is found before
//! somebody needs the entry.

use std::sync::atomic::Ordering;

use domain::act::{Keeping, Kind};
use domain::time::Millis;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header};
use ledger::merkle::leaf_hash;
use ledger::tile::HashSource as _;
use store::Stored;

use crate::core::Core;
use crate::node::Node;

impl Node {
    /// Hashes the whole log again, at once: every entry against the tree that was verified, every body against its
    /// commitment. A difference freezes the node. The number of entries.
    ///
    /// # Errors
    /// A sentence that names the first entry that is not what it was.
    pub fn scrub(&self) -> Result<u64, String> {
        let mut next = 0;
        while let Some(after) = self.core.scrub_some(next)? {
            next = after;
        }
        Ok(next)
    }

    /// When the whole log was last hashed again without a difference, ms UTC; `None` for not yet.
    pub fn scrubbed_at(&self) -> Option<Millis> {
        let at = self.core.scrubbed_at.load(Ordering::Relaxed);
        (at > 0).then_some(at)
    }
}

impl Core {
    /// Hashes some entries from `from` on. Where to go on; `None` at the end.
    pub(crate) fn scrub_some(&self, from: u64) -> Result<Option<u64>, String> {
        let Some(log) = &self.log else {
            return Err("the record on this node cannot be read".to_owned());
        };
        let head = log.head();
        if from >= head.size {
            self.scrubbed_at.store(self.now(), Ordering::Relaxed);
            return Ok(None);
        }
        self.with_tree(|_| ()).map_err(|not| not.to_string())?;
        let some = log
            .read(from, head.size)
            .map_err(|error| self.differs(from, &error.to_string()))?;
        let mut next = from;
        for stored in &some {
            let leaf = self
                .with_tree(|tree| tree.hash(0, next).ok())
                .map_err(|not| not.to_string())?;
            if stored.index != next || leaf != Some(leaf_hash(&stored.entry)) {
                return Err(self.differs(next, "it is not what was signed"));
            }
            body(stored).map_err(|what| self.differs(next, what))?;
            next += 1;
        }
        if next == from {
            return Err(self.differs(from, "it is gone"));
        }
        Ok(Some(next))
    }

    fn differs(&self, index: u64, what: &str) -> String {
        let why = format!("entry {index} changed on the disk: {what}");
        self.freeze(&why);
        self.notify();
        why
    }
}

/// Whether the body beside an entry is the one that was signed, and is there where something rests on it.
fn body(stored: &Stored) -> Result<(), &'static str> {
    let wrong = "it cannot be read";
    let entry = Entry::read(&stored.entry).map_err(|_| wrong)?;
    let (payload, ..) = envelope::read(&entry.statement).map_err(|_| wrong)?;
    let header = Header::read(&payload).map_err(|_| wrong)?;
    match (&header.content, &stored.beside) {
        (Content::Open(_), None) => Ok(()),
        (Content::Open(_), Some(_)) => Err("a body lies beside it that cannot belong to it"),
        (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => Ok(()),
        (Content::Beside(_), Some(_)) => Err("the body beside it is not the one that was signed"),
        (Content::Beside(_), None) => match Kind::from_stored(&header.kind).map(Kind::keeping) {
            Some(Keeping::Sealed) => Ok(()),
            Some(Keeping::Open | Keeping::Record) | None => Err("its body is gone"),
        },
    }
}
