//! `GET /api/session` gives a challenge; `POST` proves a key with it; `POST /api/session/end` forgets the visit.

use axum::Json;
use axum::extract::{State, rejection::JsonRejection};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::site::Shared;
use crate::{api, session};

#[derive(Deserialize)]
pub(crate) struct Proof {
    key: String,
    challenge: String,
    /// 64 bytes as 128 hex over `"coldproof-session-v1\n" origin "\n" challenge`.
    sig: String,
}

pub(crate) async fn challenge(State(site): State<Shared>) -> Response {
    api::json(&json!({ "challenge": site.visits.challenge(), "origin": site.desk.head().origin }))
}

pub(crate) async fn prove(
    State(site): State<Shared>,
    headers: HeaderMap,
    proof: Result<Json<Proof>, JsonRejection>,
) -> Response {
    let Ok(Json(proof)) = proof else {
        return api::bare(StatusCode::BAD_REQUEST);
    };
    let message = format!(
        "coldproof-session-v1\n{}\n{}",
        site.desk.head().origin,
        proof.challenge
    );
    let is_proven = site.visits.is_ours(&proof.challenge)
        && session::unhex(&proof.sig)
            .is_some_and(|sig| session::signed_by(&proof.key, message.as_bytes(), &sig));
    let me = is_proven.then(|| site.desk.me(&proof.key)).flatten();
    let Some(me) = me else {
        return api::error(
            StatusCode::FORBIDDEN,
            "web.key",
            "this phone's key is not enrolled here; ask for a new link",
        );
    };
    with_cookie(
        api::json(&me),
        &site.visits.open(&me, false, is_tls(&headers)),
    )
}

pub(crate) async fn end(State(site): State<Shared>, headers: HeaderMap) -> Response {
    let cleared = site.visits.end(&headers);
    with_cookie(api::json(&json!({})), &cleared)
}

pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// A page loaded over TLS says so in its origin.
pub(crate) fn is_tls(headers: &HeaderMap) -> bool {
    headers
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|origin| origin.starts_with("https://"))
}
