//! Making a backup: one moment of a node, encrypted, read back, named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ledger::Digest;
use ledger::checkpoint::Checkpoint;
use sha2::{Digest as _, Sha256};
use store::{Attachments, FolderAttachments, SqliteArchive};

use crate::age::{AgeError, FileKey, Opener, Recipient, Sealer};
use crate::error::BackupError;
use crate::manifest::{ABOUT, About, Hashed, MANIFEST, Manifest};
use crate::restore::examine;
use crate::status::{Last, Status};
use crate::thin::{self, Keep};
use crate::{files, name, record, tar};

/// Room asked for beside what the record and the attachments take now: indexes are not in a backup, frames are.
const ROOM_MORE_BYTES: u64 = 4 << 20;

/// What is backed up.
pub struct Source<'s> {
    /// The node's folder.
    pub folder: &'s Path,
    /// Where its attachments are.
    pub attachments: &'s dyn Attachments,
    /// Files that go along though they are not in the folder, under `packs/`: the packs that the record names.
    pub packs: Vec<(String, Vec<u8>)>,
    /// Version of the program.
    pub program: &'s str,
    /// Now, ms since 1970 UTC.
    pub now_ms: i64,
}

/// Where to, for whom, and what is kept of earlier ones.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder for backups. It must be there: a stick that is not in must not become a folder on the machine's own disk.
    pub to: PathBuf,
    /// Who may open it.
    pub recipients: Vec<Recipient>,
    /// The folder was on another disk when it was chosen; then a backup on the same one is refused.
    pub must_be_other_disk: bool,
    /// What is kept of earlier ones.
    pub keep: Keep,
    /// Makes none when nothing was added since the last, and that one is still there.
    pub only_when_grown: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A backup, read back whole.
    New {
        /// It.
        last: Last,
        /// How many old ones were removed.
        thinned: usize,
    },
    /// Nothing was added since this one, which is still there.
    Same(Last),
}

/// Makes one backup, and notes it in [`Status`]. Works beside a running node; its log goes on meanwhile.
///
/// # Errors
/// [`BackupError`]; then there is no new file under a backup's name, and every earlier one is still there, unless it was
/// removed to make room.
pub fn make(source: &Source<'_>, plan: &Plan) -> Result<Made, BackupError> {
    let made = attempt(source, plan);
    if let Err(error) = &made {
        // The first fault is the one to tell.
        Status::note_failure(source.folder, source.now_ms, error).ok();
    }
    made
}

fn attempt(source: &Source<'_>, plan: &Plan) -> Result<Made, BackupError> {
    let is_same_disk = place(source.folder, plan)?;
    let archive = SqliteArchive::open_whole(source.folder)?;
    let about = about(source, &archive)?;
    let listed = source
        .attachments
        .list()
        .map_err(|error| BackupError::Attachment {
            name: Digest::ZERO,
            source: error,
        })?;
    if plan.only_when_grown
        && let Some(same) = same(source, plan, &about, listed.len())
    {
        return Ok(Made::Same(same));
    }
    let prefix = name::prefix(&about.vkey);
    remove_unfinished(&plan.to, &prefix)?;
    thin::make_room(&plan.to, &prefix, estimate(source.folder, &listed))?;
    let file = plan
        .to
        .join(name::of(&about.vkey, about.made_at, about.size));
    let part = file.with_extension(name::PART.trim_start_matches('.'));
    if file.exists() {
        return Err(BackupError::Exists(file));
    }
    // A crash from here to the rename leaves a file under the unfinished name, which the next backup removes; so does a
    // stick that is pulled out.
    let written = write(source, plan, &archive, &about, &part)
        .and_then(|written| read_back(&part, &written).map(|()| written));
    let written = match written {
        Ok(written) => written,
        Err(error) => {
            fs::remove_file(&part).ok();
            return Err(error);
        }
    };
    drop(archive);
    fs::rename(&part, &file).map_err(BackupError::io("name", &file))?;
    // A crash before the folder is synced may undo the name: then the next backup makes it anew.
    sync_folder(&plan.to)?;
    let last = Last {
        at: about.made_at,
        checked_at: about.made_at,
        size: about.size,
        root: about.root,
        attachments: written.attachments,
        kept: listed.len(),
        missing: written.missing,
        bytes: written.bytes,
        file,
        is_same_disk,
    };
    let known = Status {
        last: Some(last.clone()),
        failed: None,
    };
    known.write(source.folder)?;
    // Only now that there is a newer one that holds.
    let thinned = thin::thin(&plan.to, &prefix, &plan.keep)?;
    Ok(Made::New { last, thinned })
}

/// Whether the folder for backups is where it should be; whether that is the record's own disk.
fn place(folder: &Path, plan: &Plan) -> Result<bool, BackupError> {
    let Ok(to) = fs::metadata(&plan.to) else {
        return Err(BackupError::NoFolder(plan.to.clone()));
    };
    if !to.is_dir() {
        return Err(BackupError::NoFolder(plan.to.clone()));
    }
    let real = |path: &Path| path.canonicalize().map_err(BackupError::io("find", path));
    if real(&plan.to)?.starts_with(real(folder)?) {
        return Err(BackupError::Inside(plan.to.clone()));
    }
    let own = fs::metadata(folder).map_err(BackupError::io("look at", folder))?;
    let is_same_disk = own.dev() == to.dev();
    if is_same_disk && plan.must_be_other_disk {
        return Err(BackupError::SameDisk(plan.to.clone()));
    }
    Ok(is_same_disk)
}

fn about(source: &Source<'_>, archive: &SqliteArchive) -> Result<About, BackupError> {
    let vkey = source.folder.join("keys/log.vkey");
    let vkey = fs::read_to_string(&vkey).map_err(BackupError::io("read", &vkey))?;
    let vkey = vkey.trim_end().to_owned();
    let key = vkey
        .parse()
        .map_err(|_| BackupError::Odd("`keys/log.vkey` holds no key".to_owned()))?;
    let note = archive.note()?;
    let head = Checkpoint::open(&note, &key)
        .map_err(|error| BackupError::Odd(format!("its head does not hold: {error}")))?;
    Ok(About {
        v: 1,
        format: About::FORMAT.to_owned(),
        origin: key.name().to_owned(),
        vkey,
        size: head.size,
        root: head.root,
        note,
        made_at: source.now_ms,
        program: source.program.to_owned(),
    })
}

/// The last backup, when nothing was added since and its file is still there whole.
fn same(source: &Source<'_>, plan: &Plan, about: &About, kept: usize) -> Option<Last> {
    let known = Status::read(source.folder);
    let mut last = known.last?;
    let is_there = fs::metadata(&last.file).is_ok_and(|file| file.len() == last.bytes);
    let is_same = (last.size, last.root) == (about.size, about.root)
        && last.kept == kept
        && last.file.parent() == Some(&plan.to)
        && is_there;
    if !is_same {
        return None;
    }
    last.checked_at = source.now_ms;
    let known = Status {
        last: Some(last.clone()),
        failed: None,
    };
    known.write(source.folder).ok()?;
    Some(last)
}

fn remove_unfinished(folder: &Path, prefix: &str) -> Result<(), BackupError> {
    for file in fs::read_dir(folder).map_err(BackupError::io("read", folder))? {
        let file = file.map_err(BackupError::io("read", folder))?;
        let is_ours = file
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(prefix) && name.ends_with(name::PART));
        if is_ours {
            fs::remove_file(file.path()).map_err(BackupError::io("remove", &file.path()))?;
        }
    }
    Ok(())
}

fn estimate(folder: &Path, listed: &[(Digest, u64)]) -> u64 {
    // The database is only looked at from outside: to open it beside SQLite's own handles would drop its locks.
    let of = |name: &str| fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let attachments: u64 = listed.iter().map(|(_, bytes)| bytes).sum();
    of("record.sqlite") + of("record.sqlite-wal") + attachments + ROOM_MORE_BYTES
}

/// What was written, to be held against what is read back.
struct Written {
    key: FileKey,
    hash: Digest,
    bytes: u64,
    attachments: usize,
    missing: usize,
}

fn write(
    source: &Source<'_>,
    plan: &Plan,
    archive: &SqliteArchive,
    about: &About,
    part: &Path,
) -> Result<Written, BackupError> {
    let wrong = BackupError::io("write", part);
    let file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(part)
        .map_err(&wrong)?;
    let out = Counted::new(BufWriter::with_capacity(1 << 20, file));
    let (sealer, key) = Sealer::new(out, &plan.recipients).map_err(|source| age(part, source))?;
    let mut members = Members {
        tar: tar::Writer::new(sealer),
        manifest: Manifest {
            members: Vec::new(),
            missing: Vec::new(),
        },
        file: part,
    };
    members.text(ABOUT, about)?;
    let named = members.record(archive)?;
    // What lies in the folder goes before what is handed in under the same name: a node that was restored has packs there.
    let mut beside: BTreeMap<String, Vec<u8>> = source.packs.iter().cloned().collect();
    beside.extend(files::all(source.folder)?);
    for (name, bytes) in beside {
        members.bytes(&name, &bytes)?;
    }
    let attachments = members.attachments(source.attachments, named)?;
    let missing = members.manifest.missing.len();
    let sealer = members.finish()?;
    let mut out = sealer.finish().map_err(&wrong)?;
    out.flush().map_err(&wrong)?;
    let (inner, hash, bytes) = out.parts();
    let file = inner
        .into_inner()
        .map_err(|error| wrong(error.into_error()))?;
    file.sync_all().map_err(&wrong)?;
    // What is read back must come from the stick and not from memory.
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).ok();
    Ok(Written {
        key,
        hash,
        bytes,
        attachments,
        missing,
    })
}

/// Reads the file again: the same bytes, and they open, and every member is as the manifest says.
fn read_back(part: &Path, written: &Written) -> Result<(), BackupError> {
    let file = File::open(part).map_err(BackupError::io("read back", part))?;
    let mut source = Hashed::new(BufReader::with_capacity(1 << 20, file));
    let opener = Opener::with_key(&mut source, &written.key).map_err(|error| age(part, error))?;
    examine(part, opener).map_err(|error| {
        if matches!(error, BackupError::Damaged { .. }) {
            BackupError::ReadBack(part.to_owned())
        } else {
            error
        }
    })?;
    let line = source.line(String::new());
    if (line.sha256, line.bytes) == (written.hash, written.bytes) {
        Ok(())
    } else {
        Err(BackupError::ReadBack(part.to_owned()))
    }
}

fn age(file: &Path, source: AgeError) -> BackupError {
    if let AgeError::Io(error) = source {
        return BackupError::io("write", file)(error);
    }
    BackupError::Age {
        file: file.to_owned(),
        source,
    }
}

/// Some file systems on sticks cannot sync a folder; then the name is durable when the kernel writes it.
fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    match File::open(folder).and_then(|open| open.sync_all()) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        other => other.map_err(BackupError::io("sync", folder)),
    }
}

/// Members being written, and the manifest that grows with them.
struct Members<'m, W: Write> {
    tar: tar::Writer<W>,
    manifest: Manifest,
    file: &'m Path,
}

impl<W: Write> Members<'_, W> {
    fn add(&mut self, name: &str, bytes: u64, content: &mut dyn Read) -> Result<(), BackupError> {
        let mut hashed = Hashed::new(content);
        self.tar
            .add(name, bytes, &mut hashed)
            .map_err(BackupError::io("write", self.file))?;
        self.manifest.members.push(hashed.line(name.to_owned()));
        Ok(())
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        self.add(name, bytes.len() as u64, &mut &*bytes)
    }

    fn text(&mut self, name: &str, value: &impl serde::Serialize) -> Result<(), BackupError> {
        let text =
            serde_json::to_vec(value).map_err(|error| BackupError::Odd(error.to_string()))?;
        self.bytes(name, &text)
    }

    /// The record, part by part; the attachments that its bodies name.
    fn record(&mut self, archive: &SqliteArchive) -> Result<BTreeSet<Digest>, BackupError> {
        let mut named = BTreeSet::new();
        let mut from = 0;
        loop {
            let some = archive.read(from, u64::MAX)?;
            let Some(last) = some.last() else { break };
            let next = last.index + 1;
            self.bytes(
                &record::part(record::ENTRIES, from),
                &record::entries(&some),
            )?;
            let bodies = record::bodies(&some);
            if !bodies.is_empty() {
                self.bytes(&record::part(record::BODIES, from), &bodies)?;
            }
            named.extend(some.iter().flat_map(record::attachments));
            from = next;
        }
        let mut from = 0;
        loop {
            let some = archive.checkpoints(from)?;
            let Some((last, _)) = some.last() else { break };
            let next = last + 1;
            self.bytes(
                &record::part(record::CHECKPOINTS, from),
                &record::checkpoints(&some),
            )?;
            from = next;
        }
        self.bytes(record::META, &record::metas(&archive.metas()?))?;
        self.bytes(record::NAMES, &record::names(&archive.names()?))?;
        Ok(named)
    }

    /// Those of `named` that are there whole. One that is not is no reason to have no backup.
    fn attachments(
        &mut self,
        place: &dyn Attachments,
        named: BTreeSet<Digest>,
    ) -> Result<usize, BackupError> {
        let mut count = 0;
        for name in named {
            match checked(place, &name) {
                Some((bytes, mut content)) => {
                    self.add(
                        &format!("{}{name}", record::ATTACHMENTS),
                        bytes,
                        &mut content,
                    )?;
                    count += 1;
                }
                None => self.manifest.missing.push(name),
            }
        }
        Ok(count)
    }

    fn finish(mut self) -> Result<W, BackupError> {
        let manifest = serde_json::to_vec(&self.manifest)
            .map_err(|error| BackupError::Odd(error.to_string()))?;
        let wrong = BackupError::io("write", self.file);
        self.tar
            .add(MANIFEST, manifest.len() as u64, &mut &*manifest)
            .map_err(&wrong)?;
        self.tar.finish().map_err(&wrong)
    }
}

/// An attachment that was just read through and holds. Twice the reading, so that one gone bad does not end a backup in
/// its middle.
fn checked(place: &dyn Attachments, name: &Digest) -> Option<(u64, Box<dyn Read + Send>)> {
    let bytes = place.size(name).ok()??;
    let mut look = place.get(name, 0..bytes).ok()??;
    let found = io::copy(&mut look, &mut io::sink()).ok()?;
    let content = place.get(name, 0..bytes).ok()??;
    (found == bytes).then_some((bytes, content))
}

/// Hashes and counts what is written through it.
struct Counted<W> {
    out: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Counted<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn parts(self) -> (W, Digest, u64) {
        (self.out, Digest(self.hash.finalize().into()), self.bytes)
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Source<'_> {
    /// The attachments of a node's folder, read beside the node.
    pub fn attachments_of(folder: &Path) -> FolderAttachments {
        FolderAttachments::beside(&folder.join("attachments"))
    }
}
