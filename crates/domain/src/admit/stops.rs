//! How stops and events end.

use crate::{
    act::{
        incidents::ReleaseEvent,
        stops::{Lift, LiftForAnother},
    },
    id::*,
    refusal::Refusal,
    state::{State, StopHeld},
};
use alloc::vec::Vec;

fn stop<'a>(state: &'a State, id: StopId, found: &mut Vec<Refusal>) -> Option<&'a StopHeld> {
    let Some(held) = state.stops.get(&id) else {
        found.push(Refusal::NoStop);
        return None;
    };
    if held.event.is_some() {
        found.push(Refusal::EventsLock);
    }
    Some(held)
}

/// One's own lock; the node lifts `someone`'s for the phone that pressed, having known the visit again.
pub(super) fn lift(state: &State, by: PersonId, body: &Lift, found: &mut Vec<Refusal>) {
    let Some(held) = stop(state, body.stop, found) else {
        return;
    };
    let own = match held.by {
        Some(holder) => holder == by && by != PersonId::ZERO,
        None => by == PersonId::ZERO,
    };
    if !own {
        found.push(Refusal::NotYourStop);
    }
    if held.by.is_none() && !held.authority.is_blank() {
        found.push(Refusal::AuthorityOnly);
    }
}

pub(super) fn lift_for_another(state: &State, body: &LiftForAnother, found: &mut Vec<Refusal>) {
    if body.looked_at.is_blank() {
        found.push(Refusal::NothingLookedAt);
    }
    let Some(held) = stop(state, body.stop, found) else {
        return;
    };
    if !held.authority.is_blank() {
        found.push(Refusal::AuthorityOnly);
    }
}

pub(super) fn release_event(state: &State, body: &ReleaseEvent, found: &mut Vec<Refusal>) {
    let Some(event) = state
        .events
        .get(&body.event)
        .filter(|event| event.released_at.is_none())
    else {
        found.push(Refusal::NoEvent);
        return;
    };
    match event.explained_at {
        None => found.push(Refusal::NotExplained),
        Some(explained) => {
            let met = state
                .session
                .iter()
                .flat_map(|session| &session.meetings)
                .any(|meeting| meeting.at > explained);
            if !met {
                found.push(Refusal::NoMeetingSince);
            }
        }
    }
    if !event.all_well || !event.to_count.is_empty() {
        found.push(Refusal::NotAccounted);
    }
}
