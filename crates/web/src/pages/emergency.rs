//! `GET /emergency`: who to call and where we are, before anything else. It needs no key and no script.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::desk::{EmergencyPlan, EmergencyView, Zone};
use crate::pages;
use crate::part::clock;
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;

pub(crate) async fn page(State(site): State<Shared>, looking: Looking) -> Response {
    let head = site.desk.head();
    let set = site.desk.set(None, &looking.viewer).ok();
    let view = site.desk.emergency();
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "emergency",
            title: "Emergency",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: set.as_ref().map(|set| set.unit.id.as_str()),
            place: String::new(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: html! {},
            body: body(&view, &head.zone),
        }),
    )
}

fn body(view: &EmergencyView, zone: &Zone) -> Markup {
    html! {
        h1 { "Emergency" }
        ol.lead-text {
            li { "Stop the work and call it out." }
            li { "Call the emergency number from a phone that has a signal." }
            li { "Say where we are. Send somebody to the gate." }
            li { "Leave weapons and rounds where they lie, unless somebody is in danger." }
        }
        @if view.plans.is_empty() {
            section.card {
                h2 { "No emergency plan was entered" }
                p { "Call the number of the country you are in: 112 or 911 from most mobile phones." }
                p.quiet { "Whoever runs production enters the plan on the set board: “Show a paper of the production”." }
            }
        }
        @for plan in &view.plans { (card(plan, zone)) }
        section.card {
            h2 { "Where we are, and who helps" }
            p { (or(&view.place, "No session is open, so no place is named.")) }
            p {
                @if view.medics.is_empty() { "Nobody is entered as the medic." }
                @else { "Medic: " (view.medics.join(", ")) "." }
            }
        }
        p.quiet { "As entered in the record; nobody has checked it since." }
    }
}

fn card(plan: &EmergencyPlan, zone: &Zone) -> Markup {
    let dialled: String = plan
        .number
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    html! {
        section.card {
            h2 { "Emergency plan" }
            @if !dialled.is_empty() {
                a.ghost.go href=(format!("tel:{dialled}")) { "Call " (plan.number) }
            }
            @for line in plan.words.lines() { p { (line) } }
            p.quiet { (plan.from) " · entered " (clock::time(plan.at, zone)) }
        }
    }
}

fn or<'a>(words: &'a str, otherwise: &'a str) -> &'a str {
    if words.is_empty() { otherwise } else { words }
}
