//! Weapons and batches of things that cannot fire.

use crate::{id::*, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Receives a weapon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// The tag on its case or sling, such as `07`.
    pub tag: Words,
    /// What people call it.
    pub name: Words,
    /// What it is said to be.
    pub class: Class,
    /// How it holds rounds.
    pub works: Works,
    /// Calibre; empty where there is none.
    pub calibre: Words,
    /// Serial or maker's mark as read.
    pub serial: Words,
    /// The family of look-alikes; empty if none.
    pub family: Words,
    /// Where it came from.
    pub from: Words,
    /// Inspected, bore and action sound.
    pub inspected: bool,
    /// Serial and papers agree.
    pub papers_matched: bool,
}

/// Shows what class a thing is. Counts once a second person countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProveClass {
    /// The weapon, or the batch by its id.
    pub thing: StatementId,
    /// What it was shown to be.
    pub class: Class,
    /// How.
    pub words: Words,
}

/// Fired offstage with a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestFire {
    /// The weapon.
    pub weapon: WeaponId,
    /// The lot.
    pub lot: LotId,
    /// The nearest distance found harmless, mm.
    pub distance_mm: u32,
    /// It did what was expected.
    pub as_expected: bool,
    /// What was expected and what was seen.
    pub words: Words,
}

/// Withdraws a weapon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The weapon.
    pub weapon: WeaponId,
    /// Why.
    pub words: Words,
}

/// A part was changed: barrel, vent, plug, trigger, edge. What was shown before counts for what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alter {
    /// The weapon.
    pub weapon: WeaponId,
    /// Which part, and what was done to it.
    pub part: Words,
    /// Who did it.
    pub done_by: Words,
    /// It was a gunsmith's or maker's work, and the signer saw their certificate. If not, the weapon is withdrawn.
    pub certified: bool,
    /// Where it vents now; blank if it does not.
    pub vents: Words,
}

/// A weapon is not where it should be and nobody has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The weapon.
    pub weapon: WeaponId,
    /// Where it should be.
    pub place: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Every weapon in a store, counted against the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// The store.
    pub store: StoreId,
    /// Every weapon that lies there, by its tag and serial as read. What the record has there and this leaves out is missing.
    pub present: Vec<WeaponId>,
    /// Nobody was told before.
    pub surprise: bool,
}

/// Brings a withdrawn weapon back; takes a countersign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnToService {
    /// The weapon.
    pub weapon: WeaponId,
    /// What was done.
    pub words: Words,
}

/// Receives a rack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveBatch {
    /// Its tag.
    pub tag: Words,
    /// What it holds.
    pub name: Words,
    /// One class for all pieces.
    pub class: Class,
    /// How many.
    pub pieces: u32,
}

/// Gives out pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueBatch {
    /// The batch.
    pub batch: BatchId,
    /// How many go out.
    pub pieces: u32,
    /// For which action.
    pub action: ActionId,
    /// To whom; empty if by the rack.
    pub to: Vec<PersonId>,
}

/// Takes pieces back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnBatch {
    /// The batch.
    pub batch: BatchId,
    /// How many came back.
    pub pieces: u32,
}
