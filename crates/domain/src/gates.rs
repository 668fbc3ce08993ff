//! Which gates a request passes, and about which weapons.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use crate::{act::Act, id::*, judge::Gate, state::State};
use alloc::{vec, vec::Vec};

/// The gates of an act in this state; empty for reports and for requests that no pack judges.
pub(crate) fn of(state: &State, act: &Act) -> Vec<(Gate, Option<WeaponId>)> {
    let each = |gate: Gate, weapons: &[WeaponId]| {
        weapons.iter().map(|weapon| (gate, Some(*weapon))).collect()
    };
    match act {
        Act::TakeOut(body) => each(Gate::TakeOut, &body.weapons),
        Act::IssueBatch(_) => vec![(Gate::IssueBatch, None)],
        Act::DrawRounds(_) => vec![(Gate::Draw, None)],
        Act::FillCarrier(_) => vec![(Gate::Load, None)],
        Act::LoadWeapon(body) => vec![
            (Gate::Draw, Some(body.sight.weapon)),
            (Gate::Load, Some(body.sight.weapon)),
        ],
        Act::CallCold(body) => each(Gate::CallCold, &body.weapons),
        Act::CallHot(body) => each(Gate::CallHot, &[body.weapon]),
        Act::HandOver(body) => each(Gate::HandOver, &[body.weapon]),
        Act::Begin(body) => in_play(state, Gate::Begin, Some(body.action)),
        Act::Resume(_) => in_play(state, Gate::Resume, None),
        Act::ReturnToService(body) => each(Gate::ReturnToService, &[body.weapon]),
        Act::ReleaseEvent(body) => {
            let weapon = state
                .events
                .get(&body.event)
                .and_then(|event| event.about.weapon);
            vec![(Gate::Release, weapon)]
        }
        _ => Vec::new(),
    }
}

/// One question a weapon in play. A weapon off the record is in play wherever it may be. Where none is, a resumed set
/// is still asked about its rounds; an action without weapons is nobody's question here.
fn in_play(state: &State, gate: Gate, action: Option<ActionId>) -> Vec<(Gate, Option<WeaponId>)> {
    let weapons: Vec<_> = state
        .weapons
        .iter()
        .filter(|(_, weapon)| weapon.is_in_play(action))
        .map(|(id, _)| (gate, Some(*id)))
        .collect();
    if weapons.is_empty() && gate == Gate::Resume {
        vec![(gate, None)]
    } else {
        weapons
    }
}
