//! The record itself: copies of it, what is kept sealed, erasing, preserving, and who cosigns.

use crate::{id::*, words::*};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// A copy was made for somebody. What it leaves out is named here, so that nobody can leave it out unseen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// For whom.
    pub to: Words,
    /// Entries before this one.
    pub size: u64,
    /// What it leaves out; empty when nothing.
    pub out: Vec<Out>,
}

/// Bodies that a copy leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Out {
    /// First entry.
    pub from: u64,
    /// Last entry.
    pub to: u64,
    /// Stored names of the kinds left out; empty for all.
    pub kinds: Vec<String>,
    /// Files of attachments too.
    pub files: bool,
    /// Why.
    pub why: Words,
}

impl Out {
    /// Whether the body of entry `index`, of this kind, is left out.
    pub fn covers(&self, index: u64, kind: &str) -> bool {
        (self.from..=self.to).contains(&index)
            && (self.kinds.is_empty() || self.kinds.iter().any(|one| one == kind))
    }
}

/// Sealed bodies are to be erased. Pending until a second person countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The statements whose bodies go; the statements themselves stay.
    pub statements: Vec<StatementId>,
    /// On what legal basis.
    pub basis: Basis,
    /// Which law, order or request, in words.
    pub words: Words,
}

/// Nothing is erased from now on: a matter, an authority, a claim. Starts by itself with harm or an unexpected discharge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preserve {
    /// For what.
    pub words: Words,
}

/// What made the record be preserved is over. Two people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreserveEnd {
    /// The statement that began it: a `record.preserve` or the unexpected event.
    pub of: StatementId,
    /// Who decided, and on what.
    pub words: Words,
}

/// Who cosigns the log, and how many must. At least one is outside the studio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptCosigners {
    /// They.
    pub cosigners: Vec<Cosigner>,
    /// How many must have cosigned a head.
    pub quorum: u32,
    /// How many of these must be outside the studio; at least one.
    pub outside: u32,
}

/// One cosigner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cosigner {
    /// Its name in notes, which is the name of its key.
    pub name: String,
    /// Its key as a C2SP vkey.
    pub vkey: String,
    /// Where it is asked, up to `/add-checkpoint`; empty when it is asked by hand.
    pub url: String,
    /// Whose it is: a union, an insurer, a regulator, the studio.
    pub whose: Words,
    /// The studio has no say over it. Headquarters never counts as outside.
    pub outside: bool,
}

/// A person's details. Sealed: may be left out of a copy and erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: Words,
    /// How to reach them.
    pub contact: Words,
}

/// What somebody saw, heard or did, in their own words. Sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveAccount {
    /// The statements it is about; may be empty.
    pub about: Vec<StatementId>,
    /// In their words.
    pub words: Words,
}

/// A photograph, video or document. Its file is kept under its hash. Sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// SHA-256 of the file.
    pub sha256: FileId,
    /// Its size.
    pub bytes: u64,
    /// Its media type, as the device named it.
    pub media: String,
    /// What it is called.
    pub name: Words,
    /// The statements it belongs to; may be empty.
    pub about: Vec<StatementId>,
    /// The file before its metadata was taken out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<FileId>,
    /// It is an exhibit and gets a custody form.
    pub exhibit: bool,
}
