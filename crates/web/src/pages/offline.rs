//! `GET /offline`: what a phone keeps for when the node cannot be reached. It knows nothing but STOP.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::desk::Viewer;
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::site::Shared;

pub(crate) async fn page(State(site): State<Shared>) -> Response {
    let head = site.desk.head();
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "offline",
            title: "No link",
            head: &head,
            viewer: &Viewer::Stranger,
            me: None,
            unit: None,
            place: String::new(),
            stops: &[],
            lead: html! {},
            body: html! {
                h1 { "No link to the set" }
                p.lead-text { "This phone cannot reach the record, so it can say nothing about any weapon. Ask the armorer." }
                p { "STOP works: press it and call it out. The phone sends it as soon as the link is back." }
                p { "Join the set's Wi-Fi and stay on it, even when the phone says that it has no internet." }
                a.ghost.go href="/" { "Try again" }
            },
        }),
    )
}
