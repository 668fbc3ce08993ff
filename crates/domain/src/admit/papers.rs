//! Facts that papers make. Each is no until a paper that holds now was shown.

use super::ask::{Ask, count};
use crate::{
    facts::Facts,
    id::*,
    state::{PaperShown, Person},
    time::Millis,
    words::{Duty, Paper, Skill},
};
use alloc::collections::BTreeSet;

impl Ask<'_> {
    pub(super) fn papers(&self, facts: &mut Facts) {
        self.place(facts);
        self.assessment(facts);
        self.of_people(facts);
        let weapon = self.id.map(StatementId::from);
        facts.alteration_certified =
            weapon.is_some() && self.has(Paper::AlterationCertificate, weapon);
    }

    fn place(&self, facts: &mut Facts) {
        facts.place_permit = self.here(Paper::PlacePermit);
        facts.police_told = self.here(Paper::PoliceNotice);
        facts.neighbours_told = self.here(Paper::NeighbourNotice);
        facts.insured = self.here(Paper::Insurance);
        facts.emergency_plan = self.here(Paper::EmergencyPlan);
        facts.long_week_assessed = self.here(Paper::LongWeek);
        facts.contact_named = self.here(Paper::ContactNamed);
        let opened = self.state.session.as_ref().map(|session| session.at);
        let today = |shown: &PaperShown| opened.is_some_and(|opened| shown.at >= opened);
        facts.day_told = self.anywhere(Paper::DayNotice).any(today);
        facts.protection_given = self.anywhere(Paper::Protection).any(today);
        facts.medic_on_duty = self.state.with_duty(Duty::Medic).next().is_some();
        let advisers = || {
            let people = self.state.people.values();
            people.filter(|person| person.duties.contains(&Duty::SafetyAdviser))
        };
        facts.adviser_on_duty = advisers().next().is_some();
        // One adviser without another duty is enough.
        facts.adviser_other_duties = advisers()
            .map(|person| count(person.duties.len().saturating_sub(1)))
            .min()
            .unwrap_or(0);
    }

    fn assessment(&self, facts: &mut Facts) {
        let assessed = self
            .anywhere(Paper::RiskAssessment)
            .map(|shown| shown.at)
            .max();
        let planned = self
            .action
            .into_iter()
            .flat_map(|(_, action)| action.plans.values())
            .map(|plan| plan.at)
            .max();
        facts.risk_assessed = assessed.is_some();
        facts.changed_since_assessment = assessed < planned || assessed.is_none();
        facts.assessment_endorsed = self
            .anywhere(Paper::Endorsement)
            .any(|shown| shown.by_handler && Some(shown.at) >= assessed);
    }

    fn of_people(&self, facts: &mut Facts) {
        let (state, now) = (self.state, self.now);
        let handler = self.handler();
        let of = |person: PersonId| Some(person.into());
        let producer = |shown: &PaperShown| {
            [Duty::Producer, Duty::ProductionManager]
                .into_iter()
                .any(|duty| state.holds(shown.by, duty))
        };
        facts.handler_licensed = self.has(Paper::Licence, of(handler));
        facts.handler_course = self.took_course(handler);
        facts.handler_vetted = state
            .papers_of(Paper::EmployerCheck, of(handler), now)
            .any(producer);
        let takers = self.takers();
        facts.taker_course = !takers.is_empty() && takers.iter().all(|one| self.took_course(*one));
        facts.taker_eligible = !takers.is_empty()
            && takers
                .iter()
                .all(|one| self.has(Paper::Eligibility, of(*one)));
        let expected: BTreeSet<PersonId> = self.expected().collect();
        let counted = |test: &dyn Fn(PersonId) -> bool| {
            count(expected.iter().filter(|one| test(**one)).count())
        };
        facts.people_undeclared = counted(&|one| !self.has(Paper::NoWeapons, of(one)));
        facts.under_age = counted(&|one| self.has(Paper::UnderAge, of(one)));
        facts.teacher_decided = self.here(Paper::TeacherDecision);
    }

    /// A paper about exactly this holds now.
    fn has(&self, paper: Paper, of: Option<StatementId>) -> bool {
        self.state.papers_of(paper, of, self.now).next().is_some()
    }

    /// Papers about the production or the action.
    fn anywhere(&self, paper: Paper) -> impl Iterator<Item = &PaperShown> {
        let action = self.action.map(|(id, _)| StatementId::from(id));
        let for_all = self.state.papers_of(paper, None, self.now);
        let for_action = action
            .into_iter()
            .flat_map(move |id| self.state.papers_of(paper, Some(id), self.now));
        for_all.chain(for_action)
    }

    fn here(&self, paper: Paper) -> bool {
        self.anywhere(paper).next().is_some()
    }

    fn took_course(&self, one: PersonId) -> bool {
        let holds = |until: &Option<Millis>| until.is_none_or(|end| self.now < end);
        let skilled = |person: &Person| person.skills.get(&Skill::SafetyCourse).is_some_and(holds);
        self.state.people.get(&one).is_some_and(skilled)
    }
}
