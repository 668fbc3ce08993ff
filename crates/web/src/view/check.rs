//! The open check as one viewer may see it: blind to what anyone else entered.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Offer;

/// Which check a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Rounds out, each proven.
    Full,
    /// Same action, load unchanged, never out of sight.
    Reset,
    /// Up to twelve weapons before one second.
    Line,
}

/// A question for the open check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckAsk {
    /// Full, Reset or Line.
    pub kind: CheckKind,
    /// The weapon of a Full or Reset; for a Line `None` (all that stand in it for this viewer).
    pub weapon: Option<String>,
    /// The unit of a Line.
    pub unit: Option<String>,
}

/// Whose look is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The armorer, whose hands do everything.
    Hands,
    /// The second, who looks, listens and enters alone.
    Second,
}

/// The open check as this viewer may see it. Holds nothing that anyone else has entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckView {
    /// Full, Reset or Line.
    pub kind: CheckKind,
    /// The viewer's part.
    pub part: Part,
    /// `Scene 121 rehearsal`.
    pub purpose: String,
    /// Who the other look is asked of, by role: `the armorer`; may be empty.
    pub other: String,
    /// In the order of the Line; exactly one otherwise.
    pub weapons: Vec<CheckedWeapon>,
    /// What this viewer signs, but for its answers: `weapon.look` (`known`: `check`, and `watcher` in a Reset),
    /// `weapon.load` (`known`: `lot`, `rounds`) or `line.look` (`known`: nothing). `acts.ts` adds `sight` or `sights`.
    pub sign: Offer,
    /// `call.cold` for one who may call (`known`: `lasts_ms`); the page adds the `weapons` that are ready.
    pub call: Option<Offer>,
}

/// One weapon of the open check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one yes-or-no that the page shows"
)]
pub struct CheckedWeapon {
    /// 64 hex.
    pub id: String,
    /// `07`; also what the untimed path types (its last four characters).
    pub tag: String,
    /// Name.
    pub name: String,
    /// `cylinder`, `barrels`, `chamber`.
    pub holds: String,
    /// How many positions are looked at.
    pub positions: u32,
    /// What each position may be seen to hold: the features are those of every lot on set, not of the lot in hand.
    pub contents: Vec<Content>,
    /// Ask for the bore.
    pub bore: bool,
    /// The viewer's own look is in.
    pub mine_in: bool,
    /// The other look is in.
    pub other_in: bool,
    /// Both are in and agree, so the call may be asked for.
    pub ready_to_call: bool,
}

/// One answer for a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Content {
    /// What goes into `seen` for this position: `{"is":"dummy","features":["rattle"]}`.
    pub value: Value,
    /// `Rattles`, `Hole in case`, `Both`, `Neither: not a dummy`, `Empty`, `Blank, half load`.
    pub label: String,
    /// Member of `counted` that it adds to in a Reset or Line: `empty`, `dummies`, `blanks`, `others`.
    pub counts_as: String,
}
