//! The shared cart screen's calls: only from this machine, only from its own page.
//! What must be independent is the authenticator: each person's own key, unlocked by their own PIN.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State, rejection::JsonRejection};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::desk::CartDraft;
use crate::site::Shared;
use crate::{api, pages};

/// A request from this machine under a local name. A page elsewhere that points a name of its own at 127.0.0.1
/// still has that name in `Host`, and is turned away.
pub(crate) struct AtCart;

impl FromRequestParts<Shared> for AtCart {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Self::Rejection> {
        if is_at_cart(parts) {
            return Ok(Self);
        }
        let why = "the cart screen works on the armorer's laptop itself, under the name localhost";
        Err(if parts.uri.path().starts_with("/api/") {
            api::error(StatusCode::FORBIDDEN, "web.cart", why).into_response()
        } else {
            pages::error::page(site, StatusCode::FORBIDDEN, None, why)
        })
    }
}

/// Whether a request comes from this machine, under a local name, from a page of its own.
fn is_at_cart(parts: &Parts) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && is_local_name(host)
        && api::is_own_page(&parts.headers)
}

/// `localhost`, `cart.localhost`, `127.0.0.1`, `[::1]`, with or without a port.
fn is_local_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1" || name == "::1"
}

/// The same as a question.
pub(crate) struct MaybeAtCart(pub(crate) bool);

impl<S: Sync> FromRequestParts<S> for MaybeAtCart {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(is_at_cart(parts)))
    }
}

#[derive(Deserialize)]
pub(crate) struct Opened {
    person: String,
    pin: String,
}

#[derive(Deserialize)]
pub(crate) struct Draft {
    person: String,
    pin: String,
    kind: String,
    kv: u32,
    open: bool,
    body: Value,
    lang: String,
}

/// Opens the screen for one person.
pub(crate) async fn open(
    _: AtCart,
    State(site): State<Shared>,
    headers: HeaderMap,
    opened: Result<Json<Opened>, JsonRejection>,
) -> Response {
    let Ok(Json(opened)) = opened else {
        return api::bare(StatusCode::BAD_REQUEST);
    };
    match site.desk.cart_open(&opened.person, &opened.pin).await {
        Ok(me) => {
            let cookie = site.visits.open(&me, true, api::session::is_tls(&headers));
            api::session::with_cookie(api::json(&me), &cookie)
        }
        Err(trouble) => api::trouble(trouble),
    }
}

/// Signs with that person's own key.
pub(crate) async fn sign(
    _: AtCart,
    State(site): State<Shared>,
    draft: Result<Json<Draft>, JsonRejection>,
) -> Response {
    let Ok(Json(draft)) = draft else {
        return api::bare(StatusCode::BAD_REQUEST);
    };
    let Draft {
        person,
        pin,
        kind,
        kv,
        open,
        body,
        lang,
    } = draft;
    api::answer(
        site.desk
            .cart_sign(CartDraft {
                person,
                pin,
                kind,
                kv,
                open,
                body,
                lang,
            })
            .await,
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_local_names_open_the_cart() {
        for name in [
            "localhost",
            "localhost:8080",
            "cart.localhost:1",
            "127.0.0.1:80",
            "[::1]:80",
        ] {
            assert!(super::is_local_name(name), "{name}");
        }
        for name in [
            "",
            "evil.example",
            "localhost.evil.example",
            "192.168.1.4",
            "127.0.0.1.evil.example",
        ] {
            assert!(!super::is_local_name(name), "{name}");
        }
    }
}
