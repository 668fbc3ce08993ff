//! `add-checkpoint` beside one-row commits of the same SQLite on the same disk in the same minute.
//!
//! The cosigner reads the request, verifies the log's signature and a consistency proof, compares and swaps the head, keeps
//! the one before, signs, commits. The ceiling writes one row of the same bytes and commits.

use crate::crowd::{self, Cell};
use crate::{CELL, spread};
use anyhow::Context as _;
use cosign::Cosigner;
use ed25519_dalek::SigningKey;
use ledger::PublicKey;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::merkle::leaf_hash;
use ledger::note::VerifierKey;
use ledger::tile::Rows;
use ledger::witness::AddCheckpoint;
use rusqlite::{Connection, params};
use std::sync::Mutex;

/// Heads prepared: more than a fast disk commits in one cell.
const HEADS: u64 = 12_000;

/// 2026-11-25.
const NOW_S: u64 = 1_795_600_000;

/// A log's heads, each with the request that shows it after the one before.
struct Prepared {
    log: VerifierKey,
    requests: Vec<Vec<u8>>,
}

/// Prints the table.
pub(crate) fn run(rounds: usize) -> anyhow::Result<()> {
    println!("## Cosigning\n");
    println!(
        "{rounds} rounds, {} ms a cell, interleaved; median [quartiles] over rounds. One asker, each head one entry larger.",
        CELL.as_millis()
    );
    println!(
        "Ceiling: one row of the same bytes a commit, SQLite in WAL with synchronous=FULL, nothing verified or signed.\n"
    );
    println!(
        "| add-checkpoint, /s | p50, ms | p99, ms | ceiling, /s | p50, ms | p99, ms | ratio | CPU of each, µs |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let prepared = prepare()?;
    let (mut ours, mut ceilings) = (Vec::new(), Vec::new());
    for round in 0..rounds.max(1) {
        // Which goes first changes, so that none always meets a rested disk.
        for turn in 0..2 {
            if (round + turn) % 2 == 0 {
                ceilings.push(ceiling(&prepared)?);
            } else {
                ours.push(cosigner(&prepared)?);
            }
        }
    }
    let of = |cells: &[Cell], figure: fn(&Cell) -> f64, digits| {
        spread::of(cells.iter().map(figure), digits)
    };
    let ratios = ours.iter().zip(&ceilings);
    println!(
        "| {} | {} | {} | {} | {} | {} | {} | {}; {} |\n",
        of(&ours, |cell| cell.rate, 0),
        of(&ours, |cell| cell.p50_ms, 2),
        of(&ours, |cell| cell.p99_ms, 2),
        of(&ceilings, |cell| cell.rate, 0),
        of(&ceilings, |cell| cell.p50_ms, 2),
        of(&ceilings, |cell| cell.p99_ms, 2),
        spread::of(ratios.map(|(one, other)| one.rate / other.rate), 2),
        of(&ours, |cell| cell.cpu_us, 0),
        of(&ceilings, |cell| cell.cpu_us, 0),
    );
    Ok(())
}

fn prepare() -> anyhow::Result<Prepared> {
    let signing = SigningKey::from_bytes(&[7; 32]);
    let origin: Origin = "ranch.example/bench/2026-1".parse()?;
    let log = origin.verifier(PublicKey::of(&signing))?;
    let mut rows = Rows::default();
    let mut requests = Vec::new();
    for size in 1..=HEADS {
        rows.append(leaf_hash(&size.to_be_bytes()));
        let head = Checkpoint {
            origin: origin.clone(),
            size,
            root: rows.root(size).context("a root")?,
        };
        let old = size - 1;
        let proof = if old == 0 {
            Vec::new()
        } else {
            rows.consistency_proof(old, size).context("a proof")?
        };
        let note = head.sign(&signing)?;
        let request = AddCheckpoint {
            old,
            proof,
            note: &note,
        };
        requests.push(request.write()?.into_bytes());
    }
    Ok(Prepared { log, requests })
}

fn cosigner(prepared: &Prepared) -> anyhow::Result<Cell> {
    let folder = tempfile::tempdir()?;
    let cosigner = Cosigner::open(folder.path(), Some("bench.example/cosigner"))?;
    cosigner.follow(&prepared.log, NOW_S)?;
    crowd::run(1, CELL, |_, turn| {
        let Some(request) = prepared.requests.get(turn) else {
            return Ok(false);
        };
        let answer = cosigner.add_checkpoint(request, NOW_S);
        anyhow::ensure!(answer.status == 200, "{}: {}", answer.status, answer.body);
        Ok(true)
    })
}

fn ceiling(prepared: &Prepared) -> anyhow::Result<Cell> {
    let folder = tempfile::tempdir()?;
    let file = Connection::open(folder.path().join("ceiling.db"))?;
    file.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    file.pragma_update(None, "synchronous", "full")?;
    file.execute_batch("create table head (idx integer primary key, note blob not null)")?;
    // One caller; the lock only says so to the compiler.
    let file = Mutex::new(file);
    crowd::run(1, CELL, |_, turn| {
        let Some(request) = prepared.requests.get(turn) else {
            return Ok(false);
        };
        let file = file.lock().ok().context("the caller broke off")?;
        let index = i64::try_from(turn)?;
        // Outside a transaction each statement is one.
        file.prepare_cached("insert into head values (?1, ?2)")?
            .execute(params![index, request])?;
        Ok(true)
    })
}
