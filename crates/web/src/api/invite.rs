//! `POST /api/invite`: the link of an invitation as text and as a code, for whoever may let people in. The secret was made
//! on their phone and is kept nowhere here; the same question later says whether the link is still good.

use axum::Json;
use axum::extract::{State, rejection::JsonRejection};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::api;
use crate::pages::poster;
use crate::part::clock;
use crate::session::Looking;
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The secret of the link, 64 hex.
    token: String,
    /// What to call them, kept outside the record; empty to leave it.
    #[serde(default)]
    name: String,
}

pub(crate) async fn invite(
    State(site): State<Shared>,
    looking: Looking,
    headers: HeaderMap,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let Ok(Json(asked)) = asked else {
        return api::bare(StatusCode::BAD_REQUEST);
    };
    if !api::is_own_page(&headers) {
        return api::error(
            StatusCode::FORBIDDEN,
            "web.denied",
            "this is asked from the node's own pages",
        );
    }
    let found = site
        .desk
        .invited(&asked.token, asked.name.trim(), &looking.viewer)
        .await;
    let view = match found {
        Ok(view) => view,
        Err(trouble) => return api::trouble(trouble),
    };
    let zone = site.desk.head().zone;
    let bare = clock::bare(view.until, &zone);
    let minute = bare.get(..5).unwrap_or(&bare);
    let link = format!("{}/enrol/{}", site.public_url, asked.token);
    api::json(&json!({
        "link": link,
        "code": poster::code(&link).into_string(),
        "name": view.name,
        "until": view.until,
        "says": format!("{minute} {}", zone.name).trim_end(),
        "keeps": keeps_keys(&site.public_url),
    }))
}

/// Browsers make and keep keys under https and under this machine's own names, and nowhere else.
fn keeps_keys(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return true;
    };
    let name = rest.split(['/', ':']).next().unwrap_or_default();
    name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1"
}

#[cfg(test)]
mod tests {
    #[test]
    fn plain_addresses_on_the_network_keep_no_key() {
        for url in [
            "https://coldproof.local:8443",
            "http://localhost:8080",
            "http://phone3.localhost:1",
        ] {
            assert!(super::keeps_keys(url), "{url}");
        }
        for url in ["http://192.168.1.4:8080", "http://localhost.example"] {
            assert!(!super::keeps_keys(url), "{url}");
        }
    }
}
