//! How fast a record folds: entries of whole days on a set, made once, then folded.
//!
//! `cargo run --release -p domain --example fold -- [ENTRIES] [WEAPONS]`
#![expect(clippy::print_stdout, reason = "a program that prints one figure")]

use domain::{
    Entry, State, Statement,
    act::{Act, floor::*, log, people, planning, weapons},
    admit, apply,
    facts::Facts,
    id::*,
    judge::{Gate, Judge, Judgement},
    outcome::Limits,
    words::*,
};
use sha2::{Digest, Sha256};
use std::time::Instant;

fn main() {
    let asked: Vec<usize> = std::env::args()
        .skip(1)
        .filter_map(|one| one.parse().ok())
        .collect();
    let (entries, weapons) = (
        asked.first().copied().unwrap_or(100_000),
        asked.get(1).copied().unwrap_or(20),
    );
    let record = record(entries, weapons);
    let began = Instant::now();
    let mut state = State::default();
    for entry in &record {
        apply(&mut state, entry);
    }
    let took = began.elapsed();
    let leased = state
        .weapons
        .values()
        .filter(|weapon| weapon.lease.is_some())
        .count();
    println!(
        "{} entries, {weapons} weapons ({leased} leased at the end) in {took:.2?}: {:.0} entries/s",
        record.len(),
        f64::from(u32::try_from(record.len()).unwrap_or(u32::MAX)) / took.as_secs_f64()
    );
}

/// A record of at least so many entries: people, that many revolvers, then looks, calls, hand-overs, eyes-on and
/// collecting, over and over, every one of them granted.
pub fn record(entries: usize, weapons: usize) -> Vec<Entry> {
    let mut made = Made {
        state: State::default(),
        entries: Vec::with_capacity(entries + 16),
        now: 1_634_846_400_000,
    };
    let [armorer, first_ad, performer] = made.people();
    let ids: Vec<WeaponId> = (0..weapons)
        .map(|n| made.say(armorer, revolver(n)).into())
        .collect();
    made.say(
        first_ad,
        Act::OpenSession(planning::OpenSession {
            name: words("Day 12"),
            occasion: Occasion::Shoot,
            place: words("church set"),
            bulletin_out: true,
        }),
    );
    let scene = planning::AddAction {
        name: words("Scene 121"),
        doing: Doing::Take,
        place: words("church set"),
        people: vec![performer],
    };
    let action: ActionId = made.say(first_ad, Act::AddAction(scene)).into();
    made.say(first_ad, Act::NowOn(planning::NowOn { action }));
    made.say(
        armorer,
        Act::TakeOut(TakeOut {
            weapons: ids.clone(),
            carriers: vec![],
            action,
            takers: vec![performer],
        }),
    );
    for weapon in ids.iter().cycle() {
        if made.entries.len() >= entries {
            break;
        }
        made.say(armorer, Act::EyesOn(EyesOn { weapons: vec![] }));
        for by in [armorer, first_ad] {
            let sight = Sight {
                weapon: *weapon,
                seen: vec![Seen::Empty; 6],
                counted: None,
                carrier: None,
                turned: true,
                bore: Bore::Clear,
                method: Method::Rod,
            };
            made.say(
                by,
                Act::Look(Look {
                    check: Check::Full,
                    sight,
                    watcher: None,
                }),
            );
        }
        made.say(
            first_ad,
            Act::CallCold(CallCold {
                weapons: vec![*weapon],
                lasts_ms: 0,
            }),
        );
        made.say(
            armorer,
            Act::HandOver(HandOver {
                weapon: *weapon,
                to: performer,
                acknowledged: Acknowledged::Spoken,
                at_rest: true,
            }),
        );
        made.say(armorer, Act::Collect(Collect { weapon: *weapon }));
    }
    made.entries
}

struct Permits;
impl Judge for Permits {
    fn judge(&self, _: Gate, _: &Facts) -> Judgement {
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

struct Made {
    state: State,
    entries: Vec<Entry>,
    now: i64,
}

impl Made {
    fn people(&mut self) -> [PersonId; 3] {
        let open = log::Open {
            production: words("High Desert"),
            unit: words("Main unit"),
            node_key: KeyId([1; 32]),
            board_key: KeyId([2; 32]),
            watermark: words(""),
        };
        self.say(PersonId::ZERO, Act::LogOpen(open));
        let people = [
            ("armorer", Duty::Armorer),
            ("first AD", Duty::FirstAd),
            ("lead", Duty::Performer),
        ]
        .map(|(role, duty)| {
            let invite = people::Invite {
                token: StatementId(Sha256::digest([7; 32]).into()),
                role: words(role),
                department: Department::Property,
                duties: vec![duty],
                for_person: None,
                until: i64::MAX,
            };
            let invite = self.say(PersonId::ZERO, Act::Invite(invite));
            let key = KeyId(invite.0);
            PersonId::from(self.signed(
                PersonId::ZERO,
                key,
                Act::Enrol(people::Enrol {
                    invite,
                    token: StatementId([7; 32]),
                    key,
                    means: Means::Device,
                }),
            ))
        });
        let [armorer, ..] = people;
        let permit = people::Qualify {
            person: armorer,
            skill: Skill::HandlerPermit,
            until: None,
            words: words(""),
        };
        self.say(PersonId::ZERO, Act::Qualify(permit));
        people
    }

    fn say(&mut self, by: PersonId, act: Act) -> StatementId {
        self.signed(by, KeyId([1; 32]), act)
    }

    fn signed(&mut self, by: PersonId, key: KeyId, act: Act) -> StatementId {
        self.now += 1_000;
        let id = StatementId(Sha256::digest(self.entries.len().to_be_bytes()).into());
        let statement = Statement {
            id,
            by,
            key,
            claimed_at: self.now,
            head_at: self.now,
            shared: false,
            act,
        };
        let outcome = admit(&self.state, &statement, self.now, &Permits);
        assert!(
            outcome.admitted,
            "{:?}: {:?}",
            statement.act.kind(),
            outcome.reasons
        );
        let entry = Entry {
            at: self.now,
            statement,
            outcome,
        };
        apply(&mut self.state, &entry);
        self.entries.push(entry);
        id
    }
}

fn revolver(number: usize) -> Act {
    Act::ReceiveWeapon(weapons::Receive {
        tag: words(&format!("{number:03}")),
        name: words("single-action revolver"),
        class: Class::Firearm,
        works: Works::Cylinder { positions: 6 },
        calibre: words(".45 Colt"),
        serial: words(&format!("SA-{number}")),
        family: words(""),
        from: words("rental house"),
        inspected: true,
        papers_matched: true,
    })
}

fn words(text: &str) -> Words {
    Words::new(text)
}
