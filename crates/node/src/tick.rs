//! What runs out by itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::time::Millis;

use crate::core::Core;

/// Ticks between attempts to keep room for a stop again, and to erase what could not be: a minute.
const RESERVE_EVERY: u64 = 120;

/// Looks once. `seen` is the newest lapse already told to listeners, ms UTC; the new one is returned.
pub(crate) fn tick(core: &Arc<Core>, seen: Millis) -> Millis {
    if core.frozen().is_some() {
        return seen;
    }
    // Bit by bit, so that a proof waits for nothing and a later change on the disk is told from what was first there.
    core.with_tree(|_| ()).ok();
    let mut ahead = core.ahead();
    if ahead.in_flight == 0 && (ahead.recovering || ahead.resync) {
        core.begin_again(&mut ahead);
    }
    core.retry(&mut ahead);
    if !ahead.recovering {
        core.check_clock(&mut ahead);
        core.check_deadlines(&mut ahead);
    }
    let is_quiet = ahead.urgent.is_empty();
    drop(ahead);
    let is_time = core.ticks.fetch_add(1, Ordering::Relaxed) % RESERVE_EVERY == RESERVE_EVERY - 1;
    if let Some(log) = core.log.as_ref().filter(|_| is_quiet && is_time) {
        log.keep_reserve().ok();
        core.finish_erasing();
    }
    lapses(core, seen)
}

/// Tells listeners when a lease, a sight or a wait ran out since `seen`.
fn lapses(core: &Arc<Core>, seen: Millis) -> Millis {
    let now = core.now();
    let next = {
        let shown = core.shown();
        shown.state.at(seen).next_lapse()
    };
    if next.is_some_and(|lapse| lapse <= now) {
        core.notify();
        return now;
    }
    seen
}
