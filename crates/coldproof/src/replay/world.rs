//! The record while a case runs: one state, one clock that never runs backwards, and the statements that are entered.
//! Cheap to copy, so that each version of a dispute begins from the same record.

use super::{
    body::{self, Inside, Making, key_of},
    case::{Case, Row, Step},
    name::{NODE, OFFICE, SECOND},
    tree::{Node, Read, Table, Wrong},
    when::When,
};
use domain::{
    Entry, State, Statement,
    act::{Act, Kind, log, people},
    id::*,
    judge::Judge,
    outcome::Outcome,
    time::Millis,
    words::{Department, Duty, Means, Seen, Sure, Words},
};
use protocol::Protocol;
use std::collections::{BTreeMap, BTreeSet};

/// Time between two statements that a case gives one time: long enough to be another instant, too short to matter.
const TICK: Millis = 1_000;

/// What does not change while a case runs.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) case: &'a Case,
    pub(super) protocol: &'a Protocol,
}

/// The record and what surrounds it.
#[derive(Clone)]
pub(super) struct World {
    pub(super) state: State,
    pub(super) inside: Inside,
    pub(super) clock: Millis,
    /// Place in the case's days of the next one to open.
    pub(super) next_day: usize,
    /// When the day that is open closes.
    pub(super) closes: Option<Millis>,
    /// Declared things already in the record, by their place in the case.
    pub(super) joined: BTreeSet<usize>,
    /// Who was trained with what.
    pub(super) trained: BTreeSet<(PersonId, WeaponId)>,
    /// The row whose statement made this one, for what lapses later.
    pub(super) rows: BTreeMap<StatementId, usize>,
    /// The row that opened each owed item, by rule and weapon.
    pub(super) owing: BTreeMap<(String, Option<WeaponId>), usize>,
    /// Somebody was harmed: nothing is assumed any more.
    pub(super) over: bool,
    /// Owed items up to here have been told.
    pub(super) owed_seen: Millis,
    entered: u64,
}

impl World {
    pub(super) fn new(at: Millis) -> Self {
        Self {
            state: State::default(),
            inside: Inside::new(),
            clock: at,
            next_day: 0,
            closes: None,
            joined: BTreeSet::new(),
            trained: BTreeSet::new(),
            rows: BTreeMap::new(),
            owing: BTreeMap::new(),
            over: false,
            owed_seen: Millis::MIN,
            entered: 0,
        }
    }

    /// When an owed item next begins to refuse.
    pub(super) fn next_owed(&self) -> Option<Millis> {
        self.state
            .owed
            .iter()
            .map(|item| item.until)
            .filter(|until| *until > self.owed_seen)
            .min()
    }

    /// Enters a statement at `at`, or as soon after as the clock allows.
    pub(super) fn enter(
        &mut self,
        ground: Ground<'_>,
        by: StatementId,
        key: StatementId,
        id: StatementId,
        act: Act,
        at: Millis,
    ) -> Outcome {
        self.clock = at.max(self.clock + TICK);
        let statement = Statement {
            id,
            by: by.into(),
            key: KeyId(key.0),
            claimed_at: self.clock,
            head_at: self.clock,
            shared: false,
            act,
        };
        let outcome = domain::admit(&self.state, &statement, self.clock, ground.protocol);
        note_inside(&mut self.inside, &statement.act, &self.state);
        let entry = Entry {
            at: self.clock,
            statement,
            outcome,
        };
        domain::apply(&mut self.state, &entry);
        entry.outcome
    }

    /// Enters something that the case assumes.
    pub(super) fn assume(
        &mut self,
        ground: Ground<'_>,
        by: &str,
        act: Act,
        at: Millis,
    ) -> (StatementId, Outcome) {
        self.entered += 1;
        let names = &ground.case.names;
        let id = names.id(&format!("assumed {}", self.entered));
        let (by, key) = signer(ground.case, by);
        (id, self.enter(ground, by, key, id, act, at))
    }

    /// The same with a second person's countersign.
    pub(super) fn assume_two(
        &mut self,
        ground: Ground<'_>,
        by: &str,
        second: &str,
        act: Act,
        at: Millis,
    ) {
        let (of, _) = self.assume(ground, by, act, at);
        self.assume(
            ground,
            second,
            Act::Countersign(log::Countersign { of }),
            at,
        );
    }

    /// The body of an assumed statement, written as a case would write it.
    pub(super) fn make(
        &self,
        ground: Ground<'_>,
        kind: Kind,
        own: &str,
        say: &Table,
        declared: Option<&Table>,
        line: usize,
    ) -> Read<Act> {
        let at = When {
            ms: self.clock,
            shown: String::new(),
        };
        let limits = ground.protocol.limits();
        let making = Making {
            names: &ground.case.names,
            zone: &ground.case.zone,
            assume: &ground.case.assume,
            state: &self.state,
            inside: &self.inside,
            limits: &limits,
            packs: &ground.case.packs,
            declared,
            at: &at,
            what: "assumed",
            sure: Sure::Sure,
            own,
            signer: ground.case.names.id(OFFICE),
            line,
        };
        body::make(kind, say, &making)
    }

    /// The act of a step as things stand.
    pub(super) fn act(&self, ground: Ground<'_>, step: &Step, row: &Row) -> Read<Act> {
        let declared = step
            .own
            .as_ref()
            .and_then(|own| ground.case.declared.iter().find(|one| one.name == *own));
        let at = When {
            ms: step.when.ms.max(self.clock + TICK),
            shown: String::new(),
        };
        let limits = ground.protocol.limits();
        let making = Making {
            names: &ground.case.names,
            zone: &ground.case.zone,
            assume: &ground.case.assume,
            state: &self.state,
            inside: &self.inside,
            limits: &limits,
            packs: &ground.case.packs,
            declared: declared.map(|one| &one.table),
            at: &at,
            what: &row.what,
            sure: step.sure,
            own: step.own.as_deref().unwrap_or_default(),
            signer: signer(ground.case, &step.by).1,
            line: step.line,
        };
        body::make(step.kind, &step.say, &making)
    }

    /// Opens the log and enrols whoever keeps it.
    pub(super) fn open(&mut self, ground: Ground<'_>) -> Read<()> {
        let case = ground.case;
        let at = self.clock;
        let node = key_of(&case.names, NODE);
        let open = log::Open {
            production: Words::new(&case.title),
            unit: Words::new("Main unit"),
            node_key: KeyId(node.0),
            board_key: KeyId(case.names.id("the key of boards").0),
            watermark: Words::new("REPLAY"),
        };
        self.assume(ground, NODE, Act::LogOpen(open), at);
        let started = log::Started {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            program: FileId::ZERO,
            packs: ground.protocol.packs(),
            limits: ground.protocol.limits(),
        };
        self.assume(ground, NODE, Act::NodeStarted(started), at);
        let mut duties = vec![Duty::Administrator];
        // Somebody runs the set; where no source says who, the office does.
        if !case.anyone_with(Duty::FirstAd) && !case.anyone_with(Duty::Armorer) {
            duties.push(Duty::FirstAd);
        }
        self.enrol(
            ground,
            NODE,
            OFFICE,
            Words::new(OFFICE),
            Department::Production,
            duties,
        )?;
        self.enrol(
            ground,
            OFFICE,
            SECOND,
            Words::new(SECOND),
            Department::Safety,
            vec![Duty::Crew],
        )?;
        let adopt = log::AdoptPacks {
            packs: ground
                .protocol
                .all()
                .iter()
                .map(|pack| pack.id.clone())
                .collect(),
        };
        self.assume(ground, OFFICE, Act::PacksAdopt(adopt), at);
        Ok(())
    }

    /// Invites a person and lets them enrol.
    pub(super) fn enrol(
        &mut self,
        ground: Ground<'_>,
        by: &str,
        name: &str,
        role: Words,
        department: Department,
        duties: Vec<Duty>,
    ) -> Read<()> {
        let names = &ground.case.names;
        let secret = names.id(&format!("the secret of {name}"));
        let at = self.clock;
        let invite = people::Invite {
            token: hash_of(secret),
            role,
            department,
            duties,
            for_person: None,
            until: at + super::when::DAY,
        };
        let (invite, invited) = self.assume(ground, by, Act::Invite(invite), at);
        let person = names.id(name);
        let key = key_of(names, name);
        let enrol = people::Enrol {
            invite,
            token: secret,
            key: KeyId(key.0),
            means: Means::Device,
        };
        let outcome = self.enter(ground, person, key, person, Act::Enrol(enrol), at);
        match invited.reasons.first().or(outcome.reasons.first()) {
            None => Ok(()),
            Some(reason) => Err(Wrong::new(
                1,
                format!("`{name}` could not be enrolled: {}", reason.says),
            )),
        }
    }
}

impl Case {
    fn anyone_with(&self, duty: Duty) -> bool {
        let lists = self
            .declared
            .iter()
            .filter_map(|one| one.table.get("duties"));
        lists
            .flat_map(Node::list)
            .any(|node| node.text("duties").is_ok_and(|word| word == duty.stored()))
    }
}

/// Who signs under that name, and with which key.
pub(super) fn signer(case: &Case, name: &str) -> (StatementId, StatementId) {
    let person = if name == NODE {
        StatementId::ZERO
    } else {
        case.names.id(name)
    };
    (person, key_of(&case.names, name))
}

/// What a link shows of its secret.
fn hash_of(secret: StatementId) -> StatementId {
    use sha2::{Digest, Sha256};
    StatementId(Sha256::digest(secret.0).into())
}

/// What lies in a weapon follows from what happened, not from what the record granted.
fn note_inside(inside: &mut Inside, act: &Act, state: &State) {
    let mut see = |sight: &domain::act::floor::Sight| {
        if !sight.seen.is_empty() && !sight.seen.contains(&Seen::NotSeen) {
            inside.insert(sight.weapon, sight.seen.clone());
        }
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most acts change nothing inside a weapon"
    )]
    match act {
        Act::LoadWeapon(body) => see(&body.sight),
        Act::Clear(body) => see(&body.sight),
        Act::Look(body) => see(&body.sight),
        Act::LineLook(body) => body.sights.iter().for_each(see),
        Act::Shots(body) => {
            let positions = state
                .weapons
                .get(&body.weapon)
                .map_or(0, |weapon| body::positions(weapon.about.works));
            let seen = inside
                .entry(body.weapon)
                .or_insert_with(|| vec![Seen::Empty; positions]);
            let fired = usize::try_from(body.fired).unwrap_or(usize::MAX);
            let rounds = seen
                .iter_mut()
                .filter(|one| matches!(one, Seen::Blank { .. } | Seen::Live | Seen::Unknown));
            rounds.take(fired).for_each(|one| *one = Seen::Spent);
        }
        _ => {}
    }
}
