//! What is wrong with a pack, and where.

use core::fmt;

/// One thing wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The pack.
    pub pack: String,
    /// The file in it; empty when the pack as a whole is meant.
    pub file: String,
    /// The line, from 1, where it is known.
    pub line: Option<u32>,
    /// What is wrong, without capital or full stop.
    pub says: String,
}

impl Fault {
    pub(crate) fn new(pack: &str, file: &str, line: Option<u32>, says: impl Into<String>) -> Self {
        Self {
            pack: pack.into(),
            file: file.into(),
            line,
            says: says.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pack)?;
        if !self.file.is_empty() {
            write!(f, "/{}", self.file)?;
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.says)
    }
}

/// Packs that cannot be put in force. All faults found are listed, in order of pack, file and line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct LoadError {
    /// At least one.
    pub faults: Vec<Fault>,
}

impl LoadError {
    pub(crate) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort();
        Self { faults }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

/// The line, from 1, of a byte of a text.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text
        .as_bytes()
        .iter()
        .take(offset)
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(before).unwrap_or(u32::MAX - 1) + 1
}

/// The line that a message of the policy language points at.
pub(crate) fn line_of(diagnostic: &dyn miette::Diagnostic, text: &str) -> Option<u32> {
    diagnostic
        .labels()?
        .next()
        .map(|label| line_at(text, label.offset()))
}
