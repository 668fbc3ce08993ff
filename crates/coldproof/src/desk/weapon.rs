//! The page of one weapon.

use domain::id::WeaponId;
use domain::knowledge::Known;
use domain::state::{CarrierContent, Weapon};
use domain::words::Works;
use node::View;
use web::desk::{Layout, Look, PositionKnown, WeaponView, Zone};

use super::{offer, set};

/// Lines of the record on the page.
pub(super) const RECORD_LINES: usize = 12;

/// The page without its lines of the record; `None` when there is no such weapon.
pub(super) fn weapon(view: &View<'_>, id: WeaponId, zone: &Zone) -> Option<WeaponView> {
    let weapon = view.state.weapons.get(&id)?;
    let shown = view
        .board()
        .weapons
        .into_iter()
        .find(|shown| shown.weapon == id)?;
    // A board in doubt knows nothing.
    let known = weapon
        .knowledge
        .known
        .as_ref()
        .filter(|_| view.doubt.is_none());
    Some(WeaponView {
        card: set::card(view, shown),
        serial: if view.reader.is_some() {
            weapon.about.serial.as_str().to_owned()
        } else {
            String::new()
        },
        class: class(weapon),
        layout: layout(view, weapon.about.works, known),
        bore: known.map_or_else(
            || "not known".to_owned(),
            |known| format!("seen clear {}", set::clock(known.at, zone)),
        ),
        steps: steps(view, weapon, zone),
        offers: offer::of_weapon(view, id),
        record: Vec::new(),
    })
}

fn class(weapon: &Weapon) -> String {
    let class = weapon.class().word();
    match weapon.about.works {
        Works::Cylinder { positions } => format!("{class}, cylinder of {positions}"),
        Works::Magazine { capacity } => format!("{class}, magazine of {capacity} and chamber"),
        Works::Barrels { positions: 1 } => format!("{class}, one barrel"),
        Works::Barrels { positions } => format!("{class}, {positions} barrels"),
        Works::None => class.to_owned(),
    }
}

/// What two people saw. Where lies what is not known: positions bear no numbers.
fn layout(view: &View<'_>, works: Works, known: Option<&Known>) -> Layout {
    match works {
        Works::Cylinder { .. } => Layout::Cylinder {
            positions: positions(works, known),
        },
        Works::Barrels { .. } => Layout::Barrels {
            positions: positions(works, known),
        },
        Works::Magazine { .. } => Layout::Magazine {
            chamber: positions(works, known)
                .first()
                .copied()
                .unwrap_or(PositionKnown::Unknown),
            magazine: magazine(view, known),
        },
        Works::None => Layout::Nothing,
    }
}

fn positions(works: Works, known: Option<&Known>) -> Vec<PositionKnown> {
    let all = works.positions();
    let Some(known) = known else {
        return vec![PositionKnown::Unknown; all];
    };
    let count = known.count;
    let mut seen: Vec<PositionKnown> = [
        (count.dummies, PositionKnown::Dummy),
        (count.blanks, PositionKnown::Blank),
        (count.others, PositionKnown::Other),
        (count.empty, PositionKnown::Empty),
    ]
    .into_iter()
    .flat_map(|(n, what)| std::iter::repeat_n(what, usize::from(n)))
    .collect();
    seen.resize(all, PositionKnown::Unknown);
    seen
}

fn magazine(view: &View<'_>, known: Option<&Known>) -> String {
    let Some(known) = known else {
        return "not known".to_owned();
    };
    let Some(carrier) = known.carrier.and_then(|id| view.state.carriers.get(&id)) else {
        return "none in it, both saw".to_owned();
    };
    match &carrier.content {
        CarrierContent::Sealed { rounds, .. } => {
            format!("sealed after witnessed filling, {rounds} rounds")
        }
        CarrierContent::Empty => "empty".to_owned(),
        CarrierContent::Unknown => "not known".to_owned(),
    }
}

/// Who has looked in the check that is open, never what they saw.
fn steps(view: &View<'_>, weapon: &Weapon, zone: &Zone) -> Vec<Look> {
    let Some(issue) = weapon.issue.as_ref().filter(|_| weapon.can_fire()) else {
        return Vec::new();
    };
    if view.reader.is_none() {
        return Vec::new();
    }
    let step = |what: &str, at: Option<i64>| Look {
        what: what.to_owned(),
        how_far: at.map_or_else(
            || "still to look".to_owned(),
            |at| format!("entered {}", set::clock(at, zone)),
        ),
        done: at.is_some(),
    };
    let (known, waiting) = (
        weapon.knowledge.known.as_ref(),
        weapon.knowledge.waiting.as_ref(),
    );
    let by_handler = waiting.filter(|look| view.state.is_handler(look.by, view.now));
    let by_other = waiting.filter(|look| !view.state.is_handler(look.by, view.now));
    let both = known.map(|known| known.at);
    let mut steps = vec![
        step(
            "Look by the armorer",
            both.or(by_handler.map(|look| look.at)),
        ),
        step(
            "Look by a second person, alone",
            both.or(by_other.map(|look| look.at)),
        ),
    ];
    let called = weapon.lease.as_ref();
    steps.push(Look {
        what: "The call".to_owned(),
        how_far: called.map_or_else(
            || "not called".to_owned(),
            |lease| {
                format!(
                    "stands until {} at the latest",
                    set::clock(lease.until, zone)
                )
            },
        ),
        done: called.is_some(),
    });
    for taker in &issue.takers {
        let shown = issue.shown.get(taker);
        steps.push(Look {
            what: format!("Offered to {}", view.name(*taker)),
            how_far: shown.map_or("not yet", |answer| answer.word()).to_owned(),
            done: shown.is_some(),
        });
    }
    steps
}
