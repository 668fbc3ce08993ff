//! A pack as it comes: named bytes. Who read them from where is not this crate's business.

use crate::{fault::Fault, limit};
use core::fmt::Write as _;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// One pack's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Name of its folder; must be the `id` in its `pack.toml`.
    pub name: String,
    /// Bytes of each file by its path inside the folder, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Source {
    /// SHA-256 in lower-case hex over every file, in byte order of the names (`docs/formats/pack.md`).
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"coldproof pack v1\n");
        for (name, bytes) in &self.files {
            for part in [name.as_bytes(), bytes] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
        }
        hex(&hash.finalize())
    }

    /// The text of a file; a fault if it is missing, too long or not UTF-8.
    pub(crate) fn text(&self, file: &str) -> Result<&str, Fault> {
        let fault = |says: String| Fault::new(&self.name, file, None, says);
        let bytes = self
            .files
            .get(file)
            .ok_or_else(|| fault("the file is missing".into()))?;
        if bytes.len() > limit::FILE_BYTES {
            return Err(fault(format!(
                "the file is longer than {} bytes",
                limit::FILE_BYTES
            )));
        }
        core::str::from_utf8(bytes).map_err(|_| fault("the file is not UTF-8 text".into()))
    }

    /// Names of the files of tests. A name is compared as it stands: on a disk that folds case the digest would differ.
    #[expect(
        clippy::case_sensitive_file_extension_comparisons,
        reason = "names are compared byte by byte"
    )]
    pub(crate) fn tests(&self) -> impl Iterator<Item = &str> {
        self.files
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("tests/") && name.ends_with(".toml"))
    }

    /// Reads a file of TOML.
    pub(crate) fn toml<T: serde::de::DeserializeOwned>(&self, file: &str) -> Result<T, Fault> {
        let text = self.text(file)?;
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map(|span| crate::fault::line_at(text, span.start));
            Fault::new(
                &self.name,
                file,
                line,
                error.message().trim().replace('\n', "; "),
            )
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
