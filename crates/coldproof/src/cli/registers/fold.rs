//! Who had each weapon from when to when, as the entries lead to it.

use std::collections::BTreeMap;
use std::path::Path;

use domain::State;
use domain::act::weapons::Receive;
use domain::id::{StoreId, WeaponId};
use domain::state::{Custody, Weapon};
use domain::time::Millis;
use store::SqliteArchive;

use crate::cli::exit::{Exit, Failure};

/// Everything that a register is made of.
pub(super) struct Whole {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: String,
    /// In the order in which they were received.
    pub(super) weapons: Vec<Story>,
    /// Racks of things that cannot fire; a register lists none of their pieces.
    pub(super) batches: usize,
}

/// One weapon from receipt on.
pub(super) struct Story {
    pub(super) about: Receive,
    pub(super) spans: Vec<Span>,
    /// Receipts, sendings and comings back, in order.
    pub(super) moves: Vec<Move>,
}

/// Somewhere from one entry to another.
pub(super) struct Span {
    pub(super) place: Place,
    pub(super) from: Millis,
    /// `None`: until now.
    pub(super) to: Option<Millis>,
}

/// Where a weapon is.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In a store.
    Stored(String),
    /// With somebody; out of their sight, too.
    With(String),
    /// Passed or taken outside the protocol.
    OffTheRecord(String),
    /// In another log.
    Away,
}

/// It came, or it went.
pub(super) struct Move {
    pub(super) entry: u64,
    /// When it was entered.
    pub(super) at: Millis,
    /// Came (true) or went.
    pub(super) came: bool,
    pub(super) other: String,
}

/// Verifies the record, then folds it.
pub(super) fn whole(data: &Path) -> Result<Whole, Failure> {
    let audit =
        audit::audit(data, None, None).map_err(|fault| Failure::new(Exit::Broken, fault))?;
    if audit.state.is_none() {
        return Err(Failure::new(
            Exit::Refused,
            "bodies are missing from this record, so no register can be made of it",
        ));
    }
    let archive = SqliteArchive::open_whole(data).map_err(Failure::invalid)?;
    let mut state = State::default();
    let mut stories: BTreeMap<WeaponId, Story> = BTreeMap::new();
    let mut order = Vec::new();
    let mut next = 0;
    // Not beyond what was verified, though the node goes on.
    while next < audit.size {
        let some = archive.read(next, audit.size).map_err(Failure::fault)?;
        if some.is_empty() {
            return Err(Failure::new(
                Exit::Broken,
                format!("entry {next} is missing"),
            ));
        }
        for stored in &some {
            let folded =
                audit::fold::read(&stored.entry, stored.beside.as_ref()).map_err(Failure::fault)?;
            domain::apply(&mut state, &folded.entry);
            follow(
                &state,
                stored.index,
                folded.entry.at,
                &mut stories,
                &mut order,
            );
            next = stored.index + 1;
        }
    }
    Ok(Whole {
        origin: audit.origin,
        size: audit.size,
        root: audit.root.to_string(),
        weapons: order.iter().filter_map(|id| stories.remove(id)).collect(),
        batches: state.batches.len(),
    })
}

fn follow(
    state: &State,
    entry: u64,
    at: Millis,
    stories: &mut BTreeMap<WeaponId, Story>,
    order: &mut Vec<WeaponId>,
) {
    for (id, weapon) in &state.weapons {
        let place = place(state, weapon);
        let story = stories.entry(*id).or_insert_with(|| {
            order.push(*id);
            let came = Move {
                entry,
                at,
                came: true,
                other: weapon.about.from.as_str().to_owned(),
            };
            Story {
                about: weapon.about.clone(),
                spans: Vec::new(),
                moves: vec![came],
            }
        });
        let was = story.spans.last().map(|span| span.place.clone());
        if was.as_ref() == Some(&place) {
            continue;
        }
        if let Some(last) = story.spans.last_mut() {
            last.to = Some(at);
        }
        if place == Place::Away {
            let to = weapon
                .away
                .and_then(|by| state.sent.get(&by))
                .map_or("", |sent| sent.to.as_str());
            story.moves.push(Move {
                entry,
                at,
                came: false,
                other: to.to_owned(),
            });
        } else if was == Some(Place::Away) {
            story.moves.push(Move {
                entry,
                at,
                came: true,
                other: "came back from where it was sent".to_owned(),
            });
        }
        story.spans.push(Span {
            place,
            from: at,
            to: None,
        });
    }
}

fn place(state: &State, weapon: &Weapon) -> Place {
    if weapon.away.is_some() {
        return Place::Away;
    }
    let who = |person| {
        let id: String = format!("{person}").chars().take(12).collect();
        format!("{} (person {id})", state.role(person))
    };
    match &weapon.custody {
        Custody::Stored { store } => Place::Stored(name(state, *store)),
        Custody::Held { holder, .. } => Place::With(who(*holder)),
        Custody::OutOfSight { last } => Place::With(who(*last)),
        Custody::OffTheRecord { with } => {
            Place::OffTheRecord(with.map_or_else(|| "nobody named".to_owned(), who))
        }
    }
}

fn name(state: &State, store: StoreId) -> String {
    state.stores.get(&store).map_or_else(
        || "a store without a name".to_owned(),
        |one| one.about.name.as_str().to_owned(),
    )
}
