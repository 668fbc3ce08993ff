//! Numbers that bound something, each with its reason.

use crate::time::Millis;

/// Characters in free words: a long paragraph; more belongs in an attachment.
pub const WORDS_CHARS: usize = 2_000;
/// Bytes of a body: the largest map of a twelve-weapon line with features is under 8 KiB; four times that.
pub const BODY_BYTES: usize = 32 * 1024;
/// Weapons in one Line check: as many as one person can keep in view (design, 1.12).
pub const LINE_WEAPONS: usize = 12;
/// Positions of a cylinder or set of barrels that a look enters one by one.
pub const POSITIONS: u8 = 12;
/// A day: two unexpected events within it hold everything (design, 4).
pub const DAY_MS: Millis = 24 * 60 * 60 * 1_000;
/// A week: likewise for three (two after a first in it).
pub const WEEK_MS: Millis = 7 * DAY_MS;
/// Farthest a claimed time may lie ahead of the node's before the statement counts as late: an unset clock.
pub const AHEAD_MS: Millis = 2 * 60_000;
/// Shortest wait after a misfire before the weapon is opened (MIS-01, rental-house practice).
pub const MISFIRE_WAIT_MS: Millis = 15_000;
/// How much older than the last opening, load or shot the record may be that a look was signed on: a page believes a
/// board for 15 s (design 1.2). An older look may have seen what was in it before.
pub const LOOK_HEAD_MS: Millis = 15_000;
