//! What a pack may not exceed, and why. A pack comes from outside; a reader must not be made to work without end.

/// Bytes of one file. The longest pack text so far has under 100 kB.
pub(crate) const FILE_BYTES: usize = 1 << 20;
/// Rules of one pack. All 140 rows of the backlog, split in two, are 280.
pub(crate) const RULES: usize = 500;
/// Items of one phase for one kind of weapon: more is not read on a floor (`ux.md` 11).
pub(crate) const ITEMS_A_PHASE: usize = 9;
/// Of ten items of a phase, those that ask for something seen or heard: a tick is not data.
pub(crate) const OBSERVED_OF_TEN: usize = 7;
/// Characters of a message or remedy: long enough to name an act, short enough for a phone held in a glove.
pub(crate) const SENTENCE_CHARS: core::ops::RangeInclusive<usize> = 20..=180;
