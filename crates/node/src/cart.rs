//! Keys that people keep on the armorer's laptop, each sealed under its owner's PIN, for the shared cart screen.

use std::fs;
use std::path::PathBuf;
use std::sync::{MutexGuard, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use domain::act::people::Enrol;
use domain::act::{Act, Invalid};
use domain::id::{KeyId, PersonId, StatementId, hex32};
use domain::words::Means;
use ed25519_dalek::SigningKey;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use crate::answer::{Entered, NotEntered};
use crate::core::Done;
use crate::device::Device;
use crate::keys::{FOLDER, KeysError, hex, id_of, random32, write_private};
use crate::limit::{PIN_CHARS_MAX, PIN_CHARS_MIN, PIN_MEMORY_KIB, PIN_PASSES, PIN_TRIES_MAX};
use crate::node::{Node, wait};

/// What someone says at the cart, before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartDraft {
    /// Stored name of the kind.
    pub kind: String,
    /// Version of the body.
    pub kv: u32,
    /// The body's JSON.
    pub body: Vec<u8>,
}

/// A key on the cart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CartKey {
    /// Whose.
    pub person: PersonId,
    /// The public key.
    pub key: KeyId,
    /// Five wrong PINs in a row locked it: only a new key helps.
    pub locked: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u32,
    person: PersonId,
    key: KeyId,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
    /// Wrong PINs since the last right one.
    tries: u32,
}

impl Node {
    /// Keys on this cart whose person is enrolled with them.
    pub fn cart_keys(&self) -> Vec<CartKey> {
        let Ok(folder) = fs::read_dir(self.core.folder.join(FOLDER)) else {
            return Vec::new();
        };
        let shown = self.core.shown();
        let files = folder
            .flatten()
            .filter_map(|file| fs::read(file.path()).ok());
        let wires = files.filter_map(|bytes| serde_json::from_slice::<Wire>(&bytes).ok());
        wires
            .filter(|wire| {
                shown
                    .state
                    .keys
                    .get(&wire.key)
                    .is_some_and(|key| key.person == wire.person && key.revoked_at.is_none())
            })
            .map(|wire| CartKey {
                person: wire.person,
                key: wire.key,
                locked: wire.tries >= PIN_TRIES_MAX,
            })
            .collect()
    }

    /// Makes a key for the person of an enrolment link, seals it under their PIN and enrols it.
    ///
    /// # Errors
    /// [`NotEntered`]: no such link, a PIN too short, or whatever the record says.
    pub fn cart_enrol(&self, secret: &str, pin: &str) -> Result<Entered, NotEntered> {
        let offer = self.link(secret);
        let token = hex32(secret).map(StatementId);
        let (Some(offer), Some(token)) = (offer, token) else {
            return Err(NotEntered::denied(
                "no_invitation",
                "the link is unknown, was used, or has run out",
            ));
        };
        check_pin(pin)?;
        let _one = self.one_at_a_time();
        let key = SigningKey::from_bytes(&random32().map_err(|error| no_file(&error))?);
        let person = offer.for_person.unwrap_or(PersonId::ZERO);
        let mut device = Device::of(key.clone(), &self.core.origin)
            .for_person(person)
            .on_shared_screen();
        let act = Act::Enrol(Enrol {
            invite: offer.invite,
            token,
            key: device.key(),
            means: Means::Cart,
        });
        let draft = device.sign(&act, self.core.now(), self.seen())?;
        let person = offer.for_person.unwrap_or(PersonId(draft.id.0));
        // The key is kept before it is enrolled: a crash in between leaves a key that nobody knows of, not a person
        // without their key.
        let path = self.cart_file(person);
        let wire = seal(person, &key, pin)?;
        write(&path, &wire)?;
        let answer = wait(|done| self.core.submit(draft.submission, done));
        if !answer
            .as_ref()
            .is_ok_and(|entered| entered.outcome.admitted)
        {
            fs::remove_file(&path).ok();
        }
        answer
    }

    /// Whether the PIN opens that person's key. Slow and counted; locks after five wrong in a row.
    ///
    /// # Errors
    /// [`NotEntered::Denied`] with a sentence.
    pub fn cart_open(&self, person: PersonId, pin: &str) -> Result<KeyId, NotEntered> {
        let _one = self.one_at_a_time();
        self.unseal(person, pin).map(|key| id_of(&key))
    }

    /// Signs a draft with that person's own key, marked *shared*, and submits it.
    pub fn cart_sign(
        &self,
        person: PersonId,
        pin: &str,
        draft: &CartDraft,
        done: impl FnOnce(Result<Entered, NotEntered>) + Send + 'static,
    ) {
        let done: Done = Box::new(done);
        // Held until the statement has its place: the next one counts on from it.
        let _one = self.one_at_a_time();
        match self.cart_draft(person, pin, draft) {
            Ok(submission) => self.core.submit(submission, done),
            Err(not) => self.core.refuse(not, done),
        }
    }

    fn cart_draft(
        &self,
        person: PersonId,
        pin: &str,
        draft: &CartDraft,
    ) -> Result<crate::submission::Submission, NotEntered> {
        let act = Act::read(&draft.kind, draft.kv, &draft.body).map_err(|fault| {
            let code = match fault {
                Invalid::Kind(_) => "unknown_kind",
                Invalid::Version(..) => "unknown_version",
                Invalid::Strict(_) | Invalid::Body(..) => "bad_body",
            };
            NotEntered::invalid(code, fault.to_string())
        })?;
        let key = self.unseal(person, pin)?;
        let (counter, prev) = self
            .core
            .ahead()
            .last
            .get(&id_of(&key))
            .copied()
            .unwrap_or((0, StatementId::ZERO));
        let mut device = Device::of(key, &self.core.origin)
            .for_person(person)
            .on_shared_screen()
            .after(counter, prev);
        Ok(device.sign(&act, self.core.now(), self.seen())?.submission)
    }

    fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.core
            .cart
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn cart_file(&self, person: PersonId) -> PathBuf {
        self.core
            .folder
            .join(FOLDER)
            .join(format!("cart-{person}.json"))
    }

    fn unseal(&self, person: PersonId, pin: &str) -> Result<SigningKey, NotEntered> {
        let path = self.cart_file(person);
        let bytes = fs::read(&path).map_err(|_| {
            NotEntered::denied("no_cart_key", "there is no key of this person on the cart")
        })?;
        let mut wire: Wire = serde_json::from_slice(&bytes).map_err(|_| {
            NotEntered::fault(
                "cart_key",
                "the key on the cart cannot be read: make a new one",
                false,
            )
        })?;
        if wire.tries >= PIN_TRIES_MAX {
            return Err(locked());
        }
        // Counted before it is checked: pulling the plug in the middle gives no free guess.
        wire.tries += 1;
        write(&path, &wire)?;
        match open(&wire, pin) {
            Some(key) => {
                wire.tries = 0;
                write(&path, &wire)?;
                Ok(key)
            }
            None if wire.tries >= PIN_TRIES_MAX => Err(locked()),
            None => {
                let left = PIN_TRIES_MAX - wire.tries;
                Err(NotEntered::denied(
                    "wrong_pin",
                    format!("the PIN is wrong; {left} more and the key is locked"),
                ))
            }
        }
    }
}

fn locked() -> NotEntered {
    NotEntered::denied(
        "locked",
        "five wrong PINs locked this key: the administrator makes a new link and the old key is revoked",
    )
}

fn check_pin(pin: &str) -> Result<(), NotEntered> {
    let chars = pin.chars().count();
    if (PIN_CHARS_MIN..=PIN_CHARS_MAX).contains(&chars) {
        return Ok(());
    }
    Err(NotEntered::invalid(
        "pin_length",
        format!("a PIN has {PIN_CHARS_MIN} to {PIN_CHARS_MAX} characters"),
    ))
}

fn no_file(error: &KeysError) -> NotEntered {
    NotEntered::fault("cart_key", error.to_string(), true)
}

fn write(path: &std::path::Path, wire: &Wire) -> Result<(), NotEntered> {
    // INVARIANT: strings and integers; writing them to memory cannot fail.
    write_private(path, &serde_json::to_vec(wire).unwrap_or_default())
        .map_err(|error| no_file(&error))
}

/// The key that opens the seal: argon2id over the PIN.
fn stretched(pin: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Option<LessSafeKey> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, &mut key)
        .ok()?;
    UnboundKey::new(&CHACHA20_POLY1305, &key)
        .ok()
        .map(LessSafeKey::new)
}

fn seal(person: PersonId, key: &SigningKey, pin: &str) -> Result<Wire, NotEntered> {
    let failed = || NotEntered::fault("cart_key", "the key could not be sealed", true);
    let (salt, nonce) = (
        random32().map_err(|error| no_file(&error))?,
        random32().map_err(|error| no_file(&error))?,
    );
    let nonce: [u8; 12] = nonce
        .get(..12)
        .and_then(|part| part.try_into().ok())
        .ok_or_else(failed)?;
    let by = stretched(pin, &salt, PIN_MEMORY_KIB, PIN_PASSES).ok_or_else(failed)?;
    let mut sealed = key.to_bytes().to_vec();
    by.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(person.0),
        &mut sealed,
    )
    .map_err(|_| failed())?;
    Ok(Wire {
        v: 1,
        person,
        key: id_of(key),
        memory_kib: PIN_MEMORY_KIB,
        passes: PIN_PASSES,
        salt: hex(&salt),
        nonce: hex(&nonce),
        sealed: hex(&sealed),
        tries: 0,
    })
}

fn open(wire: &Wire, pin: &str) -> Option<SigningKey> {
    // A file that asks for much memory is not one of ours.
    let is_ours = wire.v == 1 && wire.memory_kib <= PIN_MEMORY_KIB * 8 && wire.passes <= 16;
    if !is_ours || pin.chars().count() > PIN_CHARS_MAX {
        return None;
    }
    let by = stretched(pin, &hex32(&wire.salt)?, wire.memory_kib, wire.passes)?;
    let nonce: [u8; 12] = unhex(&wire.nonce)?.try_into().ok()?;
    let mut sealed = unhex(&wire.sealed)?;
    let secret = by
        .open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(wire.person.0),
            &mut sealed,
        )
        .ok()?;
    let key = SigningKey::from_bytes(&<[u8; 32]>::try_from(&*secret).ok()?);
    (id_of(&key) == wire.key).then_some(key)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
