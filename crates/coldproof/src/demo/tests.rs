//! The day over the pure crates alone: no store, no keys, no clock.
#![expect(clippy::expect_used, reason = "tests")]

use super::*;
use domain::act::log::{AdoptPacks, Open, Started};
use domain::act::people::Invite;
use domain::board::{Word, board};
use domain::id::{FileId, KeyId};
use domain::outcome::Outcome;
use domain::words::{Department, Duty, Words};
use domain::{Entry, State, Statement, admit, apply};
use protocol::{Protocol, shipped};
use sha2::{Digest as _, Sha256};

const NOON: Millis = 1_792_800_000_000;

/// A node without anything but the decision.
struct Paper {
    state: State,
    judge: Protocol,
    now: Millis,
    count: u64,
    people: BTreeMap<Who, PersonId>,
    first: StatementId,
}

impl Paper {
    fn new() -> Self {
        let mut sources: Vec<_> = shipped();
        sources.retain(|source| PACKS.contains(&source.name.as_str()));
        let mut paper = Self {
            state: State::default(),
            judge: Protocol::load(&sources).expect("the shipped packs load"),
            now: NOON,
            count: 0,
            people: BTreeMap::new(),
            first: StatementId::ZERO,
        };
        let open = Open {
            production: Words::new(PRODUCTION),
            unit: Words::new(UNIT),
            node_key: KeyId([200; 32]),
            board_key: KeyId([201; 32]),
            watermark: Words::new(WATERMARK),
        };
        paper.own(Act::LogOpen(open));
        let started = Started {
            version: "0".into(),
            program: FileId::ZERO,
            packs: vec![],
            limits: domain::outcome::Limits::default(),
        };
        paper.own(Act::NodeStarted(started));
        let packs = PACKS.iter().map(|name| (*name).to_owned()).collect();
        paper.own(Act::PacksAdopt(AdoptPacks { packs }));
        let invite = Invite {
            token: StatementId(Sha256::digest([7; 32]).into()),
            role: Words::new("producer"),
            department: Department::Production,
            duties: vec![Duty::Administrator],
            for_person: None,
            until: Millis::MAX,
        };
        paper.first = paper.own(Act::Invite(invite)).id;
        paper
    }

    fn own(&mut self, act: Act) -> Said {
        self.sign(PersonId::ZERO, KeyId([200; 32]), act)
    }

    fn sign(&mut self, by: PersonId, key: KeyId, act: Act) -> Said {
        self.now += 50;
        self.count += 1;
        let mut id = [0; 32];
        id[..8].copy_from_slice(&self.count.to_be_bytes());
        let id = StatementId(id);
        let statement = Statement {
            id,
            by,
            key,
            claimed_at: self.now,
            head_at: self.now,
            shared: false,
            act,
        };
        let outcome: Outcome = admit(&self.state, &statement, self.now, &self.judge);
        let entry = Entry {
            at: self.now,
            statement,
            outcome: outcome.clone(),
        };
        apply(&mut self.state, &entry);
        Said { id, outcome }
    }
}

impl Stage for Paper {
    fn now(&self) -> Millis {
        self.now
    }

    fn first_link(&mut self) -> anyhow::Result<(StatementId, [u8; 32])> {
        Ok((self.first, [7; 32]))
    }

    fn secret(&mut self) -> anyhow::Result<[u8; 32]> {
        Ok([7; 32])
    }

    fn key(&mut self, who: Who) -> anyhow::Result<KeyId> {
        let number = u8::try_from(who as usize)?;
        Ok(KeyId([number + 1; 32]))
    }

    fn is_person(&mut self, who: Who, person: PersonId) {
        self.people.insert(who, person);
    }

    fn enter(&mut self, who: Who, act: Act) -> anyhow::Result<Said> {
        let by = self.people.get(&who).copied().unwrap_or(PersonId::ZERO);
        let key = self.key(who)?;
        Ok(self.sign(by, key, act))
    }
}

#[test]
fn the_day_opens_with_a_weapon_in_every_state() {
    let mut paper = Paper::new();
    tell(&mut paper).expect("the story holds");
    let board = board(&paper.state, paper.now);
    let lines: Vec<String> = board
        .weapons
        .iter()
        .map(|weapon| {
            let lasts = weapon.left_ms.is_some_and(|left| left >= 10 * 60_000);
            format!(
                "{} {} {}{}",
                weapon.tag,
                weapon.word.says(),
                weapon.content,
                if lasts { " for a while" } else { "" }
            )
        })
        .collect();
    let line = |tag: &str| {
        lines
            .iter()
            .find(|line| line.starts_with(tag))
            .map(String::as_str)
    };
    assert_eq!(line("01"), Some("01 CHECK NEEDED "));
    assert_eq!(line("10"), Some("10 COLD EMPTY for a while"));
    assert_eq!(line("11"), Some("11 COLD DUMMIES 6 for a while"));
    assert_eq!(line("12"), Some("12 HOT BLANK 2 for a while"));
    assert_eq!(line("13"), Some("13 CANNOT FIRE "));
    assert_eq!(line("14"), Some("14 DULL CHECKED "));
    assert_eq!(line("15"), Some("15 HOLD "));
    assert_eq!(line("16"), Some("16 GROUNDED "));
    assert_eq!(line("17"), Some("17 LOCKED AWAY "));
    for word in Word::ALL {
        assert!(
            board.weapons.iter().any(|weapon| weapon.word == *word),
            "{word:?}"
        );
    }
}
