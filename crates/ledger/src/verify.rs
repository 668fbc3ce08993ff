//! Recomputing everything from the raw bytes.
//!
//! A [`Verifier`] is fed the entries in order and believes nothing else: each entry and its envelope is read strictly, its
//! signature holds and the key might sign, time and ids never run backwards or repeat, each body fits its commitment, and at
//! the end the root over all of it is the one that the log's key signed. It stops at the first fault and says where it is.
//!
//! Most of the work needs no other entry: a [`Reader`] does it, many at once and on as many threads as there are, and
//! [`Verifier::take`] does the rest in order. [`Verifier::push`] does both for one entry.
//!
//! Keys are not taken from a file. A [`Keyring`] learns them from the entries themselves, starting at the log's own key:
//! which kinds of statement enrol a key is the caller's to know.
//!
//! Memory: about 16 bytes an entry, and 64 more when it keeps what it may have to look at again ([`Kept`]) rather than reading
//! that again ([`ReadAgain`]). Nothing here is shared with the appender's tree: see [`root`](root()) and [`Growing`].
//!
//! ```
//! use ledger::verify::{Keyring, ReadAgain, Reader, Report, Verifier};
//! use ledger::{Beside, PublicKey, checkpoint::Origin};
//!
//! /// Over a whole log in memory, in the way that a copy on disk is verified: chunk by chunk, nothing kept.
//! fn verify(
//!     origin: &Origin, key: PublicKey, keyring: impl Keyring, note: &str, log: &[(Vec<u8>, Option<Beside>)],
//! ) -> Result<Report, Box<dyn std::error::Error>> {
//!     let again = ReadAgain::new(|index| {
//!         let entry = usize::try_from(index).ok().and_then(|index| log.get(index));
//!         entry.map(|(bytes, _)| bytes).ok_or("it is gone".to_owned())
//!     });
//!     let mut verifier = Verifier::reading_again(origin, key, keyring, again)?;
//!     for chunk in log.chunks(1_024) {
//!         // This part may run on any thread, with a reader of its own.
//!         let read = Reader::batched().read(chunk.iter().cloned());
//!         // This one in order.
//!         for checked in read {
//!             verifier.take(checked)?;
//!         }
//!     }
//!     Ok(verifier.finish(note, [])?)
//! }
//! ```

mod differing;
mod earlier;
mod fault;
mod growing;
mod ids;
mod numbers;
mod reader;
mod root;

pub use differing::differing;
pub use earlier::{Earlier, Kept, ReadAgain};
pub use fault::{EntryFault, Fault};
pub use growing::Growing;
pub use numbers::Numbers;
pub use reader::{Checked, Reader};
pub use root::{leaf, root, root_after};

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::checkpoint::{Checkpoint, Origin};
use crate::entry::Entry;
use crate::envelope::{Beside, Signed};
use crate::limit::GAPS_LISTED_MAX;
use crate::note::{NoteError, VerifierKey};
use crate::{Digest, PublicKey};
use differing::differing_again;
use ids::Ids;
use reader::Body;

/// Who may sign, as the entries so far say.
pub trait Keyring {
    /// Whether `statement`, whose signature fits its key, is by a key that was ever enrolled, revoked ones included, and
    /// names the person it was enrolled for. The log's own key is asked about as well; it is the first to sign.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the key, without capital or full stop.
    fn may_sign(&mut self, index: u64, statement: &Signed) -> Result<(), String>;

    /// Takes from an accepted entry what it says about keys. `beside` is the body of a kind that keeps it beside the log,
    /// when the copy holds it; it fits its commitment.
    ///
    /// # Errors
    /// A sentence, when the entry must say something about keys and does not.
    fn learn(
        &mut self,
        index: u64,
        entry: &Entry,
        statement: &Signed,
        beside: Option<&Beside>,
    ) -> Result<(), String>;
}

/// What was found when nothing was at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The signed head that everything led to.
    pub checkpoint: Checkpoint,
    /// Bodies beside the log that were there and fitted.
    pub bodies: u64,
    /// Bodies beside the log that this copy leaves out.
    pub bodies_withheld: u64,
    /// The entries whose bodies those are.
    pub bodies_absent: Numbers,
    /// Keys that signed at least once.
    pub keys: u64,
    /// Recorded time of the last entry, ms since 1970 UTC; 0 when there is none.
    pub last_at_ms: i64,
    /// Statements whose counter or previous id does not follow their key's last one: how many.
    pub gaps: u64,
    /// The first [`GAPS_LISTED_MAX`] of them.
    pub gaps_listed: Vec<Gap>,
}

/// A statement that does not follow its key's last one. Something the key signed may never have come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Entry number.
    pub index: u64,
    /// Whose.
    pub key: PublicKey,
    /// The count that would have followed.
    pub expected: u64,
    /// The count found. Equal to `expected` when only the previous id differs.
    pub found: u64,
}

/// Checks a log entry by entry. See the module's description.
#[derive(Debug)]
pub struct Verifier<K, E = Kept> {
    log: VerifierKey,
    keyring: K,
    earlier: E,
    tree: Growing,
    ids: Ids,
    last_of_key: BTreeMap<PublicKey, (u64, Digest)>,
    last_at_ms: i64,
    bodies: u64,
    bodies_absent: Numbers,
    gaps: u64,
    gaps_listed: Vec<Gap>,
}

impl<K: Keyring> Verifier<K> {
    /// For the log `origin` whose own key is `key`. It keeps 64 bytes an entry for a second look.
    ///
    /// # Errors
    /// [`NoteError`] when that key may not sign.
    pub fn new(origin: &Origin, key: PublicKey, keyring: K) -> Result<Self, NoteError> {
        Self::reading_again(origin, key, keyring, Kept::default())
    }
}

impl<K: Keyring, E: Earlier> Verifier<K, E> {
    /// For the log `origin` whose own key is `key`; entries that must be looked at a second time are had from `earlier`.
    ///
    /// # Errors
    /// [`NoteError`] when that key may not sign.
    pub fn reading_again(
        origin: &Origin,
        key: PublicKey,
        keyring: K,
        earlier: E,
    ) -> Result<Self, NoteError> {
        Ok(Self {
            log: origin.verifier(key)?,
            keyring,
            earlier,
            tree: Growing::new(),
            ids: Ids::new(),
            last_of_key: BTreeMap::new(),
            last_at_ms: 0,
            bodies: 0,
            bodies_absent: Numbers::new(),
            gaps: 0,
            gaps_listed: Vec::new(),
        })
    }

    /// Takes the next entry, as its bytes stand, with its body if it has one and the copy holds it. Its signature is checked
    /// by itself.
    ///
    /// # Errors
    /// [`Fault::Entry`] or [`Fault::Again`]. Feed nothing more then: what follows a fault means nothing.
    pub fn push(&mut self, bytes: &[u8], beside: Option<&Beside>) -> Result<(), Fault> {
        self.take(reader::one(bytes, beside.cloned())).map(drop)
    }

    /// Takes the next entry as a [`Reader`] gave it, faults included, and hands it back when nothing is at fault.
    ///
    /// # Errors
    /// [`Fault::Entry`] or [`Fault::Again`]. Feed nothing more then: what follows a fault means nothing.
    pub fn take(&mut self, checked: Result<Checked, EntryFault>) -> Result<Checked, Fault> {
        let index = self.tree.size();
        let fault = |what| Fault::Entry { index, what };
        let checked = checked.map_err(fault)?;
        self.might_follow(index, &checked).map_err(fault)?;
        let id = checked.statement().id;
        let earlier = &mut self.earlier;
        let before = self
            .ids
            .insert(&id, index, |at| earlier.id(at).map_err(|why| (at, why)))
            .map_err(|(index, why)| Fault::Again { index, why })?;
        if before.is_some() {
            return Err(fault(EntryFault::Twice(id)));
        }
        self.fits(index, checked.body()).map_err(fault)?;
        self.keyring
            .learn(
                index,
                checked.entry(),
                checked.statement(),
                checked.beside(),
            )
            .map_err(|what| fault(EntryFault::Keyring(what)))?;
        self.note_gap(index, checked.statement());
        self.last_at_ms = checked.entry().at_ms;
        self.tree.push(checked.leaf());
        self.earlier.keep(checked.leaf(), id);
        Ok(checked)
    }

    /// Whether it is of this log, by a key that might sign, and not before the entry before it.
    fn might_follow(&mut self, index: u64, checked: &Checked) -> Result<(), EntryFault> {
        let header = &checked.statement().header;
        if header.origin != self.log.name() {
            return Err(EntryFault::OtherLog {
                found: header.origin.clone(),
            });
        }
        if index == 0 && header.key != self.log.key() {
            return Err(EntryFault::First);
        }
        self.keyring
            .may_sign(index, checked.statement())
            .map_err(EntryFault::Keyring)?;
        let at_ms = checked.entry().at_ms;
        if at_ms < self.last_at_ms {
            return Err(EntryFault::TimeRanBack {
                at_ms,
                before_ms: self.last_at_ms,
            });
        }
        Ok(())
    }

    fn fits(&mut self, index: u64, body: Body) -> Result<(), EntryFault> {
        match body {
            Body::Open => {}
            Body::Fits => self.bodies += 1,
            Body::Absent => self.bodies_absent.insert(index),
            Body::Other => return Err(EntryFault::OtherBody),
            Body::Spare => return Err(EntryFault::SpareBody),
        }
        Ok(())
    }

    fn note_gap(&mut self, index: u64, statement: &Signed) {
        let header = &statement.header;
        let (last, id) = self
            .last_of_key
            .get(&header.key)
            .copied()
            .unwrap_or((0, Digest::ZERO));
        let expected = last.saturating_add(1);
        if header.counter != expected || header.prev != id {
            self.gaps += 1;
            if self.gaps_listed.len() < GAPS_LISTED_MAX {
                self.gaps_listed.push(Gap {
                    index,
                    key: header.key,
                    expected,
                    found: header.counter,
                });
            }
        }
        // A counter that came late must not make the next one look like a gap.
        if header.counter >= last {
            self.last_of_key
                .insert(header.key, (header.counter, statement.id));
        }
    }

    /// Compares all that was taken with the checkpoint's note.
    ///
    /// `history` are notes of earlier checkpoints, as far as the copy holds any; they are looked at only when the root is
    /// wrong, to say which entry is at fault. Those that are not signed by the log are passed over.
    ///
    /// # Errors
    /// Any [`Fault`] but [`Fault::Entry`].
    pub fn finish<'a>(
        mut self,
        note: &str,
        history: impl IntoIterator<Item = &'a str>,
    ) -> Result<Report, Fault> {
        let checkpoint = Checkpoint::open(note, &self.log)?;
        let (found, signed) = (self.tree.size(), checkpoint.size);
        if found != signed || self.tree.root() != checkpoint.root {
            let history = history
                .into_iter()
                .filter_map(|note| Checkpoint::open(note, &self.log).ok());
            let heads = history.chain([checkpoint]);
            return Err(match differing_again(found, &mut self.earlier, heads)? {
                Some(fault) => fault,
                None if found > signed => Fault::Unsigned { found, signed },
                None => Fault::Missing { found, signed },
            });
        }
        Ok(Report {
            checkpoint,
            bodies: self.bodies,
            bodies_withheld: self.bodies_absent.count(),
            bodies_absent: self.bodies_absent,
            keys: self.last_of_key.len() as u64,
            last_at_ms: self.last_at_ms,
            gaps: self.gaps,
            gaps_listed: self.gaps_listed,
        })
    }

    /// Entries taken so far.
    pub const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The keyring, with what it learnt.
    pub const fn keyring(&self) -> &K {
        &self.keyring
    }
}
