//! A fictional ranch day, told by real statements: people enrol, receive, prove, plan, meet, look, call. Nothing is written
//! into the record by any other way than a device's, so the demonstration shows what the program does and nothing else.
//!
//! In scope: who says what, in which order, so that the board opens with a weapon in every state. Out of scope: whether any of
//! it is granted; where an answer is not the one that the story needs, the story ends with the reasons.

mod bodies;
mod cast;
mod floor;
mod live;
mod morning;
mod stage;
#[cfg(test)]
mod tests;

pub use cast::Who;
pub use live::Live;
pub use stage::{Said, Stage};

use anyhow::{Context as _, bail};
use domain::act::Act;
use domain::id::{ActionId, LotId, PersonId, StatementId, StoreId, WeaponId};
use domain::time::Millis;
use std::collections::BTreeMap;

/// The production, and the words that every page shows.
pub const PRODUCTION: &str = "High Desert";
/// The unit.
pub const UNIT: &str = "Main unit";
/// What no real production carries.
pub const WATERMARK: &str = "DEMO";
/// The packs that the day adopts.
pub const PACKS: [&str; 3] = ["base", "us-industry", "us-nm"];

/// What the story has made so far.
pub(crate) struct Story<'a> {
    stage: &'a mut dyn Stage,
    people: BTreeMap<Who, PersonId>,
    weapons: BTreeMap<&'static str, WeaponId>,
    lots: BTreeMap<&'static str, LotId>,
    store: StoreId,
    scene: ActionId,
}

/// What a demonstration opens with.
#[derive(Debug)]
pub struct Day {
    /// The people, for links that add a phone to one of them.
    pub people: BTreeMap<Who, PersonId>,
    /// Weapons by tag.
    pub weapons: BTreeMap<&'static str, WeaponId>,
}

/// Tells the whole day up to now.
///
/// # Errors
/// A statement was not entered, or was answered otherwise than the story needs: then with the reasons.
pub fn tell(stage: &mut dyn Stage) -> anyhow::Result<Day> {
    let mut story = Story {
        stage,
        people: BTreeMap::new(),
        weapons: BTreeMap::new(),
        lots: BTreeMap::new(),
        store: StoreId::ZERO,
        scene: ActionId::ZERO,
    };
    cast::come_in(&mut story)?;
    morning::tell(&mut story)?;
    floor::tell(&mut story)?;
    Ok(Day {
        people: story.people,
        weapons: story.weapons,
    })
}

impl Story<'_> {
    /// A request that must be granted, or a report.
    fn say(&mut self, who: Who, act: Act) -> anyhow::Result<StatementId> {
        let kind = act.kind().stored();
        let said = self.stage.enter(who, act)?;
        if !said.outcome.admitted {
            let reasons: Vec<&str> = said
                .outcome
                .reasons
                .iter()
                .map(|reason| reason.says.as_str())
                .collect();
            bail!(
                "the story does not hold: `{kind}` by the {} is refused: {}",
                who.role(),
                reasons.join("; ")
            );
        }
        Ok(said.id)
    }

    /// A request that must be refused.
    fn ask_in_vain(&mut self, who: Who, act: Act) -> anyhow::Result<()> {
        let kind = act.kind().stored();
        if self.stage.enter(who, act)?.outcome.admitted {
            bail!(
                "the story does not hold: `{kind}` by the {} is granted",
                who.role()
            );
        }
        Ok(())
    }

    /// An act of two people: the act, and the other's countersign.
    fn say_both(&mut self, who: Who, other: Who, act: Act) -> anyhow::Result<StatementId> {
        let of = self.say(who, act)?;
        self.say(
            other,
            Act::Countersign(domain::act::log::Countersign { of }),
        )?;
        Ok(of)
    }

    fn person(&self, who: Who) -> anyhow::Result<PersonId> {
        let known = self.people.get(&who).copied();
        known.with_context(|| format!("the {} is not there yet", who.role()))
    }

    fn everybody(&self) -> Vec<PersonId> {
        self.people.values().copied().collect()
    }

    fn weapon(&self, tag: &str) -> anyhow::Result<WeaponId> {
        let known = self.weapons.get(tag).copied();
        known.with_context(|| format!("tag {tag} is not there yet"))
    }

    fn lot(&self, tag: &str) -> anyhow::Result<LotId> {
        let known = self.lots.get(tag).copied();
        known.with_context(|| format!("lot {tag} is not there yet"))
    }

    fn now(&self) -> Millis {
        self.stage.now()
    }
}
