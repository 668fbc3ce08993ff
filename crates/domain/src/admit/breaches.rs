//! What a report says was broken. A report is taken all the same.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use crate::{
    act::{Act, floor::Sight, planning::DrawPlan, transfers::Confirm},
    apply, drawing,
    id::*,
    outcome::{Force, LeaseKind, Reason},
    state::{State, Weapon},
    statement::Statement,
    time::Millis,
    words::*,
};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::{vec, vec::Vec};

macro_rules! breaches {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $says:literal, $source:literal, $clause:literal, $force:ident, $who:literal, $cure:literal;)+) => {
        /// A rule that a report says was broken.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Breach { $($(#[doc = $doc])+ $name),+ }
        /// Every code, in order of the list.
        pub(super) const CODES: &[&str] = &[$($code),+];
        impl Breach {
            /// As it stands in an entry.
            pub(super) fn reason(self) -> Reason {
                let (code, says, source, clause, force, who, cure) = match self {
                    $(Self::$name => ($code, $says, $source, $clause, Force::$force, $who, $cure)),+
                };
                Reason { code: code.into(), says: says.into(), source: source.into(), clause: clause.into(), force, who: who.into(), cure: cure.into() }
            }
        }
    };
}

breaches! {
    /// Names something the record does not know.
    NotInRecord = "BR-0001", "it names something that was never received or entered",
        "Coldproof", "design 1.4", Record, "armorer", "receive it";
    /// A look that does not count.
    LookDoesNotCount = "BR-0002", "the look does not count: not in the handler's hands, by a taker, late, or second to the one who enrolled them",
        "CHK-05; NM-OHSB", "two people, independent [finding]", Finding, "armorer and a second person", "a look by somebody who may be second";
    /// Not every position was seen.
    PartialLook = "BR-0003", "not every position and the bore were seen",
        "CHK-04; NM-PROBE", "a partial look is no check [finding]", Finding, "who looked", "one full turn, every position, the bore";
    /// A round that may be live was seen.
    SawRound = "BR-0004", "a round was seen that may be live",
        "LIV-05; NM-PROBE", "treated as live and quarantined with its box [finding]", Finding, "armorer", "leave it, hold the weapon, quarantine the lot";
    /// Passed by other hands.
    OtherHands = "BR-0005", "it was passed, taken or used outside the protocol",
        "CUS-04; NM-OHSB", "passed without the specialist [finding]", Finding, "armorer", "collect it and check it whole";
    /// Pointed at a person.
    AtPerson = "BR-0006", "it pointed at a person",
        "AIM-01; CSATF-SB1", "never pointed at anyone [guideline]", Guideline, "everybody", "stop, change the line";
    /// Left alone.
    LeftAlone = "BR-0007", "a weapon or its rounds were left without a custodian",
        "CUS-05; CSATF-SB1", "never lose sight of the gun [practice]", Practice, "armorer", "collect, count, check whole";
    /// Fired without HOT.
    NotAnnounced = "BR-0008", "it was fired and no HOT stood for it",
        "BLK-09; ON-G39", "everyone is told before the take [guideline]", Guideline, "first AD", "report it as an unexpected event if nobody planned it";
    /// Opened too soon after a misfire.
    ShortWait = "BR-0009", "after a misfire it was opened before fifteen seconds had passed",
        "MIS-01; PRACTICE-RENTAL", "15-second wait [practice]", Practice, "who held it", "wait with the muzzle down";
    /// Collected by someone else.
    CollectedByOther = "BR-0010", "it was collected by somebody who is no qualified handler",
        "CUS-03; CA-LC", "9153(a)(2) [law in California]", Guideline, "armorer", "collect it again";
    /// The store was opened by someone without a key.
    StoreOpened = "BR-0011", "a store was opened by somebody who is not on its list",
        "STO-03; NM-PROBE", "few with access, each opening logged [finding]", Finding, "armorer", "take the inventory";
    /// Locked away with rounds in it.
    LockedLoaded = "BR-0012", "it was locked away and the record does not say that it was cleared",
        "STO-01; AEAA", "unloaded and locked [guideline]", Guideline, "armorer", "clear it, then lock it away";
    /// Evidence was changed.
    EvidenceChanged = "BR-0013", "evidence was touched after an incident and not to make it harmless before a second person",
        "INC-07; NM-TRIAL", "no one unloads, cleans, moves or discards [finding]", Finding, "everybody", "leave it, say who has it";
    /// Training was cut short.
    TrainingShort = "BR-0014", "less training was given than planned, or it was not found enough",
        "QUA-07; CSATF-SB1", "no issue before training [guideline]", Guideline, "armorer", "train again";
    /// Refused or unanswered.
    HandlerRefused = "BR-0015", "what the handler asked for was refused or not answered",
        "QUA-08; NM-OHSB", "the handler alone decides on training and time [finding]", Finding, "producer", "grant it";
    /// The countersign did not fit.
    UnfitSecond = "BR-0016", "the countersign changes nothing: nothing waits for it, its time is over, or this person cannot be the second",
        "CHK-05; NM-OHSB", "two people, independent [finding]", Finding, "a second person", "ask again, let somebody fit countersign";
    /// Counts do not balance.
    CountsDiffer = "BR-0017", "the count does not match the record",
        "BLK-10; SKSAR", "issued = fired + returned + misfired [standard]", Guideline, "armorer", "search, count again with a second person";
    /// No process stands behind a policy.
    OnPaperOnly = "BR-0018", "nobody said how the rule is enforced",
        "REC-01; NM-OHSB", "adopted on paper, not enforced [finding]", Finding, "producer", "say who checks it, when, and where it is recorded";
    /// Unproven rounds arrived.
    NotCounted = "BR-0019", "rounds came without a count, a source or a supplier's declaration",
        "SUP-02; NM-PROBE", "declared, counted, proven [finding]", Finding, "armorer and supplier", "count and prove every round with a second person";
    /// Revokes another's key without the duty.
    NotYoursToRevoke = "BR-0023", "the key goes on standing: who revoked it neither owns it nor has a duty that may",
        "Coldproof", "design 8", Record, "administrator", "tell one of them that the key is lost or in other hands";
    /// What left and what came are not the same.
    NotArrived = "BR-0022", "what was sent and what came differ",
        "CUS-01; CA-LC", "9153(a)(1): one custodian at every instant [law in California]", Record, "armorers of both", "search and count at both ends, two people each";
    /// Said by somebody who cannot know.
    NotTheNode = "BR-0021", "only the node says this, and a log begins once",
        "Coldproof", "design 4", Record, "nobody", "nothing to do";
    /// People left or came unbriefed.
    CrewChanged = "BR-0020", "people joined and nobody briefed them yet",
        "MTG-04; FSU", "brief again on change [guideline]", Guideline, "first AD", "brief them before anything with weapons";
    /// Drawn on the line.
    DrawnOnLine = "BR-0024", "the drawing puts a person, an audience or an animal on the line",
        "AIM-01; CSATF-SB1", "never pointed at anyone [guideline]", Guideline, "armorer and first AD", "draw another line, or move who stands on it";
    /// Drawn nearer than the test.
    DrawnTooNear = "BR-0025", "the drawing puts somebody nearer than the distance at which the weapon was test fired, and it may fire",
        "BLK-03; SSA", "golden rules 4-5 [guideline]", Guideline, "armorer", "move them farther away, or fire a test at that distance";
}

/// The breaches of a report, in the order of the list.
pub(super) fn of(state: &State, statement: &Statement, now: Millis, late: bool) -> Vec<Reason> {
    found(state, statement, now, late)
        .into_iter()
        .map(Breach::reason)
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one arm a kind of report")]
fn found(state: &State, statement: &Statement, now: Millis, late: bool) -> Vec<Breach> {
    let by = statement.by;
    let handler = state.is_handler(by, now);
    let look = |check| OneLook {
        state,
        statement,
        check,
        now,
        late,
    };
    match &statement.act {
        Act::Look(body) => sight(&look(body.check), &body.sight),
        Act::LineLook(body) => body
            .sights
            .iter()
            .flat_map(|one| sight(&look(Check::Line), one))
            .collect(),
        Act::Clear(body) => sight(&look(Check::Full), &body.sight),
        Act::LogOpen(_)
        | Act::NodeStarted(_)
        | Act::NodeClockJumped(_)
        | Act::NodeDeadlineLapsed(_)
        | Act::TookOver(_) => vec![Breach::NotTheNode]
            .into_iter()
            .filter(|_| !apply::may_say(state, by, &statement.act))
            .collect(),
        Act::OffProtocol(body) => {
            let mut found = known(state, body.weapon);
            found.push(Breach::OtherHands);
            found.extend((body.at_person == Answer::Yes).then_some(Breach::AtPerson));
            found
        }
        Act::RevokeKey(body) => (!apply::may_revoke(state, by, body.key))
            .then_some(Breach::NotYoursToRevoke)
            .into_iter()
            .collect(),
        Act::SendAway(body) => {
            let unknown = body
                .weapons
                .iter()
                .any(|id| !state.weapons.contains_key(id))
                || body
                    .lots
                    .iter()
                    .any(|part| !state.lots.contains_key(&part.lot));
            let short = body.lots.iter().any(|part| {
                state
                    .lots
                    .get(&part.lot)
                    .is_some_and(|lot| lot.there < part.rounds)
            });
            let mut found: Vec<Breach> =
                unknown.then_some(Breach::NotInRecord).into_iter().collect();
            found.extend(short.then_some(Breach::CountsDiffer));
            found
        }
        Act::ReceiveSent(body) => {
            let whole =
                body.weapons_listed == body.weapons_came && body.rounds_listed == body.rounds_came;
            (!whole).then_some(Breach::NotArrived).into_iter().collect()
        }
        Act::ConfirmSent(body) => arrived(state, body),
        Act::OutOfSight(_) => vec![Breach::LeftAlone],
        Act::DrawPlan(body) => drawn(state, body),
        Act::Shots(body) => {
            let mut found = known(state, body.weapon);
            let hot = state
                .weapons
                .get(&body.weapon)
                .and_then(|weapon| weapon.lease.as_ref());
            let hot = hot.is_some_and(|lease| lease.kind == LeaseKind::Hot);
            found.extend((body.fired > 0 && !hot).then_some(Breach::NotAnnounced));
            found.extend(
                (body.misfired > 0 && body.waited_ms < crate::limit::MISFIRE_WAIT_MS)
                    .then_some(Breach::ShortWait),
            );
            found
        }
        Act::Collect(body) => {
            let mut found = known(state, body.weapon);
            found.extend((!handler).then_some(Breach::CollectedByOther));
            found
        }
        Act::StoreDoor(body) => {
            let who = body.by.unwrap_or(by);
            let listed = state
                .stores
                .get(&body.store)
                .is_some_and(|store| store.about.keys.contains(&who));
            vec![Breach::StoreOpened]
                .into_iter()
                .filter(|_| body.open && !listed)
                .collect()
        }
        Act::LockAway(body) => {
            let loaded = |weapon: &Weapon| weapon.loaded.is_some() && weapon.can_fire();
            let any = body
                .weapons
                .iter()
                .any(|id| state.weapons.get(id).is_some_and(loaded));
            let unknown = body
                .weapons
                .iter()
                .any(|id| !state.weapons.contains_key(id))
                || !state.stores.contains_key(&body.store);
            let mut found = vec![];
            found.extend(unknown.then_some(Breach::NotInRecord));
            found.extend(any.then_some(Breach::LockedLoaded));
            found
        }
        Act::EvidenceTouched(body) => {
            let kept =
                body.to_make_safe || body.touched == Touched::Found || state.events.is_empty();
            vec![Breach::EvidenceChanged]
                .into_iter()
                .filter(|_| !kept)
                .collect()
        }
        Act::Train(body) => {
            let short = body.given_min < body.planned_min || !body.competent;
            vec![Breach::TrainingShort]
                .into_iter()
                .filter(|_| short)
                .collect()
        }
        Act::AnswerAsk(body) => {
            let asker = state.asks.get(&body.ask).is_some_and(|ask| {
                state
                    .people
                    .get(&ask.by)
                    .is_some_and(crate::state::Person::handles)
            });
            vec![Breach::HandlerRefused]
                .into_iter()
                .filter(|_| asker && body.reply != Reply::Granted)
                .collect()
        }
        Act::Countersign(body) => vec![Breach::UnfitSecond]
            .into_iter()
            .filter(|_| !apply::fit(state, body.of, by, now))
            .collect(),
        Act::CountLot(body) => {
            let differs = state
                .lots
                .get(&body.lot)
                .is_none_or(|lot| lot.there != body.counted);
            vec![Breach::CountsDiffer]
                .into_iter()
                .filter(|_| differs)
                .collect()
        }
        Act::ReconcileLot(body) => {
            let told = body
                .fired
                .saturating_add(body.returned)
                .saturating_add(body.misfired);
            let differs = state.lots.get(&body.lot).is_none_or(|lot| lot.out != told);
            vec![Breach::CountsDiffer]
                .into_iter()
                .filter(|_| differs)
                .collect()
        }
        Act::ReturnBatch(body) => {
            let differs = state
                .batches
                .get(&body.batch)
                .is_none_or(|batch| batch.out != body.pieces);
            vec![Breach::CountsDiffer]
                .into_iter()
                .filter(|_| differs)
                .collect()
        }
        Act::AdoptPolicy(body) => vec![Breach::OnPaperOnly]
            .into_iter()
            .filter(|_| body.enforced_by.is_blank())
            .collect(),
        Act::ReceiveLot(body) => {
            let open = body.counted.is_none() || !body.declared || body.origin == Origin::Unknown;
            vec![Breach::NotCounted]
                .into_iter()
                .filter(|_| open)
                .collect()
        }
        Act::ReceiveCarrier(body) => vec![Breach::NotCounted]
            .into_iter()
            .filter(|_| body.with_rounds)
            .collect(),
        Act::CrewChange(body) => vec![Breach::CrewChanged]
            .into_iter()
            .filter(|_| body.joined > 0)
            .collect(),
        Act::FoundRound(body) => vec![Breach::SawRound]
            .into_iter()
            .filter(|_| body.live != Answer::No)
            .collect(),
        Act::Show(body) => known(state, body.weapon),
        // Reports that break no rule by being made.
        _ => Vec::new(),
    }
}

fn arrived(state: &State, body: &Confirm) -> Vec<Breach> {
    let Some(sent) = state.sent.get(&body.send) else {
        return vec![Breach::NotInRecord];
    };
    let weapons: BTreeSet<WeaponId> = body.weapons.iter().copied().collect();
    let mut rounds: BTreeMap<LotId, u32> = BTreeMap::new();
    for part in &body.lots {
        let came = rounds.entry(part.lot).or_default();
        *came = came.saturating_add(part.rounds);
    }
    let same = weapons == sent.weapons && rounds == sent.rounds;
    (!same).then_some(Breach::NotArrived).into_iter().collect()
}

fn known(state: &State, id: WeaponId) -> Vec<Breach> {
    vec![Breach::NotInRecord]
        .into_iter()
        .filter(|_| !state.weapons.contains_key(&id))
        .collect()
}

struct OneLook<'a> {
    state: &'a State,
    statement: &'a Statement,
    check: Check,
    now: Millis,
    late: bool,
}

fn sight(look: &OneLook<'_>, sight: &Sight) -> Vec<Breach> {
    let Some(weapon) = look.state.weapons.get(&sight.weapon) else {
        return vec![Breach::NotInRecord];
    };
    let mut found = Vec::new();
    let counts = !look.late
        && apply::counts(
            look.state,
            look.statement,
            look.check,
            look.now,
            sight.weapon,
        );
    found.extend((!counts).then_some(Breach::LookDoesNotCount));
    let partial = crate::knowledge::unseen(sight, weapon.about.works, look.check) > 0
        || sight.bore != Bore::Clear;
    found.extend(partial.then_some(Breach::PartialLook));
    let doubt = crate::knowledge::in_doubt(sight) > 0;
    found.extend(doubt.then_some(Breach::SawRound));
    found
}

fn drawn(state: &State, body: &DrawPlan) -> Vec<Breach> {
    let mut found = known(state, body.weapon);
    let Some(action) = state.actions.get(&body.action) else {
        found.push(Breach::NotInRecord);
        return found;
    };
    found.extend(drawing::crosses(body).then_some(Breach::DrawnOnLine));
    let may_fire = action
        .plan(body.weapon)
        .is_none_or(|planned| planned.about.must_fire != Answer::No);
    let tested = state.weapons.get(&body.weapon).and_then(|weapon| {
        let tests = weapon.test_fires.iter().filter(|test| test.as_expected);
        tests.map(|test| u64::from(test.distance_mm)).max()
    });
    let near = drawing::nearest_mm(body)
        .zip(tested)
        .is_some_and(|(nearest, tested)| nearest < tested);
    found.extend((may_fire && near).then_some(Breach::DrawnTooNear));
    found
}
