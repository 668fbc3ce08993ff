//! Writing an export: one pass over the record, a bundle in memory at a time, beside a node that runs.

mod gather;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::id::PersonId;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, Signed};
use ledger::merkle::{Frontier, leaf_hash};
use ledger::note::{self, VerifierKey};
use ledger::tile::{BodyWriter, BundleWriter, TileWriter};
use ledger::{Beside, Digest};
use store::{Attachments, Stored};

use crate::archive::Archive;
use crate::check::Told;
use crate::fault::NotHeld;
use crate::manifest::{Attached, Format, Manifest, Program};
use crate::sink::{Form, NotWritten, Sink};
use crate::walk::Notice;
use gather::Gathered;

/// A pack's files by path, under their digest.
pub type Packs = BTreeMap<Digest, BTreeMap<String, Vec<u8>>>;

/// What goes into an export beside the record.
pub struct Export<'a> {
    /// The `record.export` entry under which bodies are left out; `None` leaves nothing out.
    pub notice: Option<u64>,
    /// The newest note that carries cosignatures, whatever its size.
    pub cosigned: Option<String>,
    /// Where the files of attachments are.
    pub attachments: Option<&'a dyn Attachments>,
    /// Packs that are at hand; those that an entry names are put in.
    pub packs: &'a Packs,
    /// The page that checks a copy in a browser.
    pub verify_page: Option<&'a [u8]>,
    /// What is known to be wrong with the program that kept the record.
    pub defects: &'a str,
    /// What makes the copy.
    pub program: Program,
    /// When, ms since 1970 UTC.
    pub made_at: u64,
    /// What else is known of this copy and of its exhibits.
    pub aside: &'a Aside,
}

/// What people are told in a copy beside what the record says.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    /// The `record.export` entry that says for whom this copy was made; `None` when it was not entered.
    pub entered: Option<u64>,
    /// Who had an exhibit's file from the node, as that counted, by the file's SHA-256.
    pub views: BTreeMap<Digest, Vec<Viewed>>,
    /// Entries of which only the files are left out although the notice covers the body too.
    pub files_alone: BTreeSet<u64>,
}

/// Somebody who had an exhibit's file from the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewed {
    /// Who; `None` for those of whom only the number was kept.
    pub by: Option<PersonId>,
    /// How often.
    pub times: u64,
    /// First, ms UTC by the node's clock; 0 when it was not kept.
    pub first: i64,
    /// Last, the same.
    pub last: i64,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The manifest.
    pub manifest: Manifest,
    /// Attachments that a body in the copy names and that are not here or are damaged, with the entry.
    pub lost: Vec<(u64, Digest)>,
}

/// Writes an export of the record in `archive` to `place`, where nothing may be. What is written is not verified: check the
/// copy afterwards, as its reader will.
///
/// # Errors
/// [`NotWritten`].
pub fn write(
    place: &Path,
    form: Form,
    archive: &dyn Archive,
    export: &Export<'_>,
    told: Told<'_>,
) -> Result<Exported, NotWritten> {
    let note = archive.note()?;
    let verifier = verifier(archive)?;
    let head = Checkpoint::open(&note, &verifier)
        .map_err(|fault| NotWritten::Source(format!("the record's head does not hold: {fault}")))?;
    let notice = export
        .notice
        .map(|index| notice(archive, index))
        .transpose()?;
    let mut pass = Pass {
        sink: Sink::create(place, form)?,
        entries: BundleWriter::new(),
        bodies: BodyWriter::new(),
        tiles: TileWriter::new(),
        tree: Frontier::new(),
        gathered: Gathered::default(),
        notice,
        files_alone: export.aside.files_alone.clone(),
    };
    while pass.tree.size() < head.size {
        let some = archive.read(pass.tree.size(), head.size)?;
        if some.is_empty() {
            break;
        }
        for stored in some {
            pass.take(&stored)?;
        }
        told(pass.tree.size(), head.size);
    }
    if pass.tree.size() != head.size || pass.tree.root() != head.root {
        return Err(NotWritten::Source(
            "the entries do not lead to the record's signed head; `coldproof verify` says where"
                .to_owned(),
        ));
    }
    pass.finish(&Around {
        export,
        verifier,
        head,
        note,
    })
}

/// The record as a whole.
struct Around<'a> {
    export: &'a Export<'a>,
    verifier: VerifierKey,
    head: Checkpoint,
    note: String,
}

/// One pass over the record.
struct Pass {
    sink: Sink,
    entries: BundleWriter,
    bodies: BodyWriter,
    tiles: TileWriter,
    tree: Frontier,
    gathered: Gathered,
    notice: Option<Notice>,
    files_alone: BTreeSet<u64>,
}

impl Pass {
    fn take(&mut self, stored: &Stored) -> Result<(), NotWritten> {
        let index = self.tree.size();
        if stored.index != index {
            return Err(NotWritten::Source(format!("entry {index} is missing")));
        }
        let (entry, signed) = read(&stored.entry)
            .map_err(|says| NotWritten::Source(format!("entry {index}: {says}")))?;
        let kept = self.kept(index, &signed, stored.beside.as_ref());
        let files = kept.is_some() && !self.leaves_files(index, &signed.header.kind);
        self.gathered
            .take(index, &entry, &signed, stored.beside.as_ref(), kept, files);
        if let Some(beside) = kept
            && let Some((bundle, bytes)) = self.bodies.push(index, beside).map_err(bundle)?
        {
            self.sink.put(&bundle.to_string(), &bytes)?;
        }
        if let Some((bundle, bytes)) = self.entries.push(&stored.entry).map_err(bundle)? {
            self.sink.put(&bundle.to_string(), &bytes)?;
        }
        let leaf = leaf_hash(&stored.entry);
        self.tree.append(leaf);
        for (tile, bytes) in self.tiles.push(leaf) {
            self.sink.put(&tile.to_string(), &bytes)?;
        }
        Ok(())
    }

    /// The body, unless it is left out.
    fn kept<'b>(
        &self,
        index: u64,
        signed: &Signed,
        beside: Option<&'b Beside>,
    ) -> Option<&'b Beside> {
        let kind = &signed.header.kind;
        let covers = |notice: &Notice| notice.out.iter().any(|item| item.covers(index, kind));
        let is_left = self.notice.as_ref().is_some_and(covers);
        beside.filter(|_| !is_left || self.files_alone.contains(&index))
    }

    /// Whether the files that the body of this entry names are left out.
    fn leaves_files(&self, index: u64, kind: &str) -> bool {
        let covers = |notice: &Notice| {
            notice
                .out
                .iter()
                .any(|item| item.files && item.covers(index, kind))
        };
        self.notice.as_ref().is_some_and(covers)
    }

    fn finish(self, around: &Around<'_>) -> Result<Exported, NotWritten> {
        let Self {
            mut sink,
            entries,
            bodies,
            tiles,
            gathered,
            notice,
            ..
        } = self;
        if let Some((bundle, bytes)) = bodies.finish() {
            sink.put(&bundle.to_string(), &bytes)?;
        }
        if let Some((bundle, bytes)) = entries.finish() {
            sink.put(&bundle.to_string(), &bytes)?;
        }
        for (tile, bytes) in tiles.finish() {
            sink.put(&tile.to_string(), &bytes)?;
        }
        heads(&mut sink, around, &gathered)?;
        packs(&mut sink, around.export.packs, &gathered.packs)?;
        let (attachments, lost) = attachments(&mut sink, around.export.attachments, &gathered)?;
        people(&mut sink, around, &gathered, notice.as_ref())?;
        let export = around.export;
        let manifest = sink.finish(Manifest {
            v: 1,
            format: Format::Export,
            origin: around.head.origin.to_string(),
            size: around.head.size,
            root: around.head.root,
            made_at: export.made_at,
            program: export.program.clone(),
            notice: notice.map(|notice| notice.index),
            person: None,
            attachments,
            files: Vec::new(),
        })?;
        Ok(Exported { manifest, lost })
    }
}

/// The head, the older one that carries cosignatures, the log's key and the policy.
fn heads(sink: &mut Sink, around: &Around<'_>, gathered: &Gathered) -> Result<(), NotWritten> {
    let mut note = around.note.clone();
    let cosigned = around.export.cosigned.as_deref();
    let older =
        cosigned.and_then(|text| Some((text, Checkpoint::open(text, &around.verifier).ok()?)));
    match older {
        Some((text, older)) if older == around.head => {
            // The lines under it are of this very head.
            if let Some((_, lines)) = text.rsplit_once("\n\n") {
                note = note::with_lines(&note, lines).unwrap_or(note);
            }
        }
        Some((text, older)) if older.size < around.head.size => {
            sink.put("cosigned", text.as_bytes())?;
        }
        // One over more entries than this snapshot has is of a node that went on meanwhile.
        Some(_) | None => {}
    }
    sink.put("checkpoint", note.as_bytes())?;
    sink.put("keys/log.vkey", format!("{}\n", around.verifier).as_bytes())?;
    sink.put("keys/keys.json", &gathered.keys_json())?;
    if let Some(policy) = gathered.policy(&around.verifier) {
        sink.put("policy", policy.as_bytes())?;
    }
    Ok(())
}

fn packs(sink: &mut Sink, packs: &Packs, named: &BTreeSet<Digest>) -> Result<(), NotWritten> {
    for (digest, files) in packs.iter().filter(|(digest, _)| named.contains(*digest)) {
        for (inside, bytes) in files {
            sink.put(&format!("packs/{digest}/{inside}"), bytes)?;
        }
    }
    Ok(())
}

type Put = (Vec<Attached>, Vec<(u64, Digest)>);

/// Puts the files that bodies in the copy name. One whose size differs from what a body says, or that is damaged, would be a
/// fault of the copy; it is left out and shows as missing.
fn attachments(
    sink: &mut Sink,
    place: Option<&dyn Attachments>,
    gathered: &Gathered,
) -> Result<Put, NotWritten> {
    let (mut attached, mut lost) = (Vec::new(), Vec::new());
    for (sha256, named) in &gathered.files {
        let Some(place) = place.filter(|_| named.is_wanted) else {
            lost.extend(named.is_wanted.then_some((named.index, *sha256)));
            continue;
        };
        let size = place.size(sha256).ok().flatten();
        let is_whole = size
            .is_some_and(|size| named.sizes.iter().eq([&size]) && is_readable(place, sha256, size));
        let Some(size) = size.filter(|_| is_whole) else {
            lost.push((named.index, *sha256));
            continue;
        };
        let opened = place.get(sha256, 0..size);
        let opened = opened.map_err(|error| NotWritten::Source(error.to_string()))?;
        let Some(mut file) = opened else {
            lost.push((named.index, *sha256));
            continue;
        };
        sink.stream(&format!("attachments/{sha256}"), size, &mut file)?;
        attached.push(Attached {
            sha256: *sha256,
            bytes: size,
        });
    }
    Ok((attached, lost))
}

/// Reads all of it once: half a file cannot be taken out of a zip again.
fn is_readable(place: &dyn Attachments, sha256: &Digest, size: u64) -> bool {
    let Ok(Some(mut file)) = place.get(sha256, 0..size) else {
        return false;
    };
    std::io::copy(&mut file, &mut std::io::sink()).is_ok_and(|read| read == size)
}

/// What people read.
fn people(
    sink: &mut Sink,
    around: &Around<'_>,
    gathered: &Gathered,
    notice: Option<&Notice>,
) -> Result<(), NotWritten> {
    let export = around.export;
    let readme = words::readme(export.aside.entered, gathered);
    sink.put("README.txt", readme.as_bytes())?;
    sink.put(
        "certificate.txt",
        words::certificate(around, gathered, notice).as_bytes(),
    )?;
    sink.put("defects.txt", export.defects.as_bytes())?;
    for exhibit in gathered.exhibits.values() {
        let form = words::custody(around, gathered, exhibit);
        sink.put(
            &format!("custody/{}.txt", exhibit.statement),
            form.as_bytes(),
        )?;
    }
    if let Some(page) = export.verify_page {
        sink.put("verify.html", page)?;
    }
    Ok(())
}

/// The log's name and key, as its first entry says them.
fn verifier(archive: &dyn Archive) -> Result<VerifierKey, NotWritten> {
    let wrong = |says: String| NotWritten::Source(format!("entry 0: {says}"));
    let first = archive.read(0, 1)?;
    let first = first
        .first()
        .ok_or_else(|| NotWritten::Source("the record holds no entry".to_owned()))?;
    let (_, signed) = read(&first.entry).map_err(wrong)?;
    let origin: Origin = signed
        .header
        .origin
        .parse()
        .map_err(|_| wrong("it names no log".to_owned()))?;
    origin
        .verifier(signed.header.key)
        .map_err(|fault| wrong(fault.to_string()))
}

/// The notice in entry `index`.
fn notice(archive: &dyn Archive, index: u64) -> Result<Notice, NotWritten> {
    let found = archive.read(index, index + 1)?;
    found
        .first()
        .and_then(|stored| read(&stored.entry).ok())
        .and_then(|(entry, signed)| Notice::read(index, &entry, &signed))
        .ok_or_else(|| NotWritten::Source(format!("entry {index} is no admitted `record.export`")))
}

/// An entry and its statement; the signature is not looked at.
fn read(bytes: &[u8]) -> Result<(Entry, Signed), String> {
    let entry = Entry::read(bytes).map_err(|fault| fault.to_string())?;
    let (payload, ..) = envelope::read(&entry.statement).map_err(|fault| fault.to_string())?;
    let header = Header::read(&payload).map_err(|fault| fault.to_string())?;
    let id = Digest::of(&payload);
    Ok((entry, Signed { id, header }))
}

fn bundle(error: ledger::tile::BundleError) -> NotWritten {
    NotWritten::Source(error.to_string())
}

impl From<NotHeld> for NotWritten {
    fn from(not: NotHeld) -> Self {
        Self::Source(not.to_string())
    }
}

/// The body of an open statement, or the one beside it.
fn body<'b>(signed: &'b Signed, beside: Option<&'b Beside>) -> Option<&'b [u8]> {
    match (&signed.header.content, beside) {
        (Content::Open(body), _) => Some(body),
        (Content::Beside(_), Some(beside)) => Some(&beside.body),
        (Content::Beside(_), None) => None,
    }
}
