//! Stops: free to make, earned to end.

use crate::{id::*, words::*};
use serde::{Deserialize, Serialize};

/// Stops the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Why; may be empty.
    pub words: Words,
    /// Called by voice or signal by somebody else, and when, as told; empty if pressed by the signer.
    pub by_voice: Words,
    /// Pressed signed out: the node signs for `someone`.
    pub someone: bool,
    /// An authority's order, which only that authority ends; empty if none.
    pub authority: Words,
}

/// Lifts one's own lock, or `someone`'s from the phone that pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    /// The stop.
    pub stop: StopId,
    /// What was found; may be empty.
    pub words: Words,
}

/// Lifts another's lock; somebody of another department countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftForAnother {
    /// The stop.
    pub stop: StopId,
    /// What was looked at, said aloud.
    pub looked_at: Words,
}
