//! A person's own copy: all that they signed, asked for and were refused, each shown to be in the log.

mod words;

use std::io::Cursor;
use std::path::Path;

use ledger::checkpoint::Checkpoint;
use ledger::note::VerifierKey;
use ledger::tlog_proof::TlogProof;
use ledger::{Beside, Digest};

use crate::manifest::{self, Format, Listed, Manifest, Program};
use crate::sink::{Form, NotWritten, Sink};
use crate::zip::ZipWriter;

/// What goes into a person's own copy.
#[derive(Debug, Clone)]
pub struct Own<'a> {
    /// The log's name and key.
    pub verifier: &'a VerifierKey,
    /// The checkpoint that every proof leads to, as a signed note, cosignatures included.
    pub note: &'a str,
    /// Whose copy: the id of the statement that enrolled them.
    pub person: Digest,
    /// Entry 0, which the log's key signed.
    pub first: OwnEntry,
    /// The person's entries, ascending, each once; entry 0 among them only if it is theirs.
    pub entries: Vec<OwnEntry>,
    /// The page that checks a copy in a browser.
    pub verify_page: Option<&'a [u8]>,
    /// What makes the copy.
    pub program: Program,
    /// When, ms since 1970 UTC.
    pub made_at: u64,
}

/// One entry with its proof.
#[derive(Debug, Clone)]
pub struct OwnEntry {
    /// Its number.
    pub index: u64,
    /// Its bytes.
    pub entry: Vec<u8>,
    /// Its body, where one is kept; always `None` in [`Own::first`].
    pub beside: Option<Beside>,
    /// From its leaf to the root of the checkpoint.
    pub proof: Vec<Digest>,
}

impl Own<'_> {
    /// The files of the copy, the manifest last.
    ///
    /// # Errors
    /// [`NotWritten::Source`] when the note is not signed by the log's key.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, NotWritten> {
        let mut files: Vec<(String, Vec<u8>)> = self.contents();
        let mut listed: Vec<Listed> = files
            .iter()
            .map(|(path, bytes)| Listed {
                path: path.clone(),
                bytes: bytes.len() as u64,
                sha256: Digest::of(bytes),
            })
            .collect();
        listed.sort_by(|one, next| one.path.cmp(&next.path));
        let mut manifest = self.manifest()?;
        manifest.files = listed;
        files.push((manifest::PATH.to_owned(), manifest.write()));
        Ok(files)
    }

    /// The copy as the bytes of one zip.
    ///
    /// # Errors
    /// [`NotWritten`].
    pub fn zip(&self) -> Result<Vec<u8>, NotWritten> {
        let wrong = |error: std::io::Error| NotWritten::Source(error.to_string());
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in self.files()? {
            zip.put(&path, &bytes).map_err(wrong)?;
        }
        Ok(zip.finish().map_err(wrong)?.into_inner())
    }

    fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = vec![
            ("README.txt".to_owned(), words::README.as_bytes().to_vec()),
            ("checkpoint".to_owned(), self.note.as_bytes().to_vec()),
            (
                "keys/log.vkey".to_owned(),
                format!("{}\n", self.verifier).into_bytes(),
            ),
            ("first.entry".to_owned(), self.first.entry.clone()),
        ];
        if self.entries.first().is_none_or(|entry| entry.index != 0) {
            files.push(self.receipt(&self.first));
        }
        for one in &self.entries {
            let index = one.index;
            files.push((format!("entries/{index}.entry"), one.entry.clone()));
            if let Some(beside) = &one.beside {
                files.push((format!("entries/{index}.body"), beside.body.clone()));
                files.push((format!("entries/{index}.salt"), beside.salt.to_vec()));
            }
            files.push(self.receipt(one));
        }
        files.push(("mine.txt".to_owned(), words::mine(self).into_bytes()));
        if let Some(page) = self.verify_page {
            files.push(("verify.html".to_owned(), page.to_vec()));
        }
        files
    }

    fn receipt(&self, one: &OwnEntry) -> (String, Vec<u8>) {
        let proof = TlogProof {
            index: one.index,
            hashes: one.proof.clone(),
            note: self.note.to_owned(),
            extra: None,
        };
        (
            format!("receipts/{}.tlog-proof", one.index),
            proof.write().into_bytes(),
        )
    }

    fn manifest(&self) -> Result<Manifest, NotWritten> {
        let head = Checkpoint::open(self.note, self.verifier)
            .map_err(|fault| NotWritten::Source(fault.to_string()))?;
        Ok(Manifest {
            v: 1,
            format: Format::Copy,
            origin: head.origin.to_string(),
            size: head.size,
            root: head.root,
            made_at: self.made_at,
            program: self.program.clone(),
            notice: None,
            person: Some(self.person),
            attachments: Vec::new(),
            files: Vec::new(),
        })
    }
}

/// Writes the copy to `place`, where nothing may be.
///
/// # Errors
/// [`NotWritten`].
pub fn write(place: &Path, form: Form, own: &Own<'_>) -> Result<Manifest, NotWritten> {
    let manifest = own.manifest()?;
    let mut sink = Sink::create(place, form)?;
    for (path, bytes) in own.contents() {
        sink.put(&path, &bytes)?;
    }
    sink.finish(manifest)
}
