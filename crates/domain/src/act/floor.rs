//! The working day on the floor.

use crate::{id::*, time::Millis, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// A safety meeting that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meeting {
    /// For this action; absent: for the whole session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<ActionId>,
    /// Who led it.
    pub led_by: PersonId,
    /// Who kept the minutes.
    pub minutes_by: PersonId,
    /// Who was there.
    pub attended: Vec<PersonId>,
    /// What was covered.
    pub topics: Vec<Topic>,
    /// There was a walk-through or dry run.
    pub walk_through: bool,
    /// Concerns were asked for.
    pub concerns_asked: bool,
}

/// People who came late or joined were briefed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateBrief {
    /// Who.
    pub people: Vec<PersonId>,
    /// How many of those who joined without being enrolled.
    pub others: u32,
}

/// Takes weapons from lock-up: an issue begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOut {
    /// Weapons, each with serial or mark read at the store.
    pub weapons: Vec<WeaponId>,
    /// Carriers that go with them.
    pub carriers: Vec<CarrierId>,
    /// The action.
    pub action: ActionId,
    /// Whom they are for.
    pub takers: Vec<PersonId>,
}

/// What one person counted without naming positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Empty positions.
    pub empty: u8,
    /// Dummies.
    pub dummies: u8,
    /// Blanks.
    pub blanks: u8,
    /// Anything else: spent, live, unknown.
    pub others: u8,
}

/// What one person saw of one weapon, open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// The weapon.
    pub weapon: WeaponId,
    /// Position by position, one full turn from the gate; empty in a Reset or Line check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// Counted; for Reset and Line checks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// The sealed carrier that is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<CarrierId>,
    /// One full turn was made, or every barrel or the chamber was looked into.
    pub turned: bool,
    /// The bore.
    pub bore: Bore,
    /// How the bore was seen.
    pub method: Method,
}

/// A look at one weapon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Full or Reset; a Line has its own kind.
    pub check: Check,
    /// What was seen.
    pub sight: Sight,
    /// Who watched the weapon since the last look; needed in a Reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watcher: Option<PersonId>,
}

/// Rounds go in. Positions left empty are said too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadWeapon {
    /// The lot.
    pub lot: LotId,
    /// Rounds put in by this act.
    pub rounds: u32,
    /// The whole map after loading.
    pub sight: Sight,
    /// The handler who supervises, where the signer is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<PersonId>,
}

/// A look at up to twelve weapons, signed once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineLook {
    /// What was seen of each.
    pub sights: Vec<Sight>,
}

/// Offered to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// The weapon.
    pub weapon: WeaponId,
    /// To whom.
    pub to: PersonId,
    /// What they wished.
    pub answer: Showing,
}

/// Calls COLD for each weapon that the record supports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCold {
    /// The weapons, at most twelve.
    pub weapons: Vec<WeaponId>,
    /// How long the action is planned to last, ms; 0 if not said.
    pub lasts_ms: Millis,
}

/// Calls HOT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallHot {
    /// The weapon.
    pub weapon: WeaponId,
    /// The load as announced.
    pub load: Load,
    /// The number of shots as announced.
    pub shots: u32,
    /// How long the action is planned to last, ms; 0 if not said.
    pub lasts_ms: Millis,
}

/// How a taker acknowledges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledged {
    /// By their own key, within the countersign time.
    Countersign,
    /// In spoken words that the handler enters.
    Spoken,
}

/// Gives a weapon from hand to hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The weapon.
    pub weapon: WeaponId,
    /// To whom.
    pub to: PersonId,
    /// How they take it.
    pub acknowledged: Acknowledged,
    /// Uncocked, catch on.
    pub at_rest: bool,
}

/// In hand and in sight. An empty list: everything in the signer's hands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EyesOn {
    /// Which.
    pub weapons: Vec<WeaponId>,
}

/// Out of sight, or set down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutOfSight {
    /// Weapons; empty: all that are out.
    pub weapons: Vec<WeaponId>,
    /// Lots that lay open too.
    pub lots: Vec<LotId>,
    /// How the reporter knows.
    pub account: Account,
}

/// Outside the protocol: passed by other hands, pointed where the plan does not say, used without a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OffProtocol {
    /// The weapon.
    pub weapon: WeaponId,
    /// Who has it now, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now_with: Option<PersonId>,
    /// It pointed at a person.
    pub at_person: Answer,
    /// What happened.
    pub words: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// After the action, in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shots {
    /// The weapon.
    pub weapon: WeaponId,
    /// Fired.
    pub fired: u32,
    /// Did not fire when meant to.
    pub misfired: u32,
    /// The wait after a misfire before it was opened, ms; 0 if none.
    pub waited_ms: Millis,
}

/// Nobody is in the zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneClear {
    /// The action.
    pub action: ActionId,
}

/// Somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneEntered {
    /// The action.
    pub action: ActionId,
    /// What was seen.
    pub words: Words,
}

/// Begins an action with the weapons in play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The action.
    pub action: ActionId,
}

/// Everybody is well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllWell {
    /// The action.
    pub action: ActionId,
}

/// Back in the handler's hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collect {
    /// The weapon.
    pub weapon: WeaponId,
}

/// Opened and emptied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clear {
    /// What was seen after everything was taken out.
    pub sight: Sight,
    /// Rounds taken out.
    pub rounds: u32,
}

/// Locked away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockAway {
    /// Weapons.
    pub weapons: Vec<WeaponId>,
    /// Lots.
    pub lots: Vec<LotId>,
    /// Where.
    pub store: StoreId,
}

/// Both looks were repeated; this says what differed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndHold {
    /// The weapon.
    pub weapon: WeaponId,
    /// What differed.
    pub differed: Words,
}

/// Everybody goes for a break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakFor {
    /// What for.
    pub words: Words,
}

/// And comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resume {}
