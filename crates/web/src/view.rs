//! Plain data between node and pages. Ids are lower-case hex; times are ms since 1970 UTC; words are for people.

use serde::{Deserialize, Serialize};
use serde_json::Value;

mod check;
mod emergency;
mod invite;
mod keep;
mod offer;

pub use check::{CheckAsk, CheckKind, CheckView, CheckedWeapon, Content, Part};
pub use emergency::{EmergencyPlan, EmergencyView};
pub use invite::{DutyChoice, InviteView};
pub use keep::{Care, Checkpoint, FileLine, FilePiece, FileReached, FileView, MadeFile};
pub use offer::{Choice, Field, FieldKind, Offer};

/// Who is looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Signed out, or a phone that never saw the system.
    Stranger,
    /// Someone who proved a key once in this visit.
    Enrolled {
        /// Id of the person, 64 hex.
        person: String,
        /// The key they proved, 64 hex.
        key: String,
        /// True on the shared cart screen: the key is unlocked by PIN for each signature.
        shared: bool,
    },
}

/// An enrolled person, for the page's own use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Me {
    /// 64 hex.
    pub person: String,
    /// 64 hex; on the cart the key that the node keeps for them.
    pub key: String,
    /// Name as the production writes it.
    pub name: String,
    /// Duties in words: `armorer on duty`, `first assistant director`; may be empty.
    pub duty: String,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No such thing, or the viewer may not know of it.
    Unknown,
    /// The viewer may not ask, or nothing is asked of them: a sentence that says what to do.
    Denied(String),
    /// We could not: a sentence for people.
    Fault(String),
}

/// The node's answer to a write: an HTTP status and a JSON body, passed on byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub json: Vec<u8>,
}

/// The log and what a page must know to check and sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Head {
    /// Origin of the log.
    pub origin: String,
    /// Entries in the newest checkpoint.
    pub size: u64,
    /// Its root, 64 hex.
    pub root: String,
    /// When the node made that checkpoint, shown as *sealed*.
    pub sealed_at: i64,
    /// The node's time now: what a device cites beside size and root, so that a quiet set is not a late one.
    pub at: i64,
    /// The board key, 64 hex.
    pub board_key: String,
    /// The log's key, 64 hex: what a phone checks receipts with.
    pub log_key: String,
    /// Why the record has stopped, as words after a colon; `None` while it goes on.
    pub frozen: Option<String>,
    /// Name of the production.
    pub production: String,
    /// `DEMO` or empty: shown on every page.
    pub watermark: String,
    /// The zone that times are shown in.
    pub zone: Zone,
}

/// A zone for the times on pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Zone {
    /// What stands behind a time: `MDT`.
    pub name: String,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
}

/// A unit that has a board of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitView {
    /// Id as in the board's `unit`.
    pub id: String,
    /// `Main unit`.
    pub name: String,
}

/// A weapon's word. STOP is the set's banner, never a weapon's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Word {
    /// In a named locked place.
    LockedAway,
    /// Nothing supported.
    CheckNeeded,
    /// Leased. Server pages never print it.
    Cold,
    /// Blank loaded and announced.
    Hot,
    /// Class proven by two.
    CannotFire,
    /// Edge, point and flex tested by two.
    DullChecked,
    /// Mismatch or lapse: do not move.
    Hold,
    /// Out of use.
    Grounded,
}

/// One weapon on the set board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeaponCard {
    /// 64 hex.
    pub id: String,
    /// `07`.
    pub tag: String,
    /// `Colt .45 single action`.
    pub name: String,
    /// The word.
    pub word: Word,
    /// `EMPTY`, `DUMMIES 6`, `BLANK 2`, or empty.
    pub content: String,
    /// A sentence a stranger can act on.
    pub reason: String,
    /// The next step and who takes it.
    pub next: String,
    /// Radio line.
    pub say: String,
    /// Where, for the enrolled.
    pub place: String,
    /// Who holds it and for how long, for the enrolled.
    pub holder: String,
    /// Who still has to look, for the enrolled.
    pub waiting: String,
    /// What it is out for: `Sc 118 · for performer C`; for the enrolled.
    pub purpose: String,
}

/// The set board without signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetView {
    /// The unit shown.
    pub unit: UnitView,
    /// All units, for the switch; one or none hides it.
    pub units: Vec<UnitView>,
    /// `Day 12 of 21 · Thu 21 Oct`.
    pub day: String,
    /// `Scene 121 church interior`, or empty.
    pub scene: String,
    /// `6 weapons out · armorer on duty: yes, single duty · safety meeting 07:40, 31 of 33 signed`.
    pub summary: String,
    /// Open locks, oldest first.
    pub stops: Vec<StopView>,
    /// In the order to show: what needs a person first.
    pub weapons: Vec<WeaponCard>,
    /// What the viewer may ask or report that belongs to no weapon (session, now on, countersign, meeting).
    pub offers: Vec<Offer>,
}

/// An open lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopView {
    /// Id; all zeros while not yet recorded.
    pub id: String,
    /// When.
    pub since: i64,
    /// `someone pressed STOP`, `called by voice at …`, an order's words.
    pub reason: String,
    /// What this viewer may do about it: lift, answer, lift for another.
    pub offers: Vec<Offer>,
}

/// One weapon on its own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeaponView {
    /// The card.
    pub card: WeaponCard,
    /// Serial or maker's mark, for the enrolled.
    pub serial: String,
    /// What it is: `firearm, single-action revolver`.
    pub class: String,
    /// How it holds rounds, and what the record knows of each.
    pub layout: Layout,
    /// Bore: `seen clear 13:44`, `not known`.
    pub bore: String,
    /// Steps done and to do, in words, in order.
    pub steps: Vec<Look>,
    /// What this viewer may ask or report.
    pub offers: Vec<Offer>,
    /// Newest lines about this weapon.
    pub record: Vec<RecordLine>,
}

/// A step of the open check: who, and whether it is in. Never what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// `Second look by the prop master`.
    pub what: String,
    /// `still to look`, `entered 13:44`.
    pub how_far: String,
    /// True once it is in.
    pub done: bool,
}

/// How a weapon holds rounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Layout {
    /// A cylinder; positions bear no numbers, the first drawn is the one at the top.
    Cylinder {
        /// In turning order.
        positions: Vec<PositionKnown>,
    },
    /// Barrels, left to right.
    Barrels {
        /// One each.
        positions: Vec<PositionKnown>,
    },
    /// A magazine or tube that cannot be seen position by position, plus the chamber.
    Magazine {
        /// The chamber.
        chamber: PositionKnown,
        /// `sealed after witnessed filling, 5 dummies`, `not known`.
        magazine: String,
    },
    /// Holds no rounds.
    Nothing,
}

/// What the record knows of one position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionKnown {
    /// Nothing: drawn dashed with a question mark.
    Unknown,
    /// Empty.
    Empty,
    /// A dummy.
    Dummy,
    /// A blank.
    Blank,
    /// Fired case.
    Spent,
    /// Live, or neither dummy nor blank.
    Other,
}

/// How a line of the record is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordTone {
    /// Taken.
    Plain,
    /// A request the record does not support: weapon and reason, never who asked.
    Refused,
    /// A report that breaks a rule, or a lapse.
    Breach,
    /// A stop or its end.
    Stop,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordLine {
    /// Entry number, from 0.
    pub index: u64,
    /// When it was recorded.
    pub at: i64,
    /// The sentence.
    pub text: String,
    /// How it is drawn.
    pub tone: RecordTone,
}

/// Some of the record, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordPage {
    /// Lines.
    pub lines: Vec<RecordLine>,
    /// Ask again with this as `before`; `None` at the first entry.
    pub before: Option<u64>,
}

/// A press of STOP that nobody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// The unit of the page or poster; all units when `None`.
    pub unit: Option<String>,
    /// Random name of this visit, 32 hex: the same visit may lift.
    pub visit: String,
    /// When it was pressed by the phone's own clock, if it says so (a queued press).
    pub pressed_at: Option<i64>,
    /// Words, if any: `called by voice at 13:42`.
    pub words: Option<String>,
}

/// What an enrolment link offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnrolView {
    /// Id of the invitation, 64 hex: the `invite` of `people.enrol`.
    pub invite: String,
    /// The enrolled person who adds a key; `None` for someone new, whose id becomes that of their enrolment.
    pub for_person: Option<String>,
    /// Name that will stand in the register.
    pub name: String,
    /// Duty in words.
    pub duty: String,
    /// Who made the link, by role: nobody is second to the one who enrolled them.
    pub by: String,
    /// When it runs out.
    pub until: i64,
}

/// A person whose key the node keeps for the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CartPerson {
    /// 64 hex.
    pub person: String,
    /// Name.
    pub name: String,
    /// Duty in words.
    pub duty: String,
}

/// What someone signs at the cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartDraft {
    /// 64 hex.
    pub person: String,
    /// PIN, never kept.
    pub pin: String,
    /// Stored name of the kind.
    pub kind: String,
    /// Version of the body.
    pub kv: u32,
    /// True for an open kind.
    pub open: bool,
    /// The body: one JSON object.
    pub body: Value,
    /// Language of the words shown.
    pub lang: String,
}
