//! The way back: whatever a day did, these steps, each a person's, lead every weapon to COLD EMPTY again.

use super::set::Sim;
use crate::{acts::*, world::*};
use domain::{id::*, state::HoldWhy};

/// Brings every weapon back.
pub fn recover(sim: &mut Sim) -> Result<(), String> {
    let People {
        armorer,
        first_ad,
        adviser,
        producer,
        camera,
        performer,
        ..
    } = sim.set.people;
    let (scene, store, lots) = (
        sim.set.scene,
        sim.set.store,
        [sim.set.dummies, sim.set.blanks],
    );
    let set = &mut sim.set;
    set.now = set.now.max(set.state.recorded_at) + MINUTE;

    for lot in lots {
        let there = set.state.lots[&lot].there;
        set.say(armorer, count_lot(lot, there));
    }
    set.say(first_ad, all_well(scene));
    for (id, held) in set.state.stops.clone() {
        let stop: StatementId = id.into();
        if held.by == Some(PersonId::ZERO) {
            let asked = set.say(first_ad, lift_for_another(stop)).id;
            set.say(armorer, countersign(asked));
        } else {
            set.say(held.by.unwrap_or(PersonId::ZERO), lift(stop));
        }
    }
    set.wait(3 * MINUTE);

    let open: Vec<StatementId> = set
        .state
        .open_events()
        .map(|(id, _)| (*id).into())
        .collect();
    for event in &open {
        let said = set.say(armorer, explain(*event)).id;
        set.say(camera, countersign(said));
    }
    set.say(first_ad, meeting(None, first_ad, &[armorer, performer]));
    for event in open {
        let asked = set.say(armorer, release_event(event)).id;
        set.say(producer, countersign(asked));
    }
    set.say(first_ad, resume());

    for lot in lots {
        for _ in 0..2 {
            let there = set.state.lots[&lot].there;
            let proof = set.say(armorer, prove(lot, there)).id;
            set.say(adviser, countersign(proof));
        }
        let asked = set.say(armorer, release_lot(lot)).id;
        set.say(adviser, countersign(asked));
    }

    set.say(first_ad, now_on(scene));
    for weapon in sim.weapons {
        let set = &mut sim.set;
        let back = set.say(armorer, return_to_service(weapon)).id;
        set.say(adviser, countersign(back));
        // Locked away first: its issue may name the armorer as a taker, whose looks would not count.
        set.say(armorer, lock_away(&[weapon], &[], store));
        set.say(armorer, collect(weapon));
        sim.chambers.insert(weapon, empties());
        set.say(armorer, clear(weapon, 0));
        set.say(camera, full(weapon, empties()));
        if set.state.weapons[&weapon]
            .holds
            .iter()
            .any(|hold| !matches!(hold.why, HoldWhy::Event(_)))
        {
            set.say(armorer, end_hold(weapon));
        }
        set.say(armorer, lock_away(&[weapon], &[], store));
        let taken = set.say(armorer, take_out(&[weapon], scene, &[performer]));
        if !taken.outcome.admitted {
            return Err(format!("take out: {:?}", taken.codes()));
        }
        set.say(armorer, full(weapon, empties()));
        set.say(camera, full(weapon, empties()));
        let called = set.say(first_ad, call_cold(&[weapon]));
        if !called.outcome.admitted {
            return Err(format!("call: {:?}", called.codes()));
        }
        if set.sign(weapon) != "COLD EMPTY" {
            return Err(format!("it reads {}", set.sign(weapon)));
        }
    }
    // And rounds go in again.
    for (lot, seen) in [(lots[0], dummy()), (lots[1], quarter())] {
        let set = &mut sim.set;
        let weapon = sim.weapons[0];
        set.say(armorer, clear(weapon, 0));
        let mut one = empties();
        one[0] = seen;
        if set.state.lots[&lot].there > 0 {
            let loaded = set.say(armorer, load(weapon, lot, 1, one));
            if !loaded.outcome.admitted {
                return Err(format!("load: {:?}", loaded.codes()));
            }
        }
    }
    Ok(())
}
