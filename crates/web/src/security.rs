//! Headers on every response, errors included, and a page or JSON for every error that has none yet.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::site::Shared;
use crate::{api, pages};

/// No inline script, no inline style, nothing from elsewhere, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
    connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For a file that somebody sent: it runs nothing, and a page that names it may show it as a picture and no more.
const FILE_POLICY: &str = "default-src 'none'; style-src 'none'; script-src 'none'; sandbox; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const FIXED: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: with that a form without a script says `Origin: null`, and its own page looks like another site.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// The outermost layer.
pub(crate) async fn dress(State(site): State<Shared>, request: Request, next: Next) -> Response {
    let is_api =
        request.uri().path().starts_with("/api/") || request.uri().path().starts_with("/health/");
    let is_file = request.uri().path().starts_with("/api/attachments/");
    let is_static = request.uri().path().starts_with("/static/");
    let unit = pages::unit_of(request.uri().query());
    let mut response = next.run(request).await;
    if (response.status().is_client_error() || response.status().is_server_error())
        && !is_dressed(&response)
    {
        let status = response.status();
        let allow = response.headers().get(header::ALLOW).cloned();
        response = if is_api {
            api::bare(status)
        } else if is_static {
            (status, Body::empty()).into_response()
        } else {
            pages::error::page(&site, status, unit.as_deref(), pages::error::words(status))
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_file {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(FILE_POLICY),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Ours: HTML or JSON, made on purpose.
fn is_dressed(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}
