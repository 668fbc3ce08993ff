//! Looks, loads, holds: what two people saw.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use super::{ammunition, floor};
use crate::{
    act::{
        Act,
        ammunition::Said,
        floor::{Clear, EndHold, LineLook, LoadWeapon, Look, Sight},
    },
    id::*,
    knowledge::{self, LookIn, Paired, Unknown},
    limit,
    state::{CarrierContent, Hold, HoldWhy, Loaded, State},
    statement::{Entry, Statement},
    time::Millis,
    words::{Check, Seen, Words},
};
use alloc::{vec, vec::Vec};

pub(super) fn look(state: &mut State, entry: &Entry, body: &Look) {
    let takers = state
        .weapons
        .get(&body.sight.weapon)
        .and_then(|weapon| weapon.issue.as_ref())
        .map_or(&[][..], |issue| &issue.takers);
    // A named pair of eyes that did not have it in hand.
    let may_watch = |one: PersonId| state.people.contains_key(&one) && !takers.contains(&one);
    let watched = body.check != Check::Reset || body.watcher.is_some_and(may_watch);
    see(state, entry, body.check, &body.sight, watched);
}

pub(super) fn line(state: &mut State, entry: &Entry, body: &LineLook) {
    body.sights
        .iter()
        .for_each(|sight| see(state, entry, Check::Line, sight, true));
}

/// Loading ends what was known; the load map is the loader's look.
pub(super) fn load(state: &mut State, entry: &Entry, body: &LoadWeapon) {
    ammunition::put_in(state, body.lot, body.rounds);
    let dummies = knowledge::counted(&body.sight).dummies > 0;
    let Some(weapon) = state.weapons.get_mut(&body.sight.weapon) else {
        return;
    };
    weapon.forget(Unknown::Opened);
    weapon.bore_suspect |= dummies;
    weapon.was_not_harmless();
    let before = weapon
        .loaded
        .take()
        .filter(|loaded| loaded.lot == body.lot)
        .map_or(0, |loaded| loaded.rounds);
    weapon.loaded = Some(Loaded {
        lot: body.lot,
        by: entry.statement.by,
        at: entry.at,
        rounds: before.saturating_add(body.rounds),
    });
    see(state, entry, Check::Full, &body.sight, true);
}

/// A refused load may have happened: what is in it now came from nowhere in the record.
pub(super) fn load_refused(state: &mut State, entry: &Entry, body: &LoadWeapon) {
    if let Some(weapon) = state.weapons.get_mut(&body.sight.weapon) {
        weapon.loaded = Some(Loaded {
            lot: body.lot,
            by: entry.statement.by,
            at: entry.at,
            rounds: body.rounds,
        });
    }
    floor::astray(state, body.sight.weapon, Some(entry.statement.by));
    danger(state, entry, &body.sight);
}

/// Emptied. What was taken out stays drawn until it is reconciled; the handler's own look begins a Full check.
pub(super) fn clear(state: &mut State, entry: &Entry, body: &Clear) {
    if let Some(weapon) = state.weapons.get_mut(&body.sight.weapon) {
        weapon.forget(Unknown::Opened);
        let all_empty = knowledge::unseen(&body.sight, weapon.about.works, Check::Full) == 0
            && knowledge::counted(&body.sight).empty as usize == weapon.about.works.positions();
        if all_empty {
            weapon.loaded = None;
        }
    }
    see(state, entry, Check::Full, &body.sight, true);
}

/// A late look, load or clearing: only what it saw that may be live counts, and whatever was known is not.
pub(super) fn late(state: &mut State, entry: &Entry) {
    let sights: Vec<&Sight> = match &entry.statement.act {
        Act::Look(body) => vec![&body.sight],
        Act::LineLook(body) => body.sights.iter().collect(),
        Act::Clear(body) => vec![&body.sight],
        Act::LoadWeapon(body) => {
            floor::astray(state, body.sight.weapon, Some(entry.statement.by));
            vec![&body.sight]
        }
        _ => vec![],
    };
    let opened = matches!(entry.statement.act, Act::Clear(_));
    for sight in sights {
        danger(state, entry, sight);
        if opened && let Some(weapon) = state.weapons.get_mut(&sight.weapon) {
            weapon.forget(Unknown::Opened);
        }
    }
}

pub(super) fn end_hold(state: &mut State, body: &EndHold) {
    if let Some(weapon) = state.weapons.get_mut(&body.weapon) {
        weapon
            .holds
            .retain(|hold| matches!(hold.why, HoldWhy::Event(_)));
    }
}

fn see(state: &mut State, entry: &Entry, check: Check, sight: &Sight, watched: bool) {
    floor::touch(state, entry, sight.weapon);
    if danger(state, entry, sight)
        || !counts(state, &entry.statement, check, entry.at, sight.weapon)
    {
        return;
    }
    let lot = source(state, sight);
    let declared = lot
        .and_then(|lot| state.lots.get(&lot))
        .map(|lot| lot.about.said.clone());
    let carrier_known = |sight: &Sight| {
        sight.carrier.is_none_or(|id| {
            state
                .carriers
                .get(&id)
                .is_some_and(|one| matches!(one.content, CarrierContent::Sealed { .. }))
        })
    };
    let is_carrier_known = carrier_known(sight);
    let fits = |sight: &Sight| is_carrier_known && fits(declared.as_ref(), sight);
    let of_dummies = |lot: LotId| {
        matches!(
            state.lots.get(&lot).map(|lot| &lot.about.said),
            Some(Said::Dummy { .. })
        )
    };
    let dummies = knowledge::counted(sight).dummies > 0
        || sight
            .carrier
            .and_then(|id| state.sealed_from(id))
            .is_some_and(of_dummies);
    let Some(weapon) = state.weapons.get_mut(&sight.weapon) else {
        return;
    };
    let works = weapon.about.works;
    let fresh = watched && weapon.issue.as_ref().is_some_and(|issue| issue.unbroken);
    let one = LookIn {
        by: entry.statement.by,
        statement: entry.statement.id,
        at: entry.at,
        check,
        sight: sight.clone(),
    };
    match weapon.knowledge.look(one, works, fresh, fits) {
        Paired::Waits | Paired::Partial => weapon.lease = None,
        Paired::Agree => {
            weapon.off_record = false;
            weapon.needs_outsider = None;
            weapon.bore_suspect = dummies;
            if let Some(issue) = &mut weapon.issue {
                issue.unbroken = true;
            }
        }
        Paired::Differ { by } => {
            weapon.lease = None;
            weapon.holds.push(Hold {
                why: HoldWhy::Mismatch,
                at: entry.at,
                people: by.to_vec(),
            });
        }
    }
}

/// A look that saw a live, spent or unknown round opens at once, as HOLD; its lot goes to quarantine.
fn danger(state: &mut State, entry: &Entry, sight: &Sight) -> bool {
    let count = knowledge::counted(sight);
    let lot = source(state, sight);
    let from_nowhere = (count.dummies > 0 || count.blanks > 0) && lot.is_none();
    let Some(weapon) = state.weapons.get_mut(&sight.weapon) else {
        return true;
    };
    if knowledge::in_doubt(sight) == 0 && !from_nowhere {
        return false;
    }
    // Whoever looked before, in the same pair, is not somebody new either.
    let first = weapon.knowledge.waiting.as_ref().map(|look| look.by);
    weapon.forget(Unknown::LotInDoubt);
    weapon.holds.push(Hold {
        why: HoldWhy::SawRound,
        at: entry.at,
        people: first.into_iter().chain([entry.statement.by]).collect(),
    });
    if let Some(lot) = lot.filter(|_| knowledge::may_be_live(sight)) {
        ammunition::quarantine(
            state,
            entry,
            lot,
            &Words::new("a look saw a round of it that may be live"),
        );
    }
    true
}

/// The lot its rounds came from: the last load's, or that of the sealed carrier in it.
fn source(state: &State, sight: &Sight) -> Option<LotId> {
    let loaded = state
        .weapons
        .get(&sight.weapon)
        .and_then(|weapon| weapon.loaded.as_ref())
        .map(|loaded| loaded.lot);
    let carried = sight.carrier.and_then(|id| state.sealed_from(id));
    loaded.or(carried)
}

/// Whether a look recorded at `now` may be one of a pair. Says nothing of what it saw.
pub(crate) fn counts(
    state: &State,
    look: &Statement,
    check: Check,
    now: Millis,
    id: WeaponId,
) -> bool {
    let by = look.by;
    let Some(weapon) = state.weapons.get(&id) else {
        return false;
    };
    let Some(person) = state.people.get(&by) else {
        return false;
    };
    let held = weapon
        .custody
        .holder()
        .is_some_and(|holder| state.is_handler(holder, now));
    // After other hands, or an event, only a whole look says anything.
    let whole = check == Check::Full || !(weapon.off_record || weapon.needs_outsider.is_some());
    let taker = weapon
        .issue
        .as_ref()
        .is_some_and(|issue| issue.takers.contains(&by));
    let screen = !look.shared || state.limits.shared_look_counts;
    // Signed before it was last opened, loaded or shot, and held up on the way: it saw what was in it before.
    let fresh = look.head_at + limit::LOOK_HEAD_MS >= weapon.knowledge.ended_at;
    if !held || !whole || taker || !screen || !fresh || !person.may_be_second() {
        return false;
    }
    let Some(first) = weapon
        .knowledge
        .waiting
        .as_ref()
        .filter(|first| first.by != by)
    else {
        return true;
    };
    let handler = state.is_handler(by, now) || state.is_handler(first.by, now);
    // Nobody is second to the person who enrolled their key. The second is whoever does not have it in hand.
    let was_enrolled = |one: PersonId, by: PersonId| {
        state
            .people
            .get(&one)
            .is_some_and(|person| person.was_enrolled_by(by))
    };
    let enrolled = match weapon.custody.holder() {
        Some(holder) if holder == by => was_enrolled(first.by, by),
        Some(holder) if holder == first.by => was_enrolled(by, first.by),
        Some(_) | None => was_enrolled(by, first.by) || was_enrolled(first.by, by),
    };
    let outside = weapon
        .needs_outsider
        .as_ref()
        .is_none_or(|chain| !chain.contains(&by) || !chain.contains(&first.by));
    handler && !enrolled && outside
}

/// Each named feature is one that the lot declares; blanks come from a lot of blanks.
fn fits(said: Option<&Said>, sight: &Sight) -> bool {
    let count = knowledge::counted(sight);
    match said {
        Some(Said::Dummy { features, .. }) => {
            count.blanks == 0 && knowledge::features(sight).all(|seen| features.contains(&seen))
        }
        Some(Said::Blank { load }) => {
            count.dummies == 0
                && sight
                    .seen
                    .iter()
                    .all(|one| !matches!(one, Seen::Blank { load: seen } if seen != load))
        }
        Some(Said::Live | Said::Unknown) => false,
        None => count.dummies == 0 && count.blanks == 0,
    }
}
