//! The desk over a real node with the shipped packs' place taken by none: what is tested is who sees what.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::wildcard_imports,
    reason = "tests"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::act::Act;
use domain::act::ammunition::{Prove, Receive as ReceiveLot, Said};
use domain::act::floor::{LoadWeapon, Look, Sight, TakeOut};
use domain::act::log::Countersign;
use domain::act::people::{Enrol, Qualify};
use domain::act::planning::{AddAction, NowOn, OpenSession};
use domain::act::weapons::Receive;
use domain::facts::Facts;
use domain::id::*;
use domain::judge::{Gate, Judge, Judgement};
use domain::outcome::Limits;
use domain::words::*;
use node::{Clock, Device, Newcomer, Node, Opening, Rulebook, Rules};
use web::desk::{CheckAsk, CheckKind, Desk, Part, Press, Trouble, Viewer, Word, Zone};

use super::{Nag, NodeDesk};

mod keep;

struct Kind;

impl Judge for Kind {
    fn judge(&self, _: Gate, _: &Facts) -> Judgement {
        Judgement::default()
    }
    fn limits(&self) -> Limits {
        Limits::default()
    }
}

struct KindBook;

impl Rulebook for KindBook {
    fn names(&self) -> Vec<String> {
        vec!["base".into()]
    }
    fn load(&self, _: &[String]) -> Result<Rules, String> {
        Ok(Rules {
            judge: Arc::new(Kind),
            packs: vec![format!("base@1.0.0:{}", "0".repeat(64))],
        })
    }
}

#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Clock for Hands {
    fn wall_ms(&self) -> i64 {
        self.0.load(SeqCst)
    }
    fn boot_ms(&self) -> i64 {
        self.0.load(SeqCst)
    }
}

struct Set {
    node: Arc<Node>,
    desk: NodeDesk,
    admin: Device,
    armorer: Device,
    first_ad: Device,
    performer: Device,
    weapon: WeaponId,
    lot: LotId,
    dir: tempfile::TempDir,
}

fn say(node: &Node, device: &mut Device, act: &Act) -> StatementId {
    let draft = device.sign(act, node.now(), node.seen()).unwrap();
    let entered = node.take_and_wait(draft.submission).unwrap();
    assert!(entered.outcome.admitted, "{:?}", entered.outcome.reasons);
    entered.id
}

fn come_in(node: &Node, role: &str, department: Department, duties: &[Duty]) -> Device {
    let who = Newcomer {
        role: role.into(),
        department,
        duties: duties.to_vec(),
        for_person: None,
        name: format!("N. {role}"),
    };
    let link = node.invite(&who).unwrap();
    let mut device = Device::new(node.origin()).unwrap();
    let act = Act::Enrol(Enrol {
        invite: link.invite,
        token: link.token().unwrap(),
        key: device.key(),
        means: Means::Device,
    });
    let id = say(node, &mut device, &act);
    device.for_person(id.into())
}

fn set() -> Set {
    let dir = tempfile::tempdir().unwrap();
    let clock = Hands(Arc::new(AtomicI64::new(1_634_846_400_000)));
    let opening = Opening {
        production: "Prairie".into(),
        ..Opening::default()
    };
    let (node, _) =
        Node::create(dir.path(), &opening, Box::new(KindBook), Box::new(clock)).unwrap();
    let node = Arc::new(node);
    let mut admin = come_in(
        &node,
        "administrator",
        Department::Production,
        &[Duty::Administrator],
    );
    let mut armorer = come_in(&node, "armorer", Department::Property, &[Duty::Armorer]);
    let mut first_ad = come_in(&node, "first AD", Department::Direction, &[Duty::FirstAd]);
    let performer = come_in(&node, "performer A", Department::Cast, &[Duty::Performer]);
    let permit = Qualify {
        person: armorer.person(),
        skill: Skill::HandlerPermit,
        until: None,
        words: Words::new("seen"),
    };
    say(&node, &mut admin, &Act::Qualify(permit));
    let weapon = Receive {
        tag: Words::new("07"),
        name: Words::new("revolver"),
        class: Class::Firearm,
        works: Works::Cylinder { positions: 6 },
        calibre: Words::new(".45"),
        serial: Words::new("S 2217"),
        family: Words::default(),
        from: Words::new("hire house"),
        inspected: true,
        papers_matched: true,
    };
    let weapon = WeaponId(say(&node, &mut armorer, &Act::ReceiveWeapon(weapon)).0);
    let lot = ReceiveLot {
        tag: Words::new("D1"),
        said: Said::Dummy {
            features: vec![Feature::Hole, Feature::Rattle],
            test: Words::new("shaken"),
        },
        count: 50,
        counted: Some(50),
        calibre: Words::new(".45"),
        maker: Words::new("maker"),
        number: Words::new("L1"),
        origin: Origin::LicensedMaker,
        condition: Condition::Sealed,
        declared: true,
        place: Words::new("cart"),
    };
    let lot = LotId(say(&node, &mut armorer, &Act::ReceiveLot(lot)).0);
    let of = say(
        &node,
        &mut armorer,
        &Act::ProveLot(Prove {
            lot,
            counted: 50,
            proven: 50,
            primers: 50,
        }),
    );
    say(&node, &mut first_ad, &Act::Countersign(Countersign { of }));
    let session = OpenSession {
        name: Words::new("Day 12"),
        occasion: Occasion::Shoot,
        place: Words::new("church"),
        bulletin_out: true,
    };
    say(&node, &mut first_ad, &Act::OpenSession(session));
    let action = AddAction {
        name: Words::new("Scene 121"),
        doing: Doing::Rehearsal,
        place: Words::new("church"),
        people: vec![performer.person()],
    };
    let action = ActionId(say(&node, &mut first_ad, &Act::AddAction(action)).0);
    say(&node, &mut first_ad, &Act::NowOn(NowOn { action }));
    let out = TakeOut {
        weapons: vec![weapon],
        carriers: vec![],
        action,
        takers: vec![performer.person()],
    };
    say(&node, &mut armorer, &Act::TakeOut(out));
    let desk = NodeDesk::new(
        node.clone(),
        Zone {
            name: "MDT".into(),
            offset_minutes: -360,
        },
    );
    Set {
        node,
        desk,
        admin,
        armorer,
        first_ad,
        performer,
        weapon,
        lot,
        dir,
    }
}

fn viewer(device: &Device) -> Viewer {
    Viewer::Enrolled {
        person: device.person().to_string(),
        key: device.key().to_string(),
        shared: false,
    }
}

/// Four of six, by a feature nobody would guess.
fn sight(weapon: WeaponId) -> Sight {
    let mut seen = vec![
        Seen::Dummy {
            features: vec![Feature::Hole, Feature::Rattle]
        };
        4
    ];
    seen.extend([Seen::Empty, Seen::Empty]);
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

fn ask(set: &Set, kind: CheckKind) -> CheckAsk {
    CheckAsk {
        kind,
        weapon: (kind != CheckKind::Line).then(|| set.weapon.to_string()),
        unit: None,
    }
}

/// Everything a reader gets, as text.
fn everything(set: &Set, viewer: &Viewer) -> String {
    let desk = &set.desk;
    let signed = desk
        .board("00112233445566778899aabbccddeeff", None, viewer)
        .unwrap();
    let signed: serde_json::Value = serde_json::from_slice(&signed).unwrap();
    let board = STANDARD.decode(signed["board"].as_str().unwrap()).unwrap();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {}",
        desk.set(None, viewer),
        desk.weapon(&set.weapon.to_string(), viewer),
        desk.record(None, 100, viewer),
        desk.check(&ask(set, CheckKind::Full), viewer),
        desk.check(&ask(set, CheckKind::Line), viewer),
        String::from_utf8(board).unwrap(),
    )
}

#[test]
fn a_full_check_goes_from_two_pages_to_the_board_and_neither_sees_the_other() {
    let mut set = set();
    let before = set
        .desk
        .check(&ask(&set, CheckKind::Full), &viewer(&set.first_ad))
        .unwrap();
    assert_eq!(
        (
            before.part,
            before.weapons[0].positions,
            before.weapons[0].other_in
        ),
        (Part::Second, 6, false)
    );
    let load = LoadWeapon {
        lot: set.lot,
        rounds: 4,
        sight: sight(set.weapon),
        supervisor: None,
    };
    say(&set.node, &mut set.armorer, &Act::LoadWeapon(load));
    for reader in [
        Viewer::Stranger,
        viewer(&set.first_ad),
        viewer(&set.admin),
        viewer(&set.performer),
    ] {
        let all = everything(&set, &reader);
        for trace in [
            "4 dummies",
            "4 rounds",
            "2 empty",
            "46 rounds",
            ": 46",
            "DUMMIES 4",
        ] {
            assert!(!all.contains(trace), "{trace} in {all}");
        }
    }
    let mine = set
        .desk
        .check(&ask(&set, CheckKind::Full), &viewer(&set.armorer))
        .unwrap();
    assert!(mine.part == Part::Hands && mine.weapons[0].mine_in && !mine.weapons[0].other_in);
    let theirs = set
        .desk
        .check(&ask(&set, CheckKind::Full), &viewer(&set.first_ad))
        .unwrap();
    assert!(
        theirs.weapons[0].other_in
            && !theirs.weapons[0].mine_in
            && !theirs.weapons[0].ready_to_call
    );
    // What may be seen is the same before and after: the choice tells nothing.
    assert_eq!(
        format!("{:?}", theirs.weapons[0].contents),
        format!("{:?}", before.weapons[0].contents)
    );
    let look = Look {
        check: Check::Full,
        sight: sight(set.weapon),
        watcher: None,
    };
    say(&set.node, &mut set.first_ad, &Act::Look(look));
    let both = set
        .desk
        .check(&ask(&set, CheckKind::Full), &viewer(&set.first_ad))
        .unwrap();
    assert!(both.weapons[0].ready_to_call);
    // The page signs what the offer says, with the weapons put in.
    let mut body = both.call.unwrap().known;
    body["weapons"] = serde_json::json!([set.weapon.to_string()]);
    let call = Act::read("call.cold", 1, body.to_string().as_bytes()).unwrap();
    say(&set.node, &mut set.first_ad, &call);
    let card = &set.desk.set(None, &Viewer::Stranger).unwrap().weapons[0];
    assert_eq!(
        (card.word, card.content.as_str()),
        (Word::Cold, "DUMMIES 4")
    );
    assert!(
        card.place.is_empty()
            && card.holder.is_empty()
            && card.purpose.is_empty()
            && card.waiting.is_empty()
    );
    let page = set
        .desk
        .weapon(&set.weapon.to_string(), &viewer(&set.armorer))
        .unwrap();
    assert!(
        page.record
            .iter()
            .any(|line| line.text.contains("called cold")),
        "{:?}",
        page.record
    );
    assert_eq!(page.serial, "S 2217");
}

#[test]
fn every_offer_is_a_body_that_the_node_reads() {
    let mut set = set();
    let load = LoadWeapon {
        lot: set.lot,
        rounds: 4,
        sight: sight(set.weapon),
        supervisor: None,
    };
    say(&set.node, &mut set.armorer, &Act::LoadWeapon(load));
    let of = Act::ProveLot(Prove {
        lot: set.lot,
        counted: 46,
        proven: 46,
        primers: 46,
    });
    say(&set.node, &mut set.armorer, &of);
    let mut seen = 0;
    for device in [&set.armorer, &set.first_ad, &set.admin, &set.performer] {
        let viewer = viewer(device);
        let mut offers = set.desk.set(None, &viewer).unwrap().offers;
        offers.extend(
            set.desk
                .weapon(&set.weapon.to_string(), &viewer)
                .unwrap()
                .offers,
        );
        for offer in offers.into_iter().filter(|offer| offer.go.is_empty()) {
            let body = filled(&offer);
            Act::read(&offer.kind, offer.kv, body.to_string().as_bytes())
                .unwrap_or_else(|fault| panic!("{}: {fault}: {body}", offer.kind));
            assert!(!offer.sentence.is_empty() && !offer.label.is_empty());
            let shown = serde_json::to_string(&offer).unwrap();
            assert!(
                !shown.contains("COLD"),
                "only a verified board shows the word: {shown}"
            );
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

/// The body as the page makes it: the first of each choice, the least of each count.
fn filled(offer: &web::desk::Offer) -> serde_json::Value {
    use web::desk::FieldKind;
    let mut body = offer.known.clone();
    for field in &offer.fields {
        let value = match &field.kind {
            FieldKind::Choice { options } => options
                .first()
                .map_or(serde_json::Value::Null, |one| one.value.clone()),
            FieldKind::Several { options } => options.iter().map(|one| one.value.clone()).collect(),
            FieldKind::Count { min, .. } => (*min).into(),
            FieldKind::Words { optional, .. } => if *optional { "" } else { "words" }.into(),
            // Left out, as when nobody names an end.
            FieldKind::Day | FieldKind::Time { optional: true } => continue,
            FieldKind::Time { optional: false } => 1_792_800_000_000_i64.into(),
            FieldKind::Sight { of } => {
                let seen: Vec<_> = (0..of.positions)
                    .map(|_| of.contents[0].value.clone())
                    .collect();
                serde_json::json!({ "weapon": of.id, "seen": seen, "turned": true, "bore": "clear", "method": "light" })
            }
        };
        // A choice with nothing to choose from cannot be signed; stores are named first.
        let value = if value.is_null() {
            serde_json::json!("0".repeat(64))
        } else {
            value
        };
        body[field.member.as_str()] = value;
    }
    body
}

#[tokio::test]
async fn a_press_of_stop_is_on_the_board_before_its_answer() {
    let set = set();
    let answer = set.desk.stop(Press {
        unit: None,
        visit: "0".repeat(32),
        pressed_at: None,
        words: None,
    });
    assert_eq!(
        set.desk.set(None, &Viewer::Stranger).unwrap().stops.len(),
        1
    );
    let answer = answer.await;
    let json: serde_json::Value = serde_json::from_slice(&answer.json).unwrap();
    assert_eq!((answer.status, &json["recorded"]), (200, &true.into()));
    let shown = set.desk.set(None, &viewer(&set.first_ad)).unwrap();
    assert_eq!(shown.stops[0].id, json["id"].as_str().unwrap());
    assert_eq!(shown.stops[0].offers[0].kind, "stop.lift_for_another");
    let lifted = set.desk.lift_press(&"1".repeat(32), None, "").await;
    assert_eq!(lifted.status, 403);
    let lifted = set
        .desk
        .lift_press(&"0".repeat(32), None, "nothing there")
        .await;
    assert_eq!(lifted.status, 200);
    assert!(
        set.desk
            .set(None, &Viewer::Stranger)
            .unwrap()
            .stops
            .is_empty()
    );
}

#[tokio::test]
async fn bad_bytes_get_a_status_and_a_sentence() {
    let set = set();
    let answer = set.desk.submit(b"{}".to_vec()).await;
    assert_eq!(answer.status, 400);
    assert!(
        String::from_utf8(answer.json)
            .unwrap()
            .contains("\"code\":\"unreadable\"")
    );
    let mut stranger = Device::new(set.node.origin()).unwrap();
    let note = Act::Stop(domain::act::stops::Stop {
        words: Words::default(),
        by_voice: Words::default(),
        someone: false,
        authority: Words::default(),
    });
    let draft = stranger
        .sign(&note, set.node.now(), set.node.seen())
        .unwrap();
    assert_eq!(set.desk.submit(draft.submission.write()).await.status, 403);
}

#[tokio::test]
async fn a_key_behind_a_pin_signs_at_the_cart() {
    let set = set();
    let who = Newcomer {
        role: "assistant".into(),
        department: Department::Property,
        duties: vec![Duty::Assistant],
        for_person: None,
        name: "B. Assistant".into(),
    };
    let link = set.node.invite(&who).unwrap();
    assert_eq!(
        set.desk.enrolment(&link.secret).unwrap().duty,
        "assistant armorer"
    );
    assert_eq!(
        set.desk.cart_enrol(&link.secret, "314159").await.status,
        200
    );
    assert!(set.desk.enrolment(&link.secret).is_err());
    let people = set.desk.cart_people();
    assert_eq!(people[0].name, "B. Assistant");
    let me = set
        .desk
        .cart_open(&people[0].person, "314159")
        .await
        .unwrap();
    assert_eq!(set.desk.me(&me.key), Some(me));
    assert!(matches!(
        set.desk.cart_open(&people[0].person, "000000").await,
        Err(Trouble::Denied(_))
    ));
    let draft = web::desk::CartDraft {
        person: people[0].person.clone(),
        pin: "314159".into(),
        kind: "weapon.eyes_on".into(),
        kv: 1,
        open: false,
        body: serde_json::json!({ "weapons": [] }),
        lang: "en".into(),
    };
    assert_eq!(set.desk.cart_sign(draft).await.status, 200);
}

#[test]
fn another_unit_or_weapon_is_unknown() {
    let set = set();
    assert_eq!(
        set.desk.set(Some("x"), &Viewer::Stranger),
        Err(Trouble::Unknown)
    );
    assert!(
        set.desk
            .set(Some(&set.node.unit().to_string()), &Viewer::Stranger)
            .is_ok()
    );
    assert_eq!(
        set.desk.weapon("x", &Viewer::Stranger),
        Err(Trouble::Unknown)
    );
    assert!(matches!(
        set.desk
            .check(&ask(&set, CheckKind::Full), &Viewer::Stranger),
        Err(Trouble::Denied(_))
    ));
    let day = set.desk.set(None, &viewer(&set.admin)).unwrap().day;
    assert_eq!(day, "Day 12 · Thu 21 Oct");
}

#[test]
fn an_administrator_lets_people_in_and_nobody_else_is_given_the_page() {
    let set = set();
    let view = set.desk.inviting(&viewer(&set.admin)).unwrap();
    assert_eq!(
        (view.act.kind.as_str(), view.act.open, view.act.report),
        ("people.invite", true, false)
    );
    assert_eq!(
        (view.duties.len(), view.departments.len()),
        (Duty::ALL.len(), Department::ALL.len())
    );
    let has_link = |viewer: &Viewer| {
        let offers = set.desk.set(None, viewer).unwrap().offers;
        offers.iter().any(|offer| offer.go == "/invite")
    };
    assert!(has_link(&viewer(&set.admin)));
    for other in [
        viewer(&set.armorer),
        viewer(&set.performer),
        Viewer::Stranger,
    ] {
        assert!(!has_link(&other));
        let Err(Trouble::Denied(why)) = set.desk.inviting(&other) else {
            panic!("{other:?} is given the page");
        };
        assert!(why.contains("dministrator"), "{why}");
    }
}
