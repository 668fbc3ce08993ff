//! Measures one whole judgement: facts in, reasons out. `cargo run --release -p protocol --example judge`.

use domain::judge::{Gate, Judge};
use protocol::{Protocol, baselines, shipped};

#[expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "an example may look at the clock"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = std::time::Instant::now();
    let protocol = Protocol::load(&shipped())?;
    let loaded = start.elapsed();
    let baselines = baselines(&shipped()).map_err(|error| error.to_string())?;
    let rounds: usize = std::env::args()
        .nth(1)
        .map_or(Ok(2_000), |text| text.parse())?;
    let mut took = Vec::new();
    for _ in 0..rounds {
        for facts in baselines.values() {
            for gate in [Gate::TakeOut, Gate::Load, Gate::CallCold, Gate::HandOver] {
                let start = std::time::Instant::now();
                std::hint::black_box(protocol.judge(gate, std::hint::black_box(facts)));
                took.push(start.elapsed());
            }
        }
    }
    took.sort_unstable();
    let at = |per_mille: usize| {
        took.get(took.len() * per_mille / 1_000)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "load {loaded:?}; {} judgements: p50 {:?}, p99 {:?}, p99.9 {:?}",
        took.len(),
        at(500),
        at(990),
        at(999)
    );
    Ok(())
}
