//! Which acts a person is offered. Nothing here decides: what is offered may be refused, and what is not may be signed.
#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::needless_pass_by_value,
    reason = "of ninety kinds of statement a few matter here; ids are small and copied"
)]

use domain::act::{Act, Kind};
use domain::id::{PersonId, StatementId, StopId, WeaponId};
use domain::state::{Custody, HoldWhy, Pending, State, Weapon};
use domain::words::*;
use node::View;
use serde_json::{Value, json};
use web::desk::{Choice, Offer};

use super::check::checked;
use super::form::{With as _, all, go, offer, option, people, saw, yes_no};

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

/// What may be asked or reported of one weapon.
pub(super) fn of_weapon(view: &View<'_>, id: WeaponId) -> Vec<Offer> {
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
        let stores = state
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
            .choice("store", "Where", stores),
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

/// What belongs to no weapon.
pub(super) fn of_set(view: &View<'_>) -> Vec<Offer> {
    let Some(me) = view.reader else {
        return Vec::new();
    };
    let state = &view.state;
    let mut offers: Vec<Offer> = state
        .pending
        .iter()
        .filter(|(_, pending)| may_second(state, pending, me))
        .map(|(of, pending)| second(view, *of, pending))
        .collect();
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
        offers.extend(receiving(view));
    }
    if state.holds(me, Duty::Administrator) {
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
    offers.push(
        offer(Kind::Note, "Note", json!({ "account": saw() })).words("words", "In your words"),
    );
    offers
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

/// Receiving, counting, storing.
fn receiving(view: &View<'_>) -> Vec<Offer> {
    let state = &view.state;
    let mut offers = vec![
        offer(Kind::ReceiveWeapon, "Receive a weapon", json!({}))
            .words("tag", "Tag")
            .words("name", "What people call it")
            .choice("class", "What it is said to be", all!(Class))
            .choice("works", "How it holds rounds", works())
            .words_or_none("calibre", "Calibre")
            .words("serial", "Serial or mark, as read")
            .words_or_none("family", "Family of look-alikes")
            .words("from", "Where it came from")
            .choice("inspected", "Inspected, bore and action sound", yes_no())
            .choice("papers_matched", "Serial and papers agree", yes_no()),
        offer(Kind::ReceiveLot, "Receive a lot", json!({}))
            .words("tag", "Tag")
            .choice("said", "What it is said to hold", said())
            .count("count", "Rounds by the paper", 1_000_000)
            .count("counted", "Rounds counted", 1_000_000)
            .words_or_none("calibre", "Calibre")
            .words_or_none("maker", "Maker")
            .words_or_none("number", "Maker's lot number")
            .choice("origin", "Where it came from", all!(Origin))
            .choice("condition", "How it came", all!(Condition))
            .choice("declared", "Declared in writing", yes_no())
            .words_or_none("place", "Where it is kept"),
        offer(Kind::AddStore, "Name a store", json!({ "keys": [] })).words("name", "Its name"),
        offer(Kind::Sweep, "Swept the site", json!({}))
            .several("places", "Searched", places())
            .several("missed", "Could not be searched", places())
            .count("found", "Rounds found that may be live", 999),
    ];
    if !state.lots.is_empty() {
        offers.push(
            offer(Kind::ProveLot, "Prove a lot", json!({}))
                .choice("lot", "Which", lots(view))
                .count("counted", "Counted", 1_000_000)
                .count("proven", "Proven one by one", 1_000_000)
                .count("primers", "Primers looked at", 1_000_000),
        );
        offers.push(
            offer(Kind::CountLot, "Count a lot", json!({}))
                .choice("lot", "Which", lots(view))
                .count("counted", "Rounds there", 1_000_000)
                .choice("secured", "Locked or sealed as it was left", yes_no())
                .choice("moment", "When", all!(Moment)),
        );
        offers.push(
            offer(Kind::ReconcileLot, "Bring rounds to account", json!({}))
                .choice("lot", "Which", lots(view))
                .count("fired", "Fired", 1_000_000)
                .count("returned", "Back whole", 1_000_000)
                .count("misfired", "Misfired", 1_000_000),
        );
    }
    offers.push(
        offer(
            Kind::FoundRound,
            "Found a round",
            json!({ "account": saw() }),
        )
        .choice("live", "Live?", all!(Answer))
        .words_or_none("calibre", "Calibre")
        .words("place", "Where it lay"),
    );
    offers
}

/// Where rounds hide.
fn places() -> Vec<Choice> {
    [
        "carts",
        "belts and holsters",
        "magazines and loaders",
        "vehicles",
        "the set",
        "stores",
    ]
    .map(|place| option(json!(place), place))
    .to_vec()
}

fn works() -> Vec<Choice> {
    vec![
        option(
            json!({ "kind": "cylinder", "positions": 6 }),
            "Cylinder of six",
        ),
        option(
            json!({ "kind": "cylinder", "positions": 5 }),
            "Cylinder of five",
        ),
        option(json!({ "kind": "barrels", "positions": 1 }), "One barrel"),
        option(json!({ "kind": "barrels", "positions": 2 }), "Two barrels"),
        option(
            json!({ "kind": "magazine", "capacity": 10 }),
            "Magazine and chamber",
        ),
        option(json!({ "kind": "none" }), "Nothing goes into it"),
    ]
}

fn said() -> Vec<Choice> {
    let dummy = |features: &[&str], label: &str| {
        option(
            json!({ "kind": "dummy", "features": features, "test": "seen and shaken, one by one" }),
            label,
        )
    };
    let mut said = vec![
        dummy(&["hole"], "Dummies, hole in the case"),
        dummy(&["rattle"], "Dummies that rattle"),
        dummy(&["hole", "rattle"], "Dummies, hole and rattle"),
    ];
    said.extend(Load::ALL.iter().map(|load| {
        option(
            json!({ "kind": "blank", "load": load.stored() }),
            format!("Blanks, {}", load.word()),
        )
    }));
    said.extend([
        option(json!({ "kind": "live" }), "Live rounds"),
        option(json!({ "kind": "unknown" }), "Nobody knows"),
    ]);
    said
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
