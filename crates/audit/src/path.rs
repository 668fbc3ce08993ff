//! Which paths a copy may have. Anything else in it is a fault: what no page describes, no two readers read alike.

use std::collections::BTreeSet;

use ledger::Digest;
use ledger::tile::{BodyBundle, Bundle, Tile};

use crate::limit::PATH_BYTES_MAX;
use crate::manifest::Format;

/// The highest level of a tile that a copy may have: 2^48 entries.
const LEVEL_MAX: u8 = 5;

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Tile(Tile),
    Bundle(Bundle),
    Bodies(BodyBundle),
    Attachment(Digest),
    /// A file of a pack: its digest, and the path inside it.
    Pack(Digest, &'a str),
    Receipt(u64),
    /// `entries/<i>.entry`, `.body`, `.salt` of a person's own copy.
    Entry(u64),
    Body(u64),
    Salt(u64),
    /// Any other that may be there.
    Named,
}

impl<'a> Place<'a> {
    /// `None` when no such file belongs in a copy of this format.
    pub(crate) fn of(path: &'a str, format: Format) -> Option<Self> {
        if !is_plain(path) {
            return None;
        }
        match path {
            "checkpoint" | "keys/log.vkey" | "manifest.json" | "README.txt" | "verify.html" => {
                return Some(Self::Named);
            }
            _ => {}
        }
        let (folder, rest) = path.split_once('/').unwrap_or(("", path));
        match format {
            Format::Export => Self::in_export(path, folder, rest),
            Format::Copy => Self::in_copy(path, folder, rest),
        }
    }

    fn in_export(path: &'a str, folder: &str, rest: &'a str) -> Option<Self> {
        match (folder, rest) {
            ("", "cosigned" | "policy" | "certificate.txt" | "defects.txt")
            | ("keys", "keys.json") => Some(Self::Named),
            ("tile", _) if rest.starts_with("entries/") => path.parse().ok().map(Self::Bundle),
            ("tile", _) => path
                .parse()
                .ok()
                .filter(|tile: &Tile| tile.level() <= LEVEL_MAX)
                .map(Self::Tile),
            ("bodies", _) => path.parse().ok().map(Self::Bodies),
            ("attachments", _) => rest.parse().ok().map(Self::Attachment),
            ("packs", _) => {
                let (digest, inside) = rest.split_once('/')?;
                Some(Self::Pack(digest.parse().ok()?, inside))
            }
            ("custody", _) => {
                let _: Digest = rest.strip_suffix(".txt")?.parse().ok()?;
                Some(Self::Named)
            }
            _ => None,
        }
    }

    fn in_copy(path: &str, folder: &str, rest: &str) -> Option<Self> {
        if folder == "receipts" {
            return number(rest.strip_suffix(".tlog-proof")?).map(Self::Receipt);
        }
        if matches!(path, "first.entry" | "mine.txt") {
            return Some(Self::Named);
        }
        let (index, what) = (folder == "entries").then(|| rest.split_once('.'))??;
        match what {
            "entry" => number(index).map(Self::Entry),
            "body" => number(index).map(Self::Body),
            "salt" => number(index).map(Self::Salt),
            _ => None,
        }
    }
}

/// Whether the bytes of a path may stand in a copy at all: what every file system takes and nobody reads as another path.
pub(crate) fn is_plain(path: &str) -> bool {
    path.len() <= PATH_BYTES_MAX
        && path
            .bytes()
            .all(|byte| (0x20..=0x7e).contains(&byte) && byte != b'\\')
        && path
            .split('/')
            .all(|element| !element.is_empty() && !element.starts_with('.'))
}

/// A pair of paths that some file systems take for one, or of which one would have to be the folder of the other.
pub(crate) fn clash<'a>(paths: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for path in paths {
        let low = path.to_ascii_lowercase();
        if seen.contains(&low) {
            return Some(format!("`{path}` is there twice but for its letters' case"));
        }
        seen.insert(low);
    }
    for path in &seen {
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        for folder in folders {
            if seen.contains(folder) {
                return Some(format!("`{path}` lies below a file"));
            }
        }
    }
    None
}

/// A number in decimal without leading zeros.
fn number(text: &str) -> Option<u64> {
    let read: u64 = text.parse().ok()?;
    (read.to_string() == text).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_page_describes_has_no_place() {
        let hash = "ab".repeat(32);
        let good = [
            "checkpoint".to_owned(),
            "tile/0/x001/x234/067.p/12".to_owned(),
            "tile/5/000".to_owned(),
            "tile/entries/000.p/255".to_owned(),
            "bodies/x001/000".to_owned(),
            format!("attachments/{hash}"),
            format!("packs/{hash}/tests/one two.toml"),
            format!("custody/{hash}.txt"),
        ];
        for path in &good {
            assert!(Place::of(path, Format::Export).is_some(), "{path}");
        }
        let bad = [
            String::new(),
            "/checkpoint".to_owned(),
            "./checkpoint".to_owned(),
            "tile/0/../0/000".to_owned(),
            "tile/6/000".to_owned(),
            "tile/0/000.p/256".to_owned(),
            "tile/0/000.p/0".to_owned(),
            "tile/0/x000/067".to_owned(),
            "bodies/000.p/4".to_owned(),
            "receipts/0.tlog-proof".to_owned(),
            "packs/x/pack.toml".to_owned(),
            format!("packs/{hash}"),
            format!("packs/{hash}/"),
            format!("packs/{hash}/.git"),
            format!("attachments/{}", hash.to_uppercase()),
            "entries/0.entry".to_owned(),
            "first.entry".to_owned(),
            "caf\u{e9}".to_owned(),
            "a\\b".to_owned(),
        ];
        for path in &bad {
            assert!(Place::of(path, Format::Export).is_none(), "{path}");
        }
        assert!(Place::of("entries/12.salt", Format::Copy).is_some());
        assert!(Place::of("cosigned", Format::Copy).is_none());
        assert!(Place::of("receipts/0.tlog-proof", Format::Copy).is_some());
        assert!(Place::of("receipts/00.tlog-proof", Format::Copy).is_none());
    }

    #[test]
    fn twins_and_files_that_are_folders_clash() {
        let clash = |paths: &[&str]| super::clash(paths.iter().copied());
        assert_eq!(clash(&["a/b", "a/c", "ab"]), None);
        assert!(clash(&["packs/x/A", "packs/x/a"]).is_some());
        assert!(clash(&["tile/0/000", "tile/0/000/x"]).is_some());
        assert!(clash(&["tile/0/000-", "tile/0/000", "tile/0/000/x"]).is_some());
    }
}
