//! A day as a case assumes it: opened, swept, met for; custodians who keep what they hold in sight; everything locked away.

use crate::replay::{
    assume::Grant,
    body,
    case::Day,
    fields::Thing,
    name::{EVERYONE, OFFICE},
    tree::{Node, Read, Table},
    when,
    world::{Ground, World},
};
use domain::{
    act::{Act, Kind, ammunition, floor, planning, weapons},
    id::*,
    state::Custody,
    time::Millis,
    words::{Moment, Seen, Words},
};
use std::collections::BTreeSet;

impl World {
    /// A day begins: the session, the sweep, the meeting.
    pub(in crate::replay) fn open_day(&mut self, ground: Ground<'_>, day: &Day) -> Read<()> {
        let case = ground.case;
        let at = day.opens;
        let leader = self.leader(ground);
        if self.state.session.is_some() {
            self.assume(
                ground,
                &leader,
                Act::CloseSession(planning::CloseSession {}),
                at,
            );
        }
        let mut say = Table::default();
        for name in ["name", "occasion", "place"] {
            if let Some(node) = day.table.get(name) {
                say.put(name, node.clone());
            }
        }
        if let Some(node) = day.table.get("bulletin") {
            say.put("bulletin_out", node.clone());
        }
        let opens = self.make(
            ground,
            Kind::OpenSession,
            &day.date.to_string(),
            &say,
            None,
            day.line,
        )?;
        self.assume(ground, &leader, opens, at);
        self.closes = Some(day.closes);
        let (first, second) = self.pair(ground);
        if day.table.flag("sweep", case.assume.grants(Grant::Sweeps))? {
            let places = ["stores", "carts", "belts, holsters and pockets", "vehicles"]
                .map(Words::new)
                .to_vec();
            let sweep = ammunition::Sweep {
                places,
                missed: Vec::new(),
                found: 0,
            };
            self.assume_two(ground, &first, &second, Act::Sweep(sweep), at);
        }
        if day
            .table
            .flag("meeting", case.assume.grants(Grant::Meetings))?
        {
            self.meet(ground, day, at)?;
        }
        Ok(())
    }

    fn meet(&mut self, ground: Ground<'_>, day: &Day, at: Millis) -> Read<()> {
        let names = &ground.case.names;
        let mut say = Table::default();
        for name in ["led_by", "minutes_by", "walk_through", "concerns_asked"] {
            if let Some(node) = day.table.get(name) {
                say.put(name, node.clone());
            }
        }
        if say.get("led_by").is_none() {
            say.put("led_by", Node::text_at(day.line, &self.leader(ground)));
        }
        say.put("attended", Node::text_at(day.line, EVERYONE));
        let mut act = self.make(ground, Kind::Meeting, "", &say, None, day.line)?;
        if let Act::Meeting(body) = &mut act {
            for node in day.table.get("absent").map_or(&[][..], Node::list) {
                let absent = PersonId::from(names.resolve(node, Thing::Person)?);
                body.attended.retain(|person| *person != absent);
            }
        }
        let leader = say
            .get("led_by")
            .map_or(Ok(OFFICE), |node| node.text("led_by"))?
            .to_owned();
        self.assume(ground, &leader, act, at);
        Ok(())
    }

    /// A day ends: everything comes back, is emptied, counted, and locked away.
    pub(in crate::replay) fn close_day(&mut self, ground: Ground<'_>, at: Millis) {
        self.closes = None;
        if ground.case.assume.grants(Grant::LockedStores) {
            self.lock_everything(ground, at);
        }
        let leader = self.leader(ground);
        self.assume(
            ground,
            &leader,
            Act::CloseSession(planning::CloseSession {}),
            at,
        );
    }

    fn lock_everything(&mut self, ground: Ground<'_>, at: Millis) {
        let (first, _) = self.pair(ground);
        let out: Vec<(WeaponId, usize)> = self
            .state
            .weapons
            .iter()
            .filter(|(_, weapon)| !matches!(weapon.custody, Custody::Stored { .. }))
            .map(|(id, weapon)| (*id, body::positions(weapon.about.works)))
            .collect();
        for (weapon, positions) in &out {
            self.assume(
                ground,
                &first,
                Act::Collect(floor::Collect { weapon: *weapon }),
                at,
            );
            let inside = self.inside.get(weapon).map_or(0, |seen| {
                seen.iter().filter(|one| **one != Seen::Empty).count()
            });
            if inside > 0 {
                let sight = body::whole_and_empty(*weapon, *positions);
                let rounds = u32::try_from(inside).unwrap_or(u32::MAX);
                self.assume(
                    ground,
                    &first,
                    Act::Clear(floor::Clear { sight, rounds }),
                    at,
                );
            }
        }
        let open: Vec<(LotId, u32, u32)> = self
            .state
            .lots
            .iter()
            .filter(|(_, lot)| lot.store.is_none())
            .map(|(id, lot)| (*id, lot.there, lot.out))
            .collect();
        for (lot, there, out) in &open {
            if *out > 0 {
                let back = ammunition::Reconcile {
                    lot: *lot,
                    fired: 0,
                    returned: *out,
                    misfired: 0,
                };
                self.assume(ground, &first, Act::ReconcileLot(back), at);
                let count = ammunition::Count {
                    lot: *lot,
                    counted: there + out,
                    secured: true,
                    moment: Moment::Wrap,
                };
                self.assume(ground, &first, Act::CountLot(count), at);
            }
        }
        let batches: Vec<(BatchId, u32)> = self
            .state
            .batches
            .iter()
            .filter(|(_, batch)| batch.out > 0)
            .map(|(id, batch)| (*id, batch.out))
            .collect();
        for (batch, pieces) in batches {
            self.assume(
                ground,
                &first,
                Act::ReturnBatch(weapons::ReturnBatch { batch, pieces }),
                at,
            );
        }
        if !out.is_empty() || !open.is_empty() {
            let away = floor::LockAway {
                weapons: out.iter().map(|(id, _)| *id).collect(),
                lots: open.iter().map(|(id, ..)| *id).collect(),
                store: ground.case.store(),
            };
            self.assume(ground, &first, Act::LockAway(away), at);
        }
    }

    /// Everybody who has a weapon in hand says so.
    pub(in crate::replay) fn touch(&mut self, ground: Ground<'_>, at: Millis) {
        let holders: BTreeSet<PersonId> = self
            .state
            .weapons
            .values()
            .filter_map(|weapon| match weapon.custody {
                Custody::Held {
                    holder,
                    sight_until,
                } if sight_until >= at => Some(holder),
                Custody::Held { .. }
                | Custody::Stored { .. }
                | Custody::OutOfSight { .. }
                | Custody::OffTheRecord { .. } => None,
            })
            .collect();
        for holder in holders {
            if let Some(name) = ground.case.name_of(holder) {
                self.assume(ground, &name, Act::EyesOn(floor::EyesOn::default()), at);
            }
        }
    }

    /// When the next custodian must touch a weapon to keep it in sight.
    pub(in crate::replay) fn next_touch(&self) -> Option<Millis> {
        let held = self
            .state
            .weapons
            .values()
            .filter_map(|weapon| match weapon.custody {
                Custody::Held { sight_until, .. } if sight_until > self.clock => Some(sight_until),
                Custody::Held { .. }
                | Custody::Stored { .. }
                | Custody::OutOfSight { .. }
                | Custody::OffTheRecord { .. } => None,
            });
        // A minute before it would lapse, as anybody does who is careful.
        held.min()
            .map(|until| (until - when::MINUTE).max(self.clock))
    }
}
