//! Folds entries into a state. Reads the entry's Outcome and never judges or fails, so that the same record gives the
//! same state on any machine, years later, without packs.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use crate::{
    act::{Act, Nature},
    gates,
    id::*,
    state::{OwedItem, State},
    statement::Entry,
};

mod ammunition;
mod countersign;
mod floor;
mod incidents;
mod log;
mod looks;
mod papers;
mod people;
mod planning;
mod record;
mod stops;
mod weapons;

/// Moves `state` on by one entry.
pub fn apply(state: &mut State, entry: &Entry) {
    if entry.statement.by == PersonId::ZERO
        && matches!(
            entry.statement.act,
            Act::NodeStarted(_) | Act::NodeClockJumped(_) | Act::TookOver(_)
        )
    {
        // While the node was down nobody could stop again.
        stops::wait_anew(state, entry.at);
    }
    state.advance(entry.at);
    state.recorded_at = state.recorded_at.max(entry.at);
    if let Some(limits) = &entry.outcome.limits {
        state.limits = limits.clone();
    }
    note_owed(state, entry);
    if entry.outcome.late {
        worsen(state, entry);
    } else if entry.outcome.admitted {
        follow(state, entry);
        for lease in &entry.outcome.leases {
            if let Some(weapon) = state.weapons.get_mut(&lease.weapon) {
                weapon.lease = Some(lease.clone());
            }
        }
    } else {
        refused(state, entry);
    }
    for weapon in state.weapons.values_mut() {
        weapon.knowledge.note_end(entry.at);
    }
    state.find_next_lapse();
}

/// What is owed after a judged request: what it lists, in place of what stood for the same request and weapon.
fn note_owed(state: &mut State, entry: &Entry) {
    for (gate, weapon) in gates::of(state, &entry.statement.act) {
        state
            .owed
            .retain(|item| item.gate != gate || item.weapon != weapon);
    }
    state
        .owed
        .extend(entry.outcome.owed.iter().map(|owed| OwedItem {
            gate: owed.gate,
            weapon: owed.weapon,
            reason: owed.reason.clone(),
            until: owed.until,
        }));
}

/// An admitted statement.
#[expect(
    clippy::too_many_lines,
    reason = "one line a kind; splitting it would hide a missing one"
)]
fn follow(state: &mut State, entry: &Entry) {
    if !may_say(state, entry.statement.by, &entry.statement.act) {
        return;
    }
    match &entry.statement.act {
        Act::LogOpen(body) => log::open(state, body),
        Act::NodeStarted(body) => log::started(state, body),
        Act::NodeClockJumped(_) => log::clock_jumped(state),
        Act::NodeDeadlineLapsed(body) => log::deadline_lapsed(state, entry, body),
        Act::PacksAdopt(body) => log::adopt(state, body),
        Act::TookOver(body) => record::took_over(state, entry, body),
        Act::Preserve(body) => record::preserve(state, entry, body),
        Act::AdoptCosigners(body) => record::adopt_cosigners(state, body),
        Act::GiveAccount(_) | Act::Attach(_) | Act::Details(_) | Act::Absent(_) => {
            record::sealed(state, entry);
        }
        Act::SendAway(body) => record::send(state, entry, body),
        Act::ConfirmSent(body) => record::confirm(state, body),
        Act::Countersign(body) => countersign::countersign(state, entry, body),
        Act::Correct(body) => log::correct(state, body),
        Act::Invite(body) => people::invite(state, entry, body),
        Act::Enrol(body) => people::enrol(state, entry, body),
        Act::RevokeKey(body) => people::revoke(state, entry, body),
        Act::DutyChange(body) => people::duty(state, body),
        Act::Qualify(body) => people::qualify(state, body),
        Act::EnterHours(body) => people::hours(state, body),
        Act::Background(body) => people::background(state, entry, body),
        Act::Train(body) => people::train(state, entry, body),
        Act::Ask(body) => people::ask(state, entry, body),
        Act::AnswerAsk(body) => people::answer(state, body),
        Act::CrewChange(body) => people::crew_change(state, entry, body),
        Act::ReceiveWeapon(body) => weapons::receive(state, entry, body),
        Act::TestFire(body) => weapons::test_fire(state, body),
        Act::Ground(body) => weapons::ground(state, body),
        Act::AlterWeapon(body) => weapons::alter(state, body),
        Act::MissingWeapon(body) => weapons::missing(state, entry, body),
        Act::TakeInventory(body) => weapons::inventory(state, entry, body),
        Act::ReceiveBatch(body) => weapons::receive_batch(state, entry, body),
        Act::IssueBatch(body) => weapons::issue_batch(state, entry, body),
        Act::ReturnBatch(body) => weapons::return_batch(state, body),
        Act::ReceiveLot(body) => ammunition::receive(state, entry, body),
        Act::QuarantineLot(body) => ammunition::quarantine(state, entry, body.lot, &body.words),
        Act::CountLot(body) => ammunition::count(state, entry, body),
        Act::DrawRounds(body) => ammunition::draw(state, body.lot, body.rounds),
        Act::ReconcileLot(body) => ammunition::reconcile(state, body),
        Act::FoundRound(body) => ammunition::found(state, entry, body),
        Act::ReceiveCarrier(body) => ammunition::receive_carrier(state, entry, body),
        Act::OpenCarrier(body) => ammunition::open_carrier(state, body),
        Act::AddStore(body) => ammunition::add_store(state, entry, body),
        Act::StoreDoor(body) => ammunition::door(state, body),
        Act::OpenSession(body) => planning::open_session(state, entry, body),
        Act::CloseSession(_) => planning::close_session(state),
        Act::AddAction(body) => planning::add_action(state, entry, body),
        Act::SetPlan(body) => planning::set_plan(state, entry, body),
        Act::DrawPlan(body) => planning::draw(state, entry, body),
        Act::NowOn(body) => planning::now_on(state, body),
        Act::ShowPaper(body) => papers::show(state, entry, body),
        Act::EndPaper(body) => papers::end(state, body),
        Act::Meeting(body) => floor::meeting(state, entry, body),
        Act::LateBrief(body) => floor::late_brief(state, body),
        Act::TakeOut(body) => floor::take_out(state, entry, body),
        Act::Look(body) => looks::look(state, entry, body),
        Act::LoadWeapon(body) => looks::load(state, entry, body),
        Act::LineLook(body) => looks::line(state, entry, body),
        Act::Show(body) => floor::show(state, entry, body),
        Act::HandOver(body) => floor::hand_over(state, entry, body),
        Act::EyesOn(body) => floor::eyes_on(state, entry, body),
        Act::OutOfSight(body) => floor::out_of_sight(state, entry, body),
        Act::OffProtocol(body) => floor::off_protocol(state, entry, body),
        Act::Shots(body) => floor::shots(state, entry, body),
        Act::ZoneClear(body) => planning::zone(state, body.action, Some(entry.at)),
        Act::ZoneEntered(body) => planning::zone(state, body.action, None),
        Act::Begin(body) => planning::begin(state, entry, body.action),
        Act::AllWell(body) => incidents::all_well(state, entry, body.action),
        Act::Collect(body) => floor::collect(state, entry, body.weapon),
        Act::Clear(body) => looks::clear(state, entry, body),
        Act::LockAway(body) => floor::lock_away(state, entry, body),
        Act::EndHold(body) => looks::end_hold(state, body),
        Act::Break(_) => planning::pause(state, entry),
        Act::Resume(_) => planning::resume(state, entry),
        Act::Stop(body) => stops::stop(state, entry, body),
        Act::Lift(body) => stops::end(state, body.stop, entry.at),
        Act::UnexpectedEvent(body) => incidents::unexpected(state, entry, body),
        Act::ReleaseEvent(body) => incidents::release(state, entry, body),
        Act::Freeze(body) => incidents::freeze(state, entry, body),
        Act::Secured(body) => incidents::secured(state, body),
        Act::EvidenceTouched(body) => incidents::evidence_touched(state, entry, body),
        Act::RaiseConcern(body) => stops::raise(state, entry, body.about_weapons),
        Act::AnswerConcern(body) => stops::answer(state, body.concern),
        Act::WalkOff(body) => stops::walk_off(state, entry, body),
        // Acts of two people: nothing changes until the countersign.
        Act::Erase(_)
        | Act::PreserveEnd(_)
        | Act::ProveClass(_)
        | Act::ReturnToService(_)
        | Act::ProveLot(_)
        | Act::ReleaseLot(_)
        | Act::Sweep(_)
        | Act::FillCarrier(_)
        | Act::LiftForAnother(_)
        | Act::ExplainEvent(_) => countersign::wait(state, entry),
        // Their lease stands in the Outcome.
        Act::CallCold(body) => floor::called(state, entry, &body.weapons),
        Act::CallHot(body) => floor::called(state, entry, &[body.weapon]),
        // Kept as said; no state follows.
        Act::AdoptPolicy(_)
        | Act::Notice(_)
        | Act::Note(_)
        | Act::Export(_)
        | Act::ReceiveSent(_) => {}
    }
}

/// What only the node says is nothing from anybody else; and a log begins once.
pub(crate) fn may_say(state: &State, by: PersonId, act: &Act) -> bool {
    match act {
        Act::LogOpen(_) => by == PersonId::ZERO && state.node_key == KeyId::ZERO,
        Act::NodeStarted(_)
        | Act::NodeClockJumped(_)
        | Act::NodeDeadlineLapsed(_)
        | Act::TookOver(_) => by == PersonId::ZERO,
        _ => true,
    }
}

/// A refused request whose act may have happened anyway: what it touches is unknown and off the record.
fn refused(state: &mut State, entry: &Entry) {
    match &entry.statement.act {
        Act::TakeOut(body) => body
            .weapons
            .iter()
            .for_each(|id| floor::astray(state, *id, Some(entry.statement.by))),
        Act::LoadWeapon(body) => looks::load_refused(state, entry, body),
        Act::HandOver(body) => floor::astray(state, body.weapon, Some(body.to)),
        Act::FillCarrier(body) => ammunition::carrier_unknown(state, body.carrier),
        _ => {}
    }
}

/// A late statement, or one under a revoked key: history, and it can only make a state worse.
fn worsen(state: &mut State, entry: &Entry) {
    match &entry.statement.act {
        // These never make a state better, at any age.
        Act::RevokeKey(_)
        | Act::Background(_)
        | Act::CrewChange(_)
        | Act::Ground(_)
        | Act::AlterWeapon(_)
        | Act::MissingWeapon(_)
        | Act::QuarantineLot(_)
        | Act::FoundRound(_)
        | Act::OpenCarrier(_)
        | Act::ZoneEntered(_)
        | Act::OutOfSight(_)
        | Act::OffProtocol(_)
        | Act::Shots(_)
        | Act::Stop(_)
        | Act::UnexpectedEvent(_)
        | Act::Freeze(_)
        | Act::EvidenceTouched(_)
        | Act::RaiseConcern(_)
        | Act::WalkOff(_)
        | Act::Correct(_)
        | Act::Ask(_)
        | Act::Preserve(_)
        | Act::SendAway(_)
        | Act::EndPaper(_)
        // Nothing follows from them but that they are kept.
        | Act::GiveAccount(_)
        | Act::Attach(_)
        | Act::Details(_)
        | Act::Absent(_)
        // Things known to nobody before: they begin with no status.
        | Act::ReceiveWeapon(_)
        | Act::ReceiveBatch(_)
        | Act::ReceiveLot(_)
        | Act::ReceiveCarrier(_)
        | Act::AddStore(_)
        | Act::AddAction(_) => follow(state, entry),
        Act::Look(_) | Act::LineLook(_) | Act::Clear(_) | Act::LoadWeapon(_) => looks::late(state, entry),
        Act::Collect(body) => floor::doubt(state, body.weapon),
        // A late request is refused; its act may have happened all the same.
        Act::HandOver(_) | Act::TakeOut(_) => refused(state, entry),
        Act::LockAway(body) => body.weapons.iter().for_each(|id| floor::doubt(state, *id)),
        Act::TakeInventory(body) => weapons::inventory_late(state, body),
        Act::CountLot(body) => ammunition::count_differs(state, body),
        Act::SetPlan(_) | Act::DrawPlan(_) => planning::changed(state, entry.at),
        other => debug_assert!(other.kind().nature() == Nature::Report || !entry.outcome.admitted, "a late request is refused"),
    }
}

pub(crate) use countersign::fit;
pub(crate) use looks::counts;
pub(crate) use people::may_revoke;
pub(crate) use record::{Kept, kept};

#[cfg(test)]
mod tests;
