//! A person's own copy: entries that each stand alone, with a proof that they are in the log.

use std::collections::BTreeSet;

use ledger::entry::Entry;
use ledger::envelope::{self, Content, Signed};
use ledger::limit::{BODY_BYTES_MAX, ENTRY_BYTES_MAX, TLOG_PROOF_BYTES_MAX};
use ledger::tlog_proof::TlogProof;
use ledger::{Beside, Digest};

use super::head::Head;
use super::{Ask, hashes};
use crate::fault::{Code, Fault, NotHeld};
use crate::files::Files;
use crate::holds::{Count, Holds};
use crate::manifest::{Format, Manifest};
use crate::path::Place;

const FIRST: &str = "first.entry";

pub(super) fn check(files: &dyn Files, manifest: Manifest, ask: &Ask) -> Result<Holds, NotHeld> {
    let first = || {
        let bytes = files.read(FIRST, ENTRY_BYTES_MAX as u64)?;
        Ok(bytes.ok_or_else(|| "it is longer than an entry may be".to_owned()))
    };
    let head = Head::check(files, &manifest, ask, first)?;
    let (_, leaf) = entry(files, FIRST, 0, &head)?;
    receipt(files, 0, &leaf, &head)?;
    let own: BTreeSet<u64> = files
        .sizes()
        .keys()
        .filter_map(|path| match Place::of(path, Format::Copy) {
            Some(Place::Entry(index)) => Some(index),
            _ => None,
        })
        .collect();
    let person = manifest.person.unwrap_or(Digest::ZERO);
    let (mut bodies, mut absent) = (Count::default(), Vec::new());
    for index in &own {
        let index = *index;
        let (signed, leaf) = entry(files, &format!("entries/{index}.entry"), index, &head)?;
        if signed.header.person != person && signed.id != person {
            return Err(Fault::at(Code::Entry, index, "it is another person's").into());
        }
        if body(files, index, &signed)? {
            bodies.here += 1;
        } else if matches!(signed.header.content, Content::Beside(_)) {
            bodies.missing += 1;
            absent.push(format!("body {index} missing: no entry says why"));
        }
        receipt(files, index, &leaf, &head)?;
    }
    hashes(files, &manifest)?;
    Ok(Holds {
        format: Some(Format::Copy),
        origin: head.checkpoint.origin.to_string(),
        size: head.checkpoint.size,
        root: head.checkpoint.root,
        log_key: head.verifier.key(),
        entries: Some(own.len() as u64),
        bodies,
        attachments: None,
        gaps: None,
        absent,
        cosigned: head.lines(None),
        manifest: Some(manifest),
    })
}

/// An entry by itself, with its leaf.
fn entry(
    files: &dyn Files,
    path: &str,
    index: u64,
    head: &Head,
) -> Result<(Signed, Digest), NotHeld> {
    let wrong = |says: String| Fault::at(Code::Entry, index, says);
    let bytes = files
        .read(path, ENTRY_BYTES_MAX as u64)?
        .ok_or_else(|| wrong("it is longer than an entry may be".to_owned()))?;
    let entry = Entry::read(&bytes).map_err(|fault| wrong(fault.to_string()))?;
    let signed = envelope::open(&entry.statement).map_err(|fault| wrong(fault.to_string()))?;
    if signed.header.origin != head.checkpoint.origin.as_str() {
        return Err(wrong("its statement is for another log".to_owned()).into());
    }
    Ok((signed, ledger::merkle::leaf_hash(&bytes)))
}

/// Whether a body is here; a fault when it is not the one that was signed.
fn body(files: &dyn Files, index: u64, signed: &Signed) -> Result<bool, NotHeld> {
    let path = format!("entries/{index}.body");
    if !files.has(&path) {
        return Ok(false);
    }
    let wrong = |says: &str| Fault::at(Code::Body, index, says);
    let Content::Beside(commitment) = &signed.header.content else {
        return Err(wrong("its payload carries its own body").into());
    };
    let salt = files.read(&format!("entries/{index}.salt"), 32)?;
    let salt: Option<[u8; 32]> = salt.and_then(|salt| salt.try_into().ok());
    let body = files.read(&path, BODY_BYTES_MAX as u64)?;
    let fits = salt
        .zip(body)
        .is_some_and(|(salt, body)| Beside { salt, body }.commitment() == *commitment);
    if fits {
        Ok(true)
    } else {
        Err(wrong("it is not the one that was signed").into())
    }
}

/// That the entry is in the log whose head the copy has.
fn receipt(files: &dyn Files, index: u64, leaf: &Digest, head: &Head) -> Result<(), NotHeld> {
    let wrong = |says: String| Fault::at(Code::Root, index, says);
    let path = format!("receipts/{index}.tlog-proof");
    let text = files
        .read(&path, TLOG_PROOF_BYTES_MAX as u64)?
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| wrong("it is no proof".to_owned()))?;
    let proof = TlogProof::parse(&text).map_err(|fault| wrong(fault.to_string()))?;
    if proof.index != index {
        return Err(wrong("it is of another entry".to_owned()).into());
    }
    if proof.extra.is_some() {
        return Err(wrong("it says more than a proof of ours".to_owned()).into());
    }
    let checkpoint = proof
        .verify_leaf(leaf, &head.verifier)
        .map_err(|fault| wrong(fault.to_string()))?;
    if checkpoint == head.checkpoint {
        Ok(())
    } else {
        Err(wrong("it leads to another head than the copy's".to_owned()).into())
    }
}
