//! A day that goes by chance, with what really lies in each weapon beside what people say of it.

use crate::{acts::*, world::*};
use domain::{
    act::{Act, floor::Counted},
    id::*,
    words::*,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// One thing that happens. Numbers pick from the people and weapons of the set, modulo how many there are.
#[derive(Clone, Debug)]
pub enum Op {
    /// Time passes, ms.
    Wait(i64),
    /// The clock of the node jumps, ms; it enters that.
    Jump(i64),
    /// A weapon is brought to COLD or HOT as it should be, as far as the day lets it.
    Flow {
        weapon: u8,
        content: u8,
        /// What goes wrong on the way to the call, if it is below [`FLAWS`].
        flaw: u8,
    },
    /// Somebody says something.
    Say {
        what: u8,
        by: u8,
        weapon: u8,
        more: u8,
        late: bool,
    },
}

/// Ways in which [`Op::Flow`] goes wrong.
const FLAWS: u8 = 17;

/// Kinds of things that [`Op::Say`] can say.
const WHATS: u8 = 46;

pub fn ops(steps: usize) -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        3 => (0..4 * MINUTE).prop_map(Op::Wait),
        1 => (0..40 * MINUTE).prop_map(Op::Wait),
        1 => (-HOUR..HOUR).prop_map(Op::Jump),
        12 => (0_u8..3, 0_u8..4, 0..FLAWS * 2)
            .prop_map(|(weapon, content, flaw)| Op::Flow { weapon, content, flaw }),
        24 => (0..WHATS, 0_u8..8, 0_u8..3, any::<u8>(), prop::bool::weighted(0.07))
            .prop_map(|(what, by, weapon, more, late)| Op::Say { what, by, weapon, more, late }),
    ];
    prop::collection::vec(op, 1..steps)
}

/// The set, and what lies in each chamber.
pub struct Sim {
    pub set: Set,
    pub weapons: [WeaponId; 3],
    pub chambers: BTreeMap<WeaponId, Vec<Seen>>,
    said: Vec<StatementId>,
    stops: Vec<StatementId>,
    events: Vec<StatementId>,
}

impl Sim {
    pub fn new() -> Self {
        let mut set = Set::new();
        let (armorer, store) = (set.people.armorer, set.store);
        let more = ["08", "09"].map(|tag| {
            let mut body = match revolver(tag) {
                Act::ReceiveWeapon(body) => body,
                _ => unreachable!(),
            };
            // One is like the first; one is not.
            if tag == "09" {
                body.calibre = words(".38");
            }
            WeaponId::from(set.say(armorer, Act::ReceiveWeapon(body)).clean())
        });
        set.say(armorer, lock_away(&more, &[], store)).clean();
        let weapons = [set.revolver, more[0], more[1]];
        let chambers = weapons.iter().map(|id| (*id, empties())).collect();
        Self {
            set,
            weapons,
            chambers,
            said: vec![],
            stops: vec![],
            events: vec![],
        }
    }

    pub fn after(day: &[Op]) -> Self {
        let mut sim = Self::new();
        for op in day {
            sim.step(op);
        }
        sim
    }

    /// What lies in it, as a board would say it if it were COLD.
    pub fn truth(&self, weapon: WeaponId) -> String {
        let lies = &self.chambers[&weapon];
        let of = |is: &dyn Fn(&Seen) -> bool| lies.iter().filter(|one| is(one)).count();
        let dummies = of(&|one| matches!(one, Seen::Dummy { .. }));
        let empty = of(&|one| *one == Seen::Empty);
        match (dummies, lies.len() - dummies - empty) {
            (0, 0) => "EMPTY".into(),
            (dummies, 0) => format!("DUMMIES {dummies}"),
            _ => format!("{lies:?}"),
        }
    }

    pub fn step(&mut self, op: &Op) {
        match *op {
            Op::Wait(ms) => self.set.wait(ms),
            Op::Jump(ms) => {
                self.set.now += ms;
                self.set.now = self.set.now.max(self.set.state.recorded_at);
                self.set.node(clock_jumped());
            }
            Op::Flow {
                weapon,
                content,
                flaw,
            } => self.flow(weapon, content, flaw),
            Op::Say {
                what,
                by,
                weapon,
                more,
                late,
            } => self.chance(what, by, weapon, more, late),
        }
    }

    fn enter(&mut self, by: PersonId, act: Act, late: bool) -> Told {
        // The clock of the node never enters a time before its newest entry.
        self.set.now = self.set.now.max(self.set.state.recorded_at);
        let stops = matches!(act, Act::Stop(_));
        let event = matches!(act, Act::UnexpectedEvent(_));
        let told = if late {
            self.set.say_late(by, act, HOUR)
        } else {
            self.set.say(by, act)
        };
        self.said.push(told.id);
        if stops {
            self.stops.push(told.id);
        }
        if event {
            self.events.push(told.id);
        }
        told
    }

    /// Puts rounds into empty chambers, in truth.
    fn put(&mut self, weapon: WeaponId, rounds: u8, what: &Seen) -> u32 {
        let mut put = 0;
        for one in self.chambers.get_mut(&weapon).unwrap() {
            if put < rounds && *one == Seen::Empty {
                *one = what.clone();
                put += 1;
            }
        }
        put.into()
    }

    /// What an honest person sees who begins at some gate.
    fn see(&self, weapon: WeaponId, turn: u8) -> Vec<Seen> {
        let mut seen = self.chambers[&weapon].clone();
        seen.rotate_left(usize::from(turn) % 6);
        seen
    }

    fn count(&self, weapon: WeaponId) -> Counted {
        let mut count = Counted::default();
        for one in &self.chambers[&weapon] {
            match one {
                Seen::Empty => count.empty += 1,
                Seen::Dummy { .. } => count.dummies += 1,
                Seen::Blank { .. } => count.blanks += 1,
                _ => count.others += 1,
            }
        }
        count
    }

    fn counted(&self, weapon: WeaponId) -> domain::act::floor::Sight {
        domain::act::floor::Sight {
            counted: Some(self.count(weapon)),
            ..sight(weapon, vec![])
        }
    }

    /// As it should go, but for one flaw.
    fn flow(&mut self, weapon: u8, content: u8, flaw: u8) {
        let People {
            armorer,
            first_ad,
            performer,
            adviser,
            grip,
            ..
        } = self.set.people;
        let (weapon, scene) = (self.weapons[usize::from(weapon) % 3], self.set.scene);
        // Whoever stopped lifts, so that days do not end in the morning.
        for (id, held) in self.set.state.stops.clone() {
            self.enter(held.by.unwrap_or(PersonId::ZERO), lift(id.into()), false);
        }
        self.enter(armorer, collect(weapon), false);
        self.chambers.insert(weapon, empties());
        self.enter(armorer, clear(weapon, 0), false);
        self.enter(armorer, take_out(&[weapon], scene, &[performer]), false);
        if content == 1 {
            let rounds = self.put(weapon, 6, &dummy());
            let act = load(weapon, self.set.dummies, rounds, self.see(weapon, 0));
            self.enter(armorer, act, false);
        } else if content == 2 {
            let rounds = self.put(weapon, 2, &quarter());
            let act = load(weapon, self.set.blanks, rounds, self.see(weapon, 1));
            self.enter(armorer, act, false);
        } else {
            let first = if flaw == 14 { grip } else { armorer };
            let act = full(weapon, self.see(weapon, 2));
            self.enter(first, act, false);
        }
        let second = match flaw {
            1 => armorer,
            2 => performer,
            _ if content == 3 => adviser,
            _ => first_ad,
        };
        let mut seen = self.see(weapon, 3);
        if flaw == 4 {
            seen[..2].fill(Seen::NotSeen);
        }
        self.enter(second, full(weapon, seen), flaw == 3);
        self.flaw(flaw, weapon);
        let call = if content == 2 {
            call_hot(weapon, Load::Quarter, 2)
        } else {
            call_cold(&[weapon])
        };
        self.enter(first_ad, call, false);
        if flaw == 16 {
            // In sight all the time, and longer than any lease.
            for _ in 0..3 {
                self.set.wait(11 * MINUTE);
                self.enter(armorer, eyes_on(&[]), false);
            }
        } else if flaw.is_multiple_of(2) {
            self.enter(armorer, hand_over(weapon, performer), false);
        }
    }

    /// Something between the looks and the call.
    fn flaw(&mut self, flaw: u8, weapon: WeaponId) {
        let People {
            armorer,
            first_ad,
            adviser,
            grip,
            ..
        } = self.set.people;
        match flaw {
            5 => {
                self.enter(grip, stop(), false);
            }
            6 => self.set.wait(16 * MINUTE),
            7 => {
                self.enter(grip, collect(weapon), false);
            }
            8 | 13 => {
                let (lot, what) = if flaw == 8 {
                    (self.set.blanks, quarter())
                } else {
                    (self.set.dummies, dummy())
                };
                let before = self.counted(weapon);
                let rounds = self.put(weapon, 1, &what);
                let act = load(weapon, lot, rounds, self.see(weapon, 0));
                self.enter(armorer, act, false);
                // Two people who only repeat the count of before.
                for by in [armorer, first_ad].iter().filter(|_| flaw == 13) {
                    self.enter(
                        *by,
                        look(Check::Reset, before.clone(), Some(adviser)),
                        false,
                    );
                }
            }
            9 => {
                self.enter(PersonId::ZERO, clock_jumped(), false);
            }
            10 => {
                self.enter(grip, out_of_sight(&[weapon], &[]), false);
            }
            11 => {
                self.chambers.get_mut(&weapon).unwrap()[0] = Seen::Live;
                self.enter(grip, off_protocol(weapon, Some(grip)), false);
            }
            12 => {
                self.enter(armorer, shots(weapon, 0, 1), false);
            }
            15 => {
                // A lift that two people ask for does not end a stop at once.
                let stopped = self.enter(grip, stop(), false).id;
                let asked = self.enter(first_ad, lift_for_another(stopped), false).id;
                self.enter(armorer, countersign(asked), false);
            }
            _ => {}
        }
    }

    /// As it goes by chance. The adviser lies about what they see; nobody else does.
    #[expect(clippy::too_many_lines, reason = "one line a kind of statement")]
    fn chance(&mut self, what: u8, by: u8, weapon: u8, more: u8, late: bool) {
        let people = self.set.people;
        let crew = [
            people.armorer,
            people.first_ad,
            people.assistant,
            people.adviser,
            people.performer,
            people.grip,
            people.producer,
            people.armorer,
        ];
        let by = crew[usize::from(by) % crew.len()];
        let weapon = self.weapons[usize::from(weapon) % 3];
        let (scene, store, dummies, blanks) = (
            self.set.scene,
            self.set.store,
            self.set.dummies,
            self.set.blanks,
        );
        let lot = if more.is_multiple_of(2) {
            dummies
        } else {
            blanks
        };
        let pick = |all: &[StatementId]| {
            all.iter()
                .rev()
                .nth(usize::from(more) % 4)
                .copied()
                .unwrap_or(StatementId([9; 32]))
        };
        let someone = crew[usize::from(more) % crew.len()];
        let act = match what {
            0..=3 => {
                let seen = if by == people.adviser && more.is_multiple_of(3) {
                    six_dummies()
                } else {
                    self.see(weapon, more)
                };
                full(weapon, seen)
            }
            4 | 5 => look(Check::Reset, self.counted(weapon), Some(someone)),
            6 => {
                let line_of: Vec<_> = self.weapons.iter().map(|one| self.counted(*one)).collect();
                line(line_of)
            }
            7 | 8 => {
                let what = if lot == dummies { dummy() } else { quarter() };
                let rounds = self.put(weapon, more % 7, &what);
                load(weapon, lot, rounds, self.see(weapon, more))
            }
            9 | 10 => {
                self.chambers.insert(weapon, empties());
                clear(weapon, 6)
            }
            11..=13 => call_cold(&[weapon]),
            14 => call_cold(&self.weapons),
            15 => call_hot(weapon, Load::Quarter, u32::from(self.count(weapon).blanks)),
            16 => hand_over(weapon, someone),
            17 => hand_over_signed(weapon, people.performer),
            18 | 19 => countersign(pick(&self.said)),
            20 => take_out(&[weapon], scene, &[people.performer]),
            21 => take_out(&[weapon], scene, &[someone]),
            22 | 23 => collect(weapon),
            24 | 25 => eyes_on(if more.is_multiple_of(2) {
                &[]
            } else {
                std::slice::from_ref(&weapon)
            }),
            26 => lock_away(&[weapon], &[dummies, blanks], store),
            27 => out_of_sight(
                if more.is_multiple_of(2) {
                    &[]
                } else {
                    std::slice::from_ref(&weapon)
                },
                &[],
            ),
            28 => {
                // Somebody had it, and what they did to it nobody knows.
                self.chambers.get_mut(&weapon).unwrap()[usize::from(more) % 6] = Seen::Live;
                off_protocol(weapon, Some(someone))
            }
            29 => {
                for one in self.chambers.get_mut(&weapon).unwrap() {
                    if matches!(one, Seen::Blank { .. }) {
                        *one = Seen::Spent;
                    }
                }
                shots(weapon, u32::from(more % 3), 0)
            }
            30 => match more % 4 {
                0 => {
                    self.enter(PersonId::ZERO, someone_stops(), late);
                    return;
                }
                _ => stop(),
            },
            31..=33 => {
                // Mostly whoever may.
                let of = pick(&self.stops);
                let holder = self
                    .set
                    .state
                    .stops
                    .get(&of.into())
                    .and_then(|held| held.by)
                    .unwrap_or(PersonId::ZERO);
                self.enter(if more < 200 { holder } else { by }, lift(of), late);
                return;
            }
            34 => lift_for_another(pick(&self.stops)),
            35 if more < 60 => unexpected((more.is_multiple_of(2)).then_some(weapon), None),
            35 => all_well(scene),
            36 => {
                let there = self.set.state.lots[&lot].there;
                count_lot(lot, there)
            }
            37 if more < 40 => quarantine(lot),
            37 => prove(lot, self.set.state.lots[&lot].there),
            38 if more < 40 => ground(weapon),
            38 => return_to_service(weapon),
            39 => end_hold(weapon),
            40 => match more % 4 {
                0 => pause(),
                1 => resume(),
                2 => now_on(scene),
                _ => begin(scene),
            },
            41 if more < 40 => {
                self.enter(PersonId::ZERO, node_started(), false);
                return;
            }
            41 => correct(pick(&self.said)),
            42 => match more % 3 {
                0 => explain(pick(&self.events)),
                1 => release_event(pick(&self.events)),
                _ => meeting(None, people.first_ad, &[by]),
            },
            43 if more < 30 => found(
                [Answer::Yes, Answer::NotAnswered, Answer::No][usize::from(more) % 3],
                None,
                "",
            ),
            43 => {
                let out = self.set.state.lots[&lot].out;
                reconcile(lot, 0, out, 0)
            }
            44 if more < 30 => touched(Some(weapon), None, Touched::Opened),
            44 => show(weapon, people.performer, Showing::DidNotWish),
            45 if more < 30 => test_fire(weapon, blanks),
            _ => door(store, more.is_multiple_of(2)),
        };
        self.enter(by, act, late);
    }
}
