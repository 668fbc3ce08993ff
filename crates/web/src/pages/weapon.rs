//! `GET /w/{id}`: one weapon, as the record knows it, and what this viewer may ask or report.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::desk::{FileLine, Head, Offer, Viewer, WeaponView};
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::part::{cylinder, file, offer, record, state};
use crate::session::Looking;
use crate::site::Shared;

pub(crate) async fn page(
    State(site): State<Shared>,
    looking: Looking,
    Path(id): Path<String>,
) -> Response {
    let weapon = match site.desk.weapon(&id, &looking.viewer) {
        Ok(weapon) => weapon,
        Err(trouble) => return pages::trouble(&site, &trouble, None),
    };
    let head = site.desk.head();
    let files = site.desk.files(Some(&id), &looking.viewer);
    let set = site.desk.set(None, &looking.viewer).ok();
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "weapon",
            title: &format!("Tag {}", weapon.card.tag),
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: set.as_ref().map(|set| set.unit.id.as_str()),
            place: set
                .as_ref()
                .map(|set| set.scene.clone())
                .unwrap_or_default(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: banner(&weapon),
            body: body(&weapon, &files, &looking.viewer, &head),
        }),
    )
}

/// The word first, so that a screen reader and a glance both begin with it.
pub(crate) fn banner(weapon: &WeaponView) -> Markup {
    let card = &weapon.card;
    let (class, _, _) = state::look_of(card.word);
    html! {
        section class=(format!("banner {class}")) data-weapon=(card.id) aria-label="State" {
            (state::word(card))
            p.what { (card.name) " · tag " (card.tag) @if !card.purpose.is_empty() { " · " (card.purpose) } }
            (state::why(card))
        }
    }
}

fn body(weapon: &WeaponView, files: &[FileLine], viewer: &Viewer, head: &Head) -> Markup {
    let (reports, requests): (Vec<Offer>, Vec<Offer>) = weapon
        .offers
        .iter()
        .cloned()
        .partition(|offer| offer.report);
    let card = &weapon.card;
    html! {
        div.cols {
            div {
                (cylinder::draw(&weapon.layout))
                @if !weapon.steps.is_empty() {
                    ol.steps {
                        @for step in &weapon.steps {
                            li {
                                span class=(if step.done { "tick" } else { "todo" }) { (if step.done { "✓" } else { "now" }) }
                                span { (step.what) div.who { (step.how_far) } }
                            }
                        }
                    }
                }
                @if !card.waiting.is_empty() { p.waiting { b { "Still to look: " } (card.waiting) } }
                (offer::list("Ask", &requests))
                (offer::list("Report", &reports))
                @if *viewer != Viewer::Stranger { (file::part(files, Some(&card.id), &head.zone)) }
            }
            aside {
                section.card {
                    h2 { "This weapon" }
                    dl.facts {
                        (fact("Class", &weapon.class))
                        (fact("Serial or mark", &weapon.serial))
                        (fact("Bore", &weapon.bore))
                        (fact("Where", &card.place))
                        (fact("Held by", &card.holder))
                        (fact("Radio", if card.word == crate::desk::Word::Cold { "" } else { &card.say }))
                    }
                }
                section.card { h2 { "Record" } (record::lines(&weapon.record, viewer, &head.zone)) }
            }
        }
    }
}

fn fact(name: &str, value: &str) -> Markup {
    html! { @if !value.is_empty() { dt { (name) } dd { (value) } } }
}
