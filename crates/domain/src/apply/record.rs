//! The record itself: sealed bodies, preserving, cosigners, a spare's take-over, what goes to other logs.

use super::log;
use crate::{
    act::{
        log::TookOver,
        record::{AdoptCosigners, Erase, Preserve},
        transfers::{Confirm, Send},
    },
    id::*,
    knowledge::Unknown,
    limit,
    state::{Custody, Deadline, DeadlineOf, Preserved, Sealed, Sent, State},
    statement::Entry,
    time::Millis,
    words::{Harm, Unexpected, Words},
};
use alloc::format;

pub(super) fn took_over(state: &mut State, entry: &Entry, body: &TookOver) {
    state.epoch = body.epoch;
    state.took_over_at = entry.at;
    log::end_epochs(state, Unknown::NodeStarted);
}

/// A sealed statement is known by its kind and signer alone.
pub(super) fn sealed(state: &mut State, entry: &Entry) {
    let of_incident = state.is_preserved() || state.open_events().next().is_some();
    let sealed = Sealed {
        kind: entry.statement.act.kind(),
        by: entry.statement.by,
        at: entry.at,
        of_incident,
        erased_at: None,
    };
    state.sealed.insert(entry.statement.id, sealed);
}

/// Two people signed. What goes was decided when the second signature was admitted and stands in its Outcome.
pub(super) fn erased(state: &mut State, entry: &Entry, body: &Erase) {
    for id in &body.statements {
        if entry.outcome.erased.contains(id)
            && let Some(sealed) = state.sealed.get_mut(id)
        {
            sealed.erased_at = Some(entry.at);
        }
    }
}

pub(super) fn preserve(state: &mut State, entry: &Entry, body: &Preserve) {
    begin(state, entry, body.words.clone());
}

/// Harm, a shot that nobody planned, a live round or a missing weapon: nothing is erased until two people say that it is over, and what was
/// sealed within the day before belongs to it for ever.
pub(super) fn preserve_for(state: &mut State, entry: &Entry, what: Unexpected, harm: Harm) {
    let grave = matches!(
        what,
        Unexpected::Discharge
            | Unexpected::PersonDown
            | Unexpected::FromOutside
            | Unexpected::NoWeapon
            | Unexpected::LiveRound
            | Unexpected::Missing
    );
    if grave || harm != Harm::None {
        begin(
            state,
            entry,
            Words::new("an unexpected event, by the record itself"),
        );
    }
}

fn begin(state: &mut State, entry: &Entry, words: Words) {
    let since = entry.at - limit::DAY_MS;
    for sealed in state.sealed.values_mut().filter(|one| one.at >= since) {
        sealed.of_incident = true;
    }
    let preserved = Preserved {
        at: entry.at,
        words,
    };
    state.preserved.insert(entry.statement.id, preserved);
}

pub(super) fn adopt_cosigners(state: &mut State, body: &AdoptCosigners) {
    state.cosigners = Some(body.clone());
}

/// What leaves has no status here any more.
pub(super) fn send(state: &mut State, entry: &Entry, body: &Send) {
    let to = if body.to.is_empty() {
        "no other record"
    } else {
        &body.to
    };
    for id in &body.weapons {
        if let Some(weapon) = state.weapons.get_mut(id) {
            weapon.lease = None;
            weapon.forget(Unknown::ChangedHands);
            weapon.custody = Custody::OutOfSight {
                last: entry.statement.by,
            };
            weapon.issue = None;
            weapon.away = Some(entry.statement.id);
            weapon.grounded = Some(Words::new(&format!("it was sent away, to {to}")));
        }
    }
    let mut sent = Sent {
        to: body.to.clone(),
        at: entry.at,
        weapons: body.weapons.iter().copied().collect(),
        rounds: alloc::collections::BTreeMap::new(),
        is_due: false,
    };
    for part in &body.lots {
        let left = sent.rounds.entry(part.lot).or_default();
        *left = left.saturating_add(part.rounds);
        if let Some(lot) = state.lots.get_mut(&part.lot) {
            let gone = lot.there.min(part.rounds);
            lot.there -= gone;
            // More left than the record had: the counts do not explain it.
            lot.unaccounted = lot.unaccounted.saturating_add(part.rounds - gone);
        }
    }
    state.sent.insert(entry.statement.id, sent);
    if !body.to.is_empty() {
        state.deadlines.push(Deadline {
            of: entry.statement.id,
            what: DeadlineOf::Arrival(entry.statement.id),
            until: entry.at + state.limits.arrive_ms,
        });
    }
}

/// The other log says what came; what it does not name left and did not arrive.
pub(super) fn confirm(state: &mut State, body: &Confirm) {
    let Some(sent) = state.sent.get_mut(&body.send) else {
        return;
    };
    for weapon in &body.weapons {
        sent.weapons.remove(weapon);
    }
    for part in &body.lots {
        if let Some(left) = sent.rounds.get_mut(&part.lot) {
            *left = left.saturating_sub(part.rounds);
        }
    }
    sent.is_due = true;
    let arrival = DeadlineOf::Arrival(body.send);
    state.deadlines.retain(|deadline| deadline.what != arrival);
}

/// Nothing was heard in time.
pub(super) fn arrival_lapsed(state: &mut State, send: StatementId) {
    if let Some(sent) = state.sent.get_mut(&send) {
        sent.is_due = true;
    }
}

/// Why the body of `id` may not be erased at `now`; `None` when it may.
pub(crate) fn kept(state: &State, id: StatementId, now: Millis, ordered: bool) -> Option<Kept> {
    match state.sealed.get(&id) {
        None => Some(Kept::NotSealed),
        Some(sealed) if sealed.erased_at.is_some() => Some(Kept::NotSealed),
        Some(sealed) if sealed.of_incident => Some(Kept::OfIncident),
        // A court's order does not wait for the packs' days; an incident it does not touch either.
        Some(sealed) if !ordered && now - sealed.at < state.limits.keep_ms => Some(Kept::TooYoung),
        Some(_) => None,
    }
}

/// What keeps a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is not of a sealed kind, not in the record, or erased already.
    NotSealed,
    /// It belongs to an incident.
    OfIncident,
    /// Its time is not over.
    TooYoung,
}
