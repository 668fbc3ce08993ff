//! A log of many entries by forty keys, in a file.

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::{EMPTY_ROOT, Frontier, leaf_hash};
use ledger::{Digest, PublicKey};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// Devices of a production, the node's key among them.
pub(crate) const KEYS: usize = 40;
/// Entries made, and read, at a time.
const CHUNK: u64 = 2_048;
/// Entries from one place that is remembered to the next.
const STRIDE: u64 = 256;

const ORIGIN: &str = "bench.example/high-desert/1";

/// The log: its entries in one file, each after its length in two bytes, and the signed head beside it.
pub(crate) struct Made {
    folder: PathBuf,
    _owned: Option<tempfile::TempDir>,
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
    pub(crate) note: String,
}

impl Made {
    /// Signs and writes it.
    pub(crate) fn new(entries: u64) -> anyhow::Result<Self> {
        let owned = tempfile::tempdir()?;
        let mut file = BufWriter::new(File::create(owned.path().join("entries"))?);
        let (mut tree, mut bytes, mut last) = (Frontier::new(), 0, vec![Digest::ZERO; KEYS]);
        let mut from = 0;
        while from < entries {
            let to = (from + CHUNK).min(entries);
            let headers = (from..to)
                .map(|index| header(index, &mut last))
                .collect::<anyhow::Result<Vec<_>>>()?;
            for entry in signed(from, &headers)? {
                tree.append(leaf_hash(&entry));
                file.write_all(&u16::try_from(entry.len())?.to_be_bytes())?;
                file.write_all(&entry)?;
                bytes += entry.len() as u64;
            }
            from = to;
        }
        file.flush()?;
        let head = Checkpoint {
            origin: origin()?,
            size: entries,
            root: tree.root(),
        };
        let note = head.sign(&secret(0))?;
        std::fs::write(owned.path().join("checkpoint"), &note)?;
        Ok(Self {
            folder: owned.path().to_owned(),
            _owned: Some(owned),
            entries,
            bytes,
            note,
        })
    }

    /// One that another process made.
    pub(crate) fn open(folder: &Path) -> anyhow::Result<Self> {
        let note = std::fs::read_to_string(folder.join("checkpoint"))?;
        let key = origin()?.verifier(log_key())?;
        Ok(Self {
            folder: folder.to_owned(),
            _owned: None,
            entries: Checkpoint::open(&note, &key)?.size,
            bytes: 0,
            note,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// The entries from the first.
    pub(crate) fn reader(&self) -> anyhow::Result<Reading> {
        Ok(Reading {
            file: BufReader::with_capacity(1 << 18, File::open(self.folder.join("entries"))?),
            left: self.entries,
            places: Vec::new(),
            at: 0,
            next: 0,
        })
    }
}

pub(crate) struct Reading {
    file: BufReader<File>,
    left: u64,
    /// Where every 256th entry begins.
    places: Vec<u64>,
    at: u64,
    next: u64,
}

impl Reading {
    /// So many more entries, or what is left.
    pub(crate) fn some(&mut self, most: u64) -> anyhow::Result<Vec<Vec<u8>>> {
        let count = most.min(self.left);
        self.left -= count;
        (0..count)
            .map(|_| {
                if self.next.is_multiple_of(STRIDE) {
                    self.places.push(self.at);
                }
                let entry = self.one()?;
                self.next += 1;
                self.at += entry.len() as u64 + 2;
                Ok(entry)
            })
            .collect()
    }

    /// An entry that was read before.
    pub(crate) fn again(&mut self, index: u64) -> anyhow::Result<Vec<u8>> {
        let place = self.places.get(usize::try_from(index / STRIDE)?);
        let place = *place.context("it was never read")?;
        self.file.seek(SeekFrom::Start(place))?;
        for _ in 0..index % STRIDE {
            self.one()?;
        }
        let entry = self.one()?;
        self.file.seek(SeekFrom::Start(self.at))?;
        Ok(entry)
    }

    fn one(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut length = [0; 2];
        self.file.read_exact(&mut length)?;
        let mut entry = vec![0; usize::from(u16::from_be_bytes(length))];
        self.file.read_exact(&mut entry)?;
        Ok(entry)
    }
}

pub(crate) fn origin() -> anyhow::Result<Origin> {
    Ok(ORIGIN.parse()?)
}

pub(crate) fn log_key() -> PublicKey {
    PublicKey::of(&secret(0))
}

fn place(index: u64) -> usize {
    usize::try_from(index).unwrap_or(0) % KEYS
}

fn secret(place: usize) -> SigningKey {
    let mut secret = [9; 32];
    for (byte, part) in secret.iter_mut().zip(place.to_be_bytes()) {
        *byte = part;
    }
    SigningKey::from_bytes(&secret)
}

/// The next statement of the key whose turn it is, following its last one.
fn header(index: u64, last: &mut [Digest]) -> anyhow::Result<Header> {
    let place = place(index);
    let prev = last.get_mut(place).context("a key without a place")?;
    let header = Header {
        origin: ORIGIN.into(),
        kind: "weapon.look".into(),
        kv: 1,
        person: Digest([7; 32]),
        key: PublicKey::of(&secret(place)),
        counter: index / KEYS as u64 + 1,
        prev: *prev,
        at_ms: 1_792_800_000_000,
        head: SeenHead {
            size: index,
            root: EMPTY_ROOT,
            at_ms: 1_792_800_000_000,
        },
        shown: Shown {
            lang: "en".into(),
            words: 1,
        },
        shared: false,
        content: Content::Beside(Digest::of(&index.to_be_bytes())),
    };
    *prev = Digest::of(&header.write()?);
    Ok(header)
}

/// The entries of these statements, signed on two threads.
fn signed(from: u64, headers: &[Header]) -> anyhow::Result<Vec<Vec<u8>>> {
    let (one, other) = headers.split_at(headers.len() / 2);
    std::thread::scope(|scope| {
        let second = from + one.len() as u64;
        let first = scope.spawn(move || entries(from, one));
        let mut rest = entries(second, other)?;
        let mut all = first
            .join()
            .unwrap_or_else(|_| Err(anyhow::anyhow!("a signer broke off")))?;
        all.append(&mut rest);
        Ok(all)
    })
}

fn entries(from: u64, headers: &[Header]) -> anyhow::Result<Vec<Vec<u8>>> {
    let keys: Vec<_> = (0..KEYS).map(secret).collect();
    (from..)
        .zip(headers)
        .map(|(index, header)| {
            let key = keys.get(place(index)).context("a key without a place")?;
            let entry = Entry {
                at_ms: 1_792_800_000_000 + i64::try_from(index)?,
                statement: envelope::sign(header, key)?,
                outcome: br#"{"admitted":true,"reasons":[],"breaches":[],"owed":[],"leases":[]}"#
                    .to_vec(),
                packs: vec![format!("base@1.0.0:{}", EMPTY_ROOT)],
            };
            Ok(entry.write()?)
        })
        .collect()
}
