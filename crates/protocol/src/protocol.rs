//! The packs in force, composed, and their judgement.

use crate::{
    checks::{self, Item, WorksKind},
    engine::Engine,
    fault::{Fault, LoadError},
    pack::{BASE, Pack, Parameter, Stricter, Value, at_gate},
    rule::{Rule, Severity},
    schema,
    source::Source,
};
use domain::{
    facts::Facts,
    judge::{Gate, Judge, Judgement},
    outcome::{Force, Limits, Reason},
    words::{Check, Works},
};
use std::collections::BTreeMap;

/// Packs in force. Parsed and held to the format once; judging borrows it, from any number of threads.
#[derive(Debug)]
pub struct Protocol {
    packs: Vec<Pack>,
    limits: Limits,
    /// Pack and place of each rule, by id.
    rules: BTreeMap<String, (usize, usize)>,
    engine: Engine,
}

impl Protocol {
    /// Reads packs and composes them: rules add up, parameters take the strictest value.
    ///
    /// # Errors
    /// Every fault of every pack; `base` missing; a rule id in two packs; a parameter that `base` does not declare.
    pub fn load(sources: &[Source]) -> Result<Self, LoadError> {
        let mut packs = Vec::new();
        let mut faults = Vec::new();
        for source in sources {
            match Pack::read(source) {
                Ok(pack) => packs.push(pack),
                Err(error) => faults.extend(error.faults),
            }
        }
        if !sources.iter().any(|source| source.name == BASE) {
            faults.push(Fault::new(
                BASE,
                "",
                None,
                "no pack permits anything: `base` is not among them",
            ));
        }
        // The order in which packs were named means nothing.
        packs.sort_by(|one, other| one.id.cmp(&other.id));
        let rules = unique(&packs, &mut faults);
        let limits = compose_limits(&packs, &mut faults);
        if !faults.is_empty() {
            return Err(LoadError::new(faults));
        }
        let engine = engine(&packs)
            .map_err(|says| LoadError::new(vec![Fault::new(BASE, "", None, says)]))?;
        Ok(Self {
            packs,
            limits,
            rules,
            engine,
        })
    }

    /// `name@version:sha256` of each pack, in order of names: what an entry says it was judged by.
    pub fn packs(&self) -> Vec<String> {
        self.packs.iter().map(Pack::name).collect()
    }

    /// The packs themselves, in order of names.
    pub fn all(&self) -> &[Pack] {
        &self.packs
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let (pack, rule) = self.rules.get(id)?;
        self.packs.get(*pack)?.rules.get(*rule)
    }

    /// Every rule, by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.keys().filter_map(|id| self.rule(id))
    }

    /// Items of one check for one weapon, the spoken call last.
    pub fn checks(&self, phase: Check, works: Works) -> Vec<&Item> {
        self.items(phase, works.into())
    }

    pub(crate) fn items(&self, phase: Check, works: WorksKind) -> Vec<&Item> {
        checks::compose(self.packs.iter().flat_map(|pack| &pack.items), phase, works)
    }
}

impl Judge for Protocol {
    fn judge(&self, gate: Gate, facts: &Facts) -> Judgement {
        let mut judgement = Judgement::default();
        let (refusing, speaking) = match self.engine.ask(gate, facts) {
            Ok(answers) => answers,
            Err(says) => {
                judgement.refused.push(fault(
                    "PR-0002",
                    format!("FAULT: the packs could not be asked: {says}"),
                ));
                return judgement;
            }
        };
        for (id, says) in refusing.erred.iter().chain(&speaking.erred) {
            let says =
                format!("FAULT: this rule could not be evaluated, so nothing is granted: {says}");
            judgement.refused.push(fault(id, says));
        }
        let applied = refusing
            .ids
            .iter()
            .filter(|_| !refusing.allowed)
            .chain(&speaking.ids);
        for id in applied {
            match self.rule(id) {
                Some(rule) => {
                    let list = match rule.severity {
                        Severity::HardStop => &mut judgement.refused,
                        Severity::Required => &mut judgement.owed,
                        Severity::Advisory => &mut judgement.advice,
                    };
                    list.push(rule.reason.clone());
                }
                // A permit beside a rule that erred: Cedar allowed, we did not, and the rule is listed above.
                None if !refusing.erred.is_empty() => {}
                None => judgement
                    .refused
                    .push(fault(id, "FAULT: an unknown rule applied".into())),
            }
        }
        if !refusing.allowed && judgement.refused.is_empty() {
            judgement.refused.push(fault(
                "PR-0001",
                "FAULT: no pack in force permits this request".into(),
            ));
        }
        for list in [
            &mut judgement.refused,
            &mut judgement.owed,
            &mut judgement.advice,
        ] {
            list.sort_by(|one, other| one.code.cmp(&other.code));
        }
        judgement
    }

    fn limits(&self) -> Limits {
        self.limits.clone()
    }
}

/// Why nothing is granted when the packs themselves are at fault.
fn fault(code: &str, says: String) -> Reason {
    Reason {
        code: code.to_owned(),
        says,
        source: "Coldproof".to_owned(),
        clause: "doubt is a refusal".to_owned(),
        force: Force::Record,
        who: "administrator".to_owned(),
        cure: "put packs in force that can judge this request".to_owned(),
    }
}

fn engine(packs: &[Pack]) -> Result<Engine, String> {
    let rules = |refuse: bool| {
        let all = packs.iter().flat_map(|pack| &pack.rules);
        all.filter(move |rule| (rule.severity == Severity::HardStop) == refuse)
    };
    Engine::new(schema::schema()?, |gate| {
        let permits = packs.iter().flat_map(|pack| &pack.permits);
        let permits = permits
            .filter(|(at, _)| *at == gate)
            .map(|(_, policy)| policy.clone());
        (
            at_gate(rules(true), gate).chain(permits).collect(),
            at_gate(rules(false), gate).collect(),
        )
    })
}

/// Where each rule stands; a fault for each id, pack or permitted gate that stands twice.
fn unique(packs: &[Pack], faults: &mut Vec<Fault>) -> BTreeMap<String, (usize, usize)> {
    let mut places = BTreeMap::new();
    let mut gates = Vec::new();
    for (at, pack) in packs.iter().enumerate() {
        if packs.iter().skip(at + 1).any(|other| other.id == pack.id) {
            faults.push(Fault::new(&pack.id, "", None, "the pack stands twice"));
        }
        for (gate, policy) in &pack.permits {
            if gates.contains(gate) {
                let says = format!(
                    "`{}` is permitted twice, again by `{}`",
                    gate.name(),
                    policy.id()
                );
                faults.push(Fault::new(&pack.id, "rules.cedar", None, says));
            }
            gates.push(*gate);
        }
        for (index, rule) in pack.rules.iter().enumerate() {
            if places.insert(rule.id.clone(), (at, index)).is_some() {
                let says = format!("rule `{}` stands in another place too", rule.id);
                faults.push(Fault::new(&pack.id, "rules.cedar", Some(rule.line), says));
            }
        }
    }
    places
}

/// The strictest value of each parameter. One that no pack declares keeps the domain's own value.
fn compose_limits(packs: &[Pack], faults: &mut Vec<Fault>) -> Limits {
    let mut wrong =
        |pack: &Pack, says: String| faults.push(Fault::new(&pack.id, "pack.toml", None, says));
    let Some(base) = packs.iter().find(|pack| pack.id == BASE) else {
        return Limits::default();
    };
    let mut values: BTreeMap<&str, (Stricter, Value)> = BTreeMap::new();
    for (
        name,
        Parameter {
            value, stricter, ..
        },
    ) in &base.parameters
    {
        if let Some(stricter) = stricter {
            values.insert(name, (*stricter, *value));
        }
    }
    for pack in packs.iter().filter(|pack| pack.id != BASE) {
        for (name, parameter) in &pack.parameters {
            let Some((stricter, value)) = values.get_mut(name.as_str()) else {
                wrong(
                    pack,
                    format!("parameter `{name}` is not declared in `base`"),
                );
                continue;
            };
            *value = match (*value, parameter.value, *stricter) {
                (Value::Bool(one), Value::Bool(other), Stricter::Lower) => {
                    Value::Bool(one && other)
                }
                (Value::Bool(one), Value::Bool(other), Stricter::Higher) => {
                    Value::Bool(one || other)
                }
                (Value::Millis(one), Value::Millis(other), Stricter::Lower) => {
                    Value::Millis(one.min(other))
                }
                (Value::Millis(one), Value::Millis(other), Stricter::Higher) => {
                    Value::Millis(one.max(other))
                }
                (kept @ Value::Bool(_), Value::Millis(_), _)
                | (kept @ Value::Millis(_), Value::Bool(_), _) => {
                    wrong(
                        pack,
                        format!("parameter `{name}` is of another type in `base`"),
                    );
                    kept
                }
            };
        }
    }
    let chosen = values.into_iter().map(|(name, (_, value))| (name, value));
    limits(chosen).unwrap_or_else(|says| {
        wrong(base, says);
        Limits::default()
    })
}

/// The domain's bounds with these values in place, by field name.
fn limits<'a>(values: impl Iterator<Item = (&'a str, Value)>) -> Result<Limits, String> {
    let mut fields = serde_json::to_value(Limits::default()).map_err(|error| error.to_string())?;
    for (name, value) in values {
        let field = fields
            .get_mut(name)
            .ok_or_else(|| format!("parameter `{name}` is no bound that the domain knows"))?;
        *field = match value {
            Value::Bool(value) => value.into(),
            Value::Millis(value) => value.into(),
        };
    }
    serde_json::from_value(fields).map_err(|error| error.to_string())
}

/// Names of the bounds that `base` must declare.
pub(crate) fn limit_names() -> Vec<String> {
    serde_json::to_value(Limits::default())
        .ok()
        .and_then(|fields| {
            fields
                .as_object()
                .map(|fields| fields.keys().cloned().collect())
        })
        .unwrap_or_default()
}
