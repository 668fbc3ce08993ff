//! `coldproof pack diff`: what changes between two versions of a pack.

use super::super::args::{Form, PackDiff};
use super::super::exit::{Exit, Failure};
use super::{force, gates, named, value};
use protocol::{Pack, Rule};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn run(args: &PackDiff, form: Form) -> Result<Exit, Failure> {
    let (old, new) = (named(&args.old)?, named(&args.new)?);
    let changes = changes(&old, &new);
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"old": old.name(), "new": new.name(), "changes": changes.iter().map(|(what, says)| serde_json::json!({"what": what, "says": says})).collect::<Vec<_>>()})
        ),
        Form::Human | Form::Plain => {
            println!("{}\n{}", old.name(), new.name());
            for (what, says) in &changes {
                println!("{what}: {says}");
            }
            println!("{} changes", changes.len());
        }
    }
    Ok(Exit::Done)
}

/// What was added, removed or changed, each with a word and a sentence.
fn changes(old: &Pack, new: &Pack) -> Vec<(&'static str, String)> {
    let by_id = |pack: &'_ Pack| -> BTreeMap<String, Rule> {
        let rules = pack.rules.iter();
        rules.map(|rule| (rule.id.clone(), rule.clone())).collect()
    };
    let (before, after) = (by_id(old), by_id(new));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for id in ids {
        match (before.get(id), after.get(id)) {
            (None, Some(rule)) => {
                found.push(("rule added", format!("{id}, {}", rule.reason.says)));
            }
            (Some(rule), None) => {
                found.push(("rule removed", format!("{id}, {}", rule.reason.says)));
            }
            (Some(one), Some(other)) => {
                for (part, was, is) in parts(one, other) {
                    found.push((
                        "rule changed",
                        format!("{id}, {part}: was `{was}`, is `{is}`"),
                    ));
                }
            }
            (None, None) => {}
        }
    }
    let names: BTreeSet<&String> = old.parameters.keys().chain(new.parameters.keys()).collect();
    for name in names {
        let said = |pack: &Pack| {
            pack.parameters.get(name).map_or_else(
                || "not set".to_owned(),
                |parameter| format!("{} ({})", value(parameter.value), parameter.why),
            )
        };
        let (was, is) = (said(old), said(new));
        if was != is {
            found.push(("bound changed", format!("{name}: was `{was}`, is `{is}`")));
        }
    }
    if old.items != new.items {
        found.push((
            "checks changed",
            format!("{} items, {} before", new.items.len(), old.items.len()),
        ));
    }
    found
}

/// The parts of a rule that differ, each as it was and as it is.
fn parts(one: &Rule, other: &Rule) -> Vec<(&'static str, String, String)> {
    let all = |rule: &Rule| {
        [
            ("gates", gates(rule).join(", ")),
            ("severity", rule.severity.word().to_owned()),
            ("condition", rule.condition()),
            ("message", rule.reason.says.clone()),
            ("source", rule.reason.source.clone()),
            ("clause", rule.reason.clause.clone()),
            ("force", force(rule)),
            ("seen", rule.verified.word().to_owned()),
            ("duty", rule.reason.who.clone()),
            ("cure", rule.reason.cure.clone()),
        ]
    };
    let pairs = all(one).into_iter().zip(all(other));
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((part, was), (_, is))| (part, was, is))
        .collect()
}
