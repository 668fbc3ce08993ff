//! The decision: may this go on? Pure; the same record, statement, time and rules give the same answer anywhere.
//!
//! A request is refused when anything in the record or in the packs is against it, and every reason is given. A report
//! is always taken; the rules it breaks are listed. Any doubt on the way is a refusal with its reason.

use crate::{
    act::{Act, Nature},
    gates,
    id::*,
    judge::{Judge, Judgement},
    lease::{Granted, Lease},
    limit,
    outcome::{Outcome, Owed, Reason},
    refusal::Refusal,
    state::{OwedItem, State},
    statement::Statement,
    time::Millis,
};
use alloc::vec::Vec;

mod ask;
mod breaches;
mod floor;
mod hours;
mod leases;
mod papers;
mod people;
mod planning;
mod record;
mod stops;
mod who;

pub(crate) use record::answers_for_record;

/// What the node answers to `statement` at `now` (ms UTC by the node's clock).
pub fn admit(state: &State, statement: &Statement, now: Millis, judge: &dyn Judge) -> Outcome {
    // A clock that went back does not make the record younger.
    let now = now.max(state.recorded_at);
    let current = state.at(now);
    let state = current.as_ref();
    let late = is_late(state, statement, now);
    if statement.act.kind().nature() == Nature::Report {
        return report(state, statement, now, late, judge);
    }
    request(state, statement, now, late, judge)
}

/// Codes of all breaches that a report can be told of.
pub const BREACH_CODES: &[&str] = breaches::CODES;

/// A report is taken whatever it says.
fn report(
    state: &State,
    statement: &Statement,
    now: Millis,
    late: bool,
    judge: &dyn Judge,
) -> Outcome {
    Outcome {
        admitted: true,
        late,
        after_incident: is_after_incident(state, statement),
        breaches: breaches::of(state, statement, now, late),
        erased: record::erased(state, statement, now, late),
        limits: matches!(statement.act, Act::NodeStarted(_)).then(|| judge.limits()),
        ..Outcome::default()
    }
}

fn request(
    state: &State,
    statement: &Statement,
    now: Millis,
    late: bool,
    judge: &dyn Judge,
) -> Outcome {
    let mut refusals = refusals(state, statement, now);
    if late {
        refusals.push(if is_revoked(state, statement) {
            Refusal::KeyRevoked
        } else {
            Refusal::Late
        });
    }
    let mut reasons: Vec<Reason> = Vec::new();
    let found: Vec<Reason> = refusals.iter().map(Refusal::reason).collect();
    // Twelve weapons held by one event are one reason.
    push_new(&mut reasons, &found);
    let mut judgements = Vec::new();
    let (mut owed, mut advice) = (Vec::new(), Vec::new());
    for (gate, weapon) in gates::of(state, &statement.act) {
        let mut judgement = judge.judge(gate, &ask::facts(state, statement, gate, weapon, now));
        for reason in core::mem::take(&mut judgement.owed) {
            let standing = state
                .owed
                .iter()
                .find(|item| item.reason.code == reason.code && item.weapon == weapon);
            let until = standing.map_or(now + judge.limits().owed_ms, |item| item.until);
            if until <= now {
                judgement.refused.push(overdue(&reason));
            }
            // It goes on standing when its time is over: asking again buys no more. What two gates of one request ask
            // for is owed once.
            let listed = |one: &Owed| one.reason.code == reason.code && one.weapon == weapon;
            if !owed.iter().any(listed) {
                owed.push(Owed {
                    gate,
                    weapon,
                    reason,
                    until,
                });
            }
        }
        push_new(&mut reasons, &judgement.refused);
        push_new(&mut advice, &judgement.advice);
        judgements.push(judgement);
    }
    let leases = grant(
        state,
        statement,
        now,
        &mut refusals,
        &mut reasons,
        &judgements,
        judge,
    );
    let admitted = reasons.is_empty();
    if !admitted {
        // A refused request opens nothing; what stood before goes on standing.
        owed.retain(|one| {
            let stood =
                |item: &OwedItem| item.reason.code == one.reason.code && item.weapon == one.weapon;
            state.owed.iter().any(stood)
        });
    }
    Outcome {
        admitted,
        late,
        after_incident: is_after_incident(state, statement),
        reasons,
        breaches: Vec::new(),
        owed,
        advice,
        leases,
        limits: (admitted && matches!(statement.act, Act::PacksAdopt(_))).then(|| judge.limits()),
        erased: Vec::new(),
    }
}

/// Leases, if nothing is against the request; a lease that would not last long enough refuses it.
fn grant(
    state: &State,
    statement: &Statement,
    now: Millis,
    refusals: &mut Vec<Refusal>,
    reasons: &mut Vec<Reason>,
    judgements: &[Judgement],
    judge: &dyn Judge,
) -> Vec<crate::outcome::LeaseTerms> {
    let Some(granted) = Granted::by(refusals, judgements) else {
        return Vec::new();
    };
    match leases::of(&granted, state, statement, now, &judge.limits()) {
        Ok(leases) => leases.into_iter().map(Lease::into_terms).collect(),
        Err(refusal) => {
            reasons.push(refusal.reason());
            refusals.push(refusal);
            Vec::new()
        }
    }
}

/// An owed item past its limit refuses what the rule names.
fn overdue(reason: &Reason) -> Reason {
    Reason {
        says: alloc::format!("{}; it was owed and its time is over", reason.says),
        ..reason.clone()
    }
}

fn push_new(all: &mut Vec<Reason>, new: &[Reason]) {
    for reason in new {
        if !all.contains(reason) {
            all.push(reason.clone());
        }
    }
}

/// Late: signed, or signed on a head, more than the limit ago, or from a clock that runs ahead; or a revoked key.
/// The node is never late. A stop or an incident counts at any age: `apply` lets it worsen a state all the same.
fn is_late(state: &State, statement: &Statement, now: Millis) -> bool {
    if statement.by == PersonId::ZERO || matches!(statement.act, Act::Enrol(_)) {
        return false;
    }
    let limit = state.limits.late_ms;
    let old = now - statement.claimed_at > limit || now - statement.head_at > limit;
    let ahead = statement.claimed_at - now > limit::AHEAD_MS;
    // Signed on the lost node's record, and sent again to the spare that took over.
    let before = statement.head_at < state.took_over_at;
    old || ahead || before || is_revoked(state, statement)
}

fn is_revoked(state: &State, statement: &Statement) -> bool {
    state
        .keys
        .get(&statement.key)
        .is_some_and(|key| key.revoked_at.is_some())
}

/// Said while an unexpected event was not released: who weighs it later must know.
fn is_after_incident(state: &State, statement: &Statement) -> bool {
    statement.by != PersonId::ZERO && state.open_events().next().is_some()
}

/// Everything in the record that is against this request.
#[expect(clippy::too_many_lines, reason = "one arm a kind of request")]
fn refusals(state: &State, statement: &Statement, now: Millis) -> Vec<Refusal> {
    let mut found = Vec::new();
    if state.node_key == KeyId::ZERO && !matches!(statement.act, Act::LogOpen(_)) {
        found.push(Refusal::NotOpen);
    }
    if !makes_safer(&statement.act) && !state.stops.is_empty() {
        found.push(Refusal::Stopped {
            stops: u32::try_from(state.stops.len()).unwrap_or(u32::MAX),
        });
    }
    match &statement.act {
        Act::PacksAdopt(body) => people::adopt(state, statement.by, body, &mut found),
        Act::Erase(body) => record::erase(state, statement.by, body, now, &mut found),
        Act::PreserveEnd(body) => record::preserve_end(state, statement.by, body, &mut found),
        Act::AdoptCosigners(body) => {
            record::adopt_cosigners(state, statement.by, body, &mut found);
        }
        Act::Invite(body) => people::invite(state, statement.by, body, &mut found),
        Act::Enrol(body) => people::enrol(state, statement, body, now, &mut found),
        Act::DutyChange(body) => people::duty(state, statement.by, body, &mut found),
        Act::ReturnToService(body) => floor::return_to_service(state, body, &mut found),
        Act::IssueBatch(body) => floor::issue_batch(state, body, &mut found),
        Act::ReleaseLot(body) => floor::release_lot(state, body, &mut found),
        Act::DrawRounds(body) => floor::draw(state, body.lot, body.rounds, &mut found),
        Act::FillCarrier(body) => floor::fill_carrier(state, body, &mut found),
        Act::OpenSession(_) => planning::open_session(state, &mut found),
        Act::CloseSession(_) => planning::close_session(state, &mut found),
        Act::NowOn(body) => planning::now_on(state, body.action, &mut found),
        Act::TakeOut(body) => floor::take_out(state, statement.by, body, &mut found),
        Act::LoadWeapon(body) => floor::load(state, statement.by, body, &mut found),
        Act::CallCold(body) => floor::call_cold(state, body, &mut found),
        Act::CallHot(body) => floor::call_hot(state, body, &mut found),
        Act::HandOver(body) => floor::hand_over(state, statement.by, body, now, &mut found),
        Act::Begin(body) => planning::begin(state, body.action, now, &mut found),
        Act::EndHold(body) => floor::end_hold(state, body, &mut found),
        Act::Break(_) => planning::pause(state, &mut found),
        Act::Resume(_) => planning::resume(state, &mut found),
        Act::Lift(body) => stops::lift(state, statement.by, body, &mut found),
        Act::LiftForAnother(body) => stops::lift_for_another(state, body, &mut found),
        Act::ReleaseEvent(body) => stops::release_event(state, body, &mut found),
        // Reports are not asked.
        Act::LogOpen(_)
        | Act::NodeStarted(_)
        | Act::NodeClockJumped(_)
        | Act::NodeDeadlineLapsed(_)
        | Act::TookOver(_)
        | Act::Countersign(_)
        | Act::Correct(_)
        | Act::Export(_)
        | Act::Preserve(_)
        | Act::GiveAccount(_)
        | Act::Attach(_)
        | Act::Details(_)
        | Act::Absent(_)
        | Act::SendAway(_)
        | Act::ReceiveSent(_)
        | Act::ConfirmSent(_)
        | Act::RevokeKey(_)
        | Act::Qualify(_)
        | Act::Background(_)
        | Act::Train(_)
        | Act::Ask(_)
        | Act::AnswerAsk(_)
        | Act::CrewChange(_)
        | Act::ReceiveWeapon(_)
        | Act::ProveClass(_)
        | Act::TestFire(_)
        | Act::Ground(_)
        | Act::AlterWeapon(_)
        | Act::MissingWeapon(_)
        | Act::TakeInventory(_)
        | Act::ReceiveBatch(_)
        | Act::ReturnBatch(_)
        | Act::ReceiveLot(_)
        | Act::ProveLot(_)
        | Act::QuarantineLot(_)
        | Act::CountLot(_)
        | Act::ReconcileLot(_)
        | Act::FoundRound(_)
        | Act::Sweep(_)
        | Act::ReceiveCarrier(_)
        | Act::OpenCarrier(_)
        | Act::AddStore(_)
        | Act::StoreDoor(_)
        | Act::AddAction(_)
        | Act::SetPlan(_)
        | Act::DrawPlan(_)
        | Act::AdoptPolicy(_)
        | Act::EnterHours(_)
        | Act::ShowPaper(_)
        | Act::EndPaper(_)
        | Act::Meeting(_)
        | Act::LateBrief(_)
        | Act::Look(_)
        | Act::LineLook(_)
        | Act::Show(_)
        | Act::EyesOn(_)
        | Act::OutOfSight(_)
        | Act::OffProtocol(_)
        | Act::Shots(_)
        | Act::ZoneClear(_)
        | Act::ZoneEntered(_)
        | Act::AllWell(_)
        | Act::Collect(_)
        | Act::Clear(_)
        | Act::LockAway(_)
        | Act::Stop(_)
        | Act::UnexpectedEvent(_)
        | Act::ExplainEvent(_)
        | Act::Freeze(_)
        | Act::Secured(_)
        | Act::EvidenceTouched(_)
        | Act::Notice(_)
        | Act::Note(_)
        | Act::RaiseConcern(_)
        | Act::AnswerConcern(_)
        | Act::WalkOff(_) => {}
    }
    found
}

/// Requests that a stop does not block: they make things safer, or say who is who.
const fn makes_safer(act: &Act) -> bool {
    matches!(
        act,
        Act::PacksAdopt(_)
            | Act::AdoptCosigners(_)
            | Act::Erase(_)
            | Act::PreserveEnd(_)
            | Act::Invite(_)
            | Act::Enrol(_)
            | Act::DutyChange(_)
            | Act::OpenSession(_)
            | Act::CloseSession(_)
            | Act::EndHold(_)
            | Act::Break(_)
            | Act::Lift(_)
            | Act::LiftForAnother(_)
            | Act::ReleaseEvent(_)
    )
}
