//! The floors: the hashing and the signature checks alone, by others' code.

use super::made::Made;
use super::{Took, cpu};
use anyhow::Context as _;
use ed25519_zebra::{Signature, VerificationKeyBytes, batch};
use ledger::entry::Entry;
use ledger::merkle::{Frontier, leaf_hash};
use ledger::{Digest, envelope};
use std::convert::Infallible;
use std::time::{Duration, Instant};

/// Signatures in one batch: where the coalescing batch is fastest.
const BATCH: u64 = 8_192;

/// One signature with what it is over.
type Ready = (VerificationKeyBytes, Signature, Vec<u8>);

/// Leaf hashes, tree, and batched signatures.
pub(crate) fn whole(made: &Made) -> anyhow::Result<Took> {
    over(made, true)
}

/// Leaf hashes and tree.
pub(crate) fn hashes(made: &Made) -> anyhow::Result<Took> {
    over(made, false)
}

fn over(made: &Made, with_signatures: bool) -> anyhow::Result<Took> {
    let mut reading = made.reader()?;
    let mut tree = Frontier::new();
    let mut took = Took {
        cpu: Duration::ZERO,
        wall: Duration::ZERO,
    };
    loop {
        let chunk = reading.some(BATCH)?;
        if chunk.is_empty() {
            break;
        }
        let ready = if with_signatures {
            chunk
                .iter()
                .map(|entry| ready(entry))
                .collect::<anyhow::Result<_>>()?
        } else {
            Vec::new()
        };
        let (before, begun) = (cpu(), Instant::now());
        for entry in &chunk {
            tree.append(leaf_hash(entry));
        }
        check(&ready)?;
        took.cpu += cpu().saturating_sub(before);
        took.wall += begun.elapsed();
    }
    anyhow::ensure!(tree.root() != Digest::ZERO, "no root");
    Ok(took)
}

fn ready(entry: &[u8]) -> anyhow::Result<Ready> {
    let entry = Entry::read(entry)?;
    let (payload, key, signature) = envelope::read(&entry.statement)?;
    Ok((
        VerificationKeyBytes::from(key.0),
        Signature::from_bytes(&signature),
        envelope::pre_authentication(&payload),
    ))
}

fn check(ready: &[Ready]) -> anyhow::Result<()> {
    let mut batch = batch::Verifier::new();
    for (key, signature, message) in ready {
        batch.queue((*key, *signature, message));
    }
    batch
        .verify(Counted(1))
        .ok()
        .context("a signature does not hold")
}

/// Factors for a batch that is measured and not believed: a counter, stirred (the finalizer of splitmix64).
struct Counted(u64);

impl rand_core::TryRng for Counted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let [a, b, c, d, ..] = self.try_next_u64()?.to_be_bytes();
        Ok(u32::from_be_bytes([a, b, c, d]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let stirred = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let stirred = (stirred ^ stirred >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(stirred ^ stirred >> 31)
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for chunk in to.chunks_mut(8) {
            let drawn = self.try_next_u64()?.to_be_bytes();
            for (byte, drawn) in chunk.iter_mut().zip(drawn) {
                *byte = drawn;
            }
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Counted {}
