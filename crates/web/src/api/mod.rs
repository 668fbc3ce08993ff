//! Calls: JSON in, JSON out. Errors are `{"code":"…","message":"…"}` with a sentence for people.

pub(crate) mod board;
pub(crate) mod cart;
pub(crate) mod changed;
pub(crate) mod check;
pub(crate) mod enrol;
pub(crate) mod file;
pub(crate) mod health;
pub(crate) mod invite;
pub(crate) mod proof;
pub(crate) mod session;
pub(crate) mod statement;
pub(crate) mod stop;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::desk::{Answer, Trouble};

/// The node's own answer, byte for byte.
pub(crate) fn answer(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        answer.json,
    )
        .into_response()
}

/// Any value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(_) => bare(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// An error with a code and a sentence.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "code": code, "message": message }).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Plain text, as C2SP writes its proofs.
pub(crate) fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// An error that a layer made.
pub(crate) fn bare(status: StatusCode) -> Response {
    let (code, message) = match status {
        StatusCode::NOT_FOUND => ("web.unknown", "there is no such call"),
        StatusCode::METHOD_NOT_ALLOWED => ("web.method", "this call does not take that method"),
        StatusCode::PAYLOAD_TOO_LARGE => ("web.too_large", "this is longer than the call takes"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("web.media_type", "send `application/json`"),
        StatusCode::SERVICE_UNAVAILABLE => (
            "web.slow",
            "the node took too long; nothing is known to be entered, ask again",
        ),
        _ => ("web.unreadable", "this cannot be read"),
    };
    error(status, code, message)
}

pub(crate) fn trouble(trouble: Trouble) -> Response {
    match trouble {
        Trouble::Unknown => error(
            StatusCode::NOT_FOUND,
            "web.unknown",
            "the record knows no such thing",
        ),
        Trouble::Denied(why) => error(StatusCode::FORBIDDEN, "web.denied", &why),
        Trouble::Fault(why) => error(StatusCode::SERVICE_UNAVAILABLE, "web.fault", &why),
    }
}

/// True when the call comes from a page of this site: another site's page cannot post for a visitor.
pub(crate) fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let origin = text("origin").is_none_or(|origin| {
        origin
            .split_once("://")
            .is_some_and(|(_, host)| text("host").is_none_or(|ours| ours == host))
    });
    site && origin
}
