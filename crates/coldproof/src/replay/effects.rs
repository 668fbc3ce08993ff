//! What a statement changed, as sentences: the record before and after, compared.

use super::case::Case;
use domain::{
    State,
    board::{Board, Shown, Word},
    id::*,
    state::{Custody, OwedItem, Weapon},
    time::Millis,
};

/// What changed, and whether it calls for action now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) says: Vec<String>,
    pub(super) alarms: bool,
}

impl Changed {
    fn note(&mut self, says: impl Into<String>) {
        self.says.push(says.into());
    }

    pub(super) fn alarm(&mut self, says: impl Into<String>) {
        self.note(says);
        self.alarms = true;
    }

    /// Marks everything said as assumed.
    pub(super) fn assumed(mut self) -> Self {
        for says in &mut self.says {
            *says = format!("(assumed) {says}");
        }
        self
    }

    pub(super) fn add(&mut self, other: Self) {
        self.says.extend(other.says);
        self.alarms |= other.alarms;
    }
}

/// Compares two records; `before` as it stood just before the statement of `now`.
pub(super) fn between(case: &Case, before: &State, after: &State, now: Millis) -> Changed {
    let mut changed = Changed::default();
    stops(before, after, &mut changed);
    events(before, after, &mut changed);
    weapons(before, after, now, &mut changed);
    lots(before, after, &mut changed);
    carriers(before, after, &mut changed);
    waiting(case, before, after, &mut changed);
    changed
}

fn stops(before: &State, after: &State, changed: &mut Changed) {
    for (id, held) in after
        .stops
        .iter()
        .filter(|(id, _)| !before.stops.contains_key(id))
    {
        let whose = match (held.event, held.by) {
            (Some(_), _) => "the record's own, for an unexpected event".to_owned(),
            (None, Some(person)) => format!("called by {}", after.role(person)),
            (None, None)
                if before
                    .deadlines
                    .iter()
                    .any(|deadline| StopId::from(deadline.of) == *id) =>
            {
                "the record's own".to_owned()
            }
            (None, None) => "by the record, or by someone signed out".to_owned(),
        };
        changed.alarm(format!("STOP ({whose}): {}", held.words.as_str()));
    }
    let ended = before
        .stops
        .keys()
        .filter(|id| !after.stops.contains_key(id))
        .count();
    if ended > 0 {
        changed.note(format!("{ended} stop(s) ended; {} held", after.stops.len()));
    }
}

fn events(before: &State, after: &State, changed: &mut Changed) {
    for (_, event) in after
        .events
        .iter()
        .filter(|(id, _)| !before.events.contains_key(id))
    {
        let mut held: Vec<&str> = event.held.iter().map(|id| after.tag(*id)).collect();
        held.sort_unstable();
        let what = event.about.what.word();
        if event.holds_everything {
            changed.alarm(format!("unexpected event ({what}): the second in a day or third in a week, so every weapon is held until production signs as well"));
        } else if held.is_empty() {
            changed.alarm(format!(
                "unexpected event ({what}): nothing goes out until it is explained and released"
            ));
        } else {
            changed.alarm(format!(
                "unexpected event ({what}): tag {} held",
                held.join(", ")
            ));
        }
    }
    for (id, event) in &after.events {
        let Some(earlier) = before.events.get(id) else {
            continue;
        };
        if event.explained_at.is_some() && earlier.explained_at.is_none() {
            changed.note("cause and fix of the unexpected event are countersigned");
        }
        if event.released_at.is_some() && earlier.released_at.is_none() {
            changed.note("the unexpected event is released");
        }
        for place in event
            .unsecured
            .iter()
            .filter(|place| !earlier.unsecured.contains(place))
        {
            changed.alarm(format!("not yet secured: {}", place.as_str()));
        }
        for place in earlier
            .unsecured
            .iter()
            .filter(|place| !event.unsecured.contains(place))
        {
            changed.note(format!("secured: {}", place.as_str()));
        }
    }
}

fn weapons(before: &State, after: &State, now: Millis, changed: &mut Changed) {
    // The record as it stood when it was last written to: what time alone ended since is told too.
    let (was, is) = (
        domain::board::board(before, before.recorded_at),
        domain::board::board(after, now),
    );
    let shown = |board: &Board, id: WeaponId| {
        let shown = board.weapons.iter().find(|shown| shown.weapon == id);
        shown
            .map(|shown| {
                (
                    with_content(shown),
                    shown.reason.trim_end_matches('.').to_owned(),
                )
            })
            .unwrap_or_default()
    };
    let mut by_tag: Vec<_> = after.weapons.iter().collect();
    by_tag.sort_by(|(_, one), (_, other)| one.about.tag.cmp(&other.about.tag));
    for (id, weapon) in by_tag {
        let tag = weapon.about.tag.as_str();
        let (word, reason) = shown(&is, *id);
        let Some(earlier) = before.weapons.get(id) else {
            changed.note(format!("tag {tag}: received, {word}"));
            continue;
        };
        let (was, was_reason) = shown(&was, *id);
        let new_hold = weapon
            .holds
            .iter()
            .any(|hold| !earlier.holds.contains(hold));
        if word != was || new_hold || (reason != was_reason && word != "LOCKED AWAY") {
            let says = if word == was {
                format!("tag {tag}: {word}: {reason}")
            } else {
                format!("tag {tag}: {was} → {word}: {reason}")
            };
            if new_hold {
                changed.alarm(says);
            } else {
                changed.note(says);
            }
        }
        let custody = |state: &State, weapon: &Weapon| match &weapon.custody {
            Custody::Stored { store } => format!(
                "in {}",
                state
                    .stores
                    .get(store)
                    .map_or("a store", |one| one.about.name.as_str())
            ),
            Custody::Held { holder, .. } => format!("with {}", state.role(*holder)),
            Custody::OutOfSight { last } => {
                format!("out of sight, last with {}", state.role(*last))
            }
            Custody::OffTheRecord { with: Some(with) } => {
                format!("off the record, said to be with {}", state.role(*with))
            }
            Custody::OffTheRecord { with: None } => "off the record".to_owned(),
        };
        let (was, is) = (custody(before, earlier), custody(after, weapon));
        if was != is {
            changed.note(format!("tag {tag}: {was} → {is}"));
        }
        if weapon.class_proof.is_some() && earlier.class_proof.is_none() {
            changed.note(format!(
                "tag {tag}: two people showed that it is a {}",
                weapon.class().word()
            ));
        }
    }
    for (id, batch) in &after.batches {
        let tag = batch.about.tag.as_str();
        let out = before.batches.get(id).map_or(0, |earlier| earlier.out);
        if batch.out != out {
            changed.note(format!(
                "rack {tag}: {} of {} pieces out",
                batch.out, batch.about.pieces
            ));
        }
        if batch.class_proof.is_some()
            && before
                .batches
                .get(id)
                .is_none_or(|earlier| earlier.class_proof.is_none())
        {
            changed.note(format!(
                "rack {tag}: two people showed that nothing in it can fire"
            ));
        }
    }
}

fn lots(before: &State, after: &State, changed: &mut Changed) {
    for (id, lot) in &after.lots {
        let tag = lot.about.tag.as_str();
        let Some(earlier) = before.lots.get(id) else {
            let status = if lot.is_proven() {
                "proven"
            } else {
                "not proven, so it counts as live"
            };
            changed.note(format!(
                "lot {tag}: received, {} rounds, {status}",
                lot.there
            ));
            continue;
        };
        match (&earlier.quarantined, &lot.quarantined) {
            (None, Some(why)) => {
                changed.alarm(format!("lot {tag}: in quarantine: {}", why.as_str()));
            }
            (Some(_), None) => changed.note(format!("lot {tag}: out of quarantine")),
            _ => {}
        }
        match (earlier.is_proven(), lot.is_proven()) {
            (true, false) if lot.quarantined.is_none() => {
                changed.note(format!("lot {tag}: proven no longer, so it counts as live"));
            }
            (false, true) => changed.note(format!("lot {tag}: every round proven by two people")),
            _ => {}
        }
        if lot.unaccounted > earlier.unaccounted {
            changed.note(format!(
                "lot {tag}: {} rounds unaccounted for",
                lot.unaccounted
            ));
        }
        if earlier.store.is_some() && lot.store.is_none() {
            changed.note(format!("lot {tag}: in the open"));
        }
    }
    if after.loose_rounds > before.loose_rounds {
        changed.alarm(format!(
            "{} round(s) found that may be live and that no lot accounts for",
            after.loose_rounds
        ));
    }
}

fn carriers(before: &State, after: &State, changed: &mut Changed) {
    use domain::state::CarrierContent as Content;
    for (id, carrier) in &after.carriers {
        let tag = carrier.about.tag.as_str();
        let was = before.carriers.get(id).map(|earlier| &earlier.content);
        if was == Some(&carrier.content) {
            continue;
        }
        changed.note(match &carrier.content {
            Content::Unknown => format!("carrier {tag}: what is in it is not known"),
            Content::Empty => format!("carrier {tag}: empty"),
            Content::Sealed { rounds, .. } => format!("carrier {tag}: {rounds} rounds, sealed"),
        });
    }
}

/// An owed item as a sentence: about which weapon, who owes it, what.
pub(super) fn owed_says(state: &State, item: &OwedItem) -> String {
    let tag = item
        .weapon
        .map_or_else(String::new, |weapon| format!("tag {}: ", state.tag(weapon)));
    format!("{tag}{} ({})", item.reason.says, item.reason.who)
}

fn waiting(case: &Case, before: &State, after: &State, changed: &mut Changed) {
    for (id, concern) in &after.concerns {
        match before.concerns.get(id) {
            None => {
                let until = after
                    .deadlines
                    .iter()
                    .find(|deadline| ConcernId::from(deadline.of) == *id)
                    .map(|deadline| deadline.until);
                let by = until.map_or_else(String::new, |until| {
                    format!(", by {}", case.zone.show(until))
                });
                changed.note(format!("an answer to this concern is due{by}"));
            }
            Some(earlier) if concern.overdue && !earlier.overdue => {
                changed.alarm("a concern has waited too long for an answer");
            }
            Some(_) => {}
        }
    }
    for item in after.owed.iter().filter(|item| !before.owed.contains(item)) {
        changed.note(format!(
            "owed by {}: {}",
            case.zone.show(item.until),
            owed_says(after, item)
        ));
    }
    if after
        .pending
        .keys()
        .any(|id| !before.pending.contains_key(id))
    {
        changed.note("waits for a second person's countersign");
    }
    let refused = |state: &State| {
        state
            .asks
            .values()
            .filter(|ask| ask.reply.is_some())
            .count()
    };
    if after.asks.len() > before.asks.len() {
        changed.note("a request is open");
    } else if refused(after) > refused(before) {
        changed.note("the request stays open: it was refused or not answered");
    }
    for (id, person) in &after.people {
        if let Some(earlier) = before.people.get(id) {
            for duty in person.duties.difference(&earlier.duties) {
                changed.note(format!(
                    "{} holds the duty of {}",
                    person.role.as_str(),
                    duty.word()
                ));
            }
            for duty in earlier.duties.difference(&person.duties) {
                changed.note(format!(
                    "{} no longer holds the duty of {}",
                    person.role.as_str(),
                    duty.word()
                ));
            }
            if person.training_short && !earlier.training_short {
                changed.note(format!(
                    "{} is not trained as planned",
                    person.role.as_str()
                ));
            }
        }
    }
}

/// The board in a line: stops held, then each weapon that is not locked away.
pub(super) fn board(state: &State, now: Millis) -> Vec<String> {
    let mut lines = Vec::new();
    if !state.stops.is_empty() {
        lines.push(format!("STOP, {} held", state.stops.len()));
    }
    let weapons = domain::board::board(state, now).weapons;
    let (locked, out): (Vec<_>, Vec<_>) = weapons
        .iter()
        .partition(|shown| shown.word == Word::LockedAway);
    lines.extend(
        out.iter()
            .map(|shown| format!("tag {} {}", shown.tag, with_content(shown))),
    );
    if !locked.is_empty() {
        lines.push(format!("{} locked away", locked.len()));
    }
    lines
}

fn with_content(shown: &Shown) -> String {
    let (word, content) = (shown.word.says(), shown.content.as_str());
    if content.is_empty() {
        word.to_owned()
    } else {
        format!("{word} {content}")
    }
}
