//! The use cases: the one place where state is loaded, judged, admitted and appended.
//!
//! In scope: taking what devices sign, answering once it is durable, what each reader may see, stops that act before they
//! are recorded, what runs out by itself, the node's clock and keys, enrolment, keys on the cart, checking a record.
//!
//! Out of scope: pages and HTTP; every rule (the domain and the packs have them); how bytes reach the disk (the store).
//!
//! Invariants:
//! - an answer is given only when its entry is durable, and boards show nothing that is not, stops excepted;
//! - a stop acts before anything is written and does not fail for want of space or sign-in;
//! - nothing is entered that was not signed under a key ever enrolled, or by a new key with an invitation;
//! - the body of a look goes to nobody but its author until both looks of its pair are in ([`View`]);
//! - after a write whose outcome nobody knows, or over a record that does not verify, every weapon needs a check.
//!
//! ```no_run
//! use node::{Node, Opening, Shelf, SystemClock, Viewer};
//!
//! let folder = std::path::Path::new("/var/lib/coldproof");
//! let (mut node, link) = Node::create(folder, &Opening::default(), Box::new(Shelf(protocol::shipped())), Box::new(SystemClock))?;
//! node.run_clock()?;
//! println!("enrol the administrator at {}", link.path());
//! let board = node.board("00112233445566778899aabbccddeeff", &Viewer::Stranger);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of ninety kinds of statement a few matter in each place here; the domain matches them all"
)]

mod answer;
mod board;
mod cart;
mod clock;
mod copies;
mod copy;
mod core;
mod cosigners;
mod cosigning;
mod device;
mod enrol;
mod erase;
mod evidence;
mod files;
mod genesis;
mod index;
mod keys;
pub mod limit;
mod load;
mod looks;
mod node;
mod program;
mod proofs;
mod publish;
mod record;
mod rules;
mod scrub;
mod shown;
mod stop;
mod submission;
mod takeover;
mod tick;
mod transfers;
mod unnamed;
mod view;

pub use answer::{Entered, NotEntered, Receipt};
pub use audit::{Audit, AuditFault, Enrolled, Judged, Rulebook, Rules, audit};
pub use board::{BOARD_CONTEXT, stop_reason};
pub use cart::{CartDraft, CartKey};
pub use clock::{Clock, SystemClock};
pub use copies::{NotAsked, ask_to_enter_copy, is_running};
pub use copy::MyCopy;
pub use core::Disk;
pub use cosigners::{AskError, Cosigner, Cosigners};
pub use cosigning::{Cosigned, CosignerNow, Doubt, doubts};
pub use device::{Device, Draft, Seen};
pub use enrol::{Link, LinkOffer, Newcomer};
pub use evidence::{Lost, LostHead, Verdict};
pub use files::{FileNamed, Viewed, views};
pub use genesis::{FIRST_PACKS, Opening};
pub use index::Holder;
pub use keys::KeysError;
pub use node::{Around, Node, NodeError, Turned};
pub use program::program;
pub use record::{Line, RecordPage, Tone};
pub use rules::Shelf;
pub use stop::Press;
pub use submission::Submission;
pub use takeover::{FILE as TAKEOVER, Takeover, go_on};
pub use unnamed::{Unnamed, clear_unnamed, unnamed};
pub use view::{View, Viewer};
