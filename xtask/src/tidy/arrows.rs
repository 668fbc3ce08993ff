//! Which crate may use which. A new arrow is a decision: change the table, say why in `docs/adr/`.

use anyhow::Context as _;
use std::path::Path;
use toml::{Table, Value};

/// A crate, the crates of ours that it may use, and, for a pure crate, the only others it may use.
pub struct Arrow {
    /// The crate.
    pub from: &'static str,
    /// Crates of the workspace that it may use.
    pub to: &'static [&'static str],
    /// Other crates that it may use at run time; `None` if that is not held down.
    pub others: Option<&'static [&'static str]>,
}

/// The arrows of ARCHITECTURE.md.
pub const ARROWS: &[Arrow] = &[
    Arrow {
        from: "domain",
        to: &[],
        others: Some(&["serde", "serde_json", "sha2", "thiserror"]),
    },
    Arrow {
        from: "ledger",
        to: &["domain"],
        others: Some(&[
            "base64",
            "curve25519-dalek",
            "ed25519-dalek",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
        ]),
    },
    Arrow {
        from: "protocol",
        to: &["domain"],
        others: Some(&[
            "cedar-policy",
            "miette",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "toml",
        ]),
    },
    Arrow {
        from: "store",
        to: &["ledger"],
        others: None,
    },
    Arrow {
        from: "audit",
        to: &["domain", "ledger", "store"],
        others: None,
    },
    Arrow {
        from: "node",
        to: &["domain", "protocol", "ledger", "store", "audit"],
        others: None,
    },
    Arrow {
        from: "backup",
        to: &["ledger", "store"],
        others: None,
    },
    Arrow {
        from: "listen",
        to: &[],
        others: Some(&["axum", "axum-server", "hyper-util", "rustls"]),
    },
    Arrow {
        from: "web",
        to: &["listen"],
        others: None,
    },
    Arrow {
        from: "cosign",
        to: &["ledger", "listen"],
        others: None,
    },
    Arrow {
        from: "script",
        to: &[],
        others: Some(&["csv", "quick-xml", "serde", "thiserror", "toml"]),
    },
    Arrow {
        from: "coldproof",
        to: &[
            "domain", "protocol", "ledger", "store", "audit", "backup", "node", "web", "cosign",
            "script",
        ],
        others: None,
    },
    Arrow {
        from: "bench",
        to: &["domain", "protocol", "ledger", "store", "node", "cosign"],
        others: None,
    },
    Arrow {
        from: "xtask",
        to: &["domain"],
        others: None,
    },
];

/// Crates with one home, so that what they bring stays behind one door. Tests may use them to look or to do damage.
const HOMES: &[(&str, &[&str])] = &[
    ("cedar-policy", &["protocol"]),
    ("rusqlite", &["store", "cosign", "bench"]),
    ("curve25519-dalek", &["ledger", "backup"]),
    ("axum", &["web", "cosign", "listen"]),
    ("ureq", &["cosign"]),
    ("quick-xml", &["script"]),
    ("csv", &["script"]),
    ("maud", &["web"]),
    ("clap", &["coldproof"]),
];

pub(super) fn look(root: &Path, faults: &mut Vec<String>) -> anyhow::Result<()> {
    let mut folders: Vec<_> = std::fs::read_dir(root.join("crates"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|folder| folder.join("Cargo.toml").is_file())
        .collect();
    folders.push(root.join("xtask"));
    folders.sort();
    for folder in folders {
        let at = folder.join("Cargo.toml");
        let manifest = manifest(&at)?;
        let shown = at.strip_prefix(root).unwrap_or(&at).display().to_string();
        let name = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let Some(arrow) = ARROWS.iter().find(|arrow| arrow.from == name) else {
            faults.push(format!(
                "{shown}: `{name}` is not in the table of arrows (xtask/src/tidy/arrows.rs)"
            ));
            continue;
        };
        of_crate(arrow, &manifest, &shown, faults);
    }
    Ok(())
}

fn of_crate(arrow: &Arrow, manifest: &Table, shown: &str, faults: &mut Vec<String>) {
    if text(manifest, &["package", "name"]) != Some(arrow.from) {
        faults.push(format!(
            "{shown}: the package is not called as its folder, `{}`",
            arrow.from
        ));
    }
    if flag(manifest, &["lints", "workspace"]) != Some(true) {
        faults.push(format!("{shown}: it does not take the workspace's lints"));
    }
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(Value::Table(uses)) = manifest.get(section) else {
            continue;
        };
        for (name, how) in uses {
            let ours = ARROWS.iter().any(|other| other.from == name);
            // A crate that asks for itself, with another feature in its own tests, is no arrow.
            let itself = name == arrow.from && section == "dev-dependencies";
            if ours && !itself && !arrow.to.contains(&name.as_str()) {
                faults.push(format!(
                    "{shown}: a new arrow `{} -> {name}`; the table allows {:?}",
                    arrow.from, arrow.to
                ));
            }
            if let (false, "dependencies", Some(only)) = (ours, section, arrow.others)
                && !only.contains(&name.as_str())
            {
                faults.push(format!(
                    "{shown}: `{}` is pure and may not use `{name}`",
                    arrow.from
                ));
            }
            if section != "dev-dependencies"
                && let Some((_, homes)) = HOMES.iter().find(|(crate_name, _)| crate_name == name)
                && !homes.contains(&arrow.from)
            {
                faults.push(format!("{shown}: `{name}` belongs to {homes:?} alone"));
            }
            if how.get("workspace").and_then(Value::as_bool) != Some(true) {
                faults.push(format!(
                    "{shown}: `{name}` takes its version from somewhere else than the workspace"
                ));
            }
        }
    }
}

pub(super) fn manifest(at: &Path) -> anyhow::Result<Table> {
    let text = std::fs::read_to_string(at).with_context(|| at.display().to_string())?;
    text.parse::<Table>()
        .with_context(|| at.display().to_string())
}

fn find<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (last, way) = path.split_last()?;
    let mut here = table;
    for step in way {
        here = here.get(*step)?.as_table()?;
    }
    here.get(*last)
}

fn text<'a>(table: &'a Table, path: &[&str]) -> Option<&'a str> {
    find(table, path)?.as_str()
}

fn flag(table: &Table, path: &[&str]) -> Option<bool> {
    find(table, path)?.as_bool()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(crate_name: &str, manifest: &str, expected: &[&str]) {
        let arrow = ARROWS.iter().find(|arrow| arrow.from == crate_name);
        let (Some(arrow), Ok(manifest)) = (arrow, manifest.parse::<Table>()) else {
            unreachable!("the test's own input is good")
        };
        let mut faults = Vec::new();
        of_crate(arrow, &manifest, "Cargo.toml", &mut faults);
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_new_arrow_is_a_fault() {
        check(
            "store",
            "package.name = 'store'\nlints.workspace = true\n[dependencies]\nledger.workspace = true\nnode.workspace = true",
            &["Cargo.toml: a new arrow `store -> node`; the table allows [\"ledger\"]"],
        );
    }

    #[test]
    fn a_pure_crate_may_use_only_what_the_table_names() {
        check(
            "domain",
            "package.name = 'domain'\nlints.workspace = true\n[dependencies]\ngetrandom.workspace = true",
            &["Cargo.toml: `domain` is pure and may not use `getrandom`"],
        );
    }

    #[test]
    fn a_crate_with_one_home_stays_there() {
        check(
            "node",
            "package.name = 'node'\nlints.workspace = true\n[dependencies]\naxum.workspace = true\ntokio = '1'",
            &[
                "Cargo.toml: `axum` belongs to [\"web\", \"cosign\", \"listen\"] alone",
                "Cargo.toml: `tokio` takes its version from somewhere else than the workspace",
            ],
        );
    }
}
