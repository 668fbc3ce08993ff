//! People and keys.

use crate::{act::people::Invite, id::*, time::Millis, words::*};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

/// A person as the log knows them: an id, a role, duties. Names live outside the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What boards call them.
    pub role: Words,
    /// Their department.
    pub department: Department,
    /// Duties held now.
    pub duties: BTreeSet<Duty>,
    /// Who invited them.
    pub enrolled_by: PersonId,
    /// Everybody who made a link for a key of theirs: whoever made it may hold the key.
    pub keys_from: BTreeSet<PersonId>,
    /// Qualifications shown, with their end.
    pub skills: BTreeMap<Skill, Option<Millis>>,
    /// Judged competent, in general (`None`) or with a weapon, by a handler.
    pub trained: BTreeSet<Option<WeaponId>>,
    /// Training that was cut short or not judged enough.
    pub training_short: bool,
    /// Something was said of past work and nobody answered it.
    pub background: Vec<StatementId>,
}

impl Person {
    /// Holds a duty that handles weapons.
    pub fn handles(&self) -> bool {
        [Duty::Armorer, Duty::Assistant, Duty::PropertyMaster]
            .iter()
            .any(|duty| self.duties.contains(duty))
    }

    /// Duties beside the one by which they handle weapons. A property master who is also the armorer holds two; one
    /// who handles weapons as property master holds one. Enrolling people is no work on the floor.
    pub fn duties_beside_handling(&self) -> usize {
        let armorer =
            self.duties.contains(&Duty::Armorer) || self.duties.contains(&Duty::Assistant);
        let other = |duty: &&Duty| match duty {
            Duty::Armorer | Duty::Assistant | Duty::Administrator => false,
            Duty::PropertyMaster => armorer,
            Duty::FirstAd
            | Duty::SafetyAdviser
            | Duty::SafetyCoordinator
            | Duty::Producer
            | Duty::ProductionManager
            | Duty::Director
            | Duty::Performer
            | Duty::Double
            | Duty::Camera
            | Duty::Medic
            | Duty::CrewRepresentative
            | Duty::Storekeeper
            | Duty::Crew => true,
        };
        self.duties.iter().filter(other).count()
    }

    /// Holds a handler's permit that is valid at `now`.
    pub fn permit_valid(&self, now: Millis) -> bool {
        self.skills
            .get(&Skill::HandlerPermit)
            .is_some_and(|until| until.is_none_or(|end| now < end))
    }

    /// Performs, doubles or stands in.
    pub fn performs(&self) -> bool {
        self.duties.contains(&Duty::Performer) || self.duties.contains(&Duty::Double)
    }

    /// Whether that person enrolled them, or any key of theirs.
    pub fn was_enrolled_by(&self, one: PersonId) -> bool {
        self.enrolled_by == one || self.keys_from.contains(&one)
    }

    /// Whether their look may count: a performer's never replaces a check (CHK-07).
    pub fn may_be_second(&self) -> bool {
        !self.performs() || self.handles()
    }
}

/// A key ever enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Whose.
    pub person: PersonId,
    /// How it is held.
    pub means: Means,
    /// When it was revoked, ms UTC.
    pub revoked_at: Option<Millis>,
}

/// A link not used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// What it offers.
    pub invite: Invite,
    /// Who made it.
    pub by: PersonId,
}

/// A request without a final answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskOpen {
    /// What for.
    pub asked: Asked,
    /// Who asked.
    pub by: PersonId,
    /// For whom.
    pub about: Option<PersonId>,
    /// What came back; `None` until then.
    pub reply: Option<Reply>,
}
