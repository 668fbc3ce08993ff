//! A log in memory, for tests of what stands above. It keeps nothing when it is dropped.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ledger::merkle::{Frontier, leaf_hash};
use ledger::note::VerifierKey;
use ledger::{Beside, Digest};

use crate::limit::{ERASE_STATEMENTS_MAX, READ_ENTRIES_MAX};
use crate::log::{
    self, Ack, Append, AppendError, Appended, Erased, Head, Log, ReadError, Signer, Stored,
};
use crate::signed::signed;

/// See the module's description.
pub struct MemoryLog {
    key: VerifierKey,
    state: Mutex<State>,
}

struct State {
    signer: Signer,
    frontier: Frontier,
    head: Head,
    entries: Vec<Append>,
    by_statement: HashMap<Digest, u64>,
    checkpoints: BTreeMap<u64, String>,
    meta: BTreeMap<String, Vec<u8>>,
    names: BTreeMap<Digest, String>,
    stopped: Option<Arc<str>>,
}

impl MemoryLog {
    /// An empty log whose own key is `key`.
    ///
    /// # Errors
    /// A sentence, when `signer` does not sign as that key.
    pub fn new(key: &VerifierKey, mut signer: Signer) -> Result<Self, String> {
        let frontier = Frontier::new();
        let note = signed(key, &mut signer, &frontier)?;
        let head = Head {
            size: 0,
            root: frontier.root(),
            at_ms: 0,
            note: note.as_str().into(),
        };
        let state = State {
            signer,
            frontier,
            head,
            entries: Vec::new(),
            by_statement: HashMap::new(),
            checkpoints: BTreeMap::from([(0, note)]),
            meta: BTreeMap::new(),
            names: BTreeMap::new(),
            stopped: None,
        };
        Ok(Self {
            key: key.clone(),
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLog")
            .field("head", &self.head())
            .finish_non_exhaustive()
    }
}

impl State {
    fn append(
        &mut self,
        key: &VerifierKey,
        first: u64,
        batch: Vec<Append>,
    ) -> Result<Appended, AppendError> {
        if let Some(why) = &self.stopped {
            return Err(AppendError::Stopped(why.clone()));
        }
        let wrong = log::unfit(&batch)
            .or_else(|| log::misplaced(self.head.size, self.head.at_ms, first, &batch));
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let mut fresh = HashMap::new();
        let mut frontier = self.frontier.clone();
        let mut at_ms = self.head.at_ms;
        for one in &batch {
            let seen = self
                .by_statement
                .get(&one.statement)
                .or_else(|| fresh.get(&one.statement));
            if let Some(index) = seen {
                return Err(AppendError::Twice { index: *index });
            }
            fresh.insert(one.statement, frontier.size());
            frontier.append(leaf_hash(&one.entry));
            at_ms = one.at_ms;
        }
        let note = match signed(key, &mut self.signer, &frontier) {
            Ok(note) => note,
            Err(why) => {
                let why: Arc<str> = why.into();
                self.stopped = Some(why.clone());
                return Err(AppendError::Stopped(why));
            }
        };
        self.head = Head {
            size: frontier.size(),
            root: frontier.root(),
            at_ms,
            note: note.as_str().into(),
        };
        self.frontier = frontier;
        self.entries.extend(batch);
        self.by_statement.extend(fresh);
        self.checkpoints.insert(self.head.size, note);
        Ok(Appended {
            first,
            head: self.head.clone(),
        })
    }
}

impl Log for MemoryLog {
    fn head(&self) -> Head {
        self.state().head.clone()
    }

    fn submit(&self, first: u64, batch: Vec<Append>, ack: Ack) {
        let answer = self.state().append(&self.key, first, batch);
        ack.answer(answer);
    }

    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError> {
        let skip = usize::try_from(from).unwrap_or(usize::MAX);
        let take = usize::try_from(to.saturating_sub(from))
            .unwrap_or(usize::MAX)
            .min(READ_ENTRIES_MAX as usize);
        let state = self.state();
        let rest = state.entries.get(skip..).unwrap_or_default();
        let stored = (from..).zip(rest).take(take);
        Ok(stored
            .map(|(index, one)| Stored {
                index,
                entry: one.entry.clone(),
                beside: one.beside.clone(),
            })
            .collect())
    }

    fn body(&self, statement: &Digest) -> Result<Option<Beside>, ReadError> {
        let state = self.state();
        let index = state
            .by_statement
            .get(statement)
            .and_then(|index| usize::try_from(*index).ok());
        Ok(index
            .and_then(|index| state.entries.get(index))
            .and_then(|one| one.beside.clone()))
    }

    fn find(&self, statement: &Digest) -> Result<Option<u64>, ReadError> {
        Ok(self.state().by_statement.get(statement).copied())
    }

    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError> {
        let state = self.state();
        let notes = state
            .checkpoints
            .range(from..)
            .take(READ_ENTRIES_MAX as usize);
        Ok(notes.map(|(size, note)| (*size, note.clone())).collect())
    }

    fn erase(&self, statements: &[Digest]) -> Result<Erased, AppendError> {
        if statements.len() > ERASE_STATEMENTS_MAX {
            return Err(AppendError::TooLarge);
        }
        let mut state = self.state();
        let state = &mut *state;
        let mut bodies = 0;
        for statement in statements {
            let index = state.by_statement.get(statement);
            let entry = index
                .and_then(|index| usize::try_from(*index).ok())
                .and_then(|index| state.entries.get_mut(index));
            bodies += usize::from(entry.is_some_and(|entry| entry.beside.take().is_some()));
        }
        Ok(Erased {
            bodies,
            is_out_of_files: true,
        })
    }

    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(self.state().meta.get(key).cloned())
    }

    fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), AppendError> {
        if !log::is_small(key, value) {
            return Err(AppendError::TooLarge);
        }
        let meta = &mut self.state().meta;
        match value {
            Some(value) => drop(meta.insert(key.to_owned(), value.to_vec())),
            None => drop(meta.remove(key)),
        }
        Ok(())
    }

    fn names(&self) -> Result<Vec<(Digest, String)>, ReadError> {
        Ok(self
            .state()
            .names
            .iter()
            .map(|(person, name)| (*person, name.clone()))
            .collect())
    }

    fn put_name(&self, person: &Digest, name: Option<&str>) -> Result<(), AppendError> {
        if !log::is_small(name.unwrap_or_default(), None) {
            return Err(AppendError::TooLarge);
        }
        let names = &mut self.state().names;
        match name {
            Some(name) => drop(names.insert(*person, name.to_owned())),
            None => drop(names.remove(person)),
        }
        Ok(())
    }
}
