//! Sessions, actions, plans, policies.

use crate::{id::*, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Opens a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Its name, such as `Day 12`.
    pub name: Words,
    /// What kind of day.
    pub occasion: Occasion,
    /// Where.
    pub place: Words,
    /// The call sheet carried the firearms bulletin.
    pub bulletin_out: bool,
}

/// Closes the session that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseSession {}

/// Plans an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddAction {
    /// Scene, cue, run or exercise.
    pub name: Words,
    /// What happens.
    pub doing: Doing,
    /// Where.
    pub place: Words,
    /// People expected in it.
    pub people: Vec<PersonId>,
}

/// What one weapon does in an action. A later plan replaces an earlier one and is new to the meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPlan {
    /// The action.
    pub action: ActionId,
    /// The weapon; absent: every weapon in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon: Option<WeaponId>,
    /// Must it fire?
    pub must_fire: Answer,
    /// Must it be a real one?
    pub must_be_real: Answer,
    /// Why it must be real; empty if nobody said.
    pub why_real: Words,
    /// Does the muzzle line cross a person?
    pub line_crosses_person: Answer,
    /// A handler and the first AD agreed that it cannot be avoided; the other of the two countersigns.
    pub line_agreed: bool,
    /// Does it point toward the camera?
    pub toward_camera: Answer,
    /// A shield stands there or the camera is remote.
    pub shielded: bool,
    /// Nearest person, mm; 0 if nobody said.
    pub distance_mm: u32,
    /// A closer distance is agreed, with protection named.
    pub distance_agreed: bool,
    /// Shots planned.
    pub shots: u32,
}

/// A place on the floor, mm from any one corner of the drawing. Beyond ten kilometres it is clipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    /// To the right, mm.
    pub x_mm: i32,
    /// Away from whoever reads the drawing, mm.
    pub y_mm: i32,
}

/// Who or what stands in a drawing: a circle on the floor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it is.
    pub what: Drawn,
    /// Its middle.
    pub at: Spot,
    /// How far it reaches or may move, mm.
    pub radius_mm: u32,
    /// Who or which; blank if it needs no name.
    pub words: Words,
}

/// A shield from one end to the other, seen from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shield {
    /// One end.
    pub from: Spot,
    /// The other.
    pub to: Spot,
}

/// The drawing of what one weapon does in an action. A later one of the same weapon replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawPlan {
    /// The action.
    pub action: ActionId,
    /// The weapon.
    pub weapon: WeaponId,
    /// Where its muzzle is.
    pub muzzle: Spot,
    /// Any other place on its line.
    pub towards: Spot,
    /// Everybody and everything near it.
    pub figures: Vec<Figure>,
    /// Shields.
    pub shields: Vec<Shield>,
}

/// Puts an action on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NowOn {
    /// The action.
    pub action: ActionId,
}

/// A rule adopted on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptPolicy {
    /// The rule.
    pub words: Words,
    /// How it is enforced; empty if nobody said.
    pub enforced_by: Words,
}
