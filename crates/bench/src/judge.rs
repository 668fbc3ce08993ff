//! One judgement of all shipped packs together.

use crate::spread;
use domain::facts::Facts;
use domain::judge::{Gate, Judge as _};
use protocol::Protocol;
use rustix::time::{ClockId, clock_gettime};
use std::hint::black_box;
use std::time::Instant;

/// Judgements of each gate and kind of facts.
const TURNS: usize = 2_000;

pub(crate) fn run() -> anyhow::Result<()> {
    let mut packs = protocol::shipped();
    packs.retain(|pack| node::FIRST_PACKS.contains(&pack.name.as_str()));
    let protocol = Protocol::load(&packs)?;
    // What is known of nothing makes every rule speak, which is the slowest.
    let facts = Facts::default();
    let mut times = Vec::with_capacity(Gate::ALL.len() * TURNS);
    let mut cpu = Vec::with_capacity(Gate::ALL.len() * TURNS);
    for turn in 0..TURNS + 50 {
        for gate in Gate::ALL {
            let (begun, cpu_begun) = (Instant::now(), thread_cpu_ms());
            black_box(protocol.judge(*gate, black_box(&facts)));
            if turn >= 50 {
                cpu.push(thread_cpu_ms() - cpu_begun);
                times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    cpu.sort_by(f64::total_cmp);
    println!("\n## Judgement\n");
    println!(
        "All shipped packs, every gate, facts with which most rules refuse, {} times: p50 {:.3} ms, p99 {:.3} ms (target: p99 under 1 ms); of the processor's time, which other work on the machine does not lengthen: p50 {:.3} ms, p99 {:.3} ms.",
        times.len(),
        spread::at(&times, 50),
        spread::at(&times, 99),
        spread::at(&cpu, 50),
        spread::at(&cpu, 99)
    );
    Ok(())
}

/// This thread's time on a processor, ms.
#[expect(clippy::cast_precision_loss, reason = "some seconds in nanoseconds")]
fn thread_cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1_000.0 + time.tv_nsec as f64 / 1_000_000.0
}
