//! What one person saw in a weapon.

use super::{Making, SIGHT, plain, split_word};
use crate::replay::{
    assume::Grant,
    fields::Thing,
    tree::{Node, Read, Table, Value as Toml, Wrong, nearest},
};
use domain::{
    act::{Kind, ammunition::Said, floor::Sight},
    id::{LotId, WeaponId},
    knowledge,
    words::{Bore, Load, Method, Seen},
};
use serde_json::{Map, Value, json};

const SEEN: &[&str] = &[
    "empty", "dummy", "blank", "spent", "live", "unknown", "not_seen",
];

/// What one person saw. Where the case says nothing, and looks are granted, a whole look at what lies inside.
pub(super) fn sight(own: &Table, say: &Table, making: &Making<'_>, kind: Kind) -> Read<Value> {
    if !core::ptr::eq(own, say) {
        own.only(SIGHT, "what was seen of a weapon")?;
    }
    let Some(weapon_node) = own.get("weapon").or_else(|| say.get("weapon")) else {
        return Err(Wrong::new(
            making.line,
            format!("`{}` needs `weapon`", kind.stored()),
        ));
    };
    let weapon = WeaponId::from(making.names.resolve(weapon_node, Thing::Weapon)?);
    let whole = making.assume.grants(Grant::Looks);
    let carrier = own
        .get("carrier")
        .map(|node| making.names.resolve(node, Thing::Carrier))
        .transpose()?;
    let by_count = kind == Kind::LineLook || matches!(say.text("check")?, Some("reset" | "line"));

    let mut out = Map::new();
    out.insert("weapon".into(), json!(weapon));
    let seen = match own.get("seen") {
        Some(node) => node
            .list()
            .iter()
            .map(seen_each)
            .collect::<Read<Vec<_>>>()?
            .concat(),
        None if by_count => Vec::new(),
        None => usual(weapon, carrier.is_some(), say, making, kind)?,
    };
    if !seen.is_empty() {
        out.insert("seen".into(), Value::Array(seen));
    }
    if let Some(counted) = counted(weapon, by_count, own, say, making, kind)? {
        out.insert("counted".into(), counted);
    }
    if let Some(carrier) = carrier {
        out.insert("carrier".into(), json!(carrier));
    }
    out.insert("turned".into(), json!(own.flag("turned", whole)?));
    for (name, yes, no) in [("bore", "clear", "not_seen"), ("method", "light", "eye")] {
        out.insert(
            name.into(),
            json!(own.text(name)?.unwrap_or(if whole { yes } else { no })),
        );
    }
    Ok(Value::Object(out))
}

/// Positions as somebody sees them who looks at all, or at none where looks are denied.
fn usual(
    weapon: WeaponId,
    carried: bool,
    say: &Table,
    making: &Making<'_>,
    kind: Kind,
) -> Read<Vec<Value>> {
    let positions = positions(weapon, making);
    if !making.assume.grants(Grant::Looks) {
        return Ok(vec![json!(Seen::NotSeen); positions]);
    }
    if kind == Kind::Clear || carried {
        return Ok(vec![json!(Seen::Empty); positions]);
    }
    Ok(inside_after(weapon, say, making, kind)?
        .iter()
        .map(|one| json!(one))
        .collect())
}

/// The count of a Reset or Line check.
fn counted(
    weapon: WeaponId,
    by_count: bool,
    own: &Table,
    say: &Table,
    making: &Making<'_>,
    kind: Kind,
) -> Read<Option<Value>> {
    let mut counted = match own.get("counted") {
        Some(node) => plain(node),
        None if by_count && own.get("seen").is_none() => {
            json!(knowledge::counted(&sight_of(
                weapon,
                inside_after(weapon, say, making, kind)?
            )))
        }
        None => return Ok(None),
    };
    if let Value::Object(map) = &mut counted {
        for name in ["empty", "dummies", "blanks", "others"] {
            map.entry(name).or_insert(json!(0));
        }
    }
    Ok(Some(counted))
}

fn positions(weapon: WeaponId, making: &Making<'_>) -> usize {
    making
        .state
        .weapons
        .get(&weapon)
        .map_or(0, |known| known.about.works.positions())
}

fn sight_of(weapon: WeaponId, seen: Vec<Seen>) -> Sight {
    Sight {
        weapon,
        seen,
        counted: None,
        carrier: None,
        turned: true,
        bore: Bore::Clear,
        method: Method::Light,
    }
}

/// What lies in the weapon, after this step's own rounds went in.
fn inside_after(weapon: WeaponId, say: &Table, making: &Making<'_>, kind: Kind) -> Read<Vec<Seen>> {
    let positions = positions(weapon, making);
    let mut inside = making
        .inside
        .get(&weapon)
        .cloned()
        .unwrap_or_else(|| vec![Seen::Empty; positions]);
    if kind == Kind::LoadWeapon
        && let (Some(lot), Some(rounds)) = (say.get("lot"), say.get("rounds"))
    {
        let lot = LotId::from(making.names.resolve(lot, Thing::Lot)?);
        let rounds = usize::try_from(rounds.whole("rounds")?).unwrap_or(0);
        let round = making
            .state
            .lots
            .get(&lot)
            .map_or(Seen::Unknown, |known| as_seen(&known.about.said));
        for place in inside
            .iter_mut()
            .filter(|one| **one == Seen::Empty)
            .take(rounds)
        {
            *place = round.clone();
        }
    }
    Ok(inside)
}

fn as_seen(said: &Said) -> Seen {
    match said {
        Said::Dummy { features, .. } => Seen::Dummy {
            features: features.clone(),
        },
        Said::Blank { load } => Seen::Blank { load: *load },
        Said::Live => Seen::Live,
        Said::Unknown => Seen::Unknown,
    }
}

/// `empty`, `3 dummy: hole`, `blank: half`, …, or the table as stored.
fn seen_each(node: &Node) -> Read<Vec<Value>> {
    let Toml::Text(text) = &node.value else {
        return Ok(vec![plain(node)]);
    };
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let times: usize = if number.is_empty() {
        1
    } else {
        number.parse().unwrap_or(0)
    };
    let (word, details) = split_word(rest);
    let value = match word {
        "dummy" => json!({ "is": word, "features": details }),
        "blank" => {
            json!({ "is": word, "load": details.first().copied().unwrap_or(Load::Full.stored()) })
        }
        other if details.is_empty() && SEEN.contains(&other) => json!({ "is": other }),
        other => {
            return Err(node.wrong(format!(
                "`{other}` is not what a position can hold{}: write {}",
                nearest(other, SEEN.iter().copied()),
                SEEN.join(", ")
            )));
        }
    };
    Ok(vec![value; times.min(64)])
}

/// A whole look that found nothing.
pub(in crate::replay) fn whole_and_empty(weapon: WeaponId, positions: usize) -> Sight {
    sight_of(weapon, vec![Seen::Empty; positions])
}
