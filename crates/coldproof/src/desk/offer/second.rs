//! Acts of two people that wait for the reader's key.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of ninety kinds of statement a few wait for a second"
)]

use domain::act::{Act, Kind};
use domain::id::{PersonId, StatementId};
use domain::state::{Pending, State};
use node::View;
use serde_json::json;
use web::desk::Offer;

use super::hex;
use crate::desk::form::{With as _, offer};

/// Every act that waits and that this person may second.
pub(super) fn waiting(view: &View<'_>, me: PersonId) -> Vec<Offer> {
    let pending = view
        .state
        .pending
        .iter()
        .filter(|(_, pending)| may_second(&view.state, pending, me));
    pending
        .map(|(of, pending)| second(view, *of, pending))
        .collect()
}

fn may_second(state: &State, pending: &Pending, me: PersonId) -> bool {
    if pending.by == me {
        return false;
    }
    match &pending.act {
        Act::HandOver(hand) => hand.to == me,
        Act::LiftForAnother(_) => {
            let department = |one: PersonId| state.people.get(&one).map(|known| known.department);
            department(me) != department(pending.by)
        }
        _ => true,
    }
}

/// A countersign, with what it is of.
fn second(view: &View<'_>, of: StatementId, pending: &Pending) -> Offer {
    let what = match &pending.act {
        Act::HandOver(hand) => format!("take {}", view.state.tag(hand.weapon)),
        Act::LiftForAnother(_) => "lift the stop".to_owned(),
        Act::ProveClass(_) => "what it is was shown".to_owned(),
        Act::ProveLot(proof) => view.state.lots.get(&proof.lot).map_or_else(
            || "a lot is proven".to_owned(),
            |lot| format!("lot {} is proven", lot.about.tag.as_str()),
        ),
        Act::Erase(erase) => format!(
            "erase {} sealed bodies, {}: {}",
            erase.statements.len(),
            erase.basis.word(),
            erase.words.as_str()
        ),
        Act::ReleaseLot(_) => "a lot is released".to_owned(),
        Act::Sweep(_) => "the site was swept".to_owned(),
        Act::FillCarrier(_) => "a carrier was filled before me".to_owned(),
        Act::ReturnToService(back) => format!("{} returns to service", view.state.tag(back.weapon)),
        Act::ExplainEvent(_) => "cause and fix of an event".to_owned(),
        Act::ReleaseEvent(_) => "an event is released".to_owned(),
        Act::SetPlan(_) => "the line in the plan".to_owned(),
        other => other.kind().meaning().trim().to_owned(),
    };
    let by = view.name(pending.by);
    let mut second = offer(
        Kind::Countersign,
        &format!("Countersign: {what}"),
        json!({ "of": hex(of) }),
    )
    .hold();
    second.sentence = format!("{by} signed first; I stand behind it as well.");
    second
}
