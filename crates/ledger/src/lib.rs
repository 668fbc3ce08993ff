//! The tamper-evident log: signed statements, the entries that hold them, the tree over the entries, and its signed head.
//!
//! In scope: bytes. An envelope as a device signed it ([`envelope`]), the leaf that the node makes of it ([`entry`]), the
//! RFC 6962 tree ([`merkle`]) and its tiles ([`tile`]), the checkpoint as a C2SP signed note ([`checkpoint`], [`note`]),
//! and a verifier that recomputes all of it by other means ([`verify`]), many signatures at once ([`signatures`]). The
//! formats are in `docs/formats/{statement,entry,log,cosign,export}.md`.
//!
//! Out of scope: what a statement means. This crate knows no kind of statement and no body; an entry is bytes with an
//! envelope. It has no clock, randomness, files or network: who calls brings the time, the salt and the key.
//!
//! Invariants:
//! - bytes that were signed or hashed are kept as they came and never written anew;
//! - nothing is read that two readers could read differently ([`domain::strict`] goes first);
//! - no proof, note or envelope, however hostile, makes it panic;
//! - [`verify`] shares no tree code with the [`merkle::Frontier`] that the appender uses.
//!
//! ```
//! use ledger::envelope::{self, Content, Header, SeenHead, Shown};
//! use ledger::{Beside, Digest, PublicKey};
//!
//! let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
//! let beside = Beside { salt: [9; 32], body: br#"{"rounds":6}"#.to_vec() };
//! let header = Header {
//!     origin: "ranch.example/prairie/2021-7f3a".into(),
//!     kind: "check.look".into(),
//!     kv: 1,
//!     person: Digest([1; 32]),
//!     key: PublicKey::of(&key),
//!     counter: 1,
//!     prev: Digest::ZERO,
//!     at_ms: 1_634_846_400_000,
//!     head: SeenHead { size: 0, root: ledger::merkle::EMPTY_ROOT, at_ms: 0 },
//!     shown: Shown { lang: "en".into(), words: 1 },
//!     shared: false,
//!     content: Content::Beside(beside.commitment()),
//! };
//! let bytes = envelope::sign(&header, &key)?;
//! assert_eq!(envelope::open(&bytes)?.header, header);
//! # Ok::<(), envelope::EnvelopeError>(())
//! ```
#![no_std]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod canonical;
pub mod checkpoint;
pub mod cosignature;
mod digest;
pub mod entry;
pub mod envelope;
pub mod epoch;
mod key;
pub mod limit;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod signatures;
pub mod tile;
pub mod tlog_proof;
pub mod verify;
pub mod witness;

pub use digest::{Digest, NotHex};
pub use envelope::Beside;
pub use key::{KeyRefused, PublicKey};
