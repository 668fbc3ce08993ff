//! Pages that must keep up with code: a kind of statement without a place in the format pages, a dependency without a
//! reason, a folder without a line on the map.

use super::arrows::manifest;
use std::path::Path;
use toml::Value;

const DEPENDENCIES: &str = "docs/dependencies.md";

pub(super) fn look(root: &Path, files: &[String], faults: &mut Vec<String>) -> anyhow::Result<()> {
    of_kinds(root, faults);
    of_dependencies(root, files, faults)?;
    of_links(root, files, faults)
}

fn of_kinds(root: &Path, faults: &mut Vec<String>) {
    let kept = std::fs::read_to_string(root.join(crate::kinds::PAGE)).unwrap_or_default();
    match crate::kinds::page(root) {
        Err(error) => faults.push(format!("{}: {error:#}", crate::kinds::SAMPLES)),
        Ok(made) if made != kept => faults.push(format!(
            "{}: differs from the vocabulary; run `cargo xtask kinds`",
            crate::kinds::PAGE
        )),
        Ok(_) => {}
    }
}

fn of_dependencies(root: &Path, files: &[String], faults: &mut Vec<String>) -> anyhow::Result<()> {
    let page = std::fs::read_to_string(root.join(DEPENDENCIES)).unwrap_or_default();
    let mut used: Vec<String> = Vec::new();
    let workspace = manifest(&root.join("Cargo.toml"))?;
    let ours = |how: &Value| how.get("path").is_some();
    let named = workspace
        .get("workspace")
        .and_then(|table| table.get("dependencies"));
    if let Some(Value::Table(named)) = named {
        used.extend(
            named
                .iter()
                .filter(|(_, how)| !ours(how))
                .map(|(name, _)| name.clone()),
        );
    }
    for file in files.iter().filter(|file| file.ends_with("package.json")) {
        let text = std::fs::read_to_string(root.join(file))?;
        let package: serde_json::Value = serde_json::from_str(&text)?;
        for section in ["dependencies", "devDependencies"] {
            let table = package.get(section).and_then(|table| table.as_object());
            used.extend(table.into_iter().flatten().map(|(name, _)| name.clone()));
        }
    }
    used.sort();
    used.dedup();
    let rows: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    for name in &used {
        if !rows.contains(&name.as_str()) {
            faults.push(format!(
                "{DEPENDENCIES}: `{name}` has no row with its reason"
            ));
        }
    }
    for row in rows {
        if !used.iter().any(|name| name == row) {
            faults.push(format!("{DEPENDENCIES}: `{row}` is not used any more"));
        }
    }
    Ok(())
}

/// Every link of a page to a file of ours leads somewhere.
fn of_links(root: &Path, files: &[String], faults: &mut Vec<String>) -> anyhow::Result<()> {
    for file in files
        .iter()
        .filter(|file| file.rsplit_once('.').is_some_and(|(_, kind)| kind == "md"))
    {
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        let text = std::fs::read_to_string(root.join(file))?;
        for (line, number) in text.lines().zip(1..) {
            for target in line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next())
            {
                let target = target.split('#').next().unwrap_or(target);
                if target.is_empty() || target.contains("://") || target.contains(' ') {
                    continue;
                }
                if !root.join(folder).join(target).exists() {
                    faults.push(format!(
                        "{file}:{number}: the link `{target}` leads nowhere"
                    ));
                }
            }
            for path in line
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|name| is_path(name))
            {
                // By git's list and not the disk, where a test run leaves what a fresh clone lacks.
                if !is_kept(path, files) {
                    faults.push(format!("{file}:{number}: there is no `{path}`"));
                }
            }
        }
    }
    Ok(())
}

/// Whether git keeps this file, or anything in this folder.
fn is_kept(path: &str, files: &[String]) -> bool {
    let path = path.trim_end_matches('/');
    files.iter().any(|file| {
        file.strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// A name between backticks that stands for one file or folder of ours. `NAME` stands for any.
fn is_path(name: &str) -> bool {
    let ours = ["crates/", "docs/", "e2e/", "packs/", "xtask/", "cases/"];
    ours.iter().any(|folder| name.starts_with(folder))
        && !name.contains(|letter: char| letter.is_whitespace() || "*<>{}…:".contains(letter))
        && !name.contains("NAME")
}
