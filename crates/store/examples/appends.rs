//! Durable signed appends by 1, 16 and 256 callers, beside SQLite's own group commit of bare rows, round by round.
//!
//! `cargo run --release -p store --example appends [ROUNDS] [FOLDER]`. Each caller waits for its acknowledgement before it
//! sends the next. Ours verifies the device's signature, makes the entry, hashes it into the tree and signs the head; the
//! ceiling inserts rows of the same size in WAL mode with `synchronous=FULL` and does nothing else. Absolute figures are the
//! disk's; only the ratios inside a round mean something.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement may stop at any fault"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "printed figures"
)]

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use ledger::checkpoint::Origin;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::EMPTY_ROOT;
use ledger::{Beside, Digest, PublicKey};
use store::{Ack, Append, Log, SqliteLog};

const ORIGIN: &str = "ranch.example/bench/2026-1";
const ROUND: Duration = Duration::from_secs(2);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds: usize = arguments.next().map_or(5, |rounds| rounds.parse().unwrap());
    let folder = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    println!(
        "callers |  ours/s   p50 ms   p99 ms | ceiling/s   p50 ms   p99 ms | rate ratio  p50 ratio  p99 ratio"
    );
    for callers in [1, 16, 256] {
        let mut ratios: Vec<[f64; 3]> = Vec::new();
        for _ in 0..rounds {
            let ours = ours(callers, &folder);
            let ceiling = ceiling(callers, &folder);
            let ratio = [
                ours.rate / ceiling.rate,
                ours.p50_ms / ceiling.p50_ms,
                ours.p99_ms / ceiling.p99_ms,
            ];
            println!(
                "{callers:7} | {:7.0} {:8.2} {:8.2} | {:9.0} {:8.2} {:8.2} | {:10.2} {:10.2} {:10.2}",
                ours.rate,
                ours.p50_ms,
                ours.p99_ms,
                ceiling.rate,
                ceiling.p50_ms,
                ceiling.p99_ms,
                ratio[0],
                ratio[1],
                ratio[2]
            );
            ratios.push(ratio);
        }
        let median = |i: usize| {
            let mut column: Vec<f64> = ratios.iter().map(|ratio| ratio[i]).collect();
            column.sort_by(f64::total_cmp);
            column[column.len() / 2]
        };
        println!(
            "{callers:7} | median of ratios: rate {:.2}, p50 {:.2}, p99 {:.2}",
            median(0),
            median(1),
            median(2)
        );
    }
}

struct Measured {
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
}

fn measured(mut waits: Vec<Duration>, took: Duration) -> Measured {
    waits.sort_unstable();
    let ms = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    Measured {
        rate: waits.len() as f64 / took.as_secs_f64(),
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
    }
}

/// Runs `callers` threads of `one` for a round and collects how long each acknowledgement took.
fn round(callers: usize, one: impl Fn(usize, usize) + Send + Sync + 'static) -> Measured {
    let one = Arc::new(one);
    let barrier = Arc::new(Barrier::new(callers + 1));
    let threads: Vec<_> = (0..callers)
        .map(|caller| {
            let (one, barrier) = (one.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                let begun = Instant::now();
                let mut waits = vec![];
                for turn in 0.. {
                    if begun.elapsed() >= ROUND {
                        break;
                    }
                    let sent = Instant::now();
                    one(caller, turn);
                    waits.push(sent.elapsed());
                }
                waits
            })
        })
        .collect();
    barrier.wait();
    let begun = Instant::now();
    let waits = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    measured(waits, begun.elapsed())
}

fn ours(callers: usize, folder: &Path) -> Measured {
    let folder = tempfile::tempdir_in(folder).unwrap();
    let key = SigningKey::from_bytes(&[1; 32]);
    let verifier = ORIGIN
        .parse::<Origin>()
        .unwrap()
        .verifier(PublicKey::of(&key))
        .unwrap();
    let signer = Box::new(move |head: &ledger::checkpoint::Checkpoint| {
        head.sign(&key).map_err(|error| error.to_string())
    });
    let log = SqliteLog::create(folder.path(), &verifier, signer).unwrap();
    // Signed before the clock starts: the devices do that.
    let each = 40_000 / callers + 200;
    let envelopes: Vec<Vec<(Vec<u8>, Beside)>> = std::thread::scope(|scope| {
        let made: Vec<_> = (0..callers)
            .map(|caller| scope.spawn(move || envelopes(caller, each)))
            .collect();
        made.into_iter().map(|made| made.join().unwrap()).collect()
    });
    let next = Mutex::new(0_u64);
    round(callers, move |caller, turn| {
        let (statement, beside) = envelopes[caller].get(turn).unwrap().clone();
        let opened = envelope::open(&statement).unwrap();
        let entry = Entry {
            at_ms: 0,
            statement,
            outcome: br#"{"admitted":true}"#.to_vec(),
            packs: vec![],
        };
        let append = Append::new(&opened, &entry, Some(beside)).unwrap();
        let (sender, receiver) = mpsc::sync_channel(1);
        {
            let mut next = next.lock().unwrap();
            log.submit(
                *next,
                vec![append],
                Ack::new(move |answer| sender.send(answer).unwrap()),
            );
            *next += 1;
        }
        receiver.recv().unwrap().unwrap();
    })
}

/// An entry of about 1 KiB with a short body beside it.
fn envelopes(caller: usize, each: usize) -> Vec<(Vec<u8>, Beside)> {
    let mut secret = [0x40; 32];
    secret[..8].copy_from_slice(&(caller % 40).to_le_bytes());
    let key = SigningKey::from_bytes(&secret);
    let sign = |n: usize| {
        let salt = Digest::of(&(caller * 1_000_000 + n).to_le_bytes()).0;
        let beside = Beside {
            salt,
            body: br#"{"positions":["empty","empty","empty","empty","empty","empty"]}"#.to_vec(),
        };
        let header = Header {
            origin: ORIGIN.into(),
            kind: "check.look".into(),
            kv: 1,
            person: Digest::ZERO,
            key: PublicKey::of(&key),
            counter: n as u64 + 1,
            prev: Digest::ZERO,
            at_ms: 0,
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
            content: Content::Beside(beside.commitment()),
        };
        (envelope::sign(&header, &key).unwrap(), beside)
    };
    (0..each).map(sign).collect()
}

/// Bare rows of an entry's size, many callers to a transaction, as fast as SQLite makes them durable.
fn ceiling(callers: usize, folder: &Path) -> Measured {
    type Row = (Vec<u8>, SyncSender<()>);
    let folder = tempfile::tempdir_in(folder).unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("bare.sqlite")).unwrap();
    connection
        .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
        .unwrap();
    connection
        .pragma_update(None, "synchronous", "full")
        .unwrap();
    connection
        .execute_batch("CREATE TABLE row (idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
        .unwrap();
    let (sender, receiver): (SyncSender<Row>, Receiver<Row>) = mpsc::sync_channel(4_096);
    let writer = std::thread::spawn(move || {
        let mut insert = connection
            .prepare("INSERT INTO row (bytes) VALUES (?1)")
            .unwrap();
        while let Ok(first) = receiver.recv() {
            let group: Vec<Row> = std::iter::once(first)
                .chain(receiver.try_iter().take(1_023))
                .collect();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            for (row, _) in &group {
                insert.execute([row]).unwrap();
            }
            connection.execute_batch("COMMIT").unwrap();
            for (_, ack) in group {
                ack.send(()).unwrap();
            }
        }
    });
    let sample = envelopes(0, 1).remove(0).0.len() * 4 / 3 + 100;
    let result = round(callers, move |_, _| {
        let (ack, acked) = mpsc::sync_channel(1);
        sender.send((vec![7; sample], ack)).unwrap();
        acked.recv().unwrap();
    });
    writer.join().unwrap();
    result
}
