//! Step 2: the signed head, and what else is signed by the log's key or seen by others.

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::{self, Header, Signed};
use ledger::limit::{NOTE_BYTES_MAX, POLICY_BYTES_MAX};
use ledger::note::{Note, VerifierKey};

use super::Ask;
use crate::cosigned::{Asked, Cosigners};
use crate::fault::{Code, Fault, NotHeld};
use crate::files::Files;
use crate::manifest::Manifest;

/// A head that holds.
pub(super) struct Head {
    pub(super) checkpoint: Checkpoint,
    pub(super) note: String,
    pub(super) verifier: VerifierKey,
    /// Where cosignatures are asked about.
    pub(super) asked: Option<Asked>,
    pub(super) cosigners: Cosigners,
}

impl Head {
    /// `first` reads the first entry's bytes; a sentence when they are not there.
    pub(super) fn check(
        files: &dyn Files,
        manifest: &Manifest,
        ask: &Ask,
        first: impl FnOnce() -> Result<Result<Vec<u8>, String>, NotHeld>,
    ) -> Result<Self, NotHeld> {
        let wrong = |says: String| Fault::new(Code::Checkpoint, says);
        let note = note(files, "checkpoint")?.map_err(wrong)?;
        let read = Note::read(&note).map_err(|fault| wrong(fault.to_string()))?;
        let checkpoint =
            Checkpoint::parse(read.text()).map_err(|fault| wrong(fault.to_string()))?;
        let said = (manifest.origin.as_str(), manifest.size, manifest.root);
        if said != (checkpoint.origin.as_str(), checkpoint.size, checkpoint.root) {
            return Err(wrong("the manifest speaks of another checkpoint".to_owned()).into());
        }
        let at_first = |says: String| Fault::at(Code::Entry, 0, says);
        if checkpoint.size == 0 {
            return Err(at_first("the log has no first entry".to_owned()).into());
        }
        let signed = first()?
            .and_then(|bytes| read_entry(&bytes))
            .map_err(at_first)?;
        let verifier = checkpoint
            .origin
            .verifier(signed.header.key)
            .map_err(|fault| wrong(fault.to_string()))?;
        read.signed_by(&verifier)
            .map_err(|fault| wrong(format!("the checkpoint: {fault}")))?;
        let asked = match &ask.policy {
            Some(policy) => Some(Asked::given(policy.clone(), &verifier)),
            None if files.has("policy") => {
                let own = files.read("policy", POLICY_BYTES_MAX as u64)?;
                Some(Asked::own(own.as_deref(), &verifier))
            }
            None => None,
        };
        let cosigners = match &asked {
            Some(asked) => asked.cosigners(&read).map_err(wrong)?,
            None => Vec::new(),
        };
        let vkey = files.read("keys/log.vkey", NOTE_BYTES_MAX as u64)?;
        if vkey.as_deref() != Some(format!("{verifier}\n").as_bytes()) {
            return Err(wrong("`keys/log.vkey` is not the log's key".to_owned()).into());
        }
        if ask
            .expect
            .as_ref()
            .is_some_and(|expected| *expected != verifier)
        {
            return Err(wrong("the log's key is not the one expected".to_owned()).into());
        }
        Ok(Self {
            checkpoint,
            note,
            verifier,
            asked,
            cosigners,
        })
    }

    /// Step 6: the older head that carries cosignatures, where there is one. `root` is the root over as many entries as it
    /// says; `None` when there are not so many.
    pub(super) fn older(
        &self,
        files: &dyn Files,
        root: impl FnOnce(u64) -> Option<Digest>,
    ) -> Result<Option<Cosigners>, NotHeld> {
        if !files.has("cosigned") {
            return Ok(None);
        }
        let wrong = |says: String| Fault::new(Code::Cosigned, says);
        let note = note(files, "cosigned")?.map_err(wrong)?;
        let read = Note::read(&note).map_err(|fault| wrong(fault.to_string()))?;
        let older = Checkpoint::open(&note, &self.verifier)
            .map_err(|fault| wrong(format!("the cosigned head: {fault}")))?;
        let cosigners = match &self.asked {
            Some(asked) => asked.cosigners(&read).map_err(wrong)?,
            None => Vec::new(),
        };
        if root(older.size) != Some(older.root) {
            return Err(wrong("the cosigned head is none of this log's".to_owned()).into());
        }
        Ok(Some(cosigners))
    }

    /// The size of the older head, as far as it can be read.
    pub(super) fn older_size(files: &dyn Files) -> Result<Option<u64>, NotHeld> {
        if !files.has("cosigned") {
            return Ok(None);
        }
        let size = note(files, "cosigned")?.ok().and_then(|note| {
            let read = Note::read(&note).ok()?;
            Some(Checkpoint::parse(read.text()).ok()?.size)
        });
        Ok(size)
    }

    /// The last lines of plain output; none when nobody was asked about.
    pub(super) fn lines(&self, older: Option<Cosigners>) -> Vec<String> {
        let Some(asked) = &self.asked else {
            return Vec::new();
        };
        let mut notes = vec![self.cosigners.clone()];
        notes.extend(older);
        asked.lines(&notes)
    }
}

fn note(files: &dyn Files, path: &str) -> Result<Result<String, String>, NotHeld> {
    let bytes = files.read(path, NOTE_BYTES_MAX as u64)?;
    Ok(match bytes {
        None => Err(format!("`{path}` is longer than any note")),
        Some(bytes) => String::from_utf8(bytes).map_err(|_| format!("`{path}` is not UTF-8 text")),
    })
}

/// What an entry says, its signature not looked at.
fn read_entry(bytes: &[u8]) -> Result<Signed, String> {
    let entry = Entry::read(bytes).map_err(|fault| fault.to_string())?;
    let (payload, key, _) = envelope::read(&entry.statement).map_err(|fault| fault.to_string())?;
    let header = Header::read(&payload).map_err(|fault| fault.to_string())?;
    if header.key != key {
        return Err("the envelope names another key than the statement in it".to_owned());
    }
    Ok(Signed {
        id: Digest::of(&payload),
        header,
    })
}
