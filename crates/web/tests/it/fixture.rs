//! A small world behind the pages, so that they can be looked at and tested without a node: it holds no rules of
//! its own beyond what a story needs (two equal looks by two people, then a call).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;
use web::desk::{
    Answer, CartDraft, CartPerson, CheckAsk, CheckKind, CheckView, CheckedWeapon, Choice, Content,
    Desk, EnrolView, Field, FieldKind, Head, Later, Layout, Look, Me, Offer, Part, PositionKnown,
    Press, RecordLine, RecordPage, RecordTone, SetView, StopView, Trouble, UnitView, Viewer,
    WeaponCard, WeaponView, Word, Zone,
};

pub(crate) const ORIGIN: &str = "fixture.coldproof.example/log";
const UNIT: &str = "main";
const LEASE_MS: i64 = 18 * 60_000;
/// Tag 13 gets a lease that a story can wait for.
const SHORT_LEASE_MS: i64 = 7_000;

/// The secrets of the two links, by part.
pub(crate) const ARMORER_LINK: &str =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const SECOND_LINK: &str =
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// The PIN of both cart keys.
pub(crate) const PIN: &str = "246810";

pub(crate) struct Fixture {
    board_key: SigningKey,
    world: Mutex<World>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct World {
    weapons: Vec<Weapon>,
    people: BTreeMap<String, Me>,
    stops: Vec<Lock>,
    record: Vec<(i64, String, RecordTone)>,
    answers: BTreeMap<String, Vec<u8>>,
    bodies: usize,
}

struct Lock {
    id: String,
    since: i64,
    reason: String,
    visit: String,
    by: String,
}

struct Weapon {
    card: WeaponCard,
    layout: Layout,
    is_line: bool,
    looks: Vec<(String, Value)>,
    cold_until: i64,
}

fn now() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis(),
    )
    .unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |out, byte| out + &format!("{byte:02x}"))
}

/// 64 hex, the same for the same words.
pub(crate) fn id_of(words: &str) -> String {
    hex(&Sha256::digest(words.as_bytes()))
}

impl Fixture {
    #[expect(clippy::too_many_lines, reason = "a list of weapons")]
    pub(crate) fn new() -> Arc<Self> {
        let mut world = World::default();
        let mut add = |tag: &str,
                       name: &str,
                       word: Word,
                       content: &str,
                       reason: &str,
                       next: &str,
                       is_line: bool| {
            let card = WeaponCard {
                id: id_of(tag),
                tag: tag.to_owned(),
                name: name.to_owned(),
                word,
                content: content.to_owned(),
                reason: reason.to_owned(),
                next: next.to_owned(),
                say: format!(
                    "Tag {tag}, {}.",
                    if word == Word::Cold {
                        "cold, empty, scene 118"
                    } else {
                        "hold it"
                    }
                ),
                place: "On cart, outside church".to_owned(),
                holder: "held by nobody · 74 min".to_owned(),
                waiting: String::new(),
                purpose: "Scene 121 rehearsal".to_owned(),
            };
            let layout = Layout::Cylinder {
                positions: [
                    PositionKnown::Dummy,
                    PositionKnown::Dummy,
                    PositionKnown::Unknown,
                    PositionKnown::Unknown,
                    PositionKnown::Dummy,
                    PositionKnown::Dummy,
                ]
                .to_vec(),
            };
            let cold_until = if word == Word::Cold {
                now() + LEASE_MS
            } else {
                0
            };
            world.weapons.push(Weapon {
                card,
                layout,
                is_line,
                looks: Vec::new(),
                cold_until,
            });
        };
        add(
            "07",
            "Colt .45 single action",
            Word::CheckNeeded,
            "",
            "Two of six rounds have no second look.",
            "Full check, armorer and a second",
            false,
        );
        add("11", "Winchester 1873", Word::Cold, "EMPTY", "", "", false);
        add(
            "03",
            "Double shotgun",
            Word::Hot,
            "BLANK 2",
            "Half load, marks confirmed.",
            "the armorer collects it after the action",
            false,
        );
        add(
            "15",
            "Remington 1858",
            Word::Hold,
            "",
            "The two looks differ in two positions.",
            "do not move it; both looks again, one by someone new",
            false,
        );
        add(
            "12",
            "Colt Peacemaker",
            Word::CheckNeeded,
            "",
            "Collected after the take.",
            "Reset check, armorer and a second",
            false,
        );
        for (tag, name) in [
            ("13", "Colt Peacemaker, second"),
            ("14", "Colt Peacemaker, third"),
        ] {
            add(
                tag,
                name,
                Word::CheckNeeded,
                "",
                "Collected after the take.",
                "Reset check, armorer and a second",
                false,
            );
        }
        add(
            "21",
            "Rubber revolver",
            Word::CannotFire,
            "",
            "Counted: rack 2, 14 of 14 out.",
            "",
            false,
        );
        add(
            "30",
            "Cavalry sabre",
            Word::DullChecked,
            "",
            "Edge, point and flex tested by two.",
            "",
            false,
        );
        add(
            "09",
            "Schofield",
            Word::Grounded,
            "",
            "Trigger found loose on Tuesday.",
            "the gunsmith returns it, two people sign",
            false,
        );
        add(
            "02",
            "Derringer",
            Word::LockedAway,
            "",
            "Locked in safe 1, truck 4.",
            "",
            false,
        );
        for n in 1..=8 {
            add(
                &format!("4{n}"),
                "Line revolver",
                Word::CheckNeeded,
                "",
                "Collected after the charge.",
                "Line check before one second",
                true,
            );
        }
        let say = |text: &str| (now() - 600_000, text.to_owned(), RecordTone::Plain);
        world.record = vec![
            say("Safety meeting, live-ammunition ban read out"),
            (
                now() - 500_000,
                "Tag 07 left unattended: what it holds is no longer known".to_owned(),
                RecordTone::Breach,
            ),
            say("Rounds recounted after lunch: 12 of 12 dummies"),
            say("Hand-over tag 11, armorer from performer C"),
            (
                now() - 60_000,
                "Tag 07: COLD not supported, 3 reasons".to_owned(),
                RecordTone::Refused,
            ),
        ];
        for (name, duty) in [("Armorer", "armorer on duty"), ("First AD", "first AD")] {
            let key = id_of(&format!("cart {name}"));
            world.people.insert(
                key.clone(),
                Me {
                    person: id_of(name),
                    key,
                    name: name.to_owned(),
                    duty: duty.to_owned(),
                },
            );
        }
        Arc::new(Self {
            board_key: SigningKey::from_bytes(&[7; 32]),
            world: Mutex::new(world),
            changed: watch::channel(0).0,
        })
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn move_on(&self) {
        self.changed.send_modify(|n| *n += 1);
    }

    /// Takes one act by one person; every kind is admitted but a call that the looks do not carry.
    fn act(&self, person: &str, kind: &str, body: &Value, id: &str) -> Value {
        let mut world = self.world();
        let mut reasons = Vec::new();
        match kind {
            "weapon.look" => world.look(person, &body["sight"]),
            "line.look" => {
                for sight in body["sights"].as_array().cloned().unwrap_or_default() {
                    world.look(person, &sight);
                }
            }
            "call.cold" => {
                for weapon in body["weapons"].as_array().cloned().unwrap_or_default() {
                    reasons.extend(world.call(weapon.as_str().unwrap_or_default()));
                }
            }
            "stop.call" => world.stops.push(Lock { id: id.to_owned(), since: now(), reason: "the armorer pressed STOP".to_owned(), visit: String::new(), by: person.to_owned() }),
            "stop.lift" => world.stops.retain(|lock| lock.id != body["stop"].as_str().unwrap_or_default() || lock.by != person),
            "weapon.hand_over" => reasons.push(json!({
                "code": "CU-0012", "says": "the weapon is not in the handler's hands", "source": "CSATF-SB1",
                "clause": "the property master hands it out", "force": "guideline", "who": "armorer", "cure": "collect it, then look again"
            })),
            _ => {}
        }
        let admitted = reasons.is_empty();
        let tone = if admitted {
            RecordTone::Plain
        } else {
            RecordTone::Refused
        };
        world.record.push((now(), format!("{kind} entered"), tone));
        world.bodies += 1;
        let index = world.record.len() - 1;
        drop(world);
        self.move_on();
        json!({ "id": id, "index": index, "at": now(), "outcome": { "admitted": admitted, "reasons": reasons }, "receipt": { "size": index + 1, "root": id_of("root") } })
    }

    /// Reads a submission as the node would: envelope, signature, body.
    fn take(&self, submission: &[u8]) -> Result<Value, String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let bytes = |value: &Value| {
            BASE64
                .decode(text(value))
                .map_err(|_| "not base64".to_owned())
        };
        let outer: Value = serde_json::from_slice(submission).map_err(|_| "not JSON".to_owned())?;
        let envelope: Value = serde_json::from_slice(&bytes(&outer["envelope"])?)
            .map_err(|_| "no envelope".to_owned())?;
        let payload_bytes = bytes(&envelope["payload"])?;
        let id = hex(&Sha256::digest(&payload_bytes));
        if let Some(answer) = self.world().answers.get(&id) {
            return serde_json::from_slice(answer).map_err(|_| "?".to_owned());
        }
        let payload: Value =
            serde_json::from_slice(&payload_bytes).map_err(|_| "no payload".to_owned())?;
        let kind = text(&envelope["payloadType"]);
        let message = [
            format!("DSSEv1 {} {kind} {} ", kind.len(), payload_bytes.len()).as_bytes(),
            &payload_bytes,
        ]
        .concat();
        let key = (0..64)
            .step_by(2)
            .map(|i| u8::from_str_radix(text(&payload["key"]).get(i..i + 2).unwrap_or("z"), 16))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| "no key")?;
        let key = VerifyingKey::from_bytes(&<[u8; 32]>::try_from(key).map_err(|_| "no key")?)
            .map_err(|_| "no key")?;
        let signature = <[u8; 64]>::try_from(bytes(&envelope["signatures"][0]["sig"])?)
            .map_err(|_| "no signature")?;
        key.verify(&message, &signature.into())
            .map_err(|_| "the signature is wrong".to_owned())?;
        let body = if payload["open"].is_object() {
            payload["open"].clone()
        } else {
            let (salt, body) = (bytes(&outer["salt"])?, bytes(&outer["body"])?);
            if hex(&Sha256::digest([&salt[..], &body[..]].concat())) != text(&payload["body"]) {
                return Err("the body is not the one signed".to_owned());
            }
            serde_json::from_slice(&body).map_err(|_| "no body".to_owned())?
        };
        let (kind, key) = (text(&payload["kind"]), text(&payload["key"]));
        if kind == "people.enrol" {
            let name = match body["token"].as_str() {
                Some(ARMORER_LINK) => "Armorer",
                Some(SECOND_LINK) => "First AD",
                _ => return Err("this link is not known".to_owned()),
            };
            let me = Me {
                person: id_of(name),
                key: key.clone(),
                name: name.to_owned(),
                duty: name.to_lowercase(),
            };
            self.world().people.insert(key, me);
            return Ok(
                json!({ "id": id_of(name), "index": 1, "at": now(), "outcome": { "admitted": true } }),
            );
        }
        let person = self
            .world()
            .people
            .get(&key)
            .map(|me| me.person.clone())
            .ok_or("the key is not enrolled")?;
        let answer = self.act(&person, &kind, &body, &id);
        self.world()
            .answers
            .insert(id, answer.to_string().into_bytes());
        Ok(answer)
    }
}

impl World {
    fn look(&mut self, person: &str, sight: &Value) {
        let Some(weapon) = self
            .weapons
            .iter_mut()
            .find(|w| Some(w.card.id.as_str()) == sight["weapon"].as_str())
        else {
            return;
        };
        weapon.looks.retain(|(by, _)| by != person);
        weapon.looks.push((person.to_owned(), tally(sight)));
        if let [(_, first), (_, second)] = weapon.looks.as_slice() {
            if first == second {
                "Both looks are in and agree.".clone_into(&mut weapon.card.reason);
                "someone who may call it calls it".clone_into(&mut weapon.card.next);
            } else {
                weapon.card.word = Word::Hold;
                "The two looks differ.".clone_into(&mut weapon.card.reason);
                "do not move it; both looks again, one by someone new"
                    .clone_into(&mut weapon.card.next);
            }
        }
    }

    fn call(&mut self, id: &str) -> Option<Value> {
        if !self.stops.is_empty() {
            return Some(
                json!({ "code": "ST-0001", "says": "the unit is stopped", "source": "design", "clause": "1.5", "force": "record", "who": "whoever stopped", "cure": "the stop is lifted" }),
            );
        }
        let weapon = self.weapons.iter_mut().find(|w| w.card.id == id)?;
        match weapon.looks.as_slice() {
            [(_, first), (_, second)] if first == second => {
                weapon.card.word = Word::Cold;
                let dummies = first["dummies"].as_u64().unwrap_or_default();
                weapon.card.content = if dummies == 0 {
                    "EMPTY".to_owned()
                } else {
                    format!("DUMMIES {dummies}")
                };
                weapon.card.say = format!(
                    "Tag {}, cold, {dummies} dummies, scene 121.",
                    weapon.card.tag
                );
                weapon.card.reason.clear();
                weapon.card.next.clear();
                weapon.cold_until = now()
                    + if weapon.card.tag == "13" {
                        SHORT_LEASE_MS
                    } else {
                        LEASE_MS
                    };
                weapon.looks.clear();
                None
            }
            _ => Some(
                json!({ "code": "CK-0002", "says": "two looks that agree are not in", "source": "design", "clause": "1.3", "force": "record", "who": "armorer", "cure": "both look, each alone" }),
            ),
        }
    }
}

/// What a look comes to, however it was entered.
fn tally(sight: &Value) -> Value {
    if sight["counted"].is_object() {
        return sight["counted"].clone();
    }
    let mut tally = json!({ "empty": 0, "dummies": 0, "blanks": 0, "others": 0 });
    for seen in sight["seen"].as_array().cloned().unwrap_or_default() {
        let kind = match seen["is"].as_str() {
            Some("empty") => "empty",
            Some("dummy") => "dummies",
            Some("blank") => "blanks",
            _ => "others",
        };
        tally[kind] = json!(tally[kind].as_u64().unwrap_or_default() + 1);
    }
    tally
}

fn word_text(word: Word) -> &'static str {
    match word {
        Word::LockedAway => "LOCKED AWAY",
        Word::CheckNeeded => "CHECK NEEDED",
        Word::Cold => "COLD",
        Word::Hot => "HOT",
        Word::CannotFire => "CANNOT FIRE",
        Word::DullChecked => "DULL CHECKED",
        Word::Hold => "HOLD",
        Word::Grounded => "GROUNDED",
    }
}

fn blind(card: &WeaponCard, viewer: &Viewer) -> WeaponCard {
    let mut card = card.clone();
    if *viewer == Viewer::Stranger {
        for text in [
            &mut card.place,
            &mut card.holder,
            &mut card.waiting,
            &mut card.purpose,
        ] {
            text.clear();
        }
    }
    card
}

fn offer(kind: &str, label: &str, sentence: &str, is_report: bool, known: Value) -> Offer {
    Offer {
        kind: kind.to_owned(),
        kv: 1,
        open: false,
        report: is_report,
        label: label.to_owned(),
        sentence: sentence.to_owned(),
        known,
        fields: Vec::new(),
        hold: false,
        go: String::new(),
    }
}

fn checked(weapon: &Weapon, person: &str) -> CheckedWeapon {
    let dummy = |features: &[&str], label: &str| Content {
        value: json!({ "is": "dummy", "features": features }),
        label: label.to_owned(),
        counts_as: "dummies".to_owned(),
    };
    let other = |is: &str, label: &str| Content {
        value: json!({ "is": is }),
        label: label.to_owned(),
        counts_as: if is == "empty" { "empty" } else { "others" }.to_owned(),
    };
    let is_call = matches!(weapon.looks.as_slice(), [(_, a), (_, b)] if a == b);
    CheckedWeapon {
        id: weapon.card.id.clone(),
        tag: weapon.card.tag.clone(),
        name: weapon.card.name.clone(),
        holds: "cylinder".to_owned(),
        positions: 6,
        contents: vec![
            dummy(&["rattle"], "Rattles"),
            dummy(&["hole"], "Hole in case"),
            dummy(&["hole", "rattle"], "Both"),
            other("empty", "Empty"),
            other("unknown", "Neither: not a dummy"),
            other("not_seen", "Could not see"),
        ],
        bore: true,
        mine_in: weapon.looks.iter().any(|(by, _)| by == person),
        other_in: weapon.looks.iter().any(|(by, _)| by != person),
        ready_to_call: is_call,
    }
}

impl Desk for Fixture {
    fn head(&self) -> Head {
        Head {
            origin: ORIGIN.to_owned(),
            size: self.world().record.len() as u64,
            root: id_of("root"),
            sealed_at: now(),
            at: now(),
            board_key: hex(self.board_key.verifying_key().as_bytes()),
            production: "High Desert".to_owned(),
            watermark: "DEMO".to_owned(),
            zone: Zone {
                name: "MDT".to_owned(),
                offset_minutes: -360,
            },
        }
    }

    fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn me(&self, key: &str) -> Option<Me> {
        self.world().people.get(key).cloned()
    }

    fn set(&self, unit: Option<&str>, viewer: &Viewer) -> Result<SetView, Trouble> {
        if unit.is_some_and(|unit| unit != UNIT) {
            return Err(Trouble::Unknown);
        }
        let world = self.world();
        let offers = match viewer {
            Viewer::Stranger => Vec::new(),
            Viewer::Enrolled { .. } => vec![offer(
                "action.all_well",
                "All well",
                "The action is over and everybody is well.",
                true,
                json!({ "action": id_of("action") }),
            )],
        };
        Ok(SetView {
            unit: UnitView { id: UNIT.to_owned(), name: "Main unit".to_owned() },
            units: Vec::new(),
            day: "Day 12 of 21 · Thu 21 Oct".to_owned(),
            scene: "Scene 121 church interior".to_owned(),
            summary: "8 weapons out · armorer on duty: yes, single duty · safety meeting 07:40, 31 of 33 signed".to_owned(),
            stops: world.stops.iter().map(|lock| StopView { id: lock.id.clone(), since: lock.since, reason: lock.reason.clone(), offers: Vec::new() }).collect(),
            weapons: world.weapons.iter().map(|weapon| blind(&weapon.card, viewer)).collect(),
            offers,
        })
    }

    fn board(&self, nonce: &str, unit: Option<&str>, viewer: &Viewer) -> Result<Vec<u8>, Trouble> {
        let set = self.set(unit, viewer)?;
        let world = self.world();
        let weapons: Vec<Value> = set
            .weapons
            .iter()
            .zip(&world.weapons)
            .map(|(card, weapon)| {
                let mut row = json!({ "id": card.id, "tag": card.tag, "name": card.name, "word": word_text(card.word), "content": card.content, "reason": card.reason,
                    "next": card.next, "say": card.say, "place": card.place, "holder": card.holder, "waiting": card.waiting });
                if card.word == Word::Cold {
                    row["left_ms"] = json!(weapon.cold_until - now());
                }
                if card.word == Word::Hot {
                    row["left_ms"] = json!(LEASE_MS);
                }
                row
            })
            .collect();
        let stops: Vec<Value> = world.stops.iter().map(|lock| json!({ "id": lock.id, "since": lock.since, "reason": lock.reason, "unit": UNIT })).collect();
        let board = json!({ "v": 1, "origin": ORIGIN, "size": world.record.len(), "root": id_of("root"), "nonce": nonce, "at": now(), "watermark": "DEMO",
            "scene": set.scene, "stops": stops, "weapons": weapons, "enrolled": *viewer != Viewer::Stranger })
        .to_string();
        let sig = self
            .board_key
            .sign(&[b"coldproof-board-v1\n", board.as_bytes()].concat());
        let answer = json!({ "board": BASE64.encode(&board), "key": hex(self.board_key.verifying_key().as_bytes()), "sig": BASE64.encode(sig.to_bytes()) });
        Ok(answer.to_string().into_bytes())
    }

    #[expect(clippy::too_many_lines, reason = "a list of offers")]
    fn weapon(&self, id: &str, viewer: &Viewer) -> Result<WeaponView, Trouble> {
        let world = self.world();
        let weapon = world
            .weapons
            .iter()
            .find(|w| w.card.id == id)
            .ok_or(Trouble::Unknown)?;
        let mut offers = Vec::new();
        if *viewer != Viewer::Stranger {
            let go = |label: &str, path: &str| Offer {
                go: format!("/w/{id}/check/{path}"),
                ..offer("", label, "", false, json!({}))
            };
            let mut hand = offer(
                "weapon.hand_over",
                "Hand over",
                "I give it to this person, at rest.",
                false,
                json!({ "weapon": id, "acknowledged": "spoken", "at_rest": true }),
            );
            hand.hold = true;
            hand.fields = vec![Field {
                member: "to".to_owned(),
                label: "To whom".to_owned(),
                kind: FieldKind::Choice {
                    options: vec![
                        Choice {
                            value: json!(id_of("C")),
                            label: "Performer C".to_owned(),
                        },
                        Choice {
                            value: json!(id_of("D")),
                            label: "Double".to_owned(),
                        },
                    ],
                },
            }];
            let mut shots = offer(
                "weapon.shots",
                "Shots",
                "Shots and misfires after the action.",
                true,
                json!({ "weapon": id, "waited_ms": 0 }),
            );
            shots.fields = vec![
                Field {
                    member: "fired".to_owned(),
                    label: "Fired".to_owned(),
                    kind: FieldKind::Count { min: 0, max: 99 },
                },
                Field {
                    member: "misfired".to_owned(),
                    label: "Did not fire".to_owned(),
                    kind: FieldKind::Count { min: 0, max: 99 },
                },
            ];
            offers = vec![
                go("Full check", "full"),
                go("Reset check", "reset"),
                hand,
                offer(
                    "weapon.eyes_on",
                    "Eyes on",
                    "I have it in hand and in sight.",
                    true,
                    json!({ "weapons": [id] }),
                ),
                offer(
                    "weapon.collect",
                    "Collect",
                    "I have it back in my hand.",
                    true,
                    json!({ "weapon": id }),
                ),
                shots,
            ];
        }
        let view = blind(&weapon.card, viewer);
        Ok(WeaponView {
            serial: if *viewer == Viewer::Stranger {
                String::new()
            } else {
                "S 2217".to_owned()
            },
            class: "working firearm, single-action revolver".to_owned(),
            layout: weapon.layout.clone(),
            bore: "not known since 12:26".to_owned(),
            steps: vec![
                Look {
                    what: "Bore clear, rod passed".to_owned(),
                    how_far: "entered 13:44".to_owned(),
                    done: true,
                },
                Look {
                    what: "Second look by the first AD".to_owned(),
                    how_far: "still to look".to_owned(),
                    done: false,
                },
            ],
            offers,
            record: vec![RecordLine {
                index: 2,
                at: now(),
                text: "Tag 07: COLD not supported, 3 reasons".to_owned(),
                tone: RecordTone::Refused,
            }],
            card: view,
        })
    }

    fn check(&self, ask: &CheckAsk, viewer: &Viewer) -> Result<CheckView, Trouble> {
        let Viewer::Enrolled { person, .. } = viewer else {
            return Err(Trouble::Denied(
                "A check is for the armorer and a second; this phone has no key here.".to_owned(),
            ));
        };
        let world = self.world();
        let weapons: Vec<CheckedWeapon> = world
            .weapons
            .iter()
            .filter(|w| ask.weapon.as_ref().map_or(w.is_line, |id| *id == w.card.id))
            .map(|w| checked(w, person))
            .collect();
        if weapons.is_empty() {
            return Err(Trouble::Unknown);
        }
        let is_second = *person == id_of("First AD");
        let (kind, known) = match ask.kind {
            CheckKind::Full => ("weapon.look", json!({ "check": "full" })),
            CheckKind::Reset => (
                "weapon.look",
                json!({ "check": "reset", "watcher": id_of("First AD") }),
            ),
            CheckKind::Line => ("line.look", json!({})),
        };
        Ok(CheckView {
            kind: ask.kind,
            part: if is_second { Part::Second } else { Part::Hands },
            purpose: "Scene 121 rehearsal".to_owned(),
            other: if is_second {
                "the armorer"
            } else {
                "the first AD"
            }
            .to_owned(),
            weapons,
            sign: offer(kind, "Look", "What I saw.", true, known),
            call: is_second.then(|| {
                offer(
                    "call.cold",
                    "Call cold",
                    "Two looks agree; I call it cold for scene 121.",
                    false,
                    json!({ "lasts_ms": 0 }),
                )
            }),
        })
    }

    fn record(&self, before: Option<u64>, count: usize, _: &Viewer) -> RecordPage {
        let world = self.world();
        let end = before.map_or(world.record.len(), |n| {
            usize::try_from(n).unwrap_or(0).min(world.record.len())
        });
        let start = end.saturating_sub(count);
        let lines = world.record[start..end]
            .iter()
            .enumerate()
            .rev()
            .map(|(i, (at, text, tone))| RecordLine {
                index: (start + i) as u64,
                at: *at,
                text: text.clone(),
                tone: *tone,
            })
            .collect();
        RecordPage {
            lines,
            before: (start > 0).then_some(start as u64),
        }
    }

    fn submit(&self, submission: Vec<u8>) -> Later<'_, Answer> {
        Box::pin(async move {
            match self.take(&submission) {
                Ok(answer) => Answer {
                    status: 200,
                    json: answer.to_string().into_bytes(),
                },
                Err(why) => Answer {
                    status: 400,
                    json: json!({ "code": "fixture", "message": why })
                        .to_string()
                        .into_bytes(),
                },
            }
        })
    }

    fn stop(&self, press: Press) -> Later<'_, Answer> {
        let reason = press
            .words
            .unwrap_or_else(|| "someone pressed STOP".to_owned());
        let mut world = self.world();
        let id = id_of(&press.visit);
        if !world.stops.iter().any(|lock| lock.id == id) {
            world.stops.push(Lock {
                id: id.clone(),
                since: press.pressed_at.unwrap_or_else(now),
                reason,
                visit: press.visit,
                by: String::new(),
            });
            world
                .record
                .push((now(), "STOP, by someone".to_owned(), RecordTone::Stop));
        }
        drop(world);
        self.move_on();
        Box::pin(async move {
            Answer {
                status: 200,
                json: json!({ "id": id, "recorded": true })
                    .to_string()
                    .into_bytes(),
            }
        })
    }

    fn lift_press(&self, visit: &str, _: Option<&str>, _: &str) -> Later<'_, Answer> {
        let mut world = self.world();
        let before = world.stops.len();
        world.stops.retain(|lock| lock.visit != visit);
        let is_lifted = world.stops.len() < before;
        drop(world);
        self.move_on();
        Box::pin(async move {
            if is_lifted {
                Answer {
                    status: 200,
                    json: b"{}".to_vec(),
                }
            } else {
                Answer {
                    status: 403,
                    json: br#"{"code":"stop.not_yours","message":"this phone holds no open stop"}"#
                        .to_vec(),
                }
            }
        })
    }

    fn enrolment(&self, token: &str) -> Result<EnrolView, Trouble> {
        let name = match token {
            ARMORER_LINK => "Armorer",
            SECOND_LINK => "First AD",
            _ => return Err(Trouble::Unknown),
        };
        Ok(EnrolView {
            invite: id_of(token),
            for_person: Some(id_of(name)),
            name: name.to_owned(),
            duty: name.to_lowercase(),
            by: "the production's administrator".to_owned(),
            until: now() + 600_000,
        })
    }

    fn cart_enrol(&self, _: &str, _: &str) -> Later<'_, Answer> {
        Box::pin(async {
            Answer {
                status: 200,
                json: br#"{"id":"","index":0,"at":0,"outcome":{"admitted":true}}"#.to_vec(),
            }
        })
    }

    fn cart_people(&self) -> Vec<CartPerson> {
        ["Armorer", "First AD"]
            .map(|name| CartPerson {
                person: id_of(name),
                name: name.to_owned(),
                duty: name.to_lowercase(),
            })
            .to_vec()
    }

    fn cart_open(&self, person: &str, pin: &str) -> Later<'_, Result<Me, Trouble>> {
        let me = self
            .world()
            .people
            .values()
            .find(|me| me.person == person && me.key == id_of(&format!("cart {}", me.name)))
            .cloned();
        let is_right = pin == PIN;
        Box::pin(async move {
            me.filter(|_| is_right)
                .ok_or_else(|| Trouble::Denied("That PIN is not right.".to_owned()))
        })
    }

    fn cart_sign(&self, draft: CartDraft) -> Later<'_, Answer> {
        Box::pin(async move {
            if draft.pin != PIN {
                return Answer {
                    status: 403,
                    json: br#"{"code":"cart.pin","message":"that PIN is not right"}"#.to_vec(),
                };
            }
            let id = id_of(&format!(
                "{} {} {}",
                draft.person,
                draft.kind,
                self.world().bodies
            ));
            Answer {
                status: 200,
                json: self
                    .act(&draft.person, &draft.kind, &draft.body, &id)
                    .to_string()
                    .into_bytes(),
            }
        })
    }
}
