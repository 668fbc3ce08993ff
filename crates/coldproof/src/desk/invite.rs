//! Letting people in: who may, what there is to choose, and whether a link is still good.

use domain::act::Kind;
use domain::state::State;
use domain::words::{Department, Duty};
use node::View;
use serde_json::json;
use web::desk::{DutyChoice, InviteView, Trouble};

use super::form::{all, offer};

/// Whom a set lets in from day to day; the others follow in the order of the words.
const FIRST: [Duty; 6] = [
    Duty::Performer,
    Duty::Double,
    Duty::Crew,
    Duty::Camera,
    Duty::Medic,
    Duty::Assistant,
];

/// What there is to choose, for whoever may let people in.
pub(super) fn inviting(view: &View<'_>) -> Result<InviteView, Trouble> {
    may(view)?;
    let others = Duty::ALL.iter().filter(|duty| !FIRST.contains(duty));
    Ok(InviteView {
        act: offer(Kind::Invite, "Let someone in", json!({})),
        departments: all!(Department),
        duties: FIRST
            .iter()
            .chain(others)
            .map(|duty| DutyChoice {
                value: duty.stored().to_owned(),
                label: duty.word().to_owned(),
                department: usual(*duty).stored().to_owned(),
            })
            .collect(),
    })
}

/// The page is for administrators; the record has the last word on what they sign.
pub(super) fn may(view: &View<'_>) -> Result<(), Trouble> {
    let Some(me) = view.reader else {
        return Err(Trouble::Denied(
            "People are let in from the phone of an administrator of this production.".to_owned(),
        ));
    };
    if view.state.holds(me, Duty::Administrator) {
        return Ok(());
    }
    Err(Trouble::Denied(format!(
        "Only an administrator lets people in. Ask {}.",
        administrators(&view.state)
    )))
}

/// Whom to ask, by role.
fn administrators(state: &State) -> String {
    let roles: Vec<&str> = state
        .with_duty(Duty::Administrator)
        .map(|person| state.role(person))
        .collect();
    if roles.is_empty() {
        "whoever runs the node: it makes a new administrator's link".to_owned()
    } else {
        format!("the {}", roles.join(" or the "))
    }
}

/// Where whoever has a duty usually works; only proposed, never judged.
const fn usual(duty: Duty) -> Department {
    match duty {
        Duty::Administrator | Duty::Producer | Duty::ProductionManager => Department::Production,
        Duty::Armorer | Duty::Assistant | Duty::PropertyMaster | Duty::Storekeeper => {
            Department::Property
        }
        Duty::FirstAd | Duty::Director => Department::Direction,
        Duty::SafetyAdviser | Duty::SafetyCoordinator | Duty::Medic => Department::Safety,
        Duty::Performer | Duty::Double => Department::Cast,
        Duty::Camera => Department::Camera,
        Duty::CrewRepresentative | Duty::Crew => Department::Other,
    }
}
