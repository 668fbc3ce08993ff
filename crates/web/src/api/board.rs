//! `GET /api/board`, `GET /api/head`.

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::api;
use crate::session::Looking;
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Ask {
    nonce: String,
    unit: Option<String>,
}

/// The signed board for a page's own nonce.
pub(crate) async fn board(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<Ask>,
) -> Response {
    let is_nonce = ask.nonce.len() == 32
        && ask
            .nonce
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_nonce {
        return api::error(
            StatusCode::BAD_REQUEST,
            "web.nonce",
            "a nonce is 32 lower-case hex digits",
        );
    }
    match site
        .desk
        .board(&ask.nonce, ask.unit.as_deref(), &looking.viewer)
    {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(trouble) => api::trouble(trouble),
    }
}

/// Log, keys and newest checkpoint: what a device cites when it signs.
pub(crate) async fn head(State(site): State<Shared>) -> Response {
    api::json(&site.desk.head())
}
