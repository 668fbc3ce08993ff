//! Unexpected events and what follows from them.

use super::stops;
use crate::{
    act::incidents::{EvidenceTouched, Freeze, ReleaseEvent, Secured, UnexpectedEvent},
    id::*,
    knowledge::Unknown,
    limit,
    state::{Deadline, DeadlineOf, Event, Hold, HoldWhy, State, StopHeld},
    statement::Entry,
    time::Millis,
    words::{Duty, Touched, Unexpected, Words},
};
use alloc::{collections::BTreeSet, vec::Vec};

/// The unit stops; the weapon, its like and its lot are held; everything else needs fresh looks.
pub(super) fn unexpected(state: &mut State, entry: &Entry, body: &UnexpectedEvent) {
    let id: EventId = entry.statement.id.into();
    let weapon = body.weapon.and_then(|id| state.weapons.get(&id));
    let mut chain: BTreeSet<PersonId> = state.with_duty(Duty::FirstAd).collect();
    chain.extend(
        weapon
            .and_then(|weapon| weapon.issue.as_ref())
            .into_iter()
            .flat_map(|issue| issue.chain.iter().copied()),
    );
    let held_rounds = weapon.into_iter().flat_map(|weapon| state.lots_in(weapon));
    let lots: BTreeSet<LotId> = body.lot.into_iter().chain(held_rounds).collect();
    let held = body.weapon.map(|id| state.like(id)).unwrap_or_default();
    let event = Event {
        about: body.clone(),
        at: entry.at,
        held: held.clone(),
        lots,
        chain: chain.clone(),
        all_well: false,
        to_count: state
            .lots
            .iter()
            .filter(|(_, lot)| lot.out > 0)
            .map(|(id, _)| *id)
            .collect(),
        explained_at: None,
        holds_everything: holds_everything(state, entry.at),
        released_at: None,
        unsecured: Vec::new(),
    };
    state.events.insert(id, event);
    super::record::preserve_for(state, entry, body.what, body.harm);
    stops::halt(state);
    let lock = StopHeld {
        by: None,
        at: entry.at,
        words: body.words.clone(),
        event: Some(id),
        authority: Words::default(),
        ends_at: None,
    };
    state.stops.insert(entry.statement.id.into(), lock);
    for (weapon_id, weapon) in &mut state.weapons {
        if weapon.issue.is_some() {
            weapon.forget(Unknown::Event);
            let mut own = chain.clone();
            own.extend(
                weapon
                    .issue
                    .iter()
                    .flat_map(|issue| issue.chain.iter().copied()),
            );
            weapon.needs_outsider = Some(own);
        }
        if body.weapon == Some(*weapon_id) && body.what == Unexpected::Discharge {
            weapon.was_not_harmless();
        }
        if held.contains(weapon_id) {
            weapon.forget(Unknown::Event);
            weapon.holds.push(Hold {
                why: HoldWhy::Event(id),
                at: entry.at,
                people: Vec::new(),
            });
        }
    }
}

/// A second event within a day, or a third within a week.
fn holds_everything(state: &State, at: Millis) -> bool {
    let since = |length: Millis| {
        state
            .events
            .values()
            .filter(|event| at - event.at < length)
            .count()
    };
    since(limit::DAY_MS) >= 1 || since(limit::WEEK_MS) >= 2
}

/// Everybody is accounted for.
pub(super) fn all_well(state: &mut State, entry: &Entry, action: ActionId) {
    state
        .deadlines
        .retain(|deadline| deadline.what != DeadlineOf::AllWell(action));
    if let Some(action) = state.actions.get_mut(&action) {
        action.began_at = None;
    }
    for event in state
        .events
        .values_mut()
        .filter(|event| event.released_at.is_none())
    {
        event.all_well = true;
    }
    lift_if_accounted(state, entry.at);
}

/// A lot was recounted.
pub(super) fn counted(state: &mut State, entry: &Entry, lot: LotId) {
    for event in state.events.values_mut() {
        event.to_count.remove(&lot);
    }
    lift_if_accounted(state, entry.at);
}

/// After roll-call and count the record's own lock ends; what the event holds stays held.
fn lift_if_accounted(state: &mut State, at: Millis) {
    let over: Vec<EventId> = state
        .events
        .iter()
        .filter(|(_, event)| event.all_well && event.to_count.is_empty())
        .map(|(id, _)| *id)
        .collect();
    let before = state.stops.len();
    state
        .stops
        .retain(|_, held| held.event.is_none_or(|event| !over.contains(&event)));
    if state.stops.len() < before {
        state.restarted_at = state.restarted_at.max(at);
    }
}

pub(super) fn release(state: &mut State, entry: &Entry, body: &ReleaseEvent) {
    if state
        .events
        .get(&body.event)
        .is_some_and(|event| event.holds_everything)
    {
        super::countersign::wait(state, entry);
    } else {
        released(state, entry.at, body.event);
    }
}

pub(super) fn released(state: &mut State, at: Millis, id: EventId) {
    if let Some(event) = state.events.get_mut(&id) {
        event.released_at = Some(at);
    }
    for weapon in state.weapons.values_mut() {
        weapon.holds.retain(|hold| hold.why != HoldWhy::Event(id));
    }
    state.stops.retain(|_, held| held.event != Some(id));
    state.restarted_at = state.restarted_at.max(at);
}

pub(super) fn freeze(state: &mut State, entry: &Entry, body: &Freeze) {
    let until = entry.at + state.limits.secure_ms;
    let Some(event) = state.events.get_mut(&body.event) else {
        return;
    };
    for place in &body.places {
        event.unsecured.push(place.clone());
        let what = DeadlineOf::Secured(body.event, place.clone());
        state.deadlines.push(Deadline {
            of: entry.statement.id,
            what,
            until,
        });
    }
}

pub(super) fn secured(state: &mut State, body: &Secured) {
    if let Some(event) = state.events.get_mut(&body.event) {
        event.unsecured.retain(|place| *place != body.place);
    }
    let what = DeadlineOf::Secured(body.event, body.place.clone());
    state.deadlines.retain(|deadline| deadline.what != what);
}

/// The clock of a place ran out: it stays on the list of what is not secured.
pub(super) fn still_open(state: &mut State, event: EventId, place: &Words) {
    if let Some(event) = state.events.get_mut(&event)
        && !event.unsecured.contains(place)
    {
        event.unsecured.push(place.clone());
    }
}

/// What was touched is no longer as it was seen.
pub(super) fn evidence_touched(state: &mut State, entry: &Entry, body: &EvidenceTouched) {
    if let Some(weapon) = body.weapon.and_then(|id| state.weapons.get_mut(&id)) {
        weapon.forget(match body.touched {
            Touched::Opened => Unknown::Opened,
            Touched::Moved
            | Touched::Removed
            | Touched::Destroyed
            | Touched::Found
            | Touched::Hidden => Unknown::OffTheRecord,
        });
        if let Some(issue) = &mut weapon.issue {
            issue.unbroken = false;
            issue.chain.insert(entry.statement.by);
        }
    }
    if let Some(lot) = body.lot.and_then(|id| state.lots.get_mut(&id)) {
        lot.proof = None;
    }
}
