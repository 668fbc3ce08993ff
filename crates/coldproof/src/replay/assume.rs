//! What a case grants the production where its sources say nothing.

use super::tree::{Read, Table};

macro_rules! grants {
    ($($(#[doc = $doc:literal])+ $name:ident = $written:literal;)+) => {
        /// One thing granted unless the sources deny it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Grant { $($(#[doc = $doc])+ $name),+ }

        impl Grant {
            /// Every grant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Its name under `[assume]`.
            pub const fn written(self) -> &'static str { match self { $(Self::$name => $written),+ } }
            /// What it grants, as a sentence.
            pub const fn meaning(self) -> &'static str { match self { $(Self::$name => concat!($($doc),+)),+ } }
        }
    };
}

grants! {
    /// Whoever holds a duty that handles weapons holds a valid permit for it.
    HandlerPermits = "handler_permits";
    /// Performers and doubles are trained and judged competent with every weapon of the case.
    Training = "training";
    /// Weapons were inspected at receipt and found sound.
    Inspected = "inspected";
    /// Serials and papers agreed at receipt.
    Papers = "papers";
    /// What is said to be unable to fire was shown to be so by two people.
    ClassProof = "class_proof";
    /// Weapons were fired offstage with every blank lot of their calibre, and did what was expected.
    TestFires = "test_fires";
    /// Lots were counted when they came, as many as the paper says.
    LotsCounted = "lots_counted";
    /// Every round of a lot was proven one by one by two people, primers too.
    LotsProven = "lots_proven";
    /// Lots came sealed from a licensed maker, numbered and declared in writing.
    LotPapers = "lot_papers";
    /// Things not in use lie locked in a store, and go back there at the end of each day.
    LockedStores = "locked_stores";
    /// Each day the site is searched for live rounds by two people, nothing missed, nothing found.
    Sweeps = "sweeps";
    /// Each day begins with a safety meeting that everybody attends and that covers every topic.
    Meetings = "meetings";
    /// The firearms bulletin goes out with each call sheet.
    Bulletins = "bulletins";
    /// Each action of the case has a plan that points at nobody.
    Plans = "plans";
    /// A custodian who has a weapon in hand keeps it in sight.
    EyesOn = "eyes_on";
    /// Looks are whole: every position, one full turn, the bore by light, and what the case says lies inside.
    Looks = "looks";
    /// Weapons change hands uncocked, in words that the taker speaks.
    HandOvers = "hand_overs";
    /// The action that a request names is put on before it.
    NowOn = "now_on";
}

/// The grants of a case: all stand but those it denies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Assume {
    denied: Vec<Grant>,
}

impl Assume {
    pub(super) fn read(table: &Table) -> Read<Self> {
        let known: Vec<&str> = Grant::ALL.iter().map(|grant| grant.written()).collect();
        table.only(&known, "[assume]")?;
        let mut denied = Vec::new();
        for grant in Grant::ALL {
            if !table.flag(grant.written(), true)? {
                denied.push(*grant);
            }
        }
        Ok(Self { denied })
    }

    pub(super) fn grants(&self, grant: Grant) -> bool {
        !self.denied.contains(&grant)
    }
}
