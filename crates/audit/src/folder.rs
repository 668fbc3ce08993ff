//! `coldproof verify`: everything recomputed from the raw bytes, nothing believed.

use std::path::Path;

use domain::State;
use domain::id::KeyId;
use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope;
use ledger::note::VerifierKey;
use ledger::verify::{EntryFault, Fault, ReadAgain, Report, Verifier};
use store::{Attachments as _, FolderAttachments, OpenError, ReadError, SqliteArchive, Stored};

use crate::check::Told;
use crate::fault::{Code, NotHeld};
use crate::fold::{self, key_id};
use crate::holds::{Holds, absent};
use crate::judge::{Judged, Named, judge};
use crate::keyring::Enrolled;
use crate::rules::Rulebook;
use crate::walk::{Facts, FromArchive, Signatures, Stopped, walk};

/// The record's file in a node's folder.
pub const RECORD: &str = "record.sqlite";

/// The folder of attachments in a node's folder.
pub const ATTACHMENTS: &str = "attachments";

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
    /// What is here and what is not.
    pub holds: Holds,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    /// The record cannot be opened or read.
    #[error("the record cannot be read: {0}")]
    Unreadable(String),
    /// What was written and synced is damaged, and reading would pass over it without a word.
    #[error("{0}")]
    Dropped(String),
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
    /// The first line of plain output, in the words of `docs/formats/export.md`; `None` when nothing could be read or the
    /// program is at fault.
    pub fn line(&self) -> Option<String> {
        let code = match self {
            Self::Unreadable(_)
            | Self::Dropped(_)
            | Self::TwoStates
            | Self::Log(Fault::Again { .. }) => return None,
            Self::OtherKey(_) | Self::Log(Fault::Checkpoint(_)) => Code::Checkpoint,
            Self::Log(Fault::Entry {
                what: EntryFault::OtherBody | EntryFault::SpareBody,
                ..
            }) => Code::Body,
            Self::Log(
                Fault::Entry { .. }
                | Fault::Differs { .. }
                | Fault::Missing { .. }
                | Fault::Unsigned { .. },
            )
            | Self::Entry { .. } => Code::Entry,
            Self::Log(Fault::Root { .. } | Fault::Forked { .. }) => Code::Root,
        };
        Some(match self.index() {
            Some(index) => format!("fault {} {index}", code.word()),
            None => format!("fault {}", code.word()),
        })
    }

    /// The entry at fault, where one is.
    pub const fn index(&self) -> Option<u64> {
        match self {
            Self::Log(Fault::Entry { index, .. } | Fault::Again { index, .. })
            | Self::Entry { index, .. } => Some(*index),
            Self::Log(Fault::Differs { first, .. }) => Some(*first),
            Self::Log(Fault::Missing { found, .. }) => Some(*found),
            Self::Log(Fault::Unsigned { signed, .. }) => Some(*signed),
            Self::Log(Fault::Root { .. } | Fault::Forked { .. } | Fault::Checkpoint(_))
            | Self::Unreadable(_)
            | Self::Dropped(_)
            | Self::OtherKey(_)
            | Self::TwoStates => None,
        }
    }
}

impl From<Stopped> for AuditFault {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Log(fault) => fault.into(),
            Stopped::Copy(NotHeld::Unreadable(says)) => Self::Unreadable(says),
            Stopped::Copy(NotHeld::Fault(fault)) => Self::Entry {
                index: fault.index.unwrap_or_default(),
                says: fault.says,
            },
        }
    }
}

impl From<NotHeld> for AuditFault {
    fn from(not: NotHeld) -> Self {
        Stopped::Copy(not).into()
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
    audit_with(folder, expect, book, Signatures::default(), &mut |_, _| {})
}

/// [`audit`] with a choice of how signatures are checked; `told` hears how many entries were taken, and of how many.
///
/// # Errors
/// [`AuditFault`].
pub fn audit_with(
    folder: &Path,
    expect: Option<&VerifierKey>,
    book: Option<&dyn Rulebook>,
    ask: Signatures,
    told: Told<'_>,
) -> Result<Audit, AuditFault> {
    let archive = SqliteArchive::open_whole(folder).map_err(|error| match error {
        OpenError::Damaged(says) => AuditFault::Dropped(says),
        other => AuditFault::Unreadable(other.to_string()),
    })?;
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
    let has_file = has_file(folder);
    let (report, keys, holds) = verify(&archive, &verifier, &has_file, ask, told)?;
    let state = fold_all(&archive)?;
    if fold_all(&archive)? != state {
        return Err(AuditFault::TwoStates);
    }
    let judged = match book {
        Some(book) => Some(judge(&archive, &Named(book))?),
        None => None,
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
        holds,
    })
}

/// Whether an attachment lies whole in the folder.
fn has_file(folder: &Path) -> impl Fn(&Digest) -> bool {
    let place = folder.join(ATTACHMENTS);
    let place = place
        .is_dir()
        .then(|| FolderAttachments::open(&place).ok())
        .flatten();
    move |sha256| {
        let size = place.as_ref().map(|place| place.size(sha256));
        matches!(size, Some(Ok(Some(_))))
    }
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

fn verify(
    archive: &SqliteArchive,
    verifier: &VerifierKey,
    has_file: &dyn Fn(&Digest) -> bool,
    ask: Signatures,
    told: Told<'_>,
) -> Result<(Report, usize, Holds), AuditFault> {
    let origin = verifier
        .name()
        .parse()
        .map_err(|_| AuditFault::Unreadable("the log has no proper name".to_owned()))?;
    let again = ReadAgain::new(|index| {
        let again = archive.read(index, index + 1);
        let again = again.map_err(|error| error.to_string())?;
        let stored = again.into_iter().next();
        stored
            .map(|stored| stored.entry)
            .ok_or("it is gone".to_owned())
    });
    let check = Verifier::reading_again(&origin, verifier.key(), Enrolled::default(), again)
        .map_err(|error| AuditFault::Unreadable(error.to_string()))?;
    let mut facts = Facts::new(check, None, Box::new(|_, _| {}));
    let note = archive.note()?;
    let size = Checkpoint::open(&note, verifier).map_or(0, |head| head.size);
    let mut source = FromArchive::new(archive);
    walk(&mut source, &mut facts, ask, &mut |done| told(done, size))?;
    let keys = facts.keys();
    let history = history(|from| archive.checkpoints(from));
    let (report, found) = facts.finish(&note, &history)?;
    let (absent, bodies, attachments) = absent(&found, report.bodies, has_file);
    let holds = Holds {
        format: None,
        origin: verifier.name().to_owned(),
        size: report.checkpoint.size,
        root: report.checkpoint.root,
        log_key: verifier.key(),
        entries: None,
        bodies,
        attachments: Some(attachments),
        gaps: Some(report.gaps),
        absent,
        cosigned: Vec::new(),
        manifest: None,
    };
    Ok((report, keys, holds))
}

/// The state the entries lead to; `None` when a body was left out.
fn fold_all(archive: &SqliteArchive) -> Result<Option<State>, AuditFault> {
    let mut state = Some(State::default());
    each(archive, |stored| {
        if fold::is_withheld(&stored.entry, stored.beside.is_some()) {
            state = None;
        }
        if let Some(state) = &mut state {
            domain::apply(state, &read(stored)?.entry);
        }
        Ok(())
    })?;
    Ok(state)
}

fn read(stored: &Stored) -> Result<fold::Folded, AuditFault> {
    fold::read(&stored.entry, stored.beside.as_ref()).map_err(|says| AuditFault::Entry {
        index: stored.index,
        says,
    })
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
