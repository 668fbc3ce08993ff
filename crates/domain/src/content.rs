//! What two people saw in a weapon, its carrier included, as numbers and words.

use crate::{
    act::ammunition::Said,
    id::*,
    knowledge::Known,
    state::{CarrierContent, State, Weapon},
    words::Load,
};
use alloc::{format, string::String};

/// What is in it, as two people saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Dummies.
    pub dummies: u32,
    /// Blanks.
    pub blanks: u32,
    /// Rounds of a lot that is neither: counts as live.
    pub others: u32,
    /// Load of the blanks.
    pub load: Option<Load>,
}

impl Content {
    /// As it stands beside the word.
    pub fn words(self) -> String {
        match (self.dummies, self.blanks) {
            (0, 0) => "EMPTY".into(),
            (dummies, 0) => format!("DUMMIES {dummies}"),
            (0, blanks) => format!("BLANK {blanks}"),
            (dummies, blanks) => format!("BLANK {blanks}, DUMMIES {dummies}"),
        }
    }

    /// For the radio.
    pub fn spoken(self) -> String {
        match (self.dummies, self.blanks, self.load) {
            (0, 0, _) => "empty".into(),
            (dummies, 0, _) => format!("{dummies} dummies"),
            (_, blanks, Some(load)) => format!("{blanks} blanks, {}", load.word()),
            (_, blanks, None) => format!("{blanks} blanks"),
        }
    }
}

impl State {
    /// Lots of the rounds that are in it, as the record has them: the last load's, and that of the sealed carrier in it.
    pub fn lots_in(&self, weapon: &Weapon) -> impl Iterator<Item = LotId> {
        let knowledge = &weapon.knowledge;
        let seen = knowledge.known.as_ref().or(knowledge.last.as_ref());
        let carried = seen
            .and_then(|known| known.carrier)
            .and_then(|id| self.sealed_from(id));
        let loaded = weapon.loaded.as_ref().map(|loaded| loaded.lot);
        loaded.into_iter().chain(carried)
    }

    /// The lot from which a sealed carrier was filled.
    pub fn sealed_from(&self, id: CarrierId) -> Option<LotId> {
        match self.carriers.get(&id).map(|carrier| &carrier.content) {
            Some(CarrierContent::Sealed { lot, .. }) => Some(*lot),
            Some(CarrierContent::Unknown | CarrierContent::Empty) | None => None,
        }
    }

    /// Content of a weapon from what two people saw and from the sealed carrier in it.
    pub fn content(&self, known: &Known) -> Content {
        let mut content = Content {
            dummies: known.count.dummies.into(),
            blanks: known.count.blanks.into(),
            others: known.count.others.into(),
            load: known.blank,
        };
        let Some(id) = known.carrier else {
            return content;
        };
        match self.carriers.get(&id).map(|carrier| &carrier.content) {
            Some(CarrierContent::Empty) => {}
            Some(CarrierContent::Sealed { lot, rounds, .. }) => {
                match self.lots.get(lot).map(|lot| &lot.about.said) {
                    Some(Said::Dummy { .. }) => {
                        content.dummies = content.dummies.saturating_add(*rounds);
                    }
                    Some(Said::Blank { load }) => {
                        content.blanks = content.blanks.saturating_add(*rounds);
                        content.load = Some(*load);
                    }
                    Some(Said::Live | Said::Unknown) | None => {
                        content.others = content.others.saturating_add(*rounds);
                    }
                }
            }
            // A carrier nobody can name: its rounds count as live.
            Some(CarrierContent::Unknown) | None => {
                content.others = content.others.saturating_add(1);
            }
        }
        content
    }
}
