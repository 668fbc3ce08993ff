//! Lots, rounds, carriers, stores.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use super::incidents;
use crate::{
    act::{
        Act,
        ammunition::{
            AddStore, Count, FoundRound, OpenCarrier, Receive, ReceiveCarrier, Reconcile, StoreDoor,
        },
        incidents::UnexpectedEvent,
    },
    id::*,
    knowledge::Unknown,
    state::{Carrier, CarrierContent, Lot, State, Store},
    statement::Entry,
    words::{Answer, Harm, Unexpected, Words},
};
use alloc::vec::Vec;

pub(super) fn receive(state: &mut State, entry: &Entry, body: &Receive) {
    let there = body.counted.unwrap_or(body.count);
    let lot = Lot {
        about: body.clone(),
        received_by: entry.statement.by,
        proof: None,
        quarantined: None,
        quarantined_at: 0,
        there,
        out: 0,
        in_hand: 0,
        shot: 0,
        used: 0,
        unaccounted: body
            .counted
            .map_or(0, |counted| counted.abs_diff(body.count)),
        store: None,
        counted_at: 0,
    };
    state.lots.insert(entry.statement.id.into(), lot);
}

/// Puts a lot aside; whatever holds its rounds is unknown, and what one person said of it before waits no longer.
pub(super) fn quarantine(state: &mut State, entry: &Entry, lot: LotId, why: &Words) {
    state.pending.retain(|_, pending| match &pending.act {
        Act::ProveLot(proof) => proof.lot != lot,
        Act::ReleaseLot(release) => release.lot != lot,
        Act::FillCarrier(fill) => fill.lot != lot,
        _ => true,
    });
    if let Some(lot) = state.lots.get_mut(&lot) {
        lot.quarantined = Some(why.clone());
        lot.quarantined_at = entry.at;
        lot.proof = None;
    }
    for weapon in state.weapons.values_mut() {
        if weapon
            .loaded
            .as_ref()
            .is_some_and(|loaded| loaded.lot == lot)
        {
            weapon.forget(Unknown::LotInDoubt);
        }
    }
    let holds = |carrier: &Carrier| matches!(carrier.content, CarrierContent::Sealed { lot: held, .. } if held == lot);
    let carriers: Vec<CarrierId> = state
        .carriers
        .iter()
        .filter(|(_, carrier)| holds(carrier))
        .map(|(id, _)| *id)
        .collect();
    for id in carriers {
        carrier_unknown(state, id);
    }
}

/// Nobody knows what is in it any more, nor in the weapon it is in.
pub(super) fn carrier_unknown(state: &mut State, id: CarrierId) {
    if let Some(carrier) = state.carriers.get_mut(&id) {
        carrier.content = CarrierContent::Unknown;
    }
    carrier_changed(state, id, Unknown::LotInDoubt);
}

/// Whatever two people saw, or one, of the weapon that it is in.
fn carrier_changed(state: &mut State, id: CarrierId, why: Unknown) {
    for weapon in state.weapons.values_mut() {
        let knowledge = &weapon.knowledge;
        let known = knowledge.known.iter().chain(&knowledge.last);
        let seen = known.map(|known| known.carrier);
        let waiting = knowledge.waiting.iter().map(|look| look.sight.carrier);
        if seen.chain(waiting).any(|carrier| carrier == Some(id)) {
            weapon.forget(why);
        }
    }
}

pub(super) fn count(state: &mut State, entry: &Entry, body: &Count) {
    count_differs(state, body);
    if let Some(lot) = state.lots.get_mut(&body.lot) {
        lot.there = body.counted;
        lot.counted_at = entry.at;
    }
    incidents::counted(state, entry, body.lot);
}

/// Rounds that the count does not explain stay unexplained until a whole proof.
pub(super) fn count_differs(state: &mut State, body: &Count) {
    if let Some(lot) = state.lots.get_mut(&body.lot) {
        lot.unaccounted = lot
            .unaccounted
            .saturating_add(lot.there.abs_diff(body.counted));
        if !body.secured {
            lot.proof = None;
        }
    }
}

pub(super) fn draw(state: &mut State, lot: LotId, rounds: u32) {
    if let Some(lot) = state.lots.get_mut(&lot) {
        lot.there = lot.there.saturating_sub(rounds);
        lot.out = lot.out.saturating_add(rounds);
        lot.in_hand = lot.in_hand.saturating_add(rounds);
        lot.store = None;
    }
}

/// Rounds go into a weapon or a carrier: those in hand first, the rest straight from the lot.
pub(super) fn put_in(state: &mut State, id: LotId, rounds: u32) {
    let in_hand = state.lots.get(&id).map_or(0, |lot| lot.in_hand);
    draw(state, id, rounds.saturating_sub(in_hand));
    if let Some(lot) = state.lots.get_mut(&id) {
        lot.in_hand = lot.in_hand.saturating_sub(rounds);
    }
}

/// Issued = fired + returned + misfired; what is left over is unaccounted for.
pub(super) fn reconcile(state: &mut State, body: &Reconcile) {
    if let Some(lot) = state.lots.get_mut(&body.lot) {
        let told = body
            .fired
            .saturating_add(body.returned)
            .saturating_add(body.misfired);
        lot.unaccounted = lot.unaccounted.saturating_add(lot.out.abs_diff(told));
        lot.there = lot.there.saturating_add(body.returned);
        lot.used = lot
            .used
            .saturating_add(body.fired)
            .saturating_add(body.misfired);
        lot.out = 0;
        lot.in_hand = 0;
        lot.shot = 0;
    }
}

/// A round where none may be. Known to be live: it stops the unit like any unexpected event.
pub(super) fn found(state: &mut State, entry: &Entry, body: &FoundRound) {
    if body.live == Answer::No {
        return;
    }
    state.loose_rounds = state.loose_rounds.saturating_add(1);
    if let Some(lot) = body.lot {
        quarantine(state, entry, lot, &body.place);
    }
    // Like it is what is of its calibre; where nobody can say that, everything.
    let calibre = if body.calibre.is_blank() {
        body.lot
            .and_then(|lot| state.lots.get(&lot))
            .map(|lot| lot.about.calibre.clone())
            .unwrap_or_default()
    } else {
        body.calibre.clone()
    };
    for weapon in state.weapons.values_mut() {
        if calibre.is_blank() || weapon.about.calibre == calibre {
            weapon.forget(Unknown::LotInDoubt);
        }
    }
    if body.live == Answer::Yes {
        let event = UnexpectedEvent {
            what: Unexpected::LiveRound,
            weapon: None,
            lot: body.lot,
            harm: Harm::None,
            words: body.place.clone(),
            account: body.account.clone(),
        };
        incidents::unexpected(state, entry, &event);
    }
}

pub(super) fn receive_carrier(state: &mut State, entry: &Entry, body: &ReceiveCarrier) {
    let content = if body.with_rounds {
        CarrierContent::Unknown
    } else {
        CarrierContent::Empty
    };
    state.carriers.insert(
        entry.statement.id.into(),
        Carrier {
            about: body.clone(),
            content,
        },
    );
}

pub(super) fn open_carrier(state: &mut State, body: &OpenCarrier) {
    if let Some(carrier) = state.carriers.get_mut(&body.carrier) {
        carrier.content = if body.empty {
            CarrierContent::Empty
        } else {
            CarrierContent::Unknown
        };
    }
    carrier_changed(state, body.carrier, Unknown::Opened);
}

pub(super) fn add_store(state: &mut State, entry: &Entry, body: &AddStore) {
    state.stores.insert(
        entry.statement.id.into(),
        Store {
            about: body.clone(),
            open: false,
        },
    );
}

pub(super) fn door(state: &mut State, body: &StoreDoor) {
    if let Some(store) = state.stores.get_mut(&body.store) {
        store.open = body.open;
    }
}
