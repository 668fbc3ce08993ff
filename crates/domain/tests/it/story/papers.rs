//! Papers: each fact is no until a paper that holds now was shown.

use crate::{acts::*, world::*};
use domain::{
    act::{
        Act,
        papers::{EndPaper, ShowPaper},
        people::EnterHours,
    },
    facts::Facts,
    id::*,
    words::*,
};

fn paper(paper: Paper, of: Option<StatementId>) -> Act {
    Act::ShowPaper(ShowPaper {
        paper,
        of,
        from: words("who gives it"),
        number: words("1"),
        until: None,
        words: words("as read"),
        file: None,
    })
}

fn set() -> (Set, Sees) {
    let mut set = Set::new();
    let sees = Sees::default();
    set.judge = Box::new(sees.clone());
    (set, sees)
}

/// The facts of taking the revolver out now.
fn facts(set: &mut Set, sees: &Sees) -> Facts {
    let (armorer, action, weapon) = (set.people.armorer, set.scene, set.revolver);
    let takers = [set.people.performer];
    set.say(armorer, take_out(&[weapon], action, &takers));
    sees.0.borrow().clone()
}

#[test]
fn a_paper_holds_until_its_end_or_until_it_is_ended() {
    let (mut set, sees) = set();
    let manager = set.people.manager;
    assert!(!facts(&mut set, &sees).place_permit);
    let shown = set.say(manager, paper(Paper::PlacePermit, None)).clean();
    assert!(facts(&mut set, &sees).place_permit);
    set.say(
        manager,
        Act::EndPaper(EndPaper {
            paper: shown,
            words: words("withdrawn"),
        }),
    )
    .clean();
    assert!(!facts(&mut set, &sees).place_permit);
    let until = Some(set.now + HOUR);
    let Act::ShowPaper(mut body) = paper(Paper::PlacePermit, Some(set.scene.into())) else {
        panic!("a paper");
    };
    body.until = until;
    set.say(manager, Act::ShowPaper(body)).clean();
    assert!(facts(&mut set, &sees).place_permit);
    set.wait(HOUR);
    assert!(!facts(&mut set, &sees).place_permit);
}

#[test]
fn a_late_paper_gives_nothing_and_a_late_end_takes_it() {
    let (mut set, sees) = set();
    let manager = set.people.manager;
    set.say_late(manager, paper(Paper::Insurance, None), HOUR);
    assert!(!facts(&mut set, &sees).insured);
    let shown = set.say(manager, paper(Paper::Insurance, None)).clean();
    assert!(facts(&mut set, &sees).insured);
    let end = EndPaper {
        paper: shown,
        words: words("lapsed last month"),
    };
    set.say_late(manager, Act::EndPaper(end), HOUR);
    assert!(!facts(&mut set, &sees).insured);
}

#[test]
fn an_assessment_is_overtaken_by_a_later_plan_and_endorsed_by_a_handler_alone() {
    let (mut set, sees) = set();
    let People {
        manager, armorer, ..
    } = set.people;
    let action = Some(set.scene.into());
    let none = facts(&mut set, &sees);
    assert!(!none.risk_assessed && none.changed_since_assessment);
    set.wait(SECOND);
    set.say(manager, paper(Paper::RiskAssessment, action))
        .clean();
    set.say(manager, paper(Paper::Endorsement, action)).clean();
    let assessed = facts(&mut set, &sees);
    assert!(assessed.risk_assessed && !assessed.changed_since_assessment);
    assert!(!assessed.assessment_endorsed, "no handler endorsed it");
    set.say(armorer, paper(Paper::Endorsement, action)).clean();
    assert!(facts(&mut set, &sees).assessment_endorsed);
    set.wait(SECOND);
    let scene = set.scene;
    set.say(armorer, plan(scene, false)).granted();
    let changed = facts(&mut set, &sees);
    assert!(changed.risk_assessed && changed.changed_since_assessment);
    set.wait(SECOND);
    set.say(manager, paper(Paper::RiskAssessment, action))
        .clean();
    let again = facts(&mut set, &sees);
    assert!(!again.changed_since_assessment);
    assert!(
        !again.assessment_endorsed,
        "the endorsement was of the earlier one"
    );
}

#[test]
fn hours_are_those_of_who_answers_and_who_takes() {
    let (mut set, sees) = set();
    let People {
        manager,
        armorer,
        performer,
        ..
    } = set.people;
    let none = facts(&mut set, &sees);
    assert_eq!((none.handler_rest_ms, none.taker_rest_ms), (0, 0));
    assert_eq!(none.handler_on_clock_ms, i64::MAX);
    let now = set.now;
    let mut enter = |person, called_at, wrapped_at| {
        let body = EnterHours {
            person,
            called_at,
            wrapped_at,
            forced: false,
        };
        set.say(manager, Act::EnterHours(body)).clean();
    };
    enter(armorer, now - 26 * HOUR, Some(now - 12 * HOUR));
    enter(armorer, now - 3 * HOUR, None);
    enter(performer, now - 20 * HOUR, Some(now - 14 * HOUR));
    enter(performer, now - HOUR, None);
    let known = facts(&mut set, &sees);
    assert_eq!(known.handler_rest_ms, 9 * HOUR);
    assert_eq!(known.taker_rest_ms, 13 * HOUR);
    assert_eq!(known.handler_on_clock_ms, set.now - now + 3 * HOUR);
    assert_eq!(known.handler_week_ms, set.now - now + 17 * HOUR);
}

#[test]
fn what_is_said_of_one_person_or_weapon_speaks_for_no_other() {
    let (mut set, sees) = set();
    let People {
        manager,
        armorer,
        performer,
        grip,
        ..
    } = set.people;
    set.say(manager, paper(Paper::Licence, None)).clean();
    set.say(manager, paper(Paper::Licence, Some(grip.into())))
        .clean();
    assert!(!facts(&mut set, &sees).handler_licensed);
    set.say(manager, paper(Paper::Licence, Some(armorer.into())))
        .clean();
    set.say(manager, paper(Paper::Eligibility, Some(performer.into())))
        .clean();
    let (weapon, undeclared) = (set.revolver, facts(&mut set, &sees).people_undeclared);
    set.say(
        manager,
        paper(Paper::AlterationCertificate, Some(weapon.into())),
    )
    .clean();
    set.say(performer, paper(Paper::NoWeapons, Some(performer.into())))
        .clean();
    let all = facts(&mut set, &sees);
    assert!(all.handler_licensed && all.taker_eligible && all.alteration_certified);
    assert!(!all.handler_vetted, "no check of the employer");
    assert!(all.people_undeclared < undeclared || undeclared == 0);
    assert_eq!(all.under_age, 0);
    // A production manager is the employer's side; an armorer is not.
    set.say(armorer, paper(Paper::EmployerCheck, Some(armorer.into())))
        .clean();
    assert!(!facts(&mut set, &sees).handler_vetted);
    set.say(manager, paper(Paper::EmployerCheck, Some(armorer.into())))
        .clean();
    let vetted = set.state.holds(manager, Duty::ProductionManager);
    assert_eq!(facts(&mut set, &sees).handler_vetted, vetted);
}
