//! Stops, events, concerns, and what waits for somebody.

use crate::{
    act::{Act, incidents::UnexpectedEvent},
    id::*,
    judge::Gate,
    outcome::Reason,
    time::Millis,
    words::*,
};
use alloc::{collections::BTreeSet, vec::Vec};

/// A lock on the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopHeld {
    /// Who holds it; all zeros: the record itself; `None`: someone signed out, or an event's.
    pub by: Option<PersonId>,
    /// When, ms UTC.
    pub at: Millis,
    /// Why.
    pub words: Words,
    /// The record's own lock for this event.
    pub event: Option<EventId>,
    /// An authority's order; blank if none.
    pub authority: Words,
    /// Lifted for another: it ends at this time unless somebody stops again, ms UTC.
    pub ends_at: Option<Millis>,
}

/// An unexpected event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// As reported.
    pub about: UnexpectedEvent,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    /// Weapons held with it: the one, and its like.
    pub held: BTreeSet<WeaponId>,
    /// Lots held with it.
    pub lots: BTreeSet<LotId>,
    /// The chain: everybody who signed something in the weapon's issue, and who ran the set.
    pub chain: BTreeSet<PersonId>,
    /// A roll-call said that everybody is accounted for.
    pub all_well: bool,
    /// Lots out at the time that were not recounted yet.
    pub to_count: BTreeSet<LotId>,
    /// Cause and fix were countersigned from outside the chain, ms UTC.
    pub explained_at: Option<Millis>,
    /// It holds everything until production signs as well.
    pub holds_everything: bool,
    /// Released, ms UTC.
    pub released_at: Option<Millis>,
    /// Places named and not secured.
    pub unsecured: Vec<Words>,
}

/// A concern without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// It names weapons.
    pub about_weapons: bool,
    /// When, ms UTC.
    pub at: Millis,
    /// Past its limit.
    pub overdue: bool,
}

/// An act that waits for a countersign; nothing changed until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The act.
    pub act: Act,
    /// Who signed it.
    pub by: PersonId,
    /// When it lapses, ms UTC.
    pub until: Millis,
}

/// What a deadline waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadlineOf {
    /// A handed-out weapon back, or eyes on.
    Back(WeaponId),
    /// All well after shots.
    AllWell(ActionId),
    /// An answer to a concern.
    Concern(ConcernId),
    /// What was sent to another log arrives there.
    Arrival(StatementId),
    /// A place of an incident secured.
    Secured(EventId, Words),
}

/// What must happen by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The statement that opened it.
    pub of: StatementId,
    /// What it waits for.
    pub what: DeadlineOf,
    /// By when, ms UTC.
    pub until: Millis,
}

/// Something a rule left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedItem {
    /// The request that the rule judges.
    pub gate: Gate,
    /// About which weapon.
    pub weapon: Option<WeaponId>,
    /// The rule.
    pub reason: Reason,
    /// When it begins to refuse, ms UTC.
    pub until: Millis,
}
