//! The page for an error. It has STOP like every other.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::desk::Viewer;
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::site::Shared;

/// A sentence that says what to do.
pub(crate) fn page(site: &Shared, status: StatusCode, unit: Option<&str>, words: &str) -> Response {
    let head = site.desk.head();
    pages::html(
        status,
        shell(&Page {
            name: "error",
            title: "Not here",
            head: &head,
            viewer: &Viewer::Stranger,
            me: None,
            unit,
            place: String::new(),
            stops: &[],
            lead: html! {},
            body: html! {
                h1 { "Not here" }
                p.lead-text { (words) }
                p.quiet { "No weapon is cleared by this page. STOP works here as everywhere." }
                a.ghost.go href="/" { "To the set board" }
            },
        }),
    )
}

/// For an error that a layer made.
pub(crate) fn words(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is no page at this address.",
        StatusCode::METHOD_NOT_ALLOWED => "This page cannot be used that way.",
        StatusCode::PAYLOAD_TOO_LARGE => "That was longer than this page takes.",
        StatusCode::SERVICE_UNAVAILABLE => {
            "The node took too long. Nothing is known to be entered; ask the armorer, then try again."
        }
        _ => "This page could not read what was sent.",
    }
}
