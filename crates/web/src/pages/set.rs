//! `GET /`: the set board. What is drawn here is what was known when the page was made; the script puts the signed
//! board over it.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde::Deserialize;

use crate::desk::Viewer;
use crate::part::shell::{Page, shell};
use crate::part::{care, offer, record, state};
use crate::session::Looking;
use crate::site::Shared;
use crate::{limit, pages};

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
    let cared = site.desk.care();
    let excerpt = site
        .desk
        .record(None, limit::EXCERPT_LINES, &looking.viewer);
    let place = [set.day.as_str(), set.scene.as_str()]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let is_stranger = looking.viewer == Viewer::Stranger;
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "set",
            title: "Set board",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: Some(&set.unit.id),
            place,
            stops: &set.stops,
            lead: html! {},
            body: html! {
                h1 { "Set board" }
                div.sub { (set.summary) }
                @if set.units.len() > 1 {
                    nav.units aria-label="Units" {
                        @for unit in &set.units {
                            a.ghost href=(format!("/?unit={}", unit.id)) aria-current=[(unit.id == set.unit.id).then_some("page")] { (unit.name) }
                        }
                    }
                }
                (care::nag(&cared, &head))
                div.cols {
                    div {
                        section.grid #board aria-label="Weapons" { @for card in &set.weapons { (state::card(card)) } }
                        @if set.weapons.is_empty() { p.quiet { "No weapon is out." } }
                        (offer::list("On the set", &set.offers))
                    }
                    aside {
                        section.card {
                            h2 { "Record" }
                            div #excerpt { (record::lines(&excerpt.lines, &looking.viewer, &head.zone)) }
                            @if is_stranger {
                                p.quiet { "So are places, holders and names. Anyone may read this board and press STOP." }
                            } @else {
                                p.quiet { "Weapon and reason, never who was refused. Times are " (head.zone.name) "." }
                            }
                        }
                    }
                }
                (care::foot(&cared, &head))
            },
        }),
    )
}
