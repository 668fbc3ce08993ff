//! `GET /health/live`: the process answers. `GET /health/ready`: the node takes statements.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::api;
use crate::site::Shared;

pub(crate) async fn live() -> Response {
    api::json(&json!({ "live": true }))
}

pub(crate) async fn ready(State(site): State<Shared>) -> Response {
    match site.desk.ready() {
        Ok(()) => api::json(&json!({ "ready": true })),
        Err(why) => api::error(StatusCode::SERVICE_UNAVAILABLE, "web.not_ready", &why),
    }
}
