//! What a log and its cosigners say to each other (<https://c2sp.org/tlog-witness>), apart from how it travels, and when a
//! log asks ([`pace`]).
//!
//! C2SP says *witness*; here a witness is a person, so the one who cosigns a log is its *cosigner*.

pub mod pace;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Digest;
use crate::checkpoint::Checkpoint;
use crate::cosignature::CosignerKey;
use crate::limit::{REQUEST_BYTES_MAX, REQUEST_HASHES_MAX};
use crate::note::Note;

/// The media type of a size that a cosigner answers.
pub const SIZE_MEDIA: &str = "text/x.tlog.size";

/// The body of `POST <prefix>/add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint<'a> {
    /// The size that the log believes the cosigner to have cosigned last; 0 when it does not know.
    pub old: u64,
    /// The consistency proof from `old` to the checkpoint's size; empty when `old` is 0 or the checkpoint's size.
    pub proof: Vec<Digest>,
    /// The checkpoint as a signed note.
    pub note: &'a str,
}

/// Why a request cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Over [`REQUEST_BYTES_MAX`].
    #[error("the request is over {REQUEST_BYTES_MAX} bytes")]
    TooLong,
    /// The first line.
    #[error("the first line is not `old` and a size in decimal")]
    Old,
    /// Over [`REQUEST_HASHES_MAX`].
    #[error("the proof has more than {REQUEST_HASHES_MAX} hashes")]
    TooManyHashes,
    /// A line of the proof.
    #[error("line {line} is not the base64 of 32 bytes")]
    Hash {
        /// From 1.
        line: usize,
    },
    /// No empty line before the checkpoint.
    #[error("no empty line parts the proof from the checkpoint")]
    NoCheckpoint,
}

impl<'a> AddCheckpoint<'a> {
    /// Reads a request as far as the note, which stays as it came.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn read(body: &'a str) -> Result<Self, RequestError> {
        if body.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong);
        }
        let (first, mut rest) = body.split_once('\n').ok_or(RequestError::Old)?;
        let old = first
            .strip_prefix("old ")
            .and_then(decimal)
            .ok_or(RequestError::Old)?;
        let mut proof = Vec::new();
        loop {
            let (line, after) = rest.split_once('\n').ok_or(RequestError::NoCheckpoint)?;
            rest = after;
            if line.is_empty() {
                break;
            }
            if proof.len() == REQUEST_HASHES_MAX {
                return Err(RequestError::TooManyHashes);
            }
            let at = proof.len() + 2;
            proof.push(hash_line(line).ok_or(RequestError::Hash { line: at })?);
        }
        if rest.is_empty() {
            return Err(RequestError::NoCheckpoint);
        }
        Ok(Self {
            old,
            proof,
            note: rest,
        })
    }

    /// The request's text.
    ///
    /// # Errors
    /// [`RequestError::TooManyHashes`] or [`RequestError::TooLong`].
    pub fn write(&self) -> Result<String, RequestError> {
        if self.proof.len() > REQUEST_HASHES_MAX {
            return Err(RequestError::TooManyHashes);
        }
        let mut body = format!("old {}\n", self.old);
        for hash in &self.proof {
            body.push_str(&STANDARD.encode(hash.0));
            body.push('\n');
        }
        body.push('\n');
        body.push_str(self.note);
        if body.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong);
        }
        Ok(body)
    }
}

/// Why a cosigner gave no cosignature, as the log that asked sees it.
///
/// Nothing of it is signed: [`AskError::Ahead`] and [`AskError::Fork`] are a cosigner's word until it shows the note that it
/// means, signed by the log's own key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// It cosigned fewer entries last than it was asked from, or none. Ask again from that size.
    #[error("the cosigner last cosigned {0} entries, fewer than it was asked from")]
    Behind(u64),
    /// It cosigned more entries last than it was asked from. When that is more than the log has, the log was put back to an
    /// older copy, or another one goes on under its key.
    #[error("the cosigner last cosigned {0} entries, more than it was asked from")]
    Ahead(u64),
    /// It cosigned another root for the same size, or the proof does not join what it cosigned and what it was shown: two
    /// histories under one key.
    #[error("the cosigner has cosigned another history of this log")]
    Fork,
    /// It will not, with its sentence.
    #[error("the cosigner refuses: {0}")]
    Refused(String),
    /// Nothing was heard, or nothing that can be understood, or it cannot right now. Ask again later.
    #[error("the cosigner cannot be reached: {0}")]
    Unreachable(String),
}

/// What an answer to `asked` comes to: the cosignature line by `key`, with its line feed.
///
/// `media` is the answer's content type, `body` at most some kilobytes of it.
///
/// # Errors
/// [`AskError`]. An answer of 200 without a cosignature that holds is [`AskError::Refused`].
pub fn answer(
    status: u16,
    media: &str,
    body: &str,
    asked: &AddCheckpoint<'_>,
    key: &CosignerKey,
) -> Result<String, AskError> {
    match status {
        200 => {
            let note =
                Note::read(asked.note).map_err(|error| AskError::Refused(error.to_string()))?;
            let (line, _) = key
                .answered(note.text(), body)
                .map_err(|error| AskError::Refused(format!("its answer does not hold: {error}")))?;
            Ok(line)
        }
        409 if media.split(';').next().map(str::trim) == Some(SIZE_MEDIA) => {
            match body.strip_suffix('\n').and_then(decimal) {
                Some(size) if size < asked.old => Err(AskError::Behind(size)),
                Some(size) if size > asked.old => Err(AskError::Ahead(size)),
                Some(_) | None => Err(AskError::Unreachable(
                    "it answers with a size that is none".into(),
                )),
            }
        }
        409 | 422 => Err(AskError::Fork),
        400 | 403 | 404 => Err(AskError::Refused(sentence(body))),
        429 => Err(AskError::Unreachable("it is asked too often".into())),
        _ => Err(AskError::Unreachable(format!(
            "it answers {status}: {}",
            sentence(body)
        ))),
    }
}

/// Whether two checkpoints of one log, both signed by its key, show by themselves that it forked: one size, two roots.
pub fn is_fork(one: &Checkpoint, other: &Checkpoint) -> bool {
    one.origin == other.origin && one.size == other.size && one.root != other.root
}

/// A stranger's sentence, cut and with nothing in it that could steer a terminal.
fn sentence(body: &str) -> String {
    let says: String = body
        .trim()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    if says.is_empty() {
        "without a reason".to_string()
    } else {
        says
    }
}

/// A number in its one spelling: decimal digits, no sign, no leading zero.
pub(crate) fn decimal(digits: &str) -> Option<u64> {
    let number: u64 = digits.parse().ok()?;
    // `+7` and `007` are read as 7 by `parse`.
    (number.to_string() == digits).then_some(number)
}

/// A line that is the base64 of a hash, in its one spelling.
pub(crate) fn hash_line(line: &str) -> Option<Digest> {
    Digest::from_slice(&STANDARD.decode(line).ok()?)
}
