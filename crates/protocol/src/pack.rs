//! One pack, read from named bytes and held to the format.

use crate::{
    checks::{self, Item},
    fault::{Fault, LoadError, line_of},
    limit,
    read::Reader,
    rule::Rule,
    schema, shape,
    source::Source,
};
use cedar_policy::{Effect, Policy, PolicyId, PolicySet, ValidationMode, Validator};
use domain::{judge::Gate, time::Millis};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The one pack that permits and declares parameters.
pub(crate) const BASE: &str = "base";
const MANIFEST: &str = "pack.toml";
const RULES: &str = "rules.cedar";

/// Which way a parameter is stricter. Declared in `base` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stricter {
    /// The lower value; `false` of a yes-or-no.
    Lower,
    /// The higher value; `true` of a yes-or-no.
    Higher,
}

/// Value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A length of time, ms.
    Millis(Millis),
}

/// A bound that a pack sets: a field of [`domain::outcome::Limits`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its value in this pack.
    pub value: Value,
    /// Which way is stricter; in `base`, and there always.
    pub stricter: Option<Stricter>,
    /// Where the figure comes from; that it is ours, if it is.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    id: String,
    version: String,
    title: String,
    jurisdictions: Vec<String>,
    #[serde(default)]
    source: Vec<Cited>,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cited {
    code: String,
    name: String,
    place: String,
}

/// A pack that keeps to the format by itself. Whether it fits others is [`crate::Protocol`]'s question.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name: the folder and the `id`.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it is called for people.
    pub title: String,
    /// Places or trades it speaks for.
    pub jurisdictions: Vec<String>,
    /// SHA-256 over its files, lower-case hex.
    pub digest: String,
    /// Bounds it sets.
    pub parameters: BTreeMap<String, Parameter>,
    /// What it forbids, in file order.
    pub rules: Vec<Rule>,
    /// Items of the checks, in file order.
    pub items: Vec<Item>,
    pub(crate) permits: Vec<(Gate, Policy)>,
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// Every fault found: a missing or unreadable file, an annotation missing, a rule that the schema or the format
    /// does not allow.
    pub fn read(source: &Source) -> Result<Self, LoadError> {
        let manifest: Manifest = source
            .toml(MANIFEST)
            .map_err(|fault| LoadError::new(vec![fault]))?;
        let mut faults = manifest_faults(source, &manifest);
        let items = if source.files.contains_key(checks::FILE) {
            checks::read(source)
                .map_err(|fault| faults.push(fault))
                .unwrap_or_default()
        } else {
            Vec::new()
        };
        let policies = policies(source, &manifest, &mut faults);
        if !faults.is_empty() {
            return Err(LoadError::new(faults));
        }
        Ok(Self {
            id: manifest.id,
            version: manifest.version,
            title: manifest.title,
            jurisdictions: manifest.jurisdictions,
            digest: source.digest(),
            parameters: manifest.parameters,
            rules: policies.rules,
            items,
            permits: policies.permits,
        })
    }

    /// `name@version:sha256`, as it stands in the record.
    pub fn name(&self) -> String {
        format!("{}@{}:{}", self.id, self.version, self.digest)
    }
}

fn manifest_faults(source: &Source, manifest: &Manifest) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |says: String| faults.push(Fault::new(&source.name, MANIFEST, None, says));
    if manifest.id != source.name {
        wrong(format!(
            "the id is `{}` and the folder `{}`",
            manifest.id, source.name
        ));
    }
    let plain = |text: &str, more: &[u8]| {
        !text.is_empty()
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || more.contains(&byte)
            })
    };
    if !plain(&manifest.id, b"-") {
        wrong("an id is small letters, digits and hyphens".into());
    }
    if !plain(&manifest.version, b".-") {
        wrong("a version is digits, small letters, dots and hyphens".into());
    }
    if manifest.title.trim().is_empty() || manifest.jurisdictions.is_empty() {
        wrong("a pack has a title, and names the places or trades it speaks for".into());
    }
    let codes: BTreeSet<&str> = manifest
        .source
        .iter()
        .map(|cited| cited.code.as_str())
        .collect();
    if codes.len() != manifest.source.len() {
        wrong("a source stands twice".into());
    }
    for (name, parameter) in &manifest.parameters {
        if parameter.why.trim().is_empty() {
            wrong(format!(
                "parameter `{name}` does not say where its figure comes from"
            ));
        }
        if (manifest.id == BASE) != parameter.stricter.is_some() {
            wrong(format!(
                "parameter `{name}`: `stricter` stands in `base`, and only there"
            ));
        }
        if matches!(parameter.value, Value::Millis(value) if value <= 0) {
            wrong(format!("parameter `{name}` is above 0"));
        }
    }
    faults
}

#[derive(Default)]
struct Policies {
    permits: Vec<(Gate, Policy)>,
    rules: Vec<Rule>,
}

fn policies(source: &Source, manifest: &Manifest, faults: &mut Vec<Fault>) -> Policies {
    let text = match source.text(RULES) {
        Ok(text) => text,
        Err(fault) => {
            faults.push(fault);
            return Policies::default();
        }
    };
    let set: PolicySet = match text.parse() {
        Ok(set) => set,
        Err(errors) => {
            faults.extend(cedar_policy::ParseErrors::iter(&errors).map(|error| {
                Fault::new(&source.name, RULES, line_of(error, text), error.to_string())
            }));
            return Policies::default();
        }
    };
    if set.num_of_templates() > 0 || set.num_of_policies() > limit::RULES {
        let says = format!("a pack has no templates and at most {} rules", limit::RULES);
        faults.push(Fault::new(&source.name, RULES, None, says));
        return Policies::default();
    }
    let name_of = |code: &str| {
        let cited = manifest.source.iter().find(|cited| cited.code == code)?;
        Some(if cited.place.is_empty() {
            cited.name.clone()
        } else {
            format!("{} ({})", cited.name, cited.place)
        })
    };
    let reader = Reader {
        pack: &source.name,
        file: RULES,
        text,
        sources: &name_of,
    };
    let mut found = Policies::default();
    // Cedar names parsed policies policy0, policy1, … by position: file order.
    let mut by_position: Vec<&Policy> = set.policies().collect();
    by_position.sort_by_key(|policy| {
        let name = policy.id().to_string();
        name.trim_start_matches("policy")
            .parse::<usize>()
            .unwrap_or(usize::MAX)
    });
    for policy in by_position {
        match policy.effect() {
            Effect::Forbid => match reader.rule(policy) {
                Ok(rule) => found.rules.push(rule),
                Err(more) => faults.extend(more),
            },
            Effect::Permit => match permit(&reader, &manifest.id, policy) {
                Ok(permit) => found.permits.push(permit),
                Err(fault) => faults.push(fault),
            },
        }
    }
    if faults.is_empty() {
        faults.extend(against_the_schema(source, &found));
    }
    found
}

/// A bare permit for one gate. A condition on a permit would be a rule that nobody is told about.
fn permit(reader: &Reader<'_>, pack: &str, policy: &Policy) -> Result<(Gate, Policy), Fault> {
    let (id, line) = reader.id(policy)?;
    let fault = |says: &str| Fault::new(pack, RULES, Some(line), says);
    if pack != BASE {
        return Err(fault("only `base` permits; a pack adds rules that forbid"));
    }
    let bare = shape::is_bare(policy);
    match reader.gates(policy, line)?.as_slice() {
        [gate] if bare && policy.annotations().count() == 1 => {
            Ok((*gate, policy.new_id(PolicyId::new(id))))
        }
        _ => Err(fault(
            "a permit names one gate, has an `@id` and no condition",
        )),
    }
}

fn against_the_schema(source: &Source, found: &Policies) -> Vec<Fault> {
    let whole = |says: String| vec![Fault::new(&source.name, RULES, None, says)];
    let schema = match schema::schema() {
        Ok(schema) => schema,
        Err(error) => return whole(format!("the schema of this program is broken: {error}")),
    };
    // Every gate has the same context and ends, so a rule that is sound at one of its gates is sound at all.
    let rules = found.rules.iter().filter_map(|rule| rule.policies.first());
    let set = match PolicySet::from_policies(
        rules
            .chain(&found.permits)
            .map(|(_, policy)| policy.clone()),
    ) {
        Ok(set) => set,
        Err(error) => return whole(format!("an id stands twice: {error}")),
    };
    let result = Validator::new(schema).validate_with_level(&set, ValidationMode::Strict, 0);
    let errors = result.validation_errors().map(ToString::to_string);
    // A warning says that a rule can never apply, or always does: an error to people who rely on it.
    let warnings = result.validation_warnings().map(ToString::to_string);
    errors
        .chain(warnings)
        .map(|says| {
            let named = found
                .rules
                .iter()
                .find(|rule| says.contains(&format!("`{}`", rule.id)));
            Fault::new(&source.name, RULES, named.map(|rule| rule.line), says)
        })
        .collect()
}

/// What rules say at one gate.
pub(crate) fn at_gate<'a>(
    rules: impl IntoIterator<Item = &'a Rule>,
    gate: Gate,
) -> impl Iterator<Item = Policy> {
    rules
        .into_iter()
        .flat_map(|rule| &rule.policies)
        .filter(move |(at, _)| *at == gate)
        .map(|(_, policy)| policy.clone())
}
