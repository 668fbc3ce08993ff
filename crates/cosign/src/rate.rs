//! How often one address may ask: a bucket of requests for each, filled by time.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::limit::{ADDRESSES_MAX, BURST_S};

/// The buckets. Times are ms of a clock that only goes forward.
#[derive(Debug)]
pub(crate) struct Rate {
    a_second: u32,
    buckets: BTreeMap<IpAddr, Bucket>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Thousandths of a request.
    left: u64,
    at_ms: u64,
}

impl Rate {
    pub(crate) fn new(a_second: u32) -> Self {
        Self {
            a_second: a_second.max(1),
            buckets: BTreeMap::new(),
        }
    }

    /// Whether `address` may ask now; takes one request if so.
    pub(crate) fn take(&mut self, address: IpAddr, now_ms: u64) -> bool {
        let full = u64::from(self.a_second) * u64::from(BURST_S) * 1_000;
        if self.buckets.len() >= ADDRESSES_MAX && !self.buckets.contains_key(&address) {
            self.forget_the_oldest();
        }
        let bucket = self.buckets.entry(address).or_insert(Bucket {
            left: full,
            at_ms: now_ms,
        });
        // A request a second is a thousandth of one each millisecond.
        let filled = now_ms
            .saturating_sub(bucket.at_ms)
            .saturating_mul(u64::from(self.a_second));
        bucket.left = bucket.left.saturating_add(filled).min(full);
        bucket.at_ms = now_ms;
        match bucket.left.checked_sub(1_000) {
            Some(left) => {
                bucket.left = left;
                true
            }
            None => false,
        }
    }

    /// Drops a quarter, so that a flood of addresses does not make each of them a search.
    fn forget_the_oldest(&mut self) {
        let mut times: Vec<u64> = self.buckets.values().map(|bucket| bucket.at_ms).collect();
        times.sort_unstable();
        let Some(oldest) = times.get(times.len() / 4).copied() else {
            return;
        };
        let mut room = ADDRESSES_MAX / 4;
        self.buckets.retain(|_, bucket| {
            let goes = bucket.at_ms <= oldest && room > 0;
            room -= usize::from(goes);
            !goes
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from(number).into()
    }

    #[test]
    fn an_address_has_a_burst_and_then_its_rate() {
        let mut rate = Rate::new(10);
        let taken =
            |rate: &mut Rate, now_ms| (0..100).filter(|_| rate.take(address(1), now_ms)).count();
        assert_eq!(taken(&mut rate, 0), 20);
        assert_eq!(taken(&mut rate, 99), 0);
        assert_eq!(taken(&mut rate, 100), 1);
        assert_eq!(taken(&mut rate, 1_100), 10);
        assert!(rate.take(address(2), 1_100), "another address has its own");
        assert_eq!(
            taken(&mut rate, 0),
            0,
            "a clock that goes back gives nothing"
        );
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_memory() {
        let mut rate = Rate::new(1);
        for number in 0..50_000 {
            rate.take(address(number), u64::from(number));
        }
        assert!(rate.buckets.len() <= ADDRESSES_MAX);
        let mut rate = Rate::new(1);
        for number in 0..50_000 {
            rate.take(address(number), 7);
        }
        assert!(rate.buckets.len() <= ADDRESSES_MAX);
    }
}
