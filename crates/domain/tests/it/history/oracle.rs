//! Whether COLD may stand, told from the entries alone by a reader that shares nothing with the fold.

use crate::world::{MINUTE, Set};
use domain::{
    Entry,
    act::Act,
    id::*,
    words::{Answer, Check, Seen},
};
use std::collections::BTreeSet;

/// Why COLD may not stand at `at`.
pub fn cold(set: &Set, weapon: WeaponId, at: i64) -> Result<(), String> {
    let entries = &set.entries;
    let epoch = last(entries, |entry| ends(entry, weapon)).ok_or("it was never taken out")?;
    let lookers: BTreeSet<PersonId> = entries[epoch..]
        .iter()
        .filter(|entry| looks(entry, weapon))
        .map(|entry| entry.statement.by)
        .collect();
    let fit = lookers
        .iter()
        .filter(|one| ![set.people.performer, set.people.double].contains(one))
        .count();
    if fit < 2 {
        return Err(format!("only {fit} people looked since entry {epoch}"));
    }
    let called = last(entries, |entry| {
        entry
            .outcome
            .leases
            .iter()
            .any(|lease| lease.weapon == weapon)
    })
    .ok_or("nobody called it")?;
    let over = last(entries, ends_leases);
    if called < epoch || over.is_some_and(|over| over > called) {
        return Err(format!("called at {called}, ended at {epoch} or {over:?}"));
    }
    if at >= entries[called].at + 30 * MINUTE {
        return Err("its lease ran out".into());
    }
    let touched = last(entries, |entry| {
        !entry.outcome.late && touches(entry, weapon)
    })
    .map_or(0, |index| entries[index].at);
    if at >= touched + 15 * MINUTE {
        return Err("nobody touched it for fifteen minutes".into());
    }
    if let Some(open) = open_stop(entries, at) {
        return Err(format!("the stop of entry {open} is held"));
    }
    Ok(())
}

fn last(entries: &[Entry], test: impl Fn(&Entry) -> bool) -> Option<usize> {
    entries.iter().rposition(test)
}

fn node(entry: &Entry) -> bool {
    entry.statement.by == PersonId::ZERO
}

/// After this nothing is known of the weapon's inside, whatever was.
fn ends(entry: &Entry, weapon: WeaponId) -> bool {
    let admitted = entry.outcome.admitted;
    match &entry.statement.act {
        Act::NodeStarted(_) | Act::NodeClockJumped(_) => node(entry),
        Act::Break(_) | Act::CloseSession(_) => admitted,
        Act::TakeOut(body) => body.weapons.contains(&weapon),
        Act::LoadWeapon(body) => body.sight.weapon == weapon,
        Act::Clear(body) => body.sight.weapon == weapon,
        Act::Shots(body) => body.weapon == weapon,
        Act::TestFire(body) => !entry.outcome.late && body.weapon == weapon,
        Act::Collect(body) => body.weapon == weapon,
        Act::LockAway(body) => body.weapons.contains(&weapon),
        Act::HandOver(body) => body.weapon == weapon && !admitted,
        Act::OffProtocol(body) => body.weapon == weapon,
        Act::OutOfSight(body) => {
            body.weapons.contains(&weapon) || (body.weapons.is_empty() && body.lots.is_empty())
        }
        Act::EvidenceTouched(body) => body.weapon == Some(weapon),
        Act::UnexpectedEvent(_) => true,
        Act::FoundRound(body) => body.live != Answer::No,
        _ => false,
    }
}

/// After this every lease is over.
fn ends_leases(entry: &Entry) -> bool {
    match &entry.statement.act {
        Act::Stop(_) | Act::UnexpectedEvent(_) => true,
        Act::FoundRound(body) => body.live == Answer::Yes,
        Act::PacksAdopt(_) => entry.outcome.admitted,
        _ => false,
    }
}

/// A whole look with nothing in it that may fire.
fn looks(entry: &Entry, weapon: WeaponId) -> bool {
    let sight = match &entry.statement.act {
        Act::Look(body) if body.sight.weapon == weapon => &body.sight,
        Act::LoadWeapon(body) if body.sight.weapon == weapon => &body.sight,
        Act::Clear(body) if body.sight.weapon == weapon => &body.sight,
        Act::LineLook(body) => match body.sights.iter().find(|sight| sight.weapon == weapon) {
            Some(sight) => sight,
            None => return false,
        },
        _ => return false,
    };
    let full = !matches!(&entry.statement.act, Act::LineLook(_))
        && !matches!(&entry.statement.act, Act::Look(body) if body.check != Check::Full);
    let whole = sight.turned
        && if full {
            sight
                .seen
                .iter()
                .all(|seen| matches!(seen, Seen::Empty | Seen::Dummy { .. }))
        } else {
            sight
                .counted
                .is_some_and(|count| count.blanks == 0 && count.others == 0)
        };
    whole && entry.outcome.admitted && !entry.outcome.late
}

fn touches(entry: &Entry, weapon: WeaponId) -> bool {
    match &entry.statement.act {
        Act::EyesOn(body) => body.weapons.is_empty() || body.weapons.contains(&weapon),
        Act::Countersign(_) => true,
        Act::HandOver(body) => body.weapon == weapon,
        Act::Show(body) => body.weapon == weapon,
        Act::CallCold(body) => body.weapons.contains(&weapon),
        Act::CallHot(body) => body.weapon == weapon,
        Act::LineLook(body) => body.sights.iter().any(|sight| sight.weapon == weapon),
        Act::Look(body) => body.sight.weapon == weapon,
        _ => ends(entry, weapon),
    }
}

/// A stop that nothing ended: its holder's own lift, a lift for it by two and two minutes without another stop, or, for
/// an event's, a word that all are well.
fn open_stop(entries: &[Entry], at: i64) -> Option<usize> {
    let stopped = |entry: &Entry| match &entry.statement.act {
        Act::Stop(_) | Act::UnexpectedEvent(_) => true,
        Act::FoundRound(body) => body.live == Answer::Yes,
        _ => false,
    };
    let is_event = |entry: &Entry| !matches!(entry.statement.act, Act::Stop(_));
    entries.iter().enumerate().filter(|(_, entry)| stopped(entry)).map(|(index, _)| index).find(|index| {
        let stop = &entries[*index];
        let id: StopId = stop.statement.id.into();
        let after = &entries[*index + 1..];
        let own = |entry: &Entry| match &entry.statement.act {
            // Presses signed out are one lock, lifted under the id of the first.
            Act::Lift(body) => entry.outcome.admitted && (body.stop == id || entry.statement.by == PersonId::ZERO && node(stop)),
            _ => false,
        };
        let lifted_by_two = after.iter().enumerate().any(|(n, entry)| {
            let Act::Countersign(signed) = &entry.statement.act else { return false };
            let first = entries.iter().find(|one| one.statement.id == signed.of);
            let lifts = first.is_some_and(|one| matches!(&one.statement.act, Act::LiftForAnother(body) if body.stop == id || node(stop)) && one.outcome.admitted);
            let two = first.is_some_and(|one| one.statement.by != entry.statement.by);
            let until = entry.at + 2 * MINUTE;
            let again = after[n + 1..].iter().take_while(|one| one.at < until).any(stopped);
            lifts && two && until <= at && !again
        });
        let well = is_event(stop) && after.iter().any(|entry| matches!(entry.statement.act, Act::AllWell(_) | Act::ReleaseEvent(_)) && !entry.outcome.late);
        !after.iter().any(own) && !lifted_by_two && !well
    })
}
