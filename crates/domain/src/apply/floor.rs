//! Custody on the floor.

use super::countersign;
use crate::{
    act::floor::{
        Acknowledged, EyesOn, HandOver, LateBrief, LockAway, Meeting, OffProtocol, OutOfSight,
        Shots, Show, TakeOut,
    },
    id::*,
    knowledge::Unknown,
    state::{Custody, Deadline, DeadlineOf, Issue, MeetingHeld, Misfire, State, Weapon},
    statement::Entry,
};
use alloc::collections::{BTreeMap, BTreeSet};

pub(super) fn meeting(state: &mut State, entry: &Entry, body: &Meeting) {
    if let Some(session) = &mut state.session {
        session
            .briefed
            .extend(body.attended.iter().copied().chain([body.led_by]));
        session.meetings.push(MeetingHeld {
            id: entry.statement.id.into(),
            about: body.clone(),
            at: entry.at,
        });
    }
}

pub(super) fn late_brief(state: &mut State, body: &LateBrief) {
    if let Some(session) = &mut state.session {
        session.briefed.extend(body.people.iter().copied());
        session.unbriefed = session.unbriefed.saturating_sub(body.others);
    }
}

pub(super) fn take_out(state: &mut State, entry: &Entry, body: &TakeOut) {
    let sight_until = entry.at + state.limits.sight_ms;
    for id in &body.weapons {
        let Some(weapon) = state.weapons.get_mut(id) else {
            continue;
        };
        weapon.custody = Custody::Held {
            holder: entry.statement.by,
            sight_until,
        };
        weapon.forget(Unknown::TakenOut);
        weapon.issue = Some(Issue {
            by: entry.statement.id,
            at: entry.at,
            handler: entry.statement.by,
            takers: body.takers.clone(),
            action: body.action,
            carriers: body.carriers.clone(),
            shown: BTreeMap::new(),
            chain: BTreeSet::from([entry.statement.by]),
            unbroken: false,
        });
    }
}

pub(super) fn show(state: &mut State, entry: &Entry, body: &Show) {
    touch(state, entry, body.weapon);
    if let Some(issue) = state
        .weapons
        .get_mut(&body.weapon)
        .and_then(|weapon| weapon.issue.as_mut())
    {
        issue.shown.insert(body.to, body.answer);
    }
}

pub(super) fn called(state: &mut State, entry: &Entry, weapons: &[WeaponId]) {
    for id in weapons {
        touch(state, entry, *id);
    }
}

pub(super) fn hand_over(state: &mut State, entry: &Entry, body: &HandOver) {
    match body.acknowledged {
        Acknowledged::Spoken => {
            taken(state, entry, entry.statement.by, entry.statement.id, body);
        }
        Acknowledged::Countersign => {
            touch(state, entry, body.weapon);
            countersign::wait(state, entry);
        }
    }
}

/// The taker has it. Knowledge and lease survive only from the hands of the handler who answers for it into those of a
/// taker that the issue names.
pub(super) fn taken(
    state: &mut State,
    entry: &Entry,
    giver: PersonId,
    of: StatementId,
    body: &HandOver,
) {
    let (until, back) = (
        entry.at + state.limits.sight_ms,
        entry.at + state.limits.back_ms,
    );
    let Some(weapon) = state.weapons.get_mut(&body.weapon) else {
        return;
    };
    weapon.custody = Custody::Held {
        holder: body.to,
        sight_until: until,
    };
    let named = weapon
        .issue
        .as_ref()
        .is_some_and(|issue| issue.handler == giver && issue.takers.contains(&body.to));
    if let Some(issue) = &mut weapon.issue {
        issue.chain.insert(body.to);
        issue.unbroken &= named;
    }
    if !named {
        weapon.forget(Unknown::ChangedHands);
    }
    back_is_in(state, body.weapon);
    state.deadlines.push(Deadline {
        of,
        what: DeadlineOf::Back(body.weapon),
        until: back,
    });
}

pub(super) fn eyes_on(state: &mut State, entry: &Entry, body: &EyesOn) {
    let by = entry.statement.by;
    let until = entry.at + state.limits.sight_ms;
    for (id, weapon) in &mut state.weapons {
        let named = body.weapons.is_empty() || body.weapons.contains(id);
        let (holds, lost) = match weapon.custody {
            Custody::Held { holder, .. } => (holder == by || answers(weapon, by), false),
            // Back in sight: a new epoch, of which nothing is known.
            Custody::OutOfSight { last } => (last == by || answers(weapon, by), true),
            Custody::Stored { .. } | Custody::OffTheRecord { .. } => (false, false),
        };
        if !(named && holds) {
            continue;
        }
        if lost && !body.weapons.contains(id) {
            // One tap renews what is in hand; what was lost must be named.
            continue;
        }
        let holder = weapon.custody.holder().unwrap_or(by);
        weapon.custody = Custody::Held {
            holder,
            sight_until: until,
        };
    }
    let back = entry.at + state.limits.back_ms;
    for deadline in &mut state.deadlines {
        if let DeadlineOf::Back(id) = &deadline.what
            && state.weapons.get(id).is_some_and(|weapon| matches!(weapon.custody, Custody::Held { sight_until, .. } if sight_until == until))
        {
            deadline.until = back;
        }
    }
}

pub(super) fn out_of_sight(state: &mut State, entry: &Entry, body: &OutOfSight) {
    for (id, weapon) in &mut state.weapons {
        let out = match weapon.custody {
            Custody::Held { holder, .. } => Some(holder),
            Custody::OutOfSight { last } => Some(last),
            Custody::Stored { .. } | Custody::OffTheRecord { .. } => None,
        };
        if let Some(last) = out
            && (body.weapons.contains(id) || (body.weapons.is_empty() && body.lots.is_empty()))
        {
            weapon.custody = Custody::OutOfSight { last };
            weapon.forget(Unknown::OutOfSight);
            if let Some(issue) = &mut weapon.issue {
                issue.unbroken = false;
            }
        }
    }
    // Rounds that lay open without a custodian are proven no longer.
    for lot in &body.lots {
        if let Some(lot) = state.lots.get_mut(lot) {
            lot.proof = None;
            lot.store = None;
        }
    }
    chain(state, entry, &body.weapons);
}

pub(super) fn off_protocol(state: &mut State, entry: &Entry, body: &OffProtocol) {
    astray(state, body.weapon, body.now_with);
    chain(state, entry, &[body.weapon]);
}

/// Passed or taken outside the protocol.
pub(super) fn astray(state: &mut State, id: WeaponId, with: Option<PersonId>) {
    if let Some(weapon) = state.weapons.get_mut(&id) {
        weapon.custody = Custody::OffTheRecord { with };
        weapon.off_record = true;
        weapon.forget(Unknown::OffTheRecord);
        if let Some(issue) = &mut weapon.issue {
            issue.unbroken = false;
            issue.chain.extend(with);
        }
    }
}

/// A late word that it changed hands: nothing is known of it from now on.
pub(super) fn doubt(state: &mut State, id: WeaponId) {
    if let Some(weapon) = state.weapons.get_mut(&id) {
        weapon.forget(Unknown::ChangedHands);
        if let Some(issue) = &mut weapon.issue {
            issue.unbroken = false;
        }
    }
}

pub(super) fn shots(state: &mut State, entry: &Entry, body: &Shots) {
    let lot = state
        .weapons
        .get(&body.weapon)
        .and_then(|weapon| weapon.loaded.as_ref())
        .map(|loaded| loaded.lot);
    if let Some(lot) = lot.and_then(|lot| state.lots.get_mut(&lot)) {
        let gone = body.fired.saturating_add(body.misfired);
        // They stay drawn until they are brought to account; more than were drawn come from nowhere.
        let left = lot.out.saturating_sub(lot.shot);
        lot.unaccounted = lot.unaccounted.saturating_add(gone.saturating_sub(left));
        lot.shot = lot.shot.saturating_add(gone.min(left));
    }
    let Some(weapon) = state.weapons.get_mut(&body.weapon) else {
        return;
    };
    weapon.forget(Unknown::Fired);
    if body.fired.saturating_add(body.misfired) > 0 {
        weapon.was_not_harmless();
    }
    if body.misfired > 0 {
        weapon.misfire = Some(Misfire {
            at: entry.at,
            waited_ms: body.waited_ms,
        });
    }
    let action = weapon
        .issue
        .as_ref()
        .map(|issue| issue.action)
        .or(state.now_on);
    if let Some(action) = action.filter(|_| body.fired > 0) {
        let until = entry.at + state.limits.all_well_ms;
        state.deadlines.push(Deadline {
            of: entry.statement.id,
            what: DeadlineOf::AllWell(action),
            until,
        });
    }
    touch(state, entry, body.weapon);
}

pub(super) fn collect(state: &mut State, entry: &Entry, id: WeaponId) {
    let sight_until = entry.at + state.limits.sight_ms;
    let handler = state.is_handler(entry.statement.by, entry.at);
    let Some(weapon) = state.weapons.get_mut(&id) else {
        return;
    };
    weapon.custody = Custody::Held {
        holder: entry.statement.by,
        sight_until,
    };
    weapon.forget(Unknown::Collected);
    if let Some(issue) = &mut weapon.issue {
        issue.chain.insert(entry.statement.by);
        issue.unbroken &= handler;
        if handler {
            issue.handler = entry.statement.by;
        }
    }
    back_is_in(state, id);
}

pub(super) fn lock_away(state: &mut State, entry: &Entry, body: &LockAway) {
    if !state.stores.contains_key(&body.store) {
        // A place nobody named keeps nothing: the weapons stay where they were, out of sight.
        body.weapons.iter().for_each(|id| doubt(state, *id));
        return;
    }
    for id in &body.weapons {
        if let Some(weapon) = state.weapons.get_mut(id) {
            weapon.custody = Custody::Stored { store: body.store };
            weapon.forget(Unknown::TakenOut);
            weapon.issue = None;
        }
        back_is_in(state, *id);
    }
    for lot in &body.lots {
        if let Some(lot) = state.lots.get_mut(lot) {
            lot.store = Some(body.store);
        }
    }
    chain(state, entry, &body.weapons);
}

/// A touch by its custodian, or by the handler who answers for it: sight is renewed.
pub(super) fn touch(state: &mut State, entry: &Entry, id: WeaponId) {
    let (by, until) = (entry.statement.by, entry.at + state.limits.sight_ms);
    let Some(weapon) = state.weapons.get_mut(&id) else {
        return;
    };
    let answers = answers(weapon, by);
    if let Custody::Held {
        holder,
        sight_until,
    } = &mut weapon.custody
        && (*holder == by || answers)
    {
        *sight_until = until;
    }
    chain(state, entry, &[id]);
}

/// Everybody who signs something about it in its issue belongs to its chain.
pub(super) fn chain(state: &mut State, entry: &Entry, weapons: &[WeaponId]) {
    for id in weapons {
        if let Some(issue) = state
            .weapons
            .get_mut(id)
            .and_then(|weapon| weapon.issue.as_mut())
        {
            issue.chain.insert(entry.statement.by);
        }
    }
}

fn answers(weapon: &Weapon, by: PersonId) -> bool {
    weapon
        .issue
        .as_ref()
        .is_some_and(|issue| issue.handler == by)
}

fn back_is_in(state: &mut State, id: WeaponId) {
    state
        .deadlines
        .retain(|deadline| deadline.what != DeadlineOf::Back(id));
}
