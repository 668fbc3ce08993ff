//! The frame of every page: words of the set, STOP, and what the script needs to check and sign.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::desk::{Head, Me, StopView, Viewer};
use crate::part::icon::{icon, sprite};
use crate::part::{clock, offer};

/// What a page puts into the frame.
pub(crate) struct Page<'a> {
    /// Name for the script: `set`, `weapon`, `check`, …
    pub(crate) name: &'a str,
    /// Title of the window.
    pub(crate) title: &'a str,
    /// Newest checkpoint, keys, zone.
    pub(crate) head: &'a Head,
    /// Who looks.
    pub(crate) viewer: &'a Viewer,
    /// Their name and duty.
    pub(crate) me: Option<&'a Me>,
    /// The unit whose STOP this page presses.
    pub(crate) unit: Option<&'a str>,
    /// `Day 12 of 21 · Scene 121 church interior`.
    pub(crate) place: String,
    /// Open locks.
    pub(crate) stops: &'a [StopView],
    /// What comes first in reading order, before the header: a weapon's banner.
    pub(crate) lead: Markup,
    /// The page.
    pub(crate) body: Markup,
}

/// A page for anyone.
pub(crate) fn shell(page: &Page<'_>) -> Markup {
    let head = page.head;
    let viewer = match page.viewer {
        Viewer::Stranger => "stranger",
        Viewer::Enrolled { shared: false, .. } => "enrolled",
        Viewer::Enrolled { shared: true, .. } => "shared",
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · Coldproof" }
                link rel="stylesheet" href=(assets::path("style.css"));
                script defer src=(assets::path("stop.js")) {}
                script defer src=(assets::path("app.js")) {}
            }
            body data-page=(page.name) data-viewer=(viewer) data-origin=(head.origin) data-board-key=(head.board_key) data-log-key=(head.log_key)
                data-unit=(page.unit.unwrap_or_default()) data-zone=(head.zone.name)
                data-zone-minutes=(head.zone.offset_minutes)
                data-person=(page.me.map(|me| me.person.as_str()).unwrap_or_default()) {
                (sprite())
                a.skip href="#main" { "To the page" }
                @if !head.watermark.is_empty() { div.watermark { (head.watermark) " · not a real set, do not rely on it" } }
                (page.lead)
                (top(page))
                (banner(page.stops, head))
                (frozen(head))
                div #held .strip.held role="alert" hidden {}
                (strip(page.name))
                main #main { (page.body) div #answer .answer role="status" aria-live="assertive" {} }
                (menu(page))
                (stop(page.unit))
            }
        }
    }
}

/// The stripe that says what this page cannot say. It is there from the start where states are shown, and only a
/// script that has checked a board takes it away.
fn strip(name: &str) -> Markup {
    let says_states = matches!(name, "set" | "weapon");
    html! {
        div #link .strip.unverified role="status" aria-live="polite" hidden[!says_states] {
            @if says_states { "UNVERIFIED · this page has not checked the record. Ask the armorer." }
        }
    }
}

fn top(page: &Page<'_>) -> Markup {
    html! {
        header.top {
            a.brand href="/" { "Cold" i { "proof" } }
            span.where { b { (page.head.production) } @if !page.place.is_empty() { " · " span #scene { (page.place) } } }
            span.spacer {}
            @if let Some(me) = page.me { span.pill.me { (me.name) @if says_more(&me.duty, &me.name) { " · " (me.duty) } } }
            span #unsent .pill.unsent hidden {}
            span.pill #sealed { "Record " (clock::number(page.head.size)) " · sealed " (clock::time(page.head.sealed_at, &page.head.zone)) }
        }
    }
}

/// Whether a duty adds anything to a name: people who gave no name go by their role.
pub(crate) fn says_more(duty: &str, name: &str) -> bool {
    !duty.is_empty() && !duty.eq_ignore_ascii_case(name)
}

/// One sentence: why nothing is entered, and what goes on. The script says it too when it happens under an open page.
fn frozen(head: &Head) -> Markup {
    html! {
        div #frozen .strip.frozen role="alert" hidden[head.frozen.is_none()] {
            @if let Some(why) = &head.frozen { (frozen_words(why)) }
        }
    }
}

/// The same words as in `ts/receipt.ts`.
pub(crate) fn frozen_words(why: &str) -> String {
    format!(
        "THE RECORD HAS STOPPED · {}. Every weapon needs a check. STOP, reading and your own copy go on working; nothing else is entered.",
        why.trim_end_matches('.')
    )
}

/// STOP as the set's banner. The script redraws it from each board.
fn banner(stops: &[StopView], head: &Head) -> Markup {
    html! {
        section #set-stop .setstop role="alert" hidden[stops.is_empty()] {
            (icon("s-stop"))
            div {
                strong { "STOP" }
                ul #set-stop-list {
                    @for stop in stops { li { (stop.reason) " · " (clock::time(stop.since, &head.zone)) } }
                }
            }
            div.buttons { @for stop in stops { @for one in &stop.offers { (offer::button(one)) } } }
        }
    }
}

fn menu(page: &Page<'_>) -> Markup {
    let with_unit = |path: &str| {
        page.unit
            .map_or_else(|| path.to_owned(), |unit| format!("{path}?unit={unit}"))
    };
    html! {
        nav.menu aria-label="Pages" {
            a href=(with_unit("/")) { "Set board" }
            a href=(with_unit("/record")) { "Record" }
            a href="/emergency" { "Emergency" }
            @if matches!(page.viewer, Viewer::Enrolled { .. }) {
                a href=(with_unit("/line")) { "Line check" }
                a href="/my-copy" download { "Take my copy" }
            }
            a href="/held" { "What this phone holds" }
            a href=(with_unit("/poster")) { "Poster" }
            a href="/cart" { "Cart screen" }
        }
    }
}

/// One tap, no dialog, a plain form: it works signed out, without a script and on an error page.
pub(crate) fn stop(unit: Option<&str>) -> Markup {
    html! {
        form.stop #stop-form method="post" action="/stop" {
            input type="hidden" name="unit" value=(unit.unwrap_or_default());
            button.stopbtn type="submit" { "STOP WORK" }
        }
    }
}
