//! The envelope a device signs, and the part of its payload that the log understands.
//!
//! Format: `docs/formats/statement.md`. The bytes are kept as they came; [`open`] reads them and [`sign`] makes new ones.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::strict::{self, DEPTH_MAX, NotStrict};
use ed25519_dalek::{Signer as _, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::canonical;
use crate::limit::ENVELOPE_BYTES_MAX;
use crate::signatures::Claim;
use crate::{Digest, KeyRefused, PublicKey};

/// The DSSE payload type of every statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.coldproof.statement+json";

/// A statement whose envelope was read, whose header is sound and whose signature fits its key.
///
/// Whether that key was ever enrolled, and whether the statement is for this log, is for the caller to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// SHA-256 of the payload bytes; the id of whatever the statement makes.
    pub id: Digest,
    /// What the payload says before its body.
    pub header: Header,
}

/// The members of a payload, the body's meaning apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The log it is meant for.
    pub origin: String,
    /// Stored name of the kind, such as `weapon.take_out`.
    pub kind: String,
    /// Version of the kind's body.
    pub kv: u32,
    /// Id of the signer: the id of the statement that enrolled them; all zeros for the node itself.
    pub person: Digest,
    /// The key that signs.
    pub key: PublicKey,
    /// This key's own count, from 1.
    pub counter: u64,
    /// Id of this key's previous statement; zeros for none.
    pub prev: Digest,
    /// Milliseconds since 1970 UTC by the signer's clock: a claim.
    pub at_ms: i64,
    /// Newest checkpoint the device had seen.
    pub head: SeenHead,
    /// The words the signer saw.
    pub shown: Shown,
    /// Signed on the shared cart screen with a PIN.
    pub shared: bool,
    /// The body, or its commitment.
    pub content: Content,
}

/// The checkpoint that a device had seen when it signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenHead {
    /// Entries in the log.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// When the node said it was made, ms since 1970 UTC.
    #[serde(rename = "at")]
    pub at_ms: i64,
}

/// Language and version of the words the signer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Language tag, such as `en`.
    pub lang: String,
    /// Version of the words in that language.
    pub words: u32,
}

/// Where the body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Beside the log: this is its commitment, see [`Beside::commitment`].
    Beside(Digest),
    /// In the payload (*open* kinds): the bytes of the JSON object as they stand there.
    Open(Vec<u8>),
}

/// What is kept beside the log for a statement whose payload holds only a commitment. Left out together, erased together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Random bytes made on the device, so that nobody can find the body by trying likely ones.
    pub salt: [u8; 32],
    /// The body: one JSON object, its bytes kept.
    pub body: Vec<u8>,
}

impl Beside {
    /// SHA-256(salt ‖ body): what the payload's member `body` must say.
    pub fn commitment(&self) -> Digest {
        commitment(&self.salt, &self.body)
    }
}

/// SHA-256(salt ‖ body); see [`Beside::commitment`].
pub fn commitment(salt: &[u8; 32], body: &[u8]) -> Digest {
    Digest(
        Sha256::new()
            .chain_update(salt)
            .chain_update(body)
            .finalize()
            .into(),
    )
}

/// Why an envelope is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The bytes of the envelope or the payload are not strict JSON.
    #[error("the {part} cannot be read: {cause}")]
    Strict {
        /// `envelope` or `payload`.
        part: &'static str,
        /// What and where.
        cause: NotStrict,
    },
    /// A member is missing, unknown or of another type.
    #[error("the {part} has the wrong members: {detail}")]
    Members {
        /// `envelope` or `payload`.
        part: &'static str,
        /// Which, in the reader's words.
        detail: String,
    },
    /// Another DSSE payload type.
    #[error("the payload type is `{found}`, not a statement")]
    PayloadType {
        /// The type found.
        found: String,
    },
    /// None or several signatures.
    #[error("there are {found} signatures; a statement has exactly one")]
    SignatureCount {
        /// How many were found.
        found: usize,
    },
    /// Payload or signature are not padded standard base64, or the signature is not 64 bytes.
    #[error("the {part} is not padded standard base64 of the right length")]
    Base64 {
        /// `payload` or `signature`.
        part: &'static str,
    },
    /// Another version of this format.
    #[error("version {found} of a statement is not known here")]
    Version {
        /// The version found.
        found: u32,
    },
    /// Both or neither of `body` and `open`.
    #[error("exactly one of `body` and `open` must be present")]
    Content,
    /// A counter of zero, or a version of zero.
    #[error("`{member}` begins at 1")]
    FromOne {
        /// The member.
        member: &'static str,
    },
    /// The envelope's `keyid` is not the payload's `key`; or, when signing, the signing key is another one.
    #[error("the envelope names another key than the payload")]
    OtherKey,
    /// The key or the signature is refused.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// More bytes than [`ENVELOPE_BYTES_MAX`].
    #[error("the envelope is longer than {ENVELOPE_BYTES_MAX} bytes")]
    TooLong,
}

/// Reads the envelope and its payload strictly and verifies the one signature.
///
/// # Errors
/// [`EnvelopeError`]; nothing of the statement may be used then.
pub fn open(bytes: &[u8]) -> Result<Signed, EnvelopeError> {
    let (payload, header, signature) = parts(bytes)?;
    header
        .key
        .verify(&pre_authentication(&payload), &signature)?;
    Ok(Signed {
        id: Digest::of(&payload),
        header,
    })
}

/// As [`open`], with the signature still to be checked: a `Signed` that is not to be believed before the claim holds.
pub(crate) fn claimed(bytes: &[u8]) -> Result<(Signed, Claim), EnvelopeError> {
    let (payload, header, signature) = parts(bytes)?;
    let before = before_payload(payload.len());
    let claim = Claim::new(header.key, &signature, &[before.as_bytes(), &payload]);
    let id = Digest::of(&payload);
    Ok((Signed { id, header }, claim))
}

fn parts(bytes: &[u8]) -> Result<(Vec<u8>, Header, [u8; 64]), EnvelopeError> {
    let (payload, keyid, signature) = read(bytes)?;
    let header = Header::read(&payload)?;
    if header.key == keyid {
        Ok((payload, header, signature))
    } else {
        Err(EnvelopeError::OtherKey)
    }
}

/// Writes the payload of `header` and signs it: the bytes of an envelope.
///
/// # Errors
/// [`EnvelopeError::OtherKey`] when `header.key` is not the public half of `key`, and whatever [`open`] would say.
pub fn sign(header: &Header, key: &SigningKey) -> Result<Vec<u8>, EnvelopeError> {
    if header.key != PublicKey::of(key) {
        return Err(EnvelopeError::OtherKey);
    }
    let bytes = sign_payload(&header.write()?, key);
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return Err(EnvelopeError::TooLong);
    }
    Ok(bytes)
}

/// Signs payload bytes as they are, unread. For tests and for tools that check other programs; [`sign`] is for statements.
pub fn sign_payload(payload: &[u8], key: &SigningKey) -> Vec<u8> {
    let signature = key.sign(&pre_authentication(payload)).to_bytes();
    format!(
        r#"{{"payloadType":"{PAYLOAD_TYPE}","payload":"{}","signatures":[{{"keyid":"{}","sig":"{}"}}]}}"#,
        STANDARD.encode(payload),
        PublicKey::of(key),
        STANDARD.encode(signature),
    )
    .into_bytes()
}

/// The bytes that are signed: `DSSEv1 SP len(type) SP type SP len(payload) SP payload`.
pub fn pre_authentication(payload: &[u8]) -> Vec<u8> {
    let mut bytes = before_payload(payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

fn before_payload(length: usize) -> String {
    format!("DSSEv1 {} {PAYLOAD_TYPE} {length} ", PAYLOAD_TYPE.len())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WireEnvelope<'a> {
    #[serde(borrow)]
    payload_type: Cow<'a, str>,
    #[serde(borrow)]
    payload: Cow<'a, str>,
    #[serde(borrow)]
    signatures: Vec<WireSignature<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSignature<'a> {
    keyid: PublicKey,
    #[serde(borrow)]
    sig: Cow<'a, str>,
}

/// Payload bytes, the key named, the signature; nothing of it verified. Read the payload's bytes only for a check that
/// does not trust them (the id, the commitment).
///
/// # Errors
/// [`EnvelopeError`] when the envelope's own members are not as they must be.
pub fn read(bytes: &[u8]) -> Result<(Vec<u8>, PublicKey, [u8; 64]), EnvelopeError> {
    canonical::envelope(bytes).map_or_else(|| read_any(bytes), Ok)
}

/// The long way, which takes any order of members and any white space.
pub(crate) fn read_any(bytes: &[u8]) -> Result<(Vec<u8>, PublicKey, [u8; 64]), EnvelopeError> {
    let part = "envelope";
    strict::check(bytes, ENVELOPE_BYTES_MAX, DEPTH_MAX)
        .map_err(|cause| EnvelopeError::Strict { part, cause })?;
    let wire: WireEnvelope<'_> =
        serde_json::from_slice(bytes).map_err(|error| EnvelopeError::Members {
            part,
            detail: error.to_string(),
        })?;
    if wire.payload_type != PAYLOAD_TYPE {
        return Err(EnvelopeError::PayloadType {
            found: wire.payload_type.into_owned(),
        });
    }
    let [signature] = wire.signatures.as_slice() else {
        return Err(EnvelopeError::SignatureCount {
            found: wire.signatures.len(),
        });
    };
    let payload = STANDARD
        .decode(wire.payload.as_bytes())
        .map_err(|_| EnvelopeError::Base64 { part: "payload" })?;
    let sig = STANDARD
        .decode(signature.sig.as_bytes())
        .ok()
        .and_then(|sig| sig.try_into().ok())
        .ok_or(EnvelopeError::Base64 { part: "signature" })?;
    Ok((payload, signature.keyid, sig))
}

/// The payload as it stands on the wire, members in the order in which we write them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WirePayload {
    v: u32,
    origin: String,
    kind: String,
    kv: u32,
    person: Digest,
    key: PublicKey,
    counter: u64,
    prev: Digest,
    at: i64,
    head: SeenHead,
    shown: Shown,
    shared: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Digest>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<Box<RawValue>>,
}

impl Header {
    /// Reads the bytes of a payload. The signature is not looked at.
    ///
    /// # Errors
    /// [`EnvelopeError`] for anything that `docs/formats/statement.md` does not allow.
    pub fn read(payload: &[u8]) -> Result<Self, EnvelopeError> {
        canonical::header(payload).map_or_else(|| Self::read_any(payload), Ok)
    }

    /// The long way, which takes any order of members and any white space.
    pub(crate) fn read_any(payload: &[u8]) -> Result<Self, EnvelopeError> {
        let part = "payload";
        strict::check(payload, ENVELOPE_BYTES_MAX, DEPTH_MAX)
            .map_err(|cause| EnvelopeError::Strict { part, cause })?;
        let wire: WirePayload =
            serde_json::from_slice(payload).map_err(|error| EnvelopeError::Members {
                part,
                detail: error.to_string(),
            })?;
        if wire.v != 1 {
            return Err(EnvelopeError::Version { found: wire.v });
        }
        let content = match (wire.body, wire.open) {
            (Some(commitment), None) => Content::Beside(commitment),
            (None, Some(open)) if open.get().starts_with('{') => {
                Content::Open(open.get().as_bytes().to_vec())
            }
            (None, Some(_)) => {
                return Err(EnvelopeError::Members {
                    part,
                    detail: "`open` must be an object".to_string(),
                });
            }
            (Some(_), Some(_)) | (None, None) => return Err(EnvelopeError::Content),
        };
        let header = Self {
            origin: wire.origin,
            kind: wire.kind,
            kv: wire.kv,
            person: wire.person,
            key: wire.key,
            counter: wire.counter,
            prev: wire.prev,
            at_ms: wire.at,
            head: wire.head,
            shown: wire.shown,
            shared: wire.shared,
            content,
        };
        header.counted_from_one()?;
        Ok(header)
    }

    /// The bytes of the payload, members in the order of the format page and without white space (an open body stays as
    /// it is given).
    ///
    /// # Errors
    /// [`EnvelopeError`] when [`Header::read`] would refuse the bytes.
    pub fn write(&self) -> Result<Vec<u8>, EnvelopeError> {
        let part = "payload";
        let wrong = |detail: String| EnvelopeError::Members { part, detail };
        let (body, open) = match &self.content {
            Content::Beside(commitment) => (Some(*commitment), None),
            Content::Open(bytes) => {
                let text =
                    String::from_utf8(bytes.clone()).map_err(|error| wrong(error.to_string()))?;
                (
                    None,
                    Some(RawValue::from_string(text).map_err(|error| wrong(error.to_string()))?),
                )
            }
        };
        let wire = WirePayload {
            v: 1,
            origin: self.origin.clone(),
            kind: self.kind.clone(),
            kv: self.kv,
            person: self.person,
            key: self.key,
            counter: self.counter,
            prev: self.prev,
            at: self.at_ms,
            head: self.head,
            shown: self.shown.clone(),
            shared: self.shared,
            body,
            open,
        };
        let bytes = serde_json::to_vec(&wire).map_err(|error| wrong(error.to_string()))?;
        Self::read(&bytes)?;
        Ok(bytes)
    }

    fn counted_from_one(&self) -> Result<(), EnvelopeError> {
        if self.counter == 0 {
            return Err(EnvelopeError::FromOne { member: "counter" });
        }
        if self.kv == 0 {
            return Err(EnvelopeError::FromOne { member: "kv" });
        }
        Ok(())
    }
}
