//! Cedar, wrapped once. Nothing else calls the authorizer.

use crate::shape::{action, ends};
use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicySet,
    Request, RestrictedExpression, Schema,
};
use domain::{
    facts::{FactValue, Facts},
    judge::Gate,
};

/// What a set of policies said of one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// A permit applied, no forbid did.
    pub(crate) allowed: bool,
    /// Ids of the forbids that applied; of the permits, if it was allowed. Sorted.
    pub(crate) ids: Vec<String>,
    /// Id and message of each policy that erred. Cedar skips such a policy; we refuse.
    pub(crate) erred: Vec<(String, String)>,
}

/// Policies parsed once, asked many times.
#[derive(Debug)]
pub(crate) struct Engine {
    authorizer: Authorizer,
    entities: Entities,
    schema: Schema,
    signer: EntityUid,
    named: EntityUid,
    gates: Vec<AtGate>,
}

/// What is asked at one gate.
#[derive(Debug)]
struct AtGate {
    gate: Gate,
    action: EntityUid,
    /// Permits and the forbids that refuse. Cedar's own decision on these is the decision.
    refusing: PolicySet,
    /// Forbids that leave an item owed or only advise: which of them apply is all that is asked.
    speaking: PolicySet,
}

impl Engine {
    /// Takes, for each gate, the policies that refuse and those that only speak, all held to the schema before. An id
    /// that stands twice at a gate is an error.
    pub(crate) fn new(
        schema: Schema,
        at: impl Fn(Gate) -> (Vec<Policy>, Vec<Policy>),
    ) -> Result<Self, String> {
        let set = |policies| PolicySet::from_policies(policies).map_err(|error| error.to_string());
        let (signer, named) = ends()?;
        let gates = Gate::ALL.iter().map(|gate| {
            let (refusing, speaking) = at(*gate);
            Ok(AtGate {
                gate: *gate,
                action: action(*gate)?,
                refusing: set(refusing)?,
                speaking: set(speaking)?,
            })
        });
        Ok(Self {
            authorizer: Authorizer::new(),
            entities: Entities::empty(),
            signer,
            named,
            gates: gates.collect::<Result<_, String>>()?,
            schema,
        })
    }

    /// Asks about one request: first those that refuse, then those that speak.
    pub(crate) fn ask(&self, gate: Gate, facts: &Facts) -> Result<(Answer, Answer), String> {
        let at = self
            .gates
            .iter()
            .find(|at| at.gate == gate)
            .ok_or("the gate is not known to the packs")?;
        let request = self.request(at.action.clone(), facts)?;
        Ok((
            self.answer(&request, &at.refusing),
            self.answer(&request, &at.speaking),
        ))
    }

    fn request(&self, action: EntityUid, facts: &Facts) -> Result<Request, String> {
        let pairs = facts.values().map(|(name, value)| {
            let value = match value {
                FactValue::Bool(value) => RestrictedExpression::new_bool(value),
                FactValue::Long(value) => RestrictedExpression::new_long(value),
            };
            (name.to_owned(), value)
        });
        let context = Context::from_pairs(pairs).map_err(|error| error.to_string())?;
        // With the schema a missing or superfluous fact is an error here, not a silent pass later.
        Request::new(
            self.signer.clone(),
            action,
            self.named.clone(),
            context,
            Some(&self.schema),
        )
        .map_err(|error| error.to_string())
    }

    fn answer(&self, request: &Request, policies: &PolicySet) -> Answer {
        let response = self
            .authorizer
            .is_authorized(request, policies, &self.entities);
        let mut ids: Vec<String> = response
            .diagnostics()
            .reason()
            .map(ToString::to_string)
            .collect();
        ids.sort();
        let mut erred: Vec<(String, String)> = response
            .diagnostics()
            .errors()
            .map(|error| match error {
                AuthorizationError::PolicyEvaluationError(error) => {
                    (error.policy_id().to_string(), error.inner().to_string())
                }
            })
            .collect();
        erred.sort();
        Answer {
            allowed: response.decision() == Decision::Allow && erred.is_empty(),
            ids,
            erred,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use cedar_policy::PolicyId;

    fn policy(id: &str, text: &str) -> Policy {
        Policy::parse(Some(PolicyId::new(id)), text).unwrap()
    }

    fn engine(refusing: &[Policy]) -> Engine {
        Engine::new(crate::schema::schema().unwrap(), |_| {
            (refusing.to_vec(), vec![])
        })
        .unwrap()
    }

    /// Passes Cedar's validator and fails when evaluated: the loader refuses it, and the engine must too.
    const OVERFLOWS: &str = "forbid (principal, action, resource) when { context.rounds + 1 > 9 };";

    #[test]
    fn a_rule_that_errs_does_not_open_the_door() {
        let facts = Facts {
            rounds: i64::MAX,
            ..Facts::default()
        };
        let engine = engine(&[
            policy("P", "permit (principal, action, resource);"),
            policy("X", OVERFLOWS),
        ]);
        let (refusing, _) = engine.ask(Gate::Load, &facts).unwrap();
        assert!(!refusing.allowed, "Cedar alone would have allowed it");
        assert_eq!(refusing.erred.first().map(|(id, _)| id.as_str()), Some("X"));
    }

    #[test]
    fn nothing_is_permitted_by_nobody() {
        let (refusing, speaking) = engine(&[]).ask(Gate::Load, &Facts::default()).unwrap();
        assert_eq!(refusing, Answer::default());
        assert_eq!(speaking, Answer::default());
    }
}
