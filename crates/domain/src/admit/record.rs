//! Erasing, preserving, cosigners.

use crate::{
    act::{
        Act,
        record::{AdoptCosigners, Erase, PreserveEnd},
    },
    apply::{self, Kept},
    id::*,
    refusal::Refusal,
    state::State,
    statement::Statement,
    time::Millis,
    words::{Basis, Duty},
};
use alloc::{collections::BTreeSet, vec::Vec};

/// Who answers for the record as a whole.
pub(crate) fn answers_for_record(state: &State, by: PersonId) -> bool {
    [
        Duty::Administrator,
        Duty::Producer,
        Duty::ProductionManager,
        Duty::SafetyAdviser,
    ]
    .into_iter()
    .any(|duty| state.holds(by, duty))
}

pub(super) fn erase(
    state: &State,
    by: PersonId,
    body: &Erase,
    now: Millis,
    found: &mut Vec<Refusal>,
) {
    let own = |id: &StatementId| state.sealed.get(id).is_some_and(|sealed| sealed.by == by);
    if !answers_for_record(state, by) && !body.statements.iter().all(own) {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator, production, the safety adviser or whose statement it is",
        });
    }
    if body.statements.is_empty() {
        found.push(Refusal::NothingNamed);
    }
    if body.words.is_blank() {
        found.push(Refusal::NoBasis);
    }
    if state.is_preserved() {
        found.push(Refusal::Preserved);
    }
    let ordered = body.basis == Basis::CourtOrder;
    let kept = |why| {
        body.statements
            .iter()
            .any(|id| apply::kept(state, *id, now, ordered) == Some(why))
    };
    for (why, refusal) in [
        (Kept::NotSealed, Refusal::NotErasable),
        (Kept::OfIncident, Refusal::OfIncident),
        (Kept::TooYoung, Refusal::TooYoung),
    ] {
        if kept(why) {
            found.push(refusal);
        }
    }
}

/// What goes by this second signature: decided again now, since something may have happened between the two.
pub(super) fn erased(
    state: &State,
    statement: &Statement,
    now: Millis,
    late: bool,
) -> Vec<StatementId> {
    let Act::Countersign(body) = &statement.act else {
        return Vec::new();
    };
    let Some(Act::Erase(erase)) = state.pending.get(&body.of).map(|pending| &pending.act) else {
        return Vec::new();
    };
    if late || state.is_preserved() || !apply::fit(state, body.of, statement.by, now) {
        return Vec::new();
    }
    let ordered = erase.basis == Basis::CourtOrder;
    erase
        .statements
        .iter()
        .copied()
        .filter(|id| apply::kept(state, *id, now, ordered).is_none())
        .collect()
}

pub(super) fn preserve_end(
    state: &State,
    by: PersonId,
    body: &PreserveEnd,
    found: &mut Vec<Refusal>,
) {
    if !answers_for_record(state, by) {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator, production or the safety adviser",
        });
    }
    if !state.preserved.contains_key(&body.of) {
        found.push(Refusal::NotPreserved);
    }
    if body.words.is_blank() {
        found.push(Refusal::NoBasis);
    }
    if state.open_events().any(|(id, _)| id.0 == body.of.0) {
        found.push(Refusal::EventStillOpen);
    }
}

pub(super) fn adopt_cosigners(
    state: &State,
    by: PersonId,
    body: &AdoptCosigners,
    found: &mut Vec<Refusal>,
) {
    if by != PersonId::ZERO && !answers_for_record(state, by) {
        found.push(Refusal::NotYourDuty {
            whose: "an administrator, production or the safety adviser",
        });
    }
    let count = |ones: usize| u32::try_from(ones).unwrap_or(u32::MAX);
    let names: BTreeSet<&str> = body.cosigners.iter().map(|one| one.name.as_str()).collect();
    let all = count(body.cosigners.len());
    let outside = count(body.cosigners.iter().filter(|one| one.outside).count());
    if body.outside == 0 || outside == 0 {
        found.push(Refusal::NoneOutside);
    }
    let fits = body.outside <= outside && body.quorum <= all && body.outside <= body.quorum;
    if !fits || names.len() != body.cosigners.len() {
        found.push(Refusal::QuorumDoesNotFit);
    }
}
