//! Signing as a device does: counter, previous statement, salt. The command line, the demonstration, tests and benches
//! write their statements here, as phones write theirs.

use std::fs;
use std::path::Path;

use domain::act::{Act, Keeping};
use domain::id::{KeyId, PersonId, StatementId, hex32};
use domain::time::Millis;
use ed25519_dalek::SigningKey;
use ledger::envelope::{self, Content, Header, SeenHead, Shown};
use ledger::{Beside, Digest, PublicKey};
use serde::{Deserialize, Serialize};

use crate::answer::NotEntered;
use crate::keys::{KeysError, hex, id_of, random32, write_private};
use crate::submission::Submission;

/// The head a device has seen, and what the node's clock showed then.
pub type Seen = SeenHead;

/// One key with its person, its count and its last statement.
#[derive(Clone)]
pub struct Device {
    key: SigningKey,
    origin: String,
    person: PersonId,
    shared: bool,
    counter: u64,
    prev: Digest,
}

/// A statement signed and ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: StatementId,
    /// What to send.
    pub submission: Submission,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u32,
    origin: String,
    person: PersonId,
    secret: String,
    counter: u64,
    prev: Digest,
}

impl Device {
    /// A new key for the log `origin`, not yet anybody's.
    ///
    /// # Errors
    /// [`KeysError::Random`].
    pub fn new(origin: &str) -> Result<Self, KeysError> {
        Ok(Self::from_secret(origin, random32()?))
    }

    /// The device whose secret key is `secret`, from the start of its count.
    pub fn from_secret(origin: &str, secret: [u8; 32]) -> Self {
        Self::of(SigningKey::from_bytes(&secret), origin)
    }

    pub(crate) fn of(key: SigningKey, origin: &str) -> Self {
        Self {
            key,
            origin: origin.to_owned(),
            person: PersonId::ZERO,
            shared: false,
            counter: 0,
            prev: Digest::ZERO,
        }
    }

    /// For the person who enrolled with it, or who is about to add it.
    #[must_use]
    pub fn for_person(mut self, person: PersonId) -> Self {
        self.person = person;
        self
    }

    /// Marks what it signs as signed on the shared cart screen.
    #[must_use]
    pub fn on_shared_screen(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Goes on after its statement `prev`, the `counter`th.
    #[must_use]
    pub fn after(mut self, counter: u64, prev: StatementId) -> Self {
        self.counter = counter;
        self.prev = Digest(prev.0);
        self
    }

    /// Its public key.
    pub fn key(&self) -> KeyId {
        id_of(&self.key)
    }

    /// Whose it is.
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Signs `act` at `at` (ms UTC by this device's clock), having seen `head`.
    ///
    /// # Errors
    /// [`NotEntered::Invalid`] when the act does not fit into a statement, [`NotEntered::Fault`] without randomness.
    pub fn sign(&mut self, act: &Act, at: Millis, head: Seen) -> Result<Draft, NotEntered> {
        let kind = act.kind();
        let body = act.body();
        let (content, beside) = match kind.keeping() {
            Keeping::Open => (Content::Open(body), None),
            Keeping::Record | Keeping::Sealed => {
                let salt = random32()
                    .map_err(|error| NotEntered::fault("no_random", error.to_string(), true))?;
                let beside = Beside { salt, body };
                (Content::Beside(beside.commitment()), Some(beside))
            }
        };
        let header = Header {
            origin: self.origin.clone(),
            kind: kind.stored().to_owned(),
            kv: kind.version(),
            person: Digest(self.person.0),
            key: PublicKey::of(&self.key),
            counter: self.counter + 1,
            prev: self.prev,
            at_ms: at,
            head,
            shown: Shown {
                lang: "en".to_owned(),
                words: 1,
            },
            shared: self.shared,
            content,
        };
        let wrong =
            |fault: envelope::EnvelopeError| NotEntered::invalid("unreadable", fault.to_string());
        let id = Digest::of(&header.write().map_err(wrong)?);
        let envelope = envelope::sign(&header, &self.key).map_err(wrong)?;
        self.counter += 1;
        self.prev = id;
        Ok(Draft {
            id: StatementId(id.0),
            submission: Submission { envelope, beside },
        })
    }

    /// Keeps the key with its count in a file that only this user can read.
    ///
    /// # Errors
    /// From the file system.
    pub fn save(&self, path: &Path) -> Result<(), KeysError> {
        let wire = Wire {
            v: 1,
            origin: self.origin.clone(),
            person: self.person,
            secret: hex(self.key.as_bytes()),
            counter: self.counter,
            prev: self.prev,
        };
        // INVARIANT: strings and integers; writing them to memory cannot fail.
        write_private(path, &serde_json::to_vec(&wire).unwrap_or_default())
    }

    /// Reads what [`Device::save`] wrote.
    ///
    /// # Errors
    /// [`KeysError::NotAKey`], or from the file system.
    pub fn load(path: &Path) -> Result<Self, KeysError> {
        let bytes = fs::read(path).map_err(|source| crate::keys::io_error("read", path, source))?;
        let bad = || KeysError::NotAKey {
            path: path.to_owned(),
        };
        let wire: Wire = serde_json::from_slice(&bytes).map_err(|_| bad())?;
        let secret = hex32(&wire.secret)
            .filter(|_| wire.v == 1)
            .ok_or_else(bad)?;
        Ok(Self::from_secret(&wire.origin, secret)
            .for_person(wire.person)
            .after(wire.counter, StatementId(wire.prev.0)))
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device")
            .field("key", &self.key())
            .field("counter", &self.counter)
            .finish_non_exhaustive()
    }
}
