//! When somebody of the weapons chain was called and wrapped. Never a score of a person.

use crate::time::Millis;
use alloc::collections::BTreeMap;

const WEEK_MS: Millis = 7 * 24 * 3_600_000;
/// Days kept: two weeks say everything that a rule asks.
const DAYS_KEPT: usize = 14;

/// One person's days, by when they were called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// Wrap of each day by its call, ms UTC; `None` while it lasts.
    days: BTreeMap<Millis, Option<Millis>>,
}

impl Hours {
    /// Enters a day; the same call again takes the later wrap. A wrap before its call is no wrap.
    pub(crate) fn enter(&mut self, called_at: Millis, wrapped_at: Option<Millis>) {
        let wrapped_at = wrapped_at.filter(|wrapped_at| *wrapped_at >= called_at);
        let day = self.days.entry(called_at).or_default();
        *day = (*day).max(wrapped_at);
        while self.days.len() > DAYS_KEPT {
            self.days.pop_first();
        }
    }

    /// Rest between the newest call up to `now` and the wrap before it; 0 where that wrap was not entered: nobody can say.
    pub fn rest_ms(&self, now: Millis) -> Millis {
        let mut newest = self.days.range(..=now).rev();
        match (newest.next(), newest.next()) {
            (Some((called_at, _)), Some((_, Some(wrapped_at)))) => (called_at - wrapped_at).max(0),
            _ => 0,
        }
    }

    /// Since the newest call up to `now`, while that day lasts; its whole length once it is wrapped. A day that is only
    /// planned does not begin the clock anew.
    pub fn on_clock_ms(&self, now: Millis) -> Millis {
        self.days
            .range(..=now)
            .next_back()
            .map_or(Millis::MAX, |(called_at, wrapped_at)| {
                (wrapped_at.unwrap_or(now) - called_at).max(0)
            })
    }

    /// Hours of the seven days up to `now`; a day without a wrap counts to the next call, the newest to `now`.
    pub fn week_ms(&self, now: Millis) -> Millis {
        let ends = self.days.keys().skip(1).copied().chain([now]);
        self.days
            .iter()
            .zip(ends)
            .map(|((called_at, wrapped_at), next)| {
                let from = (*called_at).max(now - WEEK_MS);
                (wrapped_at.unwrap_or(next).min(now) - from).max(0)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Millis = 3_600_000;

    fn hours(days: &[(Millis, Option<Millis>)]) -> Hours {
        let mut hours = Hours::default();
        for (called, wrapped) in days {
            hours.enter(called * HOUR, wrapped.map(|at| at * HOUR));
        }
        hours
    }

    #[test]
    fn rest_is_from_the_wrap_before_to_the_newest_call() {
        let rest = |days: &[_]| hours(days).rest_ms(40 * HOUR);
        assert_eq!(rest(&[]), 0);
        assert_eq!(rest(&[(6, Some(20)), (30, None)]), 10 * HOUR);
        assert_eq!(rest(&[(30, None), (6, Some(20))]), 10 * HOUR);
        // Nobody entered the wrap before, or it lies after the call.
        assert_eq!(rest(&[(6, None)]), 0);
        assert_eq!(rest(&[(6, None), (30, None)]), 0);
        assert_eq!(rest(&[(6, Some(31)), (30, None)]), 0);
        assert_eq!(rest(&[(6, Some(5)), (30, None)]), 0);
        // Tomorrow's call changes nothing today.
        assert_eq!(rest(&[(6, Some(20)), (30, None), (60, None)]), 10 * HOUR);
        let planned = hours(&[(6, None), (30, None)]);
        assert_eq!(planned.on_clock_ms(20 * HOUR), 14 * HOUR);
    }

    #[test]
    fn the_clock_runs_from_the_call_and_a_later_wrap_counts() {
        assert_eq!(hours(&[]).on_clock_ms(9 * HOUR), Millis::MAX);
        assert_eq!(hours(&[(6, None)]).on_clock_ms(9 * HOUR), 3 * HOUR);
        let twice = hours(&[(6, Some(18)), (6, Some(20))]);
        assert_eq!(twice.on_clock_ms(23 * HOUR), 14 * HOUR);
        assert_eq!(hours(&[(6, Some(20)), (6, Some(18))]), twice);
    }

    #[test]
    fn a_week_is_the_last_seven_days_and_no_more() {
        let days: Vec<(Millis, Option<Millis>)> = (0..20)
            .map(|day| (day * 24 + 6, Some(day * 24 + 18)))
            .collect();
        let all = hours(&days);
        assert_eq!(all.week_ms((19 * 24 + 18) * HOUR), 84 * HOUR);
        assert_eq!(hours(&[(6, None)]).week_ms(9 * HOUR), 3 * HOUR);
        assert_eq!(hours(&[(6, None)]).week_ms(0), 0);
    }

    use alloc::vec::Vec;
}
