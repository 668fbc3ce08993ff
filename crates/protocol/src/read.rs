//! Reads a rule from a policy and what stands beside it. Every fault is collected, so that an author sees them at once.

use crate::{
    fault::{Fault, line_at},
    rule::{Rule, Severity, Verified, row},
    shape,
};
use cedar_policy::{ActionConstraint, Policy, PrincipalConstraint, ResourceConstraint};
use domain::{
    judge::Gate,
    outcome::{Force, Reason},
};

/// Annotations that a rule carries, all of them.
const KEYS: &[&str] = &[
    "id", "source", "clause", "force", "message", "duty", "remedy", "severity", "verified",
];

/// The text of the policies, their pack and the names of its sources: what reading a policy needs.
pub(crate) struct Reader<'a> {
    pub(crate) pack: &'a str,
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    /// What `pack.toml` calls the source with this code.
    pub(crate) sources: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn fault(&self, line: Option<u32>, says: impl Into<String>) -> Fault {
        Fault::new(self.pack, self.file, line, says)
    }

    /// Id and line of a policy.
    pub(crate) fn id(&self, policy: &Policy) -> Result<(String, u32), Fault> {
        let Some(id) = policy.annotation("id") else {
            let text = policy.to_cedar().unwrap_or_default();
            let first = text.lines().next().unwrap_or_default();
            return Err(self.fault(None, format!("a rule has no `@id`: {first}")));
        };
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
        let known = |name: &str| Gate::ALL.iter().copied().find(|gate| gate.name() == name);
        let gates: Option<Vec<Gate>> = named
            .iter()
            .map(|action| known(action.id().unescaped()))
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
        let beside = Beside {
            id: &id,
            policy,
            faults: Vec::new(),
        };
        let (beside, reason) = self.beside(beside);
        let mut faults: Vec<Fault> = beside
            .into_iter()
            .map(|says| self.fault(Some(line), format!("rule `{id}` {says}")))
            .collect();
        let gates = self
            .gates(policy, line)
            .map_err(|fault| faults.push(fault))
            .unwrap_or_default();
        let mut policies = Vec::new();
        match policy.to_json() {
            Err(error) => faults.push(self.fault(
                Some(line),
                format!("rule `{id}` cannot be written as data: {error}"),
            )),
            Ok(json) => {
                if let Some(says) = shape::forbidden(&json) {
                    faults.push(self.fault(Some(line), format!("rule `{id}`: {says}")));
                }
                for gate in &gates {
                    match shape::at_gate(&json, &id, *gate) {
                        Ok(policy) => policies.push((*gate, policy)),
                        Err(says) => {
                            faults.push(self.fault(Some(line), format!("rule `{id}`: {says}")));
                        }
                    }
                }
            }
        }
        match reason {
            Some(read) if faults.is_empty() => Ok(Rule {
                id,
                gates,
                severity: read.severity,
                verified: read.verified,
                reason: read.reason,
                sources: read.codes,
                line,
                policies,
            }),
            _ => Err(faults),
        }
    }

    /// Reads the annotations: what is wrong with them, and what they say if nothing is.
    fn beside(&self, mut beside: Beside<'_>) -> (Vec<String>, Option<Read>) {
        if !is_id(beside.id) {
            beside.wrong("has an id that is no row of the backlog, such as `CHK-04`, with a small letter where it is split");
        }
        for (key, _) in beside.policy.annotations() {
            if !KEYS.contains(&key) {
                beside.wrong(format!(
                    "has `@{key}`, and `@{key}` means nothing in a pack"
                ));
            }
        }
        let source = beside.text("source");
        let clause = beside.text("clause");
        let force = beside.word("force", FORCES);
        let says = beside.text("message");
        let who = beside.text("duty");
        let cure = beside.text("remedy");
        let severity = beside.word("severity", &pairs(Severity::ALL, Severity::word));
        let verified = beside.word("verified", &pairs(Verified::ALL, Verified::word));
        let codes: Vec<String> = source
            .split(';')
            .map(|code| code.trim().to_owned())
            .collect();
        let mut names = Vec::new();
        for code in codes.iter().filter(|code| !code.is_empty()) {
            match (self.sources)(code) {
                Some(name) => names.push(name),
                None => beside.wrong(format!(
                    "names source `{code}`, which does not stand in pack.toml"
                )),
            }
        }
        let read = match (severity, verified, force) {
            (Some(severity), Some(verified), Some(force)) => {
                let (code, source) = (beside.id.to_owned(), names.join("; "));
                let clause = format!("{clause}{}", verified.caution());
                let reason = Reason {
                    code,
                    says,
                    source,
                    clause,
                    force,
                    who,
                    cure,
                };
                Some(Read {
                    reason,
                    severity,
                    verified,
                    codes,
                })
            }
            _ => None,
        };
        (beside.faults, read)
    }
}

/// What stands beside a policy, as read.
struct Read {
    reason: Reason,
    severity: Severity,
    verified: Verified,
    codes: Vec<String>,
}

/// A policy's annotations being read.
struct Beside<'a> {
    id: &'a str,
    policy: &'a Policy,
    faults: Vec<String>,
}

impl Beside<'_> {
    fn wrong(&mut self, says: impl Into<String>) {
        self.faults.push(says.into());
    }

    fn text(&mut self, key: &str) -> String {
        let found = self
            .policy
            .annotation(key)
            .map(str::trim)
            .unwrap_or_default()
            .to_owned();
        if found.is_empty() {
            self.wrong(format!("has no `@{key}`"));
        }
        found
    }

    fn word<T: Copy>(&mut self, key: &str, known: &[(T, &str)]) -> Option<T> {
        let said = self.text(key);
        let found = known
            .iter()
            .find_map(|(value, word)| (*word == said).then_some(*value));
        if found.is_none() && !said.is_empty() {
            let words: Vec<&str> = known.iter().map(|(_, word)| *word).collect();
            self.wrong(format!(
                "says `@{key}(\"{said}\")`; `@{key}` is one of {}",
                words.join(", ")
            ));
        }
        found
    }
}

const FORCES: &[(Force, &str)] = &[
    (Force::Law, "law"),
    (Force::Guideline, "guideline"),
    (Force::Finding, "finding"),
    (Force::Contract, "contract"),
    (Force::Practice, "practice"),
    (Force::Record, "record"),
];

fn pairs<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<(T, &'static str)> {
    all.iter().map(|value| (*value, word(*value))).collect()
}

fn is_id(id: &str) -> bool {
    row(id).split_once('-').is_some_and(|(topic, number)| {
        topic.len() == 3
            && topic.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}
