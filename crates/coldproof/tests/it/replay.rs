//! Replays of cases, and what a faulty case file is answered.

use coldproof::replay::{self, Case, Label, Replay, Row, RowOutcome, Runner};
use protocol::Protocol;
use std::{collections::BTreeMap, fs, path::PathBuf, sync::Mutex};

mod format;
mod granted;
mod page;
mod rust_2021;
mod versions;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

fn case(name: &str) -> Case {
    let path = folder().join(name);
    let text = fs::read_to_string(&path).unwrap();
    replay::read(&format!("cases/{name}"), &text).unwrap_or_else(|fault| panic!("{fault}"))
}

/// The packs that a case names. Read once: a test binary asks for the same few again and again.
fn packs(case: &Case) -> &'static Protocol {
    static READ: Mutex<BTreeMap<Vec<String>, &'static Protocol>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap();
    read.entry(case.packs.clone()).or_insert_with(|| {
        let sources: Vec<_> = protocol::shipped()
            .into_iter()
            .filter(|source| case.packs.contains(&source.name))
            .collect();
        Box::leak(Box::new(Protocol::load(&sources).unwrap()))
    })
}

/// A case of the folder, run once.
fn run(name: &str) -> Replay {
    static RUN: Mutex<BTreeMap<String, Replay>> = Mutex::new(BTreeMap::new());
    let mut runs = RUN.lock().unwrap();
    runs.entry(name.to_owned())
        .or_insert_with(|| run_case(&case(name)))
        .clone()
}

fn run_case(case: &Case) -> Replay {
    replay::replay(case, packs(case)).unwrap_or_else(|fault| panic!("{fault}"))
}

fn run_text(text: &str) -> Replay {
    run_case(&replay::read("test.toml", text).unwrap_or_else(|fault| panic!("{fault}")))
}

fn row(replay: &Replay, number: u64) -> &Row {
    let mut rows = replay
        .rows
        .iter()
        .filter(|row| row.row == Label::Number(number) && row.outcome != RowOutcome::Inexpressible);
    rows.next()
        .unwrap_or_else(|| panic!("row {number} is missing"))
}

fn codes(row: &Row) -> Vec<&str> {
    row.reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .collect()
}

/// Every case in the folder runs, and no row of it is lost.
#[test]
fn every_case_in_the_folder_replays_and_prints_every_row() {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let cases = files.iter().filter(|name| {
        std::path::Path::new(name)
            .extension()
            .is_some_and(|end| end == "toml")
    });
    for name in cases {
        let text = fs::read_to_string(folder().join(name)).unwrap();
        let rows = text.lines().filter(|line| *line == "[[row]]").count();
        let replay = run(name);
        let mut labels: Vec<String> = replay.rows.iter().map(|row| row.row.to_string()).collect();
        labels.dedup();
        assert_eq!(labels.len(), rows, "{name}");
        for label in labels {
            assert!(
                replay.text.contains(&format!("row {label:<4} ")),
                "{name}: row {label} is not printed"
            );
        }
        if std::env::var("CASE").is_ok_and(|wanted| name.starts_with(&wanted)) {
            println!("{}", replay.text);
        }
    }
}

#[test]
fn where_nothing_can_fire_nothing_is_refused_and_nothing_alarms() {
    let replay = run("20-rust-completion-montana-2023.toml");
    let calm = |row: &Row| !matches!(row.outcome, RowOutcome::Refused | RowOutcome::Alarmed);
    assert!(replay.rows.iter().all(calm), "{}", replay.text);
    assert_eq!((replay.summary.refused, replay.summary.alarmed), (0, 0));
    assert_eq!(replay.summary.first_alarm, None);
    assert!(
        replay.rows.iter().all(|row| row.breaches.is_empty()),
        "{}",
        replay.text
    );
}

#[test]
fn the_json_has_the_members_of_the_format_page_and_no_other() {
    let json: serde_json::Value =
        serde_json::from_str(&run("01-rust-2021.toml").json().unwrap()).unwrap();
    let keys = |value: &serde_json::Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(&json), ["rows", "summary"]);
    for row in json["rows"].as_array().unwrap() {
        assert_eq!(
            keys(row),
            [
                "at", "breaches", "effects", "hard", "outcome", "reasons", "row"
            ]
        );
    }
    assert_eq!(
        keys(&json["summary"]),
        [
            "alarmed",
            "first_alarm",
            "first_hard_stop",
            "first_refusal",
            "inexpressible",
            "last_before_harm",
            "refused"
        ]
    );
    assert_eq!(json["summary"]["last_before_harm"], 34);
}

#[test]
fn the_same_case_gives_the_same_bytes() {
    let (one, other) = (
        run("01-rust-2021.toml"),
        run_case(&case("01-rust-2021.toml")),
    );
    assert_eq!(one.json().unwrap(), other.json().unwrap());
    assert_eq!(one.text, other.text);
}

fn ask_refused(runner: &Runner<'_>, by: &str, kind: &str, say: &str) -> Vec<String> {
    let outcome = runner.ask(by, kind, say).unwrap();
    outcome
        .reasons
        .into_iter()
        .map(|reason| reason.code)
        .collect()
}
