//! The packs that come with the program, as bytes.

use crate::source::Source;
use std::collections::BTreeMap;

macro_rules! packs {
    ($($pack:literal: [$($file:literal),+ $(,)?]),+ $(,)?) => {
        vec![$(Source {
            name: $pack.to_owned(),
            files: BTreeMap::from([$((
                $file.to_owned(),
                include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/", $pack, "/", $file)).to_vec(),
            )),+]),
        }),+]
    };
}

/// Every pack in `packs/`, `base` first. A test compares them with the folder.
pub fn shipped() -> Vec<Source> {
    packs! {
        "au": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "au-act": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "au-nsw": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "au-qld": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "base": ["README.md", "checks.toml", "pack.toml", "rules.cedar", "tests/baselines.toml", "tests/rules.toml"],
        "ca-mb": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "ca-on": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "live-show": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "no-live-weapons": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "nz": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "theatre": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "uk": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us-ca": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us-ca-pilot": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us-industry": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us-nm": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
    }
}
