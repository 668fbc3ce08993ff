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

/// `base`, `us-industry` and `us-nm`, as they stand in `packs/`. A test compares them with the folder.
pub fn shipped() -> Vec<Source> {
    packs! {
        "base": ["README.md", "checks.toml", "pack.toml", "rules.cedar", "tests/baselines.toml", "tests/rules.toml"],
        "us-industry": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
        "us-nm": ["README.md", "pack.toml", "rules.cedar", "tests/rules.toml"],
    }
}
