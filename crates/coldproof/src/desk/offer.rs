//! Which acts a person is offered. Nothing here decides: what is offered may be refused, and what is not may be signed.

use domain::act::Kind;
use domain::id::{PersonId, StopId};
use domain::state::State;
use node::View;
use serde_json::{Value, json};
use web::desk::{Choice, Offer};

use super::form::{With as _, offer, option};

mod floor;
mod one;
mod papers;
mod record;
mod second;
mod stock;

pub(super) use floor::of_set;
pub(super) use one::of_weapon;

/// What may be done about a stop.
pub(super) fn of_stop(view: &View<'_>, id: StopId) -> Vec<Offer> {
    let (Some(me), Some(held)) = (view.reader, view.state.stops.get(&id)) else {
        return Vec::new();
    };
    if held.event.is_some() || view.is_unrecorded(id) {
        return Vec::new();
    }
    let known = json!({ "stop": hex(id) });
    if held.by == Some(me) {
        return vec![
            offer(Kind::Lift, "Lift my stop", known)
                .words_or_none("words", "What was found")
                .hold(),
        ];
    }
    if !held.authority.is_blank() {
        return Vec::new();
    }
    vec![
        offer(Kind::LiftForAnother, "Lift for them", known)
            .words("looked_at", "What you looked at, said aloud")
            .hold(),
    ]
}

/// Whoever has the duty or the permit to handle weapons.
fn handles(state: &State, me: PersonId) -> bool {
    state
        .people
        .get(&me)
        .is_some_and(domain::state::Person::handles)
}

fn hex(id: impl std::fmt::Display) -> Value {
    json!(id.to_string())
}

/// Actions, the one that is on first.
fn actions(view: &View<'_>) -> Vec<Choice> {
    let on = view.state.now_on;
    let mut actions: Vec<(bool, Choice)> = view
        .state
        .actions
        .iter()
        .map(|(id, action)| (on != Some(*id), option(hex(id), action.about.name.as_str())))
        .collect();
    // The one that is on first.
    actions.sort_by(|(off, one), (other_off, other)| {
        off.cmp(other_off).then(one.label.cmp(&other.label))
    });
    actions.into_iter().map(|(_, choice)| choice).collect()
}

fn lots(view: &View<'_>) -> Vec<Choice> {
    view.state
        .lots
        .iter()
        .map(|(id, lot)| option(hex(id), lot.about.tag.as_str()))
        .collect()
}
