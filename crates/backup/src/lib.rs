//! Copies of a node that leave the machine: one encrypted file each, and a whole node out of one of them.
//!
//! In scope: one moment of the record with its bodies, attachments, keys and settings, taken while the node runs
//! ([`make`]); checking such a file and making a node's folder of it ([`check`], [`restore`]); which old ones are kept
//! ([`Keep`]); when the last one was made ([`Status`]). Format: `docs/formats/backup.md`.
//!
//! Out of scope: what entries mean, and verifying them. Who restores hands in what verifies the record before the folder
//! gets its name. Copies for other people are exports, not backups: a backup holds the node's keys.
//!
//! Invariants:
//! - a file gets its name only after it was read back from the disk and all of it was there;
//! - nothing is written by a restore before every byte of the backup was authenticated and matched its manifest;
//! - a restore makes a new folder or none: never over, into or beside another record;
//! - memory does not grow with the record or its attachments;
//! - the node needs only public keys (recipients) to make a backup; what opens one is kept elsewhere.
//!
//! ```
//! use backup::age::{Identity, Recipient};
//!
//! let identity = Identity::generate()?;
//! let recipient: Recipient = identity.recipient().to_string().parse()?;
//! assert!(recipient.to_string().starts_with("age1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![allow(clippy::doc_markdown, reason = "SQLite is a name, not code")]

pub mod age;
mod error;
mod files;
pub mod limit;
mod make;
mod manifest;
mod name;
mod record;
mod restore;
mod status;
mod tar;
mod thin;

pub use error::BackupError;
pub use make::{Made, Plan, Source, make};
pub use manifest::About;
pub use restore::{Checked, check, restore, verify_record};
pub use status::Status;
pub use thin::Keep;
