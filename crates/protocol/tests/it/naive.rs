//! The engine against a second evaluator that knows only the published form of a rule: its JSON.

use domain::{
    facts::{FactType, FactValue, Facts},
    judge::{Gate, Judge},
};
use protocol::{Protocol, Severity, baselines, shipped};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A rule as written: id, gates, conditions.
struct Written {
    id: String,
    gates: Vec<String>,
    when: Vec<Json>,
}

fn written() -> Vec<Written> {
    let mut found = Vec::new();
    for source in shipped() {
        let text = std::str::from_utf8(&source.files["rules.cedar"]).unwrap();
        let set: cedar_policy::PolicySet = text.parse().unwrap();
        for policy in set
            .policies()
            .filter(|policy| policy.effect() == cedar_policy::Effect::Forbid)
        {
            let json = policy.to_json().unwrap();
            let action = &json["action"];
            let one = action.get("entity").into_iter().chain(
                action
                    .get("entities")
                    .and_then(Json::as_array)
                    .into_iter()
                    .flatten(),
            );
            found.push(Written {
                id: policy.annotation("id").unwrap().to_owned(),
                gates: one
                    .map(|gate| gate["id"].as_str().unwrap().to_owned())
                    .collect(),
                when: json["conditions"].as_array().unwrap().clone(),
            });
        }
    }
    found
}

fn number(json: &Json, facts: &BTreeMap<&str, FactValue>) -> i64 {
    match json.get("Value") {
        Some(value) => value.as_i64().unwrap(),
        None => match facts[json["."]["attr"].as_str().unwrap()] {
            FactValue::Long(value) => value,
            FactValue::Bool(value) => value.into(),
        },
    }
}

fn holds(json: &Json, facts: &BTreeMap<&str, FactValue>) -> bool {
    let (operator, parts) = json.as_object().unwrap().iter().next().unwrap();
    let both = || {
        (
            number(&parts["left"], facts),
            number(&parts["right"], facts),
        )
    };
    match operator.as_str() {
        "Value" => parts.as_bool().unwrap(),
        "." => facts[parts["attr"].as_str().unwrap()] == FactValue::Bool(true),
        "!" => !holds(&parts["arg"], facts),
        "&&" => holds(&parts["left"], facts) && holds(&parts["right"], facts),
        "||" => holds(&parts["left"], facts) || holds(&parts["right"], facts),
        "<" => both().0 < both().1,
        "<=" => both().0 <= both().1,
        ">" => both().0 > both().1,
        ">=" => both().0 >= both().1,
        "==" => both().0 == both().1,
        "!=" => both().0 != both().1,
        other => panic!("a rule has `{other}`"),
    }
}

/// Numbers of a fixed seed: the same on every machine.
fn next(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// Facts near those of a baseline: some turned, numbers small, at a bound, or as far out as they go.
fn near(start: &Facts, seed: &mut u64) -> Facts {
    let mut facts = start.clone();
    for (name, kind, _) in Facts::FIELDS {
        if !next(seed).is_multiple_of(12) {
            continue;
        }
        let value = match kind {
            FactType::Bool => FactValue::Bool(next(seed).is_multiple_of(2)),
            FactType::Long => {
                let values = [
                    0,
                    1,
                    2,
                    3,
                    6,
                    6_096,
                    14_999,
                    15_000,
                    600_000,
                    600_001,
                    1_800_001,
                    i64::MAX,
                    i64::MIN,
                    -1,
                ];
                FactValue::Long(values[usize::try_from(next(seed)).unwrap() % values.len()])
            }
        };
        assert!(facts.set(name, value));
    }
    facts
}

#[test]
fn the_engine_and_a_naive_evaluator_name_the_same_rules() {
    let (protocol, written) = (Protocol::load(&shipped()).unwrap(), written());
    let baselines = baselines(&shipped()).unwrap();
    let mut seed = 0x5eed_c01d_9a00_f001;
    let mut applied = BTreeMap::<String, usize>::new();
    for round in 0..60 {
        for start in baselines.values() {
            let facts = near(start, &mut seed);
            let values: BTreeMap<&str, FactValue> = facts.values().collect();
            for gate in Gate::ALL {
                let of = |severity: Severity| -> Vec<String> {
                    let mut ids: Vec<String> = written
                        .iter()
                        .filter(|rule| rule.gates.iter().any(|named| named == gate.name()))
                        .filter(|rule| protocol.rule(&rule.id).unwrap().severity == severity)
                        .filter(|rule| {
                            rule.when.iter().all(|part| {
                                holds(&part["body"], &values) == (part["kind"] == "when")
                            })
                        })
                        .map(|rule| rule.id.clone())
                        .collect();
                    ids.sort();
                    ids
                };
                let judgement = protocol.judge(*gate, &facts);
                for (severity, said) in [
                    (Severity::HardStop, &judgement.refused),
                    (Severity::Required, &judgement.owed),
                    (Severity::Advisory, &judgement.advice),
                ] {
                    let said: Vec<&str> = said.iter().map(|reason| reason.code.as_str()).collect();
                    assert_eq!(
                        said,
                        of(severity),
                        "round {round} at {}: {facts:?}",
                        gate.name()
                    );
                    for id in said {
                        *applied.entry(id.to_owned()).or_default() += 1;
                    }
                }
            }
        }
    }
    // The numbers reach the rules: nearly every one applied somewhere.
    assert!(
        applied.len() + 4 > protocol.rules().count(),
        "only {} rules applied",
        applied.len()
    );
}
