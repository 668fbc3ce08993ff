//! A record of two dozen entries with everything in it that a copy can hold, and a hand that changes copies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use audit::export::{Export, Exported, Packs};
use audit::manifest::{Manifest, Program};
use audit::{Archive, Ask, Form, Holds, NotHeld};
use ed25519_dalek::SigningKey;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::{Frontier, leaf_hash};
use ledger::{Beside, Digest, PublicKey};
use serde_json::{Value, json};
use store::{Attachments as _, MemoryAttachments, Stored};

pub(crate) const ORIGIN: &str = "ranch.example/prairie/2021-7f3a";
pub(crate) const PHOTO: &[u8] = b"not really a photograph";
pub(crate) const LOST: &[u8] = b"a video that is lost";

/// Somebody with a key.
#[derive(Clone)]
pub(crate) struct Who {
    pub(crate) key: SigningKey,
    pub(crate) person: Digest,
    counter: u64,
    prev: Digest,
}

impl Who {
    fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_bytes(&[seed; 32]),
            person: Digest::ZERO,
            counter: 0,
            prev: Digest::ZERO,
        }
    }

    /// Signs something that does not come in.
    pub(crate) fn skip(&mut self) {
        self.counter += 1;
        self.prev = Digest([7; 32]);
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::of(&self.key)
    }
}

/// A log in memory.
pub(crate) struct World {
    pub(crate) log: SigningKey,
    pub(crate) stored: Vec<Stored>,
    pub(crate) ids: Vec<Digest>,
    pub(crate) packs: Packs,
    pub(crate) attachments: MemoryAttachments,
    pub(crate) cosigned: Option<String>,
    pub(crate) notice: Option<u64>,
    pack_lines: Vec<String>,
}

impl World {
    /// The whole story; what each entry is stands beside it.
    pub(crate) fn new() -> (Self, Who, Who) {
        let digest = pack_digest(&pack());
        let mut world = Self {
            log: SigningKey::from_bytes(&[1; 32]),
            stored: Vec::new(),
            ids: Vec::new(),
            packs: BTreeMap::from([(digest, pack())]),
            attachments: MemoryAttachments::default(),
            cosigned: None,
            notice: None,
            pack_lines: Vec::new(),
        };
        let (mut log, mut node) = (Who::new(1), Who::new(2));
        let (mut armorer, mut second) = (Who::new(3), Who::new(4));
        world.open(
            &mut log,
            "log.open",
            &json!({"node_key": node.public().to_string()}),
        ); // 0
        world.pack_lines = vec![format!("base@1.0.0:{digest}")];
        world.enrol(&mut node, &mut armorer, [7; 32]); // 1, 2
        world.enrol(&mut node, &mut second, [8; 32]); // 3, 4
        world.beside(&mut armorer, "weapon.look", &json!({"empty": 6})); // 5
        world.beside(&mut second, "weapon.look", &json!({"empty": 6})); // 6
        let photo = world.attach(&mut armorer, PHOTO, true); // 7
        world.attach(&mut armorer, LOST, false); // 8
        world.beside(
            &mut second,
            "account.give",
            &json!({"about": [photo.to_string()], "words": "It was dark."}),
        ); // 9
        let account = world.beside(
            &mut second,
            "account.give",
            &json!({"about": [], "words": "Erase me."}),
        ); // 10
        let erase = world.open(
            &mut armorer,
            "record.erase",
            &json!({"statements": [account.to_string()], "basis": "asked_by_person", "words": "They asked.\nIn writing."}),
        ); // 11
        world.said(
            &mut second,
            "record.countersign",
            Some(&json!({"of": erase.to_string()})),
            None,
            &json!({"admitted": true, "erased": [account.to_string()]}),
        ); // 12
        world.forget(10);
        world.beside(&mut armorer, "lot.count", &json!({"rounds": 12})); // 13
        world.forget(13);
        world.open(
            &mut armorer,
            "record.export",
            &json!({"to": "the insurer", "size": 14, "out": [
                {"from": 0, "to": 6, "kinds": ["weapon.look"], "files": false, "why": "Under review."},
                {"from": 7, "to": 7, "kinds": [], "files": true, "why": "Of no bearing."}]}),
        ); // 14
        (world, armorer, second)
    }

    /// As [`World::new`], ended by so many further entries.
    pub(crate) fn long(entries: usize) -> Self {
        let (mut world, mut armorer, _) = Self::new();
        while world.stored.len() < entries {
            let rounds = world.stored.len();
            world.beside(&mut armorer, "lot.count", &json!({"rounds": rounds}));
        }
        world
    }

    fn enrol(&mut self, node: &mut Who, who: &mut Who, secret: [u8; 32]) {
        let token = Digest::of(&secret).to_string();
        let invite = self.open(node, "people.invite", &json!({
            "token": token, "role": "armorer", "department": "weapons", "duties": [], "until": 1_634_900_000_000_i64
        }));
        let body = json!({
            "invite": invite.to_string(), "token": Digest(secret).to_string(), "key": who.public().to_string(), "means": "device"
        });
        who.person = self.open(who, "people.enrol", &body);
    }

    fn attach(&mut self, who: &mut Who, file: &[u8], is_here: bool) -> Digest {
        let sha256 = Digest::of(file);
        if is_here {
            let put = self
                .attachments
                .put(&sha256, file.len() as u64, &mut &*file);
            put.unwrap();
        }
        self.beside(
            who,
            "attachment.add",
            &json!({
                "sha256": sha256.to_string(), "bytes": file.len(), "media": "image/jpeg", "name": "Tray",
                "about": [], "exhibit": true
            }),
        )
    }

    pub(crate) fn open(&mut self, who: &mut Who, kind: &str, body: &Value) -> Digest {
        self.said(who, kind, Some(body), None, &json!({"admitted": true}))
    }

    pub(crate) fn beside(&mut self, who: &mut Who, kind: &str, body: &Value) -> Digest {
        let salt = [u8::try_from(self.stored.len() % 251).unwrap(); 32];
        let beside = Beside {
            salt,
            body: body.to_string().into_bytes(),
        };
        self.said(who, kind, None, Some(beside), &json!({"admitted": true}))
    }

    fn said(
        &mut self,
        who: &mut Who,
        kind: &str,
        open: Option<&Value>,
        beside: Option<Beside>,
        outcome: &Value,
    ) -> Digest {
        let index = self.stored.len() as u64;
        who.counter += 1;
        let content = match (open, &beside) {
            (Some(body), _) => Content::Open(body.to_string().into_bytes()),
            (None, Some(beside)) => Content::Beside(beside.commitment()),
            (None, None) => unreachable!("a statement has a body"),
        };
        let header = Header {
            origin: ORIGIN.to_owned(),
            kind: kind.to_owned(),
            kv: 1,
            person: who.person,
            key: who.public(),
            counter: who.counter,
            prev: who.prev,
            at_ms: 1_634_846_400_000,
            head: SeenHead {
                size: 0,
                root: ledger::merkle::EMPTY_ROOT,
                at_ms: 0,
            },
            shown: Shown {
                lang: "en".to_owned(),
                words: 1,
            },
            shared: false,
            content,
        };
        let statement = envelope::sign(&header, &who.key).unwrap();
        let id = envelope::open(&statement).unwrap().id;
        who.prev = id;
        let entry = Entry {
            at_ms: 1_634_846_400_000 + i64::try_from(index).unwrap(),
            statement,
            outcome: outcome.to_string().into_bytes(),
            packs: self.pack_lines.clone(),
        };
        self.stored.push(Stored {
            index,
            entry: entry.write().unwrap(),
            beside,
        });
        self.ids.push(id);
        id
    }

    /// A second person signs to an erasing.
    pub(crate) fn countersign(&mut self, who: &mut Who, of: Digest, erased: &[Digest]) {
        let erased: Vec<String> = erased.iter().map(ToString::to_string).collect();
        self.said(
            who,
            "record.countersign",
            Some(&json!({"of": of.to_string()})),
            None,
            &json!({"admitted": true, "erased": erased}),
        );
    }

    /// The body beside an entry is no longer in the record.
    pub(crate) fn forget(&mut self, index: usize) {
        self.stored[index].beside = None;
    }

    pub(crate) fn origin() -> Origin {
        ORIGIN.parse().unwrap()
    }

    pub(crate) fn head(&self, size: usize) -> Checkpoint {
        let mut tree = Frontier::new();
        for stored in &self.stored[..size] {
            tree.append(leaf_hash(&stored.entry));
        }
        Checkpoint {
            origin: Self::origin(),
            size: size as u64,
            root: tree.root(),
        }
    }

    pub(crate) fn note_at(&self, size: usize) -> String {
        self.head(size).sign(&self.log).unwrap()
    }

    /// Writes an export to `place`.
    pub(crate) fn export(&self, place: &Path, form: Form) -> Exported {
        let export = Export {
            notice: self.notice,
            cosigned: self.cosigned.clone(),
            attachments: Some(&self.attachments),
            packs: &self.packs,
            verify_page: Some(b"<!doctype html>"),
            defects: "none known\n",
            program: program(),
            made_at: 1_634_846_500_000,
            aside: &audit::export::Aside::default(),
        };
        audit::export::write(place, form, self, &export, &mut |_, _| {}).unwrap()
    }
}

impl Archive for World {
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, NotHeld> {
        let in_range = |stored: &&Stored| (from..to).contains(&stored.index);
        Ok(self
            .stored
            .iter()
            .filter(in_range)
            .take(100)
            .cloned()
            .collect())
    }

    fn note(&self) -> Result<String, NotHeld> {
        Ok(self.note_at(self.stored.len()))
    }

    fn checkpoints(&self, _: u64) -> Result<Vec<(u64, String)>, NotHeld> {
        Ok(Vec::new())
    }
}

pub(crate) fn program() -> Program {
    Program {
        version: "0.1.0".to_owned(),
        sha256: Digest([9; 32]),
    }
}

/// A pack's files.
fn pack() -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([
        ("pack.toml".to_owned(), b"id = \"base\"\n".to_vec()),
        ("tests/one.toml".to_owned(), b"# none\n".to_vec()),
    ])
}

fn pack_digest(files: &BTreeMap<String, Vec<u8>>) -> Digest {
    let mut bytes = b"coldproof pack v1\n".to_vec();
    for (path, file) in files {
        for part in [path.as_bytes(), file] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }
    Digest::of(&bytes)
}

/// A copy in a folder of its own, to be changed.
pub(crate) struct Copy {
    pub(crate) dir: tempfile::TempDir,
}

impl Copy {
    /// An export of the whole story.
    pub(crate) fn of(world: &World) -> Self {
        let dir = tempfile::tempdir().unwrap();
        world.export(&dir.path().join("copy"), Form::Folder);
        Self { dir }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("copy")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Changes the bytes of a file.
    pub(crate) fn edit(&self, path: &str, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut bytes = self.read(path);
        edit(&mut bytes);
        self.put(path, &bytes);
    }

    /// Changes the manifest as JSON.
    pub(crate) fn edit_manifest(&self, edit: impl FnOnce(&mut Value)) {
        self.edit("manifest.json", |bytes| {
            let mut manifest: Value = serde_json::from_slice(bytes).unwrap();
            edit(&mut manifest);
            *bytes = manifest.to_string().into_bytes();
        });
    }

    /// Makes the manifest anew, so that it lists what is there.
    pub(crate) fn relist(&self) {
        let mut manifest = Manifest::read(&self.read("manifest.json")).unwrap();
        let files = self.files();
        let attached = |path: &String| {
            path.strip_prefix("attachments/")
                .and_then(|name| name.parse().ok())
        };
        manifest.attachments = files
            .iter()
            .filter_map(|(path, bytes)| {
                Some(audit::manifest::Attached {
                    sha256: attached(path)?,
                    bytes: bytes.len() as u64,
                })
            })
            .collect();
        manifest.files = files
            .iter()
            .map(|(path, bytes)| audit::manifest::Listed {
                path: path.clone(),
                bytes: bytes.len() as u64,
                sha256: Digest::of(bytes),
            })
            .collect();
        self.put("manifest.json", &manifest.write());
    }

    /// Every file but the manifest.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut under = vec![self.root()];
        while let Some(folder) = under.pop() {
            for item in fs::read_dir(folder).unwrap() {
                let path = item.unwrap().path();
                if path.is_dir() {
                    under.push(path);
                } else {
                    let name = path
                        .strip_prefix(self.root())
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned();
                    files.insert(name, fs::read(path).unwrap());
                }
            }
        }
        files.remove("manifest.json");
        files
    }

    pub(crate) fn check(&self) -> Result<Holds, NotHeld> {
        check(&self.root())
    }

    /// The first plain line.
    pub(crate) fn line(&self) -> String {
        line(&self.root())
    }
}

pub(crate) fn check(path: &Path) -> Result<Holds, NotHeld> {
    let files = audit::open(path)?;
    audit::check(&*files, &Ask::default(), &mut |_, _| {})
}

/// The first plain line.
pub(crate) fn line(path: &Path) -> String {
    match check(path) {
        Ok(holds) => holds.plain().lines().next().unwrap().to_owned(),
        Err(NotHeld::Fault(fault)) => fault.line(),
        Err(not) => format!("{not}"),
    }
}
