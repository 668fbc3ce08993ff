//! A ranch with a permissive judge, so that what is tested is the node and not a rule.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use domain::act::Act;
use domain::act::ammunition::{AddStore, Prove, Receive as ReceiveLot, Said};
use domain::act::floor::{CallCold, LoadWeapon, Look, Sight, TakeOut};
use domain::act::log::Countersign;
use domain::act::people::{Enrol, Qualify};
use domain::act::planning::{AddAction, NowOn, OpenSession};
use domain::act::weapons::Receive;
use domain::facts::Facts;
use domain::id::*;
use domain::judge::{Gate, Judge, Judgement};
use domain::outcome::Limits;
use domain::words::*;
use node::{
    Around, Clock, Device, Entered, Newcomer, Node, NotEntered, Opening, Rulebook, Rules, Viewer,
};
use tempfile::TempDir;

/// 21 Oct 2021, 20:00 UTC.
pub const MORNING: i64 = 1_634_846_400_000;

#[derive(Default)]
pub struct Hands {
    pub wall: AtomicI64,
    pub boot: AtomicI64,
}

impl Hands {
    pub fn pass(&self, ms: i64) {
        self.wall.fetch_add(ms, SeqCst);
        self.boot.fetch_add(ms, SeqCst);
    }
}

#[derive(Clone)]
pub struct Watch(pub Arc<Hands>);

impl Clock for Watch {
    fn wall_ms(&self) -> i64 {
        self.0.wall.load(SeqCst)
    }
    fn boot_ms(&self) -> i64 {
        self.0.boot.load(SeqCst)
    }
}

pub fn watch() -> Watch {
    let hands = Hands::default();
    hands.wall.store(MORNING, SeqCst);
    hands.boot.store(5_000, SeqCst);
    Watch(Arc::new(hands))
}

/// Permits everything.
struct Kind;

impl Judge for Kind {
    fn judge(&self, _: Gate, _: &Facts) -> Judgement {
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// One pack that permits everything, called `base`.
pub struct KindBook;

impl Rulebook for KindBook {
    fn names(&self) -> Vec<String> {
        vec!["base".into()]
    }
    fn load(&self, names: &[String]) -> Result<Rules, String> {
        if names.iter().any(|name| name != "base") {
            return Err("only `base` is here".into());
        }
        Ok(Rules {
            judge: Arc::new(Kind),
            packs: vec![format!("base@1.0.0:{}", "0".repeat(64))],
        })
    }
}

pub fn opening() -> Opening {
    Opening {
        production: "Prairie".into(),
        watermark: "TEST".into(),
        ..Opening::default()
    }
}

/// A node with people.
pub struct Ranch {
    pub node: Node,
    pub watch: Watch,
    pub admin: Device,
    pub armorer: Device,
    pub second: Device,
    pub first_ad: Device,
    pub performer: Device,
    pub dir: TempDir,
}

impl Ranch {
    pub fn new() -> Self {
        Self::with(Around::default())
    }

    pub fn with(around: Around) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let watch = watch();
        let (node, link) = Node::create_with(
            dir.path(),
            &opening(),
            Box::new(KindBook),
            Box::new(watch.clone()),
            around,
        )
        .unwrap();
        Self::people(dir, watch, node, &link)
    }

    pub fn people(dir: TempDir, watch: Watch, node: Node, link: &node::Link) -> Self {
        let mut admin = Device::new(node.origin()).unwrap();
        admin = enrol(&node, admin, link, None);
        let armorer = newcomer(&node, "armorer", Department::Property, &[Duty::Armorer]);
        let second = newcomer(
            &node,
            "property master",
            Department::Property,
            &[Duty::PropertyMaster],
        );
        let first_ad = newcomer(&node, "first AD", Department::Direction, &[Duty::FirstAd]);
        let performer = newcomer(&node, "performer A", Department::Cast, &[Duty::Performer]);
        let mut ranch = Self {
            node,
            watch,
            admin,
            armorer,
            second,
            first_ad,
            performer,
            dir,
        };
        for person in [ranch.armorer.person(), ranch.second.person()] {
            let act = Act::Qualify(Qualify {
                person,
                skill: Skill::HandlerPermit,
                until: None,
                words: Words::new("seen"),
            });
            say(&ranch.node, &mut ranch.admin, &act);
        }
        ranch
    }

    /// The same folder opened again, as after a restart.
    pub fn restart(self) -> Self {
        self.restart_with(Around::default())
    }

    /// A copy of the folder as it is now, whole.
    pub fn copy(&mut self) -> TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.dir.path(), copy.path());
        copy
    }

    /// The folder replaced by `older` while the node is down.
    pub fn put_back(self, older: &TempDir, around: Around) -> Self {
        self.changed(around, |folder| {
            std::fs::remove_dir_all(folder).unwrap();
            copy_folder(older.path(), folder);
        })
    }

    /// The armorer's device, whose count the record has forgotten: it goes on all the same.
    pub fn armorer_again(&self) -> Device {
        self.armorer.clone()
    }

    pub fn restart_with(self, around: Around) -> Self {
        self.changed(around, |_| {})
    }

    /// Down, changed, up again.
    pub fn changed(self, around: Around, change: impl FnOnce(&std::path::Path)) -> Self {
        let Self {
            node,
            watch,
            admin,
            armorer,
            second,
            first_ad,
            performer,
            dir,
        } = self;
        drop(node);
        change(dir.path());
        let node = Node::open_with(
            dir.path(),
            Box::new(KindBook),
            Box::new(watch.clone()),
            around,
        )
        .unwrap();
        Self {
            node,
            watch,
            admin,
            armorer,
            second,
            first_ad,
            performer,
            dir,
        }
    }

    /// A revolver and a proven lot of dummies, a session with an action on, the weapon out.
    pub fn out(&mut self) -> Floor {
        let node = &self.node;
        let safe = AddStore {
            name: Words::new("cart safe"),
            keys: vec![],
        };
        say(node, &mut self.armorer, &Act::AddStore(safe));
        let weapon = WeaponId(say(node, &mut self.armorer, &revolver("07")).id.0);
        let lot = LotId(say(node, &mut self.armorer, &dummies("D1", 50)).id.0);
        let prove = Act::ProveLot(Prove {
            lot,
            counted: 50,
            proven: 50,
            primers: 50,
        });
        let of = say(node, &mut self.armorer, &prove).id;
        say(
            node,
            &mut self.second,
            &Act::Countersign(Countersign { of }),
        );
        let session = OpenSession {
            name: Words::new("Day 12"),
            occasion: Occasion::Shoot,
            place: Words::new("church"),
            bulletin_out: true,
        };
        say(node, &mut self.first_ad, &Act::OpenSession(session));
        let action = AddAction {
            name: Words::new("Scene 121"),
            doing: Doing::Rehearsal,
            place: Words::new("church"),
            people: vec![self.performer.person()],
        };
        let action = ActionId(say(node, &mut self.first_ad, &Act::AddAction(action)).id.0);
        say(node, &mut self.first_ad, &Act::NowOn(NowOn { action }));
        let out = TakeOut {
            weapons: vec![weapon],
            carriers: vec![],
            action,
            takers: vec![self.performer.person()],
        };
        say(node, &mut self.armorer, &Act::TakeOut(out));
        Floor { weapon, lot }
    }

    pub fn load(&mut self, floor: &Floor, seen: Vec<Seen>) -> Entered {
        let rounds = u32::try_from(
            seen.iter()
                .filter(|one| !matches!(one, Seen::Empty))
                .count(),
        )
        .unwrap();
        let act = Act::LoadWeapon(LoadWeapon {
            lot: floor.lot,
            rounds,
            sight: sight(floor.weapon, seen),
            supervisor: None,
        });
        say(&self.node, &mut self.armorer, &act)
    }

    pub fn second_look(&mut self, floor: &Floor, seen: Vec<Seen>) -> Entered {
        say(&self.node, &mut self.second, &full(floor.weapon, seen))
    }

    pub fn call_cold(&mut self, floor: &Floor) -> Entered {
        say(
            &self.node,
            &mut self.first_ad,
            &Act::CallCold(CallCold {
                weapons: vec![floor.weapon],
                lasts_ms: 0,
            }),
        )
    }

    /// From lock-up to COLD.
    pub fn cold(&mut self) -> Floor {
        let floor = self.out();
        self.load(&floor, six_dummies());
        self.second_look(&floor, six_dummies());
        let called = self.call_cold(&floor);
        assert!(called.outcome.admitted, "{:?}", called.outcome.reasons);
        assert_eq!(self.word(&floor), "COLD");
        floor
    }

    /// The word of the weapon on the board that everybody sees.
    pub fn word(&self, floor: &Floor) -> String {
        word(&self.node, floor)
    }
}

pub fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub struct Floor {
    pub weapon: WeaponId,
    pub lot: LotId,
}

pub fn word(node: &Node, floor: &Floor) -> String {
    node.view(&Viewer::Stranger, |view| {
        let board = view.board();
        board
            .weapons
            .iter()
            .find(|shown| shown.weapon == floor.weapon)
            .map(|shown| shown.word.says().to_owned())
    })
    .unwrap_or_else(|| "no such weapon".into())
}

pub fn newcomer(node: &Node, role: &str, department: Department, duties: &[Duty]) -> Device {
    let who = Newcomer {
        role: role.into(),
        department,
        duties: duties.to_vec(),
        for_person: None,
        name: format!("Name of {role}"),
    };
    let link = node.invite(&who).unwrap();
    enrol(node, Device::new(node.origin()).unwrap(), &link, None)
}

pub fn enrol(node: &Node, device: Device, link: &node::Link, person: Option<PersonId>) -> Device {
    let mut device = device.for_person(person.unwrap_or(PersonId::ZERO));
    let act = Act::Enrol(Enrol {
        invite: link.invite,
        token: link.token().unwrap(),
        key: device.key(),
        means: Means::Device,
    });
    let entered = try_say(node, &mut device, &act).unwrap();
    assert!(entered.outcome.admitted, "{:?}", entered.outcome.reasons);
    device.for_person(person.unwrap_or(entered.id.into()))
}

pub fn try_say(node: &Node, device: &mut Device, act: &Act) -> Result<Entered, NotEntered> {
    let draft = device.sign(act, node.now(), node.seen()).unwrap();
    node.submit_and_wait(&draft.submission.write())
}

#[track_caller]
pub fn say(node: &Node, device: &mut Device, act: &Act) -> Entered {
    try_say(node, device, act).unwrap()
}

pub fn viewer(device: &Device) -> Viewer {
    Viewer::Enrolled {
        person: device.person(),
        key: device.key(),
    }
}

pub fn revolver(tag: &str) -> Act {
    Act::ReceiveWeapon(Receive {
        tag: Words::new(tag),
        name: Words::new("revolver"),
        class: Class::Firearm,
        works: Works::Cylinder { positions: 6 },
        calibre: Words::new(".45"),
        serial: Words::new("12345"),
        family: Words::default(),
        from: Words::new("hire house"),
        inspected: true,
        papers_matched: true,
    })
}

pub fn dummies(tag: &str, count: u32) -> Act {
    Act::ReceiveLot(ReceiveLot {
        tag: Words::new(tag),
        said: Said::Dummy {
            features: vec![Feature::Hole, Feature::Rattle],
            test: Words::new("shaken"),
        },
        count,
        counted: Some(count),
        calibre: Words::new(".45"),
        maker: Words::new("maker"),
        number: Words::new("L1"),
        origin: Origin::LicensedMaker,
        condition: Condition::Sealed,
        declared: true,
        place: Words::new("cart"),
    })
}

pub fn dummy() -> Seen {
    Seen::Dummy {
        features: vec![Feature::Rattle],
    }
}

pub fn six_dummies() -> Vec<Seen> {
    vec![dummy(); 6]
}

pub fn sight(weapon: WeaponId, seen: Vec<Seen>) -> Sight {
    Sight {
        weapon,
        seen,
        counted: None,
        carrier: None,
        turned: true,
        bore: Bore::Clear,
        method: Method::Light,
    }
}

pub fn full(weapon: WeaponId, seen: Vec<Seen>) -> Act {
    Act::Look(Look {
        check: Check::Full,
        sight: sight(weapon, seen),
        watcher: None,
    })
}

/// Ticks until it is so; a test that waits for ever helps nobody.
#[track_caller]
pub fn until(node: &Node, is_so: impl Fn() -> bool) {
    let began = std::time::Instant::now();
    while !is_so() {
        assert!(began.elapsed().as_secs() < 20, "it never came about");
        node.tick();
        std::thread::yield_now();
    }
}
