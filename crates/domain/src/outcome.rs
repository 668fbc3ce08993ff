//! The node's answer to a statement. It stands in the entry, and `apply` reads nothing else.

use crate::{id::*, judge::Gate, time::Millis};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// How binding a source is. A guideline is never worded as law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Statute or regulation.
    Law,
    /// Safety committee or regulator advice.
    Guideline,
    /// The inverse of a recorded failure.
    Finding,
    /// Union or supplier agreement.
    Contract,
    /// Trade custom.
    Practice,
    /// What the record needs in order to mean anything (Coldproof's own).
    Record,
}

/// Why a request is refused, an item owed or a report broke a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// One code per cause, never reused: a rule's id (`CHK-04`) or a refusal's (`CU-0012`).
    pub code: String,
    /// A sentence a stranger on set can act on.
    pub says: String,
    /// Where the rule comes from.
    pub source: String,
    /// The clause, with what it rests on.
    pub clause: String,
    /// How binding that is.
    pub force: Force,
    /// Who must act (a duty's name).
    pub who: String,
    /// The statement that would cure it, in words.
    pub cure: String,
}

/// An act that a rule leaves open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// The request that the rule judges.
    pub gate: Gate,
    /// About which weapon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weapon: Option<WeaponId>,
    /// The rule.
    pub reason: Reason,
    /// When it begins to refuse, ms UTC.
    pub until: Millis,
}

/// What a lease says of the weapon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseKind {
    /// Nothing in it can fire, two people said.
    Cold,
    /// Blanks are in it and were announced.
    Hot,
}

/// The scope and end of a granted lease, as stored. The right to make one is [`crate::Lease`]'s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaseTerms {
    /// COLD or HOT.
    pub kind: LeaseKind,
    /// The weapon.
    pub weapon: WeaponId,
    /// The handler who answers for it.
    pub handler: PersonId,
    /// Whom it is for.
    pub takers: Vec<PersonId>,
    /// The action.
    pub action: ActionId,
    /// When it runs out, ms UTC by the node's clock.
    pub until: Millis,
    /// The statements it rests on: take-out and both looks.
    pub rests_on: Vec<StatementId>,
}

/// Bounds set by the packs in force, all in ms unless named otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Longest time without a touch before a weapon counts as out of sight.
    pub sight_ms: Millis,
    /// Longest lease.
    pub lease_ms: Millis,
    /// How long a two-person act waits for its countersign.
    pub countersign_ms: Millis,
    /// How long a lift for another waits for a new stop.
    pub lift_wait_ms: Millis,
    /// Age from which a statement is late.
    pub late_ms: Millis,
    /// How long a handed-out weapon may be gone without a touch before the node says so.
    pub back_ms: Millis,
    /// How long all-well may take after a shot.
    pub all_well_ms: Millis,
    /// How long a concern may wait for an answer.
    pub concern_ms: Millis,
    /// How long a place named in an incident may stay unsecured before the node says so.
    pub secure_ms: Millis,
    /// How long an owed item may stay open.
    pub owed_ms: Millis,
    /// Whether a look signed on the shared cart screen counts.
    pub shared_look_counts: bool,
    /// How long a sealed body is kept before it may be erased.
    pub keep_ms: Millis,
    /// How long what was sent to another log may take to arrive before the node says so.
    pub arrive_ms: Millis,
}

impl Default for Limits {
    /// The strictest reading of the design, used until packs say otherwise.
    fn default() -> Self {
        const MINUTE: Millis = 60_000;
        Self {
            sight_ms: 15 * MINUTE,
            lease_ms: 30 * MINUTE,
            countersign_ms: 2 * MINUTE,
            lift_wait_ms: 2 * MINUTE,
            late_ms: 2 * MINUTE,
            back_ms: 30 * MINUTE,
            all_well_ms: 5 * MINUTE,
            concern_ms: 24 * 60 * MINUTE,
            secure_ms: 30 * MINUTE,
            owed_ms: 60 * MINUTE,
            shared_look_counts: true,
            // Dealers' records in New Zealand: ten years (CUS-12).
            keep_ms: 10 * 366 * 24 * 60 * MINUTE,
            arrive_ms: 24 * 60 * MINUTE,
        }
    }
}

/// The node's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Whether the request is granted or the report taken. A report is always taken.
    pub admitted: bool,
    /// It came late, or under a revoked key: history only, and it can only make a state worse.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub late: bool,
    /// It was entered while an unexpected event was not released: not in the ordinary course of work.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub after_incident: bool,
    /// Why a request is refused: all that apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The rules that a report says were broken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaches: Vec<Reason>,
    /// What is now owed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Owed>,
    /// Rules that only advise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Reason>,
    /// Leases granted, one a weapon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<LeaseTerms>,
    /// The bounds now in force, where this statement changed them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// Statements whose sealed bodies go now: this countersign is the second signature to their erasing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<StatementId>,
}
