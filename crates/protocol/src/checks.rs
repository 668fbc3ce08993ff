//! The items of a check: what two people look for, and in which form they say it.

use crate::{fault::Fault, limit, source::Source};
use domain::words::{Check, Works};
use serde::Deserialize;

pub(crate) const FILE: &str = "checks.toml";

/// In which form an item is answered. All but `Tick` name something seen, heard or said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// A number counted.
    Count,
    /// One of the named choices.
    Choice,
    /// The tag or code, scanned.
    Scan,
    /// A mark read on the object and typed.
    Mark,
    /// Words said aloud; the last item of every phase.
    Spoken,
    /// Done or not: not an observation.
    Tick,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The one whose hands hold the weapon.
    Handler,
    /// The one who only looks and listens.
    Second,
    /// Each alone, without seeing the other's answer.
    Both,
}

/// How a weapon holds rounds, without the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorksKind {
    /// A cylinder.
    Cylinder,
    /// A chamber fed from a carrier.
    Magazine,
    /// One or more barrels that open.
    Barrels,
    /// Nothing goes into it.
    None,
}

impl WorksKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Cylinder, Self::Magazine, Self::Barrels, Self::None];
}

impl From<Works> for WorksKind {
    fn from(works: Works) -> Self {
        match works {
            Works::Cylinder { .. } => Self::Cylinder,
            Works::Magazine { .. } => Self::Magazine,
            Works::Barrels { .. } => Self::Barrels,
            Works::None => Self::None,
        }
    }
}

/// One item of a phase.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Checks that have it.
    pub phases: Vec<Check>,
    /// Kinds of weapon it is for.
    pub works: Vec<WorksKind>,
    /// Who answers it.
    pub by: By,
    /// What is asked.
    pub ask: String,
    /// The condition wanted. Not shown before the answer is in.
    pub wanted: String,
    /// In which form it is answered.
    pub answer: AnswerKind,
    /// The choices, where it is one.
    #[serde(default)]
    pub choices: Vec<String>,
}

impl Item {
    pub(crate) fn is_for(&self, phase: Check, works: WorksKind) -> bool {
        self.phases.contains(&phase) && self.works.contains(&works)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    item: Vec<Item>,
}

pub(crate) fn read(source: &Source) -> Result<Vec<Item>, Fault> {
    let file: File = source.toml(FILE)?;
    for item in &file.item {
        let wrong = if item.ask.trim().is_empty() || item.wanted.trim().is_empty() {
            "an item says what is asked and what is wanted"
        } else if item.phases.is_empty() || item.works.is_empty() {
            "an item names its phases and kinds of weapon"
        } else if (item.answer == AnswerKind::Choice) != (item.choices.len() >= 2) {
            "an item answered by choice has two choices or more, any other has none"
        } else {
            continue;
        };
        return Err(Fault::new(
            &source.name,
            FILE,
            None,
            format!("{wrong}: `{}`", item.ask),
        ));
    }
    Ok(file.item)
}

/// Items of one phase for one kind of weapon: those of every pack in order, and the spoken call last.
pub(crate) fn compose<'a>(
    items: impl Iterator<Item = &'a Item> + Clone,
    phase: Check,
    works: WorksKind,
) -> Vec<&'a Item> {
    let of_phase = items.filter(move |item| item.is_for(phase, works));
    let (spoken, mut seen): (Vec<_>, Vec<_>) =
        of_phase.partition(|item| item.answer == AnswerKind::Spoken);
    seen.extend(spoken);
    seen
}

/// What is wrong with the items of one phase, if anything.
pub(crate) fn lint(items: &[&Item]) -> Vec<String> {
    let mut says = Vec::new();
    if items.len() > limit::ITEMS_A_PHASE {
        says.push(format!(
            "{} items; at most {} are read on a floor",
            items.len(),
            limit::ITEMS_A_PHASE
        ));
    }
    let observed = items
        .iter()
        .filter(|item| item.answer != AnswerKind::Tick)
        .count();
    if observed * 10 < items.len() * limit::OBSERVED_OF_TEN {
        says.push(format!(
            "{observed} of {} items ask for something seen or heard; at least 70 in 100 must",
            items.len()
        ));
    }
    if items
        .last()
        .is_none_or(|item| item.answer != AnswerKind::Spoken)
    {
        says.push("the last item is the call spoken aloud".into());
    }
    says
}
