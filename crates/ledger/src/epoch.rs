//! The epoch of a head, signed: which of a log's nodes wrote it, counted from 0.
//!
//! After a take-over a spare goes on with the same log under the same key, without what the lost node acknowledged after the copy. Whoever
//! holds a head of the lost node must be able to show that it is of an earlier epoch, and whoever is told that a spare went on must
//! not have to take a bare number for it. A checkpoint has three lines and no room: cosigners vouch for no others. So the
//! log's key signs head and epoch together in a line of its own under the same note. A reader of signed notes who does not know it passes
//! over it, as over every unknown signature.
//!
//! `— <origin> <base64 of key id ‖ epoch ‖ signature>`, epoch as uint32, big-endian; key id = first 4 bytes of SHA-256(origin
//! ‖ 0x0A ‖ 0xff ‖ `coldproof-epoch/v1` ‖ 0x0A ‖ key), by C2SP's rule for signatures that it does not list.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use crate::KeyRefused;
use crate::checkpoint::Checkpoint;
use crate::note::{Note, NoteError, VerifierKey, with_lines, written_line};

/// What is signed begins so.
const CONTEXT: &str = "coldproof-epoch/v1";
/// C2SP: a signature of a type that has no number.
const UNLISTED: u8 = 0xff;

/// `note`, a note over `checkpoint`, with the epoch under it, signed by the log's `key`.
///
/// # Errors
/// [`NoteError`], when the note cannot be read or has no room for one more line.
pub fn with_epoch(
    note: &str,
    checkpoint: &Checkpoint,
    epoch: u32,
    key: &SigningKey,
) -> Result<String, NoteError> {
    let log = VerifierKey::new(checkpoint.origin.as_str(), crate::PublicKey::of(key))?;
    let mut signed = Vec::with_capacity(68);
    signed.extend_from_slice(&epoch.to_be_bytes());
    signed.extend_from_slice(&key.sign(&message(&checkpoint.text(), epoch)).to_bytes());
    with_lines(note, &written_line(log.name(), id(&log), &signed))
}

/// The epoch that the log's key signed with the note's head; the highest where it signed several. `None` when it signed
/// none. Every line under its name and id must hold.
///
/// # Errors
/// [`NoteError`].
pub fn epoch(note: &str, log: &VerifierKey) -> Result<Option<u32>, NoteError> {
    let note = Note::read(note)?;
    let mut highest = None;
    for line in note.by(log.name(), id(log)) {
        let (number, signature) = line
            .signature
            .split_first_chunk::<4>()
            .ok_or(KeyRefused::BadSignature)?;
        let signature: [u8; 64] = signature.try_into().map_err(|_| KeyRefused::BadSignature)?;
        let number = u32::from_be_bytes(*number);
        log.key()
            .verify(&message(note.text(), number), &signature)?;
        highest = highest.max(Some(number));
    }
    Ok(highest)
}

fn message(text: &str, epoch: u32) -> Vec<u8> {
    format!("{CONTEXT}\nepoch {epoch}\n{text}").into_bytes()
}

fn id(log: &VerifierKey) -> [u8; 4] {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(log.name().as_bytes())
        .chain_update([b'\n', UNLISTED])
        .chain_update(CONTEXT.as_bytes())
        .chain_update(b"\n")
        .chain_update(log.key().0)
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}
