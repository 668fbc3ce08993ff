//! When a log asks one of its cosigners: a pure decision over a clock that only goes forward.
//!
//! At most once a second while the log grows; once an hour when it does not, since the age of a cosignature is evidence; and
//! with growing pauses when the cosigner cannot be reached. No acknowledgement ever waits for any of it.

/// The least time between two requests to one cosigner, ms.
pub const ASK_EVERY_MS: u64 = 1_000;

/// The age of a cosignature at which it is asked for anew though nothing grew, ms.
pub const RENEW_EVERY_MS: u64 = 3_600_000;

/// The longest pause after failures, ms. A set that comes back into a network is cosigned within it.
pub const BACK_OFF_MS_MAX: u64 = 300_000;

/// What was asked of one cosigner and what came of it. All times are ms of a clock that only goes forward while the program
/// runs; a new start begins with [`Pace::default`], which asks at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pace {
    asked_ms: Option<u64>,
    cosigned: Option<Cosigned>,
    failures: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cosigned {
    size: u64,
    at_ms: u64,
}

/// What to do about one cosigner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask now.
    Ask,
    /// Nothing before this time, ms of the same clock; look again then, or when the log grew.
    Wait(u64),
}

impl Pace {
    /// What to do at `now_ms` when the log has `size` entries.
    pub fn next(&self, size: u64, now_ms: u64) -> Next {
        let Some(asked_ms) = self.asked_ms else {
            return Next::Ask;
        };
        let due_ms = if self.failures > 0 {
            asked_ms.saturating_add(back_off_ms(self.failures))
        } else {
            match self.cosigned {
                Some(cosigned) if cosigned.size >= size => {
                    cosigned.at_ms.saturating_add(RENEW_EVERY_MS)
                }
                Some(_) | None => asked_ms.saturating_add(ASK_EVERY_MS),
            }
        };
        if now_ms >= due_ms {
            Next::Ask
        } else {
            Next::Wait(due_ms)
        }
    }

    /// It was asked.
    pub fn asked(&mut self, now_ms: u64) {
        self.asked_ms = Some(now_ms);
    }

    /// It cosigned a head of `size` entries.
    pub fn cosigned(&mut self, size: u64, now_ms: u64) {
        self.failures = 0;
        self.cosigned = Some(Cosigned {
            size,
            at_ms: now_ms,
        });
    }

    /// It could not be reached, or refused: the next pause is twice as long.
    pub fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// It said which size it cosigned last, and is asked again from there, after the least pause.
    pub fn corrected(&mut self) {
        self.failures = 0;
    }
}

/// One second doubled with each failure after the first, to the most.
fn back_off_ms(failures: u32) -> u64 {
    ASK_EVERY_MS
        .saturating_mul(
            1_u64
                .checked_shl(failures.saturating_sub(1))
                .unwrap_or(u64::MAX),
        )
        .min(BACK_OFF_MS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(size: u64, at_ms: u64) -> Pace {
        let mut pace = Pace::default();
        pace.asked(at_ms);
        pace.cosigned(size, at_ms);
        pace
    }

    #[test]
    fn a_start_asks_at_once() {
        assert_eq!(Pace::default().next(0, 0), Next::Ask);
    }

    #[test]
    fn a_log_that_grows_is_shown_at_most_once_a_second() {
        let pace = asked(5, 10_000);
        assert_eq!(pace.next(6, 10_400), Next::Wait(11_000));
        assert_eq!(pace.next(6, 11_000), Next::Ask);
    }

    #[test]
    fn a_log_at_rest_is_shown_once_an_hour() {
        let pace = asked(5, 10_000);
        assert_eq!(pace.next(5, 20_000), Next::Wait(3_610_000));
        assert_eq!(pace.next(5, 3_610_000), Next::Ask);
    }

    #[test]
    fn pauses_after_failures_double_to_five_minutes_and_end_with_a_success() {
        let mut pace = asked(5, 0);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            pace.asked(0);
            pace.failed();
            let Next::Wait(at) = pace.next(9, 0) else {
                unreachable!("a failure pauses")
            };
            pauses.push(at);
        }
        assert_eq!(pauses[..4], [1_000, 2_000, 4_000, 8_000]);
        assert_eq!(pauses[11], BACK_OFF_MS_MAX);
        pace.failures = u32::MAX;
        assert_eq!(pace.next(9, 0), Next::Wait(BACK_OFF_MS_MAX));
        pace.cosigned(9, 500);
        assert_eq!(pace.next(10, 600), Next::Wait(1_000));
    }

    #[test]
    fn a_correction_is_followed_after_a_second() {
        let mut pace = Pace::default();
        pace.asked(100);
        pace.failed();
        pace.corrected();
        assert_eq!(pace.next(9, 100), Next::Wait(1_100));
    }

    use alloc::vec::Vec;
}
