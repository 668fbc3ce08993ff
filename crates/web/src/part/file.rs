//! Photographs, video and documents: what is there, and the button that adds one.

use maud::{Markup, html};
use serde_json::json;

use crate::desk::{FileLine, Zone};
use crate::limit;
use crate::part::clock;

/// The list and the button. `about`: the thing that a new one belongs to.
pub(crate) fn part(files: &[FileLine], about: Option<&str>, zone: &Zone) -> Markup {
    html! {
        section.card.files aria-label="Photographs, video, documents" {
            h2 { "Photographs, video, documents" }
            button.ghost type="button" data-attach=(json!({ "about": about.into_iter().collect::<Vec<_>>(), "strip": false })) {
                "Add a photograph, video or document"
            }
            @if files.is_empty() { p.quiet { "None yet." } }
            @for one in files.iter().take(limit::FILES_LISTED_MAX) { (line(one, zone)) }
            @if files.len() > limit::FILES_LISTED_MAX { p.quiet { (files.len() - limit::FILES_LISTED_MAX) " older ones are in the record." } }
        }
    }
}

fn line(one: &FileLine, zone: &Zone) -> Markup {
    let path = format!("/api/attachments/{}", one.sha256);
    let is_picture = matches!(
        one.media.as_str(),
        "image/jpeg" | "image/png" | "image/webp"
    );
    html! {
        a.file href=(path) {
            @if is_picture { img src=(path) alt="" loading="lazy" width="72" height="72"; }
            span { b { (one.name) } br; span.quiet { @if let Some(bytes) = one.bytes { (size(bytes)) " · " } (clock::time(one.at, zone)) @if !one.by.is_empty() { " · " (one.by) } } }
        }
    }
}

/// `48 kB`, `1.9 MB`, `2.1 GB`.
fn size(bytes: u64) -> String {
    let in_units =
        |unit: u64, name: &str| format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => in_units(1_000_000, "MB"),
        _ => in_units(1_000_000_000, "GB"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_size_is_short() {
        for (bytes, words) in [
            (999, "999 bytes"),
            (48_211, "48 kB"),
            (1_950_000, "1.9 MB"),
            (2_147_483_648, "2.1 GB"),
        ] {
            assert_eq!(super::size(bytes), words);
        }
    }
}
