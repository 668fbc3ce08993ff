//! `POST /api/cart/enrol`: someone sets a PIN at the cart screen. A phone makes its own key and submits its own
//! `people.enrol` as a statement, so it needs no call of its own.

use axum::Json;
use axum::extract::{State, rejection::JsonRejection};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::api;
use crate::api::cart::AtCart;
use crate::limit::{PIN_CHARS_MAX, PIN_CHARS_MIN};
use crate::site::Shared;

#[derive(Deserialize)]
pub(crate) struct Asked {
    token: String,
    pin: String,
}

pub(crate) async fn enrol(
    _: AtCart,
    State(site): State<Shared>,
    asked: Result<Json<Asked>, JsonRejection>,
) -> Response {
    let Ok(Json(asked)) = asked else {
        return api::bare(StatusCode::BAD_REQUEST);
    };
    let digits = asked.pin.chars().count();
    if !(PIN_CHARS_MIN..=PIN_CHARS_MAX).contains(&digits) {
        return api::error(
            StatusCode::BAD_REQUEST,
            "web.pin",
            "a PIN has 6 to 32 characters",
        );
    }
    api::answer(site.desk.cart_enrol(&asked.token, &asked.pin).await)
}
