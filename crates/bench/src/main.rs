//! Figures of this machine, by `cargo xtask bench`. Never shipped.
//!
//! In scope: durable appends beside the ceiling that the same SQLite sets on the same disk in the same minute; one judgement;
//! a fold. Out of scope: goals and comparisons over time. A figure without its ceiling says more of the machine than of us.

mod append;
mod ceiling;
mod crowd;
mod fold;
mod judge;
mod spread;

use anyhow::bail;
use std::time::Duration;

/// Rounds: enough for quartiles.
const ROUNDS: usize = 9;
/// One cell of one round.
const CELL: Duration = Duration::from_millis(1_500);
/// Callers at once, each waiting for its own answer before the next.
const SIGNERS: [usize; 3] = [1, 16, 256];

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let rounds = match words
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => ROUNDS,
        ["--rounds", count] => count.parse()?,
        _ => bail!("cargo xtask bench [--rounds N]"),
    };
    appends(rounds.max(1))?;
    judge::run()?;
    fold::run();
    Ok(())
}

/// Both are run in every round, one right after the other, and compared inside the round: disks have moods.
fn appends(rounds: usize) -> anyhow::Result<()> {
    println!("## Durable appends\n");
    println!(
        "{rounds} rounds, {} ms a cell, interleaved; median [quartiles] over rounds.",
        CELL.as_millis()
    );
    println!(
        "Ceiling: the same rows by one thread and group commit, SQLite in WAL with synchronous=FULL, nothing verified, hashed or signed.\n"
    );
    println!(
        "| signers | ours, /s | ack p50, ms | ack p99, ms | ceiling, /s | ceiling p50, ms | ceiling p99, ms | ours / ceiling |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for signers in SIGNERS {
        let statements = append::sign(signers)?;
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for round in 0..rounds {
            // Which goes first changes, so that neither always meets a rested disk.
            if round % 2 == 0 {
                theirs.push(ceiling::run(&statements, CELL)?);
                ours.push(append::run(&statements, CELL)?);
            } else {
                ours.push(append::run(&statements, CELL)?);
                theirs.push(ceiling::run(&statements, CELL)?);
            }
        }
        let ratios = ours
            .iter()
            .zip(&theirs)
            .map(|(one, other)| one.rate / other.rate);
        println!(
            "| {signers} | {} | {} | {} | {} | {} | {} | {} |",
            spread::of(ours.iter().map(|cell| cell.rate), 0),
            spread::of(ours.iter().map(|cell| cell.p50_ms), 2),
            spread::of(ours.iter().map(|cell| cell.p99_ms), 2),
            spread::of(theirs.iter().map(|cell| cell.rate), 0),
            spread::of(theirs.iter().map(|cell| cell.p50_ms), 2),
            spread::of(theirs.iter().map(|cell| cell.p99_ms), 2),
            spread::of(ratios, 2),
        );
    }
    Ok(())
}
