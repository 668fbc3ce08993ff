//! What time alone ends: sight, leases, acts without a countersign, locks lifted for another.

use super::{Custody, State};
use crate::{knowledge::Unknown, time::Millis};
use alloc::borrow::Cow;

impl State {
    /// The state at `now`: itself, unless something ran out since the newest entry.
    pub fn at(&self, now: Millis) -> Cow<'_, Self> {
        if self.next_lapse.is_some_and(|lapse| lapse <= now) {
            let mut moved = self.clone();
            moved.advance(now);
            Cow::Owned(moved)
        } else {
            Cow::Borrowed(self)
        }
    }

    /// Ends everything that ran out at or before `now`. What ran out when does not depend on when this is called; only a
    /// start or a jump of the clock begins the wait of a stop anew, before anything runs out.
    pub(crate) fn advance(&mut self, now: Millis) {
        if self.next_lapse.is_none_or(|lapse| lapse > now) {
            return;
        }
        for weapon in self.weapons.values_mut() {
            if let Custody::Held {
                holder,
                sight_until,
            } = weapon.custody
                && sight_until <= now
            {
                weapon.custody = Custody::OutOfSight { last: holder };
                weapon.forget(Unknown::OutOfSight);
                if let Some(issue) = &mut weapon.issue {
                    issue.unbroken = false;
                }
            }
            if weapon
                .lease
                .as_ref()
                .is_some_and(|lease| lease.until <= now)
            {
                weapon.lease = None;
            }
        }
        self.pending.retain(|_, pending| pending.until > now);
        let mut ended = 0;
        self.stops.retain(|_, stop| match stop.ends_at {
            Some(end) if end <= now => {
                ended = ended.max(end);
                false
            }
            Some(_) | None => true,
        });
        self.restarted_at = self.restarted_at.max(ended);
        self.find_next_lapse();
    }

    /// Finds when something next runs out. Called after every change.
    pub(crate) fn find_next_lapse(&mut self) {
        let weapons = self.weapons.values().flat_map(|weapon| {
            let sight = match weapon.custody {
                Custody::Held { sight_until, .. } => Some(sight_until),
                Custody::Stored { .. }
                | Custody::OutOfSight { .. }
                | Custody::OffTheRecord { .. } => None,
            };
            [sight, weapon.lease.as_ref().map(|lease| lease.until)]
        });
        let others = self
            .pending
            .values()
            .map(|pending| Some(pending.until))
            .chain(self.stops.values().map(|stop| stop.ends_at));
        self.next_lapse = weapons.chain(others).flatten().min();
    }
}
