//! The open check, as the one who looks may see it: nothing that anybody else entered.

use std::collections::BTreeSet;

use domain::act::Kind;
use domain::act::ammunition::Said;
use domain::id::{PersonId, WeaponId};
use domain::state::{Custody, Weapon};
use domain::words::{Check, Duty, Feature, Load, Works};
use node::View;
use serde_json::json;
use web::desk::{CheckAsk, CheckKind, CheckView, CheckedWeapon, Content, Offer, Part, Trouble};

use super::form::{With as _, offer};

/// The check that is asked of the reader.
pub(super) fn check(view: &View<'_>, ask: &CheckAsk) -> Result<CheckView, Trouble> {
    let me = view.reader.ok_or_else(|| {
        Trouble::Denied(
            "A check is for the armorer and a second person; this phone has no key here."
                .to_owned(),
        )
    })?;
    let ids = weapons(view, ask)?;
    let first = ids
        .first()
        .and_then(|id| view.state.weapons.get(id))
        .ok_or(Trouble::Unknown)?;
    let part = part(first, me);
    let issue = first.issue.as_ref();
    let action = issue.and_then(|issue| view.state.actions.get(&issue.action));
    let handler = issue.map(|issue| issue.handler);
    Ok(CheckView {
        kind: ask.kind,
        part,
        purpose: action
            .map(|action| action.about.name.as_str().to_owned())
            .unwrap_or_default(),
        other: match part {
            Part::Hands => "a second person".to_owned(),
            Part::Second => handler.map_or_else(
                || "the armorer".to_owned(),
                |one| format!("the {}", view.state.role(one)),
            ),
        },
        weapons: ids
            .iter()
            .filter_map(|id| checked(view, *id, me, domain_check(ask.kind)))
            .collect(),
        sign: sign(view, ask.kind, me),
        call: calls(view, me)
            .then(|| offer(Kind::CallCold, "Call cold", json!({ "lasts_ms": 0 })).hold()),
    })
}

const fn domain_check(kind: CheckKind) -> Check {
    match kind {
        CheckKind::Full => Check::Full,
        CheckKind::Reset => Check::Reset,
        CheckKind::Line => Check::Line,
    }
}

/// The weapons to look at, in the order of their tags.
fn weapons(view: &View<'_>, ask: &CheckAsk) -> Result<Vec<WeaponId>, Trouble> {
    if let Some(id) = &ask.weapon {
        let id = WeaponId::from_hex(id).ok_or(Trouble::Unknown)?;
        let weapon = view.state.weapons.get(&id).ok_or(Trouble::Unknown)?;
        if weapon.issue.is_none() {
            return Err(Trouble::Denied(
                "It is not taken out for an action, so there is no check to do.".to_owned(),
            ));
        }
        if !matches!(weapon.custody, Custody::Held { .. }) {
            return Err(Trouble::Denied(
                "Nobody has it in hand: the armorer collects it first.".to_owned(),
            ));
        }
        return Ok(vec![id]);
    }
    // What stands in a line: in the handler's own hands, and nothing called or held of it.
    let stands = |weapon: &Weapon| {
        let in_hand = weapon
            .issue
            .as_ref()
            .is_some_and(|issue| weapon.custody.holder() == Some(issue.handler));
        in_hand
            && weapon.lease.is_none()
            && weapon.holds.is_empty()
            && weapon.about.works.positions() > 0
            && weapon.can_fire()
    };
    let mut line: Vec<(&str, WeaponId)> = view
        .state
        .weapons
        .iter()
        .filter(|(_, weapon)| stands(weapon))
        .map(|(id, weapon)| (weapon.about.tag.as_str(), *id))
        .collect();
    line.sort_unstable();
    line.truncate(domain::limit::LINE_WEAPONS);
    if line.is_empty() {
        return Err(Trouble::Denied(
            "No weapon that needs a look is out and in hand.".to_owned(),
        ));
    }
    Ok(line.into_iter().map(|(_, id)| id).collect())
}

fn part(weapon: &Weapon, me: PersonId) -> Part {
    let hands = weapon.custody.holder() == Some(me)
        || weapon
            .issue
            .as_ref()
            .is_some_and(|issue| issue.handler == me);
    if hands { Part::Hands } else { Part::Second }
}

/// Who runs the set or handles weapons calls; packs say who really may.
fn calls(view: &View<'_>, me: PersonId) -> bool {
    [
        Duty::FirstAd,
        Duty::Armorer,
        Duty::Assistant,
        Duty::PropertyMaster,
        Duty::SafetyAdviser,
    ]
    .iter()
    .any(|duty| view.state.holds(me, *duty))
}

fn sign(view: &View<'_>, kind: CheckKind, me: PersonId) -> Offer {
    match kind {
        CheckKind::Full => offer(Kind::Look, "Look", json!({ "check": "full" })),
        CheckKind::Reset => {
            // Whoever runs the set watches; where nobody does, the one who looks answers for it.
            let watcher = view.state.with_duty(Duty::FirstAd).next().unwrap_or(me);
            offer(
                Kind::Look,
                "Look",
                json!({ "check": "reset", "watcher": watcher.to_string() }),
            )
        }
        CheckKind::Line => offer(Kind::LineLook, "Look", json!({})),
    }
    .hold()
}

/// One weapon, with what its positions may be seen to hold.
pub(super) fn checked(
    view: &View<'_>,
    id: WeaponId,
    me: PersonId,
    check: Check,
) -> Option<CheckedWeapon> {
    let weapon = view.state.weapons.get(&id)?;
    let waiting = weapon
        .knowledge
        .waiting
        .as_ref()
        .filter(|look| look.check == check);
    let known = weapon.knowledge.known.as_ref();
    let both = known.is_some();
    let mine = waiting.is_some_and(|look| look.by == me)
        || known.is_some_and(|known| known.by.contains(&me));
    let ready = known.is_some_and(|known| known.count.blanks == 0)
        && weapon.holds.is_empty()
        && weapon.grounded.is_none();
    Some(CheckedWeapon {
        id: id.to_string(),
        tag: weapon.about.tag.as_str().to_owned(),
        name: weapon.about.name.as_str().to_owned(),
        holds: match weapon.about.works {
            Works::Cylinder { .. } => "cylinder",
            Works::Barrels { .. } => "barrels",
            Works::Magazine { .. } | Works::None => "chamber",
        }
        .to_owned(),
        positions: u32::try_from(weapon.about.works.positions()).unwrap_or(0),
        contents: contents(view),
        bore: weapon.about.works.positions() > 0,
        mine_in: mine,
        other_in: both || waiting.is_some_and(|look| look.by != me),
        ready_to_call: ready,
    })
}

/// What a position may be seen to hold. The features are those of every lot on set, so that the choice tells nothing of the
/// lot in hand.
fn contents(view: &View<'_>) -> Vec<Content> {
    let mut features: BTreeSet<Feature> = BTreeSet::new();
    let mut loads: BTreeSet<Load> = BTreeSet::new();
    for lot in view.state.lots.values() {
        match &lot.about.said {
            Said::Dummy {
                features: declared, ..
            } => features.extend(declared),
            Said::Blank { load } => drop(loads.insert(*load)),
            Said::Live | Said::Unknown => {}
        }
    }
    if features.is_empty() {
        features.extend([Feature::Hole, Feature::Rattle]);
    }
    let dummy = |some: &[Feature], label: String| Content {
        value: json!({ "is": "dummy", "features": some.iter().map(|one| one.stored()).collect::<Vec<_>>() }),
        label,
        counts_as: "dummies".to_owned(),
    };
    let other = |value: serde_json::Value, label: String, counts_as: &str| Content {
        value,
        label,
        counts_as: counts_as.to_owned(),
    };
    let all: Vec<Feature> = features.iter().copied().collect();
    let mut contents: Vec<Content> = all
        .iter()
        .map(|one| dummy(&[*one], capital(one.word())))
        .collect();
    match all.len() {
        0 | 1 => {}
        2 => contents.push(dummy(&all, "Both".to_owned())),
        _ => contents.push(dummy(&all, "All of these".to_owned())),
    }
    contents.push(other(json!({ "is": "empty" }), "Empty".to_owned(), "empty"));
    for load in loads {
        contents.push(other(
            json!({ "is": "blank", "load": load.stored() }),
            format!("Blank, {}", load.word()),
            "blanks",
        ));
    }
    contents.push(other(
        json!({ "is": "spent" }),
        "Fired case".to_owned(),
        "others",
    ));
    contents.push(other(
        json!({ "is": "unknown" }),
        "None of these: not a dummy".to_owned(),
        "others",
    ));
    contents.push(other(
        json!({ "is": "not_seen" }),
        "Could not see".to_owned(),
        "others",
    ));
    contents
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
