//! What can be wrong in a case beyond its form: names that stand for nothing, words outside their list, things named before
//! they are made, versions without one that goes on.

use super::{Case, Declared, TABLES, disputes, distinct, with};
use crate::replay::{
    body::{self, Inside, Making, TABLE_ONLY},
    fields::{self, Thing},
    name::{EVERYONE, NODE},
    tree::{Node, Read, Table, Value, Wrong, nearest},
    when::When,
};
use domain::{
    act::Kind,
    outcome::Limits,
    state::State,
    words::{Duty, Sure},
};

/// Makes every body once against an empty record, so that a wrong name or word is told before anything runs.
pub(super) fn names(case: &Case) -> Read<()> {
    let (state, inside, limits) = (State::default(), Inside::new(), Limits::default());
    let when = When {
        ms: case.begins,
        shown: String::new(),
    };
    let making = |own: &str, line: usize| {
        let own = own.to_owned();
        move |declared| Try {
            own: own.clone(),
            line,
            declared,
        }
    };
    for one in &case.declared {
        table(case, one)?;
        let Some((_, _, kind)) = TABLES.iter().find(|(_, thing, _)| *thing == one.thing) else {
            continue;
        };
        let tried = making(&one.name, one.line)(Some(&one.table));
        tried.make(
            case,
            *kind,
            &Table::default(),
            &state,
            &inside,
            &limits,
            &when,
        )?;
        for plan in one.table.get("plan").map_or(&[][..], Node::list) {
            let tried = Try {
                own: one.name.clone(),
                line: plan.line,
                declared: None,
            };
            let with_action = with(plan.table("plan")?, "action", &one.name, plan.line);
            tried.make(
                case,
                Kind::SetPlan,
                &with_action,
                &state,
                &inside,
                &limits,
                &when,
            )?;
        }
    }
    let mut made: Vec<&str> = case.declared.iter().map(|one| one.name.as_str()).collect();
    for step in case.rows.iter().flat_map(|row| &row.steps) {
        let signers = core::iter::once(&step.by).chain(&step.countersigned_by);
        for signer in signers.filter(|name| *name != NODE) {
            case.names
                .resolve(&Node::text_at(step.line, signer), Thing::Person)?;
        }
        not_later(case, &step.say, &made)?;
        made.extend(step.own.as_deref());
        let declared = step
            .own
            .as_ref()
            .and_then(|own| case.declared.iter().find(|one| one.name == *own));
        let tried = Try {
            own: step.own.clone().unwrap_or_default(),
            line: step.line,
            declared: declared.map(|one| &one.table),
        };
        tried.make(case, step.kind, &step.say, &state, &inside, &limits, &when)?;
    }
    for day in &case.days {
        for name in ["led_by", "minutes_by"] {
            if let Some(node) = day.table.get(name) {
                case.names.resolve(node, Thing::Person)?;
            }
        }
        for node in day.table.get("absent").map_or(&[][..], Node::list) {
            case.names.resolve(node, Thing::Person)?;
        }
    }
    Ok(())
}

struct Try<'a> {
    own: String,
    line: usize,
    declared: Option<&'a Table>,
}

impl Try<'_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one body; a struct of them would be built once, here"
    )]
    fn make(
        &self,
        case: &Case,
        kind: Kind,
        say: &Table,
        state: &State,
        inside: &Inside,
        limits: &Limits,
        when: &When,
    ) -> Read<()> {
        let making = Making {
            names: &case.names,
            zone: &case.zone,
            assume: &case.assume,
            state,
            inside,
            limits,
            packs: &case.packs,
            declared: self.declared,
            at: when,
            what: "",
            sure: Sure::Sure,
            own: &self.own,
            signer: case.names.id("nobody"),
            line: self.line,
        };
        body::make(kind, say, &making).map(drop)
    }
}

/// A table of a thing holds fields of the statement that receives it, and a few of its own.
fn table(case: &Case, one: &Declared) -> Read<()> {
    let Some((name, _, kind)) = TABLES.iter().find(|(_, thing, _)| *thing == one.thing) else {
        return Ok(());
    };
    let mut known: Vec<&str> = fields::of(*kind).iter().map(|field| field.name).collect();
    known.extend(TABLE_ONLY);
    one.table.only(&known, &format!("[{name}.{}]", one.name))?;
    for (flag, node) in one
        .table
        .entries()
        .filter(|(name, _)| TABLE_ONLY.contains(name))
    {
        match flag {
            "from_day" | "plan" | "trained" => {}
            _ => drop(node.flag(flag)?),
        }
    }
    let duties: Vec<&str> = Duty::ALL.iter().map(|duty| duty.stored()).collect();
    for node in one.table.get("duties").map_or(&[][..], Node::list) {
        let word = node.text("duties")?;
        if !duties.contains(&word) {
            let near = nearest(word, duties.iter().copied());
            return Err(node.wrong(format!(
                "`{word}` is not a duty{near}; duties are {}",
                duties.join(", ")
            )));
        }
    }
    if let Some(node) = one.table.get("trained")
        && !matches!(node.value, Value::Flag(_))
    {
        for weapon in node.list() {
            case.names.resolve(weapon, Thing::Weapon)?;
        }
    }
    Ok(())
}

/// A name that only a later step makes.
fn not_later(case: &Case, say: &Table, made: &[&str]) -> Read<()> {
    let later = |name: &str| {
        let steps = case.rows.iter().flat_map(|row| &row.steps);
        steps
            .filter(|step| step.own.as_deref() == Some(name))
            .map(|step| step.line)
            .next()
    };
    for (_, node) in say.entries() {
        for one in node.list() {
            if let Value::Text(name) = &one.value
                && name != EVERYONE
                && !made.contains(&name.as_str())
                && case.names.knows(name)
                && let Some(line) = later(name)
            {
                return Err(one.wrong(format!(
                    "`{name}` is made only later, by the step in line {line}"
                )));
            }
        }
    }
    Ok(())
}

/// Of the versions of a dispute exactly one goes on.
pub(super) fn versions(case: &Case) -> Read<()> {
    for dispute in disputes(case) {
        let versions: Vec<&str> = dispute
            .steps
            .iter()
            .filter_map(|step| step.version.as_deref())
            .collect();
        let first = dispute.steps.first().map_or(1, |step| step.line);
        let mut going: Vec<&str> = dispute
            .steps
            .iter()
            .filter(|step| step.goes_on)
            .filter_map(|step| step.version.as_deref())
            .collect();
        going.dedup();
        if going.len() != 1 {
            return Err(Wrong::new(
                first,
                format!(
                    "the versions {} of {} need `continue = true` at exactly one of them: the replay goes on from there",
                    distinct(&versions).join(", "),
                    dispute.name
                ),
            ));
        }
    }
    let loose = case
        .rows
        .iter()
        .flat_map(|row| &row.steps)
        .find(|step| step.goes_on && step.version.is_none());
    match loose {
        Some(step) => Err(Wrong::new(
            step.line,
            "`continue` belongs to a step with a `version`",
        )),
        None => Ok(()),
    }
}
