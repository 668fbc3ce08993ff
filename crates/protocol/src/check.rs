//! `pack check`: holds a pack to the format, reads it as a stranger on set would, and runs its tests.

use crate::{
    checks::{self, WorksKind},
    fault::Fault,
    limit,
    pack::{BASE, Pack},
    protocol::{Protocol, limit_names},
    rule::{Rule, Severity},
    source::Source,
    trial::{self, Trial},
};
use domain::{judge::Gate, outcome::Force, words::Check};

const RULES: &str = "rules.cedar";

/// What `pack check` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The pack.
    pub pack: String,
    /// `name@version:sha256`; empty if it could not be read.
    pub name: String,
    /// How many rules it has.
    pub rules: usize,
    /// How many items its checks have.
    pub items: usize,
    /// How many tests were run, each gate counted.
    pub trials: usize,
    /// What is wrong, in order of file and line. Empty: the pack passes.
    pub faults: Vec<Fault>,
}

impl Report {
    /// Nothing is wrong.
    pub fn passed(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks the pack of this name. `base` must be among the sources; other packs there are left aside, so that what a
/// pack says does not depend on its neighbours.
pub fn check(sources: &[Source], name: &str) -> Report {
    let chosen: Vec<Source> = sources
        .iter()
        .filter(|source| source.name == name || source.name == BASE)
        .cloned()
        .collect();
    let mut report = Report {
        pack: name.to_owned(),
        ..Report::default()
    };
    let Some(source) = chosen.iter().find(|source| source.name == name) else {
        report
            .faults
            .push(Fault::new(name, "", None, "there is no such pack"));
        return report;
    };
    let protocol = match Protocol::load(&chosen) {
        Ok(protocol) => protocol,
        Err(error) => {
            report.faults = error.faults;
            return report;
        }
    };
    let Some(pack) = protocol.all().iter().find(|pack| pack.id == name) else {
        return report;
    };
    report.name = pack.name();
    report.rules = pack.rules.len();
    report.items = pack.items.len();
    report.faults.extend(of_files(source));
    report
        .faults
        .extend(pack.rules.iter().flat_map(|rule| of_rule(pack, rule)));
    report.faults.extend(of_items(&protocol, pack));
    if name == BASE {
        report.faults.extend(of_base(pack));
    }
    match trial::read(&chosen, name) {
        Err(faults) => report.faults.extend(faults),
        Ok((_, trials)) => {
            report.trials = trials.iter().map(|trial| trial.gates.len()).sum();
            report.faults.extend(of_trials(&protocol, pack, &trials));
        }
    }
    report.faults.sort();
    report
}

fn of_files(source: &Source) -> Vec<Fault> {
    let known = [
        "pack.toml",
        RULES,
        checks::FILE,
        "README.md",
        "hazard.xml",
        "paper.typ",
    ];
    let mut faults: Vec<Fault> = source
        .files
        .keys()
        .filter(|file| {
            !known.contains(&file.as_str()) && !source.tests().any(|test| test == file.as_str())
        })
        .map(|file| Fault::new(&source.name, file, None, "no pack has a file of this name"))
        .collect();
    if !source.files.contains_key("README.md") {
        faults.push(Fault::new(
            &source.name,
            "README.md",
            None,
            "the pack has no page for people",
        ));
    }
    faults
}

/// Words that a message may not use, and why.
const BANNED: &[(&str, &str)] = &[
    ("safe", "no weapon is called safe"),
    ("guarantee", "the record guarantees nothing"),
    ("ensure", "say what is done"),
    ("compliance", "say what is done"),
];
/// Words that claim the force of law.
const LAWFUL: &[&str] = &[
    "law",
    "laws",
    "lawful",
    "legal",
    "legally",
    "illegal",
    "unlawful",
    "statute",
    "regulation",
];

fn of_rule(pack: &Pack, rule: &Rule) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |says: String| {
        faults.push(Fault::new(
            &pack.id,
            RULES,
            Some(rule.line),
            format!("rule `{}`: {says}", rule.id),
        ));
    };
    for (key, text) in [
        ("message", &rule.reason.says),
        ("remedy", &rule.reason.cure),
    ] {
        let length = text.chars().count();
        if !limit::SENTENCE_CHARS.contains(&length) {
            let (least, most) = (limit::SENTENCE_CHARS.start(), limit::SENTENCE_CHARS.end());
            wrong(format!(
                "the {key} has {length} characters; a sentence has {least} to {most}"
            ));
        }
        if text.starts_with(char::is_uppercase) || text.ends_with('.') {
            wrong(format!(
                "the {key} is a sentence without capital or full stop; it stands after other words"
            ));
        }
        if has_code(text) {
            wrong(format!(
                "the {key} names a code that a stranger on set does not know"
            ));
        }
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .collect();
        for (word, why) in BANNED {
            if words.iter().any(|said| said == word) {
                wrong(format!("the {key} says `{word}`: {why}"));
            }
        }
        if rule.reason.force != Force::Law
            && let Some(word) = words.iter().find(|said| LAWFUL.contains(&said.as_str()))
        {
            wrong(format!(
                "the {key} says `{word}`, and its force is not that of law"
            ));
        }
    }
    if rule.severity == Severity::Required && rule.gates.contains(&Gate::Release) {
        wrong(
            "what a release leaves open would never be asked for again; refuse, or advise".into(),
        );
    }
    faults
}

/// Three capital letters, a hyphen and a digit: the id of a rule.
fn has_code(text: &str) -> bool {
    text.as_bytes().windows(5).any(|part| match part {
        [letters @ .., b'-', digit] => {
            letters.iter().all(u8::is_ascii_uppercase) && digit.is_ascii_digit()
        }
        _ => false,
    })
}

fn of_items(protocol: &Protocol, pack: &Pack) -> Vec<Fault> {
    let mut faults = Vec::new();
    for phase in Check::ALL {
        for works in WorksKind::ALL {
            let here = format!("{} of {works:?}", phase.word());
            let all = protocol.items(*phase, *works);
            // What cannot fire is proven once and has no Reset or Line check.
            let needed = pack.id == BASE && (*works != WorksKind::None || *phase == Check::Full);
            if all.is_empty() && !needed {
                continue;
            }
            if pack.id != BASE && !pack.items.iter().any(|item| item.is_for(*phase, *works)) {
                continue;
            }
            faults.extend(
                checks::lint(&all).into_iter().map(|says| {
                    Fault::new(&pack.id, checks::FILE, None, format!("{here}: {says}"))
                }),
            );
        }
    }
    faults
}

fn of_base(base: &Pack) -> Vec<Fault> {
    let undeclared = limit_names()
        .into_iter()
        .filter(|name| !base.parameters.contains_key(name))
        .map(|name| {
            Fault::new(
                BASE,
                "pack.toml",
                None,
                format!("parameter `{name}` is not declared"),
            )
        });
    let closed = Gate::ALL
        .iter()
        .filter(|gate| !base.permits.iter().any(|(permitted, _)| permitted == *gate))
        .map(|gate| {
            Fault::new(
                BASE,
                RULES,
                None,
                format!("nothing permits `{}`", gate.name()),
            )
        });
    undeclared.chain(closed).collect()
}

/// Runs the tests; each rule of the pack must be seen to apply, and seen not to at one of its own gates.
fn of_trials(protocol: &Protocol, pack: &Pack, trials: &[Trial]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for trial in trials {
        let differs = trial.run(protocol);
        faults.extend(
            differs
                .into_iter()
                .map(|says| Fault::new(&pack.id, &trial.file, Some(trial.line), says)),
        );
    }
    for rule in &pack.rules {
        let asked = |trial: &&Trial| trial.gates.iter().any(|gate| rule.gates.contains(gate));
        let applies = |trial: &Trial| trial.rules.contains(&rule.id);
        if !trials.iter().filter(asked).any(applies) {
            let says = format!("no test shows rule `{}` applying", rule.id);
            faults.push(Fault::new(&pack.id, RULES, Some(rule.line), says));
        }
        if !trials.iter().filter(asked).any(|trial| !applies(trial)) {
            let says = format!("no test shows rule `{}` not applying", rule.id);
            faults.push(Fault::new(&pack.id, RULES, Some(rule.line), says));
        }
    }
    faults
}
