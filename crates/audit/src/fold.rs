//! From the bytes of an entry to what the domain folds.

use domain::act::Act;
use domain::id::{KeyId, StatementId};
use domain::outcome::Outcome;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, Signed};
use ledger::{Beside, Digest, PublicKey};

use crate::act;

/// One entry, taken apart. The signature is not verified again: whoever opens a record does that first.
pub struct Folded {
    /// As the domain takes it.
    pub entry: domain::Entry,
    /// The payload's id and header.
    pub signed: Signed,
    /// The packs in force.
    pub packs: Vec<String>,
}

/// Reads an entry's bytes with its body.
///
/// # Errors
/// A sentence, when the bytes do not say what a fold needs.
pub fn read(bytes: &[u8], beside: Option<&Beside>) -> Result<Folded, String> {
    let raw = Entry::read(bytes).map_err(|fault| fault.to_string())?;
    let (payload, ..) = envelope::read(&raw.statement).map_err(|fault| fault.to_string())?;
    let header = Header::read(&payload).map_err(|fault| fault.to_string())?;
    let signed = Signed {
        id: Digest::of(&payload),
        header,
    };
    // Of a sealed kind nothing follows, so its body may be gone.
    let act = match (&signed.header.content, beside) {
        (Content::Beside(_), None) => Act::absent(&signed.header.kind),
        (Content::Beside(_), Some(_)) | (Content::Open(_), _) => None,
    };
    let act = match act {
        Some(absent) => absent,
        None => act::read(&signed, beside).map_err(|fault| fault.to_string())?,
    };
    let outcome: Outcome = serde_json::from_slice(&raw.outcome)
        .map_err(|fault| format!("the outcome cannot be read: {fault}"))?;
    let statement = act::statement(&signed, act);
    Ok(Folded {
        entry: domain::Entry {
            at: raw.at_ms,
            statement,
            outcome,
        },
        signed,
        packs: raw.packs,
    })
}

/// The id under which the store keeps a statement.
pub const fn digest(id: StatementId) -> Digest {
    Digest(id.0)
}

/// The domain's id of a public key.
pub const fn key_id(key: &PublicKey) -> KeyId {
    KeyId(key.0)
}

/// Whether the state cannot be folded past this entry: its body is not here, and something may follow from it. An entry that
/// cannot be read is none.
pub fn is_withheld(bytes: &[u8], has_body: bool) -> bool {
    if has_body {
        return false;
    }
    let header = Entry::read(bytes)
        .ok()
        .and_then(|entry| envelope::read(&entry.statement).ok())
        .and_then(|(payload, ..)| Header::read(&payload).ok());
    // A sealed body may be gone: nothing follows from it.
    header.is_some_and(|header| {
        matches!(header.content, Content::Beside(_)) && Act::absent(&header.kind).is_none()
    })
}
