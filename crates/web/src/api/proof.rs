//! What a phone checks the record by, and takes away: the checkpoint, proofs, its own entries, its own copy.

use axum::Json;
use axum::extract::{Query, State, rejection::JsonRejection};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::session::Looking;
use crate::site::Shared;
use crate::{api, pages};

#[derive(Deserialize)]
pub(crate) struct AskProof {
    entry: u64,
    size: u64,
}

#[derive(Deserialize)]
pub(crate) struct AskConsistency {
    from: u64,
    to: u64,
}

#[derive(Deserialize)]
pub(crate) struct AskEntry {
    entry: u64,
}

#[derive(Deserialize)]
pub(crate) struct Shown {
    /// A checkpoint that somebody holds, as it was given to them.
    note: String,
    /// The epoch that came with it; the present one when absent.
    epoch: Option<u32>,
}

/// The newest checkpoint, signed.
pub(crate) async fn checkpoint(State(site): State<Shared>) -> Response {
    api::json(&site.desk.checkpoint())
}

/// One entry's proof, as C2SP writes it.
pub(crate) async fn proof(State(site): State<Shared>, Query(ask): Query<AskProof>) -> Response {
    site.desk
        .proof(ask.entry, ask.size)
        .await
        .map_or_else(api::trouble, api::plain)
}

/// That the larger record begins with the smaller one.
pub(crate) async fn consistency(
    State(site): State<Shared>,
    Query(ask): Query<AskConsistency>,
) -> Response {
    if ask.from > ask.to {
        return api::error(
            StatusCode::BAD_REQUEST,
            "web.sizes",
            "`from` is not over `to`",
        );
    }
    site.desk
        .consistency(ask.from, ask.to)
        .await
        .map_or_else(api::trouble, api::plain)
}

/// The bytes of an entry, for whoever signed its statement.
pub(crate) async fn entry(
    State(site): State<Shared>,
    looking: Looking,
    Query(ask): Query<AskEntry>,
) -> Response {
    match site.desk.entry(ask.entry, &looking.viewer).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Err(trouble) => api::trouble(trouble),
    }
}

/// A checkpoint that a phone holds and cannot find here. No sign-in, and from anywhere: whoever holds one may show it, and
/// only one that the log's own key signed does anything.
pub(crate) async fn show(
    State(site): State<Shared>,
    shown: Result<Json<Shown>, JsonRejection>,
) -> Response {
    match shown {
        Ok(Json(shown)) => api::answer(site.desk.show_receipt(shown.note, shown.epoch).await),
        Err(why) => api::bare(why.status()),
    }
}

/// All that the viewer signed, as one zip. The same file under `/my-copy`, whose errors are pages.
pub(crate) async fn my_copy(
    State(site): State<Shared>,
    looking: Looking,
    headers: HeaderMap,
    uri: axum::http::Uri,
) -> Response {
    if !api::is_own_page(&headers) {
        return api::error(
            StatusCode::FORBIDDEN,
            "web.denied",
            "this is asked from the node's own pages",
        );
    }
    let made = match site.desk.my_copy(&looking.viewer).await {
        Ok(made) => made,
        Err(trouble) if uri.path().starts_with("/api/") => return api::trouble(trouble),
        Err(trouble) => return pages::trouble(&site, &trouble, None),
    };
    let mut response = ([(header::CONTENT_TYPE, "application/zip")], made.bytes).into_response();
    let named: String = made
        .name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        .collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{named}\"")) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
