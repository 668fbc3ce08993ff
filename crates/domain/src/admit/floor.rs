//! Weapons, rounds, calls, hand-overs.

use crate::{
    act::{
        ammunition,
        floor::{CallCold, CallHot, EndHold, HandOver, LoadWeapon, TakeOut},
        weapons::{IssueBatch, ReturnToService},
    },
    board,
    content::Content,
    id::*,
    knowledge::{self, Unknown},
    limit,
    refusal::Refusal,
    state::{Custody, Event, HoldWhy, Lot, State, Weapon},
    time::Millis,
    words::Check,
};
use alloc::{string::ToString, vec::Vec};

/// What holds a weapon back whatever is asked of it. `None` if it was never received.
fn weapon<'a>(state: &'a State, id: WeaponId, found: &mut Vec<Refusal>) -> Option<&'a Weapon> {
    let Some(weapon) = state.weapons.get(&id) else {
        found.push(Refusal::Unreceived);
        return None;
    };
    if weapon.inconsistent {
        found.push(Refusal::Inconsistent);
    }
    if weapon.grounded.is_some() {
        found.push(Refusal::Grounded);
    }
    if weapon
        .holds
        .iter()
        .any(|hold| matches!(hold.why, HoldWhy::Mismatch | HoldWhy::SawRound))
    {
        found.push(Refusal::OnHold);
    }
    events(state, |event| event.held.contains(&id), found);
    Some(weapon)
}

/// Events that hold this thing, or everything.
fn events(state: &State, holds: impl Fn(&Event) -> bool, found: &mut Vec<Refusal>) {
    if state.open_events().any(|(_, event)| holds(event)) {
        found.push(Refusal::EventHolds);
    }
    if state.open_events().any(|(_, event)| event.holds_everything) {
        found.push(Refusal::EventsHoldAll);
    }
}

fn session(state: &State, found: &mut Vec<Refusal>) {
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
}

pub(super) fn return_to_service(state: &State, body: &ReturnToService, found: &mut Vec<Refusal>) {
    match state.weapons.get(&body.weapon) {
        None => found.push(Refusal::Unreceived),
        Some(_) if body.words.is_blank() => found.push(Refusal::NoSentence),
        Some(_) => events(state, |event| event.held.contains(&body.weapon), found),
    }
}

pub(super) fn issue_batch(state: &State, body: &IssueBatch, found: &mut Vec<Refusal>) {
    session(state, found);
    if !state.actions.contains_key(&body.action) {
        found.push(Refusal::NoAction);
    }
    let Some(batch) = state.batches.get(&body.batch) else {
        found.push(Refusal::NoBatch);
        return;
    };
    if !batch
        .class_proof
        .as_ref()
        .is_some_and(|proof| crate::state::cannot_fire(proof.class))
    {
        found.push(Refusal::ClassNotProven);
    }
    let there = batch
        .about
        .pieces
        .saturating_sub(batch.out)
        .saturating_sub(batch.missing);
    if body.pieces == 0 || body.pieces > there {
        found.push(Refusal::BatchShort { there });
    }
}

pub(super) fn take_out(state: &State, by: PersonId, body: &TakeOut, found: &mut Vec<Refusal>) {
    session(state, found);
    if !state.actions.contains_key(&body.action) {
        found.push(Refusal::NoAction);
    }
    if body
        .takers
        .iter()
        .any(|taker| !state.people.contains_key(taker))
    {
        found.push(Refusal::NoPerson);
    }
    if body.weapons.is_empty() {
        found.push(Refusal::Unreceived);
    }
    for id in &body.weapons {
        let Some(weapon) = weapon(state, *id, found) else {
            continue;
        };
        match &weapon.custody {
            Custody::Stored { .. } => {}
            // Received and not locked away since, or collected: whoever has it in hand issues it anew.
            Custody::Held { holder, .. } if weapon.issue.is_none() || *holder == by => {}
            Custody::Held { holder, .. } => found.push(Refusal::AlreadyOut {
                holder: state.role(*holder).to_string(),
            }),
            Custody::OutOfSight { .. } => found.push(Refusal::OutOfSight),
            Custody::OffTheRecord { .. } => found.push(Refusal::OffTheRecord),
        }
    }
    if body
        .carriers
        .iter()
        .any(|id| !state.carriers.contains_key(id))
    {
        found.push(Refusal::CarrierUnknown);
    }
}

/// Rounds may leave this lot.
/// Rounds are drawn from a lot.
pub(super) fn draw(state: &State, id: LotId, rounds: u32, found: &mut Vec<Refusal>) {
    let there = state.lots.get(&id).map_or(0, |lot| lot.there);
    lot(state, id, rounds <= there, found);
}

/// Rounds of a lot go in somewhere, drawn before or not.
fn put_in(state: &State, id: LotId, rounds: u32, found: &mut Vec<Refusal>) {
    let has = |lot: &Lot| lot.there.saturating_add(lot.in_hand);
    let there = state.lots.get(&id).map_or(0, has);
    lot(state, id, rounds <= there, found);
}

fn lot(state: &State, id: LotId, enough: bool, found: &mut Vec<Refusal>) {
    let Some(lot) = state.lots.get(&id) else {
        found.push(Refusal::LotUnreceived);
        return;
    };
    if matches!(
        lot.about.said,
        ammunition::Said::Live | ammunition::Said::Unknown
    ) {
        found.push(Refusal::LiveLot);
    }
    if lot.quarantined.is_some() {
        found.push(Refusal::LotQuarantined);
    } else if !lot.is_proven() {
        found.push(Refusal::LotNotProven);
    }
    if !enough {
        found.push(Refusal::TooFewRounds);
    }
    events(state, |event| event.lots.contains(&id), found);
}

pub(super) fn release_lot(state: &State, body: &ammunition::Release, found: &mut Vec<Refusal>) {
    let Some(lot) = state.lots.get(&body.lot) else {
        found.push(Refusal::LotUnreceived);
        return;
    };
    let whole = lot.proof.as_ref().is_some_and(|proof| {
        proof.at > lot.quarantined_at
            && proof.counted == proof.proven
            && proof.counted == proof.primers
    });
    if !whole {
        found.push(Refusal::NoProofSince);
    }
    events(state, |event| event.lots.contains(&body.lot), found);
}

pub(super) fn fill_carrier(
    state: &State,
    body: &ammunition::FillCarrier,
    found: &mut Vec<Refusal>,
) {
    session(state, found);
    put_in(state, body.lot, body.rounds, found);
    match state.carriers.get(&body.carrier) {
        None => found.push(Refusal::CarrierUnknown),
        Some(carrier) => {
            if !matches!(carrier.content, crate::state::CarrierContent::Empty)
                || body.rounds > carrier.about.capacity
            {
                found.push(Refusal::CarrierUnknown);
            }
        }
    }
}

pub(super) fn load(state: &State, by: PersonId, body: &LoadWeapon, found: &mut Vec<Refusal>) {
    session(state, found);
    put_in(state, body.lot, body.rounds, found);
    let Some(weapon) = weapon(state, body.sight.weapon, found) else {
        return;
    };
    in_hand(weapon, by, found);
    if weapon.issue.is_none() {
        found.push(Refusal::NoIssue);
    }
    let count = knowledge::counted(&body.sight);
    let in_it = u32::from(count.dummies) + u32::from(count.blanks) + u32::from(count.others);
    let before = weapon
        .loaded
        .as_ref()
        .filter(|loaded| loaded.lot == body.lot)
        .map_or(0, |loaded| loaded.rounds);
    let mixed = weapon
        .loaded
        .as_ref()
        .is_some_and(|loaded| loaded.lot != body.lot);
    if knowledge::unseen(&body.sight, weapon.about.works, Check::Full) > 0
        || in_it != before.saturating_add(body.rounds)
        || mixed
        || body.rounds == 0
    {
        found.push(Refusal::MapDiffers);
    }
}

/// It is in that person's hands and in sight.
fn in_hand(weapon: &Weapon, by: PersonId, found: &mut Vec<Refusal>) {
    match &weapon.custody {
        Custody::Held { holder, .. } if *holder == by => {}
        Custody::Held { .. } | Custody::Stored { .. } => found.push(Refusal::NotTheHolder),
        Custody::OutOfSight { .. } => found.push(Refusal::OutOfSight),
        Custody::OffTheRecord { .. } => found.push(Refusal::OffTheRecord),
    }
}

/// Two looks of this epoch agree and nothing ended them.
fn looked(state: &State, weapon: &Weapon, found: &mut Vec<Refusal>) -> Option<Content> {
    if let Some(known) = &weapon.knowledge.known {
        return Some(state.content(known));
    }
    if let Unknown::PositionsUnseen { unseen, of } = weapon.knowledge.why
        && weapon.knowledge.waiting.is_none()
    {
        found.push(Refusal::PositionsUnseen { unseen, of });
    }
    let looks = u8::from(weapon.knowledge.waiting.is_some());
    found.push(Refusal::NotTwoLooks {
        looks,
        why: weapon.knowledge.why.says(),
    });
    None
}

/// It stands issued for the action that is on, in known hands.
fn issued(state: &State, weapon: &Weapon, found: &mut Vec<Refusal>) {
    match &weapon.issue {
        None => found.push(Refusal::NoIssue),
        Some(issue) if state.now_on != Some(issue.action) => found.push(Refusal::NotOnNow),
        Some(_) => {}
    }
    match &weapon.custody {
        Custody::Held { .. } => {}
        Custody::Stored { .. } => found.push(Refusal::NoIssue),
        Custody::OutOfSight { .. } => found.push(Refusal::OutOfSight),
        Custody::OffTheRecord { .. } => found.push(Refusal::OffTheRecord),
    }
    if weapon.off_record && !matches!(weapon.custody, Custody::OffTheRecord { .. }) {
        found.push(Refusal::OffTheRecord);
    }
}

pub(super) fn call_cold(state: &State, body: &CallCold, found: &mut Vec<Refusal>) {
    session(state, found);
    if body.weapons.is_empty() {
        found.push(Refusal::Unreceived);
    }
    if body.weapons.len() > limit::LINE_WEAPONS {
        found.push(Refusal::TooMany);
    }
    for id in &body.weapons {
        let Some(weapon) = weapon(state, *id, found) else {
            continue;
        };
        issued(state, weapon, found);
        if weapon.is_harmless() {
            found.push(Refusal::NothingToCall);
        }
        if looked(state, weapon, found)
            .is_some_and(|content| content.blanks > 0 || content.others > 0)
        {
            found.push(Refusal::NotCold);
        }
        rounds_in_it(state, weapon, found);
    }
}

pub(super) fn call_hot(state: &State, body: &CallHot, found: &mut Vec<Refusal>) {
    session(state, found);
    let Some(weapon) = weapon(state, body.weapon, found) else {
        return;
    };
    issued(state, weapon, found);
    if let Some(content) = looked(state, weapon, found)
        && (content.blanks == 0
            || content.others > 0
            || content.dummies > 0
            || content.load != Some(body.load)
            || content.blanks != body.shots)
    {
        found.push(Refusal::NotHot);
    }
    rounds_in_it(state, weapon, found);
}

/// What two people saw is worth as much as the lots it came from.
fn rounds_in_it(state: &State, weapon: &Weapon, found: &mut Vec<Refusal>) {
    let holds_rounds = weapon
        .knowledge
        .known
        .as_ref()
        .map(|known| state.content(known))
        .is_some_and(|content| content.dummies > 0 || content.blanks > 0);
    if !holds_rounds {
        return;
    }
    for id in state.lots_in(weapon) {
        match state.lots.get(&id) {
            None => found.push(Refusal::LotUnreceived),
            Some(lot) if lot.quarantined.is_some() => found.push(Refusal::LotQuarantined),
            Some(lot) if !lot.is_proven() => found.push(Refusal::LotNotProven),
            Some(_) => {}
        }
    }
}

pub(super) fn hand_over(
    state: &State,
    by: PersonId,
    body: &HandOver,
    now: Millis,
    found: &mut Vec<Refusal>,
) {
    session(state, found);
    let Some(weapon) = weapon(state, body.weapon, found) else {
        return;
    };
    in_hand(weapon, by, found);
    if !state.people.contains_key(&body.to) {
        found.push(Refusal::NoPerson);
    }
    match &weapon.issue {
        None => found.push(Refusal::NoIssue),
        Some(issue) => {
            if !issue.takers.contains(&body.to) {
                found.push(Refusal::TakerNotNamed {
                    taker: state.role(body.to).to_string(),
                });
            }
            if state.now_on != Some(issue.action) {
                found.push(Refusal::NotOnNow);
            }
        }
    }
    if weapon.is_harmless() {
        return;
    }
    if board::standing(state, weapon, now).is_none() {
        looked(state, weapon, found);
        found.push(Refusal::NoLease);
    }
    // Between takers it goes through the handler.
    if weapon
        .issue
        .as_ref()
        .is_some_and(|issue| issue.handler != by)
    {
        found.push(Refusal::NotYourDuty {
            whose: "the handler who answers for it",
        });
    }
}

pub(super) fn end_hold(state: &State, body: &EndHold, found: &mut Vec<Refusal>) {
    let Some(weapon) = state.weapons.get(&body.weapon) else {
        found.push(Refusal::Unreceived);
        return;
    };
    let holds: Vec<_> = weapon
        .holds
        .iter()
        .filter(|hold| !matches!(hold.why, HoldWhy::Event(_)))
        .collect();
    if holds.is_empty() {
        found.push(Refusal::NoHold);
    }
    if body.differed.is_blank() {
        found.push(Refusal::NoSentence);
    }
    for hold in holds {
        match &weapon.knowledge.known {
            // Whole, not a count.
            Some(known) if known.at > hold.at && known.check == Check::Full => {
                if known.by.iter().all(|one| hold.people.contains(one)) {
                    found.push(Refusal::NobodyNew);
                }
            }
            Some(_) | None => found.push(Refusal::NotRepeated),
        }
    }
}
