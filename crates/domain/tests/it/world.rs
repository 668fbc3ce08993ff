//! A set for tests: people by role, things received and proven, a clock, and one door, `say`.

use crate::acts;
use domain::{
    Entry, State, Statement,
    act::{Act, people},
    admit, apply,
    board::{self, Shown, Word},
    facts::Facts,
    id::*,
    judge::{Gate, Judge, Judgement},
    outcome::{Force, Limits, Outcome, Reason},
    words::*,
};
use sha2::{Digest, Sha256};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// Has nothing against anything.
pub struct Permits;
impl Judge for Permits {
    fn judge(&self, _: Gate, _: &Facts) -> Judgement {
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// Remembers the facts it was asked about last.
#[derive(Clone, Default)]
pub struct Sees(pub Rc<RefCell<Facts>>);
impl Judge for Sees {
    fn judge(&self, _: Gate, facts: &Facts) -> Judgement {
        *self.0.borrow_mut() = facts.clone();
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// Refuses, or leaves something owed, at the gates named; remembers every question.
#[derive(Default)]
pub struct Packs {
    pub refuses: Vec<Gate>,
    pub owes: Vec<Gate>,
    pub limits: Limits,
    pub asked: RefCell<Vec<Gate>>,
}
impl Judge for Packs {
    fn judge(&self, gate: Gate, _: &Facts) -> Judgement {
        self.asked.borrow_mut().push(gate);
        let rule = |at: &[Gate]| {
            at.contains(&gate)
                .then(|| rule("TEST-01"))
                .into_iter()
                .collect()
        };
        Judgement {
            refused: rule(&self.refuses),
            owed: rule(&self.owes),
            advice: Vec::new(),
        }
    }
    fn limits(&self) -> Limits {
        self.limits.clone()
    }
}

pub fn rule(code: &str) -> Reason {
    Reason {
        code: code.into(),
        says: "a rule of the test".into(),
        source: "test".into(),
        clause: "1".into(),
        force: Force::Practice,
        who: "armorer".into(),
        cure: "nothing".into(),
    }
}

/// What the node answered, and the id of what was said.
#[derive(Clone, Debug)]
pub struct Told {
    pub id: StatementId,
    pub outcome: Outcome,
}

impl Told {
    /// Nothing was against it.
    #[track_caller]
    pub fn granted(self) -> StatementId {
        assert!(self.outcome.admitted, "refused: {:?}", self.codes());
        assert!(!self.outcome.late, "late");
        self.id
    }
    /// Taken, and no rule was broken.
    #[track_caller]
    pub fn clean(self) -> StatementId {
        assert!(
            self.outcome.breaches.is_empty(),
            "breaches: {:?}",
            self.breaches()
        );
        self.granted()
    }
    #[track_caller]
    pub fn refused(self, code: &str) -> StatementId {
        assert!(!self.outcome.admitted, "it was admitted");
        assert!(
            self.codes().contains(&code),
            "{code} is not among {:?}",
            self.codes()
        );
        self.id
    }
    #[track_caller]
    pub fn breach(self, code: &str) -> StatementId {
        assert!(self.outcome.admitted, "a report was refused");
        assert!(
            self.breaches().contains(&code),
            "{code} is not among {:?}",
            self.breaches()
        );
        self.id
    }
    pub fn codes(&self) -> Vec<&str> {
        self.outcome
            .reasons
            .iter()
            .map(|reason| reason.code.as_str())
            .collect()
    }
    pub fn breaches(&self) -> Vec<&str> {
        self.outcome
            .breaches
            .iter()
            .map(|reason| reason.code.as_str())
            .collect()
    }
}

/// A set: the record, its clock, its people, its things.
pub struct World {
    pub state: State,
    pub entries: Vec<Entry>,
    pub now: i64,
    pub judge: Box<dyn Judge>,
    pub keys: BTreeMap<PersonId, KeyId>,
    counted: u64,
    pub people: People,
}

#[derive(Clone, Copy, Default)]
pub struct People {
    /// Production manager and administrator.
    pub manager: PersonId,
    pub armorer: PersonId,
    /// A second handler.
    pub assistant: PersonId,
    pub first_ad: PersonId,
    pub producer: PersonId,
    pub adviser: PersonId,
    pub performer: PersonId,
    pub double: PersonId,
    pub grip: PersonId,
    pub camera: PersonId,
}

impl World {
    /// A log with people in it and nothing else.
    pub fn new() -> Self {
        let mut world = Self::closed();
        world.node(acts::log_open()).granted();
        world.node(acts::node_started()).granted();
        let manager = world.enrol(
            PersonId::ZERO,
            "production manager",
            Department::Production,
            &[Duty::Administrator, Duty::ProductionManager],
        );
        let mut enrol =
            |role: &str, department, duty| world.enrol(manager, role, department, &[duty]);
        let people = People {
            manager,
            armorer: enrol("armorer", Department::Property, Duty::Armorer),
            assistant: enrol("assistant", Department::Property, Duty::Assistant),
            first_ad: enrol("first AD", Department::Direction, Duty::FirstAd),
            producer: enrol("producer", Department::Production, Duty::Producer),
            adviser: enrol("safety adviser", Department::Safety, Duty::SafetyAdviser),
            performer: enrol("lead", Department::Cast, Duty::Performer),
            double: enrol("double", Department::Stunts, Duty::Double),
            grip: enrol("key grip", Department::Grip, Duty::Crew),
            camera: enrol("operator", Department::Camera, Duty::Camera),
        };
        world.people = people;
        for one in [people.armorer, people.assistant] {
            world.say(manager, acts::permit(one)).clean();
        }
        world
    }

    /// Nothing entered yet.
    pub fn closed() -> Self {
        Self {
            state: State::default(),
            entries: Vec::new(),
            now: 1_634_846_400_000,
            judge: Box::new(Permits),
            keys: BTreeMap::from([(PersonId::ZERO, KeyId([0xee; 32]))]),
            counted: 0,
            people: People::default(),
        }
    }

    /// An invitation by `by`, used at once.
    pub fn enrol(
        &mut self,
        by: PersonId,
        role: &str,
        department: Department,
        duties: &[Duty],
    ) -> PersonId {
        let invited = self.invite(by, role, department, duties, None).granted();
        let key = KeyId(self.fresh());
        let told = self.use_link(invited, key);
        let person: PersonId = told.granted().into();
        self.keys.insert(person, key);
        person
    }

    pub fn invite(
        &mut self,
        by: PersonId,
        role: &str,
        department: Department,
        duties: &[Duty],
        for_person: Option<PersonId>,
    ) -> Told {
        let invite = people::Invite {
            token: StatementId(Sha256::digest([7; 32]).into()),
            role: Words::new(role),
            department,
            duties: duties.to_vec(),
            for_person,
            until: self.now + HOUR,
        };
        self.say(by, Act::Invite(invite))
    }

    pub fn use_link(&mut self, invite: StatementId, key: KeyId) -> Told {
        let enrol = people::Enrol {
            invite,
            token: StatementId([7; 32]),
            key,
            means: Means::Device,
        };
        let statement = Statement {
            key,
            ..self.statement(PersonId::ZERO, Act::Enrol(enrol))
        };
        self.enter(statement)
    }

    /// Says it now, with the person's own key, connected.
    pub fn say(&mut self, by: PersonId, act: Act) -> Told {
        let statement = self.statement(by, act);
        self.enter(statement)
    }

    pub fn node(&mut self, act: Act) -> Told {
        self.say(PersonId::ZERO, act)
    }

    /// Says it now; it was signed so long ago.
    pub fn say_late(&mut self, by: PersonId, act: Act, ago_ms: i64) -> Told {
        let mut statement = self.statement(by, act);
        statement.claimed_at = self.now - ago_ms;
        statement.head_at = self.now - ago_ms;
        self.enter(statement)
    }

    pub fn statement(&mut self, by: PersonId, act: Act) -> Statement {
        self.now += SECOND;
        Statement {
            id: StatementId(self.fresh()),
            by,
            key: self.keys.get(&by).copied().unwrap_or(KeyId([0xdd; 32])),
            claimed_at: self.now,
            head_at: self.now,
            shared: false,
            act,
        }
    }

    /// What the node does with a statement.
    pub fn enter(&mut self, statement: Statement) -> Told {
        let outcome = admit(&self.state, &statement, self.now, &*self.judge);
        let entry = Entry {
            at: self.now,
            statement,
            outcome,
        };
        apply(&mut self.state, &entry);
        let told = Told {
            id: entry.statement.id,
            outcome: entry.outcome.clone(),
        };
        self.entries.push(entry);
        told
    }

    /// 32 bytes never seen before, in order.
    pub fn fresh(&mut self) -> [u8; 32] {
        self.counted += 1;
        let mut bytes = [0x11; 32];
        bytes[..8].copy_from_slice(&self.counted.to_be_bytes());
        bytes
    }

    pub fn wait(&mut self, ms: i64) {
        self.now += ms;
    }

    /// The word on the board now.
    pub fn word(&self, weapon: WeaponId) -> Word {
        self.shown(weapon).word
    }

    /// Word and content, as large.
    pub fn sign(&self, weapon: WeaponId) -> String {
        let shown = self.shown(weapon);
        format!("{} {}", shown.word.says(), shown.content)
            .trim()
            .into()
    }

    pub fn shown(&self, weapon: WeaponId) -> Shown {
        let board = board::board(&self.state, self.now);
        board
            .weapons
            .into_iter()
            .find(|one| one.weapon == weapon)
            .unwrap()
    }
}

/// Things on a set in mid-morning: a session is open, a scene is on, a revolver stands locked away.
pub struct Set {
    pub world: World,
    pub store: StoreId,
    /// Six-shot revolver, tag 07.
    pub revolver: WeaponId,
    /// Fifty proven dummies with hole and rattle.
    pub dummies: LotId,
    /// Fifty proven quarter-load blanks.
    pub blanks: LotId,
    pub scene: ActionId,
}

impl std::ops::Deref for Set {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}
impl std::ops::DerefMut for Set {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Set {
    pub fn new() -> Self {
        let mut world = World::new();
        let People {
            armorer,
            first_ad,
            performer,
            double,
            ..
        } = world.people;
        let store: StoreId = world.say(armorer, acts::store(&[armorer])).clean().into();
        let dummies: LotId = world.say(armorer, acts::lot_of_dummies(50)).clean().into();
        let blanks: LotId = world
            .say(armorer, acts::lot_of_blanks(50, Load::Quarter))
            .clean()
            .into();
        let revolver: WeaponId = world.say(armorer, acts::revolver("07")).clean().into();
        for lot in [dummies, blanks] {
            world.prove(lot, 50);
        }
        world
            .say(
                armorer,
                acts::lock_away(&[revolver], &[dummies, blanks], store),
            )
            .clean();
        world.say(first_ad, acts::open_session()).granted();
        let scene: ActionId = world
            .say(first_ad, acts::action("Scene 121", &[performer, double]))
            .clean()
            .into();
        world.say(first_ad, acts::now_on(scene)).granted();
        Self {
            world,
            store,
            revolver,
            dummies,
            blanks,
            scene,
        }
    }

    /// The revolver out for the scene and its performer.
    pub fn out() -> Self {
        let mut set = Self::new();
        set.take_out();
        set
    }

    pub fn take_out(&mut self) -> StatementId {
        let (armorer, performer) = (self.people.armorer, self.people.performer);
        let act = acts::take_out(&[self.revolver], self.scene, &[performer]);
        self.say(armorer, act).granted()
    }

    /// Six dummies in it, loaded by the armorer and seen by the first AD.
    pub fn checked() -> Self {
        let mut set = Self::out();
        set.load_six();
        set.second_look();
        set
    }

    pub fn load_six(&mut self) -> StatementId {
        let armorer = self.people.armorer;
        let act = acts::load(self.revolver, self.dummies, 6, acts::six_dummies());
        self.say(armorer, act).granted()
    }

    pub fn second_look(&mut self) -> StatementId {
        let first_ad = self.people.first_ad;
        let act = acts::full(self.revolver, acts::six_dummies());
        self.say(first_ad, act).clean()
    }

    /// Called COLD DUMMIES 6 by the first AD.
    pub fn cold() -> Self {
        let mut set = Self::checked();
        set.call_cold().granted();
        set
    }

    pub fn call_cold(&mut self) -> Told {
        let first_ad = self.people.first_ad;
        let act = acts::call_cold(&[self.revolver]);
        self.say(first_ad, act)
    }

    /// COLD and in the performer's hands.
    pub fn handed() -> Self {
        let mut set = Self::cold();
        set.hand_over();
        set
    }

    pub fn hand_over(&mut self) -> StatementId {
        let (armorer, performer) = (self.people.armorer, self.people.performer);
        let act = acts::hand_over(self.revolver, performer);
        self.say(armorer, act).granted()
    }

    /// Two quarter-load blanks in it, seen by both, called hot, not handed out.
    pub fn hot() -> Self {
        let mut set = Self::out();
        let (armorer, first_ad, weapon, blanks) = (
            set.people.armorer,
            set.people.first_ad,
            set.revolver,
            set.blanks,
        );
        set.say(armorer, acts::load(weapon, blanks, 2, acts::two_blanks()))
            .granted();
        set.say(first_ad, acts::full(weapon, acts::two_blanks()))
            .clean();
        set.say(first_ad, acts::call_hot(weapon, Load::Quarter, 2))
            .granted();
        set
    }

    /// Both handlers' clean look at six empty chambers, one after another.
    pub fn both_see(&mut self, one: PersonId, other: PersonId, seen: &[Seen]) {
        let weapon = self.revolver;
        self.say(one, acts::full(weapon, seen.to_vec())).granted();
        self.say(other, acts::full(weapon, seen.to_vec())).granted();
    }
}

impl World {
    /// Every round of a lot in two people's hands.
    pub fn prove(&mut self, lot: LotId, rounds: u32) {
        let (armorer, adviser) = (self.people.armorer, self.people.adviser);
        let proof = self.say(armorer, acts::prove(lot, rounds)).clean();
        self.say(adviser, acts::countersign(proof)).clean();
    }

    /// A thing shown by two people to be what it is said to be.
    pub fn prove_class(&mut self, thing: StatementId, class: Class) {
        let (armorer, adviser) = (self.people.armorer, self.people.adviser);
        let proof = self.say(armorer, acts::prove_class(thing, class)).clean();
        self.say(adviser, acts::countersign(proof)).clean();
    }
}
