//! The fields of every kind of statement as a case writes them: what sort of thing each is, and what stands for it where
//! the source says nothing. The bodies themselves are the domain's; a test walks every kind and reads it back.

use super::assume::Grant;
use domain::act::Kind;

mod table;

pub use table::of;

/// What may stand in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The name of a thing of this sort, declared in a table or by `as`.
    Name(Thing),
    /// Names of such things.
    Names(Thing),
    /// The key of a person.
    Key,
    /// Free words.
    Words,
    /// Several.
    WordsList,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
    /// One of a closed list of words.
    Choice,
    /// Several of them.
    Choices,
    /// A length of time: `15 min`, or ms.
    Length,
    /// A distance: `1.45 m`, `20 ft`, or mm.
    Distance,
    /// A date or time.
    Instant,
    /// When it happened, how the reporter knows, how sure.
    Account,
    /// What one person saw in one weapon.
    Sight,
    /// What one person saw in a line of weapons.
    Sights,
    /// What a lot is said to hold.
    Said,
    /// How a weapon holds rounds.
    Works,
    /// The bounds in force.
    Limits,
    /// As the format of the kind has it.
    Plain,
}

/// What a name can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A person.
    Person,
    /// A weapon.
    Weapon,
    /// A rack of things that cannot fire.
    Batch,
    /// A weapon or a rack.
    WeaponOrBatch,
    /// A lot.
    Lot,
    /// A carrier.
    Carrier,
    /// A store.
    Store,
    /// An action.
    Action,
    /// An unexpected event.
    Event,
    /// A concern.
    Concern,
    /// A stop, or the event whose stop the record holds.
    Stop,
    /// Any step named by `as`, or a thing by the statement that made it.
    Statement,
}

impl Thing {
    /// For sentences.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Weapon => "weapon",
            Self::Batch => "batch",
            Self::WeaponOrBatch => "weapon or batch",
            Self::Lot => "lot",
            Self::Carrier => "carrier",
            Self::Store => "store",
            Self::Action => "action",
            Self::Event => "event",
            Self::Concern => "concern",
            Self::Stop => "stop",
            Self::Statement => "step",
        }
    }

    /// The same with its article.
    pub const fn a_word(self) -> &'static str {
        match self {
            Self::Person => "a person",
            Self::Weapon => "a weapon",
            Self::Batch => "a batch",
            Self::WeaponOrBatch => "a weapon or batch",
            Self::Lot => "a lot",
            Self::Carrier => "a carrier",
            Self::Store => "a store",
            Self::Action => "an action",
            Self::Event => "an event",
            Self::Concern => "a concern",
            Self::Stop => "a stop",
            Self::Statement => "a step",
        }
    }

    /// Whether a thing of sort `other` may stand here.
    pub const fn takes(self, other: Self) -> bool {
        match self {
            Self::Statement => true,
            Self::WeaponOrBatch => matches!(other, Self::Weapon | Self::Batch),
            Self::Stop => matches!(other, Self::Stop | Self::Event),
            Self::Person
            | Self::Weapon
            | Self::Batch
            | Self::Lot
            | Self::Carrier
            | Self::Store
            | Self::Action
            | Self::Event
            | Self::Concern => self as u8 == other as u8,
        }
    }

    /// What a statement of this kind makes: a thing, or only a step that others may name.
    pub fn made_by(kind: Kind) -> Self {
        MAKERS
            .iter()
            .find(|(maker, _)| *maker == kind)
            .map_or(Self::Statement, |(_, thing)| *thing)
    }
}

/// Kinds that make a thing which others name.
const MAKERS: &[(Kind, Thing)] = &[
    (Kind::Enrol, Thing::Person),
    (Kind::ReceiveWeapon, Thing::Weapon),
    (Kind::ReceiveBatch, Thing::Batch),
    (Kind::ReceiveLot, Thing::Lot),
    (Kind::ReceiveCarrier, Thing::Carrier),
    (Kind::AddStore, Thing::Store),
    (Kind::AddAction, Thing::Action),
    (Kind::UnexpectedEvent, Thing::Event),
    (Kind::RaiseConcern, Thing::Concern),
    (Kind::WalkOff, Thing::Concern),
    (Kind::Stop, Thing::Stop),
];

/// A fixed value that stands for what nobody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lit {
    /// A text or a word of a closed list.
    Text(&'static str),
    /// A number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// No items.
    Nothing,
}

/// What stands for a field that a case leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The case must say it.
    Required,
    /// The field is left out of the statement.
    Leave,
    /// This value.
    Is(Lit),
    /// The first value if the grant stands, the second if the case denies it.
    If(Grant, Lit, Lit),
    /// What the row says happened.
    What,
    /// The name that the thing has in the case.
    OwnName,
    /// Worked out; the sort says how.
    Worked,
}

/// One field of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its stored name.
    pub name: &'static str,
    /// What may stand in it.
    pub sort: Sort,
    /// What stands for it when left out.
    pub absent: Absent,
}
