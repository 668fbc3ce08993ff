//! The facts of one request about one weapon, made from the record for the rules.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "asks about a few kinds of statement; `apply::follow` and `admit::refusals` name every kind"
)]

use crate::{
    act::{Act, ammunition::Said},
    content::Content,
    drawing,
    facts::Facts,
    id::*,
    judge::Gate,
    knowledge,
    state::{Action, Lot, MeetingHeld, Planned, State, Weapon},
    statement::Statement,
    time::Millis,
    words::*,
};
use alloc::{collections::BTreeSet, vec::Vec};

/// What is asked, by whom, about what.
pub(super) struct Ask<'a> {
    pub(super) state: &'a State,
    pub(super) statement: &'a Statement,
    gate: Gate,
    pub(super) now: Millis,
    pub(super) id: Option<WeaponId>,
    pub(super) weapon: Option<&'a Weapon>,
    pub(super) action: Option<(ActionId, &'a Action)>,
}

/// Everything a rule may ask. Begins at what refuses more; a fact that is forgotten opens no door.
pub(super) fn facts(
    state: &State,
    statement: &Statement,
    gate: Gate,
    weapon: Option<WeaponId>,
    now: Millis,
) -> Facts {
    let found = weapon.and_then(|id| state.weapons.get(&id));
    let action = match &statement.act {
        Act::TakeOut(body) => Some(body.action),
        Act::IssueBatch(body) => Some(body.action),
        Act::Begin(body) => Some(body.action),
        _ => found
            .and_then(|weapon| weapon.issue.as_ref())
            .map(|issue| issue.action)
            .or(state.now_on),
    };
    let action = action.and_then(|id| state.actions.get(&id).map(|action| (id, action)));
    let ask = Ask {
        state,
        statement,
        gate,
        now,
        id: weapon,
        weapon: found,
        action,
    };
    let mut facts = Facts::default();
    ask.site(&mut facts);
    ask.weapon(&mut facts);
    ask.rounds(&mut facts);
    ask.custody(&mut facts);
    ask.looks(&mut facts);
    ask.plan(&mut facts);
    ask.people(&mut facts);
    ask.papers(&mut facts);
    ask.hours(&mut facts);
    facts
}

impl Ask<'_> {
    fn site(&self, facts: &mut Facts) {
        let state = self.state;
        let lots = || state.lots.values();
        facts.live_lots = count(lots().filter(|lot| lot.is_live()).count());
        facts.live_rounds_found = i64::from(state.loose_rounds);
        facts.unproven_lots = count(
            lots()
                .filter(|lot| lot.quarantined.is_none() && !lot.is_proven())
                .count(),
        );
        facts.quarantined_lots = count(lots().filter(|lot| lot.quarantined.is_some()).count());
        let sweep = state
            .session
            .as_ref()
            .and_then(|session| session.sweep.as_ref());
        facts.swept = sweep.is_some_and(|sweep| sweep.places > 0);
        if let Some(sweep) = sweep {
            facts.sweep_places_missed = sweep.missed.into();
        }
        facts.stops_open = count(state.stops.len());
        facts.events_open = count(state.open_events().count());
        facts.concerns_open = count(
            state
                .concerns
                .values()
                .filter(|concern| concern.about_weapons)
                .count(),
        );
        facts.concerns_overdue = count(
            state
                .concerns
                .values()
                .filter(|concern| concern.about_weapons && concern.overdue)
                .count(),
        );
        let handed_out = |weapon: &Weapon| {
            let Some(issue) = &weapon.issue else {
                return false;
            };
            let other_action =
                self.action.is_some_and(|(id, _)| issue.action != id) || self.gate == Gate::Resume;
            weapon.can_fire() && other_action && weapon.custody.holder() != Some(issue.handler)
        };
        facts.weapons_uncollected = count(
            state
                .weapons
                .values()
                .filter(|weapon| handed_out(weapon))
                .count(),
        );
    }

    fn weapon(&self, facts: &mut Facts) {
        let Some(weapon) = self.weapon else {
            facts.can_fire = match &self.statement.act {
                Act::IssueBatch(body) => {
                    !self.state.batches.get(&body.batch).is_some_and(|batch| {
                        batch
                            .class_proof
                            .as_ref()
                            .is_some_and(|proof| crate::state::cannot_fire(proof.class))
                    })
                }
                _ => self
                    .state
                    .weapons
                    .values()
                    .any(|weapon| weapon.can_fire() && weapon.grounded.is_none()),
            };
            facts.class_proven = !facts.can_fire;
            facts.working_firearm = facts.can_fire;
            facts.withdrawn = false;
            facts.misfire_unexplained = false;
            facts.misfire_wait_ms = i64::MAX;
            facts.off_the_record = false;
            facts.inspected = true;
            facts.papers_matched = true;
            facts.bore_seen_since_dummies = true;
            return;
        };
        facts.can_fire = weapon.can_fire();
        facts.class_proven = weapon.class_proof.is_some();
        facts.working_firearm = matches!(weapon.class(), Class::Firearm | Class::Unknown);
        facts.inspected = weapon.about.inspected;
        facts.papers_matched = weapon.about.papers_matched;
        facts.withdrawn = weapon.grounded.is_some() && self.gate != Gate::ReturnToService;
        facts.misfire_unexplained = weapon.misfire.is_some();
        facts.misfire_wait_ms = weapon
            .misfire
            .as_ref()
            .map_or(i64::MAX, |misfire| misfire.waited_ms);
        let known = weapon.knowledge.known.as_ref();
        facts.bore_seen = known.is_some();
        facts.bore_seen_since_dummies = !weapon.bore_suspect;
        facts.bore_by_rod_or_light = known.is_some_and(|known| known.rod_or_light);
        facts.off_the_record = weapon.off_record;
    }

    fn rounds(&self, facts: &mut Facts) {
        let known = self
            .weapon
            .and_then(|weapon| weapon.knowledge.known.as_ref());
        let loaded = self.weapon.and_then(|weapon| weapon.loaded.as_ref());
        let content = known.map(|known| self.state.content(known));
        let (content, unknown, lots): (Content, u32, Vec<LotId>) = match &self.statement.act {
            Act::LoadWeapon(body) => {
                let seen = knowledge::counted(&body.sight);
                let doubt = u32::try_from(knowledge::in_doubt(&body.sight)).unwrap_or(u32::MAX);
                let content = Content {
                    dummies: seen.dummies.into(),
                    blanks: seen.blanks.into(),
                    others: doubt,
                    load: None,
                };
                (content, doubt, Vec::from([body.lot]))
            }
            Act::DrawRounds(body) => (self.of_lot(body.lot, body.rounds), 0, Vec::from([body.lot])),
            Act::FillCarrier(body) => {
                (self.of_lot(body.lot, body.rounds), 0, Vec::from([body.lot]))
            }
            _ => {
                let content = content.unwrap_or_default();
                let carried = known
                    .and_then(|known| known.carrier)
                    .and_then(|id| self.state.carriers.get(&id));
                let carried = carried.and_then(|carrier| match carrier.content {
                    crate::state::CarrierContent::Sealed { lot, .. } => Some(lot),
                    crate::state::CarrierContent::Unknown | crate::state::CarrierContent::Empty => {
                        None
                    }
                });
                let lots = loaded
                    .map(|loaded| loaded.lot)
                    .into_iter()
                    .chain(carried)
                    .collect();
                (content, content.others, lots)
            }
        };
        facts.dummies = content.dummies.into();
        facts.blanks = content.blanks.into();
        facts.rounds_unknown = unknown.into();
        facts.rounds = facts.dummies + facts.blanks + i64::from(content.others);
        let looks_come_after = matches!(self.gate, Gate::Draw | Gate::Load);
        facts.dummies_untested = if looks_come_after || known.is_some() {
            0
        } else {
            facts.dummies
        };
        facts.load_age_ms = loaded.map_or(0, |loaded| self.now - loaded.at);
        self.lot(facts, &lots);
        let signer_handles = self.state.is_handler(self.statement.by, self.now);
        facts.loader_qualified = match &self.statement.act {
            Act::LoadWeapon(body) => {
                signer_handles
                    || body
                        .supervisor
                        .is_some_and(|one| self.state.is_handler(one, self.now))
            }
            Act::DrawRounds(_) | Act::FillCarrier(_) => signer_handles,
            _ => loaded.is_none_or(|loaded| self.state.is_handler(loaded.by, self.now)),
        };
    }

    fn of_lot(&self, lot: LotId, rounds: u32) -> Content {
        match self.state.lots.get(&lot).map(|lot| &lot.about.said) {
            Some(Said::Dummy { .. }) => Content {
                dummies: rounds,
                ..Content::default()
            },
            Some(Said::Blank { load }) => Content {
                blanks: rounds,
                load: Some(*load),
                ..Content::default()
            },
            Some(Said::Live | Said::Unknown) | None => Content {
                others: rounds,
                ..Content::default()
            },
        }
    }

    /// Facts of the worst of these lots; of all lots where none is named.
    fn lot(&self, facts: &mut Facts, ids: &[LotId]) {
        let state = self.state;
        let lots: Vec<Option<&Lot>> = ids.iter().map(|id| state.lots.get(id)).collect();
        let all = |test: &dyn Fn(&Lot) -> bool| lots.iter().all(|lot| lot.is_some_and(test));
        let any = |test: &dyn Fn(&Lot) -> bool| lots.iter().any(|lot| lot.is_none_or(test));
        let known = || lots.iter().flatten();
        facts.lot_received = all(&|_| true);
        facts.lot_proven = all(&Lot::is_proven);
        facts.lot_primers_unchecked = known()
            .map(|lot| {
                lot.proof
                    .as_ref()
                    .map_or(i64::from(lot.there.max(1)), |proof| {
                        i64::from(proof.counted.saturating_sub(proof.primers))
                    })
            })
            .max()
            .unwrap_or(0);
        facts.lot_features = known()
            .map(|lot| match &lot.about.said {
                Said::Dummy { features, .. } => count(features.len()),
                Said::Blank { .. } | Said::Live | Said::Unknown => 0,
            })
            .min()
            .unwrap_or(0);
        facts.lot_test_named =
            all(&|lot| !matches!(&lot.about.said, Said::Dummy { test, .. } if test.is_blank()));
        facts.lot_licensed = all(&|lot| {
            matches!(
                lot.about.origin,
                Origin::LicensedMaker | Origin::RentalHouse
            )
        });
        facts.lot_numbered = all(&|lot| !lot.about.number.is_blank());
        facts.lot_home_made = any(&|lot| lot.about.origin == Origin::HomeMade);
        facts.lot_loose = any(&|lot| lot.about.condition != Condition::Sealed);
        facts.lot_declared = all(&|lot| lot.about.declared);
        facts.lot_quarantined = any(&|lot| lot.quarantined.is_some());
        let pause = state
            .session
            .as_ref()
            .and_then(|session| session.pause.as_ref());
        let counted = |lot: &Lot| pause.is_none_or(|pause| lot.counted_at >= pause.began_at);
        facts.lot_counted_since_break = if self.gate == Gate::Resume {
            state
                .lots
                .values()
                .filter(|lot| lot.out > 0 || lot.store.is_none())
                .all(counted)
        } else {
            all(&counted)
        };
        facts.rounds_unaccounted = if ids.is_empty() {
            state
                .lots
                .values()
                .map(|lot| i64::from(lot.unaccounted))
                .sum()
        } else {
            known().map(|lot| i64::from(lot.unaccounted)).sum()
        };
        facts.calibre_matches = self
            .weapon
            .is_none_or(|weapon| all(&|lot| lot.about.calibre == weapon.about.calibre));
        // A carrier is filled for no weapon yet: any weapon of the calibre that was fired with the lot counts, and the
        // weapon is asked for itself when HOT is called.
        let fired = state.weapons.iter().filter(|(id, weapon)| match self.id {
            Some(one) => one == **id,
            None => all(&|lot| lot.about.calibre == weapon.about.calibre),
        });
        let tests: Vec<_> = fired
            .flat_map(|(_, weapon)| &weapon.test_fires)
            .filter(|test| ids.contains(&test.lot))
            .collect();
        facts.test_fired = !ids.is_empty()
            && ids
                .iter()
                .all(|id| tests.iter().any(|test| test.lot == *id && test.as_expected));
        facts.tested_distance_mm = if facts.test_fired {
            tests
                .iter()
                .map(|test| i64::from(test.distance_mm))
                .max()
                .unwrap_or(0)
        } else {
            0
        };
    }

    fn custody(&self, facts: &mut Facts) {
        let (state, now) = (self.state, self.now);
        let handler_of = |one: PersonId| state.is_handler(one, now);
        let issue = self.weapon.and_then(|weapon| weapon.issue.as_ref());
        facts.custodian_qualified = match self.weapon.map(|weapon| &weapon.custody) {
            None | Some(crate::state::Custody::Stored { .. }) => true,
            Some(crate::state::Custody::Held { holder, .. }) => {
                handler_of(*holder) || issue.is_some_and(|issue| issue.takers.contains(holder))
            }
            Some(
                crate::state::Custody::OutOfSight { .. }
                | crate::state::Custody::OffTheRecord { .. },
            ) => false,
        };
        facts.signer_is_handler = handler_of(self.statement.by);
        facts.handler_on_duty = state.people.keys().any(|one| handler_of(*one));
        let handler = self.handler();
        facts.handler_other_duties = state
            .people
            .get(&handler)
            .map_or(0, |person| count(person.duties_beside_handling()));
        facts.handler_open_issues = count(
            state
                .weapons
                .values()
                .filter(|weapon| {
                    weapon
                        .issue
                        .as_ref()
                        .is_some_and(|issue| issue.handler == handler)
                })
                .count(),
        );
        let takers = self.takers();
        let each = |test: &dyn Fn(&crate::state::Person) -> bool| {
            takers
                .iter()
                .all(|one| state.people.get(one).is_some_and(test))
        };
        facts.taker_named = match &self.statement.act {
            Act::HandOver(body) => issue.is_some_and(|issue| issue.takers.contains(&body.to)),
            _ => !takers.is_empty(),
        };
        facts.taker_performs = !takers.is_empty() && each(&crate::state::Person::performs);
        facts.taker_trained =
            each(&|person| person.trained.contains(&None) || person.trained.contains(&self.id));
        facts.training_request_open = state.asks.values().any(|ask| {
            ask.asked == Asked::Training
                && handler_of(ask.by)
                && ask.about.is_none_or(|about| takers.contains(&about))
        });
        facts.handler_present = match self.weapon.map(|weapon| &weapon.custody) {
            Some(crate::state::Custody::Held { sight_until, .. }) => *sight_until > now,
            Some(crate::state::Custody::Stored { .. }) | None => {
                facts.signer_is_handler || facts.handler_on_duty
            }
            Some(
                crate::state::Custody::OutOfSight { .. }
                | crate::state::Custody::OffTheRecord { .. },
            ) => false,
        };
        facts.at_rest = match &self.statement.act {
            Act::HandOver(body) => body.at_rest,
            _ => true,
        };
    }

    fn looks(&self, facts: &mut Facts) {
        let state = self.state;
        facts.carriers_unchecked = 0;
        let Some(weapon) = self.weapon else {
            facts.positions = 0;
            facts.positions_seen = 0;
            facts.check_age_ms = 0;
            facts.showings_unanswered = 0;
            facts.caller_loaded = false;
            facts.caller_authorised = true;
            return;
        };
        let issue = weapon.issue.as_ref();
        let known = weapon.knowledge.known.as_ref();
        facts.looks_agreeing = if known.is_some() { 2 } else { 0 };
        let takers = issue
            .map(|issue| issue.takers.as_slice())
            .unwrap_or_default();
        facts.looks_not_by_takers = known.map_or(0, |known| {
            count(known.by.iter().filter(|one| !takers.contains(one)).count())
        });
        facts.positions = count(weapon.about.works.positions().max(1));
        facts.positions_seen = if known.is_some() {
            facts.positions
        } else {
            weapon.knowledge.positions_seen.into()
        };
        // No looks have no age; that there are none is another rule's business.
        facts.check_age_ms = known.map_or(0, |known| self.now - known.at);
        facts.carriers_unchecked = count(
            issue
                .into_iter()
                .flat_map(|issue| &issue.carriers)
                .filter(|id| {
                    state.carriers.get(id).is_none_or(|one| {
                        matches!(one.content, crate::state::CarrierContent::Unknown)
                    })
                })
                .count(),
        );
        let lookers: BTreeSet<PersonId> = weapon
            .knowledge
            .last
            .iter()
            .flat_map(|last| last.by)
            .collect();
        let looked = issue
            .into_iter()
            .flat_map(|issue| &issue.shown)
            .filter(|(_, answer)| **answer == Showing::Looked)
            .map(|(one, _)| *one);
        let handler = issue.map(|issue| issue.handler);
        let saw: BTreeSet<PersonId> = looked
            .chain(lookers)
            .filter(|one| Some(*one) != handler)
            .collect();
        facts.shown_to_first_ad = saw.iter().any(|one| state.holds(*one, Duty::FirstAd));
        facts.shown_to = count(saw.len());
        facts.showings_unanswered = 0;
        facts.performer_offered = issue.is_some_and(|issue| match &self.statement.act {
            Act::HandOver(body) => issue.shown.contains_key(&body.to),
            _ => issue
                .takers
                .iter()
                .all(|taker| issue.shown.contains_key(taker)),
        });
        let by = self.statement.by;
        facts.caller_authorised = state.is_handler(by, self.now)
            || [Duty::FirstAd, Duty::SafetyAdviser, Duty::SafetyCoordinator]
                .iter()
                .any(|duty| state.holds(by, *duty));
        facts.caller_loaded = weapon.loaded.as_ref().is_some_and(|loaded| loaded.by == by);
        facts.hot_called = weapon
            .lease
            .as_ref()
            .is_some_and(|lease| lease.kind == crate::outcome::LeaseKind::Hot);
    }

    fn plan(&self, facts: &mut Facts) {
        // Rounds that go into no weapon point at nobody; the weapon is asked about its line itself.
        facts.line_crosses_person = self.weapon.is_some();
        facts.toward_camera = self.weapon.is_some();
        let Some((_, action)) = self.action else {
            return;
        };
        facts.rehearsal = matches!(action.about.doing, Doing::Rehearsal | Doing::Training);
        facts.zone_clear = action.zone_clear_at.is_some();
        let Some(id) = self.id else {
            facts.planned = !action.plans.is_empty();
            facts.shots_planned = action
                .plans
                .values()
                .map(|planned| i64::from(planned.about.shots))
                .max()
                .unwrap_or(0);
            return;
        };
        let planned: Option<&Planned> = action.plan(id);
        facts.planned = planned.is_some();
        let Some(planned) = planned else { return };
        let plan = &planned.about;
        facts.must_fire = plan.must_fire == Answer::Yes;
        facts.real_reason_given = plan.must_be_real == Answer::Yes && !plan.why_real.is_blank();
        facts.line_crosses_person = plan.line_crosses_person != Answer::No;
        facts.line_consulted = planned.line_agreed;
        facts.toward_camera = plan.toward_camera != Answer::No;
        facts.shielded = plan.shielded;
        facts.distance_mm = plan.distance_mm.into();
        facts.distance_agreed = plan.distance_agreed;
        facts.shots_planned = plan.shots.into();
        // A drawing adds to what was said, and takes nothing from it; a drawn shield counts when it covers every camera.
        if let Some(drawing) = action.drawings.get(&id) {
            facts.line_crosses_person |= drawing::crosses(drawing);
            facts.toward_camera |= drawing::toward_camera(drawing);
            facts.shielded |= drawing::cameras_shielded(drawing);
            if let Some(nearest) = drawing::nearest_mm(drawing) {
                let nearest = i64::try_from(nearest).unwrap_or(i64::MAX);
                facts.distance_mm = facts.distance_mm.min(nearest);
            }
        }
    }

    fn people(&self, facts: &mut Facts) {
        let Some(session) = &self.state.session else {
            return;
        };
        facts.bulletin_out = session.about.bulletin_out;
        let for_this = |meeting: &&MeetingHeld| match (meeting.about.action, self.action) {
            (Some(one), Some((id, _))) => one == id,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let meeting = session.meetings.iter().rfind(for_this);
        facts.meeting_held = meeting.is_some();
        facts.walk_through = meeting.is_some_and(|meeting| meeting.about.walk_through);
        if let Some(meeting) = meeting {
            facts.topics_missing = count(
                Topic::ALL
                    .iter()
                    .filter(|topic| !meeting.about.topics.contains(topic))
                    .count(),
            );
            facts.minutes_by_leader = meeting.about.led_by == meeting.about.minutes_by;
            facts.concerns_asked = meeting.about.concerns_asked;
        }
        let expected: BTreeSet<PersonId> = self.expected().collect();
        facts.people_unbriefed = count(
            expected
                .iter()
                .filter(|one| !session.briefed.contains(one))
                .count(),
        ) + i64::from(session.unbriefed);
        facts.changed_since_meeting = meeting.is_none_or(|meeting| session.changed_at > meeting.at);
        let restarted = self.state.restarted_at;
        let met = session
            .meetings
            .iter()
            .any(|meeting| meeting.at >= restarted);
        let looked = self.gate == Gate::TakeOut
            || self.gate == Gate::Draw
            || self.gate == Gate::Load
            || self.weapon.is_none_or(|weapon| {
                weapon.is_harmless()
                    || weapon
                        .knowledge
                        .known
                        .as_ref()
                        .is_some_and(|known| known.at >= restarted)
            });
        facts.rechecked_since_stop = restarted == 0 || restarted < session.at || (met && looked);
    }
}

pub(super) fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
