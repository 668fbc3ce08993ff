//! What a device sends: read strictly, verified, understood. Nothing here knows the state.
//!
//! Format: `docs/formats/statement.md`.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Statement;
use domain::strict::{self, DEPTH_MAX};
use ledger::Beside;
use ledger::envelope::{self, EnvelopeError, Signed};
use serde::{Deserialize, Serialize};

use crate::answer::NotEntered;
use crate::limit::SUBMISSION_BYTES_MAX;

/// An envelope as the device signed it, with the body of a kind that keeps it beside the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Bytes of the DSSE envelope.
    pub envelope: Vec<u8>,
    /// Body and salt; `None` for open kinds.
    pub beside: Option<Beside>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow)]
    envelope: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    salt: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
}

impl Submission {
    /// Reads the JSON of a submission.
    ///
    /// # Errors
    /// [`NotEntered::Invalid`], with what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, NotEntered> {
        let unreadable = |says: String| NotEntered::invalid("unreadable", says);
        if bytes.len() > SUBMISSION_BYTES_MAX {
            return Err(NotEntered::invalid(
                "too_long",
                format!("the submission is longer than {SUBMISSION_BYTES_MAX} bytes"),
            ));
        }
        strict::check(bytes, SUBMISSION_BYTES_MAX, DEPTH_MAX)
            .map_err(|fault| unreadable(format!("the submission cannot be read: {fault}")))?;
        let wire: Wire<'_> = serde_json::from_slice(bytes).map_err(|fault| {
            unreadable(format!("the submission has the wrong members: {fault}"))
        })?;
        let decode = |what: &str, text: &str| {
            STANDARD
                .decode(text)
                .map_err(|_| unreadable(format!("`{what}` is not padded standard base64")))
        };
        let envelope = decode("envelope", &wire.envelope)?;
        let beside = match (wire.salt, wire.body) {
            (None, None) => None,
            (Some(salt), Some(body)) => {
                let salt = decode("salt", &salt)?
                    .try_into()
                    .map_err(|_| unreadable("`salt` is not 32 bytes".to_owned()))?;
                Some(Beside {
                    salt,
                    body: decode("body", &body)?,
                })
            }
            (Some(_), None) | (None, Some(_)) => {
                return Err(unreadable(
                    "`salt` and `body` are given together or not at all".to_owned(),
                ));
            }
        };
        Ok(Self { envelope, beside })
    }

    /// The JSON of a submission.
    pub fn write(&self) -> Vec<u8> {
        let wire = Wire {
            envelope: STANDARD.encode(&self.envelope).into(),
            salt: self
                .beside
                .as_ref()
                .map(|beside| STANDARD.encode(beside.salt).into()),
            body: self
                .beside
                .as_ref()
                .map(|beside| STANDARD.encode(&beside.body).into()),
        };
        // INVARIANT: three strings; writing them to memory cannot fail.
        serde_json::to_vec(&wire).unwrap_or_default()
    }
}

/// A statement whose signature fits and whose body was read. Whether its key may sign is not known yet.
#[derive(Debug, Clone)]
pub(crate) struct Understood {
    pub(crate) envelope: Vec<u8>,
    pub(crate) beside: Option<Beside>,
    pub(crate) signed: Signed,
    pub(crate) statement: Statement,
}

impl Understood {
    /// Verifies and reads. The costly part of taking a statement; needs no lock.
    pub(crate) fn read(submission: Submission, origin: &str) -> Result<Self, NotEntered> {
        let Submission { envelope, beside } = submission;
        let signed = envelope::open(&envelope).map_err(|fault| {
            let code = match fault {
                EnvelopeError::Key(_) | EnvelopeError::OtherKey => "bad_signature",
                EnvelopeError::TooLong => "too_long",
                EnvelopeError::Strict { .. }
                | EnvelopeError::Members { .. }
                | EnvelopeError::PayloadType { .. }
                | EnvelopeError::SignatureCount { .. }
                | EnvelopeError::Base64 { .. }
                | EnvelopeError::Version { .. }
                | EnvelopeError::Content
                | EnvelopeError::FromOne { .. } => "unreadable",
            };
            NotEntered::invalid(code, fault.to_string())
        })?;
        if signed.header.origin != origin {
            let says = format!(
                "the statement is for the log `{}`, this is `{origin}`",
                signed.header.origin
            );
            return Err(NotEntered::invalid("other_log", says));
        }
        let act = audit::act::read(&signed, beside.as_ref())
            .map_err(|fault| NotEntered::invalid(fault.code, fault.says))?;
        let statement = audit::act::statement(&signed, act);
        Ok(Self {
            envelope,
            beside,
            signed,
            statement,
        })
    }
}
