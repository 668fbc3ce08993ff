//! Records as a stranger meets them: copies that stand alone, and checking them.
//!
//! In scope: reading a node's folder or a copy, in a folder or a zip, and believing nothing in it ([`audit()`], [`open`],
//! [`check()`]); saying what is not in it and why ([`Holds`]); judging again ([`judge()`]); writing an export of a record
//! ([`export`]) and a person's own copy ([`copy`]). The format is `docs/formats/export.md`, to the letter: two other verifiers
//! are written from it.
//!
//! Out of scope: entering anything, signing anything, and what packs are made of (whoever calls brings the rules).
//!
//! Invariants:
//! - nothing is believed that is not recomputed from bytes that a key signed;
//! - no copy, however hostile, makes it panic, write outside its place, or use memory beyond its bounds ([`limit`]);
//! - nothing is ever written over, and a copy is in its place whole or not at all;
//! - what a copy leaves out is what its record's own `record.export` says, and nothing else.
//!
//! ```no_run
//! use std::path::Path;
//!
//! let files = audit::open(Path::new("copy.zip"))?;
//! let holds = audit::check(&*files, &audit::Ask::default(), &mut |done, of| eprintln!("{done} of {of}"))?;
//! print!("{}", holds.plain());
//! # Ok::<(), audit::NotHeld>(())
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
