//! Facts about rest and hours of those who handle the weapon. Nothing entered reads as no rest and no end of the day.

use super::ask::Ask;
use crate::{facts::Facts, id::*, state::Hours};

impl Ask<'_> {
    pub(super) fn hours(&self, facts: &mut Facts) {
        let handler = self.handler();
        let known = |person: PersonId| self.state.hours.get(&person);
        if let Some(hours) = known(handler) {
            facts.handler_rest_ms = hours.rest_ms(self.now);
            facts.handler_on_clock_ms = hours.on_clock_ms(self.now);
            facts.handler_week_ms = hours.week_ms(self.now);
        }
        let rest =
            |person: &PersonId| known(*person).map_or(0, |hours: &Hours| hours.rest_ms(self.now));
        facts.taker_rest_ms = self.takers().iter().map(rest).min().unwrap_or(0);
    }
}
