//! A log with a fixed key, as tall as a test needs, and cosigners that follow it.

use std::path::Path;

use cosign::{Answer, Cosigner};
use ed25519_dalek::SigningKey;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::merkle::{Frontier, consistency_proof, leaf_hash};
use ledger::note::VerifierKey;
use ledger::witness::AddCheckpoint;
use ledger::{Digest, PublicKey};

/// 2026-11-25, as good as any.
pub(crate) const NOW_S: u64 = 1_795_600_000;

pub(crate) const ORIGIN: &str = "ranch.example/prairie/2021-7f3a";

pub(crate) struct Log {
    pub(crate) signing: SigningKey,
    pub(crate) origin: Origin,
    leaves: Vec<Digest>,
}

impl Log {
    /// `size` entries; those from `forks_at` on are another history's.
    pub(crate) fn of(size: u64, forks_at: Option<u64>) -> Self {
        let leaf = |at: u64| {
            let history = forks_at.is_some_and(|from| at >= from);
            leaf_hash(format!("entry {at} {history}").as_bytes())
        };
        Self {
            signing: SigningKey::from_bytes(&[7; 32]),
            origin: ORIGIN.parse().unwrap(),
            leaves: (0..size).map(leaf).collect(),
        }
    }

    pub(crate) fn key(&self) -> VerifierKey {
        self.origin.verifier(PublicKey::of(&self.signing)).unwrap()
    }

    pub(crate) fn head(&self, size: u64) -> Checkpoint {
        let mut frontier = Frontier::new();
        for leaf in &self.leaves[..usize::try_from(size).unwrap()] {
            frontier.append(*leaf);
        }
        Checkpoint {
            origin: self.origin.clone(),
            size,
            root: frontier.root(),
        }
    }

    pub(crate) fn note(&self, size: u64) -> String {
        self.head(size).sign(&self.signing).unwrap()
    }

    pub(crate) fn proof(&self, old: u64, size: u64) -> Vec<Digest> {
        let leaves = &self.leaves[..usize::try_from(size).unwrap()];
        consistency_proof(leaves, old).unwrap_or_default()
    }

    /// A request as an honest log makes it.
    pub(crate) fn request(&self, old: u64, size: u64) -> String {
        request(old, &self.proof(old, size), &self.note(size))
    }
}

pub(crate) fn request(old: u64, proof: &[Digest], note: &str) -> String {
    AddCheckpoint {
        old,
        proof: proof.to_vec(),
        note,
    }
    .write()
    .unwrap()
}

/// A cosigner in `folder` that follows the log.
pub(crate) fn cosigner(folder: &Path, name: &str) -> Cosigner {
    let cosigner = Cosigner::open(folder, Some(name)).unwrap();
    cosigner.follow(&Log::of(0, None).key(), NOW_S).unwrap();
    cosigner
}

pub(crate) fn ask(cosigner: &Cosigner, request: &str) -> Answer {
    cosigner.add_checkpoint(request.as_bytes(), NOW_S)
}

/// Status, and the body where it is a size.
pub(crate) fn brief(answer: &Answer) -> (u16, Option<u64>) {
    let size =
        (answer.media == "text/x.tlog.size").then(|| answer.body.trim_end().parse().unwrap());
    (answer.status, size)
}
