//! One thread that takes what the store says, shows it, and answers whoever waits. Nothing is answered before it is shown,
//! so that a phone that asks for the board right after its answer sees what it did.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use domain::act::Act;
use domain::id::{PersonId, StatementId};
use store::{AppendError, Appended};

use crate::answer::{Entered, NotEntered, Receipt};
use crate::core::{Core, Done, Flight, Message, Urgent};
use crate::enrol;

/// Tries after which whoever pressed a stop hears that it is not recorded yet.
const URGENT_TRIES_HEARD: u32 = 1;

/// Runs until told to close and nothing is on its way.
pub(crate) fn run(core: &Arc<Core>, messages: &Receiver<Message>) {
    let mut closing = false;
    while let Ok(first) = messages.recv() {
        let mut group = vec![first];
        gather(core, messages, &mut group);
        let mut acked = Vec::new();
        for message in group {
            match message {
                Message::Acked(flight, result) => acked.push((flight, result)),
                Message::Close => closing = true,
            }
        }
        if !acked.is_empty() {
            publish(core, acked);
        }
        if closing && core.ahead().in_flight == 0 {
            return;
        }
    }
}

/// Everything that is there, and everything else that the newest head covers: a head is shown with exactly its entries.
fn gather(core: &Core, messages: &Receiver<Message>, group: &mut Vec<Message>) {
    let shown = core.shown().size;
    loop {
        group.extend(messages.try_iter());
        let mut covered = shown;
        let mut taken = shown;
        for message in group.iter() {
            if let Message::Acked(_, Ok(appended)) = message {
                covered = covered.max(appended.head.size);
                taken += 1;
            }
        }
        if taken >= covered {
            return;
        }
        match messages.recv() {
            Ok(message) => group.push(message),
            Err(_) => return,
        }
    }
}

fn publish(core: &Arc<Core>, acked: Vec<(Box<Flight>, Result<Appended, AppendError>)>) {
    show(core, &acked);
    enrol::keep_names(
        core,
        acked
            .iter()
            .filter(|(_, result)| result.is_ok())
            .filter_map(|(flight, _)| enrolled(flight)),
    );
    core.note_erased(
        acked
            .iter()
            .filter(|(_, result)| result.is_ok())
            .map(|(flight, _)| &flight.entry),
    );
    let answers = settle(core, acked);
    core.notify();
    for (done, answer) in answers {
        // One caller that breaks off must not keep the answers of all others.
        catch_unwind(AssertUnwindSafe(move || done(answer))).unwrap_or_default();
    }
    // Behind the answers: nobody waits for it.
    core.finish_erasing();
}

/// Invitation and person of an enrolment that was admitted.
fn enrolled(flight: &Flight) -> Option<(StatementId, PersonId)> {
    match &flight.entry.statement.act {
        Act::Enrol(body) if flight.entry.outcome.admitted => {
            let by = flight.entry.statement.by;
            let person = if by == PersonId::ZERO {
                flight.entry.statement.id.into()
            } else {
                by
            };
            Some((body.invite, person))
        }
        _ => None,
    }
}

fn show(core: &Core, acked: &[(Box<Flight>, Result<Appended, AppendError>)]) {
    let mut shown = core.shown_mut();
    for (flight, result) in acked {
        let Ok(appended) = result else { continue };
        if flight.index != shown.size {
            // INVARIANT: the store answers in the order in which it was handed entries.
            core.freeze("an entry was answered out of order");
            return;
        }
        shown.publish(&flight.entry, flight.counter);
        if appended.head.size >= shown.head.size {
            shown.head = appended.head.clone();
        }
    }
}

/// Brings the account of what is on its way up to date; the answers to give, with no lock held.
fn settle(
    core: &Arc<Core>,
    acked: Vec<(Box<Flight>, Result<Appended, AppendError>)>,
) -> Vec<(Done, Result<Entered, NotEntered>)> {
    let mut answers = Vec::new();
    // Many entries have one head; its epoch is signed once.
    let mut signed: Option<(u64, u32, String)> = None;
    let mut ahead = core.ahead();
    for (flight, result) in acked {
        ahead.in_flight = ahead.in_flight.saturating_sub(1);
        let id = flight.entry.statement.id;
        let mut waiting = ahead.flying.remove(&id).unwrap_or_default();
        match result {
            Ok(appended) => {
                let (epoch, note) = match &signed {
                    Some((size, epoch, note)) if *size == appended.head.size => {
                        (*epoch, note.clone())
                    }
                    Some(_) | None => {
                        let epoch = core.shown().index.epoch_of(appended.head.size);
                        let note = core.with_epoch(&appended.head.note, epoch);
                        signed = Some((appended.head.size, epoch, note.clone()));
                        (epoch, note)
                    }
                };
                let answer = Entered {
                    id,
                    index: flight.index,
                    at: flight.entry.at,
                    outcome: flight.entry.outcome,
                    receipt: Receipt {
                        size: appended.head.size,
                        root: appended.head.root,
                        epoch,
                        note,
                    },
                };
                waiting.push(flight.done);
                answers.extend(waiting.into_iter().map(|done| (done, Ok(answer.clone()))));
            }
            Err(error) => {
                ahead.ids.remove(&id);
                let not = failed(core, &error);
                if core.frozen().is_none() {
                    ahead.recovering = true;
                }
                let Some((read, tries)) = flight.urgent else {
                    waiting.push(flight.done);
                    answers.extend(waiting.into_iter().map(|done| (done, Err(not.clone()))));
                    continue;
                };
                // The stop acts on; only its record waits.
                let mut done = Some(flight.done);
                if tries >= URGENT_TRIES_HEARD || core.frozen().is_some() {
                    waiting.extend(done.take());
                }
                answers.extend(waiting.into_iter().map(|done| (done, Err(unrecorded()))));
                ahead.urgent.push(Urgent { read, done, tries });
            }
        }
    }
    if ahead.in_flight == 0 && (ahead.recovering || ahead.resync) {
        core.begin_again(&mut ahead);
        if ahead.urgent.iter().any(|urgent| urgent.tries == 0) {
            core.retry(&mut ahead);
        }
    }
    answers
}

/// A stop that acts and is not recorded.
pub(crate) fn unrecorded() -> NotEntered {
    NotEntered::fault(
        "not_recorded_yet",
        "the stop stands and every board shows it; it is not recorded yet",
        true,
    )
}

/// What an append error means for the one who waits; freezes when nobody knows what the disk holds.
fn failed(core: &Core, error: &AppendError) -> NotEntered {
    match error {
        AppendError::DiskFull => NotEntered::fault("disk_full", error.to_string(), true),
        AppendError::Busy => NotEntered::fault("busy", error.to_string(), true),
        AppendError::Moved { .. } => NotEntered::fault(
            "recovering",
            "the record could not be written a moment ago: try again",
            true,
        ),
        AppendError::TooLarge => NotEntered::fault("too_large", error.to_string(), false),
        AppendError::Stopped(why) => {
            core.freeze(why);
            NotEntered::fault("frozen", error.to_string(), false)
        }
        AppendError::TimeRanBack { .. } | AppendError::Twice { .. } | AppendError::Empty => {
            // INVARIANT: one place decides order, time and ids.
            core.freeze(&format!("the record and this node disagree: {error}"));
            NotEntered::fault("frozen", error.to_string(), false)
        }
    }
}
