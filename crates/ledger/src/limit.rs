//! Every bound of the formats, with its reason.

/// An entry, in bytes: C2SP tiles hold entries of at most 65,535 bytes, and this leaves room for a later wrapper.
pub const ENTRY_BYTES_MAX: usize = 60_000;

/// An envelope, in bytes. In base64 (32,768 bytes) it leaves an entry room for the largest outcome and the most packs, so
/// that no readable report can fail to become an entry.
pub const ENVELOPE_BYTES_MAX: usize = 24_576;

/// An outcome, in bytes of JSON; see [`ENVELOPE_BYTES_MAX`].
pub const OUTCOME_BYTES_MAX: usize = 24_000;

/// Packs in force at once. A production takes a handful: the base, a country, a state, a studio, a union.
pub const PACKS_MAX: usize = 16;

/// One pack's line `<name>@<version>:<64 hex>`, in bytes.
pub const PACK_BYTES_MAX: usize = 160;

/// A body kept beside the log, in bytes: a submission carries envelope and body in base64 in at most 120,000 bytes.
pub const BODY_BYTES_MAX: usize = 60_000;

/// An origin, in bytes: it stands on one line of every checkpoint and inside every statement.
pub const ORIGIN_BYTES_MAX: usize = 200;

/// A signed note, in bytes, with room for the signatures of sixteen cosigners, large post-quantum ones included.
pub const NOTE_BYTES_MAX: usize = 120_000;

/// Signatures read in one note, known or not: what C2SP asks every verifier to take, and so the most that any is sure to.
pub const NOTE_SIGNATURES_MAX: usize = 16;

/// Lines of one note: text, the blank line and signatures.
pub const NOTE_LINES_MAX: usize = 64;

/// Hashes in a proof. A tree of 2^63 leaves needs 63 to show that an entry is in it.
pub const PROOF_HASHES_MAX: usize = 64;

/// Gaps in devices' counters that a report lists one by one; the rest is only counted.
pub const GAPS_LISTED_MAX: usize = 100;

/// Hashes in a request for a cosignature, by C2SP.
pub const REQUEST_HASHES_MAX: usize = 63;

/// A request for a cosignature, in bytes: 63 hashes and a note of sixteen signatures, with room.
pub const REQUEST_BYTES_MAX: usize = 64 << 10;

/// A policy of cosigners, in bytes.
pub const POLICY_BYTES_MAX: usize = 64 << 10;

/// The latest time that a cosignature can bear, seconds since 1970 UTC; by C2SP.
pub const COSIGNED_AT_S_MAX: u64 = i64::MAX.cast_unsigned();

/// A proof that an entry is in a log, in bytes: 64 hashes, a note, and some extra data of somebody else's.
pub const TLOG_PROOF_BYTES_MAX: usize = 256 << 10;

/// Keys that one checker of signatures remembers. A production has tens of devices, a long one some hundreds.
pub const KEYS_KEPT_MAX: usize = 4_096;
