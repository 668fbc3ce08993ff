//! The set board, its cards and lines.

use domain::board::{Shown, Word as DomainWord};
use domain::id::PersonId;
use domain::state::{Custody, Session};
use domain::time::Millis;
use domain::words::Duty;
use jiff::Timestamp;
use jiff::tz::Offset;
use node::{Line, Tone, View, stop_reason};
use web::desk::{RecordLine, RecordTone, SetView, StopView, UnitView, WeaponCard, Word, Zone};

use super::offer;

/// Everything on the set board.
pub(super) fn set(view: &View<'_>, unit: UnitView, zone: &Zone) -> SetView {
    let board = view.board();
    let mut weapons: Vec<WeaponCard> = board
        .weapons
        .into_iter()
        .map(|shown| card(view, shown))
        .collect();
    // What needs a person first; within that by tag, as the board has them.
    weapons.sort_by_key(|card| urgency(card.word));
    let mut stops: Vec<StopView> = view
        .state
        .stops
        .iter()
        .map(|(id, held)| StopView {
            id: if view.is_unrecorded(*id) {
                "0".repeat(64)
            } else {
                id.to_string()
            },
            since: held.at,
            reason: stop_reason(view, held),
            offers: offer::of_stop(view, *id),
        })
        .collect();
    stops.sort_by_key(|stop| stop.since);
    SetView {
        unit,
        units: Vec::new(),
        day: view
            .state
            .session
            .as_ref()
            .map(|session| day(session, zone))
            .unwrap_or_default(),
        scene: board.scene,
        summary: summary(view, zone),
        stops,
        weapons,
        offers: offer::of_set(view),
    }
}

const fn urgency(word: Word) -> u8 {
    match word {
        Word::Hold => 0,
        Word::CheckNeeded => 1,
        Word::Hot => 2,
        Word::Cold => 3,
        Word::CannotFire | Word::DullChecked => 4,
        Word::LockedAway => 5,
        Word::Grounded => 6,
    }
}

/// The pages' word.
pub(super) const fn word(word: DomainWord) -> Word {
    match word {
        DomainWord::Grounded => Word::Grounded,
        DomainWord::Hold => Word::Hold,
        DomainWord::LockedAway => Word::LockedAway,
        DomainWord::Hot => Word::Hot,
        DomainWord::Cold => Word::Cold,
        DomainWord::CannotFire => Word::CannotFire,
        DomainWord::DullChecked => Word::DullChecked,
        DomainWord::CheckNeeded => Word::CheckNeeded,
    }
}

/// One weapon as every reader may see it; place, holder, purpose and who still has to look for the enrolled.
pub(super) fn card(view: &View<'_>, shown: Shown) -> WeaponCard {
    let enrolled = view.reader.is_some();
    let weapon = view.state.weapons.get(&shown.weapon);
    let holder = weapon
        .filter(|_| enrolled)
        .map(|weapon| holder(view, &weapon.custody))
        .unwrap_or_default();
    let purpose = weapon
        .filter(|_| enrolled)
        .and_then(|weapon| weapon.issue.as_ref())
        .map(|issue| {
            let action = view
                .state
                .actions
                .get(&issue.action)
                .map_or("", |action| action.about.name.as_str());
            let takers: Vec<&str> = issue.takers.iter().map(|one| view.name(*one)).collect();
            if takers.is_empty() {
                action.to_owned()
            } else {
                format!("{action} · for {}", takers.join(", "))
            }
        })
        .unwrap_or_default();
    WeaponCard {
        id: shown.weapon.to_string(),
        tag: shown.tag,
        name: shown.name,
        word: word(shown.word),
        content: shown.content,
        reason: shown.reason,
        next: shown.next,
        say: shown.say,
        place: if enrolled { shown.place } else { String::new() },
        holder,
        waiting: if enrolled {
            shown.waiting.join(", ")
        } else {
            String::new()
        },
        purpose,
    }
}

fn holder(view: &View<'_>, custody: &Custody) -> String {
    match custody {
        Custody::Held {
            holder,
            sight_until,
        } => {
            let minutes = (sight_until - view.now).max(0) / 60_000;
            format!("{}, in sight for {minutes} more min", view.name(*holder))
        }
        Custody::OutOfSight { last } => format!("last with {}", view.name(*last)),
        Custody::OffTheRecord { with: Some(person) } => {
            format!("said to be with {}", view.name(*person))
        }
        Custody::OffTheRecord { with: None } => "nobody knows".to_owned(),
        Custody::Stored { .. } => String::new(),
    }
}

/// `6 weapons out · armorer on duty: yes · safety meeting 07:40, 31 there`; counts are for the enrolled.
fn summary(view: &View<'_>, zone: &Zone) -> String {
    if view.reader.is_none() {
        return String::new();
    }
    let state = &view.state;
    let out = state
        .weapons
        .values()
        .filter(|weapon| !matches!(weapon.custody, Custody::Stored { .. }))
        .count();
    let weapons = if out == 1 {
        "1 weapon out".to_owned()
    } else {
        format!("{out} weapons out")
    };
    let armorer = if state
        .with_duty(Duty::Armorer)
        .any(|one| state.is_handler(one, view.now))
    {
        "yes"
    } else {
        "no"
    };
    let meeting = state
        .session
        .as_ref()
        .and_then(|session| session.meetings.last())
        .map_or_else(
            || "no safety meeting yet".to_owned(),
            |meeting| {
                format!(
                    "safety meeting {}, {} there",
                    clock(meeting.at, zone),
                    meeting.about.attended.len()
                )
            },
        );
    let mut parts = vec![weapons, format!("armorer on duty: {armorer}"), meeting];
    if !state.owed.is_empty() {
        parts.push(format!("{} owed", state.owed.len()));
    }
    parts.join(" · ")
}

fn day(session: &Session, zone: &Zone) -> String {
    format!(
        "{} · {}",
        session.about.name.as_str(),
        local(session.at, zone, "%a %d %b")
    )
}

/// `13:44` in the zone.
pub(super) fn clock(at: Millis, zone: &Zone) -> String {
    local(at, zone, "%H:%M")
}

fn local(at: Millis, zone: &Zone, format: &str) -> String {
    let offset =
        Offset::from_seconds(zone.offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    Timestamp::from_millisecond(at).map_or_else(
        |_| String::new(),
        |time| {
            time.to_zoned(offset.to_time_zone())
                .strftime(format)
                .to_string()
        },
    )
}

/// A person's duties in words, or their role.
pub(super) fn duty(view: &View<'_>, person: PersonId) -> String {
    let duties: Vec<&str> = view
        .state
        .people
        .get(&person)
        .map(|known| known.duties.iter().map(|duty| duty.word()).collect())
        .unwrap_or_default();
    if duties.is_empty() {
        view.state.role(person).to_owned()
    } else {
        duties.join(", ")
    }
}

/// A line of the record.
pub(super) fn line(line: Line) -> RecordLine {
    let tone = match line.tone {
        Tone::Plain => RecordTone::Plain,
        Tone::Refused => RecordTone::Refused,
        Tone::Breach => RecordTone::Breach,
        Tone::Stop => RecordTone::Stop,
    };
    RecordLine {
        index: line.index,
        at: line.at,
        text: line.text,
        tone,
    }
}
