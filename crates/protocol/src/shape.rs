//! What a policy of a pack may look like, beyond what Cedar's validator asks.

use crate::schema;
use cedar_policy::{EntityId, EntityTypeName, EntityUid, ParseErrors, Policy, PolicyId};
use domain::judge::Gate;
use serde_json::{Value as Json, json};

/// What in the conditions of a policy no pack may contain. Listed is what is allowed: comparisons of facts with each
/// other and with fixed values, joined by and, or, not. No arithmetic (it overflows), no `has` (it hides a missing
/// fact), no entity (a missing one would open the door).
pub(crate) fn forbidden(policy: &Json) -> Option<String> {
    let conditions = policy.get("conditions").and_then(Json::as_array)?;
    if conditions.is_empty() {
        return Some("a rule has a condition".into());
    }
    conditions.iter().find_map(|condition| {
        condition
            .get("body")
            .map_or(Some("an empty condition".into()), expression)
    })
}

/// Whether a policy has no condition.
pub(crate) fn is_bare(policy: &Policy) -> bool {
    let conditions = |json: Json| {
        json.get("conditions")
            .and_then(Json::as_array)
            .is_some_and(Vec::is_empty)
    };
    policy.to_json().is_ok_and(conditions)
}

/// The same policy with one gate in its scope. `action in […]` follows a path between entities, which level 0 forbids.
pub(crate) fn at_gate(policy: &Json, id: &str, gate: Gate) -> Result<Policy, String> {
    let mut json = policy.clone();
    let action = json.get_mut("action").ok_or("the rule names no gate")?;
    *action = json!({ "op": "==", "entity": { "type": "Action", "id": gate.name() } });
    Policy::from_json(Some(PolicyId::new(id)), json).map_err(|error| error.to_string())
}

/// The name of a gate as Cedar writes it.
pub(crate) fn action(gate: Gate) -> Result<EntityUid, String> {
    uid("Action", gate.name())
}

/// Who and what every request names. They carry nothing: what a rule may read stands in the context.
pub(crate) fn ends() -> Result<(EntityUid, EntityUid), String> {
    Ok((
        uid(schema::PRINCIPAL, "signer")?,
        uid(schema::RESOURCE, "named")?,
    ))
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    let kind: EntityTypeName = kind
        .parse()
        .map_err(|error: ParseErrors| error.to_string())?;
    Ok(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn expression(json: &Json) -> Option<String> {
    let Some((operator, arguments)) = json.as_object().and_then(|node| node.iter().next()) else {
        return Some("an expression of unknown form".into());
    };
    match operator.as_str() {
        "Value" if arguments.is_boolean() || arguments.is_i64() => None,
        "Value" => Some("only numbers, true and false are compared with".into()),
        "." if arguments.get("left") == Some(&json!({ "Var": "context" })) => None,
        "!" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" => match arguments.as_object() {
            Some(parts) => parts.values().find_map(expression),
            None => Some("an expression of unknown form".into()),
        },
        other => Some(format!(
            "`{other}` may not stand in a rule: it compares facts of `context` with ==, !=, <, <=, >, >=, and joins \
             them by &&, ||, !"
        )),
    }
}
