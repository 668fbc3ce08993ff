//! Unexpected events, evidence, notices.

use crate::{id::*, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Stops the unit by itself; holds the weapon, its like and its lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnexpectedEvent {
    /// What.
    pub what: Unexpected,
    /// The weapon, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon: Option<WeaponId>,
    /// The lot, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// The worst harm.
    pub harm: Harm,
    /// In the reporter's words.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Cause and fix, by the handler; somebody outside the chain countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainEvent {
    /// The event.
    pub event: EventId,
    /// The cause, or that none was established.
    pub cause: Words,
    /// What was changed.
    pub fix: Words,
}

/// Work with the held weapons goes on; production countersigns where a second event makes that needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseEvent {
    /// The event.
    pub event: EventId,
}

/// What must be secured after an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// The event.
    pub event: EventId,
    /// Places, containers, vehicles, weapons by tag.
    pub places: Vec<Words>,
}

/// One of them is secured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secured {
    /// The event.
    pub event: EventId,
    /// Which place, as named.
    pub place: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// What was done to evidence: seen, admitted or alleged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTouched {
    /// The event; absent if before any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// What was done.
    pub touched: Touched,
    /// The weapon, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon: Option<WeaponId>,
    /// The lot, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// To make something safer, in front of a second person.
    pub to_make_safe: bool,
    /// In the reporter's words.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Told outsiders, an emergency service or an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Who was told.
    pub to: Words,
    /// About which event, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// What was said.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Kept as said; changes no state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// In the reporter's words.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}
