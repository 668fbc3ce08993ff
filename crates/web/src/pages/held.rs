//! `GET /held`: what this phone holds. The server knows nothing of it and draws the frame; the script fills it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::desk::Viewer;
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;

pub(crate) async fn page(State(site): State<Shared>, looking: Looking) -> Response {
    let head = site.desk.head();
    let set = site.desk.set(None, &looking.viewer).ok();
    let is_enrolled = looking.viewer != Viewer::Stranger;
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "held",
            title: "What this phone holds",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: set.as_ref().map(|set| set.unit.id.as_str()),
            place: set
                .as_ref()
                .map(|set| set.scene.clone())
                .unwrap_or_default(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: html! {},
            body: html! {
                h1 { "What this phone holds" }
                div.sub { "For each statement signed here: what was said, the entry, and the proof that the record contained it. It stays on this phone, whatever becomes of the node." }
                section.card.held #held-list aria-live="polite" { p.quiet { "This needs the page's script, and a page that was opened as https." } }
                p { a href="/verify.html" download .plain-link { "Save the page that checks copies" } " and keep it: it is opened from disk and asks nobody." }
                @if is_enrolled {
                    section.card {
                        h2 { "My copy, made by the node" }
                        p { "All that you signed, on any device, with what was answered: readable, and checked anywhere without this node." }
                        a.ghost.go href="/my-copy" download { "Take my copy" }
                    }
                }
            },
        }),
    )
}
