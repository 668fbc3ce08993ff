//! Before anything comes out: store, weapons, rounds, proofs, the day, the sweep, the meeting.

use super::bodies::{lot, words};
use super::{Story, Who};
use domain::act::Act;
use domain::act::ammunition::{AddStore, Prove, Said, StoreDoor, Sweep};
use domain::act::concerns::{AnswerConcern, Raise};
use domain::act::floor::{LockAway, Meeting};
use domain::act::people::Train;
use domain::act::planning::{AddAction, AdoptPolicy, NowOn, OpenSession, SetPlan};
use domain::act::stops::{Lift, Stop};
use domain::act::weapons::{Ground, ProveClass, Receive, ReceiveBatch, TestFire};
use domain::id::{ActionId, ConcernId, LotId, StatementId, StopId, StoreId, WeaponId};
use domain::words::{Answer, Class, Doing, Feature, Load, Occasion, Topic, Words, Works};

/// Tags of the line of eight revolvers.
pub(super) const LINE: [&str; 8] = ["02", "03", "04", "05", "06", "07", "08", "09"];

pub(super) fn tell(story: &mut Story<'_>) -> anyhow::Result<()> {
    let policy = AdoptPolicy {
        words: words("No live round comes onto the ranch."),
        enforced_by: words("Every box is opened at the gate by the armorer and a second person."),
    };
    story.say(Who::Producer, Act::AdoptPolicy(policy))?;
    receive(story)?;
    prove(story)?;
    train(story)?;
    plan(story)?;
    speak_up(story)?;
    meet(story)
}

fn receive(story: &mut Story<'_>) -> anyhow::Result<()> {
    let keys = vec![
        story.person(Who::Armorer)?,
        story.person(Who::PropertyMaster)?,
    ];
    let strongbox = AddStore {
        name: words("strongbox on the prop truck"),
        keys,
    };
    story.store = StoreId::from(story.say(Who::PropertyMaster, Act::AddStore(strongbox))?);
    let six = Works::Cylinder { positions: 6 };
    weapon(story, "01", "single-action revolver", six)?;
    for tag in LINE {
        weapon(story, tag, "single-action revolver", six)?;
    }
    weapon(
        story,
        "10",
        "double-barrel shotgun",
        Works::Barrels { positions: 2 },
    )?;
    for tag in ["11", "12", "15", "16", "17"] {
        weapon(story, tag, "single-action revolver", six)?;
    }
    harmless(story, "13", "rubber rifle", Class::Rubber)?;
    harmless(story, "14", "cavalry sabre", Class::Edged)?;
    let dummies = Said::Dummy {
        features: vec![Feature::Hole, Feature::Rattle],
        test: words("Look for the hole in the case, shake it beside your ear."),
    };
    let blanks = Said::Blank {
        load: Load::Quarter,
    };
    for (tag, said, count, number) in [
        ("D1", dummies, 50, "PC-D-2209"),
        ("B1", blanks, 30, "PC-Q-0417"),
    ] {
        let received = story.say(Who::Armorer, Act::ReceiveLot(lot(tag, said, count, number)))?;
        story.lots.insert(tag, LotId::from(received));
    }
    Ok(())
}

fn weapon(
    story: &mut Story<'_>,
    tag: &'static str,
    name: &str,
    works: Works,
) -> anyhow::Result<()> {
    let calibre = if matches!(works, Works::Barrels { .. }) {
        "12 gauge"
    } else {
        ".45 Colt"
    };
    let received = Receive {
        tag: words(tag),
        name: words(name),
        class: Class::Firearm,
        works,
        calibre: words(calibre),
        serial: words(&format!("HD-10{tag}")),
        family: words(""),
        from: words("hire house"),
        inspected: true,
        papers_matched: true,
    };
    let id = story.say(Who::Armorer, Act::ReceiveWeapon(received))?;
    story.weapons.insert(tag, WeaponId::from(id));
    Ok(())
}

fn harmless(
    story: &mut Story<'_>,
    tag: &'static str,
    name: &str,
    class: Class,
) -> anyhow::Result<()> {
    let received = Receive {
        tag: words(tag),
        name: words(name),
        class,
        works: Works::None,
        calibre: words(""),
        serial: words(&format!("HD-10{tag}")),
        family: words(""),
        from: words("property store"),
        inspected: true,
        papers_matched: true,
    };
    let id = story.say(Who::Armorer, Act::ReceiveWeapon(received))?;
    story.weapons.insert(tag, WeaponId::from(id));
    Ok(())
}

/// Round by round, class by class, each before a second person; then everything into the strongbox.
fn prove(story: &mut Story<'_>) -> anyhow::Result<()> {
    for (tag, counted) in [("D1", 50), ("B1", 30)] {
        let proof = Prove {
            lot: story.lot(tag)?,
            counted,
            proven: counted,
            primers: counted,
        };
        story.say_both(Who::Armorer, Who::PropertyMaster, Act::ProveLot(proof))?;
    }
    let rubber = story.weapon("13")?;
    class(
        story,
        rubber.into(),
        Class::Rubber,
        "Bent by hand before both of us.",
    )?;
    let sabre = story.weapon("14")?;
    class(
        story,
        sabre.into(),
        Class::Edged,
        "Edge drawn over paper, point pressed on leather, blade bent and straight again.",
    )?;
    let rack = ReceiveBatch {
        tag: words("R1"),
        name: words("rubber carbines"),
        class: Class::Rubber,
        pieces: 12,
    };
    let rack = story.say(Who::Armorer, Act::ReceiveBatch(rack))?;
    class(
        story,
        rack,
        Class::Rubber,
        "All twelve bent by hand before both of us.",
    )?;
    let fired = TestFire {
        weapon: story.weapon("12")?,
        lot: story.lot("B1")?,
        distance_mm: 6_100,
        as_expected: true,
        words: words(
            "Quarter load at the gravel pit: paper untouched at twenty feet, a spark at nine.",
        ),
    };
    story.say(Who::Armorer, Act::TestFire(fired))?;
    let faulty = Ground {
        weapon: story.weapon("16")?,
        words: words("the half-cock notch slips"),
    };
    story.say(Who::Armorer, Act::Ground(faulty))?;
    let away = LockAway {
        weapons: story.weapons.values().copied().collect(),
        lots: story.lots.values().copied().collect(),
        store: story.store,
    };
    story.say(Who::Armorer, Act::LockAway(away))?;
    let door = StoreDoor {
        store: story.store,
        open: false,
        by: None,
    };
    story.say(Who::Armorer, Act::StoreDoor(door))?;
    Ok(())
}

fn class(story: &mut Story<'_>, thing: StatementId, class: Class, how: &str) -> anyhow::Result<()> {
    let proof = ProveClass {
        thing,
        class,
        words: words(how),
    };
    story.say_both(Who::Armorer, Who::PropertyMaster, Act::ProveClass(proof))?;
    Ok(())
}

fn train(story: &mut Story<'_>) -> anyhow::Result<()> {
    for who in [Who::PerformerA, Who::PerformerB, Who::Double] {
        let given = Train {
            person: story.person(who)?,
            weapon: None,
            planned_min: 60,
            given_min: 60,
            competent: true,
        };
        story.say(Who::Armorer, Act::Train(given))?;
    }
    Ok(())
}

fn plan(story: &mut Story<'_>) -> anyhow::Result<()> {
    let day = OpenSession {
        name: words("Day 12 of 21"),
        occasion: Occasion::Shoot,
        place: words("ranch, church set"),
        bulletin_out: true,
    };
    story.say(Who::FirstAd, Act::OpenSession(day))?;
    let scene = AddAction {
        name: words("Scene 121"),
        doing: Doing::Take,
        place: words("church interior"),
        people: vec![
            story.person(Who::PerformerA)?,
            story.person(Who::PerformerB)?,
            story.person(Who::Double)?,
            story.person(Who::Camera)?,
        ],
    };
    story.scene = ActionId::from(story.say(Who::FirstAd, Act::AddAction(scene))?);
    let seen_only = SetPlan {
        action: story.scene,
        weapon: None,
        must_fire: Answer::No,
        must_be_real: Answer::Yes,
        why_real: words("Cylinders open in close-up."),
        line_crosses_person: Answer::No,
        line_agreed: false,
        toward_camera: Answer::No,
        shielded: false,
        distance_mm: 7_000,
        distance_agreed: false,
        shots: 0,
    };
    let fired = SetPlan {
        weapon: Some(story.weapon("12")?),
        must_fire: Answer::Yes,
        why_real: words("Two shots through the window, flash seen from outside."),
        distance_mm: 8_000,
        shots: 2,
        ..seen_only.clone()
    };
    story.say(Who::Armorer, Act::SetPlan(seen_only))?;
    story.say(Who::Armorer, Act::SetPlan(fired))?;
    let places = [
        "weapons cart",
        "prop truck",
        "bandoliers",
        "holsters",
        "costume trailer",
    ];
    let sweep = Sweep {
        places: places.iter().map(|place| words(place)).collect(),
        missed: Vec::<Words>::new(),
        found: 0,
    };
    story.say_both(Who::Armorer, Who::ProductionManager, Act::Sweep(sweep))?;
    Ok(())
}

/// A concern is raised and answered; somebody stops, looks, and lifts.
fn speak_up(story: &mut Story<'_>) -> anyhow::Result<()> {
    let concern = Raise {
        about_weapons: true,
        words: words("Yesterday the double's revolver lay on the porch over lunch."),
    };
    let concern = ConcernId::from(story.say(Who::Camera, Act::RaiseConcern(concern))?);
    let answer = AnswerConcern {
        concern,
        words: words("From today everything is in the strongbox before lunch is called."),
    };
    story.say(Who::Producer, Act::AnswerConcern(answer))?;
    let stop = Stop {
        words: words("Horse loose behind the church."),
        by_voice: words(""),
        someone: false,
        authority: words(""),
    };
    let stop = StopId::from(story.say(Who::KeyGrip, Act::Stop(stop))?);
    let lift = Lift {
        stop,
        words: words("The horse is back in the corral."),
    };
    story.say(Who::KeyGrip, Act::Lift(lift))?;
    Ok(())
}

fn meet(story: &mut Story<'_>) -> anyhow::Result<()> {
    let meeting = Meeting {
        action: Some(story.scene),
        led_by: story.person(Who::FirstAd)?,
        minutes_by: story.person(Who::SecondAd)?,
        attended: story.everybody(),
        topics: Topic::ALL.to_vec(),
        walk_through: true,
        concerns_asked: true,
    };
    story.say(Who::FirstAd, Act::Meeting(meeting))?;
    let action = story.scene;
    story.say(Who::FirstAd, Act::NowOn(NowOn { action }))?;
    Ok(())
}
