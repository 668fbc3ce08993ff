//! Where the log is kept: entries, bodies, signed heads, attachments, and what may be erased of them.
//!
//! In scope: making an append durable before it is acknowledged, and noticing on opening that what is kept is not what was
//! signed. [`Log`] says what a store does; [`SqliteLog`] does it in one file of SQLite, [`MemoryLog`] in memory for tests
//! of what stands above. PostgreSQL comes later as a third; each database has its own native SQL in its own module.
//! [`Attachments`] are files beside the log, in a folder ([`FolderAttachments`]) or, later, in an object store.
//!
//! Out of scope: what an entry means, who may write it, in which order statements come. The node decides the order and
//! names the index it expects; the store refuses when the log is not there.
//!
//! Invariants:
//! - after an acknowledgement the entry, its body, the head and its signed checkpoint survive a power cut together;
//! - no checkpoint is signed before the stored bytes were read back and a second way led to the same root;
//! - after a commit whose outcome is not known nothing more is written ([`AppendError::Stopped`]); only opening again,
//!   which recomputes everything, brings the log back;
//! - one process writes one folder.
//!
//! ```
//! use ledger::PublicKey;
//! use store::{Log, MemoryLog};
//!
//! let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
//! let origin: ledger::checkpoint::Origin = "ranch.example/prairie/2021-7f3a".parse()?;
//! let verifier = origin.verifier(PublicKey::of(&key))?;
//! let log = MemoryLog::new(&verifier, Box::new(move |head| head.sign(&key).map_err(|error| error.to_string())))?;
//! assert_eq!(log.head().size, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![allow(
    clippy::doc_markdown,
    reason = "SQLite and PostgreSQL are names, not code"
)]

mod attachments;
#[cfg(feature = "faults")]
pub mod faults;
#[cfg(not(feature = "faults"))]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "the steps are named where they are taken; only a campaign makes them fail"
)]
mod faults;
pub mod limit;
mod log;
mod memory;
mod signed;
mod sqlite;
mod strip;

pub use attachments::{
    AttachmentError, Attachments, FolderAttachments, MemoryAttachments, Received,
};
pub use log::{
    Ack, Append, AppendError, Appended, Erased, Head, Log, NotAppendable, ReadError, Signer, Stored,
};
pub use memory::MemoryLog;
pub use sqlite::{OpenError, Rebuild, SqliteArchive, SqliteLog};
pub use strip::{StripError, Stripped, strip};
