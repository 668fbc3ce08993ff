//! Acts of two people: the act waits, the countersign makes it count.

use super::{floor, stops};
use crate::{
    act::{Act, log::Countersign},
    id::*,
    state::{CarrierContent, ClassProof, Pending, Proof, State, Sweep},
    statement::Entry,
    time::Millis,
    words::Duty,
};

/// The act waits for a second key.
pub(super) fn wait(state: &mut State, entry: &Entry) {
    let pending = Pending {
        act: entry.statement.act.clone(),
        by: entry.statement.by,
        until: entry.at + state.limits.countersign_ms,
    };
    state.pending.insert(entry.statement.id, pending);
}

/// A second person signs. An unfit second changes nothing and the act goes on waiting.
pub(super) fn countersign(state: &mut State, entry: &Entry, body: &Countersign) {
    if !fit(state, body.of, entry.statement.by, entry.at) {
        return;
    }
    let Some(pending) = state.pending.remove(&body.of) else {
        return;
    };
    let pair = [pending.by, entry.statement.by];
    match pending.act {
        Act::ProveClass(proof) => {
            let proven = ClassProof {
                class: proof.class,
                by: pair,
                statement: body.of,
                at: entry.at,
            };
            if let Some(weapon) = state.weapons.get_mut(&proof.thing.into()) {
                weapon.class_proof = Some(proven);
            } else if let Some(batch) = state.batches.get_mut(&proof.thing.into()) {
                batch.class_proof = Some(proven);
            }
        }
        Act::ReturnToService(back) => {
            if let Some(weapon) = state.weapons.get_mut(&back.weapon) {
                weapon.grounded = None;
                weapon.misfire = None;
            }
        }
        Act::ProveLot(proof) => {
            if let Some(lot) = state.lots.get_mut(&proof.lot) {
                if proof.counted == lot.there {
                    lot.unaccounted = 0;
                } else {
                    lot.unaccounted = lot
                        .unaccounted
                        .saturating_add(lot.there.abs_diff(proof.counted));
                    lot.there = proof.counted;
                }
                lot.counted_at = entry.at;
                lot.proof = Some(Proof {
                    counted: proof.counted,
                    proven: proof.proven,
                    primers: proof.primers,
                    by: pair,
                    statement: body.of,
                    at: entry.at,
                });
            }
        }
        Act::ReleaseLot(release) => {
            if let Some(lot) = state.lots.get_mut(&release.lot) {
                lot.quarantined = None;
            }
        }
        Act::Sweep(sweep) => {
            if let Some(session) = &mut state.session {
                if sweep.found == 0 && sweep.missed.is_empty() {
                    // Two people went through every place and found nothing: what was found before is gone.
                    state.loose_rounds = 0;
                }
                session.sweep = Some(Sweep {
                    places: u32::try_from(sweep.places.len()).unwrap_or(u32::MAX),
                    missed: u32::try_from(sweep.missed.len()).unwrap_or(u32::MAX),
                    found: sweep.found,
                    by: pair,
                });
            }
        }
        Act::FillCarrier(fill) => {
            super::ammunition::draw(state, fill.lot, fill.rounds);
            if let Some(carrier) = state.carriers.get_mut(&fill.carrier) {
                carrier.content = CarrierContent::Sealed {
                    lot: fill.lot,
                    rounds: fill.rounds,
                    by: pair,
                };
            }
        }
        Act::SetPlan(plan) => {
            if let Some(planned) = state
                .actions
                .get_mut(&plan.action)
                .and_then(|action| action.plans.get_mut(&plan.weapon))
                && planned.about == plan
            {
                planned.line_agreed = true;
            }
        }
        Act::HandOver(hand) => floor::taken(state, entry, body.of, &hand),
        Act::LiftForAnother(lift) => stops::end_soon(state, lift.stop, entry.at),
        Act::ExplainEvent(explain) => {
            if let Some(event) = state.events.get_mut(&explain.event) {
                event.explained_at = Some(entry.at);
            }
            if let Some(id) = state
                .events
                .get(&explain.event)
                .and_then(|event| event.about.weapon)
                && let Some(weapon) = state.weapons.get_mut(&id)
            {
                weapon.misfire = None;
            }
        }
        Act::ReleaseEvent(release) => super::incidents::released(state, entry.at, release.event),
        _ => {}
    }
}

/// Whether this person may be the second of that act.
pub(crate) fn fit(state: &State, of: StatementId, second: PersonId, now: Millis) -> bool {
    let Some(pending) = state.pending.get(&of) else {
        return false;
    };
    let Some(person) = state.people.get(&second) else {
        return false;
    };
    if pending.by == second {
        return false;
    }
    let handler = |one: PersonId| state.is_handler(one, now);
    match &pending.act {
        Act::HandOver(hand) => hand.to == second,
        Act::LiftForAnother(_) => {
            let other = state.people.get(&pending.by).map(|one| one.department);
            other.is_some_and(|department| department != person.department)
                && (handler(second) || handler(pending.by))
        }
        Act::ExplainEvent(explain) => state
            .events
            .get(&explain.event)
            .is_some_and(|event| !event.chain.contains(&second)),
        Act::ReleaseEvent(_) => {
            person.duties.contains(&Duty::Producer)
                || person.duties.contains(&Duty::ProductionManager)
        }
        Act::SetPlan(_) => {
            let first_ad = |one: PersonId| state.holds(one, Duty::FirstAd);
            (handler(pending.by) && first_ad(second)) || (first_ad(pending.by) && handler(second))
        }
        _ => person.enrolled_by != pending.by,
    }
}
