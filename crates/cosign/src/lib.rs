//! The cosigner: somebody else's program that saw a log's head and says when, and the client by which a log asks it.
//!
//! In scope: both sides of C2SP's `tlog-witness` (`docs/formats/cosign.md`). What is asked is decided by a pure function
//! ([`decide`]); heads and what shows a fork are kept in a file of the cosigner's own ([`Heads`]); [`Cosigner`] joins the
//! two with its key; [`serve`] listens; [`client`] asks.
//!
//! Out of scope: what stands in a log. A cosigner sees three lines and a proof, never an entry. Whose cosignatures are
//! enough is a policy (`ledger::policy`), and when a log asks is `ledger::witness::pace`.
//!
//! Invariants:
//! - a cosignature leaves only after its head is on the disk, in the transaction in which it was checked;
//! - for one origin sizes never go down, whatever crashes, and two roots are never cosigned for one size;
//! - what shows a fork is kept for ever with both notes;
//! - who finds a cosignature of its own that it does not remember was put back to an older copy, and never signs that log
//!   again;
//! - a cosignature's time is never before the last one's for that log.
//!
//! ```
//! use cosign::Cosigner;
//! use ledger::checkpoint::Checkpoint;
//! use ledger::{Digest, PublicKey};
//!
//! let folder = std::env::temp_dir().join(format!("cosign-example-{}", std::process::id()));
//! let cosigner = Cosigner::open(&folder, Some("guild.example/cosigner"))?;
//! let log = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
//! let origin: ledger::checkpoint::Origin = "ranch.example/prairie/2021-7f3a".parse()?;
//! cosigner.follow(&origin.verifier(PublicKey::of(&log))?, 1_800_000_000)?;
//!
//! let head = Checkpoint { origin, size: 5, root: Digest([1; 32]) };
//! let answer = cosigner.add_checkpoint(format!("old 0\n\n{}", head.sign(&log)?).as_bytes(), 1_800_000_000);
//! assert_eq!(answer.status, 200);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![allow(clippy::doc_markdown, reason = "SQLite is a name, not code")]

pub mod client;
mod cosigner;
pub mod decide;
mod heads;
mod key;
pub mod limit;
mod rate;
pub mod serve;

pub use client::Client;
pub use cosigner::{Answer, Cosigner, Look, look};
pub use heads::{Heads, HeadsError, Kept};
pub use key::KeyError;

/// Why a cosigner cannot be opened or cannot keep something.
#[derive(Debug, thiserror::Error)]
pub enum CosignError {
    /// Its key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Its file.
    #[error(transparent)]
    Heads(#[from] HeadsError),
}
