//! The node's time: the wall's, carried on by a clock that a sleeping laptop does not stop and nobody can set.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::time::Millis;
use rustix::time::{ClockId, clock_gettime};

use crate::limit::CLOCK_JUMP_MS;

/// Two clocks of one machine.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 UTC, as the machine believes; may jump.
    fn wall_ms(&self) -> Millis;
    /// Milliseconds since the machine started, asleep or not; never jumps.
    fn boot_ms(&self) -> Millis;
}

/// The machine's own clocks: `CLOCK_REALTIME` and `CLOCK_BOOTTIME`.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall_ms(&self) -> Millis {
        // Through the C library, so that a test can turn this clock under a whole program. The other one never is.
        let whole =
            |time: std::time::Duration| Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX);
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => whole(since),
            Err(before) => whole(before.duration()).saturating_neg(),
        }
    }

    fn boot_ms(&self) -> Millis {
        let time = clock_gettime(ClockId::Boottime);
        time.tv_sec
            .saturating_mul(1_000)
            .saturating_add(time.tv_nsec / 1_000_000)
    }
}

/// Where the node's time stands. It never runs backwards, whatever the wall clock does and across restarts.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// The node's time at `boot`, ms UTC.
    at: Millis,
    /// The boot-time clock then.
    boot: Millis,
    /// What the wall showed beyond the node's time when last compared, ms.
    apart: Millis,
}

impl Timeline {
    /// Begins at the wall's time, or at the newest entry's where the wall lies before it.
    pub(crate) fn begin(clock: &dyn Clock, recorded_at: Millis) -> Self {
        let (wall, boot) = (clock.wall_ms(), clock.boot_ms());
        let at = wall.max(recorded_at).max(0);
        Self {
            at,
            boot,
            apart: wall - at,
        }
    }

    /// The node's time, ms UTC.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Millis {
        self.at + (clock.boot_ms() - self.boot).max(0)
    }

    /// By how much the wall clock jumped since last asked, if it did. A jump ahead moves the node's time with it, so that
    /// nothing outlasts its end; after a jump back the node's time goes on as before.
    pub(crate) fn jump(&mut self, clock: &dyn Clock) -> Option<Millis> {
        let (wall, boot) = (clock.wall_ms(), clock.boot_ms());
        let now = self.at + (boot - self.boot).max(0);
        let by = wall - now - self.apart;
        if by.abs() <= CLOCK_JUMP_MS {
            return None;
        }
        if wall > now {
            *self = Self {
                at: wall,
                boot,
                apart: 0,
            };
        } else {
            self.apart = wall - now;
        }
        Some(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

    #[derive(Default)]
    struct Hands {
        wall: AtomicI64,
        boot: AtomicI64,
    }

    impl Hands {
        fn pass(&self, ms: Millis) {
            self.wall.fetch_add(ms, Relaxed);
            self.boot.fetch_add(ms, Relaxed);
        }
    }

    impl Clock for Hands {
        fn wall_ms(&self) -> Millis {
            self.wall.load(Relaxed)
        }
        fn boot_ms(&self) -> Millis {
            self.boot.load(Relaxed)
        }
    }

    #[test]
    fn time_goes_on_while_the_laptop_sleeps() {
        let hands = Hands::default();
        hands.wall.store(1_000_000, Relaxed);
        let mut line = Timeline::begin(&hands, 0);
        hands.pass(7_200_000);
        assert_eq!(line.jump(&hands), None);
        assert_eq!(line.now(&hands), 8_200_000);
    }

    #[test]
    fn a_jump_back_is_noticed_once_and_never_moves_time_back() {
        let hands = Hands::default();
        hands.wall.store(10_000_000, Relaxed);
        let mut line = Timeline::begin(&hands, 0);
        hands.wall.fetch_sub(3_600_000, Relaxed);
        assert_eq!(line.jump(&hands), Some(-3_600_000));
        assert_eq!(line.jump(&hands), None);
        assert_eq!(line.now(&hands), 10_000_000);
    }

    #[test]
    fn small_steps_add_up_to_a_jump() {
        let hands = Hands::default();
        let mut line = Timeline::begin(&hands, 0);
        hands.wall.fetch_add(1_500, Relaxed);
        assert_eq!(line.jump(&hands), None);
        hands.wall.fetch_add(1_500, Relaxed);
        assert_eq!(line.jump(&hands), Some(3_000));
        assert_eq!(line.now(&hands), 3_000);
    }

    #[test]
    fn a_wall_before_the_newest_entry_does_not_hold_time_still() {
        let hands = Hands::default();
        hands.wall.store(1_000, Relaxed);
        let line = Timeline::begin(&hands, 50_000);
        hands.pass(10);
        assert_eq!(line.now(&hands), 50_010);
    }
}
