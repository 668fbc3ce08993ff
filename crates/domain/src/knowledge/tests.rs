use super::*;
use alloc::vec;

const SIX: Works = Works::Cylinder { positions: 6 };

fn dummy() -> Seen {
    Seen::Dummy {
        features: vec![Feature::Rattle],
    }
}

fn sight(seen: Vec<Seen>) -> Sight {
    Sight {
        weapon: WeaponId([7; 32]),
        seen,
        counted: None,
        carrier: None,
        turned: true,
        bore: Bore::Clear,
        method: Method::Rod,
    }
}

fn look(person: u8, check: Check, sight: Sight) -> LookIn {
    LookIn {
        by: PersonId([person; 32]),
        statement: StatementId([person; 32]),
        at: 1,
        check,
        sight,
    }
}

fn pair(one: Sight, other: Sight) -> (Knowledge, Paired) {
    let mut knowledge = Knowledge::default();
    assert_eq!(
        knowledge.look(look(1, Check::Full, one), SIX, false, |_| true),
        Paired::Waits
    );
    let paired = knowledge.look(look(2, Check::Full, other), SIX, false, |_| true);
    (knowledge, paired)
}

#[test]
fn two_looks_agree_up_to_one_turn_of_the_cylinder() {
    let one = vec![dummy(), dummy(), Seen::Empty, dummy(), dummy(), dummy()];
    let mut other = one.clone();
    other.rotate_left(4);
    let (knowledge, paired) = pair(sight(one), sight(other));
    assert_eq!(paired, Paired::Agree);
    assert_eq!(
        knowledge
            .known
            .map(|known| (known.count.dummies, known.count.empty)),
        Some((5, 1))
    );
}

#[test]
fn looks_with_other_contents_differ_and_nothing_is_known() {
    let (knowledge, paired) = pair(sight(vec![Seen::Empty; 6]), sight(vec![dummy(); 6]));
    assert!(matches!(paired, Paired::Differ { .. }));
    assert_eq!(knowledge.known, None);
}

#[test]
fn a_look_at_four_of_six_is_no_check() {
    let mut four = vec![dummy(); 4];
    four.extend([Seen::NotSeen, Seen::NotSeen]);
    let (knowledge, paired) = pair(sight(vec![dummy(); 6]), sight(four));
    assert_eq!(paired, Paired::Partial);
    assert_eq!(knowledge.why, Unknown::PositionsUnseen { unseen: 2, of: 6 });
    let (_, short) = pair(sight(vec![dummy(); 6]), sight(vec![dummy(); 3]));
    assert_eq!(short, Paired::Partial);
}

#[test]
fn a_cylinder_that_was_not_turned_is_not_seen() {
    let still = Sight {
        turned: false,
        ..sight(vec![dummy(); 6])
    };
    assert_eq!(pair(sight(vec![dummy(); 6]), still).1, Paired::Partial);
}

#[test]
fn the_same_person_twice_is_one_person() {
    let mut knowledge = Knowledge::default();
    for _ in 0..3 {
        assert_eq!(
            knowledge.look(
                look(1, Check::Full, sight(vec![Seen::Empty; 6])),
                SIX,
                false,
                |_| true
            ),
            Paired::Waits
        );
    }
    assert_eq!(knowledge.known, None);
}

#[test]
fn a_count_alone_carries_only_an_unchanged_load_or_an_empty_line() {
    let count = |dummies: u8| Sight {
        counted: Some(Counted {
            empty: 6 - dummies,
            dummies,
            ..Counted::default()
        }),
        ..sight(vec![])
    };
    let run = |check, dummies, fresh| {
        let (mut knowledge, _) = pair(sight(vec![dummy(); 6]), sight(vec![dummy(); 6]));
        knowledge.forget(Unknown::Collected);
        knowledge.look(look(1, check, count(dummies)), SIX, fresh, |_| true);
        knowledge.look(look(2, check, count(dummies)), SIX, fresh, |_| true)
    };
    assert_eq!(run(Check::Reset, 6, true), Paired::Agree);
    assert!(matches!(run(Check::Reset, 6, false), Paired::Differ { .. }));
    assert!(matches!(run(Check::Reset, 5, true), Paired::Differ { .. }));
    assert_eq!(run(Check::Line, 0, false), Paired::Agree);
    assert!(matches!(run(Check::Reset, 0, false), Paired::Differ { .. }));
}
