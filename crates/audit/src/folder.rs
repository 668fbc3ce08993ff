//! `coldproof verify`: everything recomputed from the raw bytes, nothing believed.

use std::path::Path;

use domain::State;
use domain::act::Act;
use domain::id::KeyId;
use domain::outcome::Outcome;
use ledger::Digest;
use ledger::entry::Entry;
use ledger::envelope;
use ledger::note::VerifierKey;
use ledger::verify::{Fault, Report, Verifier};
use store::{ReadError, SqliteArchive, Stored};

use crate::fold::{self, key_id};
use crate::keyring::Enrolled;
use crate::rules::{Rulebook, Rules};

/// The record's file in a node's folder.
pub const RECORD: &str = "record.sqlite";

/// What was found when nothing was at fault.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The log's name.
    pub origin: String,
    /// The log's key, as its first entry has it. Compare it with one had from elsewhere: a whole other log is properly
    /// signed too.
    pub log_key: KeyId,
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// What the ledger found.
    pub report: Report,
    /// Keys ever enrolled, the node's included.
    pub keys: usize,
    /// The state that the entries lead to; `None` where bodies were left out of the copy.
    pub state: Option<State>,
    /// What judging again found, where packs were given.
    pub judged: Option<Judged>,
}

/// Judging again with the packs that each entry names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Entries judged with the same answer.
    pub same: u64,
    /// Entries whose answer differs, with what.
    pub differ: Vec<(u64, String)>,
    /// Entries that could not be judged: other packs, none in force, or an adoption.
    pub not_judged: u64,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// The record cannot be opened or read.
    #[error("the record cannot be read: {0}")]
    Unreadable(String),
    /// The folder's public key is not the one in the record, or not the one expected.
    #[error("the log's key in the record is not the one in `{0}`")]
    OtherKey(&'static str),
    /// Bytes, signatures, tree or head.
    #[error(transparent)]
    Log(#[from] Fault),
    /// The entry is properly signed and does not say what a fold needs.
    #[error("entry {index}: {says}")]
    Entry {
        /// Its number, from 0.
        index: u64,
        /// What is wrong.
        says: String,
    },
    /// Folding the same entries twice gave two states.
    #[error(
        "folding the same entries twice gave two states: this program is at fault, not the record"
    )]
    TwoStates,
}

impl AuditFault {
    /// The entry at fault, where one is.
    pub const fn index(&self) -> Option<u64> {
        match self {
            Self::Log(Fault::Entry { index, .. } | Fault::Again { index, .. })
            | Self::Entry { index, .. } => Some(*index),
            Self::Log(Fault::Differs { first, .. }) => Some(*first),
            Self::Log(Fault::Missing { found, .. }) => Some(*found),
            Self::Log(Fault::Unsigned { signed, .. }) => Some(*signed),
            Self::Log(
                Fault::Root { .. }
                | Fault::Forked { .. }
                | Fault::Checkpoint(_)
                | Fault::Again { .. },
            )
            | Self::Unreadable(_)
            | Self::OtherKey(_)
            | Self::TwoStates => None,
        }
    }
}

impl From<ReadError> for AuditFault {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error.to_string())
    }
}

/// Recomputes the record in `folder`: a node's folder, running or not, or a copy of it. `expect` is the log's key had from
/// elsewhere; `book` has packs to judge by again.
///
/// # Errors
/// [`AuditFault`]: the first thing that is wrong, by entry number where it is an entry.
pub fn audit(
    folder: &Path,
    expect: Option<&VerifierKey>,
    book: Option<&dyn Rulebook>,
) -> Result<Audit, AuditFault> {
    let archive =
        SqliteArchive::open(folder).map_err(|error| AuditFault::Unreadable(error.to_string()))?;
    let first = archive.read(0, 1)?;
    let first = first
        .first()
        .ok_or_else(|| AuditFault::Unreadable("it holds no entry".to_owned()))?;
    let verifier = verifier_of(first)?;
    if expect.is_some_and(|expected| *expected != verifier) {
        return Err(AuditFault::OtherKey("what was expected"));
    }
    if kept_verifier(folder).is_some_and(|kept| kept != verifier) {
        return Err(AuditFault::OtherKey("keys/log.vkey"));
    }
    let (report, keys) = verify(&archive, &verifier)?;
    let state = fold_all(&archive)?;
    if fold_all(&archive)? != state {
        return Err(AuditFault::TwoStates);
    }
    let judged = match book {
        Some(book) if state.is_some() => Some(judge_all(&archive, book)?),
        Some(_) | None => None,
    };
    Ok(Audit {
        origin: verifier.name().to_owned(),
        log_key: key_id(&verifier.key()),
        size: report.checkpoint.size,
        root: report.checkpoint.root,
        report,
        keys,
        state,
        judged,
    })
}

/// The log's public key as the folder has it beside the record, a convenience for people.
fn kept_verifier(folder: &Path) -> Option<VerifierKey> {
    let text = std::fs::read_to_string(folder.join("keys/log.vkey")).ok()?;
    text.trim_end().parse().ok()
}

/// Signed heads from before, as far as they can be read.
pub fn history(read: impl Fn(u64) -> Result<Vec<(u64, String)>, ReadError>) -> Vec<String> {
    let (mut from, mut notes) = (0, Vec::new());
    while let Ok(some) = read(from) {
        let Some((size, _)) = some.last() else { break };
        from = size + 1;
        notes.extend(some.into_iter().map(|(_, note)| note));
    }
    notes
}

/// The log's name and key, as its first entry says them; whether that entry is signed so is seen when it is verified.
fn verifier_of(first: &Stored) -> Result<VerifierKey, AuditFault> {
    let wrong = |says: String| AuditFault::Entry { index: 0, says };
    let entry = Entry::read(&first.entry).map_err(|fault| wrong(fault.to_string()))?;
    let signed = envelope::open(&entry.statement).map_err(|fault| wrong(fault.to_string()))?;
    let origin: ledger::checkpoint::Origin = signed
        .header
        .origin
        .parse()
        .map_err(|_| wrong("it names no log".to_owned()))?;
    origin
        .verifier(signed.header.key)
        .map_err(|fault| wrong(fault.to_string()))
}

fn verify(archive: &SqliteArchive, verifier: &VerifierKey) -> Result<(Report, usize), AuditFault> {
    let origin = verifier
        .name()
        .parse()
        .map_err(|_| AuditFault::Unreadable("the log has no proper name".to_owned()))?;
    let mut check = Verifier::new(&origin, verifier.key(), Enrolled::default())
        .map_err(|error| AuditFault::Unreadable(error.to_string()))?;
    each(archive, |stored| {
        Ok(check.push(&stored.entry, stored.beside.as_ref())?)
    })?;
    let keys = check.keyring().len();
    let history = history(|from| archive.checkpoints(from));
    Ok((
        check.finish(&archive.note()?, history.iter().map(String::as_str))?,
        keys,
    ))
}

/// The state the entries lead to; `None` when a body was left out.
fn fold_all(archive: &SqliteArchive) -> Result<Option<State>, AuditFault> {
    let mut state = Some(State::default());
    each(archive, |stored| {
        if is_withheld(stored)? {
            state = None;
        }
        if let Some(state) = &mut state {
            domain::apply(state, &read(stored)?.entry);
        }
        Ok(())
    })?;
    Ok(state)
}

/// Asks `admit` again for each entry, in the state before it, with the packs that it names.
fn judge_all(archive: &SqliteArchive, book: &dyn Rulebook) -> Result<Judged, AuditFault> {
    let mut judged = Judged::default();
    let mut state = State::default();
    let mut rules: Option<Rules> = None;
    each(archive, |stored| {
        let folded = read(stored)?;
        if rules
            .as_ref()
            .is_none_or(|rules| rules.packs != folded.packs)
        {
            let names: Vec<String> = folded
                .packs
                .iter()
                .filter_map(|pack| pack.split_once('@'))
                .map(|(name, _)| name.to_owned())
                .collect();
            rules = book
                .load(&names)
                .ok()
                .filter(|rules| rules.packs == folded.packs);
        }
        match &rules {
            Some(rules) if !matches!(folded.entry.statement.act, Act::PacksAdopt(_)) => {
                let again = domain::admit(
                    &state,
                    &folded.entry.statement,
                    folded.entry.at,
                    &*rules.judge,
                );
                match differs(&folded.entry.outcome, &again) {
                    None => judged.same += 1,
                    Some(what) => judged.differ.push((stored.index, what.to_owned())),
                }
            }
            Some(_) | None => judged.not_judged += 1,
        }
        domain::apply(&mut state, &folded.entry);
        Ok(())
    })?;
    Ok(judged)
}

/// What two answers differ in, of what a fold reads.
fn differs(then: &Outcome, now: &Outcome) -> Option<&'static str> {
    let checks = [
        (then.admitted != now.admitted, "whether it is admitted"),
        (then.late != now.late, "whether it is late"),
        (then.leases != now.leases, "its leases"),
        (then.owed != now.owed, "what is owed"),
        (then.limits != now.limits, "the bounds"),
    ];
    checks
        .into_iter()
        .find(|(differs, _)| *differs)
        .map(|(_, what)| what)
}

fn read(stored: &Stored) -> Result<fold::Folded, AuditFault> {
    fold::read(&stored.entry, stored.beside.as_ref()).map_err(|says| AuditFault::Entry {
        index: stored.index,
        says,
    })
}

fn is_withheld(stored: &Stored) -> Result<bool, AuditFault> {
    if stored.beside.is_some() {
        return Ok(false);
    }
    let wrong = |says: String| AuditFault::Entry {
        index: stored.index,
        says,
    };
    let entry = Entry::read(&stored.entry).map_err(|fault| wrong(fault.to_string()))?;
    let (payload, ..) =
        envelope::read(&entry.statement).map_err(|fault| wrong(fault.to_string()))?;
    let header = envelope::Header::read(&payload).map_err(|fault| wrong(fault.to_string()))?;
    // A sealed body may be gone: nothing follows from it.
    Ok(matches!(header.content, envelope::Content::Beside(_))
        && Act::absent(&header.kind).is_none())
}

/// Every entry in order.
fn each(
    archive: &SqliteArchive,
    mut take: impl FnMut(&Stored) -> Result<(), AuditFault>,
) -> Result<(), AuditFault> {
    let mut next = 0;
    loop {
        let some = archive.read(next, u64::MAX)?;
        if some.is_empty() {
            return Ok(());
        }
        for stored in &some {
            if stored.index != next {
                return Err(AuditFault::Entry {
                    index: next,
                    says: "it is missing".to_owned(),
                });
            }
            take(stored)?;
            next += 1;
        }
    }
}
