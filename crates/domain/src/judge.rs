//! The door to the rules: the domain asks, a pack answers. The domain knows no policy language.

use crate::{
    facts::Facts,
    outcome::{Limits, Reason},
};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

macro_rules! gates {
    ($($(#[$doc:meta])* $name:ident = $stored:literal),+ $(,)?) => {
        /// A request that packs judge.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Gate { $($(#[$doc])* #[serde(rename = $stored)] $name),+ }

        impl Gate {
            /// Every gate, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Its name in a pack: the Cedar action.
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $stored),+ } }
        }
    };
}

gates! {
    /// A weapon leaves lock-up for an action and its takers.
    TakeOut = "take_out",
    /// Things that cannot fire go out by count.
    IssueBatch = "issue_batch",
    /// Rounds leave their lot.
    Draw = "draw",
    /// Rounds go into a weapon or carrier.
    Load = "load",
    /// COLD is called.
    CallCold = "call_cold",
    /// HOT is called.
    CallHot = "call_hot",
    /// The handler gives the weapon to a taker.
    HandOver = "hand_over",
    /// The action begins.
    Begin = "begin",
    /// Work goes on after a break.
    Resume = "resume",
    /// A withdrawn weapon comes back.
    ReturnToService = "return_to_service",
    /// An unexpected event is released.
    Release = "release",
}

/// What the packs in force say of one request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Rules that refuse. Not empty also when nothing permitted or a rule failed to evaluate: doubt is a refusal.
    pub refused: Vec<Reason>,
    /// Rules that admit and leave an item owed.
    pub owed: Vec<Reason>,
    /// Rules that only advise.
    pub advice: Vec<Reason>,
}

/// The packs in force. Implemented outside the domain.
pub trait Judge {
    /// Judges one request from its facts. Never grants on doubt: whatever goes wrong is in `refused` with its reason.
    fn judge(&self, gate: Gate, facts: &Facts) -> Judgement;
    /// The bounds that the packs set, composed to the strictest.
    fn limits(&self) -> Limits;
}
