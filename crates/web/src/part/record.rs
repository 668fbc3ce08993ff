//! Lines of the record.

use maud::{Markup, html};

use crate::desk::{RecordLine, RecordTone, Zone};
use crate::part::clock;

/// Newest first; weapon and reason, never who was refused.
pub(crate) fn lines(lines: &[RecordLine], zone: &Zone) -> Markup {
    html! {
        div.log {
            @for line in lines {
                @let (class, mark) = tone(line.tone);
                time { (clock::bare(line.at, zone)) }
                span class=(class) { @if !mark.is_empty() { b.tone { (mark) " " } } (line.text) }
            }
            @if lines.is_empty() { span.quiet { "Nothing entered yet." } }
        }
    }
}

fn tone(tone: RecordTone) -> (&'static str, &'static str) {
    match tone {
        RecordTone::Plain => ("line", ""),
        RecordTone::Refused => ("line ref", "Refused:"),
        RecordTone::Breach => ("line breach", "Breach:"),
        RecordTone::Stop => ("line halt", "Stop:"),
    }
}
