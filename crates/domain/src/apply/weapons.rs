//! Weapons and racks.

use super::{floor, incidents};
use crate::{
    act::{
        incidents::UnexpectedEvent,
        weapons::{
            Alter, Ground, Inventory, IssueBatch, Missing, Receive, ReceiveBatch, ReturnBatch,
            TestFire,
        },
    },
    id::WeaponId,
    knowledge::Unknown,
    state::{Batch, Custody, Hold, HoldWhy, State, Weapon},
    statement::Entry,
    words::*,
};
use alloc::vec::Vec;

/// A second receipt of what can fire, with the same serial, is the same thing again: the older record releases nothing.
pub(super) fn receive(state: &mut State, entry: &Entry, body: &Receive) {
    let sight_until = entry.at + state.limits.sight_ms;
    let weapon = Weapon::received(body.clone(), entry.statement.by, sight_until);
    for older in state.weapons.values_mut() {
        let same = older.about.serial == body.serial
            && older.about.name == body.name
            && older.about.calibre == body.calibre;
        if same && !body.serial.is_blank() && older.can_fire() {
            older.inconsistent = true;
            older.forget(Unknown::ReceivedAgain);
        }
    }
    let id = entry.statement.id.into();
    state.weapons.insert(id, weapon);
    hold_with_its_like(state, entry, id);
}

/// What is like a weapon that an open event holds is held with it, though it came later.
fn hold_with_its_like(state: &mut State, entry: &Entry, id: WeaponId) {
    let like = state.like(id);
    for (event_id, event) in &mut state.events {
        let holds = event.released_at.is_none()
            && event
                .about
                .weapon
                .is_some_and(|about| like.contains(&about));
        if holds
            && event.held.insert(id)
            && let Some(weapon) = state.weapons.get_mut(&id)
        {
            weapon.holds.push(Hold {
                why: HoldWhy::Event(*event_id),
                at: entry.at,
                people: Vec::new(),
            });
        }
    }
}

pub(super) fn test_fire(state: &mut State, body: &TestFire) {
    if let Some(weapon) = state.weapons.get_mut(&body.weapon) {
        weapon.test_fires.retain(|earlier| earlier.lot != body.lot);
        weapon.test_fires.push(body.clone());
        weapon.forget(Unknown::Fired);
        weapon.was_not_harmless();
    }
}

pub(super) fn ground(state: &mut State, body: &Ground) {
    if let Some(weapon) = state.weapons.get_mut(&body.weapon) {
        weapon.grounded = Some(body.words.clone());
        weapon.lease = None;
    }
}

/// What was shown of it before was shown of another thing; an uncertified change withdraws it until two people say
/// otherwise.
pub(super) fn alter(state: &mut State, body: &Alter) {
    if let Some(weapon) = state.weapons.get_mut(&body.weapon) {
        weapon.class_proof = None;
        weapon.test_fires.clear();
        weapon.forget(Unknown::Opened);
        if !body.certified {
            weapon.grounded = Some(body.part.clone());
        }
    }
}

/// Stops the unit as any unexpected event does: two people explain it before it ends.
pub(super) fn missing(state: &mut State, entry: &Entry, body: &Missing) {
    lost(
        state,
        entry,
        &[body.weapon],
        &body.place,
        body.account.clone(),
    );
}

/// What the record has in the store and the count does not name is missing; what it has elsewhere came by ways that
/// nobody entered.
pub(super) fn inventory(state: &mut State, entry: &Entry, body: &Inventory) {
    let missing = not_there(state, body);
    surplus(state, body);
    if !missing.is_empty() {
        let name = state
            .stores
            .get(&body.store)
            .map(|store| store.about.name.clone())
            .unwrap_or_default();
        let account = Account {
            happened_at: None,
            learnt: Learnt::Saw,
            sure: Sure::Sure,
        };
        lost(state, entry, &missing, &name, account);
    }
}

/// A late count: things may have moved since, so it only raises doubt.
pub(super) fn inventory_late(state: &mut State, body: &Inventory) {
    for id in not_there(state, body) {
        floor::doubt(state, id);
    }
    surplus(state, body);
}

fn not_there(state: &State, body: &Inventory) -> Vec<WeaponId> {
    let here = Custody::Stored { store: body.store };
    let missing = |(id, weapon): &(&WeaponId, &Weapon)| {
        weapon.custody == here && weapon.away.is_none() && !body.present.contains(id)
    };
    let found = state.weapons.iter().filter(missing);
    found.map(|(id, _)| *id).collect()
}

fn surplus(state: &mut State, body: &Inventory) {
    let here = Custody::Stored { store: body.store };
    for id in &body.present {
        if state
            .weapons
            .get(id)
            .is_some_and(|weapon| weapon.custody != here)
        {
            floor::astray(state, *id, None);
        }
    }
}

fn lost(state: &mut State, entry: &Entry, weapons: &[WeaponId], place: &Words, account: Account) {
    for id in weapons {
        floor::astray(state, *id, None);
    }
    let event = UnexpectedEvent {
        what: Unexpected::Missing,
        // An event names one weapon; the others are off the record and stand on the board.
        weapon: weapons.first().copied(),
        lot: None,
        harm: Harm::None,
        words: place.clone(),
        account,
    };
    incidents::unexpected(state, entry, &event);
}

pub(super) fn receive_batch(state: &mut State, entry: &Entry, body: &ReceiveBatch) {
    let batch = Batch {
        about: body.clone(),
        class_proof: None,
        out: 0,
        missing: 0,
        wrangler: None,
    };
    state.batches.insert(entry.statement.id.into(), batch);
}

pub(super) fn issue_batch(state: &mut State, entry: &Entry, body: &IssueBatch) {
    if let Some(batch) = state.batches.get_mut(&body.batch) {
        batch.out = batch
            .out
            .saturating_add(body.pieces)
            .min(batch.about.pieces);
        batch.wrangler = Some(entry.statement.by);
    }
}

pub(super) fn return_batch(state: &mut State, body: &ReturnBatch) {
    if let Some(batch) = state.batches.get_mut(&body.batch) {
        batch.missing = batch.out.saturating_sub(body.pieces);
        batch.out = 0;
        batch.wrangler = None;
    }
}
