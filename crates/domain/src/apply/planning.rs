//! Sessions, actions, plans, breaks.

use crate::{
    act::planning::{AddAction, DrawPlan, NowOn, OpenSession, SetPlan},
    id::*,
    knowledge::Unknown,
    state::{Action, Break, Custody, Planned, Session, State},
    statement::Entry,
    time::Millis,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

pub(super) fn open_session(state: &mut State, entry: &Entry, body: &OpenSession) {
    state.session = Some(Session {
        id: entry.statement.id.into(),
        about: body.clone(),
        at: entry.at,
        sweep: None,
        meetings: Vec::new(),
        briefed: BTreeSet::new(),
        unbriefed: 0,
        changed_at: 0,
        pause: None,
    });
}

/// Everything that belonged to the session ends with it.
pub(super) fn close_session(state: &mut State) {
    state.session = None;
    state.now_on = None;
    state.owed.clear();
    forget_out(state, Unknown::SessionEnded);
}

pub(super) fn add_action(state: &mut State, entry: &Entry, body: &AddAction) {
    let action = Action {
        about: body.clone(),
        plans: BTreeMap::new(),
        drawings: BTreeMap::new(),
        began_at: None,
        zone_clear_at: None,
    };
    state.actions.insert(entry.statement.id.into(), action);
}

pub(super) fn set_plan(state: &mut State, entry: &Entry, body: &SetPlan) {
    let Some(action) = state.actions.get_mut(&body.action) else {
        return;
    };
    let planned = Planned {
        about: body.clone(),
        statement: entry.statement.id,
        at: entry.at,
        line_agreed: false,
    };
    action.plans.insert(body.weapon, planned);
    changed(state, entry.at);
    if body.line_agreed {
        super::countersign::wait(state, entry);
    }
}

/// The last drawing of a weapon stands, whoever set its plan before or after.
pub(super) fn draw(state: &mut State, entry: &Entry, body: &DrawPlan) {
    let Some(action) = state.actions.get_mut(&body.action) else {
        return;
    };
    action.drawings.insert(body.weapon, body.clone());
    changed(state, entry.at);
}

/// The plan, weapon, place or crew changed: the meeting knew another.
pub(super) fn changed(state: &mut State, at: Millis) {
    if let Some(session) = &mut state.session {
        session.changed_at = session.changed_at.max(at);
    }
}

/// A new action ends the leases of every other.
pub(super) fn now_on(state: &mut State, body: &NowOn) {
    state.now_on = Some(body.action);
    for weapon in state.weapons.values_mut() {
        if weapon
            .lease
            .as_ref()
            .is_some_and(|lease| lease.action != body.action)
        {
            weapon.lease = None;
        }
    }
}

pub(super) fn zone(state: &mut State, action: ActionId, clear_at: Option<Millis>) {
    if let Some(action) = state.actions.get_mut(&action) {
        action.zone_clear_at = clear_at;
    }
}

pub(super) fn begin(state: &mut State, entry: &Entry, action: ActionId) {
    if let Some(action) = state.actions.get_mut(&action) {
        action.began_at = Some(entry.at);
    }
}

pub(super) fn pause(state: &mut State, entry: &Entry) {
    if let Some(session) = &mut state.session {
        session.pause = Some(Break {
            began_at: entry.at,
            ended_at: None,
        });
    }
    forget_out(state, Unknown::Break);
}

pub(super) fn resume(state: &mut State, entry: &Entry) {
    if let Some(pause) = state
        .session
        .as_mut()
        .and_then(|session| session.pause.as_mut())
    {
        pause.ended_at = Some(entry.at);
    }
}

fn forget_out(state: &mut State, why: Unknown) {
    for weapon in state.weapons.values_mut() {
        weapon.lease = None;
        if !matches!(weapon.custody, Custody::Stored { .. }) {
            weapon.forget(why);
        }
        if let Some(issue) = &mut weapon.issue {
            issue.unbroken = false;
        }
    }
}
