//! `GET /record`: the live record, newest first.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde::Deserialize;

use crate::part::shell::{Page, shell};
use crate::part::{clock, file, record};
use crate::session::Looking;
use crate::site::Shared;
use crate::{limit, pages};

#[derive(Deserialize)]
pub(crate) struct Ask {
    before: Option<u64>,
    unit: Option<String>,
}

pub(crate) async fn page(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    let head = site.desk.head();
    let lines = site
        .desk
        .record(ask.before, limit::RECORD_LINES, &looking.viewer);
    let files = site.desk.files(None, &looking.viewer);
    let set = site.desk.set(ask.unit.as_deref(), &looking.viewer).ok();
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "record",
            title: "Record",
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
                h1 { "Record" }
                div.sub {
                    (clock::number(head.size)) " entries · root " code { (head.root.get(..16).unwrap_or_default()) "…" }
                    " · what people said they did. What nobody entered is not here. Times are " (head.zone.name) "."
                }
                @if looking.me.is_some() { a.ghost.go.copy href="/my-copy" download { "Take my copy" } }
                section.card {
                    div.record { (record::lines(&lines.lines, &looking.viewer, &head.zone)) }
                    @if let Some(before) = lines.before { a.ghost.go href=(format!("/record?before={before}")) { "Earlier" } }
                }
                @if looking.me.is_some() { (file::part(&files, None, &head.zone)) }
            },
        }),
    )
}
