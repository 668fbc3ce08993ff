//! Files stay small enough to be read in one go.

use super::Found;
use std::path::Path;

/// Past this a file holds a second thing.
const LINES_MAX: usize = 800;
/// Past this one looks for it.
const LINES_WARN: usize = 400;
/// No single file of ours weighs more: what does belongs somewhere else.
const BYTES_MAX: u64 = 400_000;

/// What a machine wrote.
const MADE: [&str; 2] = ["Cargo.lock", "package-lock.json"];
const CODE: [&str; 8] = ["rs", "ts", "mjs", "js", "css", "cedar", "sh", "py"];

pub(super) fn look(root: &Path, files: &[String], found: &mut Found) -> anyhow::Result<()> {
    for file in files {
        let at = root.join(file);
        let name = file.rsplit('/').next().unwrap_or(file);
        if MADE.contains(&name) {
            continue;
        }
        let bytes = std::fs::metadata(&at)?.len();
        if bytes > BYTES_MAX {
            found
                .faults
                .push(format!("{file}: {bytes} bytes, over {BYTES_MAX}"));
        }
        let code = name
            .rsplit_once('.')
            .is_some_and(|(_, kind)| CODE.contains(&kind));
        if !code {
            continue;
        }
        let lines = std::fs::read_to_string(&at)?.lines().count();
        if lines > LINES_MAX {
            found.faults.push(format!(
                "{file}: {lines} lines; look for the second thing inside"
            ));
        } else if lines > LINES_WARN {
            found.warnings.push(format!("{file}: {lines} lines"));
        }
    }
    Ok(())
}
