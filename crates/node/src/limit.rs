//! Every bound of the node, with its reason.

use domain::time::Millis;

/// A submission, in bytes: an envelope and a body in base64 with room to spare.
pub const SUBMISSION_BYTES_MAX: usize = 120_000;

/// Entries that wait to be durable. Past that callers hear that the node cannot keep up: half of what the store queues, so
/// that the store's own queue never refuses an entry that was already judged.
pub const IN_FLIGHT_MAX: usize = 2_048;

/// How far the wall clock may part from the boot-time clock before it counts as a jump, ms. Below it lies what time
/// synchronisation corrects by itself.
pub const CLOCK_JUMP_MS: Millis = 2_000;

/// How often the node looks whether something ran out, ms: a lapse is seen within half a second.
pub const TICK_MS: u64 = 500;

/// How long a press of STOP waits for its record before it answers *not yet recorded*, ms. The stop stands all the same.
pub const STOP_WAIT_MS: u64 = 1_500;

/// Visits whose press of STOP is remembered, so that the same phone may lift. The oldest is forgotten first: its lock is
/// then lifted by two others.
pub const VISITS_MAX: usize = 4_096;

/// Wrong PINs in a row that lock a key on the cart (design 1.3: a PIN is short, so guessing must end soon).
pub const PIN_TRIES_MAX: u32 = 5;

/// Digits or letters of a PIN, fewest: five guesses at six digits are one chance in two hundred thousand.
pub const PIN_CHARS_MIN: usize = 6;

/// Digits or letters of a PIN, most: no longer text is hashed for a stranger.
pub const PIN_CHARS_MAX: usize = 64;

/// Memory of one PIN check, in KiB: what the makers of argon2 and common practice ask for on a small machine.
pub const PIN_MEMORY_KIB: u32 = 19_456;

/// Passes over that memory.
pub const PIN_PASSES: u32 = 2;

/// How long an enrolment link lives, ms: a working day.
pub const LINK_MS: Millis = 12 * 60 * 60 * 1_000;

/// Heads of a lost node that are listed. More than that are counted: phones hold them all the same.
pub const LOST_HEADS_MAX: usize = 1_000;

/// Heads that are kept when they froze the node. One shows it; the rest are for whoever looks into it.
pub const SHOWN_NOTES_MAX: usize = 64;

/// How often a cosigner is asked again from the size that it names, in one round.
pub const ASK_TRIES_MAX: usize = 3;

/// How long a round of questions to cosigners waits, ms: what a start may lose when nobody can be reached.
pub const ASK_WAIT_MS: u64 = 5_000;

/// Time from a start to the first hashing of the whole log, ms: nobody waits for it, and a start has other work.
pub const SCRUB_AFTER_MS: u64 = 60_000;

/// Time from one hashing of the whole log to the next, ms: a bit that flips on the disk is found within a shooting day.
pub const SCRUB_EVERY_MS: u64 = 6 * 60 * 60 * 1_000;

/// Pause between two reads of it, ms: 100,000 entries take less than a minute and a hundredth of one core.
pub const SCRUB_PAUSE_MS: u64 = 200;

/// Lines of the record in one answer.
pub const RECORD_LINES_MAX: usize = 200;

/// A name, in characters.
pub const NAME_CHARS_MAX: usize = 120;

/// Copies entered in one look at what was asked by files: each waits for the disk, and the clock must not.
pub const ASKED_AT_ONCE_MAX: usize = 16;

/// A file that asks for an entry, in bytes: two thousand characters of words, escaped, with room to spare.
pub const ASKED_BYTES_MAX: u64 = 32_768;

/// Pause between two looks for an answer, ms: nobody notices it beside the making of a copy.
pub const ASKED_POLL_MS: u64 = 50;

/// How long a file that no statement names is kept at least, ms: a day, as long as a part of one. A phone that was cut off
/// between the last piece and the signature signs when it is back.
pub const UNNAMED_KEPT_MS: Millis = 24 * 60 * 60 * 1_000;
