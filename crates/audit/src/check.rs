//! Checking a copy: the steps of `docs/formats/export.md`, in its order, stopping at the first fault.

mod export;
mod head;
mod own;
mod shape;

pub use export::ExportArchive;

use std::path::Path;

use ledger::note::VerifierKey;
use ledger::policy::Policy;

use crate::fault::{Code, Fault, NotHeld};
use crate::files::{Files, Folder, NotFiles};
use crate::holds::Holds;
use crate::manifest::Format;
use crate::walk::Signatures;
use crate::zip::Zip;

/// How to check.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// How signatures are checked.
    pub signatures: Signatures,
    /// Whose cosignatures are enough, had from elsewhere.
    pub policy: Option<Policy>,
    /// The log's key, had from elsewhere.
    pub expect: Option<VerifierKey>,
}

/// How far checking is: entries done, and of how many.
pub type Told<'a> = &'a mut dyn FnMut(u64, u64);

/// The files of the copy at `path`, a folder or a zip.
///
/// # Errors
/// [`NotHeld`]: it cannot be read, or is a fault `shape`.
pub fn open(path: &Path) -> Result<Box<dyn Files>, NotHeld> {
    let opened = if std::fs::metadata(path)?.is_dir() {
        Folder::open(path).map(|folder| Box::new(folder) as Box<dyn Files>)
    } else {
        Zip::open(path).map(|zip| Box::new(zip) as Box<dyn Files>)
    };
    opened.map_err(|not| match not {
        NotFiles::Io(error) => error.into(),
        NotFiles::Shape(says) => Fault::new(Code::Shape, says).into(),
    })
}

/// Checks a copy: an export, or a person's own.
///
/// # Errors
/// [`NotHeld`]: it cannot be read, or the first fault.
pub fn check(files: &dyn Files, ask: &Ask, told: Told<'_>) -> Result<Holds, NotHeld> {
    let manifest = shape::check(files)?;
    match manifest.format {
        Format::Export => export::check(files, manifest, ask, told),
        Format::Copy => own::check(files, manifest, ask),
    }
}

/// Step 9: every file has the hash that the manifest says.
fn hashes(files: &dyn Files, manifest: &crate::manifest::Manifest) -> Result<(), NotHeld> {
    for listed in &manifest.files {
        if files.sha256(&listed.path)? != listed.sha256 {
            let says = format!("`{}` has other bytes than the manifest says", listed.path);
            return Err(Fault::new(Code::Manifest, says).into());
        }
    }
    Ok(())
}
