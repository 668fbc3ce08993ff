//! Lots, rounds, carriers and stores.

use crate::{id::*, words::*};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// What a lot is said to hold. Unknown means live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", from = "SaidRead")]
pub enum Said {
    /// Dummies with these inert features, shown by this test.
    Dummy {
        /// What shows that they are inert.
        features: Vec<Feature>,
        /// How it is shown.
        test: Words,
    },
    /// Blanks.
    Blank {
        /// Their load.
        load: Load,
    },
    /// Live rounds.
    Live,
    /// Nobody knows.
    Unknown,
}

/// As read. Variants without fields have braces here: serde lets unknown members of a bare one pass.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum SaidRead {
    Dummy { features: Vec<Feature>, test: Words },
    Blank { load: Load },
    Live {},
    Unknown {},
}

impl From<SaidRead> for Said {
    fn from(read: SaidRead) -> Self {
        match read {
            SaidRead::Dummy { features, test } => Self::Dummy { features, test },
            SaidRead::Blank { load } => Self::Blank { load },
            SaidRead::Live {} => Self::Live,
            SaidRead::Unknown {} => Self::Unknown,
        }
    }
}

/// Receives a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// Its tag.
    pub tag: Words,
    /// What it is said to hold.
    pub said: Said,
    /// How many rounds by the paper; counting is another field.
    pub count: u32,
    /// How many the receiver counted; absent if nobody counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<u32>,
    /// Calibre.
    pub calibre: Words,
    /// Maker.
    pub maker: Words,
    /// The maker's lot number; empty if none.
    pub number: Words,
    /// Where it came from.
    pub origin: Origin,
    /// How it came.
    pub condition: Condition,
    /// The supplier declared class, features, count and origin in writing.
    pub declared: bool,
    /// Where it is kept; empty if nobody said.
    pub place: Words,
}

/// Every round in hand. Counts once a second person countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prove {
    /// The lot.
    pub lot: LotId,
    /// Rounds counted.
    pub counted: u32,
    /// Of these, shown to be what the lot says.
    pub proven: u32,
    /// Of these, with the primer looked at.
    pub primers: u32,
}

/// Puts a lot aside: what it holds or touched counts as live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    /// The lot.
    pub lot: LotId,
    /// Why.
    pub words: Words,
}

/// Releases a quarantined lot; takes a countersign and a proof after the quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The lot.
    pub lot: LotId,
    /// What was found.
    pub words: Words,
}

/// Counts a lot where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The lot.
    pub lot: LotId,
    /// Rounds there.
    pub counted: u32,
    /// The container is locked or sealed as it was left.
    pub secured: bool,
    /// When.
    pub moment: Moment,
}

/// Takes rounds from a lot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// The lot.
    pub lot: LotId,
    /// How many.
    pub rounds: u32,
}

/// Brings drawn rounds to account: issued = fired + returned + misfired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconcile {
    /// The lot.
    pub lot: LotId,
    /// Fired.
    pub fired: u32,
    /// Put back whole.
    pub returned: u32,
    /// Misfired and kept apart.
    pub misfired: u32,
}

/// A round where none may be, or one that nobody can name. Quarantines the lot, holds what is like it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundRound {
    /// Shown to be live, shown not to be, or nobody knows.
    pub live: Answer,
    /// The lot it lay in, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// Calibre; empty if not known.
    pub calibre: Words,
    /// Where it lay.
    pub place: Words,
    /// How the reporter knows.
    pub account: Account,
}

/// Searched for live rounds. Counts once a second person countersigns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// Places searched: carts, belts, holsters, magazines, vehicles.
    pub places: Vec<Words>,
    /// Places that could not be searched.
    pub missed: Vec<Words>,
    /// Rounds found that may be live.
    pub found: u32,
}

/// Receives a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveCarrier {
    /// Its tag.
    pub tag: Words,
    /// What it is.
    pub holder: Holder,
    /// Rounds it takes.
    pub capacity: u32,
    /// Calibre.
    pub calibre: Words,
    /// It came with rounds in it, from no received lot.
    pub with_rounds: bool,
}

/// Fills a carrier from a proven lot; the witness countersigns, then it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillCarrier {
    /// The carrier.
    pub carrier: CarrierId,
    /// The lot.
    pub lot: LotId,
    /// Rounds put in.
    pub rounds: u32,
    /// The seal's mark.
    pub seal: Words,
}

/// A carrier is open: what is in it is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenCarrier {
    /// The carrier.
    pub carrier: CarrierId,
    /// Found empty, before the reporter's eyes.
    pub empty: bool,
}

/// Names a lockable place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddStore {
    /// Its name.
    pub name: Words,
    /// Who may open it.
    pub keys: Vec<PersonId>,
}

/// Opens or locks a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreDoor {
    /// The store.
    pub store: StoreId,
    /// Open (true) or locked.
    pub open: bool,
    /// Who did it, if not the signer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}
