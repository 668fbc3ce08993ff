//! Every bound of backups, with its reason.

/// Bytes of one part of the record in a backup, about: what making and reading one hold in memory.
pub const PART_BYTES_MAX: usize = 8 << 20;

/// Bytes of a file of the node's folder that is neither record nor attachment: keys, settings, packs.
pub const FILE_BYTES_MAX: u64 = 1 << 20;

/// Bytes of `about.json` and `manifest.json`: some hundred thousand lines of the manifest.
pub const TEXT_BYTES_MAX: u64 = 64 << 20;

/// Members of a backup: parts of a record of 100,000,000 entries, or as many attachments as a folder should hold.
pub const MEMBERS_MAX: usize = 400_000;

/// Bytes of an age header: some hundred recipients.
pub const HEADER_BYTES_MAX: usize = 64 << 10;

/// Recipients of one backup: a production names a handful of people.
pub const RECIPIENTS_MAX: usize = 32;

/// Backups that are never thinned for want of room: the newest, and one before it should that one be lost.
pub const KEPT_AT_LEAST: usize = 2;
