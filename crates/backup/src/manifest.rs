//! What a backup says of itself: `about.json` first, `manifest.json` last.

use std::collections::BTreeMap;
use std::io::{self, Read};

use ledger::Digest;
use ledger::checkpoint::{Checkpoint, CheckpointError};
use ledger::note::VerifierKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The first member.
pub(crate) const ABOUT: &str = "about.json";
/// The last member.
pub(crate) const MANIFEST: &str = "manifest.json";

/// What is in a backup. Nothing of it is believed by a restore beyond what the signed head says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// 1.
    pub v: u32,
    /// `coldproof-backup`.
    pub format: String,
    /// The log's name.
    pub origin: String,
    /// The log's key as a C2SP vkey.
    pub vkey: String,
    /// Number of entries.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// The signed note over both.
    pub note: String,
    /// When it was made, ms since 1970 UTC, by the clock of the machine.
    pub made_at: i64,
    /// Version of the program that made it.
    pub program: String,
}

impl About {
    /// What `about.json` holds in version 1.
    pub(crate) const FORMAT: &'static str = "coldproof-backup";

    /// The head that it stands for, once the log's signature was checked.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn head(&self) -> Result<(VerifierKey, Checkpoint), String> {
        if self.v != 1 || self.format != Self::FORMAT {
            return Err(format!(
                "it is version {} of `{}`, which this program cannot read",
                self.v, self.format
            ));
        }
        let key: VerifierKey = self
            .vkey
            .parse()
            .map_err(|_| "its log has no proper key".to_owned())?;
        let head = Checkpoint::open(&self.note, &key)
            .map_err(|error: CheckpointError| format!("its head does not hold: {error}"))?;
        if (head.size, head.root) != (self.size, self.root) || key.name() != self.origin {
            return Err("its head is another one than it says".to_owned());
        }
        Ok((key, head))
    }
}

/// Every member but the last, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) members: Vec<Line>,
    /// Attachments that the bodies name and that were not there, or damaged, when the backup was made.
    pub(crate) missing: Vec<Digest>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: Digest,
}

impl Manifest {
    /// Bytes by the first part of their path, for people.
    pub(crate) fn sums(&self) -> BTreeMap<&str, (usize, u64)> {
        let mut sums = BTreeMap::new();
        for line in &self.members {
            let what = line.path.split('/').next().unwrap_or_default();
            let sum: &mut (usize, u64) = sums.entry(what).or_default();
            sum.0 += 1;
            sum.1 += line.bytes;
        }
        sums
    }
}

/// Hashes and counts what is read through it.
pub(crate) struct Hashed<R> {
    source: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    pub(crate) fn line(self, path: String) -> Line {
        Line {
            path,
            bytes: self.bytes,
            sha256: Digest(self.hash.finalize().into()),
        }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.hash.update(into.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }
}
