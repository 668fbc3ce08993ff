//! `coldproof pack explain`: a pack as a page that people read.

use super::super::args::{Form, PackExplain};
use super::super::exit::{Exit, Failure};
use super::{facts_read, force, gates, named, value};
use domain::judge::Gate;
use protocol::{Pack, Rule};
use std::collections::BTreeMap;

/// The rows of the backlog with their topics; its first two columns hold neither quotes nor commas.
const ROWS: &str = include_str!("../../../../../docs/domain/rules.csv");

pub(crate) fn run(args: &PackExplain, form: Form) -> Result<Exit, Failure> {
    let pack = named(&args.pack)?;
    match form {
        Form::Json => println!("{}", json(&pack)),
        Form::Human | Form::Plain => print!("{}", page(&pack)),
    }
    Ok(Exit::Done)
}

fn json(pack: &Pack) -> serde_json::Value {
    let rules: Vec<_> = pack.rules.iter().map(rule_json).collect();
    let parameters: Vec<_> = pack
        .parameters
        .iter()
        .map(|(name, parameter)| {
            serde_json::json!({"name": name, "value": value(parameter.value), "why": parameter.why})
        })
        .collect();
    serde_json::json!({
        "name": pack.name(), "title": pack.title, "jurisdictions": pack.jurisdictions,
        "rules": rules, "parameters": parameters, "items": pack.items.len(),
    })
}

fn rule_json(rule: &Rule) -> serde_json::Value {
    serde_json::json!({
        "id": rule.id, "topic": topic(rule), "gates": gates(rule), "severity": rule.severity.word(),
        "says": rule.reason.says, "source": rule.reason.source, "clause": rule.reason.clause,
        "force": force(rule), "verified": rule.verified.word(), "who": rule.reason.who,
        "cure": rule.reason.cure, "facts": facts_read(rule), "condition": rule.condition(),
    })
}

fn page(pack: &Pack) -> String {
    let mut lines = vec![
        pack.title.clone(),
        format!("speaks for: {}", pack.jurisdictions.join(", ")),
        pack.name(),
    ];
    let mut topics: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in &pack.rules {
        topics.entry(topic(rule)).or_default().push(rule);
    }
    for (topic, rules) in topics {
        lines.push(format!("\n{topic}"));
        lines.extend(rules.into_iter().flat_map(told));
    }
    lines.push("\nby gate".to_owned());
    for gate in Gate::ALL {
        let here = pack.rules.iter().filter(|rule| rule.gates.contains(gate));
        let ids: Vec<&str> = here.map(|rule| rule.id.as_str()).collect();
        if !ids.is_empty() {
            lines.push(format!("  {}: {}", gate.name(), ids.join(", ")));
        }
    }
    if !pack.parameters.is_empty() {
        lines.push("\nbounds (the strictest of all packs in force counts)".to_owned());
    }
    for (name, parameter) in &pack.parameters {
        let figure = value(parameter.value);
        lines.push(format!("  {name} = {figure}: {}", parameter.why));
    }
    let counts = (pack.rules.len(), pack.items.len(), pack.parameters.len());
    lines.push(format!(
        "\n{} rules, {} items of checks, {} bounds",
        counts.0, counts.1, counts.2
    ));
    lines.join("\n") + "\n"
}

/// One rule in sentences. The clause says itself how closely its text was seen.
fn told(rule: &Rule) -> Vec<String> {
    let reason = &rule.reason;
    let does = match rule.severity {
        protocol::Severity::HardStop => "refuses",
        protocol::Severity::Required => "admits and leaves an item owed",
        protocol::Severity::Advisory => "advises",
    };
    vec![
        format!("  {}: {does} when {}.", rule.id, reason.says),
        format!("    at: {}", gates(rule).join(", ")),
        format!("    cure: {} ({})", reason.cure, reason.who),
        format!(
            "    source: {}, {}; {}; seen: {}",
            reason.source,
            reason.clause,
            force(rule),
            rule.verified.word()
        ),
    ]
}

fn topic(rule: &Rule) -> &'static str {
    let mut rows = ROWS.lines().filter_map(|line| line.split_once(','));
    rows.find(|(id, _)| *id == rule.row())
        .and_then(|(_, rest)| rest.split(',').next())
        .unwrap_or("other")
}
