//! A bar on a terminal, nothing anywhere else.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{Duration, Instant};

/// Cells of the bar.
const WIDTH: u64 = 30;
/// How often it is drawn anew: slower than a screen, faster than impatience.
const EVERY: Duration = Duration::from_millis(100);

/// How far something is, on standard error.
pub(crate) struct Bar {
    is_shown: bool,
    drawn: Option<Instant>,
    began: Instant,
}

impl Bar {
    pub(crate) fn new() -> Self {
        Self {
            is_shown: stderr().is_terminal(),
            drawn: None,
            began: Instant::now(),
        }
    }

    /// Draws `done` of `of` entries, when it is time.
    pub(crate) fn show(&mut self, done: u64, of: u64) {
        let is_time = self.drawn.is_none_or(|drawn| drawn.elapsed() >= EVERY);
        // What takes less than a moment needs no bar.
        if !self.is_shown || !is_time || self.began.elapsed() < EVERY {
            return;
        }
        self.drawn = Some(Instant::now());
        let filled = (done.min(of) * WIDTH).checked_div(of).unwrap_or_default();
        let bar: String = (0..WIDTH)
            .map(|cell| if cell < filled { '█' } else { '░' })
            .collect();
        // A terminal that went away is nobody's loss.
        write!(stderr(), "\r{bar} {done} of {of} entries").unwrap_or_default();
        stderr().flush().unwrap_or_default();
    }

    /// Wipes it.
    pub(crate) fn end(&self) {
        if self.drawn.is_some() {
            write!(stderr(), "\r\x1b[2K").unwrap_or_default();
        }
    }
}
