//! Session, actions, meetings.

use crate::{
    act::{
        floor::Meeting,
        planning::{AddAction, DrawPlan, OpenSession, SetPlan},
    },
    id::*,
    time::Millis,
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

/// The session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// As opened.
    pub about: OpenSession,
    /// When, ms UTC.
    pub at: Millis,
    /// The sweep of this session, by two people.
    pub sweep: Option<Sweep>,
    /// Meetings of this session.
    pub meetings: Vec<MeetingHeld>,
    /// People who were at a meeting or briefed late.
    pub briefed: BTreeSet<PersonId>,
    /// People who joined and nobody briefed.
    pub unbriefed: u32,
    /// When crew, plan, weapon or place last changed, ms UTC.
    pub changed_at: Millis,
    /// A break now, and the last one.
    pub pause: Option<Break>,
}

/// A sweep two people signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Places covered.
    pub places: u32,
    /// Places missed.
    pub missed: u32,
    /// Rounds found.
    pub found: u32,
    /// By whom.
    pub by: [PersonId; 2],
    /// The statement and its countersign.
    pub statements: [StatementId; 2],
}

/// A break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// When it began, ms UTC.
    pub began_at: Millis,
    /// When it ended; `None` while it lasts.
    pub ended_at: Option<Millis>,
}

/// A meeting that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingHeld {
    /// Its id.
    pub id: MeetingId,
    /// As held.
    pub about: Meeting,
    /// When, ms UTC.
    pub at: Millis,
}

/// An action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// As planned.
    pub about: AddAction,
    /// What weapons do in it; the key `None` stands for every weapon.
    pub plans: BTreeMap<Option<WeaponId>, Planned>,
    /// The last drawing of each weapon that has one.
    pub drawings: BTreeMap<WeaponId, DrawPlan>,
    /// When it began, if it did; `None` once all is well.
    pub began_at: Option<Millis>,
    /// When the zone was called clear; `None` since somebody entered.
    pub zone_clear_at: Option<Millis>,
}

/// A plan with who stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// As set.
    pub about: SetPlan,
    /// The statement that set it.
    pub statement: StatementId,
    /// When, ms UTC.
    pub at: Millis,
    /// A handler and the first AD both signed that the line cannot be avoided.
    pub line_agreed: bool,
}

impl Action {
    /// The plan for a weapon: its own, or that for every weapon.
    pub fn plan(&self, weapon: WeaponId) -> Option<&Planned> {
        self.plans
            .get(&Some(weapon))
            .or_else(|| self.plans.get(&None))
    }
}
