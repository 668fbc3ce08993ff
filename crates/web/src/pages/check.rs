//! `GET /w/{id}/check/full`, `/w/{id}/check/reset`, `/line`: the looks asked of this viewer.
//! The page holds the questions and who has looked, never what anybody saw.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::{CheckAsk, CheckKind, CheckView, Part, WeaponView};
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::session::Looking;
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Ask {
    unit: Option<String>,
}

pub(crate) async fn full(
    State(site): State<Shared>,
    looking: Looking,
    Path(id): Path<String>,
) -> Response {
    draw(
        &site,
        &looking,
        &CheckAsk {
            kind: CheckKind::Full,
            weapon: Some(id),
            unit: None,
        },
    )
}

pub(crate) async fn reset(
    State(site): State<Shared>,
    looking: Looking,
    Path(id): Path<String>,
) -> Response {
    draw(
        &site,
        &looking,
        &CheckAsk {
            kind: CheckKind::Reset,
            weapon: Some(id),
            unit: None,
        },
    )
}

pub(crate) async fn line(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    draw(
        &site,
        &looking,
        &CheckAsk {
            kind: CheckKind::Line,
            weapon: None,
            unit: ask.unit,
        },
    )
}

fn draw(site: &Shared, looking: &Looking, ask: &CheckAsk) -> Response {
    let view = match site.desk.check(ask, &looking.viewer) {
        Ok(view) => view,
        Err(trouble) => return pages::trouble(site, &trouble, ask.unit.as_deref()),
    };
    let head = site.desk.head();
    let set = site.desk.set(ask.unit.as_deref(), &looking.viewer).ok();
    let weapon = ask
        .weapon
        .as_deref()
        .and_then(|id| site.desk.weapon(id, &looking.viewer).ok());
    let title = title(view.kind);
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "check",
            title,
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: set.as_ref().map(|set| set.unit.id.as_str()),
            place: set
                .as_ref()
                .map(|set| set.scene.clone())
                .unwrap_or_default(),
            stops: set.as_ref().map_or(&[], |set| &set.stops),
            lead: lead(&view, weapon.as_ref()),
            body: html! {
                section #check .looks data-view=(serde_json::to_string(&view).unwrap_or_default()) {
                    h1 { (title) }
                    p.quiet { (part(view.part)) }
                    noscript { p { "This page signs with this phone's own key and needs its script. Look and sign at the cart screen instead." } }
                }
            },
        }),
    )
}

fn lead(view: &CheckView, weapon: Option<&WeaponView>) -> Markup {
    let Some(weapon) = weapon else {
        return html! {
            section.banner.check { div.v { span.word { "LINE OF " (view.weapons.len()) } } p.what { (view.purpose) } }
        };
    };
    pages::weapon::banner(weapon)
}

fn title(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Full => "Full check",
        CheckKind::Reset => "Reset check",
        CheckKind::Line => "Line check",
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Hands => "Your hands do it. Answer what you see and hear; the second answers alone.",
        Part::Second => {
            "You look and listen, you touch nothing. Answer alone; neither of you sees the other's answer until both are in."
        }
    }
}
