//! Weapons and racks.

use crate::{
    act::weapons::{Ground, IssueBatch, Receive, ReceiveBatch, ReturnBatch, TestFire},
    id::WeaponId,
    knowledge::Unknown,
    state::{Batch, Hold, HoldWhy, State, Weapon},
    statement::Entry,
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
