//! What goes from one log to another: a unit's node, a rental house, headquarters. A thing lives in one log at a time;
//! what left and did not arrive shows in both.

use crate::{id::*, words::*};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Rounds of one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotPart {
    /// The lot.
    pub lot: LotId,
    /// How many of its rounds.
    pub rounds: u32,
}

/// A head of another log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherHead {
    /// Its number of entries.
    pub size: u64,
    /// Root over them.
    pub root: FileId,
}

/// Weapons and rounds leave for another log. They have no status here from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The other log's origin; blank for a hire return to a house that keeps none.
    pub to: String,
    /// Weapons.
    pub weapons: Vec<WeaponId>,
    /// Rounds, counted.
    pub lots: Vec<LotPart>,
    /// By whom and how.
    pub words: Words,
}

/// What another log sent has come, counted. Each thing is then received here as any other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// The other log's origin.
    pub from: String,
    /// The statement there by which it was sent.
    pub send: StatementId,
    /// The head of that log that holds it.
    pub head: OtherHead,
    /// Weapons on its list.
    pub weapons_listed: u32,
    /// Weapons that came.
    pub weapons_came: u32,
    /// Rounds on its list.
    pub rounds_listed: u32,
    /// Rounds that came.
    pub rounds_came: u32,
    /// What differs, and how it was counted.
    pub words: Words,
}

/// The other log says what came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The sending.
    pub send: StatementId,
    /// The statement in the other log by which it was received.
    pub receive: StatementId,
    /// The head of that log that holds it.
    pub head: OtherHead,
    /// Weapons that arrived.
    pub weapons: Vec<WeaponId>,
    /// Rounds that arrived.
    pub lots: Vec<LotPart>,
    /// What differs.
    pub words: Words,
}
