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
        "Ceiling: the same rows by one thread and group commit, SQLite in WAL with synchronous=FULL, nothing verified, hashed or signed."
    );
    println!(
        "Floor: the ceiling, with one bare strict Ed25519 verification and one leaf hashed for each row by who sends it.\n"
    );
    println!(
        "| signers | node, store, floor, ceiling: /s | node / floor | store / floor | node / ceiling | store / ceiling | ack of node, floor, ceiling: p50, ms | the same: p99, ms | node / ceiling, p99 | CPU of node, store, floor, ceiling: µs each |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for signers in signers.iter().copied() {
        row(rounds, signers)?;
    }
    Ok(())
}

fn row(rounds: usize, signers: usize) -> anyhow::Result<()> {
    let statements = append::sign(signers)?;
    let bare = ceiling::bare(&statements)?;
    let mut crowd = whole::Crowd::gather(signers)?;
    let (mut node, mut store, mut floor, mut ceiling) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        // Which goes first changes, so that none always meets a rested disk.
        for turn in 0..4 {
            match (round + turn) % 4 {
                0 => ceiling.push(ceiling::run(&statements, CELL)?),
                1 => store.push(append::run(&statements, CELL)?),
                2 => floor.push(ceiling::floor(&statements, &bare, CELL)?),
                _ => node.push(crowd.run(CELL)?),
            }
        }
    }
    let ratio = |ours: &[Cell], theirs: &[Cell], of: fn(&Cell) -> f64| {
        let pairs = ours.iter().zip(theirs);
        spread::of(pairs.map(|(one, other)| of(one) / of(other)), 2)
    };
    let each = |cells: &[&[Cell]], of: fn(&Cell) -> f64, digits: usize| {
        let all = cells
            .iter()
            .map(|cells| spread::of(cells.iter().map(of), digits));
        all.collect::<Vec<_>>().join("; ")
    };
    println!(
        "| {signers} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        each(&[&node, &store, &floor, &ceiling], |cell| cell.rate, 0),
        ratio(&node, &floor, |cell| cell.rate),
        ratio(&store, &floor, |cell| cell.rate),
        ratio(&node, &ceiling, |cell| cell.rate),
        ratio(&store, &ceiling, |cell| cell.rate),
        each(&[&node, &floor, &ceiling], |cell| cell.p50_ms, 2),
        each(&[&node, &floor, &ceiling], |cell| cell.p99_ms, 2),
        ratio(&node, &ceiling, |cell| cell.p99_ms),
        each(&[&node, &store, &floor, &ceiling], |cell| cell.cpu_us, 0),
    );
    Ok(())
}
