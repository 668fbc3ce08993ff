//! Step 1: paths and the manifest.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Code, Fault, NotHeld};
use crate::files::Files;
use crate::limit::MANIFEST_BYTES_MAX;
use crate::manifest::{self, Format, Manifest};
use crate::path::{Place, clash};

pub(super) fn check(files: &dyn Files) -> Result<Manifest, NotHeld> {
    let wrong = |says: String| Fault::new(Code::Shape, says);
    if !files.has(manifest::PATH) {
        return Err(
            wrong("there is no `manifest.json` in it: this is neither a node's folder nor a copy of a log".to_owned()).into(),
        );
    }
    let bytes = files
        .read(manifest::PATH, MANIFEST_BYTES_MAX)?
        .ok_or_else(|| wrong("the manifest is too long".to_owned()))?;
    let manifest = Manifest::read(&bytes).map_err(wrong)?;
    of(files.sizes(), &manifest).map_err(wrong)?;
    Ok(manifest)
}

fn of(sizes: &BTreeMap<String, u64>, manifest: &Manifest) -> Result<(), String> {
    let format = manifest.format;
    for path in sizes.keys() {
        if Place::of(path, format).is_none() {
            return Err(format!(
                "no such file belongs in a copy: `{}`",
                path.escape_debug()
            ));
        }
    }
    if let Some(says) = clash(sizes.keys().map(String::as_str)) {
        return Err(says);
    }
    let mut needed = vec!["checkpoint", "keys/log.vkey"];
    match format {
        Format::Export if manifest.person.is_some() => {
            return Err("the manifest names a person, and it is no person's own copy".to_owned());
        }
        Format::Export => {}
        Format::Copy => {
            needed.extend(["first.entry", "receipts/0.tlog-proof"]);
            own(sizes, manifest)?;
        }
    }
    if let Some(path) = needed.into_iter().find(|path| !sizes.contains_key(*path)) {
        return Err(format!("`{path}` is not there"));
    }
    let there = sizes.iter().filter(|(path, _)| *path != manifest::PATH);
    let listed = manifest.files.iter().map(|one| (&one.path, &one.bytes));
    if !there.eq(listed) {
        return Err("the manifest does not list exactly the files that are there".to_owned());
    }
    let attached = sizes
        .iter()
        .filter_map(|(path, bytes)| match Place::of(path, format) {
            Some(Place::Attachment(sha256)) => Some((sha256, *bytes)),
            _ => None,
        });
    let listed = manifest
        .attachments
        .iter()
        .map(|one| (one.sha256, one.bytes));
    if !attached.eq(listed) {
        return Err("the manifest does not list exactly the attachments that are there".to_owned());
    }
    Ok(())
}

/// Of a person's own copy: whose it is, a receipt for each entry, bodies with their salt.
fn own(sizes: &BTreeMap<String, u64>, manifest: &Manifest) -> Result<(), String> {
    if manifest.person.is_none() || manifest.notice.is_some() || !manifest.attachments.is_empty() {
        return Err("the manifest is not one of a person's own copy".to_owned());
    }
    let (mut entries, mut receipts) = (BTreeSet::new(), BTreeSet::new());
    let (mut bodies, mut salts) = (BTreeSet::new(), BTreeSet::new());
    for path in sizes.keys() {
        match Place::of(path, Format::Copy) {
            Some(Place::Entry(index)) => drop(entries.insert(index)),
            Some(Place::Receipt(index)) => drop(receipts.insert(index)),
            Some(Place::Body(index)) => drop(bodies.insert(index)),
            Some(Place::Salt(index)) => drop(salts.insert(index)),
            _ => {}
        }
    }
    if bodies != salts || !bodies.is_subset(&entries) {
        return Err("a body or salt stands alone".to_owned());
    }
    entries.insert(0);
    if receipts == entries {
        Ok(())
    } else {
        Err("an entry has no receipt, or a receipt no entry".to_owned())
    }
}
