//! `GET /cart`: the shared screen on the armorer's laptop. Each person signs with their own key and PIN.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::api::cart::AtCart;
use crate::desk::Viewer;
use crate::pages;
use crate::part::shell::{Page, says_more, shell};
use crate::site::Shared;

/// Nobody is signed in here: opening this page ends the visit of whoever was.
pub(crate) async fn page(
    _: AtCart,
    State(site): State<Shared>,
    headers: axum::http::HeaderMap,
) -> Response {
    let cleared = site.visits.end(&headers);
    let head = site.desk.head();
    let people = site.desk.cart_people();
    let set = site.desk.set(None, &Viewer::Stranger).ok();
    let page = shell(&Page {
        name: "cart",
        title: "Cart screen",
        head: &head,
        viewer: &Viewer::Stranger,
        me: None,
        unit: set.as_ref().map(|set| set.unit.id.as_str()),
        place: set
            .as_ref()
            .map(|set| set.scene.clone())
            .unwrap_or_default(),
        stops: set.as_ref().map_or(&[], |set| &set.stops),
        lead: html! {},
        body: html! {
            h1 { "Cart screen" }
            p.lead-text { "Who is at the screen? One person at a time, with their own PIN." }
            section #cart .card {
                div.buttons role="group" aria-label="People" {
                    @for person in &people {
                        button.ghost type="button" data-person=(person.person) aria-pressed="false" {
                            (person.name) @if says_more(&person.duty, &person.name) { small { (person.duty) } }
                        }
                    }
                }
                @if people.is_empty() { p.quiet { "Nobody has a PIN here yet. Phones get one when they are enrolled." } }
                form #cart-form .plainform hidden {
                    label { "PIN of " b #cart-name {} input #cart-pin type="password" inputmode="numeric" autocomplete="off" maxlength="32"; }
                    button.hold-to type="submit" { "Open the screen" }
                }
                p #cart-said role="status" aria-live="polite" {}
            }
            p.quiet { "What is signed here is marked as signed at the shared screen. Answers are gone before the next person sits down." }
        },
    });
    crate::api::session::with_cookie(pages::html(StatusCode::OK, page), &cleared)
}
