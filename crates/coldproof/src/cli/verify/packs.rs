//! The packs to judge by: those in the copy, found by digest, else those that come with the program.

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::{Files, Packs, Rules};
use protocol::{Protocol, Source};

/// A pack's file, in bytes; the format of packs allows no more.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Packs by digest.
pub(crate) struct InCopy(BTreeMap<String, Source>);

impl InCopy {
    /// Those of a copy that was checked; a file that cannot be read leaves its pack out, which is then not judged by.
    pub(crate) fn new(files: &dyn Files, shipped: Vec<Source>) -> Self {
        let mut found: BTreeMap<String, Source> = BTreeMap::new();
        for path in files.sizes().keys() {
            let parts = path
                .strip_prefix("packs/")
                .and_then(|rest| rest.split_once('/'));
            let Some((digest, inside)) = parts else {
                continue;
            };
            let Ok(Some(bytes)) = files.read(path, FILE_BYTES_MAX) else {
                continue;
            };
            let source = found.entry(digest.to_owned()).or_default();
            source.files.insert(inside.to_owned(), bytes);
        }
        for source in shipped {
            found.entry(source.digest()).or_insert(source);
        }
        Self(found)
    }
}

impl Packs for InCopy {
    fn rules(&self, packs: &[String]) -> Option<Rules> {
        let sources: Option<Vec<Source>> = packs
            .iter()
            .map(|pack| {
                let (name, digest) = (pack.split_once('@')?.0, pack.rsplit_once(':')?.1);
                let mut source = self.0.get(digest)?.clone();
                name.clone_into(&mut source.name);
                Some(source)
            })
            .collect();
        let protocol = Protocol::load(&sources?).ok()?;
        let mut names = protocol.packs();
        names.sort();
        (names == packs).then(|| Rules {
            judge: Arc::new(protocol),
            packs: names,
        })
    }
}
