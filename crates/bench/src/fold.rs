//! A fold of 100,000 entries, signatures aside: a set with twenty weapons, looked into, called, handed over, collected.

use crate::spread;
use domain::act::Act;
use domain::act::floor::{Acknowledged, CallCold, Collect, EyesOn, HandOver, Look, Sight, TakeOut};
use domain::act::log::{Open, Started};
use domain::act::people::{Enrol, Invite};
use domain::act::planning::{AddAction, NowOn, OpenSession};
use domain::act::weapons::Receive;
use domain::id::{ActionId, KeyId, PersonId, StatementId, WeaponId};
use domain::outcome::{LeaseKind, LeaseTerms, Limits, Outcome};
use domain::time::Millis;
use domain::words::{
    Bore, Check, Class, Department, Doing, Duty, Means, Method, Occasion, Seen, Words, Works,
};
use domain::{Entry, State, Statement, apply};
use std::time::Instant;

const ENTRIES: usize = 100_000;
const ROUNDS: usize = 7;

pub(crate) fn run() {
    let entries = History::default().tell();
    let mut rates = Vec::new();
    let mut weapons = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let mut state = State::default();
        for entry in &entries {
            apply(&mut state, entry);
        }
        #[expect(clippy::cast_precision_loss, reason = "a hundred thousand")]
        rates.push(entries.len() as f64 / begun.elapsed().as_secs_f64());
        weapons = state.weapons.len();
    }
    println!("\n## Fold\n");
    println!(
        "{} entries, {weapons} weapons, {ROUNDS} times: {} entries/s (target: at least 200,000/s, signatures aside).",
        entries.len(),
        spread::of(rates.into_iter(), 0)
    );
}

#[derive(Default)]
struct History {
    entries: Vec<Entry>,
    at: Millis,
}

impl History {
    fn say(&mut self, by: PersonId, act: Act) -> StatementId {
        self.say_with(by, act, vec![])
    }

    fn say_with(&mut self, by: PersonId, act: Act, leases: Vec<LeaseTerms>) -> StatementId {
        self.at += 1_000;
        let mut id = [3; 32];
        for (byte, part) in id.iter_mut().zip(self.entries.len().to_be_bytes()) {
            *byte = part;
        }
        let id = StatementId(id);
        let limits = matches!(act, Act::NodeStarted(_)).then(Limits::default);
        let key = if let Act::Enrol(body) = &act {
            body.key
        } else {
            KeyId([9; 32])
        };
        self.entries.push(Entry {
            at: self.at,
            statement: Statement {
                id,
                by,
                key,
                claimed_at: self.at,
                head_at: self.at,
                shared: false,
                act,
            },
            outcome: Outcome {
                admitted: true,
                leases,
                limits,
                ..Outcome::default()
            },
        });
        id
    }

    fn tell(mut self) -> Vec<Entry> {
        let (node, words) = (PersonId::ZERO, Words::new);
        let open = Open {
            production: words("bench"),
            unit: words("main"),
            node_key: KeyId([9; 32]),
            board_key: KeyId([8; 32]),
            watermark: words(""),
        };
        self.say(node, Act::LogOpen(open));
        let limits = Limits::default();
        self.say(
            node,
            Act::NodeStarted(Started {
                version: "0".into(),
                program: domain::id::FileId::ZERO,
                packs: vec![],
                limits,
            }),
        );
        let armorer = self.enrol("armorer", Duty::Armorer, 1);
        let first_ad = self.enrol("first AD", Duty::FirstAd, 2);
        let performer = self.enrol("performer", Duty::Performer, 3);
        let session = OpenSession {
            name: words("Day 1"),
            occasion: Occasion::Shoot,
            place: words("ranch"),
            bulletin_out: true,
        };
        self.say(first_ad, Act::OpenSession(session));
        let action = AddAction {
            name: words("Scene 1"),
            doing: Doing::Take,
            place: words("church"),
            people: vec![performer],
        };
        let action = ActionId::from(self.say(first_ad, Act::AddAction(action)));
        self.say(first_ad, Act::NowOn(NowOn { action }));
        let weapons: Vec<WeaponId> = (0..20)
            .map(|number| self.receive(armorer, number))
            .collect();
        while self.entries.len() < ENTRIES {
            for weapon in &weapons {
                self.round(armorer, first_ad, performer, action, *weapon);
            }
        }
        self.entries.truncate(ENTRIES);
        self.entries
    }

    fn enrol(&mut self, role: &str, duty: Duty, number: u8) -> PersonId {
        let invite = Invite {
            token: StatementId([number; 32]),
            role: Words::new(role),
            department: Department::Other,
            duties: vec![duty],
            for_person: None,
            until: Millis::MAX,
        };
        let invite = self.say(PersonId::ZERO, Act::Invite(invite));
        let enrol = Enrol {
            invite,
            token: StatementId([number; 32]),
            key: KeyId([number; 32]),
            means: Means::Device,
        };
        PersonId::from(self.say(PersonId::ZERO, Act::Enrol(enrol)))
    }

    fn receive(&mut self, by: PersonId, number: usize) -> WeaponId {
        let weapon = Receive {
            tag: Words::new(&format!("{number:02}")),
            name: Words::new("revolver"),
            class: Class::Firearm,
            works: Works::Cylinder { positions: 6 },
            calibre: Words::new(".45 Colt"),
            serial: Words::new(&format!("B-{number}")),
            family: Words::new(""),
            from: Words::new("hire house"),
            inspected: true,
            papers_matched: true,
        };
        WeaponId::from(self.say(by, Act::ReceiveWeapon(weapon)))
    }

    /// Out, two looks, cold, over, seen, back.
    fn round(
        &mut self,
        armorer: PersonId,
        second: PersonId,
        taker: PersonId,
        action: ActionId,
        weapon: WeaponId,
    ) {
        let out = TakeOut {
            weapons: vec![weapon],
            carriers: vec![],
            action,
            takers: vec![taker],
        };
        let issue = self.say(armorer, Act::TakeOut(out));
        let look = || {
            Act::Look(Look {
                check: Check::Full,
                sight: Sight {
                    weapon,
                    seen: vec![Seen::Empty; 6],
                    counted: None,
                    carrier: None,
                    turned: true,
                    bore: Bore::Clear,
                    method: Method::Rod,
                },
                watcher: None,
            })
        };
        let first = self.say(armorer, look());
        let other = self.say(second, look());
        let terms = LeaseTerms {
            kind: LeaseKind::Cold,
            weapon,
            handler: armorer,
            takers: vec![taker],
            action,
            until: self.at + 1_800_000,
            rests_on: vec![issue, first, other],
        };
        let cold = CallCold {
            weapons: vec![weapon],
            lasts_ms: 600_000,
        };
        self.say_with(second, Act::CallCold(cold), vec![terms]);
        let over = HandOver {
            weapon,
            to: taker,
            acknowledged: Acknowledged::Spoken,
            at_rest: true,
        };
        self.say(armorer, Act::HandOver(over));
        self.say(
            taker,
            Act::EyesOn(EyesOn {
                weapons: vec![weapon],
            }),
        );
        self.say(armorer, Act::Collect(Collect { weapon }));
    }
}
