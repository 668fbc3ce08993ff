//! Steps 2 to 9 of an export.

use std::collections::{BTreeMap, BTreeSet};

use ledger::Digest;
use ledger::tile::{Bundle, Tile};
use ledger::verify::{ReadAgain, Verifier};
use sha2::{Digest as _, Sha256};
use store::Stored;

use super::head::Head;
use super::{Ask, Told, hashes};
use crate::archive::Archive;
use crate::fault::{Code, Fault, NotHeld};
use crate::files::{Files, each_piece};
use crate::holds::{Holds, absent};
use crate::keyring::Enrolled;
use crate::manifest::{Format, Manifest};
use crate::path::Place;
use crate::walk::{Facts, Found, FromBundles, Item, Source as _, walk};

pub(super) fn check(
    files: &dyn Files,
    manifest: Manifest,
    ask: &Ask,
    told: Told<'_>,
) -> Result<Holds, NotHeld> {
    let size = manifest.size;
    let bundles = FromBundles::new(files, size);
    let head = Head::check(files, &manifest, ask, || first(files, size))?;
    let again = ReadAgain::new(|index| bundles.again(index));
    let verifier = Verifier::reading_again(
        &head.checkpoint.origin,
        head.verifier.key(),
        Enrolled::default(),
        again,
    )
    .map_err(|fault| Fault::new(Code::Checkpoint, fault.to_string()))?;
    let mut tiles = TilesSeen {
        files,
        count: 0,
        wrong: None,
    };
    let mut facts = Facts::new(
        verifier,
        manifest.notice,
        Box::new(|tile, bytes| tiles.take(tile, &bytes)),
    );
    if let Some(older) = Head::older_size(files)? {
        facts.want_root(older);
    }
    let mut source = FromBundles::new(files, size);
    walk(&mut source, &mut facts, ask.signatures, &mut |done| {
        told(done, size);
    })
    .map_err(crate::walk::Stopped::in_copy)?;
    none_more(files, size)?;
    facts.finish_tiles();
    let older_root = facts.wanted_root();
    let (report, found) = facts
        .finish(&head.note, &[])
        .map_err(crate::walk::Stopped::in_copy)?;
    tiles.check()?;
    let older = head.older(files, |_| older_root)?;
    attachments(files, &found)?;
    packs(files, &found.packs)?;
    hashes(files, &manifest)?;
    let has_file = |sha256: &Digest| files.has(&format!("attachments/{sha256}"));
    let (absent, bodies, attachments) = absent(&found, report.bodies, &has_file);
    Ok(Holds {
        format: Some(Format::Export),
        origin: head.checkpoint.origin.to_string(),
        size,
        root: head.checkpoint.root,
        log_key: head.verifier.key(),
        entries: None,
        bodies,
        attachments: Some(attachments),
        gaps: Some(report.gaps),
        absent,
        cosigned: head.lines(older),
        manifest: Some(manifest),
    })
}

/// The bytes of the first entry, or a sentence.
fn first(files: &dyn Files, size: u64) -> Result<Result<Vec<u8>, String>, NotHeld> {
    let bundles = FromBundles::new(files, size);
    let Some(bundle) = Bundle::holding(0, size) else {
        return Ok(Err("the log has no first entry".to_owned()));
    };
    bundles.first_of(&bundle)
}

/// Bundles that a log of this size does not have.
fn none_more(files: &dyn Files, size: u64) -> Result<(), Fault> {
    let mut bodies: Option<u64> = None;
    for path in files.sizes().keys() {
        match Place::of(path, Format::Export) {
            Some(Place::Bundle(bundle))
                if Bundle::holding(bundle.first(), size) != Some(bundle) =>
            {
                let says =
                    format!("`{path}` is a bundle that a log of {size} entries does not have");
                return Err(Fault::at(Code::Entry, size, says));
            }
            Some(Place::Bodies(found)) if found.index.saturating_mul(256) >= size => {
                let first = found.index.saturating_mul(256);
                bodies = Some(bodies.map_or(first, |before| before.min(first)));
            }
            _ => {}
        }
    }
    match bodies {
        Some(first) => Err(Fault::at(Code::Body, first, "it is past the last entry")),
        None => Ok(()),
    }
}

/// Step 5, while the entries go by: each tile as it must be against the one that is there.
struct TilesSeen<'a> {
    files: &'a dyn Files,
    count: usize,
    wrong: Option<String>,
}

impl TilesSeen<'_> {
    fn take(&mut self, tile: Tile, bytes: &[u8]) {
        self.count += 1;
        if self.wrong.is_some() {
            return;
        }
        let path = tile.to_string();
        let fits = self.files.has(&path)
            && match self.files.read(&path, bytes.len() as u64) {
                Ok(found) => found.as_deref() == Some(bytes),
                Err(_) => false,
            };
        if !fits {
            self.wrong = Some(format!(
                "`{path}` is not there, or not as the entries make it"
            ));
        }
    }

    fn check(self) -> Result<(), Fault> {
        if let Some(says) = self.wrong {
            return Err(Fault::new(Code::Tile, says));
        }
        // Each that must be there is there, so that one more is one too many.
        let there = self
            .files
            .sizes()
            .keys()
            .filter(|path| matches!(Place::of(path, Format::Export), Some(Place::Tile(_))))
            .count();
        if there == self.count {
            Ok(())
        } else {
            Err(Fault::new(
                Code::Tile,
                "there is a tile that this log does not have",
            ))
        }
    }
}

/// Step 7.
fn attachments(files: &dyn Files, found: &Found) -> Result<(), NotHeld> {
    let mut named: BTreeMap<Digest, BTreeSet<u64>> = BTreeMap::new();
    for one in &found.named {
        named.entry(one.sha256).or_default().insert(one.bytes);
    }
    for (path, size) in files.sizes() {
        let Some(Place::Attachment(sha256)) = Place::of(path, Format::Export) else {
            continue;
        };
        let wrong = |says: String| Fault::new(Code::Attachment, says);
        let is_named = named
            .get(&sha256)
            .is_some_and(|sizes| sizes.iter().eq([size]));
        if !is_named {
            return Err(wrong(format!("no entry here names `{path}` with its size")).into());
        }
        if files.sha256(path)? != sha256 {
            return Err(wrong(format!("`{path}` has other bytes than its name says")).into());
        }
    }
    Ok(())
}

/// Step 8.
fn packs(files: &dyn Files, named: &BTreeSet<Digest>) -> Result<(), NotHeld> {
    let mut sets: BTreeMap<Digest, BTreeMap<&str, (&str, u64)>> = BTreeMap::new();
    for (path, size) in files.sizes() {
        if let Some(Place::Pack(digest, inside)) = Place::of(path, Format::Export) {
            sets.entry(digest)
                .or_default()
                .insert(inside, (path, *size));
        }
    }
    for (digest, set) in sets {
        let wrong = |says: String| Fault::new(Code::Pack, says);
        if !named.contains(&digest) {
            return Err(wrong(format!("no entry names the pack `{digest}`")).into());
        }
        let mut hash = Sha256::new();
        hash.update(b"coldproof pack v1\n");
        for (inside, (path, size)) in set {
            hash.update((inside.len() as u64).to_be_bytes());
            hash.update(inside);
            hash.update(size.to_be_bytes());
            each_piece(&mut *files.open(path)?, |piece| {
                hash.update(piece);
                Ok(())
            })?;
        }
        if Digest(hash.finalize().into()) != digest {
            return Err(wrong(format!(
                "the pack `{digest}` has other files than its name says"
            ))
            .into());
        }
    }
    Ok(())
}

/// The entries of an export that was checked, to be read once more.
pub struct ExportArchive<'a> {
    files: &'a dyn Files,
    size: u64,
}

impl<'a> ExportArchive<'a> {
    /// Over the files of an export of so many entries.
    pub const fn new(files: &'a dyn Files, size: u64) -> Self {
        Self { files, size }
    }
}

impl Archive for ExportArchive<'_> {
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld> {
        let first = from & !0xff;
        let mut bundles = FromBundles::beginning(self.files, self.size, first);
        let batch = bundles.next()?;
        Ok((first..to)
            .zip(batch.items)
            .filter(|(index, _)| *index >= from)
            .map(|(index, Item { entry, beside })| Stored {
                index,
                entry,
                beside,
            })
            .collect())
    }

    fn note(&self) -> Result<String, NotHeld> {
        let read = self
            .files
            .read("checkpoint", ledger::limit::NOTE_BYTES_MAX as u64);
        let bytes = read?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn checkpoints(&self, _: u64) -> Result<Vec<(u64, String)>, NotHeld> {
        Ok(Vec::new())
    }
}
