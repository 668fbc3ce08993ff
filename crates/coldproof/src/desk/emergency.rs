//! What anybody must find at once when somebody is hurt.

use domain::words::{Duty, Paper};
use node::View;
use web::desk::{EmergencyPlan, EmergencyView};

pub(super) fn emergency(view: &View<'_>, now: i64) -> EmergencyView {
    let state = &view.state;
    let on = state.now_on.map(Into::into);
    let of_action = on
        .into_iter()
        .flat_map(|action| state.papers_of(Paper::EmergencyPlan, Some(action), now));
    let mut plans: Vec<EmergencyPlan> = state
        .papers_of(Paper::EmergencyPlan, None, now)
        .chain(of_action)
        .map(|shown| EmergencyPlan {
            from: shown.about.from.as_str().to_owned(),
            number: shown.about.number.as_str().to_owned(),
            words: shown.about.words.as_str().to_owned(),
            at: shown.at,
        })
        .collect();
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.at));
    EmergencyView {
        plans,
        place: state
            .session
            .as_ref()
            .map(|session| session.about.place.as_str().to_owned())
            .unwrap_or_default(),
        medics: state
            .with_duty(Duty::Medic)
            .map(|person| state.role(person).to_owned())
            .collect(),
    }
}
