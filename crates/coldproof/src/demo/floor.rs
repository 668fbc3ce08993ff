//! On the floor: weapons come out, two people look, calls are made, one pair of looks differs.

use super::bodies::{blank, dummy, full, sight};
use super::morning::LINE;
use super::{Story, Who};
use domain::act::Act;
use domain::act::ammunition::StoreDoor;
use domain::act::floor::{
    Acknowledged, CallCold, CallHot, EyesOn, HandOver, LoadWeapon, Show, TakeOut, ZoneClear,
};
use domain::id::WeaponId;
use domain::time::Millis;
use domain::words::{Load, Seen, Showing};

/// How long the take is planned to last, ms.
const TAKE_MS: Millis = 10 * 60_000;

pub(super) fn tell(story: &mut Story<'_>) -> anyhow::Result<()> {
    take_out(story)?;
    empty_shotgun(story)?;
    dummies_for_a_performer(story)?;
    blanks_announced(story)?;
    looks_that_differ(story)?;
    // Too early: nobody has looked into it. The refusal stands in the record, and the board says what is missing.
    let early = call(story, "01")?;
    story.ask_in_vain(Who::FirstAd, Act::CallCold(early))?;
    story.say(Who::Armorer, Act::EyesOn(EyesOn::default()))?;
    Ok(())
}

fn take_out(story: &mut Story<'_>) -> anyhow::Result<()> {
    let door = StoreDoor {
        store: story.store,
        open: true,
        by: None,
    };
    story.say(Who::Armorer, Act::StoreDoor(door))?;
    issue(story, &["01", "10"], Who::PerformerA)?;
    issue(story, &LINE, Who::Double)?;
    issue(story, &["11", "12", "13", "14", "15"], Who::PerformerB)
}

fn issue(story: &mut Story<'_>, tags: &[&str], taker: Who) -> anyhow::Result<()> {
    let weapons = tags
        .iter()
        .map(|tag| story.weapon(tag))
        .collect::<anyhow::Result<Vec<WeaponId>>>()?;
    let out = TakeOut {
        weapons,
        carriers: vec![],
        action: story.scene,
        takers: vec![story.person(taker)?],
    };
    story.say(Who::Armorer, Act::TakeOut(out))?;
    Ok(())
}

/// Both look, each alone, and see the same two empty barrels.
fn empty_shotgun(story: &mut Story<'_>) -> anyhow::Result<()> {
    let weapon = story.weapon("10")?;
    for who in [Who::Armorer, Who::FirstAd] {
        story.say(who, Act::Look(full(sight(weapon, vec![], 2))))?;
    }
    let cold = call(story, "10")?;
    story.say(Who::FirstAd, Act::CallCold(cold))?;
    Ok(())
}

/// Six dummies, shown to whoever stands near, then in the performer's hand.
fn dummies_for_a_performer(story: &mut Story<'_>) -> anyhow::Result<()> {
    let weapon = load(story, "11", "D1", &vec![dummy(); 6])?;
    story.say(
        Who::FirstAd,
        Act::Look(full(sight(weapon, vec![dummy(); 6], 6))),
    )?;
    let cold = call(story, "11")?;
    story.say(Who::FirstAd, Act::CallCold(cold))?;
    for (to, answer) in [
        (Who::Camera, Showing::Looked),
        (Who::PerformerB, Showing::Looked),
        (Who::KeyGrip, Showing::DidNotWish),
    ] {
        let to = story.person(to)?;
        story.say(Who::Armorer, Act::Show(Show { weapon, to, answer }))?;
    }
    let over = HandOver {
        weapon,
        to: story.person(Who::PerformerB)?,
        acknowledged: Acknowledged::Spoken,
        at_rest: true,
    };
    story.say(Who::Armorer, Act::HandOver(over))?;
    Ok(())
}

/// Two quarter loads for two planned shots, announced to the set.
fn blanks_announced(story: &mut Story<'_>) -> anyhow::Result<()> {
    let weapon = load(story, "12", "B1", &[blank(), blank()])?;
    story.say(
        Who::FirstAd,
        Act::Look(full(sight(weapon, vec![blank(), blank()], 6))),
    )?;
    let action = story.scene;
    story.say(Who::FirstAd, Act::ZoneClear(ZoneClear { action }))?;
    let hot = CallHot {
        weapon,
        load: Load::Quarter,
        shots: 2,
        lasts_ms: TAKE_MS,
    };
    story.say(Who::FirstAd, Act::CallHot(hot))?;
    Ok(())
}

/// The armorer puts in five and says so; the second counts six. Neither is asked who is right: the weapon is held.
fn looks_that_differ(story: &mut Story<'_>) -> anyhow::Result<()> {
    let weapon = load(story, "15", "D1", &vec![dummy(); 5])?;
    story.say(
        Who::FirstAd,
        Act::Look(full(sight(weapon, vec![dummy(); 6], 6))),
    )?;
    Ok(())
}

/// The load map is the loader's look.
fn load(story: &mut Story<'_>, tag: &str, lot: &str, rounds: &[Seen]) -> anyhow::Result<WeaponId> {
    let weapon = story.weapon(tag)?;
    let load = LoadWeapon {
        lot: story.lot(lot)?,
        rounds: u32::try_from(rounds.len())?,
        sight: sight(weapon, rounds.to_vec(), 6),
        supervisor: None,
    };
    story.say(Who::Armorer, Act::LoadWeapon(load))?;
    Ok(weapon)
}

fn call(story: &Story<'_>, tag: &str) -> anyhow::Result<CallCold> {
    Ok(CallCold {
        weapons: vec![story.weapon(tag)?],
        lasts_ms: TAKE_MS,
    })
}
