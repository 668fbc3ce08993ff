//! What may be asked or reported of one weapon.

use domain::act::Kind;
use domain::id::{PersonId, WeaponId};
use domain::state::{Custody, HoldWhy, Weapon};
use domain::words::*;
use node::View;
use serde_json::json;
use web::desk::Offer;

use super::{actions, handles, hex, lots};
use crate::desk::check::checked;
use crate::desk::form::{With as _, all, go, offer, option, people, saw};

/// What may be asked or reported of one weapon.
pub(in crate::desk) fn of_weapon(view: &View<'_>, id: WeaponId) -> Vec<Offer> {
    let (Some(me), Some(weapon)) = (view.reader, view.state.weapons.get(&id)) else {
        return Vec::new();
    };
    let mut offers = Vec::new();
    let handler = handles(&view.state, me);
    let answers = weapon
        .issue
        .as_ref()
        .is_some_and(|issue| issue.handler == me);
    let in_hand = weapon.custody.holder() == Some(me);
    if matches!(weapon.custody, Custody::Held { .. })
        && weapon.issue.is_some()
        && weapon.about.works.positions() > 0
        && weapon.can_fire()
    {
        offers.push(go("Full check", format!("/w/{id}/check/full")));
        if weapon.knowledge.last.is_some() {
            offers.push(go("Reset check", format!("/w/{id}/check/reset")));
        }
        offers.extend(call(view, id, weapon));
    }
    if in_hand || answers {
        offers.push(offer(
            Kind::EyesOn,
            "Eyes on",
            json!({ "weapons": [hex(id)] }),
        ));
        offers.extend(hand_over(view, id, weapon, me));
    }
    if handler {
        offers.extend(handlers(view, id, weapon, me));
    }
    if weapon
        .holds
        .iter()
        .any(|hold| !matches!(hold.why, HoldWhy::Event(_)))
    {
        offers.push(
            offer(Kind::EndHold, "End the HOLD", json!({ "weapon": hex(id) }))
                .words("differed", "What differed")
                .hold(),
        );
    }
    if !matches!(weapon.custody, Custody::Stored { .. }) {
        offers.push(offer(
            Kind::OutOfSight,
            "Was out of sight or set down",
            json!({ "weapons": [hex(id)], "lots": [], "account": saw() }),
        ));
    }
    offers.extend(reports(view, id));
    offers
}

/// The call that both looks support.
fn call(view: &View<'_>, id: WeaponId, weapon: &Weapon) -> Option<Offer> {
    let known = weapon.knowledge.known.as_ref()?;
    if !weapon.holds.is_empty() || weapon.lease.is_some() {
        return None;
    }
    let content = view.state.content(known);
    if content.blanks == 0 {
        return Some(
            offer(
                Kind::CallCold,
                "Call cold",
                json!({ "weapons": [hex(id)], "lasts_ms": 0 }),
            )
            .hold(),
        );
    }
    let hot = offer(
        Kind::CallHot,
        "Call hot",
        json!({ "weapon": hex(id), "lasts_ms": 0 }),
    );
    Some(
        hot.choice("load", "Load as announced", all!(Load))
            .count("shots", "Shots as announced", 99)
            .hold(),
    )
}

/// To a taker of the issue, or back to a handler.
fn hand_over(view: &View<'_>, id: WeaponId, weapon: &Weapon, me: PersonId) -> Option<Offer> {
    let issue = weapon.issue.as_ref()?;
    let handlers = view
        .state
        .people
        .iter()
        .filter(|(_, one)| one.handles())
        .map(|(person, _)| *person);
    let whom: std::collections::BTreeSet<PersonId> = issue
        .takers
        .iter()
        .copied()
        .chain(handlers)
        .filter(|one| *one != me)
        .collect();
    let known = json!({ "weapon": hex(id), "at_rest": true });
    let how = vec![
        option(json!("spoken"), "In words, now"),
        option(
            json!("countersign"),
            "On their own phone, within two minutes",
        ),
    ];
    Some(
        offer(Kind::HandOver, "Hand over", known)
            .choice("to", "To whom", people(view, whom.into_iter()))
            .choice("acknowledged", "How they take it", how)
            .hold(),
    )
}

/// What only those do who handle weapons.
fn handlers(view: &View<'_>, id: WeaponId, weapon: &Weapon, me: PersonId) -> Vec<Offer> {
    let state = &view.state;
    let mut offers = Vec::new();
    let stored = matches!(weapon.custody, Custody::Stored { .. });
    if stored || weapon.issue.is_none() {
        let takers = state
            .people
            .iter()
            .filter(|(_, one)| one.performs())
            .map(|(person, _)| *person);
        offers.push(
            offer(
                Kind::TakeOut,
                "Take out",
                json!({ "weapons": [hex(id)], "carriers": [] }),
            )
            .choice("action", "For which action", actions(view))
            .several("takers", "For whom", people(view, takers))
            .hold(),
        );
    }
    if !stored {
        if weapon.custody.holder() != Some(me) {
            offers.push(offer(
                Kind::Collect,
                "Collect",
                json!({ "weapon": hex(id) }),
            ));
        }
        if let Some(of) =
            checked(view, id, me, Check::Full).filter(|_| weapon.about.works.positions() > 0)
        {
            let load = offer(Kind::LoadWeapon, "Load", json!({}))
                .choice("lot", "From which lot", lots(view))
                .count("rounds", "Rounds put in", 99)
                .sight(of.clone())
                .hold();
            let clear = offer(Kind::Clear, "Clear", json!({}))
                .count("rounds", "Rounds taken out", 99)
                .sight(of);
            offers.extend([load, clear]);
        }
        offers.push(shots(id));
        let places = state
            .stores
            .iter()
            .map(|(id, store)| option(hex(id), store.about.name.as_str()))
            .collect();
        offers.push(
            offer(
                Kind::LockAway,
                "Lock away",
                json!({ "weapons": [hex(id)], "lots": [] }),
            )
            .choice("store", "Where", places),
        );
    }
    if let Some(issue) = &weapon.issue {
        let takers = people(view, issue.takers.iter().copied());
        let known = json!({ "weapon": hex(id) });
        offers.push(
            offer(Kind::Show, "Offered to be shown", known.clone())
                .choice("to", "To whom", takers.clone())
                .choice("answer", "What they wished", all!(Showing)),
        );
        offers.push(
            offer(
                Kind::Train,
                "Trained",
                json!({ "weapon": hex(id), "competent": true }),
            )
            .choice("person", "Whom", takers)
            .count("planned_min", "Minutes planned", 10_000)
            .count("given_min", "Minutes given", 10_000),
        );
    }
    if weapon.class_proof.is_none() && weapon.about.class != Class::Firearm {
        offers.push(
            offer(
                Kind::ProveClass,
                "Show what it is",
                json!({ "thing": hex(id) }),
            )
            .choice("class", "It is", all!(Class))
            .words("words", "How it was shown"),
        );
    }
    let known = json!({ "weapon": hex(id) });
    offers.push(if weapon.grounded.is_some() {
        offer(Kind::ReturnToService, "Return to service", known)
            .words("words", "What was done")
            .hold()
    } else {
        offer(Kind::Ground, "Withdraw", known).words("words", "Why")
    });
    offers
}

fn shots(id: WeaponId) -> Offer {
    let waited = vec![
        option(json!(0), "No misfire"),
        option(json!(30_000), "30 s"),
        option(json!(60_000), "1 min"),
        option(json!(120_000), "2 min or more"),
    ];
    offer(
        Kind::Shots,
        "Shots and misfires",
        json!({ "weapon": hex(id) }),
    )
    .count("fired", "Fired", 999)
    .count("misfired", "Did not fire", 999)
    .choice("waited_ms", "Wait before it was opened", waited)
}

/// What anybody may report of a weapon.
fn reports(view: &View<'_>, id: WeaponId) -> Vec<Offer> {
    let everybody = people(view, view.state.people.keys().copied());
    let off = offer(
        Kind::OffProtocol,
        "Handled outside the plan",
        json!({ "weapon": hex(id), "account": saw() }),
    )
    .choice("now_with", "Who has it now", everybody)
    .choice("at_person", "It pointed at a person", all!(Answer))
    .words("words", "What happened");
    let event = offer(
        Kind::UnexpectedEvent,
        "Unexpected event",
        json!({ "weapon": hex(id), "account": saw() }),
    )
    .choice("what", "What", all!(Unexpected))
    .choice("harm", "The worst harm", all!(Harm))
    .words("words", "In your words");
    vec![off, event]
}
