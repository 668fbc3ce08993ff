//! Buttons for what a viewer may ask or report. The script opens the form, signs and sends; the page holds no rule.

use maud::{Markup, html};

use crate::desk::Offer;

/// Requests first, reports after, each a large button; an offer that leads to a page is a link.
pub(crate) fn list(title: &str, offers: &[Offer]) -> Markup {
    html! {
        @if !offers.is_empty() {
            section class=(format!("offers {}", title.split_whitespace().next().unwrap_or_default().to_lowercase())) aria-label=(title) {
                h2 { (title) }
                div.buttons { @for offer in offers { (button(offer)) } }
            }
        }
    }
}

/// One offer.
pub(crate) fn button(offer: &Offer) -> Markup {
    let class = if offer.go.is_empty() && offer.report {
        "ghost report"
    } else {
        "ghost"
    };
    html! {
        @if offer.go.is_empty() {
            button class=(class) type="button" data-offer=(serde_json::to_string(offer).unwrap_or_default()) {
                (offer.label)
            }
        } @else {
            a class="ghost go" href=(offer.go) { (offer.label) }
        }
    }
}
