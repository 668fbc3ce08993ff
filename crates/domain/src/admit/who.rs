//! Whom a request concerns.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use super::ask::Ask;
use crate::{act::Act, id::*, state::Issue};
use alloc::collections::BTreeSet;

impl Ask<'_> {
    /// Who answers for the weapon; before it is issued, who asks.
    pub(super) fn handler(&self) -> PersonId {
        self.issue()
            .map_or(self.statement.by, |issue| issue.handler)
    }

    /// Whom the weapon is to go to.
    pub(super) fn takers(&self) -> BTreeSet<PersonId> {
        match &self.statement.act {
            Act::HandOver(body) => BTreeSet::from([body.to]),
            Act::TakeOut(body) => body.takers.iter().copied().collect(),
            Act::IssueBatch(body) => body.to.iter().copied().collect(),
            _ => self.issued_to().collect(),
        }
    }

    /// People expected in the action, and those whom its weapon is issued to.
    pub(super) fn expected(&self) -> impl Iterator<Item = PersonId> {
        self.action
            .into_iter()
            .flat_map(|(_, action)| action.about.people.iter().copied())
            .chain(self.issued_to())
    }

    fn issued_to(&self) -> impl Iterator<Item = PersonId> {
        self.issue()
            .into_iter()
            .flat_map(|issue| issue.takers.iter().copied())
    }

    fn issue(&self) -> Option<&Issue> {
        self.weapon.and_then(|weapon| weapon.issue.as_ref())
    }
}
