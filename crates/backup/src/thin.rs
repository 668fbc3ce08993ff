//! Which old backups are kept.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::error::BackupError;
use crate::limit::KEPT_AT_LEAST;
use crate::name::{self, Name};

/// How many backups of one log are kept in a folder: the newest, and the newest of so many hours, days and weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Newest.
    pub newest: usize,
    /// Hours of which the newest is kept.
    pub hours: usize,
    /// Days, UTC.
    pub days: usize,
    /// Weeks of seven days.
    pub weeks: usize,
}

impl Default for Keep {
    /// Some hours close by, the shoot day by day, and half a year of weeks.
    fn default() -> Self {
        Self {
            newest: 4,
            hours: 12,
            days: 14,
            weeks: 26,
        }
    }
}

impl Keep {
    /// Only the newest: after an erasure, so that no backup holds any more what was erased.
    pub const ONLY_NEWEST: Self = Self {
        newest: 1,
        hours: 0,
        days: 0,
        weeks: 0,
    };

    /// Those of `all`, sorted by time, that need not be kept.
    pub(crate) fn superfluous(&self, all: &[Name]) -> Vec<Name> {
        let mut kept: BTreeSet<&Name> = all.iter().rev().take(self.newest).collect();
        for (seconds, count) in [
            (3_600, self.hours),
            (86_400, self.days),
            (604_800, self.weeks),
        ] {
            let mut spans = BTreeSet::new();
            for name in all.iter().rev() {
                if spans.len() == count {
                    break;
                }
                if spans.insert(name.at_s.div_euclid(seconds)) {
                    kept.insert(name);
                }
            }
        }
        all.iter()
            .filter(|name| !kept.contains(name))
            .cloned()
            .collect()
    }
}

/// The backups of one log in `folder`, sorted by time.
pub(crate) fn list(folder: &Path, prefix: &str) -> Result<Vec<Name>, BackupError> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).map_err(BackupError::io("read", folder))? {
        let file = file.map_err(BackupError::io("read", folder))?;
        found.extend(
            file.file_name()
                .to_str()
                .and_then(|file| name::read(prefix, file)),
        );
    }
    found.sort_unstable();
    Ok(found)
}

/// Removes those that need not be kept; how many.
pub(crate) fn thin(folder: &Path, prefix: &str, keep: &Keep) -> Result<usize, BackupError> {
    let gone = keep.superfluous(&list(folder, prefix)?);
    for name in &gone {
        remove(folder, &name.file)?;
    }
    Ok(gone.len())
}

/// Removes the oldest until `needed` bytes are free, or only the fewest that are always kept are left.
pub(crate) fn make_room(folder: &Path, prefix: &str, needed: u64) -> Result<(), BackupError> {
    let all = list(folder, prefix)?;
    let spare = all.len().saturating_sub(KEPT_AT_LEAST);
    let mut oldest = all.iter().take(spare);
    loop {
        let free = free(folder)?;
        if free >= needed {
            return Ok(());
        }
        let Some(name) = oldest.next() else {
            return Err(BackupError::NoRoom {
                folder: folder.to_owned(),
                needed_mib: needed.div_ceil(1 << 20),
                free_mib: free >> 20,
            });
        };
        remove(folder, &name.file)?;
    }
}

fn remove(folder: &Path, file: &str) -> Result<(), BackupError> {
    let path = folder.join(file);
    fs::remove_file(&path).map_err(BackupError::io("remove", &path))
}

fn free(folder: &Path) -> Result<u64, BackupError> {
    let disk = rustix::fs::statvfs(folder)
        .map_err(|error| BackupError::io("see how much room there is in", folder)(error.into()))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
