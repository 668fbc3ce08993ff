//! Records that are read by somebody who believes nothing in them.
//!
//! In scope: reading an entry into what the domain folds ([`fold`]), who may sign ([`Enrolled`]), recomputing the record in
//! a node's folder ([`audit`]).
//!
//! Out of scope: entering anything. Signing a checkpoint or a statement; what packs are made of.
//!
//! Invariants: nothing is believed that is not recomputed from bytes that a key signed; nothing is written into a record.
//!
//! ```no_run
//! let found = audit::audit(std::path::Path::new("/var/lib/coldproof"), None, None)?;
//! println!("{} entries of {}", found.size, found.origin);
//! # Ok::<(), audit::AuditFault>(())
//! ```
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of ninety kinds of statement a few matter in each place here; the domain matches them all"
)]

pub mod act;
mod archive;
mod check;
pub mod copy;
mod cosigned;
pub mod export;
mod fault;
mod files;
pub mod fold;
mod folder;
mod holds;
mod judge;
mod keyring;
pub mod limit;
pub mod manifest;
mod path;
mod rules;
mod say;
mod sink;
mod walk;
pub mod zip;

pub use archive::Archive;
pub use check::{Ask, ExportArchive, Told, check, open};
pub use fault::{Code, Fault, NotHeld};
pub use files::{Files, Folder, NotFiles};
pub use folder::{ATTACHMENTS, Audit, AuditFault, RECORD, audit, audit_with, history};
pub use holds::{Count, Holds};
pub use judge::{Drift, Judged, Named, Packs, judge};
pub use keyring::{Enrolled, is_nodes};
pub use rules::{Rulebook, Rules};
pub use sink::{Form, NotWritten};
pub use walk::Signatures;
