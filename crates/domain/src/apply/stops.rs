//! Stops and concerns.

use crate::{
    act::{Act, concerns::WalkOff, stops::Stop},
    id::*,
    state::{Concern, Deadline, DeadlineOf, State, StopHeld},
    statement::Entry,
    time::Millis,
    words::Words,
};

pub(super) fn stop(state: &mut State, entry: &Entry, body: &Stop) {
    // Signed-out presses merge into one open lock.
    let merged = body.someone
        && body.authority.is_blank()
        && state
            .stops
            .values()
            .any(|held| held.by.is_none() && held.event.is_none() && held.authority.is_blank());
    halt(state);
    if merged {
        return;
    }
    let held = StopHeld {
        by: (!body.someone).then_some(entry.statement.by),
        at: entry.at,
        words: body.words.clone(),
        event: None,
        authority: body.authority.clone(),
        ends_at: None,
    };
    state.stops.insert(entry.statement.id.into(), held);
}

/// The record stops the unit itself.
pub(super) fn by_the_record(state: &mut State, entry: &Entry, why: &Words) {
    halt(state);
    let held = StopHeld {
        // Not `None`: a press signed out must not merge into it, for that is lifted with the press.
        by: Some(PersonId::ZERO),
        at: entry.at,
        words: why.clone(),
        event: None,
        authority: Words::default(),
        ends_at: None,
    };
    state.stops.insert(entry.statement.id.into(), held);
}

/// Every lease ends and nothing that waits may still change hands.
pub(super) fn halt(state: &mut State) {
    for weapon in state.weapons.values_mut() {
        weapon.lease = None;
    }
    state
        .pending
        .retain(|_, pending| !matches!(pending.act, Act::HandOver(_) | Act::LiftForAnother(_)));
    // Whoever stops again within the wait keeps the lock that was being lifted.
    for held in state.stops.values_mut() {
        held.ends_at = None;
    }
}

pub(super) fn end(state: &mut State, stop: StopId, at: Millis) {
    if state.stops.remove(&stop).is_some() {
        state.restarted_at = state.restarted_at.max(at);
    }
}

/// The wait of what is being lifted begins again.
pub(super) fn wait_anew(state: &mut State, at: Millis) {
    let until = at + state.limits.lift_wait_ms;
    for end in state
        .stops
        .values_mut()
        .filter_map(|held| held.ends_at.as_mut())
    {
        *end = until;
    }
}

/// Lifted for another: anyone may stop again before it ends.
pub(super) fn end_soon(state: &mut State, stop: StopId, at: Millis) {
    let wait = state.limits.lift_wait_ms;
    if let Some(held) = state.stops.get_mut(&stop) {
        held.ends_at = Some(at + wait);
    }
}

pub(super) fn raise(state: &mut State, entry: &Entry, about_weapons: bool) {
    let id: ConcernId = entry.statement.id.into();
    state.concerns.insert(
        id,
        Concern {
            about_weapons,
            at: entry.at,
            overdue: false,
        },
    );
    let until = entry.at + state.limits.concern_ms;
    state.deadlines.push(Deadline {
        of: entry.statement.id,
        what: DeadlineOf::Concern(id),
        until,
    });
}

pub(super) fn answer(state: &mut State, concern: ConcernId) {
    state.concerns.remove(&concern);
    state
        .deadlines
        .retain(|deadline| deadline.what != DeadlineOf::Concern(concern));
}

/// People who leave over weapons say something that wants an answer (CON-07).
pub(super) fn walk_off(state: &mut State, entry: &Entry, body: &WalkOff) {
    if body.about_weapons {
        raise(state, entry, true);
    }
}
