//! The set-up of a case and its assumed days: what is entered so that the record holds everything the sources do not deny.
//! None of it counts as a row.

use super::{
    assume::Grant,
    case::{Declared, TABLES, with},
    fields::Thing,
    name::{LOCK_UP, OFFICE, SECOND},
    tree::{Node, Read, Table, Value},
    world::{Ground, World, signer},
};
use domain::{
    act::{Act, Kind, ammunition, floor, people, planning, weapons},
    id::*,
    time::Millis,
    words::{Class, Department, Duty, Skill, Words},
};

mod day;

/// What stands in the words of an assumed statement.
const ASSUMED: &str = "assumed: no source denies it";

impl World {
    /// Enters what is declared and due by `at` and not in the record yet.
    pub(super) fn join(&mut self, ground: Ground<'_>, at: Millis) -> Read<()> {
        self.add_lock_up(ground, at)?;
        for (_, thing, kind) in TABLES {
            for (place, one) in ground.case.declared.iter().enumerate() {
                let due = one.from.as_ref().is_none_or(|from| from.ms <= at);
                if one.thing != *thing || !due || self.joined.contains(&place) {
                    continue;
                }
                self.joined.insert(place);
                if !one.by_step
                    && one.table.flag("received", true)?
                    && one.table.flag("enrolled", true)?
                {
                    self.add(ground, one, *kind, at)?;
                }
            }
        }
        self.train(ground, at)?;
        Ok(())
    }

    /// The next time at which something declared comes in.
    pub(super) fn next_join(&self, ground: Ground<'_>) -> Option<Millis> {
        let waiting = ground
            .case
            .declared
            .iter()
            .enumerate()
            .filter(|(place, _)| !self.joined.contains(place));
        waiting
            .map(|(_, one)| one.from.as_ref().map_or(Millis::MIN, |from| from.ms))
            .min()
    }

    fn add_lock_up(&mut self, ground: Ground<'_>, at: Millis) -> Read<()> {
        let id = ground.case.names.id(LOCK_UP);
        if self.state.stores.contains_key(&id.into()) {
            return Ok(());
        }
        let act = self.make(ground, Kind::AddStore, LOCK_UP, &Table::default(), None, 1)?;
        let (by, key) = signer(ground.case, OFFICE);
        self.enter(ground, by, key, id, act, at);
        Ok(())
    }

    fn add(&mut self, ground: Ground<'_>, one: &Declared, kind: Kind, at: Millis) -> Read<()> {
        let id = ground.case.names.id(&one.name);
        let act = self.make(
            ground,
            kind,
            &one.name,
            &Table::default(),
            Some(&one.table),
            one.line,
        )?;
        if let Act::Invite(invite) = act {
            return self.add_person(ground, one, invite, at);
        }
        let signs = if one.thing == Thing::Action {
            self.leader(ground)
        } else {
            self.pair(ground).0
        };
        let (by, key) = signer(ground.case, &signs);
        self.enter(ground, by, key, id, act.clone(), at);
        self.after_receipt(ground, &one.table, id, &act, at)?;
        if let Act::AddAction(_) = act {
            self.plan(ground, one, at)?;
        }
        Ok(())
    }

    /// What is granted to a thing just received, by the set-up or by a step: proof, and a locked place.
    pub(super) fn after_receipt(
        &mut self,
        ground: Ground<'_>,
        table: &Table,
        id: StatementId,
        act: &Act,
        at: Millis,
    ) -> Read<()> {
        let (first, second) = self.pair(ground);
        let locked =
            ground.case.assume.grants(Grant::LockedStores) && table.flag("locked", true)?;
        let store = ground.case.store();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "only these three are received with grants"
        )]
        match act {
            Act::ReceiveWeapon(body) => {
                self.prove_class(ground, table, id, body.class, at)?;
                if locked {
                    let away = floor::LockAway {
                        weapons: vec![id.into()],
                        lots: Vec::new(),
                        store,
                    };
                    self.assume(ground, &first, Act::LockAway(away), at);
                }
            }
            Act::ReceiveBatch(body) => self.prove_class(ground, table, id, body.class, at)?,
            Act::ReceiveLot(body) => {
                if ground.case.assume.grants(Grant::LotsProven) && table.flag("proven", true)? {
                    let counted = body.counted.unwrap_or(body.count);
                    let proof = ammunition::Prove {
                        lot: id.into(),
                        counted,
                        proven: counted,
                        primers: counted,
                    };
                    self.assume_two(ground, &first, &second, Act::ProveLot(proof), at);
                }
                if locked {
                    let away = floor::LockAway {
                        weapons: Vec::new(),
                        lots: vec![id.into()],
                        store,
                    };
                    self.assume(ground, &first, Act::LockAway(away), at);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn add_person(
        &mut self,
        ground: Ground<'_>,
        one: &Declared,
        invite: people::Invite,
        at: Millis,
    ) -> Read<()> {
        let handles = [Duty::Armorer, Duty::Assistant, Duty::PropertyMaster]
            .iter()
            .any(|duty| invite.duties.contains(duty));
        let (role, department, duties) = (invite.role, invite.department, invite.duties);
        let department = if department == Department::Other && handles {
            Department::Property
        } else {
            department
        };
        self.enrol(ground, OFFICE, &one.name, role, department, duties)?;
        if one.table.flag(
            "permit",
            handles && ground.case.assume.grants(Grant::HandlerPermits),
        )? {
            let qualify = people::Qualify {
                person: ground.case.names.id(&one.name).into(),
                skill: Skill::HandlerPermit,
                until: None,
                words: Words::new(ASSUMED),
            };
            self.assume(ground, OFFICE, Act::Qualify(qualify), at);
        }
        Ok(())
    }

    fn prove_class(
        &mut self,
        ground: Ground<'_>,
        table: &Table,
        thing: StatementId,
        class: Class,
        at: Millis,
    ) -> Read<()> {
        let granted = cannot_fire(class) && ground.case.assume.grants(Grant::ClassProof);
        if table.flag("class_proven", granted)? {
            let (first, second) = self.pair(ground);
            let proof = weapons::ProveClass {
                thing,
                class,
                words: Words::new(ASSUMED),
            };
            self.assume_two(ground, &first, &second, Act::ProveClass(proof), at);
        }
        Ok(())
    }

    /// The plans that an action declares, or one that points at nobody.
    fn plan(&mut self, ground: Ground<'_>, one: &Declared, at: Millis) -> Read<()> {
        let declared = one.table.get("plan").map_or(&[][..], Node::list);
        let granted = ground.case.assume.grants(Grant::Plans) || !declared.is_empty();
        if !one.table.flag("planned", granted)? {
            return Ok(());
        }
        let nothing = Table::default();
        let plans: Vec<&Table> = if declared.is_empty() {
            vec![&nothing]
        } else {
            declared
                .iter()
                .map(|node| node.table("plan"))
                .collect::<Read<_>>()?
        };
        for plan in plans {
            let say = with(plan, "action", &one.name, one.line);
            let act = self.make(ground, Kind::SetPlan, &one.name, &say, None, one.line)?;
            let (first, _) = self.pair(ground);
            let leader = self.leader(ground);
            if matches!(&act, Act::SetPlan(body) if body.line_agreed) {
                self.assume_two(ground, &first, &leader, act, at);
            } else {
                self.assume(ground, &first, act, at);
            }
        }
        Ok(())
    }

    /// Performers are trained with every weapon, and weapons fired with every blank of their calibre, as granted.
    fn train(&mut self, ground: Ground<'_>, at: Millis) -> Read<()> {
        let case = ground.case;
        let Some(handler) = self.handler(ground) else {
            return Ok(());
        };
        for one in case
            .declared
            .iter()
            .filter(|one| one.thing == Thing::Person)
        {
            let person = PersonId::from(case.names.id(&one.name));
            let performs = self
                .state
                .people
                .get(&person)
                .is_some_and(domain::state::Person::performs);
            let only = one
                .table
                .get("trained")
                .filter(|node| !matches!(node.value, Value::Flag(_)));
            let all = match one.table.get("trained") {
                Some(Node {
                    value: Value::Flag(flag),
                    ..
                }) => *flag,
                Some(_) => false,
                None => performs && case.assume.grants(Grant::Training),
            };
            let named: Vec<WeaponId> = only
                .map_or(&[][..], Node::list)
                .iter()
                .map(|node| case.names.resolve(node, Thing::Weapon).map(Into::into))
                .collect::<Read<_>>()?;
            let weapons: Vec<WeaponId> = self.state.weapons.keys().copied().collect();
            for weapon in weapons {
                if self.state.people.contains_key(&person)
                    && (all || named.contains(&weapon))
                    && self.trained.insert((person, weapon))
                {
                    let train = people::Train {
                        person,
                        weapon: Some(weapon),
                        planned_min: 60,
                        given_min: 60,
                        competent: true,
                    };
                    self.assume(ground, &handler, Act::Train(train), at);
                }
            }
        }
        self.test_fire(ground, &handler, at)
    }

    fn test_fire(&mut self, ground: Ground<'_>, handler: &str, at: Millis) -> Read<()> {
        let case = ground.case;
        let granted = case.assume.grants(Grant::TestFires);
        let mut fires = Vec::new();
        for one in case
            .declared
            .iter()
            .filter(|one| one.thing == Thing::Weapon)
        {
            let id = WeaponId::from(case.names.id(&one.name));
            let Some(weapon) = self.state.weapons.get(&id) else {
                continue;
            };
            if !one.table.flag("test_fired", granted)? || cannot_fire(weapon.about.class) {
                continue;
            }
            for (lot_id, lot) in &self.state.lots {
                let blank = matches!(lot.about.said, ammunition::Said::Blank { .. });
                let done = weapon.test_fires.iter().any(|fire| fire.lot == *lot_id);
                if blank && lot.about.calibre == weapon.about.calibre && !done {
                    fires.push(weapons::TestFire {
                        weapon: id,
                        lot: *lot_id,
                        distance_mm: 6_100,
                        as_expected: true,
                        words: Words::new(ASSUMED),
                    });
                }
            }
        }
        for fire in fires {
            self.assume(ground, handler, Act::TestFire(fire), at);
        }
        Ok(())
    }

    /// Puts the action of a request on, as granted, when the case did not.
    pub(super) fn put_on(&mut self, ground: Ground<'_>, action: ActionId, at: Millis) {
        let known = self.state.actions.contains_key(&action);
        if known && self.state.now_on != Some(action) && ground.case.assume.grants(Grant::NowOn) {
            let leader = self.leader(ground);
            self.assume(ground, &leader, Act::NowOn(planning::NowOn { action }), at);
        }
    }

    /// Whoever runs the set.
    pub(super) fn leader(&self, ground: Ground<'_>) -> String {
        self.first_with(ground, &[Duty::FirstAd, Duty::Armorer])
            .unwrap_or_else(|| OFFICE.to_owned())
    }

    /// A qualified handler, if there is one.
    fn handler(&self, ground: Ground<'_>) -> Option<String> {
        let fit = |name: &String| {
            let id = PersonId::from(ground.case.names.id(name));
            self.state.is_handler(id, self.clock)
        };
        [Duty::Armorer, Duty::Assistant, Duty::PropertyMaster]
            .iter()
            .find_map(|duty| self.all_with(ground, *duty).find(fit))
    }

    /// Two people for what is assumed to have been done by two, neither of whom enrolled the other.
    pub(super) fn pair(&self, ground: Ground<'_>) -> (String, String) {
        match self.handler(ground) {
            Some(handler) => (handler, SECOND.to_owned()),
            None => (SECOND.to_owned(), OFFICE.to_owned()),
        }
    }

    fn first_with(&self, ground: Ground<'_>, duties: &[Duty]) -> Option<String> {
        duties
            .iter()
            .find_map(|duty| self.all_with(ground, *duty).next())
    }

    /// Declared people in file order who hold a duty now.
    fn all_with<'a>(&'a self, ground: Ground<'a>, duty: Duty) -> impl Iterator<Item = String> + 'a {
        let people = ground
            .case
            .declared
            .iter()
            .filter(|one| one.thing == Thing::Person);
        people
            .filter(move |one| {
                self.state
                    .holds(ground.case.names.id(&one.name).into(), duty)
            })
            .map(|one| one.name.clone())
    }
}

/// Classes that are said to be unable to fire, which two people then show.
const fn cannot_fire(class: Class) -> bool {
    matches!(
        class,
        Class::NonFiring | Class::Rubber | Class::Edged | Class::Other
    )
}

impl super::case::Case {
    /// The first store declared, or the one every case has.
    pub(super) fn store(&self) -> StoreId {
        let declared = self.declared.iter().find(|one| one.thing == Thing::Store);
        self.names
            .id(declared.map_or(LOCK_UP, |one| one.name.as_str()))
            .into()
    }

    /// The name behind a person's id.
    pub(super) fn name_of(&self, person: PersonId) -> Option<String> {
        let people = self
            .declared
            .iter()
            .filter(|one| one.thing == Thing::Person)
            .map(|one| one.name.as_str());
        people
            .chain([OFFICE, SECOND])
            .find(|name| PersonId::from(self.names.id(name)) == person)
            .map(str::to_owned)
    }
}
