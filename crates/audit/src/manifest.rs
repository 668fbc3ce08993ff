//! What the maker of a copy says is in it. Nobody vouches for it.

use domain::strict::{self, DEPTH_MAX};
use ledger::Digest;
use serde::{Deserialize, Serialize};

use crate::limit::MANIFEST_BYTES_MAX;

/// Its path.
pub const PATH: &str = "manifest.json";

/// Which kind of copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Of a whole log.
    #[serde(rename = "coldproof-export")]
    Export,
    /// One person's own.
    #[serde(rename = "coldproof-copy")]
    Copy,
}

/// `manifest.json`; see `docs/formats/export.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format, 1.
    pub v: u32,
    /// Which kind.
    pub format: Format,
    /// The log.
    pub origin: String,
    /// Entries in it.
    pub size: u64,
    /// Root over them.
    pub root: Digest,
    /// When the copy was made, ms since 1970 UTC.
    pub made_at: u64,
    /// What made it.
    pub program: Program,
    /// The `record.export` entry under which bodies were left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<u64>,
    /// Whose own copy it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Digest>,
    /// The attachments in it, sorted by hash.
    pub attachments: Vec<Attached>,
    /// Every file but this one, sorted by path as bytes.
    pub files: Vec<Listed>,
}

/// A program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// SHA-256 of its file; zeros when it could not be read.
    pub sha256: Digest,
}

/// An attachment in the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// Its hash, which is its name.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// A file of the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Where.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its hash.
    pub sha256: Digest,
}

impl Manifest {
    /// Reads its bytes.
    ///
    /// # Errors
    /// A sentence.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let max = usize::try_from(MANIFEST_BYTES_MAX).unwrap_or(usize::MAX);
        strict::check(bytes, max, DEPTH_MAX)
            .map_err(|fault| format!("the manifest cannot be read: {fault}"))?;
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|fault| format!("the manifest has the wrong members: {fault}"))?;
        if manifest.v != 1 {
            return Err(format!(
                "version {} of a manifest is not known here",
                manifest.v
            ));
        }
        if !manifest
            .files
            .is_sorted_by(|one, next| one.path < next.path)
        {
            return Err("the manifest's files are out of order, or one stands twice".to_owned());
        }
        if !manifest
            .attachments
            .is_sorted_by(|one, next| one.sha256 < next.sha256)
        {
            return Err(
                "the manifest's attachments are out of order, or one stands twice".to_owned(),
            );
        }
        Ok(manifest)
    }

    /// Its bytes, with a line feed at the end.
    pub fn write(&self) -> Vec<u8> {
        // INVARIANT: strings, integers and lists; writing them to memory cannot fail.
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
