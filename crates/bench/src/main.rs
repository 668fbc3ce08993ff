//! Figures of this machine, by `cargo xtask bench`. Never shipped.
//!
//! In scope: durable appends beside the ceiling that the same SQLite sets on the same disk in the same minute; one judgement;
//! a fold; cosigning; verifying a long log. Out of scope: goals and comparisons over time. A figure without its ceiling says more of the machine than of us.

mod append;
mod ceiling;
mod cosigning;
mod crowd;
mod fold;
mod judge;
mod spread;
mod stages;
mod verify;
mod whole;

use anyhow::bail;
use crowd::Cell;
use std::time::Duration;

/// Rounds: enough for quartiles.
const ROUNDS: usize = 9;
/// One cell of one round.
const CELL: Duration = Duration::from_millis(1_500);
/// Callers at once, each waiting for its own answer before the next.
const SIGNERS: [usize; 3] = [1, 16, 256];

/// What to show; all of it unless told.
const PARTS: [&str; 6] = ["appends", "stages", "judge", "fold", "cosign", "verify"];

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let (mut rounds, mut signers, mut parts) = (ROUNDS, SIGNERS.to_vec(), Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rounds" => rounds = words.next().unwrap_or_default().parse()?,
            "--signers" => signers = vec![words.next().unwrap_or_default().parse()?],
            part if PARTS.contains(&part) => parts.push(word),
            _ => bail!(
                "cargo xtask bench [{}]... [--rounds N] [--signers N]",
                PARTS.join("|")
            ),
        }
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|one| one == part);
    if wanted("appends") {
        appends(rounds.max(1), &signers)?;
    }
    if wanted("stages") {
        stages::run()?;
    }
    if wanted("judge") {
        judge::run()?;
    }
    if wanted("fold") {
        fold::run();
    }
    if wanted("cosign") {
        cosigning::run(rounds)?;
    }
    if wanted("verify") {
        verify::run()?;
    }
    Ok(())
}

/// All are run in every round, one right after the other, and compared inside the round: disks have moods.
fn appends(rounds: usize, signers: &[usize]) -> anyhow::Result<()> {
    println!("## Durable appends\n");
    println!(
        "{rounds} rounds, {} ms a cell, interleaved; median [quartiles] over rounds.",
        CELL.as_millis()
    );
    println!(
        "Node: verified, judged, admitted, folded, appended, shown. Store: verified and appended."
    );
    println!(
        "Ceiling: the same rows by one thread and group commit, SQLite in WAL with synchronous=FULL, nothing verified, hashed or signed.\n"
    );
    println!(
        "| signers | node, /s | ack p50, ms | ack p99, ms | store, /s | ceiling, /s | ceiling p50, ms | ceiling p99, ms | node / ceiling | store / ceiling | CPU of node, store, ceiling, µs each |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for signers in signers.iter().copied() {
        let statements = append::sign(signers)?;
        let mut crowd = whole::Crowd::gather(signers)?;
        let (mut node, mut store, mut ceiling) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..rounds {
            // Which goes first changes, so that none always meets a rested disk.
            for turn in 0..3 {
                match (round + turn) % 3 {
                    0 => ceiling.push(ceiling::run(&statements, CELL)?),
                    1 => store.push(append::run(&statements, CELL)?),
                    _ => node.push(crowd.run(CELL)?),
                }
            }
        }
        let rates = |cells: &[Cell]| cells.iter().map(|cell| cell.rate).collect::<Vec<_>>();
        let cpu = |cells: &[Cell]| spread::of(cells.iter().map(|cell| cell.cpu_us), 0);
        let ratio = |ours: &[Cell]| {
            let pairs = ours.iter().zip(&ceiling);
            spread::of(pairs.map(|(one, other)| one.rate / other.rate), 2)
        };
        println!(
            "| {signers} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {}; {}; {} |",
            spread::of(rates(&node).into_iter(), 0),
            spread::of(node.iter().map(|cell| cell.p50_ms), 2),
            spread::of(node.iter().map(|cell| cell.p99_ms), 2),
            spread::of(rates(&store).into_iter(), 0),
            spread::of(rates(&ceiling).into_iter(), 0),
            spread::of(ceiling.iter().map(|cell| cell.p50_ms), 2),
            spread::of(ceiling.iter().map(|cell| cell.p99_ms), 2),
            ratio(&node),
            ratio(&store),
            cpu(&node),
            cpu(&store),
            cpu(&ceiling),
        );
    }
    Ok(())
}
