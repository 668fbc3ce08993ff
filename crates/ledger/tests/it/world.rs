//! A log in memory, made with fixed keys, to be verified and spoiled.

use ed25519_dalek::SigningKey;
use ledger::checkpoint::{Checkpoint, Origin};
use ledger::entry::Entry;
use ledger::envelope::{self, Content, Header, SeenHead, Shown, Signed};
use ledger::merkle::{EMPTY_ROOT, Frontier, leaf_hash};
use ledger::verify::{Fault, Keyring, ReadAgain, Reader, Report, Verifier};
use ledger::{Beside, Digest, PublicKey};

pub(crate) const ORIGIN: &str = "ranch.example/prairie/2021-7f3a";

pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

pub(crate) fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[2; 32])
}

pub(crate) fn origin() -> Origin {
    ORIGIN.parse().unwrap()
}

pub(crate) fn header(key: &SigningKey, counter: u64, prev: Digest, content: Content) -> Header {
    Header {
        origin: ORIGIN.into(),
        kind: "check.look".into(),
        kv: 1,
        person: Digest([0x11; 32]),
        key: PublicKey::of(key),
        counter,
        prev,
        at_ms: 1_634_846_400_000,
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
        content,
    }
}

/// The log's first entry enrols the device in an open body; then the device signs `n` looks with bodies beside.
pub(crate) struct World {
    pub(crate) entries: Vec<(Vec<u8>, Option<Beside>)>,
    pub(crate) notes: Vec<String>,
}

impl World {
    pub(crate) fn of(n: u64) -> Self {
        let mut world = Self {
            entries: vec![],
            notes: vec![],
        };
        let open = format!(r#"{{"enrol":"{}"}}"#, PublicKey::of(&device_key())).into_bytes();
        let first = header(&log_key(), 1, Digest::ZERO, Content::Open(open));
        world.push(&first, &log_key(), None, 1_000);
        let mut prev = Digest::ZERO;
        for counter in 1..=n {
            let beside = Beside {
                salt: [u8::try_from(counter % 251).unwrap(); 32],
                body: format!(r#"{{"empty":{counter}}}"#).into(),
            };
            let look = header(
                &device_key(),
                counter,
                prev,
                Content::Beside(beside.commitment()),
            );
            prev = Digest::of(&look.write().unwrap());
            world.push(
                &look,
                &device_key(),
                Some(beside),
                1_000 + i64::try_from(counter).unwrap(),
            );
        }
        world
    }

    pub(crate) fn push(
        &mut self,
        header: &Header,
        key: &SigningKey,
        beside: Option<Beside>,
        at_ms: i64,
    ) {
        let statement = envelope::sign(header, key).unwrap();
        let entry = Entry {
            at_ms,
            statement,
            outcome: br#"{"admitted":true}"#.to_vec(),
            packs: vec![],
        };
        self.entries.push((entry.write().unwrap(), beside));
        self.seal();
    }

    /// Signs a head over what there is.
    pub(crate) fn seal(&mut self) {
        let mut frontier = Frontier::new();
        for (entry, _) in &self.entries {
            frontier.append(leaf_hash(entry));
        }
        let checkpoint = Checkpoint {
            origin: origin(),
            size: frontier.size(),
            root: frontier.root(),
        };
        self.notes.push(checkpoint.sign(&log_key()).unwrap());
    }

    pub(crate) fn verify(&self) -> Result<Report, Fault> {
        self.verify_with(self.notes.last().unwrap())
    }

    /// One by one and everything kept, and in chunks with everything read again: both say the same.
    pub(crate) fn verify_with(&self, note: &str) -> Result<Report, Fault> {
        let answer = self.verify_one_by_one(note);
        for chunk in [1, 3, 100] {
            assert_eq!(
                self.verify_in_chunks(note, chunk, Reader::batched()),
                answer
            );
        }
        assert_eq!(self.verify_in_chunks(note, 4, Reader::one_by_one()), answer);
        answer
    }

    fn verify_one_by_one(&self, note: &str) -> Result<Report, Fault> {
        let log = PublicKey::of(&log_key());
        let mut verifier = Verifier::new(&origin(), log, Keys(vec![log])).unwrap();
        for (entry, beside) in &self.entries {
            verifier.push(entry, beside.as_ref())?;
        }
        verifier.finish(note, self.notes.iter().map(String::as_str))
    }

    fn verify_in_chunks(
        &self,
        note: &str,
        chunk: usize,
        mut reader: Reader,
    ) -> Result<Report, Fault> {
        let log = PublicKey::of(&log_key());
        let again = ReadAgain::new(|index| {
            let entry = self.entries.get(usize::try_from(index).unwrap());
            entry.map(|(bytes, _)| bytes).ok_or("gone".to_string())
        });
        let mut verifier = Verifier::reading_again(&origin(), log, Keys(vec![log]), again).unwrap();
        for chunk in self.entries.chunks(chunk) {
            for checked in reader.read(chunk.iter().cloned()) {
                let (entry, statement, _) = verifier.take(checked)?.into_parts();
                assert_eq!(envelope::open(&entry.statement), Ok(statement));
            }
        }
        verifier.finish(note, self.notes.iter().map(String::as_str))
    }
}

/// Learns keys from open bodies of the form `{"enrol":"<key>"}`.
pub(crate) struct Keys(pub(crate) Vec<PublicKey>);

impl Keyring for Keys {
    fn may_sign(&mut self, _: u64, statement: &Signed) -> Result<(), String> {
        let key = statement.header.key;
        if self.0.contains(&key) {
            Ok(())
        } else {
            Err(format!("the key `{key}` was never enrolled"))
        }
    }

    fn learn(
        &mut self,
        _: u64,
        _: &Entry,
        statement: &Signed,
        _: Option<&Beside>,
    ) -> Result<(), String> {
        if let Content::Open(body) = &statement.header.content {
            let body = std::str::from_utf8(body).unwrap();
            let key = body
                .strip_prefix(r#"{"enrol":""#)
                .and_then(|rest| rest.strip_suffix(r#""}"#))
                .unwrap();
            self.0.push(key.parse().unwrap());
        }
        Ok(())
    }
}
