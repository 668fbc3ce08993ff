//! `POST /api/stop`, `POST /api/stop/lift`: no sign-in, no check of where it comes from; a stop is free.

use axum::Json;
use axum::extract::{FromRequestParts, State, rejection::JsonRejection};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::Press;
use crate::site::Shared;
use crate::{api, limit, session};

const VISIT: &str = "coldproof_press";

#[derive(Deserialize, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "the name of a member in the call"
)]
pub(crate) struct Pressed {
    pub(crate) unit: Option<String>,
    pub(crate) pressed_at: Option<i64>,
    pub(crate) words: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Lifted {
    pub(crate) unit: Option<String>,
    pub(crate) found: Option<String>,
}

/// The random name of the visit that pressed, kept in a cookie of its own.
pub(crate) struct PressVisit {
    pub(crate) name: String,
    pub(crate) is_new: bool,
}

impl<S: Sync> FromRequestParts<S> for PressVisit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let known = session::cookie(&parts.headers, VISIT)
            .filter(|v| v.len() == 32 && session::unhex(v).is_some());
        Ok(match known {
            Some(name) => Self {
                name: name.to_owned(),
                is_new: false,
            },
            None => Self {
                name: session::hex(&session::random::<16>()),
                is_new: true,
            },
        })
    }
}

impl PressVisit {
    /// Gives a new visit its cookie.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        let cookie = format!("{VISIT}={}; Path=/; HttpOnly; SameSite=Strict", self.name);
        if let (true, Ok(value)) = (self.is_new, HeaderValue::from_str(&cookie)) {
            headers.append(header::SET_COOKIE, value);
        }
    }

    /// The press as the node takes it: words are cut, never refused.
    pub(crate) fn press(&self, pressed: Pressed) -> Press {
        let words = pressed.words.map(|words| {
            words
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .take(limit::STOP_WORDS_MAX)
                .collect::<String>()
        });
        Press {
            unit: pressed.unit.filter(|unit| !unit.is_empty()),
            visit: self.name.clone(),
            pressed_at: pressed.pressed_at,
            words: words.filter(|words| !words.trim().is_empty()),
        }
    }
}

/// A body that cannot be read still stops: everything in it is optional.
pub(crate) async fn press(
    State(site): State<Shared>,
    visit: PressVisit,
    pressed: Result<Json<Pressed>, JsonRejection>,
) -> Response {
    let pressed = pressed.map(|Json(pressed)| pressed).unwrap_or_default();
    let mut response = api::answer(site.desk.stop(visit.press(pressed)).await);
    visit.mark(response.headers_mut());
    response
}

pub(crate) async fn lift(
    State(site): State<Shared>,
    visit: PressVisit,
    headers: HeaderMap,
    lifted: Result<Json<Lifted>, JsonRejection>,
) -> Response {
    if !api::is_own_page(&headers) {
        return api::error(
            StatusCode::FORBIDDEN,
            "web.foreign",
            "another site cannot lift a stop",
        );
    }
    let lifted = lifted.map(|Json(lifted)| lifted).unwrap_or_default();
    let unit = lifted.unit.filter(|unit| !unit.is_empty());
    let found: String = lifted
        .found
        .unwrap_or_default()
        .chars()
        .take(limit::STOP_WORDS_MAX)
        .collect();
    api::answer(
        site.desk
            .lift_press(&visit.name, unit.as_deref(), &found)
            .await,
    )
}
