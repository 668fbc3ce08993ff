//! The packs that come with the program keep to everything that `pack check` asks.

use protocol::{Protocol, Source, check, shipped};
use std::{collections::BTreeMap, path::Path};

const PACKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");

fn read(folder: &Path, under: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{under}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            read(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// The packs as they stand in the folder.
pub(crate) fn folder() -> Vec<Source> {
    let mut names: Vec<_> = std::fs::read_dir(PACKS)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .collect();
    names.sort_by_key(std::fs::DirEntry::file_name);
    names
        .into_iter()
        .map(|entry| {
            let mut files = BTreeMap::new();
            read(&entry.path(), "", &mut files);
            Source {
                name: entry.file_name().to_str().unwrap().to_owned(),
                files,
            }
        })
        .collect()
}

#[test]
fn the_packs_in_the_program_are_those_in_the_folder() {
    assert_eq!(
        shipped(),
        folder(),
        "a pack or a file is missing from shipped.rs"
    );
}

#[test]
fn the_packs_load_together() {
    let protocol = Protocol::load(&shipped()).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<&str> = protocol.all().iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(
        names,
        [
            "au",
            "au-act",
            "au-nsw",
            "au-qld",
            "base",
            "ca-mb",
            "ca-on",
            "live-show",
            "no-live-weapons",
            "nz",
            "theatre",
            "uk",
            "us",
            "us-ca",
            "us-ca-pilot",
            "us-industry",
            "us-nm"
        ]
    );
}

#[test]
fn every_pack_passes_its_check() {
    for source in shipped() {
        let report = check(&shipped(), &source.name);
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert!(report.passed(), "{}", faults.join("\n"));
    }
}
