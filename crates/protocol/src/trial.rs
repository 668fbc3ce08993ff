//! The tests of a pack: facts in, decision and rules out, as data.

use crate::{
    fault::{Fault, LoadError, line_at},
    protocol::Protocol,
    source::Source,
};
use domain::{
    facts::{FactValue, Facts},
    judge::{Gate, Judge, Judgement},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Facts by name, to start a test from.
pub type Baselines = BTreeMap<String, Facts>;

/// What a judgement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// A rule refuses.
    Refused,
    /// Admitted, with an item owed.
    Owed,
    /// Admitted.
    Admitted,
}

/// What a judgement comes to.
pub fn decision(judgement: &Judgement) -> Decision {
    if !judgement.refused.is_empty() {
        Decision::Refused
    } else if !judgement.owed.is_empty() {
        Decision::Owed
    } else {
        Decision::Admitted
    }
}

/// One test, as read.
#[derive(Clone, Debug)]
pub struct Trial {
    /// A sentence.
    pub name: String,
    /// Where it is asked.
    pub gates: Vec<Gate>,
    /// The facts.
    pub facts: Facts,
    /// What must come of it.
    pub expect: Decision,
    /// Every rule that must apply, sorted; refusing, owing or advising alike.
    pub rules: Vec<String>,
    /// The file it stands in.
    pub file: String,
    /// And the line.
    pub line: u32,
}

impl Trial {
    /// Asks, and says how the answer differs from what was expected.
    pub(crate) fn run(&self, protocol: &Protocol) -> Vec<String> {
        let mut differs = Vec::new();
        for gate in &self.gates {
            let judgement = protocol.judge(*gate, &self.facts);
            let mut rules: Vec<&str> = [&judgement.refused, &judgement.owed, &judgement.advice]
                .into_iter()
                .flatten()
                .map(|reason| reason.code.as_str())
                .collect();
            rules.sort_unstable();
            let decision = decision(&judgement);
            if decision != self.expect || rules != self.rules {
                differs.push(format!(
                    "test `{}` at {}: expected {:?} by [{}], got {decision:?} by [{}]",
                    self.name,
                    gate.name(),
                    self.expect,
                    self.rules.join(", "),
                    rules.join(", "),
                ));
            }
        }
        differs
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    baseline: BTreeMap<String, Baseline>,
    #[serde(default)]
    test: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    from: Option<String>,
    facts: BTreeMap<String, Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: toml::Spanned<String>,
    gates: Vec<Gate>,
    baseline: String,
    #[serde(default)]
    facts: BTreeMap<String, Given>,
    expect: Decision,
    rules: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Given {
    Bool(bool),
    Long(i64),
}

/// Baselines of all sources, and the tests of the one named.
pub(crate) fn read(sources: &[Source], name: &str) -> Result<(Baselines, Vec<Trial>), Vec<Fault>> {
    let mut faults = Vec::new();
    let mut files = Vec::new();
    for source in sources {
        for file in source.tests() {
            match source.toml::<File>(file) {
                Ok(read) => files.push((source, file, read)),
                Err(fault) => faults.push(fault),
            }
        }
    }
    let mut baselines = Baselines::new();
    // Two rounds: a baseline may start from another of any file, which itself starts from nothing.
    for derived in [false, true] {
        for (source, file, read) in &files {
            for (title, baseline) in read
                .baseline
                .iter()
                .filter(|(_, baseline)| baseline.from.is_some() == derived)
            {
                let start = match &baseline.from {
                    None => Some(Facts::default()),
                    Some(from) => baselines.get(from).cloned(),
                };
                let known = start.ok_or_else(|| "it starts from no known baseline".to_owned());
                let made = known.and_then(|facts| with(facts, &baseline.facts));
                match made {
                    Ok(facts) => drop(baselines.insert(title.clone(), facts)),
                    Err(says) => faults.push(Fault::new(
                        &source.name,
                        file,
                        None,
                        format!("baseline `{title}`: {says}"),
                    )),
                }
            }
        }
    }
    let mut trials = Vec::new();
    for (source, file, read) in files.iter().filter(|(source, ..)| source.name == name) {
        let text = source.text(file).unwrap_or_default();
        for entry in &read.test {
            let line = line_at(text, entry.name.span().start);
            let start = baselines
                .get(&entry.baseline)
                .cloned()
                .ok_or_else(|| format!("no baseline `{}`", entry.baseline));
            match start.and_then(|facts| with(facts, &entry.facts)) {
                Ok(facts) => {
                    let mut rules = entry.rules.clone();
                    rules.sort();
                    trials.push(Trial {
                        name: entry.name.get_ref().clone(),
                        gates: entry.gates.clone(),
                        facts,
                        expect: entry.expect,
                        rules,
                        file: (*file).to_owned(),
                        line,
                    });
                }
                Err(says) => faults.push(Fault::new(&source.name, file, Some(line), says)),
            }
        }
    }
    if faults.is_empty() {
        Ok((baselines, trials))
    } else {
        Err(faults)
    }
}

fn with(mut facts: Facts, given: &BTreeMap<String, Given>) -> Result<Facts, String> {
    for (name, value) in given {
        let value = match value {
            Given::Bool(value) => FactValue::Bool(*value),
            Given::Long(value) => FactValue::Long(*value),
        };
        if !facts.set(name, value) {
            return Err(format!("`{name}` is no fact of this type"));
        }
    }
    Ok(facts)
}

/// Baselines of these packs, by name: facts to start from in tests and measurements.
///
/// # Errors
/// What is wrong with the packs' files of tests.
pub fn baselines(sources: &[Source]) -> Result<Baselines, LoadError> {
    read(sources, "")
        .map(|(baselines, _)| baselines)
        .map_err(LoadError::new)
}
