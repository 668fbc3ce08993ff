//! `GET /api/check`: who has looked and who has not. Blind: nothing that was seen.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::api;
use crate::desk::{CheckAsk, CheckKind};
use crate::session::Looking;
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Ask {
    kind: CheckKind,
    weapon: Option<String>,
    unit: Option<String>,
}

pub(crate) async fn check(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    let ask = CheckAsk {
        kind: ask.kind,
        weapon: ask.weapon,
        unit: ask.unit,
    };
    match site.desk.check(&ask, &looking.viewer) {
        Ok(view) => api::json(&view),
        Err(trouble) => api::trouble(trouble),
    }
}
