//! From what a case writes to the body of a statement: names become ids, and what the source does not say becomes what
//! the field table says stands for it.

use super::{
    assume::{Assume, Grant},
    fields::{self, Absent, Field, Lit, Sort, Thing},
    name::{EVERYONE, LOCK_UP, Names},
    tree::{Node, Read, Table, Value as Toml, Wrong},
    when::{self, When, Zone},
};
use domain::{
    act::{Act, Invalid, Kind},
    id::{FileId, LotId, StatementId, WeaponId},
    outcome::Limits,
    state::State,
    words::{Feature, Learnt, Load, Seen, Sure, Topic, Words, Works},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

mod sight;

use sight::sight;
pub(super) use sight::whole_and_empty;

/// What the case says lies in each weapon, whatever the record made of it.
pub(super) type Inside = BTreeMap<WeaponId, Vec<Seen>>;

/// Everything that stands behind one body.
#[derive(Clone, Copy)]
pub(super) struct Making<'a> {
    pub(super) names: &'a Names,
    pub(super) zone: &'a Zone,
    pub(super) assume: &'a Assume,
    pub(super) state: &'a State,
    pub(super) inside: &'a Inside,
    pub(super) limits: &'a Limits,
    /// Packs of the replay.
    pub(super) packs: &'a [String],
    /// What the tables say of the thing that this step receives.
    pub(super) declared: Option<&'a Table>,
    pub(super) at: &'a When,
    /// What the row says happened.
    pub(super) what: &'a str,
    pub(super) sure: Sure,
    /// The name the thing has.
    pub(super) own: &'a str,
    /// The key of the signer.
    pub(super) signer: StatementId,
    /// Where a default is blamed on.
    pub(super) line: usize,
}

/// Fields that tables have beside those of the body.
pub(super) const TABLE_ONLY: &[&str] = &[
    "from_day",
    "received",
    "proven",
    "class_proven",
    "test_fired",
    "locked",
    "permit",
    "trained",
    "enrolled",
    "plan",
    "planned",
];
const SIGHT: &[&str] = &[
    "weapon", "seen", "counted", "carrier", "turned", "bore", "method",
];

/// Makes the act.
pub(super) fn make(kind: Kind, say: &Table, making: &Making<'_>) -> Read<Act> {
    let known = fields::of(kind);
    let mut names: Vec<&str> = known.iter().map(|field| field.name).collect();
    if known.iter().any(|field| field.sort == Sort::Sight) {
        names.extend(SIGHT);
    }
    say.only(&names, &format!("`{}`", kind.stored()))?;
    let mut body = Map::new();
    for field in known {
        let written = say
            .get(field.name)
            .or_else(|| making.declared.and_then(|table| table.get(field.name)));
        let value = match written {
            Some(node) => Some(written_value(field, node, say, making, kind)?),
            None => absent(field, say, making, kind)?,
        };
        if let Some(value) = value {
            body.insert(field.name.to_owned(), value);
        }
    }
    let bytes = serde_json::to_vec(&Value::Object(body))
        .map_err(|fault| Wrong::new(making.line, fault.to_string()))?;
    Act::read(kind.stored(), kind.version(), &bytes).map_err(|fault| {
        let says = match fault {
            Invalid::Body(_, why) => format!(
                "`{}` cannot say this: {}",
                kind.stored(),
                without_place(&why)
            ),
            Invalid::Kind(_) | Invalid::Version(..) | Invalid::Strict(_) => fault.to_string(),
        };
        let blamed =
            blame(say, &says).or_else(|| making.declared.and_then(|table| blame(table, &says)));
        Wrong::new(blamed.unwrap_or(making.line), says)
    })
}

/// Serde's place in the JSON means nothing to whoever wrote TOML.
fn without_place(why: &str) -> &str {
    why.split_once(" at line ").map_or(why, |(says, _)| says)
}

/// The line of the field whose word the sentence quotes.
fn blame(say: &Table, says: &str) -> Option<usize> {
    let quoted: Vec<&str> = says.split('`').collect();
    say.entries()
        .find(
            |(_, node)| matches!(&node.value, Toml::Text(text) if quoted.contains(&text.as_str())),
        )
        .map(|(_, node)| node.line)
}

fn written_value(
    field: &Field,
    node: &Node,
    say: &Table,
    making: &Making<'_>,
    kind: Kind,
) -> Read<Value> {
    let what = field.name;
    Ok(match field.sort {
        Sort::Name(thing) => json!(making.names.resolve(node, thing)?),
        Sort::Names(thing) => json!(people_or_things(node, thing, making)?),
        Sort::Key => json!(key_of(making.names, node.text(what)?)),
        Sort::Words | Sort::Choice => Value::String(node.label(what)?),
        Sort::WordsList | Sort::Choices => Value::Array(
            node.list()
                .iter()
                .map(|one| one.label(what).map(Value::String))
                .collect::<Read<_>>()?,
        ),
        Sort::Whole => json!(node.whole(what)?),
        Sort::Flag => json!(node.flag(what)?),
        Sort::Length => json!(when::length(node, what)?),
        Sort::Distance => json!(distance(node, what)?),
        Sort::Instant => json!(making.zone.when(node, None)?.ms),
        Sort::Account => account(node.table(what)?, making)?,
        Sort::Sight => sight(node.table(what)?, say, making, kind)?,
        Sort::Sights => {
            let each = node
                .list()
                .iter()
                .map(|one| sight(one.table(what)?, say, making, kind));
            Value::Array(each.collect::<Read<_>>()?)
        }
        Sort::Said => said(node, making)?,
        Sort::Works => works(node)?,
        Sort::Limits | Sort::Plain => plain(node),
    })
}

fn absent(field: &Field, say: &Table, making: &Making<'_>, kind: Kind) -> Read<Option<Value>> {
    let lit = |lit: Lit| match lit {
        Lit::Text(text) => json!(text),
        Lit::Whole(number) => json!(number),
        Lit::Flag(flag) => json!(flag),
        Lit::Nothing => json!([]),
    };
    Ok(match field.absent {
        Absent::Required => {
            return Err(Wrong::new(
                making.line,
                format!("`{}` needs `{}`", kind.stored(), field.name),
            ));
        }
        Absent::Leave => None,
        Absent::Is(value) => Some(lit(value)),
        Absent::If(grant, yes, no) => Some(lit(if making.assume.grants(grant) { yes } else { no })),
        Absent::What => Some(json!(Words::new(making.what))),
        Absent::OwnName => Some(json!(Words::new(making.own))),
        Absent::Worked => worked(field, say, making, kind)?,
    })
}

/// Defaults that follow from the rest of the case.
fn worked(field: &Field, say: &Table, making: &Making<'_>, kind: Kind) -> Read<Option<Value>> {
    Ok(Some(match (field.sort, field.name) {
        (Sort::Account, _) => account(&Table::default(), making)?,
        (Sort::Sight, _) => sight(say, say, making, kind)?,
        (Sort::Limits, _) => json!(making.limits),
        (Sort::Plain, _) => json!({"size": 0, "root": FileId::ZERO}),
        (Sort::Key, _) => json!(making.signer),
        (Sort::Works, _) => return Ok(Some(usual_works(say, making)?)),
        (Sort::Name(Thing::Store), _) => json!(making.names.id(LOCK_UP)),
        (_, "token") => json!(making.names.id("the secret of the link")),
        (_, "until") => json!(making.at.ms + 30 * when::DAY),
        (_, "packs") => json!(making.packs),
        (_, "topics") if making.assume.grants(Grant::Meetings) => json!(Topic::ALL),
        (_, "attended") if making.assume.grants(Grant::Meetings) => {
            json!(making.state.people.keys().collect::<Vec<_>>())
        }
        (_, "topics" | "attended") => json!([]),
        (_, "minutes_by") => match say.get("led_by") {
            Some(leader) => json!(other_than(
                making.names.resolve(leader, Thing::Person)?,
                making
            )),
            None => return Ok(None),
        },
        (_, "rounds") => {
            let weapon = say
                .get("weapon")
                .map(|node| making.names.resolve(node, Thing::Weapon))
                .transpose()?;
            let inside = weapon.and_then(|weapon| making.inside.get(&weapon.into()));
            json!(inside.map_or(0, |seen| {
                seen.iter().filter(|one| **one != Seen::Empty).count()
            }))
        }
        (_, "counted" | "proven" | "primers") => match rounds_of_lot(say, making, kind)? {
            Some(count) => json!(count),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// How many rounds a lot has: what this step or its table says, else what the record has there.
fn rounds_of_lot(say: &Table, making: &Making<'_>, kind: Kind) -> Read<Option<i64>> {
    if kind == Kind::ReceiveLot {
        let count = say
            .get("count")
            .or_else(|| making.declared.and_then(|table| table.get("count")));
        let count = count.map_or(Ok(50), |node| node.whole("count"))?;
        return Ok(making.assume.grants(Grant::LotsCounted).then_some(count));
    }
    let Some(node) = say.get("lot") else {
        return Ok(Some(0));
    };
    let lot = LotId::from(making.names.resolve(node, Thing::Lot)?);
    if let Some(counted) = say.get("counted") {
        return counted.whole("counted").map(Some);
    }
    Ok(Some(
        making
            .state
            .lots
            .get(&lot)
            .map_or(0, |known| i64::from(known.there)),
    ))
}

fn other_than(leader: StatementId, making: &Making<'_>) -> StatementId {
    let other = making
        .state
        .people
        .iter()
        .find(|(id, one)| StatementId::from(**id) != leader && !one.performs());
    other.map_or(leader, |(id, _)| (*id).into())
}

fn people_or_things(node: &Node, thing: Thing, making: &Making<'_>) -> Read<Vec<StatementId>> {
    if let Toml::Text(word) = &node.value {
        match (word.as_str(), thing) {
            (EVERYONE, Thing::Person) => {
                return Ok(making.state.people.keys().map(|id| (*id).into()).collect());
            }
            ("all", Thing::Weapon) => {
                return Ok(making.state.weapons.keys().map(|id| (*id).into()).collect());
            }
            ("all", Thing::Lot) => {
                return Ok(making.state.lots.keys().map(|id| (*id).into()).collect());
            }
            _ => {}
        }
    }
    node.list()
        .iter()
        .map(|one| making.names.resolve(one, thing))
        .collect()
}

/// Every person has one key, whose bytes follow from the name.
pub(super) fn key_of(names: &Names, person: &str) -> StatementId {
    names.id(&format!("the key of {person}"))
}

/// mm from `1.45 m`, `20 ft`, `12 cm`, or a number of mm.
fn distance(node: &Node, what: &str) -> Read<i64> {
    if let Toml::Whole(mm) = node.value {
        return Ok(mm);
    }
    let written = node.text(what)?;
    let wrong = || {
        node.wrong(format!(
            "`{written}` is not a distance: write it as \"1.45 m\", \"20 ft\" or a number of mm"
        ))
    };
    let text = written.trim();
    let digits = text
        .chars()
        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
        .count();
    let (number, unit) = text.split_at(digits);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    // A thousandth of a unit is as fine as any source measures: whole arithmetic, no rounding surprise.
    let thousandths: i64 = format!("{whole}{:0<3}", fraction.get(..3).unwrap_or(fraction))
        .parse()
        .map_err(|_| wrong())?;
    match unit.trim() {
        "mm" => Ok(thousandths / 1_000),
        "cm" => Ok(thousandths / 100),
        "m" => Ok(thousandths),
        "ft" => Ok(thousandths.saturating_mul(3_048) / 10_000),
        _ => Err(wrong()),
    }
}

fn account(table: &Table, making: &Making<'_>) -> Read<Value> {
    table.only(&["happened_at", "learnt", "sure"], "`account`")?;
    let happened_at = match table.get("happened_at") {
        Some(node) => making.zone.when(node, None)?.ms,
        None => making.at.ms,
    };
    let learnt = table
        .text("learnt")?
        .map_or_else(|| json!(Learnt::Saw), |word| json!(word));
    let sure = table
        .text("sure")?
        .map_or_else(|| json!(making.sure), |word| json!(word));
    Ok(json!({ "happened_at": happened_at, "learnt": learnt, "sure": sure }))
}

/// `dummy`, `dummy: hole, rattle`, `blank: half`, `live`, `unknown`, or the table as stored.
fn said(node: &Node, making: &Making<'_>) -> Read<Value> {
    let Toml::Text(text) = &node.value else {
        return Ok(plain(node));
    };
    let (word, rest) = split_word(text);
    match word {
        "dummy" => {
            let features = if rest.is_empty() { json!([Feature::Hole, Feature::Rattle]) } else { json!(rest) };
            let shown_by = if making.assume.grants(Grant::LotsProven) { "shaken and looked at one by one" } else { "" };
            Ok(json!({ "kind": "dummy", "features": features, "test": shown_by }))
        }
        "blank" => Ok(json!({ "kind": "blank", "load": rest.first().copied().unwrap_or(Load::Full.stored()) })),
        "live" | "unknown" if rest.is_empty() => Ok(json!({ "kind": word })),
        _ => Err(node.wrong(format!(
            "`{text}` is not what a lot can hold: write \"dummy\", \"dummy: hole, rattle\", \"blank: half\", \"live\" or \"unknown\""
        ))),
    }
}

/// `cylinder 6`, `barrels 2`, `magazine 15`, `none`, or the table as stored.
fn works(node: &Node) -> Read<Value> {
    let Toml::Text(text) = &node.value else {
        return Ok(plain(node));
    };
    let (word, number) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let number: Option<i64> = number.trim().parse().ok();
    match (word, number) {
        ("none", None) => Ok(json!({ "kind": "none" })),
        ("cylinder" | "barrels", Some(positions)) => Ok(json!({ "kind": word, "positions": positions })),
        ("magazine", Some(capacity)) => Ok(json!({ "kind": word, "capacity": capacity })),
        _ => Err(node.wrong(format!(
            "`{text}` is not how a weapon holds rounds: write \"cylinder 6\", \"barrels 2\", \"magazine 15\" or \"none\""
        ))),
    }
}

/// Nothing goes into what cannot fire; whatever may fire must say how it holds rounds.
fn usual_works(say: &Table, making: &Making<'_>) -> Read<Value> {
    let class = say
        .get("class")
        .or_else(|| making.declared.and_then(|table| table.get("class")));
    match class.map(|node| node.text("class")).transpose()? {
        Some("edged" | "other" | "rubber" | "non_firing") => Ok(json!({ "kind": "none" })),
        _ => Err(Wrong::new(
            making.line,
            "a weapon that may fire needs `works`: \"cylinder 6\", \"barrels 2\" or \"magazine 15\"",
        )),
    }
}

/// `dummy: hole, rattle` as a word and its details.
fn split_word(text: &str) -> (&str, Vec<&str>) {
    let (word, rest) = text.split_once(':').unwrap_or((text, ""));
    (
        word.trim(),
        rest.split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect(),
    )
}

/// A value as stored, for tables that a case writes out in full.
fn plain(node: &Node) -> Value {
    match &node.value {
        Toml::Text(text) => json!(text),
        Toml::Whole(number) => json!(number),
        Toml::Flag(flag) => json!(flag),
        Toml::List(list) => Value::Array(list.iter().map(plain).collect()),
        Toml::Table(table) => Value::Object(
            table
                .entries()
                .map(|(name, node)| (name.to_owned(), plain(node)))
                .collect(),
        ),
    }
}

/// How a weapon holds rounds, for the runner.
pub(super) fn positions(works: Works) -> usize {
    works.positions()
}
