//! Lines of the record.

use maud::{Markup, html};

use crate::desk::{RecordLine, RecordTone, Viewer, Zone};
use crate::part::clock;

/// Newest first; weapon and reason, never who was refused. Lines are for the enrolled: to anyone else it says so, since an
/// empty record is another thing.
pub(crate) fn lines(lines: &[RecordLine], viewer: &Viewer, zone: &Zone) -> Markup {
    if lines.is_empty() && *viewer == Viewer::Stranger {
        return html! { p.quiet { "The record is for people enrolled on this production." } };
    }
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
