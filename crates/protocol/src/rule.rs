//! One rule: a Cedar policy with what people need to know about it.

use crate::{
    fault::{Fault, line_at},
    schema,
};
use cedar_policy::{ActionConstraint, Policy, PrincipalConstraint, ResourceConstraint};
use domain::{
    judge::Gate,
    outcome::{Force, Reason},
    time::Millis,
};
use serde_json::Value as Json;

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
    /// As written in a pack.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Secondary => "secondary",
            Self::Recall => "recall",
        }
    }

    /// What is added to the clause, so that nobody takes a report of a text for the text.
    const fn caution(self) -> &'static str {
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
    /// How long the owed item may stay open, ms; `None`: as the parameter `owed_ms`.
    pub limit_ms: Option<Millis>,
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
}

/// The row of a rule id: `CHK-09` of `CHK-09-a`.
fn row(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((row, letter))
            if letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase()) =>
        {
            row
        }
        _ => id,
    }
}

/// A text of the policy, its pack and the names of its sources: what reading a policy needs.
pub(crate) struct Reader<'a> {
    pub(crate) pack: &'a str,
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    /// Code and name of each source in `pack.toml`.
    pub(crate) sources: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn fault(&self, line: Option<u32>, says: impl Into<String>) -> Fault {
        Fault::new(self.pack, self.file, line, says)
    }

    /// Id and line of a policy.
    pub(crate) fn id(&self, policy: &Policy) -> Result<(String, u32), Fault> {
        let id = policy.annotation("id").ok_or_else(|| {
            self.fault(None, format!("a rule has no `@id`: {}", first_line(policy)))
        })?;
        let offset = self
            .text
            .find(&format!("@id(\"{id}\")"))
            .unwrap_or_default();
        Ok((id.to_owned(), line_at(self.text, offset)))
    }

    /// Gates named in the scope; nothing else may stand there.
    pub(crate) fn gates(&self, policy: &Policy, line: u32) -> Result<Vec<Gate>, Fault> {
        let open = policy.principal_constraint() == PrincipalConstraint::Any
            && policy.resource_constraint() == ResourceConstraint::Any;
        if !open {
            return Err(self.fault(
                Some(line),
                "a rule reads `context`; it may not name who or what in its scope",
            ));
        }
        let named = match policy.action_constraint() {
            ActionConstraint::Any => Vec::new(),
            ActionConstraint::In(actions) => actions,
            ActionConstraint::Eq(action) => vec![action],
        };
        let gates: Option<Vec<Gate>> = named
            .iter()
            .map(|action| {
                let name = action.id().unescaped();
                Gate::ALL.iter().copied().find(|gate| gate.name() == name)
            })
            .collect();
        gates.filter(|gates| !gates.is_empty()).ok_or_else(|| {
            let all: Vec<&str> = Gate::ALL.iter().map(|gate| gate.name()).collect();
            self.fault(
                Some(line),
                format!("a rule names its gates, from: {}", all.join(", ")),
            )
        })
    }

    /// A rule that forbids, with everything that must stand beside it.
    pub(crate) fn rule(&self, policy: &Policy) -> Result<Rule, Vec<Fault>> {
        let (id, line) = self.id(policy).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let mut take = |key: &str| {
            let found = policy.annotation(key).map(str::trim).unwrap_or_default();
            if found.is_empty() {
                faults.push(self.fault(Some(line), format!("rule `{id}` has no `@{key}`")));
            }
            found.to_owned()
        };
        let (source, clause, force) = (take("source"), take("clause"), take("force"));
        let (says, who, cure) = (take("message"), take("duty"), take("remedy"));
        let (severity, verified) = (take("severity"), take("verified"));

        let severity_read = [Severity::HardStop, Severity::Required, Severity::Advisory]
            .into_iter()
            .find(|known| known.word() == severity);
        let verified_read = [Verified::Read, Verified::Secondary, Verified::Recall]
            .into_iter()
            .find(|known| known.word() == verified);
        let force_read = force_of(&force);
        let mut wrong =
            |says: String| faults.push(self.fault(Some(line), format!("rule `{id}`: {says}")));
        if !is_id(&id) {
            wrong("an id is a row of the backlog, such as `CHK-04`, with a small letter where the row is split".into());
        }
        if severity_read.is_none() && !severity.is_empty() {
            wrong(format!(
                "`@severity` is hard-stop, required or advisory, not `{severity}`"
            ));
        }
        if verified_read.is_none() && !verified.is_empty() {
            wrong(format!(
                "`@verified` is read, secondary or recall, not `{verified}`"
            ));
        }
        if force_read.is_none() && !force.is_empty() {
            wrong(format!(
                "`@force` is law, guideline, finding, contract, practice or record, not `{force}`"
            ));
        }
        for (key, _) in policy.annotations() {
            if !KEYS.contains(&key) {
                wrong(format!("`@{key}` means nothing in a pack"));
            }
        }
        let limit_ms = match policy.annotation("limit_ms") {
            None => None,
            Some(text) => match text.parse::<Millis>() {
                Ok(limit) if limit > 0 && severity_read == Some(Severity::Required) => Some(limit),
                _ => {
                    wrong(
                        "`@limit_ms` is a positive number, and only a required rule has one".into(),
                    );
                    None
                }
            },
        };
        let codes: Vec<String> = source
            .split(';')
            .map(|code| code.trim().to_owned())
            .collect();
        let mut names = Vec::new();
        for code in codes.iter().filter(|code| !code.is_empty()) {
            match (self.sources)(code) {
                Some(name) => names.push(name),
                None => wrong(format!("source `{code}` does not stand in pack.toml")),
            }
        }
        if let Some(says) = forbidden_shape(policy) {
            wrong(says);
        }
        let gates = self
            .gates(policy, line)
            .map_err(|fault| faults.push(fault))
            .unwrap_or_default();
        match (severity_read, verified_read, force_read, faults.is_empty()) {
            (Some(severity), Some(verified), Some(force), true) => {
                let clause = format!("{clause}{}", verified.caution());
                let reason = Reason {
                    code: id.clone(),
                    says,
                    source: names.join("; "),
                    clause,
                    force,
                    who,
                    cure,
                };
                let policies = gates
                    .iter()
                    .map(|gate| for_gate(policy, &id, *gate).map(|policy| (*gate, policy)))
                    .collect::<Result<_, String>>()
                    .map_err(|says| vec![self.fault(Some(line), says)])?;
                Ok(Rule {
                    id,
                    gates,
                    severity,
                    verified,
                    reason,
                    sources: codes,
                    limit_ms,
                    line,
                    policies,
                })
            }
            _ => Err(faults),
        }
    }
}

/// Annotations that a rule may carry.
const KEYS: &[&str] = &[
    "id", "source", "clause", "force", "message", "duty", "remedy", "severity", "verified",
    "limit_ms",
];

fn is_id(id: &str) -> bool {
    row(id).split_once('-').is_some_and(|(topic, number)| {
        topic.len() == 3
            && topic.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The force that a word names.
pub(crate) fn force_of(word: &str) -> Option<Force> {
    Some(match word {
        "law" => Force::Law,
        "guideline" => Force::Guideline,
        "finding" => Force::Finding,
        "contract" => Force::Contract,
        "practice" => Force::Practice,
        "record" => Force::Record,
        _ => return None,
    })
}

/// What in the conditions of a policy no pack may contain. Listed is what is allowed: comparisons of facts with each
/// other and with fixed values, joined by and, or, not. No arithmetic (it overflows), no `has` (it hides a missing
/// fact), no entity (a missing one would open the door).
pub(crate) fn forbidden_shape(policy: &Policy) -> Option<String> {
    let json = match policy.to_json() {
        Ok(json) => json,
        Err(error) => return Some(format!("the rule cannot be written as data: {error}")),
    };
    let conditions = json.get("conditions").and_then(Json::as_array)?;
    if conditions.is_empty() {
        return Some("a rule has a condition".into());
    }
    conditions
        .iter()
        .find_map(|condition| condition.get("body").and_then(expression))
}

/// The same policy with one gate in its scope.
fn for_gate(policy: &Policy, id: &str, gate: Gate) -> Result<Policy, String> {
    let mut json = policy.to_json().map_err(|error| error.to_string())?;
    let action = json.get_mut("action").ok_or("the rule names no gate")?;
    *action = serde_json::json!({ "op": "==", "entity": { "type": "Action", "id": gate.name() } });
    Policy::from_json(Some(cedar_policy::PolicyId::new(id)), json)
        .map_err(|error| error.to_string())
}

fn expression(json: &Json) -> Option<String> {
    let Some((operator, arguments)) = json.as_object().and_then(|node| node.iter().next()) else {
        return Some("an expression of unknown form".into());
    };
    match operator.as_str() {
        "Value" if arguments.is_boolean() || arguments.is_i64() => None,
        "Value" => Some("only numbers, true and false are compared with".into()),
        "." if arguments.get("left") == Some(&serde_json::json!({ "Var": "context" })) => None,
        "!" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" => arguments
            .as_object()
            .and_then(|parts| parts.values().find_map(expression)),
        other => Some(format!(
            "`{other}` may not stand in a rule: it compares facts of `context` with ==, !=, <, <=, >, >=, and joins them by &&, ||, !"
        )),
    }
}

fn first_line(policy: &Policy) -> String {
    policy
        .to_cedar()
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The name of a gate as Cedar writes it.
pub(crate) fn action_uid(gate: Gate) -> Result<cedar_policy::EntityUid, String> {
    uid("Action", gate.name())
}

/// An entity of the schema. Entities carry nothing; these stand for whoever asks and whatever is asked about.
pub(crate) fn uid(kind: &str, id: &str) -> Result<cedar_policy::EntityUid, String> {
    let kind: cedar_policy::EntityTypeName = kind
        .parse()
        .map_err(|error: cedar_policy::ParseErrors| error.to_string())?;
    Ok(cedar_policy::EntityUid::from_type_name_and_id(
        kind,
        cedar_policy::EntityId::new(id),
    ))
}

/// Who and what every request names.
pub(crate) fn ends() -> Result<(cedar_policy::EntityUid, cedar_policy::EntityUid), String> {
    Ok((
        uid(schema::PRINCIPAL, "signer")?,
        uid(schema::RESOURCE, "named")?,
    ))
}
