//! A visit: a device proves its key once by signing a challenge and gets a cookie that is good for *looking* only.
//! A cookie never signs anything; every statement carries its own signature.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::desk::{Me, Viewer};
use crate::limit;
use crate::site::Shared;

const COOKIE: &str = "coldproof_visit";

/// Open visits and the secret that challenges are made with. Lost at a restart: phones prove themselves again.
pub(crate) struct Visits {
    secret: [u8; 32],
    open: Mutex<HashMap<String, Visit>>,
}

struct Visit {
    key: String,
    shared: bool,
    opened: Instant,
}

impl Visits {
    pub(crate) fn new() -> Self {
        Self {
            secret: random(),
            open: Mutex::new(HashMap::new()),
        }
    }

    /// A challenge that needs no memory: 16 random bytes, the time, and a digest of both with the secret. 80 hex.
    pub(crate) fn challenge(&self) -> String {
        let salt: [u8; 16] = random();
        let made = now_s().to_be_bytes();
        hex(&[&salt[..], &made[..], &self.seal(&salt, made)[..]].concat())
    }

    /// True for a challenge of ours that is not too old.
    pub(crate) fn is_ours(&self, challenge: &str) -> bool {
        let Some(bytes) = unhex(challenge) else {
            return false;
        };
        let (Some(salt), Some(made), Some(seal), 40) = (
            bytes.get(..16).and_then(|b| <[u8; 16]>::try_from(b).ok()),
            bytes.get(16..24).and_then(|b| <[u8; 8]>::try_from(b).ok()),
            bytes.get(24..40),
            bytes.len(),
        ) else {
            return false;
        };
        let age = now_s().saturating_sub(u64::from_be_bytes(made));
        seal == self.seal(&salt, made) && age <= limit::CHALLENGE_LASTS.as_secs()
    }

    fn seal(&self, salt: &[u8; 16], made: [u8; 8]) -> [u8; 16] {
        let digest = Sha256::new()
            .chain_update(self.secret)
            .chain_update(salt)
            .chain_update(made)
            .finalize();
        let mut out = [0; 16];
        out.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        out
    }

    /// Opens a visit; the answer is the value for `Set-Cookie`.
    pub(crate) fn open(&self, me: &Me, shared: bool, is_tls: bool) -> String {
        let token = hex(&random::<32>());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, visit| visit.opened.elapsed() < limit::VISIT_LASTS);
        if open.len() >= limit::VISITS_MAX {
            let oldest = open
                .iter()
                .min_by_key(|(_, visit)| visit.opened)
                .map(|(token, _)| token.clone());
            oldest.map(|token| open.remove(&token));
        }
        open.insert(
            token.clone(),
            Visit {
                key: me.key.clone(),
                shared,
                opened: Instant::now(),
            },
        );
        let secure = if is_tls { "; Secure" } else { "" };
        format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
    }

    /// Forgets the visit; the answer clears the cookie.
    pub(crate) fn end(&self, headers: &HeaderMap) -> String {
        if let Some(token) = cookie(headers, COOKIE) {
            self.open
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(token);
        }
        format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    fn key_of(&self, headers: &HeaderMap) -> Option<(String, bool)> {
        let token = cookie(headers, COOKIE)?;
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = open
            .get(token)
            .filter(|visit| visit.opened.elapsed() < limit::VISIT_LASTS)?;
        Some((visit.key.clone(), visit.shared))
    }
}

/// Who asks, as an extractor. A revoked key is a stranger at its next request.
pub(crate) struct Looking {
    pub(crate) viewer: Viewer,
    pub(crate) me: Option<Me>,
}

impl FromRequestParts<Shared> for Looking {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Shared) -> Result<Self, Self::Rejection> {
        let found = site
            .visits
            .key_of(&parts.headers)
            .and_then(|(key, shared)| Some((site.desk.me(&key)?, shared)));
        Ok(match found {
            Some((me, shared)) => {
                let viewer = Viewer::Enrolled {
                    person: me.person.clone(),
                    key: me.key.clone(),
                    shared,
                };
                Self {
                    viewer,
                    me: Some(me),
                }
            }
            None => Self {
                viewer: Viewer::Stranger,
                me: None,
            },
        })
    }
}

/// True if the 64 signature bytes over `message` are by the key (64 hex), strictly.
pub(crate) fn signed_by(key: &str, message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = unhex(key).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        return false;
    };
    let Ok(signature) = Signature::from_slice(signature) else {
        return false;
    };
    VerifyingKey::from_bytes(&key)
        .is_ok_and(|key| !key.is_weak() && key.verify_strict(message, &signature).is_ok())
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Random bytes. Without a source of randomness nothing here may go on, so a fault gives bytes that match nothing:
/// the process is about to fail at TLS as well.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes");
        std::process::abort();
    }
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs())
}
