//! One sentence for each kind of statement.

use domain::act::Act;
use domain::id::{LotId, PersonId, WeaponId};
use domain::words::Words;

use super::{keeping, seen, who};
use crate::view::View;

/// Weapons that a statement is about.
pub(super) fn weapons(act: &Act) -> Vec<WeaponId> {
    match act {
        Act::TakeOut(body) => body.weapons.clone(),
        Act::Look(body) => vec![body.sight.weapon],
        Act::LoadWeapon(body) => vec![body.sight.weapon],
        Act::Clear(body) => vec![body.sight.weapon],
        Act::LineLook(body) => body.sights.iter().map(|sight| sight.weapon).collect(),
        Act::Show(body) => vec![body.weapon],
        Act::CallCold(body) => body.weapons.clone(),
        Act::CallHot(body) => vec![body.weapon],
        Act::HandOver(body) => vec![body.weapon],
        Act::EyesOn(body) => body.weapons.clone(),
        Act::OutOfSight(body) => body.weapons.clone(),
        Act::OffProtocol(body) => vec![body.weapon],
        Act::Shots(body) => vec![body.weapon],
        Act::Collect(body) => vec![body.weapon],
        Act::LockAway(body) => body.weapons.clone(),
        Act::EndHold(body) => vec![body.weapon],
        Act::Ground(body) => vec![body.weapon],
        Act::ReturnToService(body) => vec![body.weapon],
        Act::AlterWeapon(body) => vec![body.weapon],
        Act::MissingWeapon(body) => vec![body.weapon],
        Act::TestFire(body) => vec![body.weapon],
        Act::ProveClass(body) => vec![body.thing.into()],
        Act::Train(body) => body.weapon.into_iter().collect(),
        Act::SetPlan(body) => body.weapon.into_iter().collect(),
        Act::DrawPlan(body) => vec![body.weapon],
        Act::SendAway(body) => body.weapons.clone(),
        Act::ConfirmSent(body) => body.weapons.clone(),
        Act::UnexpectedEvent(body) => body.weapon.into_iter().collect(),
        Act::EvidenceTouched(body) => body.weapon.into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What a refused request asked for, without its asker.
pub(super) fn asked(act: &Act) -> &'static str {
    match act {
        Act::TakeOut(_) => "Taking out",
        Act::LoadWeapon(_) => "Loading",
        Act::CallCold(_) => "A cold call for",
        Act::CallHot(_) => "A hot call for",
        Act::HandOver(_) => "Handing over",
        Act::DrawRounds(_) => "A draw of rounds",
        Act::FillCarrier(_) => "Filling a carrier",
        Act::Begin(_) => "Beginning the action",
        Act::Resume(_) => "Going on after the break",
        Act::EndHold(_) => "Ending the HOLD of",
        Act::Lift(_) | Act::LiftForAnother(_) => "Lifting a stop",
        Act::ReleaseEvent(_) => "Releasing an unexpected event",
        Act::ReturnToService(_) => "Return to service of",
        Act::IssueBatch(_) => "Giving out a rack",
        Act::PacksAdopt(_) => "Adopting packs",
        Act::Invite(_) | Act::Enrol(_) => "Enrolment",
        Act::DutyChange(_) => "A change of duty",
        Act::OpenSession(_) | Act::CloseSession(_) => "Opening or closing the session",
        Act::NowOn(_) => "Putting an action on",
        Act::Break(_) => "A break",
        Act::ReleaseLot(_) => "Releasing a lot",
        Act::Erase(_) => "Erasing sealed bodies",
        Act::PreserveEnd(_) => "Ending the preserving of the record",
        Act::AdoptCosigners(_) => "Adopting cosigners",
        _ => "A request",
    }
}

pub(super) fn tags(view: &View<'_>, weapons: &[WeaponId]) -> String {
    weapons
        .iter()
        .map(|id| view.state.tag(*id))
        .collect::<Vec<_>>()
        .join(", ")
}

fn lot(view: &View<'_>, id: LotId) -> String {
    view.state.lots.get(&id).map_or_else(
        || "an unknown lot".to_owned(),
        |lot| format!("lot {}", lot.about.tag.as_str()),
    )
}

pub(super) fn quoted(words: &Words) -> String {
    if words.is_blank() {
        String::new()
    } else {
        format!(": “{}”", words.as_str().trim())
    }
}

fn rounds(count: u32) -> String {
    if count == 1 {
        "1 round".to_owned()
    } else {
        format!("{count} rounds")
    }
}

/// Who said what. `hidden`: a look of somebody else whose pair is not in. A draw is told without its number while a look
/// that could rest on it is closed.
#[expect(
    clippy::too_many_lines,
    reason = "one arm a kind; splitting it would hide which kinds have no sentence"
)]
pub(super) fn sentence(view: &View<'_>, entry: &domain::Entry, hidden: bool) -> String {
    let act = &entry.statement.act;
    let by = who(view, entry.statement.by);
    let tags = tags(view, &weapons(act));
    let name = |person: PersonId| view.name(person).to_owned();
    let counts = !hidden && !hides_counts(view, act, entry.statement.by);
    match act {
        Act::LogOpen(body) => format!("The record of {} begins.", body.production.as_str()),
        Act::NodeStarted(_) => "The node started: every check from before is over.".to_owned(),
        Act::NodeClockJumped(body) => format!(
            "The node's clock jumped by {} s: every check is over.",
            body.by_ms / 1_000
        ),
        Act::NodeDeadlineLapsed(_) => "A deadline passed with nothing entered.".to_owned(),
        Act::PacksAdopt(body) => format!("{by} put the packs {} in force.", body.packs.join(", ")),
        Act::Countersign(_) => format!("{by} countersigned."),
        Act::Correct(body) => format!(
            "{by} corrected an earlier statement{}.",
            quoted(&body.words)
        ),
        Act::Invite(body) => format!("{by} made an enrolment link for {}.", body.role.as_str()),
        Act::Enrol(body) => {
            let person = view.state.keys.get(&body.key).map(|key| key.person);
            format!(
                "{} enrolled a key ({}).",
                person.map_or_else(|| "Someone".to_owned(), |one| who(view, one)),
                body.means.word()
            )
        }
        Act::RevokeKey(_) => format!("{by} revoked a key."),
        Act::DutyChange(body) => {
            let verb = if body.holds { "takes up" } else { "lays down" };
            format!(
                "{} {verb} the duty of {}.",
                who(view, body.person),
                body.duty.word()
            )
        }
        Act::Qualify(body) => format!(
            "{by} saw the {} of {}.",
            body.skill.word(),
            name(body.person)
        ),
        Act::Background(_) => format!("{by} entered something about past work."),
        Act::Train(body) => format!("{by} trained {}.", name(body.person)),
        Act::Ask(body) => format!("{by} asked for {}.", body.asked.word()),
        Act::AnswerAsk(body) => format!("A request was answered: {}.", body.reply.word()),
        Act::CrewChange(body) => {
            format!("Crew changed: {} joined, {} left.", body.joined, body.left)
        }
        Act::ReceiveWeapon(body) => {
            format!(
                "{by} received {}, {}, {}.",
                body.tag.as_str(),
                body.name.as_str(),
                body.class.word()
            )
        }
        Act::ProveClass(body) => format!(
            "{by} showed that {} is a {}.",
            thing(view, body.thing.into()),
            body.class.word()
        ),
        Act::TestFire(_) => format!("{by} fired {tags} offstage."),
        Act::Ground(body) => format!("{by} withdrew {tags}{}.", quoted(&body.words)),
        Act::ReturnToService(_) => format!("{by} returns {tags} to service."),
        Act::AlterWeapon(body) => format!(
            "{by} entered a change to {tags}{}, {}.",
            quoted(&body.part),
            if body.certified {
                "with a certificate"
            } else {
                "without a certificate: it is withdrawn"
            }
        ),
        Act::MissingWeapon(body) => {
            format!("{by} reported {tags} missing{}.", quoted(&body.place))
        }
        Act::TakeInventory(body) => format!(
            "{by} counted a store against the record: {} weapons there.",
            body.present.len()
        ),
        Act::ReceiveBatch(body) => format!(
            "{by} received the rack {}, {} pieces.",
            body.tag.as_str(),
            body.pieces
        ),
        Act::IssueBatch(body) => format!("{by} gave out {} pieces of a rack.", body.pieces),
        Act::ReturnBatch(body) => format!("{by} took back {} pieces of a rack.", body.pieces),
        Act::ReceiveLot(body) => format!(
            "{by} received lot {}, {}.",
            body.tag.as_str(),
            rounds(body.count)
        ),
        Act::ProveLot(body) => format!(
            "{by} proved {}: {} of {}.",
            lot(view, body.lot),
            body.proven,
            rounds(body.counted)
        ),
        Act::QuarantineLot(body) => format!(
            "{by} put {} in quarantine{}.",
            lot(view, body.lot),
            quoted(&body.words)
        ),
        Act::ReleaseLot(body) => format!("{by} releases {}.", lot(view, body.lot)),
        Act::CountLot(body) if counts => format!(
            "{by} counted {}: {}.",
            lot(view, body.lot),
            rounds(body.counted)
        ),
        Act::CountLot(body) => format!("{by} counted {}.", lot(view, body.lot)),
        Act::DrawRounds(body) if counts => format!(
            "{by} drew {} from {}.",
            rounds(body.rounds),
            lot(view, body.lot)
        ),
        Act::DrawRounds(body) => format!("{by} drew rounds from {}.", lot(view, body.lot)),
        Act::ReconcileLot(body) if counts => {
            format!(
                "{by} brought {} to account: {} fired, {} back, {} misfired.",
                lot(view, body.lot),
                body.fired,
                body.returned,
                body.misfired
            )
        }
        Act::ReconcileLot(body) => format!("{by} brought {} to account.", lot(view, body.lot)),
        Act::FoundRound(body) => format!("{by} found a round at {}.", body.place.as_str()),
        Act::Sweep(body) => format!(
            "{by} swept {} places, missed {}, found {}.",
            body.places.len(),
            body.missed.len(),
            rounds(body.found)
        ),
        Act::ReceiveCarrier(body) => format!(
            "{by} received the {} {}.",
            body.holder.word(),
            body.tag.as_str()
        ),
        Act::FillCarrier(body) => format!("{by} fills a carrier from {}.", lot(view, body.lot)),
        Act::OpenCarrier(_) => format!("{by} found a carrier open."),
        Act::AddStore(body) => format!("{by} named the store {}.", body.name.as_str()),
        Act::StoreDoor(body) => format!(
            "{by}: a store was {}.",
            if body.open { "opened" } else { "locked" }
        ),
        Act::OpenSession(body) => format!("{by} opened {}.", body.name.as_str()),
        Act::CloseSession(_) => format!("{by} closed the session."),
        Act::AddAction(body) => format!("{by} planned {}.", body.name.as_str()),
        Act::SetPlan(_) if tags.is_empty() => {
            format!("{by} set the plan for every weapon of an action.")
        }
        Act::SetPlan(_) => format!("{by} set the plan for {tags}."),
        Act::DrawPlan(_) => format!("{by} drew the line of {tags}."),
        Act::NowOn(body) => format!("Now on: {}.", action(view, body.action)),
        Act::AdoptPolicy(body) => format!("{by} adopted a rule{}.", quoted(&body.words)),
        // Whose, and how long, is for that person and the safety adviser.
        Act::EnterHours(_) => format!("{by} entered hours of somebody of the weapons chain."),
        Act::ShowPaper(body) => format!(
            "{by} showed a paper: {}{}{}{}.",
            body.paper.word(),
            if body.from.is_blank() { "" } else { ", " },
            body.from.as_str(),
            quoted(&body.number)
        ),
        Act::EndPaper(body) => format!(
            "{by} said that a paper holds no longer{}.",
            quoted(&body.words)
        ),
        Act::Meeting(body) => format!(
            "{} led a safety meeting, {} there.",
            who(view, body.led_by),
            body.attended.len()
        ),
        Act::LateBrief(body) => format!(
            "{by} briefed {} late.",
            body.people.len() + body.others as usize
        ),
        Act::TakeOut(body) => format!("{by} took out {tags} for {}.", action(view, body.action)),
        Act::Look(body) if hidden => format!("{by} looked into {tags} ({}).", body.check.word()),
        Act::Look(body) => format!(
            "{by} looked into {tags} ({}): {}.",
            body.check.word(),
            seen(&body.sight)
        ),
        Act::LoadWeapon(_) if hidden => format!("{by} loaded {tags} and looked into it."),
        Act::LoadWeapon(body) => {
            format!(
                "{by} loaded {tags} with {} of {}: {}.",
                rounds(body.rounds),
                lot(view, body.lot),
                seen(&body.sight)
            )
        }
        Act::LineLook(_) if hidden => format!("{by} looked at a line: {tags}."),
        Act::LineLook(body) => {
            let each = body
                .sights
                .iter()
                .map(|sight| format!("{}: {}", view.state.tag(sight.weapon), seen(sight)));
            format!(
                "{by} looked at a line. {}.",
                each.collect::<Vec<_>>().join("; ")
            )
        }
        Act::Clear(_) if hidden => format!("{by} opened {tags} and took everything out."),
        Act::Clear(body) => format!(
            "{by} took {} out of {tags}: {}.",
            rounds(body.rounds),
            seen(&body.sight)
        ),
        Act::Show(body) => format!(
            "{} was offered to see {tags}: {}.",
            who(view, body.to),
            body.answer.word()
        ),
        Act::CallCold(_) => format!("{by} called cold: {tags}."),
        Act::CallHot(body) => format!(
            "{by} called hot: {tags}, {}, {} shots.",
            body.load.word(),
            body.shots
        ),
        Act::HandOver(body) => format!("{by} handed {tags} to {}.", name(body.to)),
        Act::EyesOn(_) if tags.is_empty() => format!("{by} has everything in hand in sight."),
        Act::EyesOn(_) => format!("{by} has {tags} in sight."),
        Act::OutOfSight(_) if tags.is_empty() => format!("{by}: weapons were out of sight."),
        Act::OutOfSight(_) => format!("{by}: {tags} was out of sight."),
        Act::OffProtocol(body) => format!(
            "{by}: {tags} was handled outside the protocol{}.",
            quoted(&body.words)
        ),
        Act::Shots(body) => format!(
            "{by}: {tags} fired {}, misfired {}.",
            body.fired, body.misfired
        ),
        Act::ZoneClear(_) => format!("{by}: the zone is clear."),
        Act::ZoneEntered(body) => {
            format!("{by}: somebody entered the zone{}.", quoted(&body.words))
        }
        Act::Begin(body) => format!("{by} began {}.", action(view, body.action)),
        Act::AllWell(body) => format!(
            "{by}: {} is over, everybody is well.",
            action(view, body.action)
        ),
        Act::Collect(_) => format!("{by} collected {tags}."),
        Act::LockAway(body) => {
            let store = view
                .state
                .stores
                .get(&body.store)
                .map_or("a store nobody named", |store| store.about.name.as_str());
            format!(
                "{by} locked {} away in {store}.",
                if tags.is_empty() { "rounds" } else { &tags }
            )
        }
        Act::EndHold(body) => format!("The HOLD of {tags} ended{}.", quoted(&body.differed)),
        Act::Break(body) => format!("Break{}.", quoted(&body.words)),
        Act::Resume(_) => "Work goes on after the break.".to_owned(),
        Act::Stop(body) if body.someone => {
            format!("STOP, pressed by someone{}.", quoted(&body.words))
        }
        Act::Stop(body) => format!(
            "STOP by {}{}.",
            name(entry.statement.by),
            quoted(&body.words)
        ),
        Act::Lift(body) => format!("A stop was lifted{}.", quoted(&body.words)),
        Act::LiftForAnother(body) => {
            format!("{by} lifts a stop for another{}.", quoted(&body.looked_at))
        }
        Act::UnexpectedEvent(body) => format!(
            "UNEXPECTED EVENT: {}, {}{}.",
            body.what.word(),
            body.harm.word(),
            quoted(&body.words)
        ),
        Act::ExplainEvent(body) => format!(
            "{by} stated cause and fix of an event{}.",
            quoted(&body.cause)
        ),
        Act::ReleaseEvent(_) => format!("{by} releases an unexpected event."),
        Act::Freeze(body) => format!("{by} named {} places to secure.", body.places.len()),
        Act::Secured(body) => format!("{by}: {} is secured.", body.place.as_str()),
        Act::EvidenceTouched(body) => format!(
            "{by}: something was {}{}.",
            body.touched.word(),
            quoted(&body.words)
        ),
        Act::Notice(body) => format!("{by} told {}.", body.to.as_str()),
        Act::Note(body) => format!("{by} noted{}.", quoted(&body.words)),
        Act::RaiseConcern(_) => "A concern was raised.".to_owned(),
        Act::AnswerConcern(_) => "A concern was answered.".to_owned(),
        Act::TookOver(_)
        | Act::Export(_)
        | Act::Erase(_)
        | Act::Preserve(_)
        | Act::PreserveEnd(_)
        | Act::AdoptCosigners(_)
        | Act::GiveAccount(_)
        | Act::Attach(_)
        | Act::Details(_)
        | Act::Absent(_)
        | Act::SendAway(_)
        | Act::ReceiveSent(_)
        | Act::ConfirmSent(_) => keeping::said(view, &entry.statement.act, &by),
        Act::WalkOff(body) => format!(
            "{} people of {} walked off or refused.",
            body.people,
            body.department.word()
        ),
    }
}

/// Whether the number would say what somebody loaded and nobody else has looked at yet.
fn hides_counts(view: &View<'_>, act: &Act, by: PersonId) -> bool {
    if view.reader == Some(by) {
        return false;
    }
    match act {
        // A draw is told before its load, so it is told without a number for ever.
        Act::DrawRounds(_) => true,
        Act::CountLot(body) => view.hides_count_of(body.lot) || view.hides_any_look(),
        Act::ReconcileLot(body) => view.hides_count_of(body.lot) || view.hides_any_look(),
        _ => false,
    }
}

fn action(view: &View<'_>, id: domain::id::ActionId) -> String {
    view.state.actions.get(&id).map_or_else(
        || "an action nobody planned".to_owned(),
        |action| action.about.name.as_str().to_owned(),
    )
}

fn thing(view: &View<'_>, id: WeaponId) -> String {
    let batch = domain::id::BatchId(id.0);
    match view.state.batches.get(&batch) {
        Some(batch) => format!("the rack {}", batch.about.tag.as_str()),
        None => view.state.tag(id).to_owned(),
    }
}
