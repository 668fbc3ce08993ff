//! Names of backups: which log, when, how many entries; sorted by name they are sorted by time.

use ledger::Digest;

/// Ends the name of a backup.
const END: &str = ".age";
/// Ends the name of one that is being written. A crash leaves such a file; the next backup removes it.
pub(crate) const PART: &str = ".age.part";

/// What the name of a backup says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    /// When it was made, s since 1970 UTC.
    pub(crate) at_s: i64,
    pub(crate) file: String,
}

/// What begins the names of all backups of the log with the C2SP vkey `vkey`.
pub(crate) fn prefix(vkey: &str) -> String {
    let id = Digest::of(vkey.as_bytes()).to_string();
    format!("coldproof-{}-", id.get(..8).unwrap_or_default())
}

/// The name of a backup of `size` entries made at `at_ms`.
pub(crate) fn of(vkey: &str, at_ms: i64, size: u64) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    format!(
        "{}{}-{size:09}{END}",
        prefix(vkey),
        at.strftime("%Y%m%dT%H%M%SZ")
    )
}

/// Reads the name of a backup under `prefix`; `None` for any other file.
pub(crate) fn read(prefix: &str, file: &str) -> Option<Name> {
    let (at, size) = file
        .strip_prefix(prefix)?
        .strip_suffix(END)?
        .split_once('-')?;
    if size.len() < 9 || !size.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", at).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Name {
        at_s: at.timestamp().as_second(),
        file: file.to_owned(),
    })
}
