//! The router and what every handler shares.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::desk::Desk;
use crate::session::Visits;
use crate::{api, assets, limit, pages, security};

/// What the caller gives to [`router`] and [`crate::serve()`].
#[derive(Clone)]
pub struct Site {
    /// The node.
    pub desk: Arc<dyn Desk>,
    /// The address for posters and links, without a slash at the end: `https://coldproof.local:8443`.
    pub public_url: String,
    /// The certificate that phones must trust, as PEM, for `/trust`; `None` without TLS or with a public one.
    pub ca_pem: Option<String>,
}

pub(crate) struct Inner {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) public_url: String,
    pub(crate) ca_pem: Option<String>,
    pub(crate) visits: Visits,
    pub(crate) streams: AtomicUsize,
}

/// Shared by all handlers.
pub(crate) type Shared = Arc<Inner>;

/// Every page and call. Give it to [`crate::serve()`], or to a test.
pub fn router(site: Site) -> Router {
    let shared: Shared = Arc::new(Inner {
        desk: site.desk,
        public_url: site.public_url,
        ca_pem: site.ca_pem,
        visits: Visits::new(),
        streams: AtomicUsize::new(0),
    });
    let submissions = Router::new()
        .route("/api/statements", post(api::statement::submit))
        .route("/api/cart/sign", post(api::cart::sign))
        .layer(DefaultBodyLimit::max(limit::SUBMISSION_BYTES_MAX));
    let notes = Router::new()
        .route("/api/receipts", post(api::proof::show))
        .layer(DefaultBodyLimit::max(limit::NOTE_BYTES_MAX));
    let slow = Router::new()
        .route("/api/my-copy", get(api::proof::my_copy))
        .route("/my-copy", get(api::proof::my_copy))
        .route("/verify.html", get(assets::verify))
        .route(
            "/api/attachments/{sha256}",
            get(api::file::fetch).put(api::file::put),
        )
        .layer(DefaultBodyLimit::max(limit::PIECE_BYTES_MAX))
        .layer(within(limit::SLOW_ANSWER_WITHIN));
    let pages = Router::new()
        .route("/", get(pages::set::page))
        .route("/w/{id}", get(pages::weapon::page))
        .route("/w/{id}/check/full", get(pages::check::full))
        .route("/w/{id}/check/reset", get(pages::check::reset))
        .route("/line", get(pages::check::line))
        .route("/record", get(pages::record::page))
        .route("/held", get(pages::held::page))
        .route("/emergency", get(pages::emergency::page))
        .route("/stop", get(pages::stop::page).post(pages::stop::press))
        .route("/stop/lift", post(pages::stop::lift))
        .route("/enrol/{token}", get(pages::enrol::page))
        .route("/invite", get(pages::invite::page))
        .route("/cart", get(pages::cart::page))
        .route("/poster", get(pages::poster::page))
        .route("/trust", get(pages::trust::page))
        .route("/trust/ca.pem", get(pages::trust::certificate))
        .route("/offline", get(pages::offline::page))
        .route("/static/{name}", get(assets::serve))
        .route("/sw.js", get(assets::worker))
        // Boards are small, many, and wanted at once: only pages and files are packed.
        .layer(CompressionLayer::new());
    let calls = Router::new()
        .route("/api/head", get(api::board::head))
        .route("/api/board", get(api::board::board))
        .route("/api/changed", get(api::changed::stream))
        .route("/api/check", get(api::check::check))
        .route("/api/stop", post(api::stop::press))
        .route("/api/stop/lift", post(api::stop::lift))
        .route(
            "/api/session",
            get(api::session::challenge).post(api::session::prove),
        )
        .route("/api/session/end", post(api::session::end))
        .route("/api/invite", post(api::invite::invite))
        .route("/api/cart/enrol", post(api::enrol::enrol))
        .route("/api/cart/open", post(api::cart::open))
        .route("/api/checkpoint", get(api::proof::checkpoint))
        .route("/api/proof", get(api::proof::proof))
        .route("/api/consistency", get(api::proof::consistency))
        .route("/api/entry", get(api::proof::entry))
        .route("/health/live", get(api::health::live))
        .route("/health/ready", get(api::health::ready));
    let quick = Router::new()
        .merge(pages)
        .merge(calls)
        .layer(DefaultBodyLimit::max(limit::FORM_BYTES_MAX))
        .merge(submissions)
        .merge(notes)
        .layer(within(limit::ANSWER_WITHIN));
    Router::new()
        .merge(quick)
        .merge(slow)
        .method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED)
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            security::dress,
        ))
        .with_state(shared)
}

/// A handler that takes longer is given up, and the page is told.
fn within(time: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time)
}
