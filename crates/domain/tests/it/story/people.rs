//! Keys and people: one person is never counted as two.

use crate::{acts::*, world::*};
use domain::{id::*, words::*};

#[test]
fn nobody_is_second_to_who_enrolled_them() {
    let mut set = Set::new();
    let People {
        manager, armorer, ..
    } = set.people;
    // The armorer enrols an assistant of their own making.
    set.say(manager, duty(armorer, Duty::Administrator, true))
        .granted();
    let friend = set.enrol(armorer, "friend", Department::Grip, &[Duty::Crew]);
    set.take_out();
    let weapon = set.revolver;
    set.say(armorer, full(weapon, empties())).clean();
    set.say(friend, full(weapon, empties())).breach("BR-0002");
    set.call_cold().refused("CH-0001");
    // Nor do they countersign for each other.
    let lot = set.say(armorer, lot_of_dummies(5)).clean();
    let proof = set.say(armorer, prove(lot.into(), 5)).clean();
    set.say(friend, countersign(proof)).breach("BR-0016");
}

#[test]
fn a_key_that_another_added_for_a_person_makes_them_no_second_to_that_other() {
    let mut set = Set::new();
    let People {
        manager,
        armorer,
        grip,
        ..
    } = set.people;
    set.say(manager, duty(armorer, Duty::Administrator, true))
        .granted();
    // The link was the armorer's, so whoever holds the new key may be the armorer.
    let link = set
        .invite(armorer, "key grip", Department::Grip, &[], Some(grip))
        .granted();
    let key = KeyId(set.fresh());
    set.use_link(link, key).granted();
    set.keys.insert(grip, key);
    set.take_out();
    let weapon = set.revolver;
    set.say(armorer, full(weapon, empties())).clean();
    set.say(grip, full(weapon, empties())).breach("BR-0002");
    set.call_cold().refused("CH-0001");
    let lot = set.say(armorer, lot_of_dummies(5)).clean();
    let proof = set.say(armorer, prove(lot.into(), 5)).clean();
    set.say(grip, countersign(proof)).breach("BR-0016");
}

#[test]
fn a_person_adds_a_key_of_their_own_and_remains_one_person() {
    let mut set = Set::out();
    let (armorer, weapon) = (set.people.armorer, set.revolver);
    let link = set
        .invite(armorer, "armorer", Department::Property, &[], Some(armorer))
        .granted();
    let key = KeyId(set.fresh());
    set.use_link(link, key).granted();
    set.say(armorer, full(weapon, empties())).clean();
    set.keys.insert(armorer, key);
    set.say(armorer, full(weapon, empties())).clean();
    set.call_cold().refused("CH-0001");
}

#[test]
fn a_revoked_key_asks_for_nothing_and_what_it_saw_counts_no_longer() {
    let mut set = Set::out();
    set.load_six();
    let People {
        manager, first_ad, ..
    } = set.people;
    let weapon = set.revolver;
    let key = set.keys[&first_ad];
    set.say(manager, revoke(key)).clean();
    let told = set.say(first_ad, full(weapon, six_dummies()));
    assert!(told.outcome.admitted && told.outcome.late);
    set.call_cold().refused("RE-0002");
    let armorer = set.people.armorer;
    set.say(armorer, call_cold(&[weapon])).refused("CH-0001");

    let mut set = Set::cold();
    set.say(manager, revoke(key)).clean();
    assert_ne!(
        set.word(set.revolver),
        domain::board::Word::Cold,
        "one of the two looks was of a key that somebody else may hold"
    );
}

#[test]
fn a_link_works_once_with_its_secret_and_in_its_time() {
    let mut world = World::new();
    let manager = world.people.manager;
    let link = world
        .invite(manager, "extra", Department::Cast, &[], None)
        .granted();
    let (one, other) = (KeyId(world.fresh()), KeyId(world.fresh()));
    world.use_link(link, one).granted();
    world.use_link(link, other).refused("PE-0002");
    let link = world
        .invite(manager, "extra", Department::Cast, &[], None)
        .granted();
    world.use_link(link, one).refused("PE-0004");
    world.wait(2 * HOUR);
    world.use_link(link, other).refused("PE-0002");
}

#[test]
fn a_performer_does_not_lay_down_the_duty_that_keeps_them_from_being_second() {
    let mut world = World::new();
    let People {
        performer,
        manager,
        first_ad,
        ..
    } = world.people;
    world
        .say(performer, duty(performer, Duty::Performer, false))
        .refused("PE-0001");
    world
        .say(first_ad, duty(first_ad, Duty::FirstAd, false))
        .granted();
    world
        .say(manager, duty(performer, Duty::Performer, false))
        .granted();
}

#[test]
fn training_and_requests_are_remembered_as_they_were_answered() {
    use domain::act::{Act, people::*};
    let mut world = World::new();
    let People {
        armorer,
        producer,
        performer,
        grip,
        ..
    } = world.people;
    let train = |given_min, competent| {
        Act::Train(Train {
            person: performer,
            weapon: None,
            planned_min: 60,
            given_min,
            competent,
        })
    };
    world.say(armorer, train(45, true)).breach("BR-0014");
    assert!(world.state.people[&performer].trained.is_empty());
    world.say(grip, train(60, true)).clean();
    assert!(
        world.state.people[&performer].trained.is_empty(),
        "the handler alone judges"
    );
    world.say(armorer, train(60, true)).clean();
    assert!(world.state.people[&performer].trained.contains(&None));
    let asked = world
        .say(
            armorer,
            Act::Ask(Ask {
                asked: Asked::Training,
                about: Some(performer),
                words: words(""),
            }),
        )
        .clean();
    let answer = |reply| {
        Act::AnswerAsk(AnswerAsk {
            ask: asked,
            reply,
            by: None,
            words: words(""),
        })
    };
    world
        .say(producer, answer(Reply::Silence))
        .breach("BR-0015");
    assert_eq!(world.state.asks[&asked].reply, Some(Reply::Silence));
    world.say(producer, answer(Reply::Granted)).clean();
    assert!(world.state.asks.is_empty());
}

#[test]
fn nobody_takes_the_key_of_another_away_without_the_duty() {
    let mut set = Set::new();
    let People {
        grip,
        first_ad,
        adviser,
        ..
    } = set.people;
    let key = set.keys[&adviser];
    set.say(grip, revoke(key)).breach("BR-0023");
    assert_eq!(set.state.keys[&key].revoked_at, None);
    // Whose phone is lost says so; so does who runs the set.
    let own = set.keys[&grip];
    set.say(grip, revoke(own)).clean();
    assert!(set.state.keys[&own].revoked_at.is_some());
    set.say(first_ad, revoke(key)).clean();
    assert!(set.state.keys[&key].revoked_at.is_some());
}
