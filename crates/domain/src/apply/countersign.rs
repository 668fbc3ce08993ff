//! Acts of two people: the act waits, the countersign makes it count.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use super::{floor, stops};
use crate::{
    act::{Act, log::Countersign},
    id::*,
    knowledge::Unknown,
    state::{CarrierContent, ClassProof, Event, Pending, Person, Proof, State, Sweep},
    statement::Entry,
    time::Millis,
    words::Duty,
};

/// The act waits for a second key.
pub(super) fn wait(state: &mut State, entry: &Entry) {
    if let Act::FillCarrier(fill) = &entry.statement.act {
        // One person says that rounds went in: until another says so too, nobody knows.
        super::ammunition::carrier_unknown(state, fill.carrier);
    }
    let pending = Pending {
        act: entry.statement.act.clone(),
        by: entry.statement.by,
        until: entry.at + state.limits.countersign_ms,
    };
    state.pending.insert(entry.statement.id, pending);
}

/// A second person signs. An unfit second changes nothing and the act goes on waiting.
#[expect(clippy::too_many_lines, reason = "one arm an act of two people")]
pub(super) fn countersign(state: &mut State, entry: &Entry, body: &Countersign) {
    if !fit(state, body.of, entry.statement.by, entry.at) {
        return;
    }
    let Some(pending) = state.pending.remove(&body.of) else {
        return;
    };
    let pair = [pending.by, entry.statement.by];
    match pending.act {
        Act::Erase(erase) => super::record::erased(state, entry, &erase),
        Act::PreserveEnd(end) => drop(state.preserved.remove(&end.of)),
        Act::ProveClass(proof) => {
            let proven = ClassProof {
                class: proof.class,
                by: pair,
                statement: body.of,
                countersign: entry.statement.id,
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
                weapon.away = None;
                weapon.misfire = None;
                // Somebody worked on it.
                weapon.forget(Unknown::Opened);
            }
        }
        Act::ProveLot(proof) => {
            if let Some(lot) = state.lots.get_mut(&proof.lot) {
                lot.counted_at = entry.at;
                if proof.counted == lot.there {
                    lot.unaccounted = 0;
                    lot.proof = Some(Proof {
                        counted: proof.counted,
                        proven: proof.proven,
                        primers: proof.primers,
                        by: pair,
                        statement: body.of,
                        countersign: entry.statement.id,
                        at: entry.at,
                    });
                } else {
                    // Rounds are missing or too many: no proof until it is made again and finds this number.
                    lot.unaccounted = lot
                        .unaccounted
                        .saturating_add(lot.there.abs_diff(proof.counted));
                    lot.there = proof.counted;
                    lot.proof = None;
                }
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
                    statements: [body.of, entry.statement.id],
                });
            }
        }
        Act::FillCarrier(fill) => {
            super::ammunition::put_in(state, fill.lot, fill.rounds);
            if let Some(carrier) = state.carriers.get_mut(&fill.carrier) {
                carrier.content = CarrierContent::Sealed {
                    lot: fill.lot,
                    rounds: fill.rounds,
                    by: pair,
                    statements: [body.of, entry.statement.id],
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
        Act::HandOver(hand) => floor::taken(state, entry, pending.by, body.of, &hand),
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
    let on_duty = |one: PersonId| state.is_handler(one, now);
    let handles = |one: PersonId| state.people.get(&one).is_some_and(Person::handles);
    match &pending.act {
        Act::HandOver(hand) => {
            let giver = state
                .weapons
                .get(&hand.weapon)
                .and_then(|weapon| weapon.custody.holder());
            hand.to == second && giver == Some(pending.by)
        }
        Act::LiftForAnother(_) => {
            let other = state.people.get(&pending.by).map(|one| one.department);
            other.is_some_and(|department| department != person.department)
                && (on_duty(second) || on_duty(pending.by))
        }
        Act::ExplainEvent(explain) => {
            let outside = |event: &Event| !event.chain.contains(&second);
            handles(pending.by) && state.events.get(&explain.event).is_some_and(outside)
        }
        Act::Erase(_) | Act::PreserveEnd(_) => {
            crate::admit::answers_for_record(state, second) && !person.was_enrolled_by(pending.by)
        }
        Act::ReleaseEvent(_) => {
            person.duties.contains(&Duty::Producer)
                || person.duties.contains(&Duty::ProductionManager)
        }
        Act::SetPlan(_) => {
            let first_ad = |one: PersonId| state.holds(one, Duty::FirstAd);
            (on_duty(pending.by) && first_ad(second)) || (first_ad(pending.by) && on_duty(second))
        }
        // The armorer and a second person.
        Act::ProveClass(_)
        | Act::ReturnToService(_)
        | Act::ProveLot(_)
        | Act::ReleaseLot(_)
        | Act::FillCarrier(_) => {
            (handles(pending.by) || handles(second)) && !person.was_enrolled_by(pending.by)
        }
        _ => !person.was_enrolled_by(pending.by),
    }
}
