//! Concerns that cannot be buried. Sealed, nameless concerns come with a later format.

use crate::{id::*, words::*};
use serde::{Deserialize, Serialize};

/// Raises a concern; opens a deadline for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raise {
    /// It names weapons.
    pub about_weapons: bool,
    /// In the raiser's words.
    pub words: Words,
}

/// Answers one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerConcern {
    /// The concern.
    pub concern: ConcernId,
    /// What is done.
    pub words: Words,
}

/// People left or refused: department and headcount unless a person signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkOff {
    /// Their department.
    pub department: Department,
    /// How many.
    pub people: u32,
    /// They named weapons.
    pub about_weapons: bool,
    /// What they said.
    pub words: Words,
}
