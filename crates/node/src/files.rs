//! Files that statements name: put before they are named, had by who may have them.
//!
//! Who may have one, kept simple: every enrolled person, except that a file about an account, somebody's details or a
//! concern, and every original from which metadata was taken out, goes only to who added it, to producers and to safety
//! advisers. Who had an exhibit, how often, first and last is counted beside the record ([`Node::views`]); a copy of the
//! record prints it in the exhibit's custody form.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::ops::Range;
use std::path::Path;

pub use audit::export::Viewed;
use domain::act::{Act, Kind};
use domain::id::{FileId, PersonId, StatementId};
use domain::time::Millis;
use domain::words::Duty;
use ledger::Digest;
use serde::{Deserialize, Serialize};
use store::{AttachmentError, Received, SqliteArchive};

use crate::answer::NotEntered;
use crate::core::Core;
use crate::node::Node;
use crate::view::{View, Viewer};

/// Who had each exhibit, in `meta`.
const HAD: &str = "had";

/// A file as a statement names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileNamed {
    /// SHA-256 of its bytes.
    pub file: FileId,
    /// The statement.
    pub statement: StatementId,
    /// When that was recorded, ms UTC.
    pub at: Millis,
    /// Who added it.
    pub by: PersonId,
    /// What it is called.
    pub name: String,
    /// Its media type, as the device named it.
    pub media: String,
    /// Its size; `None` for an original, whose size no statement says.
    pub bytes: Option<u64>,
    /// An exhibit.
    pub exhibit: bool,
    /// The file before its metadata was taken out.
    pub is_original: bool,
    /// The statements that it is about.
    pub about: Vec<StatementId>,
}

impl Node {
    /// Takes `piece` of a file of `bytes` bytes at `offset`; what was received is durable on return. The file is named by a
    /// statement afterwards, so anyone enrolled may send one.
    ///
    /// # Errors
    /// [`NotEntered::Denied`] for strangers, [`NotEntered::Invalid`] for what cannot become that file,
    /// [`NotEntered::Fault`] when there is no room or the place for files fails.
    pub fn put_piece(
        &self,
        viewer: &Viewer,
        file: FileId,
        bytes: u64,
        offset: u64,
        piece: &[u8],
    ) -> Result<Received, NotEntered> {
        self.enrolled(viewer)?;
        self.core
            .files()?
            .put_piece(&Digest(file.0), bytes, offset, piece)
            .map_err(|error| refused(&error))
    }

    /// How much of a file is here.
    ///
    /// # Errors
    /// As [`Node::put_piece`].
    pub fn received(&self, viewer: &Viewer, file: FileId) -> Result<Received, NotEntered> {
        self.enrolled(viewer)?;
        self.core
            .files()?
            .received(&Digest(file.0))
            .map_err(|error| refused(&error))
    }

    /// The file, if it is whole here and `viewer` may have it: how it was named when it was added first. Counted where it
    /// is an exhibit.
    ///
    /// # Errors
    /// [`NotEntered::Denied`] when they may not or nobody named it, [`NotEntered::Fault`] when it cannot be read.
    pub fn file(&self, viewer: &Viewer, file: FileId) -> Result<FileNamed, NotEntered> {
        let found = self.view(viewer, |view| {
            let reader = view.reader?;
            let named = view.index.naming(file);
            let mut open = named.filter(|named| may_have(view, reader, named));
            open.next().cloned()
        });
        let found = found.ok_or_else(|| {
            NotEntered::denied(
                "no_such_file",
                "there is no such file here that you may have",
            )
        })?;
        if !self
            .core
            .files()?
            .has(&Digest(file.0))
            .map_err(|error| refused(&error))?
        {
            return Err(NotEntered::denied(
                "no_such_file",
                "the record names this file, and it is not here any more",
            ));
        }
        if found.exhibit
            && let Some(reader) = self.view(viewer, |view| view.reader)
        {
            self.core.count_had(file, reader);
        }
        Ok(found)
    }

    /// Bytes of a file, for who was given [`Node::file`]. Every byte is checked before it is handed out.
    ///
    /// # Errors
    /// [`NotEntered::Fault`] when it cannot be read or is not whole here.
    pub fn read_file(
        &self,
        file: FileId,
        range: Range<u64>,
    ) -> Result<Box<dyn Read + Send>, NotEntered> {
        let reader = self
            .core
            .files()?
            .get(&Digest(file.0), range)
            .map_err(|error| refused(&error))?;
        reader.ok_or_else(|| {
            NotEntered::fault("no_such_file", "the file is not here any more", false)
        })
    }

    /// Files that `viewer` may have, newest first: those about `about`, all for `None`. Whether they are here is seen when
    /// one is asked for.
    pub fn files(&self, viewer: &Viewer, about: Option<StatementId>) -> Vec<FileNamed> {
        let mut found = self.view(viewer, |view| {
            let Some(reader) = view.reader else {
                return Vec::new();
            };
            let open = view.index.files().filter(|named| {
                about.is_none_or(|about| named.about.contains(&about))
                    && may_have(view, reader, named)
            });
            open.cloned().collect()
        });
        found.sort_by_key(|one: &FileNamed| std::cmp::Reverse((one.at, one.statement)));
        found
    }

    /// Who had an exhibit since it was added, and how often.
    pub fn views(&self, file: FileId) -> Vec<Viewed> {
        let had: Had = self.core.kept(HAD);
        had.get(&file.to_string()).map(viewed).unwrap_or_default()
    }

    /// How often an exhibit was had since it was added.
    pub fn times_had(&self, file: FileId) -> u64 {
        self.views(file).iter().map(|view| view.times).sum()
    }

    fn enrolled(&self, viewer: &Viewer) -> Result<PersonId, NotEntered> {
        self.view(viewer, |view| view.reader).ok_or_else(|| {
            NotEntered::denied("unknown_key", "only people who are enrolled here add files")
        })
    }
}

impl Core {
    pub(crate) fn files(&self) -> Result<&dyn store::Attachments, NotEntered> {
        self.attachments.as_deref().ok_or_else(|| {
            NotEntered::fault(
                "no_files",
                "there is no place for files on this node",
                false,
            )
        })
    }

    /// Why a statement that names a file cannot be entered yet: the file is not here.
    pub(crate) fn file_missing(&self, act: &Act) -> Option<NotEntered> {
        let Act::Attach(body) = act else { return None };
        let files = match self.files() {
            Ok(files) => files,
            Err(not) => return Some(not),
        };
        let mut named = vec![(body.sha256, Some(body.bytes))];
        named.extend(body.original.map(|original| (original, None)));
        for (file, bytes) in named {
            match files.size(&Digest(file.0)) {
                Ok(Some(size)) if bytes.is_none_or(|bytes| bytes == size) => {}
                Ok(Some(size)) => {
                    return Some(NotEntered::invalid(
                        "other_size",
                        format!("the file that it names has {size} bytes, not as many as it says"),
                    ));
                }
                Ok(None) => {
                    return Some(NotEntered::invalid(
                        "file_missing",
                        "the file that it names is not here: send the file first, then sign",
                    ));
                }
                Err(error) => return Some(refused(&error)),
            }
        }
        None
    }

    /// Erases files; whether all of them are gone.
    pub(crate) fn erase_files(&self, files: &BTreeSet<FileId>) -> bool {
        if files.is_empty() {
            return true;
        }
        let Ok(place) = self.files() else {
            return false;
        };
        files
            .iter()
            .all(|file| place.erase(&Digest(file.0)).is_ok())
    }

    fn count_had(&self, file: FileId, reader: PersonId) {
        // One at a time, so that none is lost.
        let _one = self
            .had
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut had: Had = self.kept(HAD);
        let now = self.now();
        let of = had.entry(file.to_string()).or_default();
        let mut by = of.by();
        let one = by.entry(reader.to_string()).or_insert(Times {
            times: 0,
            first: now,
            last: now,
        });
        one.times += 1;
        one.last = now;
        *of = HadBy::By(by);
        // On a full disk it is not counted; the file is had all the same.
        self.keep(HAD, &had).ok();
    }
}

/// Who had the exhibits of the node in `folder`, by file, running or not.
///
/// # Errors
/// A sentence, when the record cannot be read.
pub fn views(folder: &Path) -> Result<BTreeMap<Digest, Vec<Viewed>>, String> {
    let archive = SqliteArchive::open(folder).map_err(|error| error.to_string())?;
    let metas = archive.metas().map_err(|error| error.to_string())?;
    let had: Had = metas
        .into_iter()
        .find(|(key, _)| key == HAD)
        .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    Ok(had
        .iter()
        .filter_map(|(file, had)| Some((file.parse().ok()?, viewed(had))))
        .collect())
}

/// By SHA-256.
type Had = BTreeMap<String, HadBy>;

/// Who had one exhibit.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum HadBy {
    /// How often, of a node that did not keep by whom.
    Count(u64),
    /// By person; the empty one for what was counted before that was kept.
    By(BTreeMap<String, Times>),
}

#[derive(Clone, Serialize, Deserialize)]
#[expect(
    clippy::struct_field_names,
    reason = "the name of a member in the store"
)]
struct Times {
    times: u64,
    first: Millis,
    last: Millis,
}

impl Default for HadBy {
    fn default() -> Self {
        Self::By(BTreeMap::new())
    }
}

impl HadBy {
    fn by(&self) -> BTreeMap<String, Times> {
        match self {
            Self::By(by) => by.clone(),
            Self::Count(times) => {
                let before = Times {
                    times: *times,
                    first: 0,
                    last: 0,
                };
                BTreeMap::from([(String::new(), before)])
            }
        }
    }
}

fn viewed(had: &HadBy) -> Vec<Viewed> {
    had.by()
        .into_iter()
        .map(|(person, times)| Viewed {
            by: PersonId::from_hex(&person),
            times: times.times,
            first: times.first,
            last: times.last,
        })
        .collect()
}

/// Whether `reader` may have a file that is named so.
fn may_have(view: &View<'_>, reader: PersonId, named: &FileNamed) -> bool {
    let answers = [Duty::Producer, Duty::SafetyAdviser]
        .into_iter()
        .any(|duty| view.state.holds(reader, duty));
    if named.by == reader || answers {
        return true;
    }
    let is_personal = |id: &StatementId| {
        let sealed = view.state.sealed.get(id).map(|sealed| sealed.kind);
        matches!(sealed, Some(Kind::GiveAccount | Kind::Details)) || view.index.is_concern(*id)
    };
    !named.is_original && !named.about.iter().any(is_personal)
}

fn refused(error: &AttachmentError) -> NotEntered {
    let says = error.to_string();
    match error {
        AttachmentError::Size { .. }
        | AttachmentError::Piece { .. }
        | AttachmentError::Beyond { .. }
        | AttachmentError::Short { .. } => NotEntered::invalid("bad_piece", says),
        AttachmentError::Offset { .. } => NotEntered::invalid("other_offset", says),
        AttachmentError::OtherFile => NotEntered::invalid("other_file", says),
        AttachmentError::Busy => NotEntered::fault("file_busy", says, true),
        AttachmentError::NoRoom { .. } => NotEntered::fault("no_room", says, false),
        AttachmentError::Damaged => NotEntered::fault("file_damaged", says, false),
        AttachmentError::Io { .. } => NotEntered::fault("files_failed", says, true),
    }
}
