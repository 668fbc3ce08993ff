//! What all entries together say, kept in little.
//!
//! Kept: what the ledger's verifier keeps, one line for each body that is not here and for each attachment, and what says why
//! something is not here.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use domain::strict::{self, DEPTH_MAX};
use ledger::entry::Entry;
use ledger::envelope::{Content, Signed};
use ledger::limit::BODY_BYTES_MAX;
use ledger::merkle::Frontier;
use ledger::tile::{Tile, TileWriter};
use ledger::verify::{Checked, Earlier, EntryFault, Report, Verifier};
use ledger::{Beside, Digest};
use serde_json::Value;

use super::Stopped;
use crate::keyring::{Enrolled, hash, is_admitted, open};

/// A body that is not here.
#[derive(Debug, Clone)]
pub(crate) struct Absent {
    pub(crate) index: u64,
    pub(crate) statement: Digest,
    pub(crate) kind: Rc<str>,
}

/// An attachment that a body here names.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) index: u64,
    pub(crate) statement: Digest,
    pub(crate) sha256: Digest,
    pub(crate) bytes: u64,
}

/// An admitted `record.erase`.
#[derive(Debug)]
pub(crate) struct Erasure {
    pub(crate) index: u64,
    pub(crate) basis: String,
    pub(crate) words: String,
}

/// The `record.export` under which bodies were left out.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) index: u64,
    pub(crate) to: String,
    pub(crate) out: Vec<NoticeItem>,
}

/// One item of its `out`.
#[derive(Debug, Clone)]
pub(crate) struct NoticeItem {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) kinds: Vec<String>,
    pub(crate) files: bool,
    pub(crate) why: String,
}

impl Notice {
    /// What an entry says is left out; `None` when it is no admitted `record.export`.
    pub(crate) fn read(index: u64, entry: &Entry, signed: &Signed) -> Option<Self> {
        let is_one = signed.header.kind == "record.export" && is_admitted(&entry.outcome);
        is_one.then(|| Self::of(index, &open(signed))).flatten()
    }

    fn of(index: u64, body: &Value) -> Option<Self> {
        let to = text(body, "to")?;
        let out: Option<Vec<NoticeItem>> = body.get("out")?.as_array()?.iter().map(item).collect();
        Some(Self {
            index,
            to,
            out: out?,
        })
    }
}

impl NoticeItem {
    /// Whether it speaks of entry `index`, of this kind.
    pub(crate) fn covers(&self, index: u64, kind: &str) -> bool {
        (self.from..=self.to).contains(&index)
            && (self.kinds.is_empty() || self.kinds.iter().any(|one| one == kind))
    }
}

/// What was found in a log that holds.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) absent: Vec<Absent>,
    pub(crate) named: Vec<Named>,
    pub(crate) erased: HashMap<Digest, (u64, Rc<Erasure>)>,
    pub(crate) notice: Option<Notice>,
    pub(crate) packs: BTreeSet<Digest>,
}

type OnTile<'a> = Box<dyn FnMut(Tile, Vec<u8>) + 'a>;

/// What the entries so far say.
pub(crate) struct Facts<'a, E> {
    verifier: Verifier<Enrolled, E>,
    pub(crate) absent: Vec<Absent>,
    pub(crate) named: Vec<Named>,
    erasures: HashMap<Digest, Rc<Erasure>>,
    /// Each erased statement with the entry that countersigned and the request.
    pub(crate) erased: HashMap<Digest, (u64, Rc<Erasure>)>,
    wanted_notice: Option<u64>,
    pub(crate) notice: Option<Notice>,
    packs_before: Vec<String>,
    /// Digests of packs that entries name.
    pub(crate) packs: BTreeSet<Digest>,
    kinds: BTreeSet<Rc<str>>,
    tree: Frontier,
    tiles: TileWriter,
    on_tile: OnTile<'a>,
    /// The size at which the root is wanted, with it once it is known.
    root_at: Option<(u64, Option<Digest>)>,
}

impl<'a, E: Earlier> Facts<'a, E> {
    /// For the log of `verifier`. `notice` is the entry that the manifest names; tiles go to `on_tile`.
    pub(crate) fn new(
        verifier: Verifier<Enrolled, E>,
        notice: Option<u64>,
        on_tile: OnTile<'a>,
    ) -> Self {
        Self {
            verifier,
            absent: Vec::new(),
            named: Vec::new(),
            erasures: HashMap::new(),
            erased: HashMap::new(),
            wanted_notice: notice,
            notice: None,
            packs_before: Vec::new(),
            packs: BTreeSet::new(),
            kinds: BTreeSet::new(),
            tree: Frontier::new(),
            tiles: TileWriter::new(),
            on_tile,
            root_at: None,
        }
    }

    /// Keeps the root over the first `size` entries when it comes by.
    pub(crate) fn want_root(&mut self, size: u64) {
        let root = (size == self.tree.size()).then(|| self.tree.root());
        self.root_at = Some((size, root));
    }

    /// The root that was wanted.
    pub(crate) fn wanted_root(&self) -> Option<Digest> {
        self.root_at.and_then(|(_, root)| root)
    }

    /// Entries so far.
    pub(crate) const fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Number of keys ever enrolled.
    pub(crate) fn keys(&self) -> usize {
        self.verifier.keyring().len()
    }

    /// Hands over the partial tiles at the right edge.
    pub(crate) fn finish_tiles(&mut self) {
        for (tile, bytes) in std::mem::take(&mut self.tiles).finish() {
            (self.on_tile)(tile, bytes);
        }
    }

    /// Takes the next entry.
    pub(crate) fn take(&mut self, checked: Result<Checked, EntryFault>) -> Result<(), Stopped> {
        let index = self.size();
        let checked = self.verifier.take(checked).map_err(Stopped::Log)?;
        let (entry, signed) = (checked.entry(), checked.statement());
        self.note_packs(&entry.packs);
        self.note_record(index, &entry.outcome, signed);
        self.note_body(index, signed, checked.beside());
        let leaf = checked.leaf();
        self.tree.append(leaf);
        for (tile, bytes) in self.tiles.push(leaf) {
            (self.on_tile)(tile, bytes);
        }
        if let Some((size, root)) = &mut self.root_at
            && *size == self.tree.size()
        {
            *root = Some(self.tree.root());
        }
        Ok(())
    }

    /// Compares all of it with the signed note, by two ways to one root. `history` are notes of earlier heads.
    pub(crate) fn finish(self, note: &str, history: &[String]) -> Result<(Report, Found), Stopped> {
        let root = self.tree.root();
        let report = self
            .verifier
            .finish(note, history.iter().map(String::as_str))
            .map_err(Stopped::Log)?;
        if root != report.checkpoint.root {
            let size = report.checkpoint.size;
            return Err(Stopped::Log(ledger::verify::Fault::Root { size }));
        }
        let found = Found {
            absent: self.absent,
            named: self.named,
            erased: self.erased,
            notice: self.notice,
            packs: self.packs,
        };
        Ok((report, found))
    }

    fn note_packs(&mut self, packs: &[String]) {
        if packs == self.packs_before {
            return;
        }
        self.packs_before = packs.to_vec();
        let digests = packs
            .iter()
            .filter_map(|pack| pack.rsplit_once(':')?.1.parse::<Digest>().ok());
        self.packs.extend(digests);
    }

    /// Entries about the record itself: requests to erase, what was erased, and the notice of what is left out.
    fn note_record(&mut self, index: u64, outcome: &[u8], signed: &Signed) {
        match signed.header.kind.as_str() {
            "record.erase" if is_admitted(outcome) => {
                if let Some(erasure) = erasure(index, &open(signed)) {
                    self.erasures.insert(signed.id, Rc::new(erasure));
                }
            }
            "record.countersign" => {
                let of = hash(&open(signed), "of").map(Digest);
                let Some(erasure) = of.and_then(|of| self.erasures.get(&of)) else {
                    return;
                };
                let outcome: Value = serde_json::from_slice(outcome).unwrap_or_default();
                let erased = outcome.get("erased").and_then(Value::as_array);
                for id in erased.into_iter().flatten().filter_map(Value::as_str) {
                    if let Ok(id) = id.parse::<Digest>() {
                        let first = || (index, Rc::clone(erasure));
                        self.erased.entry(id).or_insert_with(first);
                    }
                }
            }
            "record.export" if self.wanted_notice == Some(index) && is_admitted(outcome) => {
                self.notice = Notice::of(index, &open(signed));
            }
            _ => {}
        }
    }

    fn note_body(&mut self, index: u64, signed: &Signed, beside: Option<&Beside>) {
        let kind = signed.header.kind.as_str();
        match (&signed.header.content, beside) {
            (Content::Open(_), _) => {}
            (Content::Beside(_), None) => {
                let kind = self.kind(kind);
                self.absent.push(Absent {
                    index,
                    statement: signed.id,
                    kind,
                });
            }
            (Content::Beside(_), Some(beside)) => {
                if kind != "attachment.add" {
                    return;
                }
                if let Some((sha256, bytes)) = named(&beside.body) {
                    self.named.push(Named {
                        index,
                        statement: signed.id,
                        sha256,
                        bytes,
                    });
                }
            }
        }
    }

    /// One copy of each kind's name.
    fn kind(&mut self, kind: &str) -> Rc<str> {
        if let Some(known) = self.kinds.get(kind) {
            return Rc::clone(known);
        }
        let kind: Rc<str> = kind.into();
        self.kinds.insert(Rc::clone(&kind));
        kind
    }
}

/// The attachment that a body names, when it reads strictly with both.
pub(crate) fn named(body: &[u8]) -> Option<(Digest, u64)> {
    strict::check(body, BODY_BYTES_MAX, DEPTH_MAX).ok()?;
    let body: Value = serde_json::from_slice(body).ok()?;
    Some((Digest(hash(&body, "sha256")?), body.get("bytes")?.as_u64()?))
}

fn erasure(index: u64, body: &Value) -> Option<Erasure> {
    let basis = text(body, "basis")?;
    let known = [
        "asked_by_person",
        "time_over",
        "court_order",
        "given_by_mistake",
    ];
    known.contains(&basis.as_str()).then_some(())?;
    Some(Erasure {
        index,
        basis,
        words: text(body, "words")?,
    })
}

fn item(item: &Value) -> Option<NoticeItem> {
    let number = |member| item.get(member)?.as_u64();
    let kinds = item.get("kinds")?.as_array()?.iter();
    let kinds: Option<Vec<String>> = kinds.map(|kind| Some(kind.as_str()?.to_owned())).collect();
    Some(NoticeItem {
        from: number("from")?,
        to: number("to")?,
        kinds: kinds?,
        files: match item.get("files") {
            None => false,
            Some(files) => files.as_bool()?,
        },
        why: text(item, "why")?,
    })
}

fn text(body: &Value, member: &str) -> Option<String> {
    Some(body.get(member)?.as_str()?.to_owned())
}
