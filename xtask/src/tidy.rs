//! What a reviewer would otherwise look after by hand. A finding names its file, what is wrong, and what would cure it.
//!
//! In scope: arrows between crates, absences of the pure crates, sizes, words, pages that must keep up with code.
//! Out of scope: whatever the compiler, clippy or rustfmt already say.

mod arrows;
mod pages;
mod pure;
mod sizes;
mod texts;

use std::path::Path;

pub use arrows::ARROWS;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many files were looked at.
    pub files: usize,
    /// What must be cured.
    pub faults: Vec<String>,
    /// What should be looked at.
    pub warnings: Vec<String>,
}

/// Looks at every file of the checkout at `root`.
///
/// # Errors
/// The checkout cannot be listed or a manifest cannot be read.
pub fn look(root: &Path) -> anyhow::Result<Found> {
    let files = crate::root::files(root)?;
    let mut found = Found {
        files: files.len(),
        ..Found::default()
    };
    arrows::look(root, &mut found.faults)?;
    pure::look(root, &files, &mut found.faults)?;
    sizes::look(root, &files, &mut found)?;
    texts::look(root, &files, &mut found.faults)?;
    pages::look(root, &files, &mut found.faults)?;
    Ok(found)
}
