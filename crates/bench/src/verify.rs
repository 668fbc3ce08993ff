//! Verifying a log of 1,000,000 entries, beside the floor of its hashing and signature checks.
//!
//! The log lies in one file, entries as in a bundle of an export, and is read from it by every runner, the floors included
//! (whose reading is not counted). Goals are those of the record's design: V1 to V4 and E1.

mod floor;
mod made;
mod runs;

use crate::spread;
use made::Made;
use std::process::Command;
use std::time::{Duration, Instant};

/// Entries, unless `COLDPROOF_BENCH_ENTRIES` says otherwise.
const ENTRIES: u64 = 1_000_000;
/// Rounds, unless `COLDPROOF_BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 5;
/// Of so many entries is one checked in which each signature is checked by itself: that takes four times as long.
const ONE_IN: u64 = 8;

const ENTRIES_WORD: &str = "COLDPROOF_BENCH_ENTRIES";
const ROUNDS_WORD: &str = "COLDPROOF_BENCH_ROUNDS";
/// Set for the process whose memory is measured: how many threads it takes.
const THREADS_WORD: &str = "COLDPROOF_BENCH_VERIFY_THREADS";
/// And which log it verifies.
const LOG_WORD: &str = "COLDPROOF_BENCH_VERIFY_LOG";

/// One runner once over the log.
#[derive(Clone, Copy)]
struct Took {
    cpu: Duration,
    wall: Duration,
}

pub(crate) fn run() -> anyhow::Result<()> {
    if let Some(log) = std::env::var_os(LOG_WORD) {
        return measured(std::path::Path::new(&log));
    }
    let entries = number(ENTRIES_WORD)?.unwrap_or(ENTRIES).max(1);
    let rounds = usize::try_from(number(ROUNDS_WORD)?.unwrap_or(0))?;
    let rounds = if rounds == 0 { ROUNDS } else { rounds };
    let made = Made::new(entries)?;
    let part = Made::new((entries / ONE_IN).max(1))?;
    println!("\n## Verifying a log\n");
    println!(
        "{entries} entries of {} bytes in the mean, {} keys, bodies left out; {rounds} rounds, interleaved; median [quartiles].",
        made.bytes / entries,
        made::KEYS
    );
    println!(
        "Floor: leaf hash and tree, and Ed25519 in batches of 8,192 under the same keys by ed25519-zebra, which lets parts in the small subgroup pass; CPU time, reading not counted."
    );
    println!(
        "Whole: read, strictly parsed, hashed, signatures by the strict rule in batches, keys, order, ids, gaps, tree.\n"
    );
    let mut all = Rows::default();
    for round in 0..rounds {
        // What is compared lies side by side, and which goes first changes.
        for turn in 0..3 {
            match (round + turn) % 3 {
                0 => all.floor.push(floor::whole(&made)?),
                1 => all.one.push(timed(|| runs::whole(&made, 1, true))?),
                _ => all.two.push(timed(|| runs::whole(&made, 2, true))?),
            }
        }
        all.part.push(timed(|| runs::whole(&part, 1, true))?);
        all.singly.push(timed(|| runs::whole(&part, 1, false))?);
        all.hashes.push(floor::hashes(&made)?);
        all.structure.push(timed(|| runs::structure(&made))?);
    }
    all.print(entries, part.entries);
    for threads in [1, 2] {
        println!(
            "| peak memory, {threads} {} | {} MiB (goal E1: at most 64) |",
            if threads == 1 { "thread" } else { "threads" },
            peak(&made, threads)?
        );
    }
    Ok(())
}

/// What each runner took, round by round.
#[derive(Default)]
struct Rows {
    floor: Vec<Took>,
    one: Vec<Took>,
    two: Vec<Took>,
    part: Vec<Took>,
    singly: Vec<Took>,
    hashes: Vec<Took>,
    structure: Vec<Took>,
}

impl Rows {
    fn print(&self, entries: u64, part: u64) {
        println!("| runner | CPU, s | wall, s | entries/s, wall |");
        println!("| --- | --- | --- | --- |");
        let row = |name: &str, took: &[Took], entries: u64| {
            #[expect(clippy::cast_precision_loss, reason = "millions")]
            let entries = entries as f64;
            println!(
                "| {name} | {} | {} | {} |",
                spread::of(took.iter().map(|took| took.cpu.as_secs_f64()), 2),
                spread::of(took.iter().map(|took| took.wall.as_secs_f64()), 2),
                spread::of(took.iter().map(|took| entries / took.wall.as_secs_f64()), 0),
            );
        };
        row(
            "floor: leaf hashes, tree, batched Ed25519",
            &self.floor,
            entries,
        );
        row("whole, one thread", &self.one, entries);
        row("whole, two threads", &self.two, entries);
        row(&format!("whole, {part} entries, batched"), &self.part, part);
        row(
            &format!("whole, {part} entries, one signature at a time"),
            &self.singly,
            part,
        );
        row("floor: leaf hashes and tree", &self.hashes, entries);
        row(
            "structure: read, leaf hashes, tiles, two roots",
            &self.structure,
            entries,
        );
        let ratio = |one: &[Took], other: &[Took], of: fn(&Took) -> Duration| {
            let pairs = one.iter().zip(other);
            spread::of(
                pairs.map(|(one, other)| of(one).as_secs_f64() / of(other).as_secs_f64()),
                2,
            )
        };
        println!("\n| goal | reached |\n| --- | --- |");
        println!(
            "| V1 structure / SHA-256 floor, CPU: at most 2 | {} |",
            ratio(&self.structure, &self.hashes, |took| took.cpu)
        );
        println!(
            "| V2 floor / whole, CPU: at least 0.70 | {} |",
            ratio(&self.floor, &self.one, |took| took.cpu)
        );
        println!(
            "| V3 one at a time / batched, CPU: at least 2.5 | {} |",
            ratio(&self.singly, &self.part, |took| took.cpu)
        );
        println!(
            "| V4 one thread / two, wall: at least 1.8 on two idle cores | {} |",
            ratio(&self.one, &self.two, |took| took.wall)
        );
    }
}

fn timed(run: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Took> {
    let (cpu, wall) = (cpu(), Instant::now());
    run()?;
    Ok(Took {
        cpu: self::cpu().saturating_sub(cpu),
        wall: wall.elapsed(),
    })
}

/// CPU time of this process so far, all threads.
fn cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn number(word: &str) -> anyhow::Result<Option<u64>> {
    Ok(std::env::var(word)
        .ok()
        .map(|text| text.parse())
        .transpose()?)
}

/// The most memory that a process of its own held while it verified, MiB.
fn peak(made: &Made, threads: usize) -> anyhow::Result<String> {
    let output = Command::new(std::env::current_exe()?)
        .arg("verify")
        .env(LOG_WORD, made.path())
        .env(THREADS_WORD, threads.to_string())
        .output()?;
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// In the process whose memory is measured.
fn measured(log: &std::path::Path) -> anyhow::Result<()> {
    let threads = usize::try_from(number(THREADS_WORD)?.unwrap_or(1))?;
    runs::whole(&Made::open(log)?, threads, true)?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or_else(|| anyhow::anyhow!("this system does not say how much memory was held"))?;
    println!("{:.1}", kib.trim().parse::<f64>()? / 1_024.0);
    Ok(())
}
