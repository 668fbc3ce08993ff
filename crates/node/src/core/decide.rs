//! Taking a statement: may its key write, is it here already, what does the record say, off to the disk.

use std::sync::atomic::Ordering;

use audit::{Rules, fold, is_nodes};
use domain::State;
use domain::act::Act;
use domain::act::log::{ClockJumped, DeadlineLapsed};
use domain::id::{PersonId, StatementId};
use domain::outcome::{Force, Outcome, Reason};
use domain::time::Millis;
use ledger::checkpoint::Checkpoint;
use sha2::{Digest as _, Sha256};
use store::{Ack, Append};

use super::{Again, Ahead, Core, Done, Flight, Message, Urgent, is_urgent};
use crate::answer::{Entered, NotEntered, Receipt, fit};
use crate::device::Device;
use crate::keys::{id_of, key_id};
use crate::limit::IN_FLIGHT_MAX;
use crate::rules;
use crate::shown::note_last;
use crate::submission::{Submission, Understood};

impl Core {
    /// Takes a submission. `done` is called once, when its entry is durable or nothing will be entered.
    pub(crate) fn submit(&self, submission: Submission, done: Done) {
        match Understood::read(submission, &self.origin) {
            Ok(read) => self.take(read, done),
            Err(not) => self.refuse(not, done),
        }
    }

    /// Counts and answers what is not entered.
    pub(crate) fn refuse(&self, not: NotEntered, done: Done) {
        let counter = match not {
            NotEntered::Invalid { .. } => &self.counters.invalid,
            NotEntered::Denied { .. } => &self.counters.denied,
            NotEntered::Fault { .. } => &self.counters.faults,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        done(Err(not));
    }

    /// Takes a statement that was verified.
    pub(crate) fn take(&self, read: Understood, done: Done) {
        let mut ahead = self.ahead();
        match self.take_locked(&mut ahead, read, done) {
            Ok(()) => {}
            Err((again, done)) => {
                drop(ahead);
                match again {
                    Again::Entered(id, index) => done(self.again(id, index)),
                    Again::Not(not) => self.refuse(not, done),
                }
            }
        }
    }

    /// The same with the lock held. What needs no lock is handed back.
    pub(crate) fn take_locked(
        &self,
        ahead: &mut Ahead,
        read: Understood,
        done: Done,
    ) -> Result<(), (Again, Done)> {
        let id = read.statement.id;
        if let Some(waiting) = ahead.flying.get_mut(&id) {
            waiting.push(done);
            return Ok(());
        }
        if let Some(index) = ahead.ids.get(&id) {
            return Err((Again::Entered(id, *index), done));
        }
        if let Some(urgent) = ahead
            .urgent
            .iter_mut()
            .find(|urgent| urgent.read.statement.id == id)
        {
            urgent.done = Some(done);
            return Ok(());
        }
        if let Err(not) = self.may_write(&ahead.state, &read) {
            return Err((Again::Not(not), done));
        }
        if let Some(not) = self.file_missing(&read.statement.act) {
            return Err((Again::Not(not), done));
        }
        let urgent = is_urgent(&read.statement.act);
        if let Some(not) = self.frozen_fault() {
            if urgent {
                self.act_unrecorded(ahead, &read);
                return Err((Again::Not(crate::publish::unrecorded()), done));
            }
            return Err((Again::Not(not), done));
        }
        if ahead.recovering {
            if urgent {
                self.act_unrecorded(ahead, &read);
                ahead.urgent.push(Urgent {
                    read,
                    done: Some(done),
                    tries: 0,
                });
                return Ok(());
            }
            let not = NotEntered::fault(
                "recovering",
                "the record could not be written a moment ago: try again",
                true,
            );
            return Err((Again::Not(not), done));
        }
        if ahead.in_flight >= IN_FLIGHT_MAX && !urgent {
            let not = NotEntered::fault(
                "busy",
                "the record cannot keep up: try again in a moment",
                true,
            );
            return Err((Again::Not(not), done));
        }
        self.check_clock(ahead);
        self.decide(ahead, read, done, 0);
        Ok(())
    }

    /// Whether the key may write here at all. What may not leaves no trace but a count: nobody can shorten a log.
    fn may_write(&self, state: &State, read: &Understood) -> Result<(), NotEntered> {
        let statement = &read.statement;
        if is_nodes(statement.act.kind()) && statement.key != state.node_key {
            return Err(NotEntered::denied(
                "nodes_own",
                "only the node itself signs statements of this kind",
            ));
        }
        match state.keys.get(&statement.key) {
            Some(key) if key.person == statement.by => Ok(()),
            Some(_) => Err(NotEntered::denied(
                "other_person",
                "the key is enrolled for another person than the statement names",
            )),
            None => self.may_enrol(state, read),
        }
    }

    /// A new key enters by an invitation and its secret, and only so.
    fn may_enrol(&self, state: &State, read: &Understood) -> Result<(), NotEntered> {
        let statement = &read.statement;
        let Act::Enrol(body) = &statement.act else {
            return Err(NotEntered::denied(
                "unknown_key",
                "this key is not enrolled here",
            ));
        };
        let no_link = || {
            NotEntered::denied(
                "no_invitation",
                "the link is unknown, was used, or has run out",
            )
        };
        let invitation = state.invitations.get(&body.invite).ok_or_else(no_link)?;
        let fits = StatementId(Sha256::digest(body.token.0).into()) == invitation.invite.token;
        if !fits || self.now() >= invitation.invite.until {
            return Err(no_link());
        }
        let person = invitation.invite.for_person.unwrap_or(PersonId::ZERO);
        if body.key != statement.key || person != statement.by {
            return Err(NotEntered::denied(
                "other_key",
                "the enrolment is for another key or person than the link",
            ));
        }
        Ok(())
    }

    /// Enters that the wall clock jumped, if it did: every lease ends before anything else is decided.
    pub(crate) fn check_clock(&self, ahead: &mut Ahead) {
        let jump = self.time().jump(&*self.clock);
        if let Some(by_ms) = jump {
            self.own(
                ahead,
                &Act::NodeClockJumped(ClockJumped { by_ms }),
                Box::new(|_| {}),
            );
        }
    }

    /// Enters each deadline that passed.
    pub(crate) fn check_deadlines(&self, ahead: &mut Ahead) {
        for of in ahead.state.lapsed(self.now()) {
            self.own(
                ahead,
                &Act::NodeDeadlineLapsed(DeadlineLapsed { of }),
                Box::new(|_| {}),
            );
        }
    }

    /// Signs with the node's own key and decides at once.
    pub(crate) fn own(&self, ahead: &mut Ahead, act: &Act, done: Done) -> Option<StatementId> {
        let Some(keys) = &self.keys else {
            done(Err(NotEntered::fault(
                "no_keys",
                "this node has no keys of its own",
                false,
            )));
            return None;
        };
        let (counter, prev) = ahead
            .last
            .get(&id_of(&keys.node))
            .copied()
            .unwrap_or((0, StatementId::ZERO));
        let mut device = Device::of(keys.node.clone(), &self.origin).after(counter, prev);
        let now = self.now();
        let read = device
            .sign(act, now, self.seen(now))
            .and_then(|draft| Understood::read(draft.submission, &self.origin));
        let read = match read {
            Ok(read) => read,
            Err(not) => {
                done(Err(not));
                return None;
            }
        };
        let id = read.statement.id;
        let frozen = self.frozen().is_some();
        if ahead.recovering || frozen {
            if is_urgent(act) {
                self.act_unrecorded(ahead, &read);
            }
            if is_urgent(act) && !frozen {
                ahead.urgent.push(Urgent {
                    read,
                    done: Some(done),
                    tries: 0,
                });
            } else if is_urgent(act) {
                done(Err(crate::publish::unrecorded()));
            } else {
                done(Err(NotEntered::fault(
                    "recovering",
                    "the record could not be written a moment ago: try again",
                    true,
                )));
            }
            return Some(id);
        }
        self.decide(ahead, read, done, 0);
        Some(id)
    }

    /// Judges, applies and hands to the store. The only caller of `admit` and of the store.
    pub(crate) fn decide(&self, ahead: &mut Ahead, read: Understood, done: Done, tries: u32) {
        let Some(log) = &self.log else {
            done(Err(NotEntered::fault(
                "frozen",
                "the record on this node cannot be written",
                false,
            )));
            return;
        };
        let now = self.now().max(ahead.state.recorded_at);
        let (mut outcome, adopted) = self.judge(ahead, &read, now);
        let raw = ledger::entry::Entry {
            at_ms: now,
            statement: read.envelope.clone(),
            outcome: fit(&mut outcome),
            packs: ahead.rules.packs.clone(),
        };
        let append = match Append::new(&read.signed, &raw, read.beside.clone()) {
            Ok(append) => append,
            Err(why) => {
                done(Err(NotEntered::invalid("unwritable", why.to_string())));
                return;
            }
        };
        let counter = read.signed.header.counter;
        let urgent = is_urgent(&read.statement.act);
        let again = urgent.then(|| (read.clone(), tries));
        let entry = domain::Entry {
            at: now,
            statement: read.statement,
            outcome,
        };
        domain::apply(&mut ahead.state, &entry);
        if let Some(rules) = adopted.filter(|_| entry.outcome.admitted) {
            ahead.rules = rules;
        }
        if urgent {
            // A stop acts in memory before anything is written.
            let mut shown = self.shown_mut();
            shown
                .overlay
                .retain(|one| one.statement.id != entry.statement.id);
            shown.overlay.push(entry.clone());
            drop(shown);
            self.notify();
        }
        self.note_gap(ahead, &entry, &read.signed.header);
        let (index, id) = (ahead.next, entry.statement.id);
        ahead.ids.insert(id, index);
        ahead.flying.insert(id, Vec::new());
        ahead.next += 1;
        ahead.in_flight += 1;
        let flight = Box::new(Flight {
            index,
            entry,
            counter,
            done,
            urgent: again,
        });
        let acks = self.acks.clone();
        log.submit(
            index,
            vec![append],
            Ack::new(move |result| drop(acks.send(Message::Acked(flight, result)))),
        );
    }

    /// The outcome, and the rules that an adoption puts in force.
    fn judge(&self, ahead: &Ahead, read: &Understood, now: Millis) -> (Outcome, Option<Rules>) {
        let Act::PacksAdopt(body) = &read.statement.act else {
            return (
                domain::admit(&ahead.state, &read.statement, now, &*ahead.rules.judge),
                None,
            );
        };
        match self.book.load(&body.packs) {
            // Its bounds are those of the packs it adopts.
            Ok(rules) => (
                domain::admit(&ahead.state, &read.statement, now, &*rules.judge),
                Some(rules),
            ),
            Err(why) => {
                let mut outcome =
                    domain::admit(&ahead.state, &read.statement, now, &*ahead.rules.judge);
                outcome.admitted = false;
                outcome.limits = None;
                outcome.reasons.push(not_adoptable(why));
                (outcome, None)
            }
        }
    }

    /// A gap in a device's count is noted, never refused.
    fn note_gap(
        &self,
        ahead: &mut Ahead,
        entry: &domain::Entry,
        header: &ledger::envelope::Header,
    ) {
        let (counter, prev) = ahead
            .last
            .get(&key_id(&header.key))
            .copied()
            .unwrap_or((0, StatementId::ZERO));
        if header.counter != counter + 1 || header.prev.0 != prev.0 {
            self.counters.gaps.fetch_add(1, Ordering::Relaxed);
        }
        note_last(&mut ahead.last, entry, header.counter);
    }

    /// Makes a stop act although nothing can be written now.
    fn act_unrecorded(&self, ahead: &mut Ahead, read: &Understood) {
        let outcome = Outcome {
            admitted: true,
            ..Outcome::default()
        };
        let entry = domain::Entry {
            at: self.now().max(ahead.state.recorded_at),
            statement: read.statement.clone(),
            outcome,
        };
        domain::apply(&mut ahead.state, &entry);
        self.shown_mut().overlay.push(entry);
        self.notify();
    }

    /// The answer that was given to a statement entered before.
    fn again(&self, id: StatementId, index: u64) -> Result<Entered, NotEntered> {
        let gone = |why: String| NotEntered::fault("unreadable_record", why, true);
        let log = self
            .log
            .as_ref()
            .ok_or_else(|| gone("the record on this node cannot be read".to_owned()))?;
        let stored = log
            .read(index, index + 1)
            .map_err(|error| gone(error.to_string()))?;
        let stored = stored
            .first()
            .ok_or_else(|| gone("the entry is not there".to_owned()))?;
        let folded = fold::read(&stored.entry, stored.beside.as_ref()).map_err(gone)?;
        let notes = log
            .checkpoints(index + 1)
            .map_err(|error| gone(error.to_string()))?;
        let (_, note) = notes
            .first()
            .ok_or_else(|| gone("no head covers the entry".to_owned()))?;
        let head =
            Checkpoint::open(note, &self.verifier).map_err(|error| gone(error.to_string()))?;
        // Read before the answer is put together: no lock is held over another.
        let epoch = self.shown().index.epoch_of(head.size);
        Ok(Entered {
            id,
            index,
            at: folded.entry.at,
            outcome: folded.entry.outcome,
            receipt: Receipt {
                size: head.size,
                root: head.root,
                epoch,
                note: self.with_epoch(&self.with_cosignatures(note), epoch),
            },
        })
    }

    /// Begins again from what is durable. Called when nothing is on its way.
    ///
    /// A crash here loses nothing: all of it is in memory.
    pub(crate) fn begin_again(&self, ahead: &mut Ahead) {
        let shown = self.shown();
        ahead.state = shown.state.clone();
        ahead.next = shown.size;
        ahead.last.clone_from(&shown.last);
        for entry in &shown.overlay {
            domain::apply(&mut ahead.state, entry);
        }
        drop(shown);
        ahead.rules = rules::in_force(&*self.book, &ahead.state.packs);
        ahead.recovering = false;
        ahead.resync = false;
    }

    /// Tries again to record stops that act already.
    pub(crate) fn retry(&self, ahead: &mut Ahead) {
        if ahead.urgent.is_empty() || ahead.recovering || self.frozen().is_some() {
            return;
        }
        if let Some(log) = &self.log {
            // Room is made for a stop and for nothing else.
            log.release_reserve().ok();
        }
        for urgent in std::mem::take(&mut ahead.urgent) {
            let done = urgent.done.unwrap_or_else(|| Box::new(|_| {}));
            ahead.resync = true;
            self.decide(ahead, urgent.read, done, urgent.tries + 1);
        }
    }
}

fn not_adoptable(why: String) -> Reason {
    Reason {
        code: "PA-0002".to_owned(),
        says: why,
        source: "Coldproof".to_owned(),
        clause: "design 5".to_owned(),
        force: Force::Record,
        who: "administrator".to_owned(),
        cure: "name packs that this node has and that `coldproof pack check` passes".to_owned(),
    }
}
