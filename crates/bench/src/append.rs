//! Ours: verify the signature, check the body against its commitment, write the entry, append, wait until it is durable.

use crate::crowd::{self, Cell};
use anyhow::Context as _;
use domain::act::{Act, incidents::Note};
use domain::words::{Account, Learnt, Sure, Words};
use ed25519_dalek::SigningKey;
use ledger::checkpoint::Origin;
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::merkle::EMPTY_ROOT;
use ledger::{Beside, Digest, PublicKey};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;
use store::{Ack, Append, Log as _, SqliteLog};

/// Statements that all signers together have ready, signed beforehand since signing is the devices' work: more than any
/// disk here takes in one cell.
const READY: usize = 64_000;
/// One signer alone waits for the disk each time.
const READY_EACH: usize = 12_000;

/// The log.
const ORIGIN: &str = "bench.example/high-desert/1";

/// A statement ready to send.
pub(crate) struct Ready {
    pub(crate) envelope: Vec<u8>,
    pub(crate) beside: Beside,
}

/// What each signer sends, in order.
pub(crate) type Statements = Vec<Vec<Ready>>;

/// Signs what `signers` devices will send.
pub(crate) fn sign(signers: usize) -> anyhow::Result<Statements> {
    let each = (READY / signers.max(1)).min(READY_EACH);
    (0..signers)
        .map(|signer| {
            let mut secret = [1; 32];
            for (byte, part) in secret.iter_mut().zip(signer.to_be_bytes()) {
                *byte = part;
            }
            let key = SigningKey::from_bytes(&secret);
            (1..=each).map(|counter| one(&key, counter)).collect()
        })
        .collect()
}

fn one(key: &SigningKey, counter: usize) -> anyhow::Result<Ready> {
    let act = Act::Note(Note {
        words: Words::new(&format!(
            "Note {counter}: wind from the west, shots carry to the road, the horses are restless."
        )),
        account: Account {
            happened_at: None,
            learnt: Learnt::Saw,
            sure: Sure::Sure,
        },
    });
    let beside = Beside {
        salt: [9; 32],
        body: act.body(),
    };
    let header = Header {
        origin: ORIGIN.into(),
        kind: act.kind().stored().into(),
        kv: 1,
        person: Digest([1; 32]),
        key: PublicKey::of(key),
        counter: u64::try_from(counter)?,
        prev: Digest::ZERO,
        at_ms: 1_792_800_000_000,
        head: SeenHead {
            size: 0,
            root: EMPTY_ROOT,
            at_ms: 0,
        },
        shown: Shown {
            lang: "en".into(),
            words: 1,
        },
        shared: false,
        content: Content::Beside(beside.commitment()),
    };
    Ok(Ready {
        envelope: envelope::sign(&header, key)?,
        beside,
    })
}

/// One cell: a fresh log, every signer in a closed loop.
pub(crate) fn run(statements: &Statements, lasts: Duration) -> anyhow::Result<Cell> {
    let folder = tempfile::tempdir()?;
    let key = SigningKey::from_bytes(&[7; 32]);
    let origin: Origin = ORIGIN.parse()?;
    let verifier = origin.verifier(PublicKey::of(&key))?;
    let signer = Box::new(move |head: &ledger::checkpoint::Checkpoint| {
        head.sign(&key).map_err(|error| error.to_string())
    });
    let log = SqliteLog::create(folder.path(), &verifier, signer)?;
    // The index of the next entry; whoever holds it hands over next, as the node does under its one lock.
    let next = Mutex::new(0_u64);
    crowd::run(statements.len(), lasts, |signer, turn| {
        let Some(ready) = statements.get(signer).and_then(|all| all.get(turn)) else {
            return Ok(false);
        };
        let opened = envelope::open(&ready.envelope)?;
        let entry = Entry {
            at_ms: 1_792_800_000_000,
            statement: ready.envelope.clone(),
            outcome: br#"{"admitted":true}"#.to_vec(),
            packs: vec![],
        };
        let append = Append::new(&opened, &entry, Some(ready.beside.clone()))?;
        let (sender, receiver) = mpsc::sync_channel(1);
        {
            let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
            log.submit(
                *next,
                vec![append],
                Ack::new(move |answer| drop(sender.send(answer))),
            );
            *next += 1;
        }
        receiver.recv().context("no answer came")??;
        Ok(true)
    })
}
