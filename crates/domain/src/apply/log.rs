//! The log, the node, corrections.

use super::{ammunition, incidents, record, stops};
use crate::{
    act::log::{AdoptPacks, Correct, DeadlineLapsed, Open, Started},
    id::*,
    knowledge::Unknown,
    state::{Carrier, CarrierContent, ClassProof, Custody, DeadlineOf, Key, Proof, Session, State},
    statement::Entry,
    words::{Means, Words},
};
use alloc::vec::Vec;

pub(super) fn open(state: &mut State, body: &Open) {
    state.production = body.production.clone();
    state.unit = body.unit.clone();
    state.watermark = body.watermark.clone();
    state.node_key = body.node_key;
    state.board_key = body.board_key;
    let key = Key {
        person: PersonId::ZERO,
        means: Means::File,
        revoked_at: None,
    };
    state.keys.insert(body.node_key, key);
}

pub(super) fn started(state: &mut State, body: &Started) {
    state.limits = body.limits.clone();
    end_epochs(state, Unknown::NodeStarted);
}

pub(super) fn clock_jumped(state: &mut State) {
    end_epochs(state, Unknown::ClockJumped);
}

/// Every custody epoch ends; whoever had a weapon says that it is back in sight.
pub(super) fn end_epochs(state: &mut State, why: Unknown) {
    for weapon in state.weapons.values_mut() {
        weapon.lease = None;
        if let Custody::Held { holder, .. } = weapon.custody {
            weapon.custody = Custody::OutOfSight { last: holder };
            weapon.forget(why);
            if let Some(issue) = &mut weapon.issue {
                issue.unbroken = false;
            }
        }
    }
    state.pending.clear();
}

pub(super) fn adopt(state: &mut State, body: &AdoptPacks) {
    state.packs.clone_from(&body.packs);
    // What was leased under other rules is leased no longer.
    for weapon in state.weapons.values_mut() {
        weapon.lease = None;
    }
}

pub(super) fn deadline_lapsed(state: &mut State, entry: &Entry, body: &DeadlineLapsed) {
    let Some(place) = state
        .deadlines
        .iter()
        .position(|deadline| deadline.of == body.of)
    else {
        return;
    };
    let deadline = state.deadlines.remove(place);
    match deadline.what {
        DeadlineOf::Back(weapon) => {
            if let Some(weapon) = state.weapons.get_mut(&weapon) {
                weapon.forget(Unknown::OutOfSight);
            }
        }
        DeadlineOf::AllWell(_) => stops::by_the_record(
            state,
            entry,
            &Words::new("all well did not come after shots"),
        ),
        DeadlineOf::Concern(concern) => {
            if let Some(concern) = state.concerns.get_mut(&concern) {
                concern.overdue = true;
            }
        }
        DeadlineOf::Arrival(send) => record::arrival_lapsed(state, send),
        DeadlineOf::Secured(event, place) => incidents::still_open(state, event, &place),
    }
}

/// The record it rests on was corrected: whatever rests on it is known no longer.
pub(super) fn correct(state: &mut State, body: &Correct) {
    let shown = |proof: &ClassProof| proof.statement == body.of || proof.countersign == body.of;
    for weapon in state.weapons.values_mut() {
        let issued = weapon
            .issue
            .as_ref()
            .is_some_and(|issue| issue.by == body.of);
        if issued || weapon.knowledge.rests_on(body.of) {
            weapon.forget(Unknown::Corrected);
        }
        if weapon.class_proof.as_ref().is_some_and(shown) {
            weapon.class_proof = None;
        }
    }
    for batch in state.batches.values_mut() {
        if batch.class_proof.as_ref().is_some_and(shown) {
            batch.class_proof = None;
        }
    }
    for lot in state.lots.values_mut() {
        let proven = |proof: &Proof| proof.statement == body.of || proof.countersign == body.of;
        if lot.proof.as_ref().is_some_and(proven) {
            lot.proof = None;
        }
    }
    let filled = |carrier: &Carrier| matches!(&carrier.content, CarrierContent::Sealed { statements, .. } if statements.contains(&body.of));
    let carriers: Vec<CarrierId> = state
        .carriers
        .iter()
        .filter(|(_, carrier)| filled(carrier))
        .map(|(id, _)| *id)
        .collect();
    for id in carriers {
        ammunition::carrier_unknown(state, id);
    }
    for action in state.actions.values_mut() {
        // All of them: else the plan for every weapon would stand in for one weapon's own, and may ask for less.
        if action.plans.values().any(|plan| plan.statement == body.of) {
            action.plans.clear();
        }
    }
    if let Some(session) = &mut state.session {
        correct_session(session, body.of);
    }
    state.pending.remove(&body.of);
}

/// A sweep or a meeting that was not as told counts as not held; who was briefed only there is briefed no more.
fn correct_session(session: &mut Session, of: StatementId) {
    if session
        .sweep
        .as_ref()
        .is_some_and(|sweep| sweep.statements.contains(&of))
    {
        session.sweep = None;
    }
    let held = session.meetings.len();
    session.meetings.retain(|meeting| meeting.id.0 != of.0);
    if session.meetings.len() < held {
        session.briefed = session
            .meetings
            .iter()
            .flat_map(|meeting| meeting.about.attended.iter().chain([&meeting.about.led_by]))
            .copied()
            .collect();
    }
}
