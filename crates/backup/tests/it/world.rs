//! A node's folder with a record, keys, settings and attachments; everything from a number, nothing from a clock.

use std::fs;
use std::path::{Path, PathBuf};

use backup::age::Identity;
use backup::{BackupError, Keep, Made, Plan, Source, Status};
use ed25519_dalek::SigningKey;
use ledger::checkpoint::Origin;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::EMPTY_ROOT;
use ledger::note::VerifierKey;
use ledger::{Beside, Digest, PublicKey};
use store::{
    Append, Attachments as _, FolderAttachments, Log as _, Signer, SqliteArchive, SqliteLog,
};

/// When the first backup is made.
pub(crate) const NOW: i64 = 1_700_000_000_000;

pub(crate) struct World {
    folder: tempfile::TempDir,
    pub(crate) log: Option<SqliteLog>,
    pub(crate) identity: Identity,
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

pub(crate) fn verifier() -> VerifierKey {
    let origin: Origin = "ranch.example/prairie/2021-7f3a".parse().unwrap();
    origin.verifier(PublicKey::of(&key())).unwrap()
}

fn signer() -> Signer {
    Box::new(|head| head.sign(&key()).map_err(|error| error.to_string()))
}

/// Statement `n`; every fifth is open, every seventh names an attachment.
fn append(n: u64) -> Append {
    let (kind, body) = if n % 7 == 3 {
        let name = Digest::of(&photograph(n));
        let original = Digest::of(&photograph(n + 1_000));
        let body = format!(r#"{{"sha256":"{name}","bytes":3000,"original":"{original}"}}"#);
        ("attachment.add", body)
    } else {
        (
            "sample.record",
            format!(r#"{{"n":{n},"sha256":"of nothing"}}"#),
        )
    };
    let body = body.into_bytes();
    let (content, beside) = if n.is_multiple_of(5) && kind != "attachment.add" {
        (Content::Open(body), None)
    } else {
        let salt = Digest::of(&n.to_le_bytes()).0;
        let beside = Beside { salt, body };
        (Content::Beside(beside.commitment()), Some(beside))
    };
    let header = Header {
        origin: verifier().name().into(),
        kind: kind.into(),
        kv: 1,
        person: Digest::ZERO,
        key: PublicKey::of(&key()),
        counter: n + 1,
        prev: Digest::ZERO,
        at_ms: 1_634_846_400_000,
        head: SeenHead {
            size: 0,
            root: EMPTY_ROOT,
            at_ms: 0,
        },
        shown: Shown {
            lang: "en".into(),
            words: 1,
        },
        shared: false,
        content,
    };
    let statement = envelope::sign(&header, &key()).unwrap();
    let signed = envelope::open(&statement).unwrap();
    let entry = Entry {
        at_ms: 1_634_846_400_000 + i64::try_from(n).unwrap(),
        statement,
        outcome: br#"{"admitted":true}"#.to_vec(),
        packs: vec![],
    };
    Append::new(&signed, &entry, beside).unwrap()
}

pub(crate) fn photograph(n: u64) -> Vec<u8> {
    n.to_be_bytes().repeat(375)
}

impl World {
    /// A record of `size` entries; the attachment of entry 3 and its original are there, those of entry 10 are not.
    pub(crate) fn new(size: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("node");
        fs::create_dir_all(at.join("keys")).unwrap();
        fs::create_dir(at.join("tls")).unwrap();
        for (name, text) in [
            ("keys/log.key", "secret of the log"),
            ("keys/log.vkey", &verifier().to_string()),
            ("keys/half.new", "being written"),
            ("tls/ca.pem", "certificate"),
            ("node.toml", "port = 8443\n"),
            ("backup.json", "{}"),
            ("something.else", "not ours"),
        ] {
            fs::write(at.join(name), text).unwrap();
        }
        let place = FolderAttachments::open(&at.join("attachments")).unwrap();
        for n in [3, 1_003, 5_555] {
            let bytes = photograph(n);
            place
                .put(&Digest::of(&bytes), 3_000, &mut &bytes[..])
                .unwrap();
        }
        let log = SqliteLog::create(&at, &verifier(), signer()).unwrap();
        log.put_name(&Digest([4; 32]), Some("the armorer")).unwrap();
        log.put_meta("board", Some(&[1, 2, 3])).unwrap();
        let world = Self {
            folder,
            log: Some(log),
            identity: Identity::generate().unwrap(),
        };
        world.fill(0, size);
        world
    }

    pub(crate) fn log(&self) -> &SqliteLog {
        self.log.as_ref().unwrap()
    }

    pub(crate) fn fill(&self, from: u64, to: u64) {
        for n in (from..to).step_by(50) {
            let batch = (n..to.min(n + 50)).map(append).collect();
            self.log().append(n, batch).unwrap();
        }
    }

    pub(crate) fn at(&self, what: &str) -> PathBuf {
        self.folder.path().join(what)
    }

    pub(crate) fn node(&self) -> PathBuf {
        self.at("node")
    }

    /// A folder for backups.
    pub(crate) fn stick(&self) -> PathBuf {
        let stick = self.at("stick");
        fs::create_dir_all(&stick).unwrap();
        stick
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan {
            to: self.stick(),
            recipients: vec![self.identity.recipient()],
            must_be_other_disk: false,
            keep: Keep::default(),
            only_when_grown: false,
        }
    }

    pub(crate) fn make(&self, plan: &Plan, now_ms: i64) -> Result<Made, BackupError> {
        let node = self.node();
        let attachments = Source::attachments_of(&node);
        let source = Source {
            folder: &node,
            attachments: &attachments,
            packs: vec![("packs/0123/pack.toml".into(), b"id = \"base\"".to_vec())],
            program: "0.1.0",
            now_ms,
        };
        backup::make(&source, plan)
    }

    /// Makes one and hands back its file.
    pub(crate) fn made(&self, now_ms: i64) -> PathBuf {
        match self.make(&self.plan(), now_ms).unwrap() {
            Made::New { last, .. } => last.file,
            Made::Same(_) => panic!("nothing was made"),
        }
    }

    pub(crate) fn status(&self) -> Status {
        Status::read(&self.node())
    }
}

/// All that a record holds, for comparing.
pub(crate) fn contents(folder: &Path) -> impl PartialEq + std::fmt::Debug + use<> {
    let archive = SqliteArchive::open(folder).unwrap();
    let (mut entries, mut notes) = (Vec::new(), Vec::new());
    while let Some(next) = archive
        .read(entries.len() as u64, u64::MAX)
        .ok()
        .filter(|some| !some.is_empty())
    {
        entries.extend(next);
    }
    let mut from = 0;
    loop {
        let some = archive.checkpoints(from).unwrap();
        let Some((last, _)) = some.last() else { break };
        from = last + 1;
        notes.extend(some);
    }
    let (note, metas, names) = (
        archive.note().unwrap(),
        archive.metas().unwrap(),
        archive.names().unwrap(),
    );
    (entries, notes, note, metas, names)
}

pub(crate) fn open(folder: &Path) -> SqliteLog {
    SqliteLog::open(folder, &verifier(), signer()).unwrap()
}

/// Every file below with its bytes, sorted, databases left out.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn walk(root: &Path, at: &Path, found: &mut Vec<(String, Vec<u8>)>) {
        for file in fs::read_dir(at).unwrap() {
            let path = file.unwrap().path();
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if path.is_dir() {
                walk(root, &path, found);
            } else if !name.starts_with("record.") {
                found.push((name, fs::read(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, folder, &mut found);
    found.sort();
    found
}
