//! Many callers, each with one thing on its way at a time.

use crate::spread;
use rustix::time::{ClockId, clock_gettime};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What one cell of the table measured.
pub(crate) struct Cell {
    /// Acknowledged a second.
    pub(crate) rate: f64,
    /// Half waited no longer, ms.
    pub(crate) p50_ms: f64,
    /// All but one of a hundred waited no longer, ms.
    pub(crate) p99_ms: f64,
    /// The processor's time of the whole program for each acknowledgement, µs: the figure that other work on the machine
    /// changes least.
    pub(crate) cpu_us: f64,
}

/// Lets `callers` call `once(caller, turn)` again and again until `lasts` has passed. A caller ends on its own when `once`
/// says that there is nothing left.
pub(crate) fn run(
    callers: usize,
    lasts: Duration,
    once: impl Fn(usize, usize) -> anyhow::Result<bool> + Sync,
) -> anyhow::Result<Cell> {
    let over = AtomicBool::new(false);
    let (begun, cpu_begun) = (Instant::now(), process_cpu_us());
    let ended: Vec<(Vec<f64>, Instant)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..callers)
            .map(|caller| {
                let (once, over) = (&once, &over);
                let thread = std::thread::Builder::new().name("caller".into());
                thread.spawn_scoped(scope, move || {
                    let mut waits = Vec::new();
                    for turn in 0.. {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let asked = Instant::now();
                        if !once(caller, turn)? {
                            break;
                        }
                        waits.push(asked.elapsed().as_secs_f64() * 1_000.0);
                    }
                    Ok::<_, anyhow::Error>((waits, Instant::now()))
                })
            })
            .collect();
        std::thread::sleep(lasts);
        over.store(true, Ordering::Relaxed);
        handles
            .into_iter()
            .map(|handle| {
                handle?
                    .join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a caller broke off")))
            })
            .collect::<anyhow::Result<_>>()
    })?;
    // Callers who had nothing left ended early.
    let last = ended.iter().map(|(_, at)| *at).max().unwrap_or(begun);
    let seconds = (last - begun).as_secs_f64().max(f64::MIN_POSITIVE);
    let mut waits: Vec<f64> = ended.into_iter().flat_map(|(waits, _)| waits).collect();
    waits.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts of some thousands")]
    let count = waits.len() as f64;
    Ok(Cell {
        rate: count / seconds,
        cpu_us: (process_cpu_us() - cpu_begun) / count.max(1.0),
        p50_ms: spread::at(&waits, 50),
        p99_ms: spread::at(&waits, 99),
    })
}

#[expect(clippy::cast_precision_loss, reason = "some minutes in nanoseconds")]
fn process_cpu_us() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1_000_000.0 + time.tv_nsec as f64 / 1_000.0
}
