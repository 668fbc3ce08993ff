//! `coldproof pack`: check, explain and diff, and packs read from folders.

pub(crate) mod diff;
pub(crate) mod explain;

use super::args::{Form, PackCheck};
use super::exit::{Exit, Failure};
use protocol::{Pack, Rule, Source, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const BASE: &str = "base";

pub(crate) fn run(args: &PackCheck, form: Form) -> Result<Exit, Failure> {
    let pack = read(&args.dir)?;
    let name = pack.name.clone();
    let mut sources = vec![pack];
    if name != BASE {
        let beside = args.dir.join("..").join(BASE);
        let base = if beside.is_dir() {
            read(&beside)?
        } else {
            let shipped = protocol::shipped()
                .into_iter()
                .find(|source| source.name == BASE);
            shipped.ok_or_else(|| Failure::fault("the program has no pack `base`"))?
        };
        sources.push(base);
    }
    let report = protocol::check(&sources, &name);
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"pack": report.pack, "name": report.name, "rules": report.rules, "items": report.items, "trials": report.trials, "faults": faults})
        ),
        Form::Human | Form::Plain => {
            for fault in &faults {
                println!("{fault}");
            }
            let named = if report.name.is_empty() {
                &report.pack
            } else {
                &report.name
            };
            println!(
                "{named}: {} rules, {} items of checks, {} trials, {} faults",
                report.rules,
                report.items,
                report.trials,
                faults.len()
            );
        }
    }
    Ok(if report.passed() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}

/// A pack by its folder, or by the name of one that comes with the program.
fn named(name: &Path) -> Result<Pack, Failure> {
    let source = if name.is_dir() {
        read(name)?
    } else {
        let known = protocol::shipped()
            .into_iter()
            .find(|source| Path::new(&source.name) == name);
        known.ok_or_else(|| {
            Failure::invalid(format!(
                "`{}` is neither a folder nor a pack that comes with the program",
                name.display()
            ))
        })?
    };
    Pack::read(&source).map_err(|error| {
        let faults: Vec<String> = error.faults.iter().map(ToString::to_string).collect();
        Failure::invalid(faults.join("; "))
    })
}

/// Names of the gates of a rule.
fn gates(rule: &Rule) -> Vec<&'static str> {
    rule.gates.iter().map(|gate| gate.name()).collect()
}

/// How a rule binds where its pack is in force, in the word of the record.
fn force(rule: &Rule) -> String {
    serde_json::to_value(rule.reason.force)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Names of the facts that a rule reads, each once.
fn facts_read(rule: &Rule) -> Vec<String> {
    let condition = rule.condition();
    let mut names: Vec<String> = domain::facts::Facts::FIELDS
        .iter()
        .map(|(name, ..)| (*name).to_owned())
        .collect();
    names.retain(|name| {
        condition
            .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
            .any(|word| word == name)
    });
    names
}

/// A bound as people read it.
fn value(value: Value) -> String {
    match value {
        Value::Bool(value) => if value { "yes" } else { "no" }.to_owned(),
        Value::Millis(value) => format!("{value} ms"),
    }
}

/// Every pack in the folders of `dir`.
pub(crate) fn shelf(dir: &Path) -> Result<Vec<Source>, Failure> {
    let mut folders: Vec<_> = entries(dir)?
        .into_iter()
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.iter().map(|folder| read(folder)).collect()
}

/// The files of one pack by their paths inside it.
fn read(dir: &Path) -> Result<Source, Failure> {
    let whole = fs::canonicalize(dir).map_err(|error| {
        Failure::invalid(format!("`{}` cannot be read: {error}", dir.display()))
    })?;
    let name = whole
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut files = BTreeMap::new();
    gather(&whole, &whole, &mut files)?;
    Ok(Source { name, files })
}

fn gather(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    for path in entries(folder)? {
        if path.is_dir() {
            gather(root, &path, files)?;
            continue;
        }
        let inside = path.strip_prefix(root).unwrap_or(&path);
        let name: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        files.insert(name.join("/"), fs::read(&path)?);
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, Failure> {
    let shown = |error: std::io::Error| {
        Failure::invalid(format!("`{}` cannot be read: {error}", folder.display()))
    };
    fs::read_dir(folder)
        .map_err(shown)?
        .map(|entry| entry.map(|entry| entry.path()).map_err(shown))
        .collect()
}
