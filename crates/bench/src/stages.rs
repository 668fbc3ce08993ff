//! One append taken apart, on one thread: where the processor's time goes.

use crate::append::{self, Ready};
use domain::act::Act;
use ed25519_dalek::{Signer as _, SigningKey};
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::entry::Entry;
use ledger::envelope::{self, Header};
use ledger::merkle::leaf_hash;
use ledger::{Digest, PublicKey, verify};
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;

/// Statements, each put through every stage.
const TURNS: usize = 4_000;

pub(crate) fn run() -> anyhow::Result<()> {
    let statements = append::sign(40)?;
    let ready: Vec<&Ready> = statements.iter().flatten().take(TURNS).collect();
    println!("\n## One append taken apart\n");
    println!(
        "{} statements of 40 keys, one thread, the processor's time.\n",
        ready.len()
    );
    println!("| stage | µs each |\n| --- | --- |");
    stage("bare SHA-256 of the entry", &ready, |one| {
        black_box(leaf_hash(&one.envelope));
    });
    let pae: Vec<_> = ready
        .iter()
        .filter_map(|one| {
            let (payload, key, signature) = envelope::read(&one.envelope).ok()?;
            Some((envelope::pre_authentication(&payload), key, signature))
        })
        .collect();
    stage(
        "bare Ed25519, strict, key decompressed each time",
        &pae,
        |(message, key, signature)| {
            black_box(key.verify(message, signature).is_ok());
        },
    );
    stage("envelope read strictly", &ready, |one| {
        black_box(envelope::read(&one.envelope).is_ok());
    });
    let payloads: Vec<_> = ready
        .iter()
        .filter_map(|one| Some(envelope::read(&one.envelope).ok()?.0))
        .collect();
    stage("payload read strictly", &payloads, |payload| {
        black_box(Header::read(payload).is_ok());
    });
    stage("envelope opened: all of these", &ready, |one| {
        black_box(envelope::open(&one.envelope).is_ok());
    });
    stage("body against its commitment", &ready, |one| {
        black_box(one.beside.commitment());
    });
    stage("body read", &ready, |one| {
        black_box(Act::read("note", 1, &one.beside.body).is_ok());
    });
    let entries: Vec<Entry> = ready
        .iter()
        .map(|one| Entry {
            at_ms: 1_792_800_000_000,
            statement: one.envelope.clone(),
            outcome: br#"{"admitted":true}"#.to_vec(),
            packs: vec![],
        })
        .collect();
    stage("entry written", &entries, |entry| {
        black_box(entry.write().is_ok());
    });
    let bytes: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.write().ok())
        .collect();
    stage("leaf, second way", &bytes, |bytes| {
        black_box(verify::leaf(bytes));
    });
    let key = SigningKey::from_bytes(&[7; 32]);
    let head = Checkpoint {
        origin: "bench.example/high-desert/1".parse::<Origin>()?,
        size: 9,
        root: Digest([3; 32]),
    };
    let note = head.sign(&key)?;
    let verifier = head.origin.verifier(PublicKey::of(&key))?;
    stage("bare Ed25519 signature", &ready, |one| {
        black_box(key.sign(&one.beside.salt));
    });
    stage("checkpoint signed (each commit)", &ready, |_| {
        black_box(head.sign(&key).is_ok());
    });
    stage("checkpoint opened (each commit)", &ready, |_| {
        black_box(Checkpoint::open(&note, &verifier).is_ok());
    });
    Ok(())
}

fn stage<T>(name: &str, items: &[T], mut once: impl FnMut(&T)) {
    for item in items.iter().take(50) {
        once(item);
    }
    let begun = thread_cpu_us();
    for item in items {
        once(item);
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let each = (thread_cpu_us() - begun) / items.len().max(1) as f64;
    println!("| {name} | {each:.2} |");
}

/// This thread's time on a processor, µs.
#[expect(clippy::cast_precision_loss, reason = "some seconds in nanoseconds")]
fn thread_cpu_us() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1_000_000.0 + time.tv_nsec as f64 / 1_000.0
}
