//! The record as parts of a backup, and back.
//!
//! Entries, bodies and notes are taken out of the database and not its pages: an erased body is in none of them, no plain
//! copy lies on a disk while a backup is made, and a stranger can read the parts without a database.

use std::io;

use ledger::entry::Entry;
use ledger::envelope::{self, Header};
use ledger::{Beside, Digest};
use serde::Deserialize;
use store::Stored;

/// Prefixes of the members that hold the record; each ends in the number of its first entry or head.
pub(crate) const ENTRIES: &str = "entries/";
pub(crate) const BODIES: &str = "bodies/";
pub(crate) const CHECKPOINTS: &str = "checkpoints/";
/// Values of the node, and names of people.
pub(crate) const META: &str = "meta";
pub(crate) const NAMES: &str = "names";

/// Prefix of the members that are attachments; each ends in its hash.
pub(crate) const ATTACHMENTS: &str = "attachments/";

/// The name of a part that begins at `number`.
pub(crate) fn part(prefix: &str, number: u64) -> String {
    format!("{prefix}{number:012}")
}

/// Each entry: length (uint32, big-endian) and bytes.
pub(crate) fn entries(some: &[Stored]) -> Vec<u8> {
    let mut part = Vec::new();
    for one in some {
        put(&mut part, &one.entry);
    }
    part
}

/// Each body: number of its entry (uint64, big-endian), salt, length and bytes.
pub(crate) fn bodies(some: &[Stored]) -> Vec<u8> {
    let mut part = Vec::new();
    for one in some {
        if let Some(beside) = &one.beside {
            part.extend(one.index.to_be_bytes());
            part.extend(beside.salt);
            put(&mut part, &beside.body);
        }
    }
    part
}

/// Each head: size (uint64, big-endian), length and note.
pub(crate) fn checkpoints(some: &[(u64, String)]) -> Vec<u8> {
    let mut part = Vec::new();
    for (size, note) in some {
        part.extend(size.to_be_bytes());
        put(&mut part, note.as_bytes());
    }
    part
}

/// Each value: length and key, length and value.
pub(crate) fn metas(all: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut part = Vec::new();
    for (key, value) in all {
        put(&mut part, key.as_bytes());
        put(&mut part, value);
    }
    part
}

/// Each name: id of the person, length and name.
pub(crate) fn names(all: &[(Digest, String)]) -> Vec<u8> {
    let mut part = Vec::new();
    for (person, name) in all {
        part.extend(person.0);
        put(&mut part, name.as_bytes());
    }
    part
}

fn put(part: &mut Vec<u8>, bytes: &[u8]) {
    // Whatever the store hands out is within 1 MiB.
    part.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    part.extend_from_slice(bytes);
}

/// Reads a part, one item after another.
pub(crate) struct Part<'p>(&'p [u8]);

impl<'p> Part<'p> {
    pub(crate) const fn new(bytes: &'p [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| cut())
    }

    pub(crate) fn number(&mut self) -> io::Result<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn bytes(&mut self) -> io::Result<&'p [u8]> {
        let length = u32::from_be_bytes(self.array()?);
        self.take(usize::try_from(length).map_err(|_| cut())?)
    }

    pub(crate) fn text(&mut self) -> io::Result<&'p str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| cut())
    }

    fn take(&mut self, count: usize) -> io::Result<&'p [u8]> {
        let (some, rest) = self.0.split_at_checked(count).ok_or_else(cut)?;
        self.0 = rest;
        Ok(some)
    }
}

fn cut() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a part of the record does not read",
    )
}

/// The kind of statement whose body names an attachment.
const ATTACHMENT: &str = "attachment.add";

/// Of the body of such a statement, what names files; the rest is nobody's business here.
#[derive(Deserialize)]
struct Names {
    sha256: Digest,
    original: Option<Digest>,
}

/// The attachments that the body of an entry names.
pub(crate) fn attachments(one: &Stored) -> Vec<Digest> {
    let Some(body) = named_in(one) else {
        return Vec::new();
    };
    let names: Result<Names, _> = serde_json::from_slice(&body.body);
    names.map_or_else(
        |_| Vec::new(),
        |names| {
            std::iter::once(names.sha256)
                .chain(names.original)
                .collect()
        },
    )
}

/// The body, where the entry is of the kind that names attachments. Most bodies are dismissed without reading the entry.
fn named_in(one: &Stored) -> Option<&Beside> {
    let beside = one.beside.as_ref()?;
    let mark = br#""sha256""#;
    if !beside.body.windows(mark.len()).any(|some| some == mark) {
        return None;
    }
    let entry = Entry::read(&one.entry).ok()?;
    let (payload, ..) = envelope::read(&entry.statement).ok()?;
    (Header::read(&payload).ok()?.kind == ATTACHMENT).then_some(beside)
}
