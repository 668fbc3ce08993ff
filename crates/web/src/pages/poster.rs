//! `GET /poster`: the sheet for the cart and the stage door, with the code of the set board.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use qrcode::{Color, QrCode};
use serde::Deserialize;

use crate::pages;
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Ask {
    unit: Option<String>,
}

pub(crate) async fn page(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    let set = match site.desk.set(ask.unit.as_deref(), &looking.viewer) {
        Ok(set) => set,
        Err(trouble) => return pages::trouble(&site, &trouble, ask.unit.as_deref()),
    };
    let head = site.desk.head();
    let url = format!("{}/?unit={}", site.public_url, set.unit.id);
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "poster",
            title: "Poster",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: Some(&set.unit.id),
            place: set.unit.name.clone(),
            stops: &set.stops,
            lead: html! {},
            body: html! {
                section.poster {
                    h1 { "See every weapon. Stop the work." }
                    (code(&url))
                    p.url { (url) }
                    p.lead-text { "Scan it with the camera. No account, nothing to install. Anyone may press STOP, and nobody is asked why first." }
                    p { b { (head.production) } " · " (set.unit.name) }
                }
            },
        }),
    )
}

/// A code as one path of modules.
pub(crate) fn code(text: &str) -> Markup {
    let Ok(code) = QrCode::new(text) else {
        return html! {};
    };
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            use std::fmt::Write as _;
            let _ = write!(path, "M{} {}h1v1h-1z", place % width + 4, place / width + 4);
        }
    }
    let side = width + 8;
    html! {
        svg.qr viewBox=(format!("0 0 {side} {side}")) role="img" aria-label=(format!("Code for {text}")) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}
