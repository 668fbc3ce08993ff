//! What belongs to no weapon: session, actions, meetings, duties, events.

use domain::act::Kind;
use domain::id::PersonId;
use domain::state::Custody;
use domain::words::*;
use node::View;
use serde_json::json;
use web::desk::{Choice, Offer};

use super::{actions, handles, hex, papers, record, second, stock};
use crate::desk::form::{With as _, all, go, offer, option, people, saw, yes_no};

/// What belongs to no weapon.
pub(in crate::desk) fn of_set(view: &View<'_>) -> Vec<Offer> {
    let Some(me) = view.reader else {
        return Vec::new();
    };
    let state = &view.state;
    let mut offers = second::waiting(view, me);
    let runs = state.holds(me, Duty::FirstAd) || handles(state, me);
    let line = state.weapons.values().filter(|weapon| {
        weapon.issue.is_some()
            && weapon.can_fire()
            && matches!(weapon.custody, Custody::Held { .. })
    });
    if line.count() > 1 {
        offers.push(go("Line check", "/line".to_owned()));
    }
    if runs {
        offers.extend(running(view));
    }
    if handles(state, me) {
        offers.extend(stock::receiving(view));
    }
    if state.holds(me, Duty::Administrator) {
        offers.push(go("Let someone in", "/invite".to_owned()));
        let everybody = people(view, state.people.keys().copied());
        offers.push(
            offer(Kind::DutyChange, "Give or take a duty", json!({}))
                .choice("person", "Who", everybody.clone())
                .choice("duty", "Which", all!(Duty))
                .choice("holds", "Takes it up", yes_no()),
        );
        offers.push(
            offer(Kind::Qualify, "Saw a permit", json!({}))
                .choice("person", "Whose", everybody)
                .choice("skill", "Which", all!(Skill))
                .words("words", "What was seen"),
        );
        offers.push(
            offer(Kind::RevokeKey, "Switch off a key", json!({}))
                .choice("key", "Whose", keys(view))
                .words("words", "Why"),
        );
    }
    offers.extend(events(view));
    offers.push(
        offer(Kind::RaiseConcern, "Raise a concern", json!({}))
            .choice("about_weapons", "About weapons", yes_no())
            .words("words", "In your words"),
    );
    for id in state.concerns.keys() {
        offers.push(
            offer(
                Kind::AnswerConcern,
                "Answer a concern",
                json!({ "concern": hex(id) }),
            )
            .words("words", "What is done"),
        );
    }
    offers.extend(papers::of_papers(view, me));
    offers.extend(record::of_record(view, me));
    offers.push(
        offer(Kind::Note, "Note", json!({ "account": saw() })).words("words", "In your words"),
    );
    offers
}

/// Keys of people that still sign; the beginning of the key tells two of one person apart.
fn keys(view: &View<'_>) -> Vec<Choice> {
    let mut keys: Vec<Choice> = view
        .state
        .keys
        .iter()
        .filter(|(_, key)| key.revoked_at.is_none() && key.person != PersonId::ZERO)
        .map(|(id, key)| {
            let (whose, how) = (view.name(key.person), key.means.word());
            let begins: String = id.to_string().chars().take(4).collect();
            option(hex(id), format!("{whose} · {how} · {begins}"))
        })
        .collect();
    keys.sort_by(|one, other| one.label.cmp(&other.label));
    keys
}

/// Session, actions, meetings, breaks.
fn running(view: &View<'_>) -> Vec<Offer> {
    let state = &view.state;
    let everybody = people(view, state.people.keys().copied());
    let mut offers = Vec::new();
    let Some(session) = &state.session else {
        offers.push(
            offer(Kind::OpenSession, "Open the session", json!({}))
                .words("name", "Its name")
                .choice("occasion", "What kind of day", all!(Occasion))
                .words("place", "Where")
                .choice("bulletin_out", "The firearms bulletin is out", yes_no()),
        );
        return offers;
    };
    if !state.actions.is_empty() {
        offers.push(offer(Kind::NowOn, "Now on", json!({})).choice(
            "action",
            "Which",
            actions(view),
        ));
    }
    if let Some(action) = state.now_on {
        let known = json!({ "action": hex(action) });
        offers.push(offer(Kind::ZoneClear, "The zone is clear", known.clone()));
        offers.push(
            offer(Kind::ZoneEntered, "Somebody is in the zone", known.clone())
                .words("words", "What was seen"),
        );
        offers.push(offer(Kind::Begin, "Begin", known.clone()).hold());
        offers.push(offer(Kind::AllWell, "All well", known));
        offers.push(plan(view, action));
    }
    offers.push(
        offer(Kind::Meeting, "Safety meeting held", json!({}))
            .choice("led_by", "Led by", everybody.clone())
            .choice("minutes_by", "Minutes by", everybody.clone())
            .several("attended", "Who was there", everybody.clone())
            .several("topics", "What was covered", all!(Topic))
            .choice("walk_through", "Walk-through or dry run", yes_no())
            .choice("concerns_asked", "Concerns were asked for", yes_no()),
    );
    offers.push(
        offer(Kind::LateBrief, "Briefed late", json!({}))
            .several("people", "Who", everybody.clone())
            .count("others", "Others, not enrolled", 999),
    );
    offers.push(
        offer(Kind::AddAction, "Plan an action", json!({}))
            .words("name", "Scene, cue, run or exercise")
            .choice("doing", "What happens", all!(Doing))
            .words("place", "Where")
            .several("people", "Who is in it", everybody),
    );
    let paused = session
        .pause
        .as_ref()
        .is_some_and(|pause| pause.ended_at.is_none());
    offers.push(if paused {
        offer(Kind::Resume, "Go on after the break", json!({})).hold()
    } else {
        offer(Kind::Break, "Break", json!({})).words("words", "What for")
    });
    offers.push(offer(Kind::CloseSession, "Close the session", json!({})).hold());
    offers
}

fn plan(view: &View<'_>, action: domain::id::ActionId) -> Offer {
    let weapons = view
        .state
        .weapons
        .iter()
        .map(|(id, weapon)| option(hex(id), weapon.about.tag.as_str()))
        .collect();
    offer(
        Kind::SetPlan,
        "What a weapon does in it",
        json!({ "action": hex(action) }),
    )
    .choice("weapon", "Weapon", weapons)
    .choice("must_fire", "Must it fire?", all!(Answer))
    .choice("must_be_real", "Must it be a real one?", all!(Answer))
    .words_or_none("why_real", "Why it must be real")
    .choice(
        "line_crosses_person",
        "Does the muzzle line cross a person?",
        all!(Answer),
    )
    .choice("line_agreed", "Agreed that it cannot be avoided", yes_no())
    .choice("toward_camera", "Toward the camera?", all!(Answer))
    .choice(
        "shielded",
        "A shield stands there or the camera is remote",
        yes_no(),
    )
    .count("distance_mm", "Nearest person, mm", 1_000_000)
    .choice(
        "distance_agreed",
        "A closer distance is agreed, with protection",
        yes_no(),
    )
    .count("shots", "Shots", 999)
}

/// What waits for an answer after something happened.
fn events(view: &View<'_>) -> Vec<Offer> {
    let open = view.state.open_events();
    open.flat_map(|(id, _)| {
        let known = json!({ "event": hex(id) });
        [
            offer(
                Kind::ExplainEvent,
                "Cause and fix of the event",
                known.clone(),
            )
            .words("cause", "The cause, or that none was established")
            .words("fix", "What was changed"),
            offer(Kind::ReleaseEvent, "Release the event", known).hold(),
        ]
    })
    .collect()
}
