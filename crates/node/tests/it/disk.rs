//! A disk that is full, gone, or lies.

use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};

use domain::act::Act;
use domain::act::floor::EyesOn;
use domain::act::stops::Stop;
use domain::words::Words;
use ledger::{Beside, Digest};
use node::{Disk, Node, Press, Viewer};
use store::{Ack, Append, AppendError, Head, Log, MemoryLog, ReadError, Stored};

use crate::world::*;

/// What the disk does with the next entries.
const WELL: u8 = 0;
const FULL: u8 = 1;
const FULL_BUT_RESERVE: u8 = 2;
const GONE: u8 = 3;
const SLOW: u8 = 4;

struct Moody {
    log: MemoryLog,
    mood: Arc<AtomicU8>,
    held: Mutex<Vec<(u64, Vec<Append>, Ack)>>,
}

impl Moody {
    fn pass(&self, first: u64, batch: Vec<Append>, ack: Ack) {
        self.log.submit(first, batch, ack);
    }

    fn let_go(&self) {
        for (first, batch, ack) in std::mem::take(&mut *self.held.lock().unwrap()) {
            self.pass(first, batch, ack);
        }
    }
}

impl Log for Moody {
    fn head(&self) -> Head {
        self.log.head()
    }
    fn submit(&self, first: u64, batch: Vec<Append>, ack: Ack) {
        match self.mood.load(SeqCst) {
            FULL | FULL_BUT_RESERVE => ack.answer(Err(AppendError::DiskFull)),
            GONE => ack.answer(Err(AppendError::Stopped("the disk went away".into()))),
            SLOW => self.held.lock().unwrap().push((first, batch, ack)),
            _ => self.pass(first, batch, ack),
        }
    }
    fn read(&self, from: u64, to: u64) -> Result<Vec<Stored>, ReadError> {
        self.log.read(from, to)
    }
    fn body(&self, statement: &Digest) -> Result<Option<Beside>, ReadError> {
        self.log.body(statement)
    }
    fn find(&self, statement: &Digest) -> Result<Option<u64>, ReadError> {
        self.log.find(statement)
    }
    fn checkpoints(&self, from: u64) -> Result<Vec<(u64, String)>, ReadError> {
        self.log.checkpoints(from)
    }
    fn erase(&self, statements: &[Digest]) -> Result<store::Erased, AppendError> {
        self.log.erase(statements)
    }
    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.log.meta(key)
    }
    fn put_meta(&self, key: &str, value: Option<&[u8]>) -> Result<(), AppendError> {
        self.log.put_meta(key, value)
    }
    fn names(&self) -> Result<Vec<(Digest, String)>, ReadError> {
        self.log.names()
    }
    fn put_name(&self, person: &Digest, name: Option<&str>) -> Result<(), AppendError> {
        self.log.put_name(person, name)
    }
}

impl Disk for Moody {
    fn release_reserve(&self) -> std::io::Result<bool> {
        if self.mood.load(SeqCst) == FULL_BUT_RESERVE {
            self.mood.store(WELL, SeqCst);
            return Ok(true);
        }
        Ok(false)
    }
    fn keep_reserve(&self) -> std::io::Result<()> {
        Ok(())
    }
}

fn ranch() -> (Ranch, Arc<Moody>) {
    let dir = tempfile::tempdir().unwrap();
    let watch = watch();
    let mut kept = None;
    let (node, link) = Node::create_on(
        dir.path(),
        &opening(),
        Box::new(KindBook),
        Box::new(watch.clone()),
        |key, signer| {
            let log = MemoryLog::new(key, signer).unwrap();
            let disk = Arc::new(Moody {
                log,
                mood: Arc::default(),
                held: Mutex::default(),
            });
            kept = Some(disk.clone());
            disk
        },
    )
    .unwrap();
    (Ranch::people(dir, watch, node, &link), kept.unwrap())
}

fn press() -> Press {
    Press {
        visit: "a".into(),
        ..Press::default()
    }
}

#[test]
fn cold_is_not_shown_before_the_entry_that_grants_it_is_durable() {
    let (mut ranch, disk) = ranch();
    let floor = ranch.out();
    ranch.load(&floor, six_dummies());
    ranch.second_look(&floor, six_dummies());
    disk.mood.store(SLOW, SeqCst);
    let called = Act::CallCold(domain::act::floor::CallCold {
        weapons: vec![floor.weapon],
        lasts_ms: 0,
    });
    let draft = ranch
        .first_ad
        .sign(&called, ranch.node.now(), ranch.node.seen())
        .unwrap();
    let (told, heard) = mpsc::channel();
    ranch
        .node
        .take(draft.submission, move |answer| told.send(answer).unwrap());
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    assert!(heard.try_recv().is_err());
    disk.mood.store(WELL, SeqCst);
    disk.let_go();
    assert!(heard.recv().unwrap().unwrap().outcome.admitted);
    assert_eq!(ranch.word(&floor), "COLD");
}

#[test]
fn a_full_disk_refuses_and_the_node_goes_on_when_there_is_room() {
    let (mut ranch, disk) = ranch();
    let floor = ranch.out();
    ranch.load(&floor, six_dummies());
    ranch.second_look(&floor, six_dummies());
    disk.mood.store(FULL, SeqCst);
    let called = Act::CallCold(domain::act::floor::CallCold {
        weapons: vec![floor.weapon],
        lasts_ms: 0,
    });
    let draft = ranch
        .first_ad
        .sign(&called, ranch.node.now(), ranch.node.seen())
        .unwrap();
    assert_eq!(
        ranch
            .node
            .take_and_wait(draft.submission.clone())
            .unwrap_err()
            .code(),
        "disk_full"
    );
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    assert!(ranch.node.frozen().is_none());
    disk.mood.store(WELL, SeqCst);
    // Nothing of it was kept: the same statement is entered now.
    assert!(
        ranch
            .node
            .take_and_wait(draft.submission)
            .unwrap()
            .outcome
            .admitted
    );
    assert_eq!(ranch.word(&floor), "COLD");
}

#[test]
fn a_stop_on_a_full_disk_acts_at_once_and_uses_the_reserve() {
    let (mut ranch, disk) = ranch();
    let floor = ranch.cold();
    disk.mood.store(FULL_BUT_RESERVE, SeqCst);
    let (told, heard) = mpsc::channel();
    ranch
        .node
        .press_stop(&press(), move |recorded| told.send(recorded).unwrap());
    assert_ne!(ranch.word(&floor), "COLD");
    assert!(heard.recv().unwrap(), "the reserve took it");
    assert_eq!(
        ranch
            .node
            .view(&Viewer::Stranger, |view| view.state.stops.len()),
        1
    );
}

#[test]
fn a_stop_without_any_room_stands_unrecorded_until_there_is_some() {
    let (mut ranch, disk) = ranch();
    let floor = ranch.cold();
    disk.mood.store(FULL, SeqCst);
    let (told, heard) = mpsc::channel();
    let id = ranch
        .node
        .press_stop(&press(), move |recorded| told.send(recorded).unwrap());
    assert!(!heard.recv().unwrap());
    let unrecorded = |ranch: &Ranch| {
        ranch.node.view(&Viewer::Stranger, |view| {
            view.state
                .stops
                .keys()
                .map(|stop| view.is_unrecorded(*stop))
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(unrecorded(&ranch), [true]);
    assert_ne!(ranch.word(&floor), "COLD");
    let board = ranch
        .node
        .board("00112233445566778899aabbccddeeff", &Viewer::Stranger)
        .unwrap();
    let board: serde_json::Value = serde_json::from_slice(&board).unwrap();
    let board = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(board["board"].as_str().unwrap())
            .unwrap()
    };
    let board: serde_json::Value = serde_json::from_slice(&board).unwrap();
    assert_eq!(board["stops"][0]["id"], "0".repeat(64));
    // A signed stop is told the same, and both are recorded when there is room.
    let stop = Act::Stop(Stop {
        words: Words::new("no"),
        by_voice: Words::default(),
        someone: false,
        authority: Words::default(),
    });
    assert_eq!(
        try_say(&ranch.node, &mut ranch.second, &stop)
            .unwrap_err()
            .code(),
        "not_recorded_yet"
    );
    ranch.node.tick();
    assert_eq!(unrecorded(&ranch), [true, true]);
    disk.mood.store(WELL, SeqCst);
    let size = ranch.node.seen().size;
    ranch.node.tick();
    until(&ranch.node, || ranch.node.seen().size >= size + 2);
    assert_eq!(unrecorded(&ranch), [false, false]);
    assert!(
        ranch
            .node
            .view(&Viewer::Stranger, |view| view.state.stops.contains_key(&id))
    );
    ranch.node.tick();
    let called = ranch.call_cold(&floor);
    assert!(!called.outcome.admitted);
}

#[test]
fn a_disk_that_is_gone_freezes_the_node_and_stops_still_act() {
    let (mut ranch, disk) = ranch();
    let floor = ranch.cold();
    disk.mood.store(GONE, SeqCst);
    let eyes = Act::EyesOn(EyesOn { weapons: vec![] });
    assert_eq!(
        try_say(&ranch.node, &mut ranch.armorer, &eyes)
            .unwrap_err()
            .code(),
        "frozen"
    );
    assert!(ranch.node.frozen().unwrap().contains("the disk went away"));
    assert_eq!(ranch.word(&floor), "CHECK NEEDED");
    // It does not come back by itself, whatever the disk does.
    disk.mood.store(WELL, SeqCst);
    ranch.node.tick();
    assert_eq!(
        try_say(&ranch.node, &mut ranch.armorer, &eyes)
            .unwrap_err()
            .code(),
        "frozen"
    );
    assert!(
        !ranch
            .node
            .record(None, 10, &viewer(&ranch.second))
            .lines
            .is_empty(),
        "reads go on"
    );
    let (told, heard) = mpsc::channel();
    ranch
        .node
        .press_stop(&press(), move |recorded| told.send(recorded).unwrap());
    assert_eq!(
        ranch
            .node
            .view(&Viewer::Stranger, |view| view.state.stops.len()),
        1
    );
    assert!(
        !heard.recv().unwrap(),
        "it stands and is told as not recorded"
    );
}
