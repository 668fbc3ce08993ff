//! Every bound of reading and writing copies, with its reason.

/// Bytes of a path in a copy: what every file system of today takes.
pub const PATH_BYTES_MAX: usize = 1_024;

/// The manifest, in bytes.
pub const MANIFEST_BYTES_MAX: u64 = 64 << 20;

/// Files in a copy: more than a manifest of that size could name (its shortest line has a hundred bytes).
pub const FILES_MAX: usize = 700_000;

/// Times its packed size that a file of a zip may unpack to, [`ZIP_SLACK_BYTES`] added.
pub const ZIP_RATIO_MAX: u64 = 1_000;

/// What a file of a zip may unpack to whatever its packed size.
pub const ZIP_SLACK_BYTES: u64 = 1 << 20;

/// The directory of a zip, in bytes: so many files with the longest names.
pub const ZIP_DIRECTORY_BYTES_MAX: u64 = 256 << 20;

/// Entries that are checked together on all cores; what [`ledger::signatures::BATCH`] is made for.
pub const BATCH_ENTRIES: usize = ledger::signatures::BATCH;

/// Bytes of entries and bodies that are in memory at once while a copy is checked, one bundle more not counted.
pub const BATCH_BYTES: usize = 8 << 20;

/// The last second of the year 9999: later ones have no ISO form of four digits.
pub const LAST_SECOND: u64 = 253_402_300_799;

/// A line of a list for people: longer words are cut in certificates and forms (never in what `verify` prints).
pub const WORDS_CHARS_MAX: usize = 400;
