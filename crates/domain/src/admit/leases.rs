//! Leases of COLD and HOT: made here, from a granted request.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use crate::{
    act::Act,
    id::*,
    lease::{Granted, Lease},
    outcome::{LeaseKind, LeaseTerms, Limits},
    refusal::Refusal,
    state::State,
    statement::Statement,
    time::Millis,
};
use alloc::vec::Vec;

/// The leases that this request, granted, makes.
pub(super) fn of(
    granted: &Granted,
    state: &State,
    statement: &Statement,
    now: Millis,
    limits: &Limits,
) -> Result<Vec<Lease>, Refusal> {
    let (kind, weapons, lasts_ms) = match &statement.act {
        Act::CallCold(body) => (LeaseKind::Cold, body.weapons.as_slice(), body.lasts_ms),
        Act::CallHot(body) => (
            LeaseKind::Hot,
            core::slice::from_ref(&body.weapon),
            body.lasts_ms,
        ),
        _ => return Ok(Vec::new()),
    };
    if lasts_ms > limits.lease_ms {
        return Err(Refusal::TooShort);
    }
    weapons
        .iter()
        .map(|id| one(granted, state, *id, kind, now + limits.lease_ms))
        .collect()
}

fn one(
    granted: &Granted,
    state: &State,
    id: WeaponId,
    kind: LeaseKind,
    until: Millis,
) -> Result<Lease, Refusal> {
    let weapon = state.weapons.get(&id).ok_or(Refusal::Unreceived)?;
    let issue = weapon.issue.as_ref().ok_or(Refusal::NoIssue)?;
    let known = weapon
        .knowledge
        .known
        .as_ref()
        .ok_or_else(|| Refusal::NotTwoLooks {
            looks: 0,
            why: weapon.knowledge.why.says(),
        })?;
    let [first, second] = known.looks;
    let terms = LeaseTerms {
        kind,
        weapon: id,
        handler: issue.handler,
        takers: issue.takers.clone(),
        action: issue.action,
        until,
        rests_on: Vec::from([issue.by, first, second]),
    };
    Ok(Lease::grant(granted, terms))
}
