//! Every bound of the cosigner and its client, with its reason.

use std::time::Duration;

/// Earlier heads remembered for each log, so that a note of an older size can still show a fork: a day's shooting at one
/// cosignature every few seconds.
pub const SEEN_MAX: u64 = 10_000;

/// Earlier heads are thinned when so many are over [`SEEN_MAX`], not with every one.
pub const SEEN_SLACK: u64 = 500;

/// Forks kept for each log, and as many proofs that did not hold. A log's key holder could make one with every request; the
/// first thousand show what there is to show.
pub const EVIDENCE_MAX: u64 = 1_000;

/// Logs followed. A studio has tens of productions.
pub const FOLLOWED_MAX: usize = 4_096;

/// Seconds that the cosigner's clock may stand before its own last cosignature; that time is then signed again. Past it the
/// clock is wrong, and nothing is signed.
pub const CLOCK_BACK_S_MAX: u64 = 60;

/// 2026-01-01: a clock before this program was written was never set.
pub const CLOCK_S_MIN: u64 = 1_767_225_600;

/// Requests a second from one address, on average.
pub const RATE_DEFAULT: u32 = 20;

/// Seconds' worth of requests that one address may send at once.
pub const BURST_S: u32 = 2;

/// Addresses whose requests are counted. When there are more, the ones that asked longest ago are forgotten.
pub const ADDRESSES_MAX: usize = 4_096;

/// Requests worked on at once; the rest is told to come back. Each holds at most 64 KiB and a place at the disk.
pub const AT_ONCE_MAX: usize = 64;

/// Forks in one answer of `GET /forks`, newest first.
pub const FORKS_LISTED_MAX: u64 = 200;

/// From the headers to the answer.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// `Retry-After` when it is too much at once.
pub const RETRY_BUSY_S: u32 = 1;

/// `Retry-After` when a person must look first.
pub const RETRY_PERSON_S: u32 = 3_600;

/// The client: to the end of a connection being made. A set's link is slow or gone.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(4);

/// The client: the whole of one question.
pub const ASK_WITHIN: Duration = Duration::from_secs(10);

/// The client: an answer of a cosigner, in bytes: sixteen signatures, or a sentence.
pub const ANSWER_BYTES_MAX: u64 = 64 << 10;

/// The client: a list of forks or heads, in bytes.
pub const LIST_BYTES_MAX: u64 = 16 << 20;

/// A URL, in bytes.
pub const URL_BYTES_MAX: usize = 500;
