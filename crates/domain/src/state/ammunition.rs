//! Lots, carriers, stores.

use crate::{
    act::ammunition::{AddStore, Receive, ReceiveCarrier, Said},
    id::*,
    time::Millis,
    words::*,
};

/// Every round in hand, by two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Rounds counted.
    pub counted: u32,
    /// Of these, shown to be what the lot says.
    pub proven: u32,
    /// Of these, with the primer looked at.
    pub primers: u32,
    /// By whom.
    pub by: [PersonId; 2],
    /// The statement that was countersigned.
    pub statement: StatementId,
    /// The countersign.
    pub countersign: StatementId,
    /// When, ms UTC.
    pub at: Millis,
}

/// One lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// As received.
    pub about: Receive,
    /// Who received it.
    pub received_by: PersonId,
    /// The two-person proof that stands.
    pub proof: Option<Proof>,
    /// Put aside, and why.
    pub quarantined: Option<Words>,
    /// When it was put aside, ms UTC.
    pub quarantined_at: Millis,
    /// Rounds in the container by the record.
    pub there: u32,
    /// Rounds drawn and not accounted for.
    pub out: u32,
    /// Of those drawn, in no weapon or carrier yet.
    pub in_hand: u32,
    /// Of those drawn, said to be fired or misfired and not brought to account yet.
    pub shot: u32,
    /// Fired, misfired and taken apart.
    pub used: u32,
    /// Rounds the counts do not explain.
    pub unaccounted: u32,
    /// Locked in this store; `None`: in the open.
    pub store: Option<StoreId>,
    /// When it was last counted, ms UTC.
    pub counted_at: Millis,
}

impl Lot {
    /// All rounds counted, proven, and a primer looked at for each; dummies need a feature and a named test.
    pub fn is_proven(&self) -> bool {
        let whole = self
            .proof
            .as_ref()
            .is_some_and(|proof| proof.counted == proof.proven && proof.counted == proof.primers);
        let shown = match &self.about.said {
            Said::Dummy { features, test } => !features.is_empty() && !test.is_blank(),
            Said::Blank { .. } => true,
            Said::Live | Said::Unknown => false,
        };
        whole && shown && self.quarantined.is_none()
    }

    /// Is it said to be live.
    pub fn is_live(&self) -> bool {
        matches!(self.about.said, Said::Live)
    }
}

/// What a carrier holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CarrierContent {
    /// Nobody knows.
    Unknown,
    /// Seen empty.
    Empty,
    /// Filled from a proven lot before a witness, then sealed.
    Sealed {
        /// The lot.
        lot: LotId,
        /// Rounds.
        rounds: u32,
        /// By whom: filler and witness.
        by: [PersonId; 2],
        /// The filling and its countersign.
        statements: [StatementId; 2],
    },
}

/// A magazine, belt, loader, pouch or quiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// As received.
    pub about: ReceiveCarrier,
    /// What it holds.
    pub content: CarrierContent,
}

/// A lockable place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// As named.
    pub about: AddStore,
    /// Open now.
    pub open: bool,
}
