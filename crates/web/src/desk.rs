//! What the pages need from a node: one trait and the plain views it hands out.
//!
//! In scope: questions a page asks and bytes a device signed. Out of scope: every rule. The web draws what it is
//! told and passes on what was signed; the node decides.
//!
//! Invariants that an implementation must keep (each has a test on the web's side that uses a fixture):
//! - No view for anyone but its author holds the content of a look before both looks are in, a load map included.
//! - [`Viewer::Stranger`] gets state words, scene and stops; place, holder, counts, names and waiting stay empty.
//! - No view says who was refused.
//!
//! Reads are synchronous and answer from memory. Writes are futures that end when the entry is durable.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::watch;

pub use crate::view::{
    Answer, Care, CartDraft, CartPerson, CheckAsk, CheckKind, CheckView, CheckedWeapon, Checkpoint,
    Choice, Content, DutyChoice, EmergencyPlan, EmergencyView, EnrolView, Field, FieldKind,
    FileLine, FilePiece, FileReached, FileView, Head, InviteView, Layout, Look, MadeFile, Me,
    Offer, Part, PositionKnown, Press, RecordLine, RecordPage, RecordTone, SetView, StopView,
    Trouble, UnitView, Viewer, WeaponCard, WeaponView, Word, Zone,
};

/// A write on its way to being durable.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The node, as the web sees it. Object-safe: the server holds an `Arc<dyn Desk>`.
pub trait Desk: Send + Sync + 'static {
    /// Log, keys, zone and newest checkpoint.
    fn head(&self) -> Head;

    /// A counter that moves whenever a board may have changed. The event stream only says *ask now*.
    fn changed(&self) -> watch::Receiver<u64>;

    /// `Ok` when the node takes statements; otherwise the sentence why not.
    ///
    /// # Errors
    /// A sentence for people.
    fn ready(&self) -> Result<(), String>;

    /// The enrolled, unrevoked holder of this Ed25519 public key (64 hex), if any.
    fn me(&self, key: &str) -> Option<Me>;

    /// Everything the set board shows, except that the words come again, signed, from [`Desk::board`].
    ///
    /// # Errors
    /// [`Trouble::Unknown`] when there is no such unit.
    fn set(&self, unit: Option<&str>, viewer: &Viewer) -> Result<SetView, Trouble>;

    /// The signed board of `docs/formats/board.md`, as JSON bytes. `nonce` is 32 lower-case hex.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] when there is no such unit.
    fn board(&self, nonce: &str, unit: Option<&str>, viewer: &Viewer) -> Result<Vec<u8>, Trouble>;

    /// One weapon as the record knows it, with what this viewer may ask or report.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] when there is no such weapon.
    fn weapon(&self, id: &str, viewer: &Viewer) -> Result<WeaponView, Trouble>;

    /// Who to call and where we are: for everybody, signed in or not.
    fn emergency(&self) -> EmergencyView;

    /// Which looks are asked of this viewer. Blind: says who has looked, never what was seen.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for an unknown weapon; [`Trouble::Denied`] with a sentence when nothing is asked of the
    /// viewer (no issue, no such check open, signed out).
    fn check(&self, ask: &CheckAsk, viewer: &Viewer) -> Result<CheckView, Trouble>;

    /// Up to `count` lines of the record, newest first, from the entry before `before` (from the end when `None`).
    fn record(&self, before: Option<u64>, count: usize, viewer: &Viewer) -> RecordPage;

    /// Takes a submission (`docs/formats/statement.md`) as it came. The answer is the node's: status and JSON.
    fn submit(&self, submission: Vec<u8>) -> Later<'_, Answer>;

    /// A press of STOP without a key. Acts in memory before the future is first polled to its end.
    /// Answers 200 `{"id":"<64 hex>","recorded":bool}`; it never fails for want of space or sign-in.
    fn stop(&self, press: Press) -> Later<'_, Answer>;

    /// Lifts the open lock *someone* for the phone that pressed it in the same visit.
    fn lift_press(&self, visit: &str, unit: Option<&str>, found: &str) -> Later<'_, Answer>;

    /// What an enrolment link offers. `token` is the secret of the link, 64 hex. The phone then signs `people.enrol`
    /// with its new key (`person`: `for_person`, or 64 zeros for someone new) and submits it like any statement.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for a link that never was, was used, or ran out.
    fn enrolment(&self, token: &str) -> Result<EnrolView, Trouble>;

    /// What there is to choose for whoever may let people in.
    ///
    /// # Errors
    /// [`Trouble::Denied`] with a sentence that says who may.
    fn inviting(&self, viewer: &Viewer) -> Result<InviteView, Trouble>;

    /// The link with this secret (64 hex), asked by someone who may let people in. Keeps `name` for whoever enrols by it,
    /// outside the record, unless it is empty.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for a link that never was, was used, or ran out; [`Trouble::Denied`] as for
    /// [`Desk::inviting`]; [`Trouble::Fault`] when the name cannot be kept.
    fn invited(
        &self,
        token: &str,
        name: &str,
        viewer: &Viewer,
    ) -> Later<'_, Result<EnrolView, Trouble>>;

    /// Makes a key for the person of an enrolment link, wraps it with their PIN, keeps it for the cart screen and
    /// signs their `people.enrol` with it (`means`: `cart`). A phone makes its own key and submits its own.
    fn cart_enrol(&self, token: &str, pin: &str) -> Later<'_, Answer>;

    /// The people whose keys this node keeps, locked by their PIN, for the shared cart screen.
    fn cart_people(&self) -> Vec<CartPerson>;

    /// Opens the cart screen for one person.
    ///
    /// # Errors
    /// [`Trouble::Denied`] for a wrong PIN (slow, counted, and refused after five in a row).
    fn cart_open(&self, person: &str, pin: &str) -> Later<'_, Result<Me, Trouble>>;

    /// Signs a draft with that person's own key, unlocked by PIN, marked *shared*, and submits it.
    fn cart_sign(&self, draft: CartDraft) -> Later<'_, Answer>;

    /// The newest checkpoint with what a phone compares it by.
    fn checkpoint(&self) -> Checkpoint;

    /// The proof of one entry to the checkpoint at `size`, as C2SP tlog-proof text (`docs/formats/cosign.md`). Anyone may
    /// have it: it holds hashes and the note.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for an entry or a size that is not there, or a size that was never signed.
    fn proof(&self, entry: u64, size: u64) -> Later<'_, Result<String, Trouble>>;

    /// The RFC 6962 consistency proof between two sizes, base64, a hash a line; empty from 0 and between equal sizes.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for sizes that are not there.
    fn consistency(&self, from: u64, to: u64) -> Later<'_, Result<String, Trouble>>;

    /// The bytes of an entry that this viewer signed, or of entry 0 for anyone enrolled: a copy begins with it. Nobody else
    /// gets an entry here: it holds what was refused.
    ///
    /// # Errors
    /// [`Trouble::Unknown`] for any other entry.
    fn entry(&self, entry: u64, viewer: &Viewer) -> Later<'_, Result<Vec<u8>, Trouble>>;

    /// Takes a checkpoint that somebody holds, with the epoch that came with it. One that this record does not contain
    /// stops the record; it is kept. Answers 200 `{"is":"held"|"lost"|"known"|"differs","message":"…"}` (*lost*: a node that
    /// was taken over from signed it; *known*: people ended a stop for this very one), 400 for a note that the log's key
    /// did not sign.
    fn show_receipt(&self, note: String, epoch: Option<u32>) -> Later<'_, Answer>;

    /// All that the viewer signed, with outcome, bodies and proofs, as one zip (`docs/formats/export.md`, my copy). Works
    /// while the record has stopped.
    ///
    /// # Errors
    /// [`Trouble::Denied`] for strangers; [`Trouble::Fault`] when the record cannot be read.
    fn my_copy(&self, viewer: &Viewer) -> Later<'_, Result<MadeFile, Trouble>>;

    /// Copies and cosigners, for the foot of the board.
    fn care(&self) -> Care;

    /// Takes a piece of an attachment. A piece that does not begin where the last one ended is not written; the answer
    /// says from where to go on. A crash keeps what was answered for, or nothing: then `at` is smaller.
    ///
    /// # Errors
    /// [`Trouble::Denied`] for strangers, for a file that is too large, for bytes that do not have the hash named;
    /// [`Trouble::Fault`] when there is no room.
    fn file_put(
        &self,
        piece: FilePiece,
        viewer: &Viewer,
    ) -> Later<'_, Result<FileReached, Trouble>>;

    /// An attachment that is here and named by a statement that this viewer may read.
    ///
    /// # Errors
    /// [`Trouble::Unknown`].
    fn file(&self, sha256: &str, viewer: &Viewer) -> Later<'_, Result<FileView, Trouble>>;

    /// Up to `count` of its bytes from `at`, for one who was given [`Desk::file`].
    ///
    /// # Errors
    /// [`Trouble::Unknown`]; [`Trouble::Fault`] when what is kept is no longer what was put.
    fn file_read(&self, sha256: &str, at: u64, count: usize)
    -> Later<'_, Result<Vec<u8>, Trouble>>;

    /// Attachments about a thing (64 hex), newest first; all for `None`. Empty for strangers.
    fn files(&self, about: Option<&str>, viewer: &Viewer) -> Vec<FileLine>;
}
