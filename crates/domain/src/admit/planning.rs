//! Sessions, actions, breaks.

use crate::{
    board,
    id::*,
    refusal::Refusal,
    state::{Custody, State},
    time::Millis,
};
use alloc::vec::Vec;

pub(super) fn open_session(state: &State, found: &mut Vec<Refusal>) {
    if state.session.is_some() {
        found.push(Refusal::SessionOpen);
    }
}

/// Weapons that can fire and are not locked away, those never issued included.
fn weapons_out(state: &State) -> u32 {
    let out = state.weapons.values().filter(|weapon| {
        weapon.can_fire()
            && weapon.away.is_none()
            && !matches!(weapon.custody, Custody::Stored { .. })
    });
    u32::try_from(out.count()).unwrap_or(u32::MAX)
}

/// Rounds drawn, or lots in the open. What only looks like a round on a set where nothing fires locks nobody out.
fn lots_out(state: &State) -> u32 {
    if state
        .weapons
        .values()
        .all(crate::state::Weapon::is_harmless)
    {
        return 0;
    }
    let out = state
        .lots
        .values()
        .filter(|lot| lot.store.is_none() && lot.there.saturating_add(lot.out) > 0);
    u32::try_from(out.count()).unwrap_or(u32::MAX)
}

pub(super) fn close_session(state: &State, found: &mut Vec<Refusal>) {
    if state.session.is_none() {
        found.push(Refusal::NoSession);
    }
    locked(state, found);
    if state.batches.values().any(|batch| batch.out > 0) {
        let out = state.batches.values().filter(|batch| batch.out > 0).count();
        found.push(Refusal::WeaponsOut {
            out: u32::try_from(out).unwrap_or(u32::MAX),
        });
    }
}

fn locked(state: &State, found: &mut Vec<Refusal>) {
    let out = weapons_out(state);
    if out > 0 {
        found.push(Refusal::WeaponsOut { out });
    }
    let lots = lots_out(state);
    if lots > 0 {
        found.push(Refusal::AmmunitionOut { lots });
    }
}

pub(super) fn now_on(state: &State, action: ActionId, found: &mut Vec<Refusal>) {
    if state.session.is_none() {
        found.push(Refusal::NoSession);
    }
    if !state.actions.contains_key(&action) {
        found.push(Refusal::NoAction);
    }
}

pub(super) fn begin(state: &State, action: ActionId, now: Millis, found: &mut Vec<Refusal>) {
    now_on(state, action, found);
    if state.now_on != Some(action) {
        found.push(Refusal::NotOnNow);
    }
    let not_ready = state.weapons.values().filter(|weapon| {
        let in_play = weapon.is_in_play(Some(action));
        in_play && !weapon.is_harmless() && board::standing(state, weapon, now).is_none()
    });
    let weapons = u32::try_from(not_ready.count()).unwrap_or(u32::MAX);
    if weapons > 0 {
        found.push(Refusal::WeaponsNotReady { weapons });
    }
}

/// A break needs everything that fires, and every round, locked away.
pub(super) fn pause(state: &State, found: &mut Vec<Refusal>) {
    match &state.session {
        None => found.push(Refusal::NoSession),
        Some(session)
            if session
                .pause
                .as_ref()
                .is_some_and(|pause| pause.ended_at.is_none()) =>
        {
            found.push(Refusal::OnBreak);
        }
        Some(_) => {}
    }
    locked(state, found);
}

pub(super) fn resume(state: &State, found: &mut Vec<Refusal>) {
    let on = state
        .session
        .as_ref()
        .and_then(|session| session.pause.as_ref())
        .is_some_and(|pause| pause.ended_at.is_none());
    if !on {
        found.push(Refusal::NoBreak);
    }
}
