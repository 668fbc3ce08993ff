//! Cosigners: asked, kept, and believed when they hold more.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use domain::act::Act;
use domain::act::record::{AdoptCosigners, Cosigner as Adopted};
use domain::words::Words;
use ed25519_dalek::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::cosignature::{CosignerKey, cosign};
use ledger::merkle::verify_consistency;
use ledger::note::{VerifierKey, with_lines};
use ledger::policy::Policy;
use ledger::{Digest, PublicKey};
use node::{Around, AskError, Cosigner, Cosigners, Node, Viewer};
use store::{Log as _, MemoryLog};

use crate::world::*;

/// Cosigners in memory, as `docs/formats/cosign.md` has them.
pub struct Table {
    log: Mutex<Option<VerifierKey>>,
    heads: Mutex<BTreeMap<String, Checkpoint>>,
    /// The notes it signed last, as it shows them.
    notes: Mutex<BTreeMap<String, String>>,
    /// Whether it shows them.
    pub shows: AtomicBool,
    pub is_reachable: AtomicBool,
    pub asked: AtomicUsize,
}

pub fn key(name: &str) -> SigningKey {
    let mut secret = [7; 32];
    for (place, byte) in secret.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    SigningKey::from_bytes(&secret)
}

impl Table {
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            log: Mutex::new(None),
            heads: Mutex::new(BTreeMap::new()),
            notes: Mutex::new(BTreeMap::new()),
            shows: AtomicBool::new(true),
            is_reachable: AtomicBool::new(true),
            asked: AtomicUsize::new(0),
        })
    }

    pub fn follow(&self, log: &VerifierKey) {
        *self.log.lock().unwrap() = Some(log.clone());
    }

    pub fn around(self: &Arc<Self>) -> Around {
        Around {
            cosigners: Some(self.clone()),
            ..Around::default()
        }
    }

    pub fn size(&self, name: &str) -> Option<u64> {
        self.heads.lock().unwrap().get(name).map(|head| head.size)
    }

    pub fn forget(&self, name: &str) {
        self.heads.lock().unwrap().remove(name);
    }
}

impl Cosigners for Table {
    fn ask(
        &self,
        cosigner: &Cosigner,
        old: u64,
        proof: &[Digest],
        note: &str,
    ) -> Result<String, AskError> {
        self.asked.fetch_add(1, SeqCst);
        if !self.is_reachable.load(SeqCst) {
            return Err(AskError::Unreachable("no network".into()));
        }
        let log = self.log.lock().unwrap().clone().unwrap();
        let head = Checkpoint::open(note, &log).unwrap();
        let mut heads = self.heads.lock().unwrap();
        let held = heads.get(&cosigner.name).cloned();
        let held_size = held.as_ref().map_or(0, |held| held.size);
        if held_size != old {
            return Err(if held_size > head.size {
                AskError::Ahead(held_size)
            } else {
                AskError::Behind(held_size)
            });
        }
        if let Some(held) = held
            && verify_consistency(held.size, &held.root, head.size, &head.root, proof).is_err()
        {
            return Err(AskError::Fork);
        }
        heads.insert(cosigner.name.clone(), head.clone());
        let line = cosign(&head, 1_634_846_400, &cosigner.name, &key(&cosigner.name)).unwrap();
        self.notes
            .lock()
            .unwrap()
            .insert(cosigner.name.clone(), with_lines(note, &line).unwrap());
        Ok(line)
    }

    fn latest(&self, cosigner: &Cosigner, origin: &str) -> Result<Option<String>, AskError> {
        let notes = self.notes.lock().unwrap();
        let note = notes.get(&cosigner.name).cloned();
        let note = note.filter(|_| self.shows.load(SeqCst));
        Ok(note.filter(|note| note.starts_with(&format!("{origin}\n"))))
    }
}

pub fn adopt(names: &[(&str, bool)], quorum: u32) -> Act {
    let cosigner = |(name, outside): &(&str, bool)| Adopted {
        name: (*name).to_owned(),
        vkey: CosignerKey::new(name, PublicKey::of(&key(name)))
            .unwrap()
            .to_string(),
        url: format!("https://{name}.example/cosign"),
        whose: Words::new("an insurer"),
        outside: *outside,
    };
    Act::AdoptCosigners(AdoptCosigners {
        cosigners: names.iter().map(cosigner).collect(),
        quorum,
        outside: 1,
    })
}

/// A ranch whose record two cosigners signed, one of them from outside.
fn cosigned() -> (Ranch, Arc<Table>) {
    let table = Table::new();
    let mut ranch = Ranch::with(table.around());
    table.follow(ranch.node.verifier());
    let two = adopt(&[("insurer", true), ("office", false)], 2);
    let adopted = say(&ranch.node, &mut ranch.admin, &two);
    assert!(adopted.outcome.admitted, "{:?}", adopted.outcome.reasons);
    assert!(!ranch.node.cosigning().is_met);
    ranch.node.ask_cosigners();
    (ranch, table)
}

#[test]
fn a_head_is_cosigned_by_all_and_the_policy_is_met() {
    let (ranch, table) = cosigned();
    let now = ranch.node.cosigning();
    assert!(now.is_met && now.is_adopted, "{now:?}");
    assert_eq!(now.size, Some(ranch.node.seen().size));
    assert_eq!(now.at, Some(1_634_846_400_000));
    assert_eq!(now.outside_at, Some(1_634_846_400_000));
    let policy = Policy::parse(ranch.node.policy().unwrap().as_bytes()).unwrap();
    for note in [ranch.node.cosigned().unwrap(), ranch.node.checkpoint()] {
        let judged = policy.judge(&note, Some(ranch.node.verifier())).unwrap();
        assert!(judged.is_met && judged.cosigned.len() == 2);
    }
    // Nothing grew: nobody is asked again within the hour.
    let asked = table.asked.load(SeqCst);
    ranch.watch.0.pass(10_000);
    ranch.node.ask_cosigners();
    assert_eq!(table.asked.load(SeqCst), asked);
    ranch.watch.0.pass(3_600_000);
    ranch.node.ask_cosigners();
    assert_eq!(table.asked.load(SeqCst), asked + 2);
}

#[test]
fn a_proof_carries_the_cosignatures_of_its_head() {
    let (mut ranch, _) = cosigned();
    let size = ranch.node.seen().size;
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    let text = ranch.node.proof(3, Some(size)).unwrap();
    let proof = ledger::tlog_proof::TlogProof::parse(&text).unwrap();
    let policy = Policy::parse(ranch.node.policy().unwrap().as_bytes()).unwrap();
    assert!(
        policy
            .judge(&proof.note, Some(ranch.node.verifier()))
            .unwrap()
            .is_met
    );
    let stranger = ranch.node.proof(3, None).unwrap();
    assert!(!stranger.contains("insurer"), "{stranger}");
}

#[test]
fn a_cosigner_that_cannot_be_reached_keeps_nobody_and_is_said() {
    let (mut ranch, table) = cosigned();
    let size = ranch.node.seen().size;
    table.is_reachable.store(false, SeqCst);
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    ranch.watch.0.pass(2_000);
    ranch.node.ask_cosigners();
    let now = ranch.node.cosigning();
    assert!(now.is_met && now.size == Some(size), "{now:?}");
    assert!(
        now.cosigners
            .iter()
            .all(|one| one.says.contains("no network"))
    );
    let ranch = ranch.restart_with(table.around());
    assert_eq!(ranch.node.frozen(), None);
    let kept = ranch.node.cosigning();
    assert!(
        kept.is_met && kept.size == Some(size),
        "kept over a restart"
    );
    table.is_reachable.store(true, SeqCst);
    ranch.watch.0.pass(400_000);
    ranch.node.ask_cosigners();
    assert_eq!(ranch.node.cosigning().size, Some(ranch.node.seen().size));
}

#[test]
fn an_older_copy_of_the_folder_freezes_at_its_start_because_a_cosigner_holds_more() {
    let (mut ranch, table) = cosigned();
    let older = ranch.copy();
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    ranch.watch.0.pass(2_000);
    ranch.node.ask_cosigners();
    let ranch = ranch.put_back(&older, table.around());
    let why = ranch.node.frozen().unwrap().to_owned();
    assert!(
        why.contains("insurer") && why.contains("rolled back"),
        "{why}"
    );
    // It stays frozen with nobody to ask.
    let ranch = ranch.restart();
    assert_eq!(ranch.node.frozen(), Some(&*why));
}

#[test]
fn a_log_that_forked_while_nobody_could_be_asked_freezes_when_they_can() {
    let (mut ranch, table) = cosigned();
    let older = ranch.copy();
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    ranch.watch.0.pass(2_000);
    ranch.node.ask_cosigners();
    // The insurer saw one side of the fork only; the office begins anew with the other.
    table.forget("office");
    table.is_reachable.store(false, SeqCst);
    let mut ranch = ranch.put_back(&older, table.around());
    assert_eq!(ranch.node.frozen(), None);
    for tag in ["08", "09", "10"] {
        let receive = revolver(tag);
        ranch.armorer = ranch.armorer_again();
        say(&ranch.node, &mut ranch.armorer, &receive);
    }
    table.is_reachable.store(true, SeqCst);
    ranch.watch.0.pass(400_000);
    ranch.node.ask_cosigners();
    let why = ranch.node.frozen().unwrap().to_owned();
    assert!(why.contains("insurer") && why.contains("forked"), "{why}");
    let signed = table.size("office");
    assert!(signed.is_some(), "who saw no other side signs this one");
    let all_need_a_check = ranch.node.view(&Viewer::Stranger, |view| {
        let weapons = view.board().weapons;
        let needs = |shown: &domain::board::Shown| shown.word.says() == "CHECK NEEDED";
        weapons.len() == 3 && weapons.iter().all(needs)
    });
    assert!(all_need_a_check);
}

#[test]
fn a_log_in_memory_is_asked_about_at_its_start_too() {
    let table = Table::new();
    let dir = tempfile::tempdir().unwrap();
    let watch = watch();
    let mut kept: Option<Arc<MemoryLog>> = None;
    let (node, link) = Node::create_on(
        dir.path(),
        &opening(),
        Box::new(KindBook),
        Box::new(watch.clone()),
        |key, signer| {
            let log = Arc::new(MemoryLog::new(key, signer).unwrap());
            kept = Some(log.clone());
            log
        },
    )
    .unwrap();
    let log = kept.unwrap();
    table.follow(node.verifier());
    let mut ranch = Ranch::people(dir, watch, node, &link);
    say(
        &ranch.node,
        &mut ranch.admin,
        &adopt(&[("insurer", true)], 1),
    );
    let Ranch {
        node, watch, dir, ..
    } = ranch;
    drop(node);
    let open = || {
        Node::open_on(
            dir.path(),
            log.clone(),
            Box::new(KindBook),
            Box::new(watch.clone()),
            table.around(),
        )
        .unwrap()
    };
    let before = log.head().size;
    let node = open();
    assert_eq!(node.frozen(), None);
    assert_eq!(
        table.size("insurer"),
        Some(before),
        "asked before anything was written"
    );
    assert!(node.cosigning().is_met);
    drop(node);
    // An answer that it signed more: its word alone, with no note of more.
    let more = Checkpoint {
        size: 10_000,
        ..table.heads.lock().unwrap()["insurer"].clone()
    };
    table.heads.lock().unwrap().insert("insurer".into(), more);
    let node = open();
    assert_eq!(node.frozen(), None);
    let doubt = node.cosigning().cosigners[0].doubt.clone().unwrap();
    assert!(doubt.says.contains("10000 entries"), "{doubt:?}");
}

/// Answers what it likes, and shows what it likes; anybody on the way could.
struct Forger {
    answers: AskError,
    shows: Mutex<Option<String>>,
}

impl Cosigners for Forger {
    fn ask(&self, _: &Cosigner, _: u64, _: &[Digest], _: &str) -> Result<String, AskError> {
        Err(self.answers.clone())
    }

    fn latest(&self, _: &Cosigner, _: &str) -> Result<Option<String>, AskError> {
        Ok(self.shows.lock().unwrap().clone())
    }
}

#[test]
fn an_answer_that_nobody_signed_freezes_nothing_and_stays_in_view() {
    let (ranch, table) = cosigned();
    let own = ranch.node.cosigned().unwrap();
    let held = Checkpoint::open(&own, ranch.node.verifier()).unwrap();
    let other = Checkpoint {
        root: Digest([9; 32]),
        ..held.clone()
    };
    let line = |head: &Checkpoint| cosign(head, 5, "insurer", &key("insurer")).unwrap();
    // The cosigner's own signature alone, and one by a key that only calls itself the log's.
    let alone = format!("{}\n{}", other.text(), line(&other));
    let forged = other.sign(&key("another")).unwrap();
    let forged = with_lines(&forged, &line(&other)).unwrap();
    let mut ranch = ranch;
    for answers in [AskError::Fork, AskError::Ahead(10_000)] {
        for shows in [
            None,
            Some("nothing like a note".to_owned()),
            Some(alone.clone()),
            Some(forged.clone()),
            Some(own.clone()),
        ] {
            let forger = Arc::new(Forger {
                answers: answers.clone(),
                shows: Mutex::new(shows.clone()),
            });
            ranch = ranch.restart_with(Around {
                cosigners: Some(forger),
                ..Around::default()
            });
            assert_eq!(ranch.node.frozen(), None, "{answers:?} {shows:?}");
            let now = ranch.node.cosigning();
            let doubt = now.cosigners[0].doubt.clone().unwrap();
            assert!(
                doubt.says.contains("`insurer` answers"),
                "{answers:?} {shows:?}: {doubt:?}"
            );
            assert!(now.is_met, "what was signed before stays");
        }
    }
    // It stays over a restart with nobody to ask, and is seen beside the node.
    ranch = ranch.restart();
    assert!(ranch.node.cosigning().cosigners[0].doubt.is_some());
    assert_eq!(node::doubts(ranch.node.folder()).unwrap().len(), 2);
    // It signs again: settled.
    ranch = ranch.restart_with(table.around());
    let now = ranch.node.cosigning();
    assert!(
        now.cosigners.iter().all(|one| one.doubt.is_none()),
        "{now:?}"
    );
    assert!(node::doubts(ranch.node.folder()).unwrap().is_empty());
}

#[test]
fn a_rollback_at_whose_start_the_cosigner_shows_nothing_is_found_when_it_shows_its_note() {
    let (mut ranch, table) = cosigned();
    let older = ranch.copy();
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    ranch.watch.0.pass(2_000);
    ranch.node.ask_cosigners();
    table.shows.store(false, SeqCst);
    let ranch = ranch.put_back(&older, table.around());
    assert_eq!(ranch.node.frozen(), None);
    let doubt = ranch.node.cosigning().cosigners[0].doubt.clone().unwrap();
    assert!(doubt.says.contains("showed no signed note"), "{doubt:?}");
    table.shows.store(true, SeqCst);
    ranch.watch.0.pass(400_000);
    ranch.node.ask_cosigners();
    assert!(ranch.node.frozen().is_some());
    let shown = ranch.node.frozen_by();
    assert_eq!(shown.len(), 1, "the note is kept");
    let head = Checkpoint::open(&shown[0], ranch.node.verifier()).unwrap();
    assert_eq!(Some(head.size), table.size("insurer"));
}

/// A cosigner behind a network that swallows everything.
struct Nowhere;

impl Cosigners for Nowhere {
    fn ask(&self, _: &Cosigner, _: u64, _: &[Digest], _: &str) -> Result<String, AskError> {
        std::thread::sleep(std::time::Duration::from_mins(1));
        Err(AskError::Unreachable("nothing came back".into()))
    }
}

#[test]
fn a_start_waits_some_seconds_for_cosigners_and_a_stop_of_the_node_none() {
    let (ranch, _) = cosigned();
    let began = std::time::Instant::now();
    let ranch = ranch.restart_with(Around {
        cosigners: Some(Arc::new(Nowhere)),
        ..Around::default()
    });
    let waited = began.elapsed().as_millis();
    assert!((4_000..9_000).contains(&waited), "{waited} ms");
    assert_eq!(ranch.node.frozen(), None);
    let says = &ranch.node.cosigning().cosigners[0].says;
    assert!(says.contains("in time"), "{says}");
    let began = std::time::Instant::now();
    drop(ranch);
    assert!(began.elapsed().as_secs() < 3);
}

#[test]
fn the_node_asks_by_itself_and_no_answer_waits_for_it() {
    let table = Table::new();
    let mut ranch = Ranch::with(table.around());
    table.follow(ranch.node.verifier());
    ranch.node.run_clock().unwrap();
    say(
        &ranch.node,
        &mut ranch.admin,
        &adopt(&[("insurer", true)], 1),
    );
    let size = ranch.node.seen().size;
    until(&ranch.node, || ranch.node.cosigning().size == Some(size));
    say(&ranch.node, &mut ranch.armorer, &revolver("07"));
    // At most once a second by the node's clock, however often it looks.
    let asked = table.asked.load(SeqCst);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    assert_eq!(table.asked.load(SeqCst), asked);
    ranch.watch.0.pass(1_000);
    until(&ranch.node, || {
        ranch.node.cosigning().size == Some(ranch.node.seen().size)
    });
}

#[test]
fn an_answer_that_another_key_signed_is_no_cosignature() {
    struct Liar(Arc<Table>);
    impl Cosigners for Liar {
        fn ask(
            &self,
            cosigner: &Cosigner,
            old: u64,
            proof: &[Digest],
            note: &str,
        ) -> Result<String, AskError> {
            let line = self.0.ask(cosigner, old, proof, note)?;
            Ok(line.replace("\u{2014} insurer", "\u{2014} office"))
        }
    }
    let table = Table::new();
    let mut ranch = Ranch::with(Around {
        cosigners: Some(Arc::new(Liar(table.clone()))),
        ..Around::default()
    });
    table.follow(ranch.node.verifier());
    say(
        &ranch.node,
        &mut ranch.admin,
        &adopt(&[("insurer", true)], 1),
    );
    ranch.node.ask_cosigners();
    let now = ranch.node.cosigning();
    assert!(!now.is_met && now.size.is_none(), "{now:?}");
    assert!(now.cosigners[0].says.contains("does not hold"), "{now:?}");
    assert_eq!(ranch.node.cosigned(), None);
    assert_eq!(ranch.node.frozen(), None);
}
