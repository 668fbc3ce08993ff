//! `GET /enrol/{token}`: a phone makes its own key. The key never leaves it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use serde_json::json;

use crate::api::cart::MaybeAtCart;
use crate::pages;
use crate::part::clock;
use crate::part::shell::{Page, says_more, shell};
use crate::session::Looking;
use crate::site::Shared;

pub(crate) async fn page(
    State(site): State<Shared>,
    looking: Looking,
    at_cart: MaybeAtCart,
    Path(token): Path<String>,
) -> Response {
    let head = site.desk.head();
    let Ok(view) = site.desk.enrolment(&token) else {
        let words = "This link was used, or has run out. Ask the armorer for a new one.";
        return pages::error::page(&site, StatusCode::NOT_FOUND, None, words);
    };
    let data = json!({ "token": token, "invite": view.invite, "person": view.for_person, "name": view.name, "duty": view.duty });
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "enrol",
            title: "This phone's key",
            head: &head,
            viewer: &looking.viewer,
            me: looking.me.as_ref(),
            unit: None,
            place: String::new(),
            stops: &[],
            lead: html! {},
            body: html! {
                h1 { "Make this phone's key" }
                p.lead-text { "For " b { (view.name) } @if says_more(&view.duty, &view.name) { ", " (view.duty) } ", on " b { (head.production) } "." }
                section #enrol .card data-view=(data.to_string()) {
                    p { "The key stays in this phone and signs what you say. Hand the phone to nobody while you sign. Lost it? Tell the armorer, and it is switched off." }
                    p.quiet { "Offered by " (view.by) ". They cannot be your second. The link runs out at " (clock::time(view.until, &head.zone)) "." }
                    button.hold-to #make type="button" { "Make the key on this phone" }
                    @if at_cart.0 {
                        p { "Or keep a key on this laptop, behind a PIN, to sign at the cart screen:" }
                        form #pin-form .plainform {
                            label { "PIN, six digits or more" input #pin type="password" inputmode="numeric" autocomplete="off" minlength="6" maxlength="32"; }
                            button.ghost type="submit" { "Set my PIN" }
                        }
                    }
                    p #enrol-said role="status" aria-live="polite" {}
                    noscript { p { "Making a key needs this page's script." } }
                }
            },
        }),
    )
}
