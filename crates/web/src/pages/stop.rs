//! `GET /stop`, `POST /stop`, `POST /stop/lift`: STOP for phones without a script, and by voice.

use axum::Form;
use axum::extract::{Query, State, rejection::FormRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::api::stop::{Lifted, PressVisit, Pressed};
use crate::desk::Viewer;
use crate::part::icon::icon;
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;
use crate::{api, limit, pages};

#[derive(Deserialize)]
pub(crate) struct Ask {
    unit: Option<String>,
}

/// The page to enter a stop that was called by voice.
pub(crate) async fn page(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    let unit = ask.unit.as_deref();
    let body = html! {
        h1 { "Stop" }
        p { "Was it called out loud? Enter it here, anyone may." }
        form method="post" action="/stop" .plainform {
            input type="hidden" name="unit" value=(unit.unwrap_or_default());
            label { "What was called, and when" input name="words" maxlength=(limit::STOP_WORDS_MAX) value="called by voice" autocomplete="off"; }
            button.ghost type="submit" { "Enter this stop" }
        }
    };
    frame(&site, &looking, unit, StatusCode::OK, "Stop", body)
}

/// One tap. Whatever the form holds or does not hold, it stops.
pub(crate) async fn press(
    State(site): State<Shared>,
    looking: Looking,
    visit: PressVisit,
    pressed: Result<Form<Pressed>, FormRejection>,
) -> Response {
    let pressed = pressed.map(|Form(pressed)| pressed).unwrap_or_default();
    let press = visit.press(pressed);
    let unit = press.unit.clone();
    let answer = site.desk.stop(press).await;
    let is_recorded = serde_json::from_slice::<serde_json::Value>(&answer.json)
        .ok()
        .and_then(|answer| answer.get("recorded")?.as_bool())
        .unwrap_or(false);
    let body = html! {
        section.stopped role="alert" {
            (icon("s-stop"))
            h1 { "STOP" }
            p.call { "Call it out now: “Stop, stop, stop.” By voice and on the radio." }
            p { a href="/emergency" .plain-link { "Is somebody hurt? Who to call, and where we are" } }
            p { (if is_recorded { "It stands in the record." } else { "It acts already. It is not yet recorded." }) }
            form method="post" action="/stop/lift" .plainform {
                input type="hidden" name="unit" value=(unit.as_deref().unwrap_or_default());
                label { "Pressed on this phone, and over? What was it?" input name="found" maxlength=(limit::STOP_WORDS_MAX) autocomplete="off"; }
                button.ghost type="submit" { "Lift my stop" }
            }
            a.ghost.go href="/" { "To the set board" }
        }
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = frame(&site, &looking, unit.as_deref(), status, "STOP", body);
    visit.mark(response.headers_mut());
    response
}

/// The phone that pressed, in the same visit.
pub(crate) async fn lift(
    State(site): State<Shared>,
    looking: Looking,
    visit: PressVisit,
    headers: HeaderMap,
    lifted: Result<Form<Lifted>, FormRejection>,
) -> Response {
    if !api::is_own_page(&headers) {
        return pages::error::page(
            &site,
            StatusCode::FORBIDDEN,
            None,
            "Another site cannot lift a stop.",
        );
    }
    let lifted = lifted.map(|Form(lifted)| lifted).unwrap_or_default();
    let unit = lifted.unit.filter(|unit| !unit.is_empty());
    let found: String = lifted
        .found
        .unwrap_or_default()
        .chars()
        .take(limit::STOP_WORDS_MAX)
        .collect();
    let answer = site
        .desk
        .lift_press(&visit.name, unit.as_deref(), &found)
        .await;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = if status.is_success() {
        "Your stop is lifted. Other stops stay. Every weapon needs its look again."
    } else {
        "This phone holds no stop that it may lift. Whoever pressed lifts it, or two people lift it for them."
    };
    frame(
        &site,
        &looking,
        unit.as_deref(),
        status,
        "Stop",
        html! { h1 { "Stop" } p { (words) } a.ghost.go href="/" { "To the set board" } },
    )
}

fn frame(
    site: &Shared,
    looking: &Looking,
    unit: Option<&str>,
    status: StatusCode,
    title: &str,
    body: Markup,
) -> Response {
    let head = site.desk.head();
    let set = site.desk.set(unit, &Viewer::Stranger).ok();
    pages::html(
        status,
        shell(&Page {
            name: "stop",
            title,
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: unit.or(set.as_ref().map(|set| set.unit.id.as_str())),
            place: set
                .as_ref()
                .map(|set| set.scene.clone())
                .unwrap_or_default(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: html! {},
            body,
        }),
    )
}
