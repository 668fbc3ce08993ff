//! `POST /api/statements`: the bytes go to the node as they came (`docs/formats/statement.md`).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use crate::api;
use crate::site::Shared;

pub(crate) async fn submit(
    State(site): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    if !is_json {
        return api::bare(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    api::answer(site.desk.submit(body.to_vec()).await)
}
