//! Checking a backup, and making a node's folder of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ledger::{Beside, Digest};
use store::{Attachments as _, FolderAttachments, Rebuild};

use crate::age::{AgeError, Identity, Opener};
use crate::error::BackupError;
use crate::files;
use crate::limit::{FILE_BYTES_MAX, MEMBERS_MAX, PART_BYTES_MAX, TEXT_BYTES_MAX};
use crate::manifest::{ABOUT, About, Hashed, MANIFEST, Manifest};
use crate::record::{ATTACHMENTS, BODIES, CHECKPOINTS, ENTRIES, META, NAMES, Part};
use crate::tar::{self, Member};

/// What a backup was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says of itself, its head signed by the log's key.
    pub about: About,
    /// Attachments in it.
    pub attachments: usize,
    /// Attachments that were not there when it was made.
    pub missing: Vec<Digest>,
    /// Kinds of members with their number and bytes, for people.
    pub sums: Vec<(String, usize, u64)>,
}

/// Reads all of `file` and writes nothing: every byte authenticated, every member as the manifest says, the head signed by
/// the log's key.
///
/// # Errors
/// [`BackupError`].
pub fn check(file: &Path, identities: &[Identity]) -> Result<Checked, BackupError> {
    examine(file, open(file, identities)?)
}

/// Makes the node's folder `to` of `file`: checks all of it first, as [`check`] does; then writes a folder beside `to`
/// under an unfinished name, hands it to `verify`, and only then gives it its name. `verify` goes over the record as it was
/// restored, and may add to the folder; when it fails nothing is left.
///
/// A crash leaves the unfinished folder, which the next restore to the same place removes.
///
/// # Errors
/// [`BackupError`].
pub fn restore(
    file: &Path,
    identities: &[Identity],
    to: &Path,
    verify: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<Checked, BackupError> {
    refuse_full(to)?;
    let checked = check(file, identities)?;
    let unfinished = unfinished(to)?;
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(BackupError::io("remove", &unfinished))?;
    }
    let made = write(file, identities, &checked, &unfinished, What::All)
        .and_then(|()| verify(&unfinished).map_err(BackupError::DoesNotVerify))
        .and_then(|()| sync_all(&unfinished));
    if let Err(error) = made {
        fs::remove_dir_all(&unfinished).ok();
        return Err(error);
    }
    fs::rename(&unfinished, to).map_err(BackupError::io("name", to))?;
    if let Some(parent) = unfinished.parent() {
        sync(parent)?;
    }
    Ok(checked)
}

/// [`check`], and the record alone made again in the folder `scratch`, for `verify` to go over. No key, setting or attachment
/// of the node is written, and `scratch` is removed.
///
/// # Errors
/// [`BackupError`].
pub fn verify_record(
    file: &Path,
    identities: &[Identity],
    scratch: &Path,
    verify: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<Checked, BackupError> {
    refuse_full(scratch)?;
    let checked = check(file, identities)?;
    let verified = write(file, identities, &checked, scratch, What::Record)
        .and_then(|()| verify(scratch).map_err(BackupError::DoesNotVerify));
    fs::remove_dir_all(scratch).ok();
    verified.map(|()| checked)
}

/// How much of a backup is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// A node's folder.
    All,
    /// Entries, bodies and heads.
    Record,
}

/// A folder that is not there, or empty.
fn refuse_full(to: &Path) -> Result<(), BackupError> {
    match fs::read_dir(to) {
        Ok(mut files) => match files.next() {
            None => Ok(()),
            Some(_) => Err(BackupError::NotEmpty(to.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::io("look at", to)(error)),
    }
}

/// `.NAME.restoring` beside `to`, on the same disk so that it can be renamed.
fn unfinished(to: &Path) -> Result<PathBuf, BackupError> {
    let to = std::path::absolute(to).map_err(BackupError::io("find", to))?;
    let name = to
        .file_name()
        .ok_or_else(|| BackupError::NotEmpty(to.clone()))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(".restoring");
    Ok(to.with_file_name(hidden))
}

fn open(file: &Path, identities: &[Identity]) -> Result<Opener<BufReader<File>>, BackupError> {
    let source = File::open(file).map_err(BackupError::io("open", file))?;
    Opener::new(BufReader::with_capacity(1 << 20, source), identities).map_err(|error| {
        if let AgeError::Io(error) = error {
            return BackupError::damaged(file)(error);
        }
        BackupError::Age {
            file: file.to_owned(),
            source: error,
        }
    })
}

/// Goes through all members and believes nothing before the manifest, which comes last, said the same.
pub(crate) fn examine(file: &Path, source: impl Read) -> Result<Checked, BackupError> {
    let damaged = BackupError::damaged(file);
    let odd = |what: &str| BackupError::Damaged {
        file: file.to_owned(),
        what: what.to_owned(),
    };
    let mut tar = tar::Reader::new(source);
    let (mut lines, mut about, mut manifest) = (Vec::new(), None, None);
    while let Some(member) = tar.next().map_err(&damaged)? {
        if manifest.is_some() || lines.len() == MEMBERS_MAX {
            return Err(odd("it holds more than its manifest"));
        }
        if member.bytes > most(&member.name) {
            return Err(odd("a member is longer than it may be"));
        }
        let is_text = member.name == ABOUT || member.name == MANIFEST;
        let (line, text) = tar
            .content(&member, |content| {
                let mut hashed = Hashed::new(content);
                let mut text = Vec::new();
                if is_text {
                    hashed.read_to_end(&mut text)?;
                } else {
                    io::copy(&mut hashed, &mut io::sink())?;
                }
                Ok::<_, io::Error>((hashed.line(member.name.clone()), text))
            })
            .map_err(&damaged)?;
        if line.bytes != member.bytes {
            return Err(odd("it is cut off"));
        }
        let named = member.name.strip_prefix(ATTACHMENTS);
        if named.is_some_and(|name| name.parse() != Ok(line.sha256)) {
            return Err(odd("an attachment is not the one that its name says"));
        }
        match member.name.as_str() {
            ABOUT => about = Some(text),
            MANIFEST => {
                manifest = Some(text);
                continue;
            }
            _ => {}
        }
        lines.push(line);
    }
    let manifest: Manifest = manifest
        .and_then(|text| serde_json::from_slice(&text).ok())
        .ok_or_else(|| odd("its manifest does not read"))?;
    if manifest.members != lines || lines.first().is_none_or(|first| first.path != ABOUT) {
        return Err(odd("a member is not as its manifest says"));
    }
    let about: About = about
        .and_then(|text| serde_json::from_slice(&text).ok())
        .ok_or_else(|| odd("what it says of itself does not read"))?;
    about.head().map_err(|what| odd(&what))?;
    let sums = manifest.sums();
    Ok(Checked {
        attachments: sums.get("attachments").map_or(0, |(count, _)| *count),
        sums: sums
            .into_iter()
            .map(|(what, (count, bytes))| (what.to_owned(), count, bytes))
            .collect(),
        missing: manifest.missing.clone(),
        about,
    })
}

/// Bytes that a member of this name may have.
fn most(name: &str) -> u64 {
    if name.starts_with(ATTACHMENTS) {
        store::limit::ATTACHMENT_BYTES_MAX
    } else if files::is_one(name) {
        FILE_BYTES_MAX
    } else if name == ABOUT || name == MANIFEST || name == META || name == NAMES {
        TEXT_BYTES_MAX
    } else {
        PART_BYTES_MAX as u64
    }
}

/// Writes all of it into the new folder `folder`.
fn write(
    file: &Path,
    identities: &[Identity],
    checked: &Checked,
    folder: &Path,
    what: What,
) -> Result<(), BackupError> {
    make_folder(folder)?;
    let mut writing = Writing {
        file,
        folder,
        rebuild: Rebuild::begin(folder)?,
        bodies: Waiting::default(),
        entries: Vec::new(),
        first: 0,
        attachments: None,
    };
    let mut tar = tar::Reader::new(open(file, identities)?);
    while let Some(member) = tar.next().map_err(BackupError::damaged(file))? {
        tar.content(&member, |content| {
            let is_beside = files::is_one(&member.name) || member.name.starts_with(ATTACHMENTS);
            if what == What::Record && is_beside {
                io::copy(content, &mut io::sink())?;
                return Ok(());
            }
            writing.member(&member, content).map_err(Wrapped::Ours)
        })
        .map_err(|wrapped| match wrapped {
            Wrapped::Ours(error) => error,
            Wrapped::Io(error) => BackupError::damaged(file)(error),
        })?;
    }
    writing.put_entries()?;
    let (key, _) = checked.about.head().map_err(|what| BackupError::Damaged {
        file: file.to_owned(),
        what,
    })?;
    writing.rebuild.finish(&checked.about.note, &key)?;
    Ok(())
}

/// An error of ours on its way through a reader.
enum Wrapped {
    Ours(BackupError),
    Io(io::Error),
}

impl From<io::Error> for Wrapped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bodies of the part of entries that was read last, in order.
#[derive(Default)]
struct Waiting(std::collections::VecDeque<(u64, Beside)>);

struct Writing<'w> {
    file: &'w Path,
    folder: &'w Path,
    rebuild: Rebuild,
    bodies: Waiting,
    /// The part of entries that was read last; its bodies may follow.
    entries: Vec<u8>,
    /// Number of the next entry.
    first: u64,
    attachments: Option<FolderAttachments>,
}

impl Writing<'_> {
    fn member(&mut self, member: &Member, content: &mut dyn Read) -> Result<(), BackupError> {
        let name = member.name.as_str();
        if let Some(attachment) = name.strip_prefix(ATTACHMENTS) {
            return self.attachment(attachment, member.bytes, content);
        }
        let mut bytes = Vec::new();
        content
            .read_to_end(&mut bytes)
            .map_err(BackupError::damaged(self.file))?;
        if name.starts_with(ENTRIES) {
            self.put_entries()?;
            self.entries = bytes;
            return Ok(());
        }
        if name.starts_with(BODIES) {
            self.bodies = read_bodies(&bytes).map_err(BackupError::damaged(self.file))?;
            return self.put_entries();
        }
        self.put_entries()?;
        if files::is_one(name) {
            return self.plain(name, &bytes);
        }
        let mut part = Part::new(&bytes);
        let damaged = BackupError::damaged(self.file);
        while !part.is_at_end() {
            match name {
                _ if name.starts_with(CHECKPOINTS) => {
                    let size = part.number().map_err(&damaged)?;
                    let note = part.text().map_err(&damaged)?;
                    self.rebuild.checkpoint(size, note)?;
                }
                META => {
                    let key = part.text().map_err(&damaged)?;
                    self.rebuild.meta(key, part.bytes().map_err(&damaged)?)?;
                }
                NAMES => {
                    let person = Digest(part.array().map_err(&damaged)?);
                    self.rebuild.name(&person, part.text().map_err(&damaged)?)?;
                }
                ABOUT | MANIFEST => break,
                _ => {
                    return Err(BackupError::Damaged {
                        file: self.file.to_owned(),
                        what: format!("it holds `{name}`, which this program does not know"),
                    });
                }
            }
        }
        Ok(())
    }

    /// Puts the part of entries that is waiting, with its bodies.
    fn put_entries(&mut self) -> Result<(), BackupError> {
        let bytes = std::mem::take(&mut self.entries);
        let mut part = Part::new(&bytes);
        while !part.is_at_end() {
            let entry = part.bytes().map_err(BackupError::damaged(self.file))?;
            let bodies = &mut self.bodies.0;
            let beside = match bodies.front() {
                Some((index, _)) if *index == self.first => bodies.pop_front(),
                Some(_) | None => None,
            };
            self.rebuild
                .entry(entry, beside.as_ref().map(|(_, beside)| beside))?;
            self.first += 1;
        }
        if self.bodies.0.is_empty() {
            return Ok(());
        }
        Err(BackupError::Damaged {
            file: self.file.to_owned(),
            what: "a body belongs to no entry".to_owned(),
        })
    }

    fn attachment(
        &mut self,
        name: &str,
        bytes: u64,
        content: &mut dyn Read,
    ) -> Result<(), BackupError> {
        let name: Digest = name.parse().map_err(|_| BackupError::Damaged {
            file: self.file.to_owned(),
            what: "an attachment has no proper name".to_owned(),
        })?;
        let wrong = |source| BackupError::Attachment { name, source };
        let place = match self.attachments.take() {
            Some(place) => place,
            None => FolderAttachments::open(&self.folder.join("attachments")).map_err(wrong)?,
        };
        let put = place.put(&name, bytes, content).map_err(wrong);
        self.attachments = Some(place);
        put.map(drop)
    }

    /// A key, a setting or a pack.
    fn plain(&self, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let path = self.folder.join(name);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .map_err(BackupError::io("write", &path))
    }
}

fn read_bodies(bytes: &[u8]) -> io::Result<Waiting> {
    let mut part = Part::new(bytes);
    let mut waiting = Waiting::default();
    while !part.is_at_end() {
        let index = part.number()?;
        let salt = part.array()?;
        let body = part.bytes()?.to_vec();
        waiting.0.push_back((index, Beside { salt, body }));
    }
    Ok(waiting)
}

fn make_folder(path: &Path) -> Result<(), BackupError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(BackupError::io("make", path))
}

/// Syncs every folder below, so that all names are on the disk before the whole gets its own.
fn sync_all(folder: &Path) -> Result<(), BackupError> {
    for file in fs::read_dir(folder).map_err(BackupError::io("read", folder))? {
        let path = file.map_err(BackupError::io("read", folder))?.path();
        if path.is_dir() {
            sync_all(&path)?;
        }
    }
    sync(folder)
}

fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(BackupError::io("sync", folder))
}
