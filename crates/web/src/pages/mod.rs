//! Pages. Each file holds a handler and what it draws; `part/` holds what they share.
//!
//! INVARIANT: every page leaves through [`html`], which takes the word out that only a verified board may draw.

pub(crate) mod cart;
pub(crate) mod check;
pub(crate) mod emergency;
pub(crate) mod enrol;
pub(crate) mod error;
pub(crate) mod held;
pub(crate) mod invite;
pub(crate) mod offline;
pub(crate) mod poster;
pub(crate) mod record;
pub(crate) mod set;
pub(crate) mod stop;
pub(crate) mod trust;
pub(crate) mod weapon;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;

use crate::desk::Trouble;
use crate::site::Shared;

/// The one way out. A server cannot know how old its page will be when somebody reads it, so the word of a lease
/// never stands in HTML, whatever a reason, a radio line or an offer says: it is written small there.
pub(crate) fn html(status: StatusCode, page: Markup) -> Response {
    let text = page.into_string().replace("COLD", "cold");
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        text,
    )
        .into_response()
}

/// The page for a question without an answer.
pub(crate) fn trouble(site: &Shared, trouble: &Trouble, unit: Option<&str>) -> Response {
    match trouble {
        Trouble::Unknown => error::page(
            site,
            StatusCode::NOT_FOUND,
            unit,
            "The record knows no such thing.",
        ),
        Trouble::Denied(why) => error::page(site, StatusCode::FORBIDDEN, unit, why),
        Trouble::Fault(why) => error::page(site, StatusCode::SERVICE_UNAVAILABLE, unit, why),
    }
}

/// The unit named in a query, for the STOP of a page whose own handler never ran. Ids only: hex and dashes.
pub(crate) fn unit_of(query: Option<&str>) -> Option<String> {
    let unit = query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("unit="))?;
    let is_id = !unit.is_empty()
        && unit.len() <= 64
        && unit.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_id.then(|| unit.to_owned())
}
