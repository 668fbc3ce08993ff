//! One rule: a Cedar policy with what people need to know about it.

use cedar_policy::Policy;
use domain::{judge::Gate, outcome::Reason};

/// What a rule does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Refuses.
    HardStop,
    /// Admits and leaves an item owed.
    Required,
    /// Prints.
    Advisory,
}

impl Severity {
    /// Every severity.
    pub const ALL: &'static [Self] = &[Self::HardStop, Self::Required, Self::Advisory];
    /// As written in a pack.
    pub const fn word(self) -> &'static str {
        match self {
            Self::HardStop => "hard-stop",
            Self::Required => "required",
            Self::Advisory => "advisory",
        }
    }
}

/// How closely the clause of the first source was seen by whoever wrote the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verified {
    /// The clause was read.
    Read,
    /// Others describe it.
    Secondary,
    /// From memory.
    Recall,
}

impl Verified {
    /// Every value.
    pub const ALL: &'static [Self] = &[Self::Read, Self::Secondary, Self::Recall];
    /// As written in a pack.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Secondary => "secondary",
            Self::Recall => "recall",
        }
    }

    /// What is added to the clause, so that nobody takes a report of a text for the text.
    pub(crate) const fn caution(self) -> &'static str {
        match self {
            Self::Read => "",
            Self::Secondary => "; as described by others, the text itself not read",
            Self::Recall => "; from memory, the text not found",
        }
    }
}

/// A rule that forbids.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Row of the backlog, with a letter where the row is split: `CHK-09-a`.
    pub id: String,
    /// Where it applies.
    pub gates: Vec<Gate>,
    /// What it does.
    pub severity: Severity,
    /// How closely its source was seen.
    pub verified: Verified,
    /// What stands in the record when it applies.
    pub reason: Reason,
    /// Codes of its sources, as in `pack.toml`.
    pub sources: Vec<String>,
    /// Line of its `@id` in `rules.cedar`.
    pub line: u32,
    /// The policy, once for each of its gates. `action in […]` follows a path between entities, which level 0 forbids.
    pub(crate) policies: Vec<(Gate, Policy)>,
}

impl Rule {
    /// The row of the backlog: the id without a letter.
    pub fn row(&self) -> &str {
        row(&self.id)
    }

    /// Its condition in Cedar, on one line, without gates and annotations.
    pub fn condition(&self) -> String {
        let text = self.policies.first().map(|(_, policy)| policy.to_string());
        let text = text.unwrap_or_default();
        // The condition stands last; annotations before it may hold the word too.
        let from = text.rfind("when {").unwrap_or(text.len());
        let condition = text.get(from..).unwrap_or_default();
        condition.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The row of a rule id: `CHK-09` of `CHK-09-a`.
pub(crate) fn row(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((row, letter))
            if letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase()) =>
        {
            row
        }
        _ => id,
    }
}
