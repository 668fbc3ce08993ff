//! What the record has led to: the next decision's needs and nothing more. Built by [`crate::apply`] alone.

use crate::{act::record::AdoptCosigners, id::*, outcome::Limits, time::Millis, words::*};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

mod advance;
mod ammunition;
mod floor;
mod hours;
mod papers;
mod people;
mod record;
mod stops;
mod weapon;

pub use ammunition::{Carrier, CarrierContent, Lot, Proof, Store};
pub use floor::{Action, Break, MeetingHeld, Planned, Session, Sweep};
pub use hours::Hours;
pub use papers::PaperShown;
pub use people::{AskOpen, Invitation, Key, Person};
pub use record::{Preserved, Sealed, Sent};
pub use stops::{Concern, Deadline, DeadlineOf, Event, OwedItem, Pending, StopHeld};
pub(crate) use weapon::cannot_fire;
pub use weapon::{Batch, ClassProof, Custody, Hold, HoldWhy, Issue, Loaded, Misfire, Weapon};

/// Everything the record has led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The production; blank before the log is open.
    pub production: Words,
    /// The unit.
    pub unit: Words,
    /// Words every page must show.
    pub watermark: Words,
    /// The node's key for its own statements.
    pub node_key: KeyId,
    /// The node's key for boards.
    pub board_key: KeyId,
    /// Which node of the log this is: raised when a spare takes over.
    pub epoch: u32,
    /// When a spare last took over, ms UTC; 0 if never.
    pub took_over_at: Millis,
    /// Time of the newest entry, ms UTC.
    pub recorded_at: Millis,
    /// Bounds in force.
    pub limits: Limits,
    /// Names of the packs adopted.
    pub packs: Vec<String>,
    /// People enrolled.
    pub people: BTreeMap<PersonId, Person>,
    /// Hours of the weapons chain.
    pub hours: BTreeMap<PersonId, Hours>,
    /// Keys ever enrolled, revoked ones included.
    pub keys: BTreeMap<KeyId, Key>,
    /// Links not used yet.
    pub invitations: BTreeMap<StatementId, Invitation>,
    /// Requests made to production or a head of department.
    pub asks: BTreeMap<StatementId, AskOpen>,
    /// Weapons received.
    pub weapons: BTreeMap<WeaponId, Weapon>,
    /// Racks received.
    pub batches: BTreeMap<BatchId, Batch>,
    /// Lots received.
    pub lots: BTreeMap<LotId, Lot>,
    /// Carriers received.
    pub carriers: BTreeMap<CarrierId, Carrier>,
    /// Stores named.
    pub stores: BTreeMap<StoreId, Store>,
    /// Rounds found that are, or may be, live and that no lot accounts for.
    pub loose_rounds: u32,
    /// The session that is open.
    pub session: Option<Session>,
    /// Actions planned.
    pub actions: BTreeMap<ActionId, Action>,
    /// The action on now.
    pub now_on: Option<ActionId>,
    /// Papers shown and not ended.
    pub papers: BTreeMap<StatementId, PaperShown>,
    /// Stops held.
    pub stops: BTreeMap<StopId, StopHeld>,
    /// Unexpected events, released ones included (two in a week hold everything).
    pub events: BTreeMap<EventId, Event>,
    /// Concerns without an answer.
    pub concerns: BTreeMap<ConcernId, Concern>,
    /// Acts that wait for a countersign.
    pub pending: BTreeMap<StatementId, Pending>,
    /// What must happen by when.
    pub deadlines: Vec<Deadline>,
    /// What rules left open.
    pub owed: Vec<OwedItem>,
    /// Statements whose bodies are sealed.
    pub sealed: BTreeMap<StatementId, Sealed>,
    /// Why nothing may be erased, by the statement that began it.
    pub preserved: BTreeMap<StatementId, Preserved>,
    /// Who cosigns the log, as last adopted.
    pub cosigners: Option<AdoptCosigners>,
    /// What was sent to other logs.
    pub sent: BTreeMap<StatementId, Sent>,
    /// When the last stop or event ended, ms UTC; 0 if never.
    pub restarted_at: Millis,
    /// When something next runs out by time alone; nothing before it needs a look.
    pub(crate) next_lapse: Option<Millis>,
}

impl State {
    /// The role of a person as boards show it.
    pub fn role(&self, person: PersonId) -> &str {
        if person == PersonId::ZERO {
            return "the node";
        }
        self.people
            .get(&person)
            .map_or("someone not enrolled", |known| known.role.as_str())
    }

    /// The tag of a weapon.
    pub fn tag(&self, weapon: WeaponId) -> &str {
        self.weapons
            .get(&weapon)
            .map_or("unknown", |known| known.about.tag.as_str())
    }

    /// Whether the person holds the duty now.
    pub fn holds(&self, person: PersonId, duty: Duty) -> bool {
        self.people
            .get(&person)
            .is_some_and(|known| known.duties.contains(&duty))
    }

    /// Whether the person has a duty that handles weapons and a permit for it that is valid at `now`.
    pub fn is_handler(&self, person: PersonId, now: Millis) -> bool {
        self.people
            .get(&person)
            .is_some_and(|known| known.handles() && known.permit_valid(now))
    }

    /// Enrolled people with that duty.
    pub fn with_duty(&self, duty: Duty) -> impl Iterator<Item = PersonId> {
        self.people
            .iter()
            .filter(move |(_, person)| person.duties.contains(&duty))
            .map(|(id, _)| *id)
    }

    /// Unexpected events that nobody released.
    pub fn open_events(&self) -> impl Iterator<Item = (&EventId, &Event)> {
        self.events
            .iter()
            .filter(|(_, event)| event.released_at.is_none())
    }

    /// Deadlines that have passed at `now` and were not entered yet.
    pub fn lapsed(&self, now: Millis) -> Vec<StatementId> {
        self.deadlines
            .iter()
            .filter(|deadline| deadline.until <= now)
            .map(|deadline| deadline.of)
            .collect()
    }

    /// When something next runs out by time alone, ms UTC.
    pub fn next_lapse(&self) -> Option<Millis> {
        self.next_lapse
    }

    /// Weapons that are alike: the same one, the same family, or the same calibre and maker's class.
    pub fn like(&self, weapon: WeaponId) -> BTreeSet<WeaponId> {
        let Some(one) = self.weapons.get(&weapon) else {
            return BTreeSet::new();
        };
        self.weapons
            .iter()
            .filter(|(id, other)| **id == weapon || one.is_like(other))
            .map(|(id, _)| *id)
            .collect()
    }
}
