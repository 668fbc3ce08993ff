//! How old the newest copy and the newest cosignature are: one line each at the foot of the board, and a nag above the
//! list when either is older than the settings allow, or something left for another record and did not arrive.

use maud::{Markup, html};

use crate::desk::{Care, Head};

/// Above the list; nothing while all is in time.
pub(crate) fn nag(care: &Care, head: &Head) -> Markup {
    html! {
        div #nag .nag role="status" hidden[!nags(care)] {
            @if care.copy_is_late { p { b { (copied(care, head)) "." } " Plug the stick in, or ask whoever looks after this laptop: if it is lost now, so is what was entered since." } }
            @if !care.copy_failed.is_empty() { p { b { "The newest copy could not be made." } " " (care.copy_failed) } }
            @for sentence in &care.not_arrived { p { b { (sentence) } } }
            @for says in &care.doubts { p { b { "Not settled: " (says) "." } " It may be another history of this record, or a fault of that cosigner or of the way to it: whoever looks after this laptop asks its keeper." } }
            @if care.cosigning_is_late { p { b { (cosigned(care, head)) "." } " Until somebody outside cosigns, only phones can show that the record did not begin again." } }
        }
    }
}

fn nags(care: &Care) -> bool {
    care.copy_is_late
        || care.cosigning_is_late
        || !care.copy_failed.is_empty()
        || !care.not_arrived.is_empty()
        || !care.doubts.is_empty()
}

/// At the foot of the board.
pub(crate) fn foot(care: &Care, head: &Head) -> Markup {
    html! {
        footer #care .care { p { (copied(care, head)) } p { (cosigned(care, head)) } }
    }
}

fn copied(care: &Care, head: &Head) -> String {
    format!(
        "Last copy off this machine: {}",
        ago(care.copied_at, head.at)
    )
}

fn cosigned(care: &Care, head: &Head) -> String {
    format!("Last cosigned outside: {}", ago(care.cosigned_at, head.at))
}

/// `never`, `less than a minute ago`, `3 hours ago`, `2 days ago`.
fn ago(then: Option<i64>, now: i64) -> String {
    let Some(then) = then else {
        return "never".to_owned();
    };
    let minutes = now.saturating_sub(then).max(0) / 60_000;
    let (count, unit) = match minutes {
        0 => return "less than a minute ago".to_owned(),
        1..60 => (minutes, "minute"),
        60..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    let many = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{many} ago")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_age_is_said_in_the_unit_that_a_person_would_use() {
        let minute = 60_000;
        for (age, words) in [
            (0, "less than a minute ago"),
            (minute, "1 minute ago"),
            (59 * minute, "59 minutes ago"),
            (60 * minute, "1 hour ago"),
            (47 * 60 * minute, "47 hours ago"),
            (48 * 60 * minute, "2 days ago"),
        ] {
            assert_eq!(super::ago(Some(1), 1 + age), words);
        }
        assert_eq!(super::ago(Some(5), 0), "less than a minute ago");
        assert_eq!(super::ago(None, 0), "never");
    }
}
