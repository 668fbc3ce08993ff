//! A weapon's word as a server may show it: every word but the leased one, and that one never.

use maud::{Markup, html};

use crate::desk::{WeaponCard, Word};
use crate::part::icon::icon;

/// Class, shape and word. The script draws the same from a verified board (`ts/draw.ts`).
pub(crate) fn look_of(word: Word) -> (&'static str, &'static str, &'static str) {
    match word {
        Word::LockedAway => ("locked", "s-locked", "LOCKED AWAY"),
        Word::CheckNeeded => ("check", "s-check", "CHECK NEEDED"),
        Word::Cold => ("old", "s-old", "NOT CURRENT"),
        Word::Hot => ("hot", "s-hot", "HOT"),
        Word::CannotFire => ("none", "s-none", "CANNOT FIRE"),
        Word::DullChecked => ("dull", "s-dull", "DULL CHECKED"),
        Word::Hold => ("hold", "s-hold", "HOLD"),
        Word::Grounded => ("grounded", "s-grounded", "GROUNDED"),
    }
}

/// The word with its content, as large.
pub(crate) fn word(card: &WeaponCard) -> Markup {
    let (class, shape, text) = look_of(card.word);
    let content = if card.word == Word::Cold {
        ""
    } else {
        card.content.as_str()
    };
    html! {
        div class=(format!("v {class}")) {
            (icon(shape))
            span.word { (text) @if !content.is_empty() { " " (content) } }
        }
    }
}

/// Reason and next step. A leased weapon says what this page cannot.
pub(crate) fn why(card: &WeaponCard) -> Markup {
    if card.word == Word::Cold {
        return html! {
            div.why { b { "This page has not checked the record yet." } span.next { "Ask the armorer." } }
        };
    }
    html! {
        @if !(card.reason.is_empty() && card.next.is_empty()) {
            div.why {
                @if !card.reason.is_empty() { b { (card.reason) } }
                @if !card.next.is_empty() { span.next { "Next: " (card.next) } }
            }
        }
    }
}

/// The card of the set board.
pub(crate) fn card(card: &WeaponCard) -> Markup {
    let (class, _, _) = look_of(card.word);
    html! {
        article class=(format!("w {class}")) data-weapon=(card.id) {
            (word(card))
            a.name href=(format!("/w/{}", card.id)) { (card.name) " · tag " (card.tag) }
            (why(card))
            @if !(card.place.is_empty() && card.holder.is_empty()) {
                div.meta { span { (card.place) } span { (card.holder) } }
            }
        }
    }
}
