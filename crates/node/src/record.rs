//! The record in sentences, for people. Says what people said they did; never who was refused.

use audit::fold;
use domain::act::Act;
use domain::act::floor::Sight;
use domain::id::{PersonId, StatementId, WeaponId};
use domain::knowledge;
use domain::time::Millis;
use store::Stored;

use crate::limit::RECORD_LINES_MAX;
use crate::node::Node;
use crate::view::{View, Viewer};

mod keeping;
mod own;
mod say;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Taken.
    Plain,
    /// A request that the record does not support.
    Refused,
    /// A report that breaks a rule, or a lapse.
    Breach,
    /// A stop or its end.
    Stop,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Entry number, from 0.
    pub index: u64,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    /// The statement.
    pub id: StatementId,
    /// The sentence.
    pub text: String,
    /// How it is drawn.
    pub tone: Tone,
    /// Weapons it is about.
    pub weapons: Vec<WeaponId>,
}

/// Some of the record, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordPage {
    /// Lines.
    pub lines: Vec<Line>,
    /// Ask again with this as `before`; `None` at the first entry.
    pub before: Option<u64>,
}

impl Node {
    /// Up to `count` lines (at most [`RECORD_LINES_MAX`]), newest first, from the entry before `before`; from the end when
    /// `None`. Strangers see none.
    pub fn record(&self, before: Option<u64>, count: usize, viewer: &Viewer) -> RecordPage {
        let count = count.min(RECORD_LINES_MAX) as u64;
        let end = self.view(viewer, |view| view.reader.map(|_| view.head.size));
        let Some(size) = end else {
            return RecordPage::default();
        };
        let to = before.map_or(size, |before| before.min(size));
        let from = to.saturating_sub(count);
        let stored = self.stored(from, to);
        self.view(viewer, |view| {
            let mut lines: Vec<Line> = stored.iter().filter_map(|one| line(view, one)).collect();
            lines.reverse();
            RecordPage {
                lines,
                before: (from > 0).then_some(from),
            }
        })
    }

    /// Up to `count` newest lines about one weapon, looking back at most [`RECORD_LINES_MAX`] times ten entries.
    pub fn record_of(&self, weapon: WeaponId, count: usize, viewer: &Viewer) -> Vec<Line> {
        let mut found = Vec::new();
        let mut before = None;
        for _ in 0..10 {
            let page = self.record(before, RECORD_LINES_MAX, viewer);
            found.extend(
                page.lines
                    .into_iter()
                    .filter(|line| line.weapons.contains(&weapon)),
            );
            before = page.before;
            if before.is_none() || found.len() >= count {
                break;
            }
        }
        found.truncate(count);
        found
    }

    /// Entries as they are kept; as many as can be read.
    pub(crate) fn stored(&self, from: u64, to: u64) -> Vec<Stored> {
        let mut all = Vec::new();
        let mut next = from;
        while next < to {
            let some = match (&self.core.log, &self.core.archive) {
                (Some(log), _) => log.read(next, to),
                (None, Some(archive)) => archive
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .read(next, to),
                (None, None) => return all,
            };
            match some {
                Ok(some) if !some.is_empty() => {
                    next += some.len() as u64;
                    all.extend(some);
                }
                Ok(_) | Err(_) => return all,
            }
        }
        all
    }
}

fn line(view: &View<'_>, stored: &Stored) -> Option<Line> {
    let entry = fold::read(&stored.entry, stored.beside.as_ref())
        .ok()?
        .entry;
    let (act, outcome) = (&entry.statement.act, &entry.outcome);
    let hidden = view.hides(entry.statement.id);
    let weapons = say::weapons(act);
    let text = if outcome.admitted {
        admitted(view, &entry, hidden)
    } else {
        refused(view, act, outcome.reasons.as_slice())
    };
    let tone = match act {
        _ if !outcome.admitted => Tone::Refused,
        Act::Stop(_) | Act::Lift(_) | Act::LiftForAnother(_) => Tone::Stop,
        Act::UnexpectedEvent(_)
        | Act::NodeDeadlineLapsed(_)
        | Act::NodeClockJumped(_)
        | Act::FoundRound(_)
        | Act::MissingWeapon(_) => Tone::Breach,
        // What a closed look broke would say what it saw.
        _ if !outcome.breaches.is_empty() && !hidden => Tone::Breach,
        _ => Tone::Plain,
    };
    Some(Line {
        index: stored.index,
        at: entry.at,
        id: entry.statement.id,
        text,
        tone,
        weapons,
    })
}

/// Who said what, the rules it broke, and whether it came late.
fn admitted(view: &View<'_>, entry: &domain::Entry, hidden: bool) -> String {
    let outcome = &entry.outcome;
    let mut parts = vec![say::sentence(view, entry, hidden)];
    if outcome.late {
        parts.push("It came late.".to_owned());
    }
    // What a closed look broke would say what it saw.
    if let Some(breach) = outcome.breaches.first().filter(|_| !hidden) {
        parts.push(format!("Breach {}: {}.", breach.code, breach.says));
        if outcome.breaches.len() > 1 {
            parts.push(format!("And {} more.", outcome.breaches.len() - 1));
        }
    }
    if !outcome.owed.is_empty() {
        let codes: Vec<&str> = outcome
            .owed
            .iter()
            .map(|owed| owed.reason.code.as_str())
            .collect();
        parts.push(format!("Owed: {}.", codes.join(", ")));
    }
    parts.join(" ")
}

/// Weapon and reason, never who asked.
fn refused(view: &View<'_>, act: &Act, reasons: &[domain::outcome::Reason]) -> String {
    let about = say::weapons(act)
        .iter()
        .map(|id| view.state.tag(*id))
        .collect::<Vec<_>>()
        .join(", ");
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" {about}")
    };
    let why = reasons
        .first()
        .map_or("no reason given", |reason| reason.says.as_str());
    let more = match reasons.len() {
        0 | 1 => String::new(),
        count => format!(", and {} more reasons", count - 1),
    };
    format!("{}{about}: {why}{more}.", say::asked(act))
}

/// What a look that is open saw.
fn seen(sight: &Sight) -> String {
    let count = knowledge::counted(sight);
    let parts = [
        (count.empty, "empty"),
        (count.dummies, "dummies"),
        (count.blanks, "blanks"),
        (count.others, "other"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    let parts = if parts.is_empty() {
        "no positions".to_owned()
    } else {
        parts.join(", ")
    };
    format!("{parts}, bore {}", sight.bore.word())
}

fn who(view: &View<'_>, person: PersonId) -> String {
    let name = view.name(person);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
