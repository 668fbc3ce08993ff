//! A press of STOP that nobody signed. It acts before anything is written and never fails.

use domain::act::Act;
use domain::act::stops::{Lift, Stop};
use domain::id::StopId;
use domain::time::Millis;
use domain::words::Words;

use crate::answer::{Entered, NotEntered};
use crate::core::{Ahead, Done};
use crate::limit::VISITS_MAX;
use crate::node::Node;

/// A press.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Press {
    /// Random name of the visit, so that the same phone may lift.
    pub visit: String,
    /// When it was pressed by the phone's clock, ms UTC, where it was queued.
    pub pressed_at: Option<Millis>,
    /// Words, if any.
    pub words: String,
    /// Called by voice or signal, and when, as told; empty if pressed.
    pub by_voice: String,
}

/// How far a press may lie back before its own time is told with it, ms.
const QUEUED_MS: Millis = 10_000;

impl Node {
    /// Stops the unit. When this returns every board shows it and every request is refused; `done` hears once whether it is
    /// recorded. The id is that of the lock: an open lock of somebody signed out takes the press in.
    pub fn press_stop(&self, press: &Press, done: impl FnOnce(bool) + Send + 'static) -> StopId {
        let core = &self.core;
        let mut ahead = core.ahead();
        if let Some(open) = merged(&ahead) {
            remember(&mut ahead, &press.visit, open);
            let waiting: Done = Box::new(move |answer| done(answer.is_ok()));
            if let Some(others) = ahead.flying.get_mut(&open.into()) {
                others.push(waiting);
                return open;
            }
            drop(ahead);
            let recorded = core.shown().is_recorded(open);
            waiting(if recorded {
                Ok(nothing())
            } else {
                Err(crate::publish::unrecorded())
            });
            return open;
        }
        let act = Act::Stop(Stop {
            words: words(press, core.now()),
            by_voice: clean(&press.by_voice),
            someone: true,
            authority: Words::default(),
        });
        let id = core.own(
            &mut ahead,
            &act,
            Box::new(move |answer| done(answer.is_ok())),
        );
        let id = id.map_or(StopId::ZERO, StopId::from);
        remember(&mut ahead, &press.visit, id);
        id
    }

    /// Lifts the lock that this visit pressed, and nobody else with it.
    pub fn lift_press(
        &self,
        visit: &str,
        found: &str,
        done: impl FnOnce(Result<Entered, NotEntered>) + Send + 'static,
    ) {
        let core = &self.core;
        let done: Done = Box::new(done);
        let mut ahead = core.ahead();
        let mine = ahead
            .visits
            .iter()
            .rev()
            .find(|(of, stop)| of == visit && ahead.state.stops.contains_key(stop))
            .map(|(_, stop)| *stop);
        let Some(stop) = mine else {
            drop(ahead);
            let says = "this phone did not press the stop that is open: whoever pressed lifts it, or two people of different departments";
            return core.refuse(NotEntered::denied("not_your_press", says), done);
        };
        if ahead
            .visits
            .iter()
            .any(|(of, other)| *other == stop && of != visit)
        {
            drop(ahead);
            let says =
                "somebody else pressed STOP as well: two people of different departments lift it";
            return core.refuse(NotEntered::denied("others_pressed", says), done);
        }
        let act = Act::Lift(Lift {
            stop,
            words: clean(found),
        });
        core.own(&mut ahead, &act, done);
    }
}

/// The open lock that takes a press in: then nothing is entered, for strangers must not grow the log. A press that would
/// change something (a lease stands, a lock is about to end or half lifted) is entered all the same.
fn merged(ahead: &Ahead) -> Option<StopId> {
    let changes = ahead
        .state
        .weapons
        .values()
        .any(|weapon| weapon.lease.is_some())
        || ahead
            .state
            .stops
            .values()
            .any(|held| held.ends_at.is_some())
        || ahead
            .state
            .pending
            .values()
            .any(|pending| matches!(pending.act, Act::LiftForAnother(_)));
    if changes {
        return None;
    }
    let open =
        ahead.state.stops.iter().find(|(_, held)| {
            held.by.is_none() && held.event.is_none() && held.authority.is_blank()
        });
    open.map(|(id, _)| *id)
}

fn remember(ahead: &mut Ahead, visit: &str, stop: StopId) {
    ahead.visits.push_back((visit.to_owned(), stop));
    if ahead.visits.len() > VISITS_MAX {
        ahead.visits.pop_front();
    }
}

fn words(press: &Press, now: Millis) -> Words {
    let said = clean(&press.words);
    match press.pressed_at {
        Some(at) if now - at > QUEUED_MS => {
            let seconds = (now - at) / 1_000;
            Words::new(
                format!(
                    "{} (pressed {seconds} s before it arrived, by the phone's clock)",
                    said.as_str()
                )
                .trim(),
            )
        }
        Some(_) | None => said,
    }
}

/// Words from a page nobody signed: what a payload may not hold becomes a blank.
fn clean(text: &str) -> Words {
    let text: String = text
        .chars()
        .map(|letter| {
            if domain::strict::is_forbidden(letter) {
                ' '
            } else {
                letter
            }
        })
        .collect();
    Words::new(text.trim())
}

/// A press that was merged has no entry of its own.
fn nothing() -> Entered {
    Entered {
        id: domain::id::StatementId::ZERO,
        index: 0,
        at: 0,
        outcome: domain::outcome::Outcome::default(),
        receipt: crate::answer::Receipt {
            size: 0,
            root: ledger::Digest::ZERO,
            epoch: 0,
            note: String::new(),
        },
    }
}
