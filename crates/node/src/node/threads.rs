//! What a node does by itself: each on a thread of its own, ended when the node is closed.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::Node;
use crate::limit::{SCRUB_AFTER_MS, SCRUB_EVERY_MS, SCRUB_PAUSE_MS, TICK_MS};

impl Node {
    /// Starts the threads that see what runs out by itself, ask the cosigners and hash the log again. Without them, call
    /// [`Node::tick`], [`Node::ask_cosigners`] and [`Node::scrub`].
    ///
    /// # Errors
    /// From the operating system.
    pub fn run_clock(&mut self) -> std::io::Result<()> {
        if self.ticking.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let core = self.core.clone();
        let mut seen = 0;
        self.every("node-clock", TICK_MS, move || {
            seen = crate::tick::tick(&core, seen);
            TICK_MS
        })?;
        let core = self.core.clone();
        if core.cosigners.is_some() {
            self.every("node-cosigners", TICK_MS, move || {
                if core.frozen().is_none() {
                    core.ask_cosigners(false);
                }
                TICK_MS
            })?;
        }
        let core = self.core.clone();
        core.forget_asked();
        self.every("node-copies", TICK_MS, move || {
            core.enter_copies();
            TICK_MS
        })?;
        let core = self.core.clone();
        let mut next = 0;
        self.every("node-scrub", SCRUB_AFTER_MS, move || {
            if core.frozen().is_some() {
                return SCRUB_EVERY_MS;
            }
            let Ok(Some(after)) = core.scrub_some(next) else {
                // The end; or what could not be read now, which is tried again from the beginning.
                next = 0;
                return SCRUB_EVERY_MS;
            };
            next = after;
            SCRUB_PAUSE_MS
        })
    }

    /// Runs `turn` on a thread of its own after `first_ms`, then as many ms later as it says, until the node is closed.
    fn every(
        &mut self,
        name: &str,
        first_ms: u64,
        mut turn: impl FnMut() -> u64 + Send + 'static,
    ) -> std::io::Result<()> {
        let closing = self.closing.clone();
        let thread = std::thread::Builder::new()
            .name(name.into())
            .spawn(move || {
                let mut wait_ms = first_ms;
                loop {
                    let guard = closing.0.lock().unwrap_or_else(PoisonError::into_inner);
                    let wait = std::time::Duration::from_millis(wait_ms);
                    let (closed, _) = closing
                        .1
                        .wait_timeout_while(guard, wait, |closed| !*closed)
                        .unwrap_or_else(PoisonError::into_inner);
                    if *closed {
                        return;
                    }
                    drop(closed);
                    wait_ms = turn();
                }
            })?;
        self.tickers.push(thread);
        Ok(())
    }

    /// Looks once whether something ran out: deadlines, leases, stops that wait for their record, the wall clock.
    pub fn tick(&self) {
        crate::tick::tick(&self.core, 0);
    }
}
