//! Papers: shown by whoever answers for them, declared by everybody for themselves.

use domain::act::Kind;
use domain::id::PersonId;
use domain::words::{Duty, Paper};
use node::View;
use serde_json::{Value, json};
use web::desk::{Choice, Offer};

use super::{actions, handles, hex};
use crate::desk::form::{With as _, offer, option, people, yes_no};

/// Of the production.
const PRODUCTION: &[Paper] = &[
    Paper::RiskAssessment,
    Paper::LongWeek,
    Paper::PlacePermit,
    Paper::PoliceNotice,
    Paper::DayNotice,
    Paper::NeighbourNotice,
    Paper::Insurance,
    Paper::EmergencyPlan,
    Paper::ContactNamed,
    Paper::DeclaredPractice,
    Paper::AuthorityNotice,
    Paper::DayReport,
    Paper::FinalReport,
    Paper::Other,
];
/// Of an action.
const ACTION: &[Paper] = &[
    Paper::RiskAssessment,
    Paper::Endorsement,
    Paper::Protection,
    Paper::TeacherDecision,
    Paper::ScriptNeed,
    Paper::PlacePermit,
    Paper::Other,
];
/// Of a person, as somebody else saw it.
const PERSON: &[Paper] = &[
    Paper::Licence,
    Paper::EmployerCheck,
    Paper::UnderAge,
    Paper::Eligibility,
    Paper::NoWeapons,
    Paper::Other,
];
/// Of a weapon.
const WEAPON: &[Paper] = &[
    Paper::AlterationCertificate,
    Paper::DeactivationCertificate,
    Paper::ScriptNeed,
    Paper::SupplierList,
    Paper::Other,
];

/// What may be shown, declared and ended.
pub(super) fn of_papers(view: &View<'_>, me: PersonId) -> Vec<Offer> {
    let state = &view.state;
    let mut offers = vec![
        declaration(me, Paper::NoWeapons, "I bring no weapon and no round"),
        declaration(me, Paper::Eligibility, "I may handle firearms"),
    ];
    let answers = [
        Duty::Administrator,
        Duty::Producer,
        Duty::ProductionManager,
        Duty::FirstAd,
        Duty::SafetyAdviser,
    ];
    let mut is_answering = answers.into_iter().map(|duty| state.holds(me, duty));
    if !is_answering.any(|holds| holds) && !handles(state, me) {
        return offers;
    }
    offers.push(show(
        "Show a paper of the production",
        json!({}),
        PRODUCTION,
    ));
    for (label, kinds, things) in [
        ("Show a paper of an action", ACTION, actions(view)),
        (
            "Show a person's paper",
            PERSON,
            people(view, state.people.keys().copied()),
        ),
        ("Show a weapon's paper", WEAPON, weapons(view)),
    ] {
        if !things.is_empty() {
            offers.push(show(label, json!({}), kinds).choice("of", "Of which", things));
        }
    }
    offers.push(
        offer(Kind::EnterHours, "Enter hours", json!({}))
            .choice(
                "person",
                "Whose",
                people(view, state.people.keys().copied()),
            )
            .time("called_at", "Called at", false)
            .time("wrapped_at", "Wrapped at", true)
            .choice("forced", "Called in spite of too little rest", yes_no()),
    );
    let shown = shown(view);
    if !shown.is_empty() {
        offers.push(
            offer(Kind::EndPaper, "A paper holds no longer", json!({}))
                .choice("paper", "Which", shown)
                .words("words", "Who ended it, and why"),
        );
    }
    offers
}

/// Said by one tap, for oneself.
fn declaration(me: PersonId, paper: Paper, label: &str) -> Offer {
    let known =
        json!({ "paper": paper.stored(), "of": hex(me), "from": "", "number": "", "words": label });
    offer(Kind::ShowPaper, label, known)
}

fn show(label: &str, known: Value, kinds: &[Paper]) -> Offer {
    let kinds = kinds
        .iter()
        .map(|paper| option(json!(paper.stored()), paper.word()));
    offer(Kind::ShowPaper, label, known)
        .choice("paper", "What it is", kinds.collect())
        .words("from", "Who gave it, or who was told")
        .words_or_none("number", "Its number")
        .day("until", "Holds until the end of")
        .words_or_none("words", "What it says")
}

fn weapons(view: &View<'_>) -> Vec<Choice> {
    let weapons = view.state.weapons.iter();
    weapons
        .map(|(id, weapon)| {
            let about = &weapon.about;
            let label = format!("{} · {}", about.tag.as_str(), about.name.as_str());
            option(hex(id), label)
        })
        .collect()
}

/// Papers shown and not ended, newest first.
fn shown(view: &View<'_>) -> Vec<Choice> {
    let mut papers: Vec<_> = view.state.papers.iter().collect();
    papers.sort_by_key(|(id, paper)| std::cmp::Reverse((paper.at, **id)));
    papers
        .into_iter()
        .map(|(id, paper)| {
            let about = &paper.about;
            let label = [
                about.paper.word(),
                about.from.as_str(),
                about.number.as_str(),
            ]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
            option(hex(id), label)
        })
        .collect()
}
