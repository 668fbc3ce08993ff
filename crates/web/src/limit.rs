//! Numbers that bound something, each with its reason.

use std::time::Duration;

/// A submission at its largest (`docs/formats/statement.md`).
pub(crate) const SUBMISSION_BYTES_MAX: usize = 120_000;

/// Any other request body: forms and small JSON.
pub(crate) const FORM_BYTES_MAX: usize = 8 * 1024;

/// From the request's last byte to the head of the answer. A durable write takes milliseconds; past this the phone
/// should say so, and its queue asks again.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long a proven key may look before it proves itself again: a long set day.
pub(crate) const VISIT_LASTS: Duration = Duration::from_hours(14);

/// Visits kept: sixty phones, many times over. The oldest goes first.
pub(crate) const VISITS_MAX: usize = 4096;

/// How long a challenge may take to come back signed.
pub(crate) const CHALLENGE_LASTS: Duration = Duration::from_mins(2);

/// Open event streams: above it a page falls back to asking every 5 s, which it does anyway.
pub(crate) const STREAMS_MAX: usize = 512;

/// Lines of the record on one page.
pub(crate) const RECORD_LINES: usize = 60;

/// Lines of the record beside the set board.
pub(crate) const EXCERPT_LINES: usize = 8;

/// Longest words with a press of STOP.
pub(crate) const STOP_WORDS_MAX: usize = 280;

/// Shortest PIN: the node's file may be copied, and a slow hash needs something to be slow about.
pub(crate) const PIN_CHARS_MIN: usize = 6;

/// Longest PIN.
pub(crate) const PIN_CHARS_MAX: usize = 32;

/// Longest role of an invitation: it stands in every line of a board that names its holder.
pub(crate) const ROLE_CHARS_MAX: usize = 40;

/// Longest name, as the node keeps names.
pub(crate) const NAME_CHARS_MAX: usize = 120;

/// How long an invitation may be good, in minutes, and its words: for someone who stands here, who is on the way, or who
/// comes later the same day. A link that lives longer is a key left lying about.
pub(crate) const LINK_LIVES: [(u32, &str); 3] =
    [(10, "10 min"), (60, "1 hour"), (12 * 60, "12 hours")];

/// A checkpoint at its largest: 64 lines, the longest name and a cosignature in each.
pub(crate) const NOTE_BYTES_MAX: usize = 32 * 1024;

/// A piece of an attachment: on a bad link it takes seconds and little is sent twice.
pub(crate) const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// The largest attachment: what the store takes.
pub(crate) const FILE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Read at a time from an attachment on its way out: the store checks by the mebibyte.
pub(crate) const FILE_READ_BYTES: usize = 1024 * 1024;

/// To take a piece over a bad link, or to make a copy from a large record.
pub(crate) const SLOW_ANSWER_WITHIN: Duration = Duration::from_mins(2);

/// Attachments in one list.
pub(crate) const FILES_LISTED_MAX: usize = 40;
