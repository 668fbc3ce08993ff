//! Every bound of the store, with its reason.

/// Entries in one transaction. More makes the first caller in it wait longer than the fsync that it shares is worth.
pub const GROUP_ENTRIES_MAX: usize = 1_024;

/// Bytes of entries and bodies in one transaction; see [`GROUP_ENTRIES_MAX`].
pub const GROUP_BYTES_MAX: usize = 4 << 20;

/// Batches waiting for the writer. Past that callers hear `Busy`: a queue that only grows hides that the disk is gone.
pub const QUEUE_BATCHES_MAX: usize = 4_096;

/// Bytes waiting for the writer, for the same reason and for the memory of a small machine.
pub const QUEUE_BYTES_MAX: usize = 32 << 20;

/// Entries that one read returns at most.
pub const READ_ENTRIES_MAX: u32 = 1_024;

/// Bytes of entries and bodies after which a read returns what it has.
pub const READ_BYTES_MAX: usize = 4 << 20;

/// Space kept back on the disk, so that a stop can be written when it is full. A stop with its index and tree pages costs
/// some tens of kilobytes.
pub const RESERVE_BYTES: u64 = 1 << 20;

/// Bytes written since the last write-ahead log checkpoint after which an idle writer makes one: SQLite's own measure of
/// 1,000 pages.
pub const WAL_IDLE_BYTES: u64 = 4 << 20;

/// The same for a writer that is never idle: the log beside the database must not grow without end.
pub const WAL_BUSY_BYTES: u64 = 64 << 20;

/// Statements whose bodies one call erases. The record's own request names 64 at most; a start may gather several.
pub const ERASE_STATEMENTS_MAX: usize = 4_096;

/// How often an erasure looks whether readers have let go of the old view of the file, and how long it waits between, ms.
/// Together about a second: a page's read is done in a blink, and nobody should wait for a backup's.
pub const ERASE_SWEEPS_MAX: u32 = 2;

/// See [`ERASE_SWEEPS_MAX`].
pub const ERASE_SWEEP_WAIT_MS: u64 = 100;

/// Idle connections kept for reading.
pub const READERS_KEPT: usize = 8;

/// A key in `meta` or a name, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_000;

/// A value in `meta`, in bytes.
pub const META_BYTES_MAX: usize = 1 << 20;

/// Bytes of an attachment: a few minutes of a phone's video. Above that a copy takes longer than anyone waits on a set.
pub const ATTACHMENT_BYTES_MAX: u64 = 2 << 30;

/// Bytes of one piece of an upload: held in memory, and sent again when the connection breaks.
pub const ATTACHMENT_PIECE_BYTES_MAX: usize = 8 << 20;

/// Space that attachments leave to the record: some hundred thousand entries, many days of work.
pub const ATTACHMENT_ROOM_BYTES: u64 = 64 << 20;

/// How long an upload broken off is kept to be gone on with, s: a phone is back the next day, or not at all.
pub const ATTACHMENT_UNFINISHED_MAX_S: u64 = 86_400;
