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

/// Idle connections kept for reading.
pub const READERS_KEPT: usize = 8;

/// A key in `meta` or a name, in bytes.
pub const TEXT_BYTES_MAX: usize = 1_000;

/// A value in `meta`, in bytes.
pub const META_BYTES_MAX: usize = 1 << 20;
