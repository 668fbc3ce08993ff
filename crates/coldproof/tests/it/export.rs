//! A copy of the demonstration's day, as an inspector gets and checks it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn coldproof(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .output()
        .unwrap()
}

/// What it printed; its sentence for people when it did not end with `exit`.
#[track_caller]
fn run(exit: i32, words: &[&str]) -> (String, String) {
    let output = coldproof(words);
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(exit), "{words:?}\n{out}\n{err}");
    (out, err)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The day, and a folder for copies.
fn day() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let day = dir.path().join("day");
    run(0, &["demo", "--no-serve", "--data", text(&day)]);
    (dir, day)
}

#[test]
fn a_copy_of_the_day_holds_as_folder_and_zip_and_is_judged_the_same() {
    let (dir, day) = day();
    let (folder, zip) = (dir.path().join("copy"), dir.path().join("copy.zip"));
    run(0, &["export", "--data", text(&day), "--out", text(&folder)]);
    run(
        0,
        &["export", "--data", text(&day), "--out", text(&zip), "--zip"],
    );
    let (of_folder, _) = run(0, &["verify", "--plain", text(&folder)]);
    assert!(of_folder.starts_with("holds\norigin demo.example/"));
    for other in [
        &["verify", "--plain", text(&zip)][..],
        &["verify", "--plain", text(&day)],
        &["verify", "--plain", "--strict", text(&zip)],
    ] {
        assert_eq!(run(0, other).0, of_folder, "{other:?}");
    }
    let (judged, _) = run(0, &["verify", "--judge", "--json", text(&zip)]);
    let judged: serde_json::Value = serde_json::from_str(&judged).unwrap();
    assert_eq!(judged["judged"]["differ"], serde_json::json!([]));
    assert!(judged["judged"]["same"].as_u64().unwrap() > 100, "{judged}");
    let (_, err) = run(
        10,
        &["export", "--data", text(&day), "--out", text(&folder)],
    );
    assert!(err.contains("there already"), "{err}");

    let tile = folder.join("bodies/000");
    let mut bytes = fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let (out, err) = run(70, &["verify", "--plain", text(&folder)]);
    assert!(out.starts_with("fault body "), "{out}");
    assert_eq!(out.lines().count(), 1);
    assert!(err.contains("does not hold"), "{err}");
}

#[test]
fn what_is_left_out_stands_in_the_record_and_in_what_the_reader_is_told() {
    let (dir, day) = day();
    let (copy, key) = (dir.path().join("copy.zip"), dir.path().join("key.json"));
    let leave = |kinds: &str| {
        coldproof(&[
            "export",
            "--plain",
            "--data",
            text(&day),
            "--out",
            text(&copy),
            "--zip",
            "--leave-out",
            kinds,
            "--for",
            "the insurer",
            "--why",
            "Under review.",
            "--as",
            text(&key),
        ])
    };
    // What is wrong with the words is told, and nothing is entered.
    let before = run(0, &["verify", "--plain", text(&day)]).0;
    assert_eq!(leave("people.invite").status.code(), Some(65));
    assert_eq!(leave("weapon.lok").status.code(), Some(65));
    assert_eq!(run(0, &["verify", "--plain", text(&day)]).0, before);
    assert!(!key.exists() && !copy.exists());

    let output = leave("weapon.look");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (plain, _) = run(0, &["verify", "--plain", text(&copy)]);
    let withheld = plain
        .lines()
        .filter(|line| line.contains("withheld for the insurer: Under review. (entry "));
    assert!(withheld.count() >= 2, "{plain}");
    assert!(plain.contains("\nbodies_missing 0\n"));
    let (judged, _) = run(0, &["verify", "--judge", text(&copy)]);
    assert!(judged.contains("not judged: body withheld"), "{judged}");
    // The record itself has every body, and the notice.
    let (now, _) = run(0, &["verify", "--plain", text(&day)]);
    assert!(now.contains("\nbodies_withheld 0\n") && now != before);
}

#[test]
fn a_copy_is_made_beside_a_running_node_and_leaving_out_asks_for_it_to_stop() {
    let (dir, day) = day();
    let mut verifier = node::Node::open(
        &day,
        Box::new(node::Shelf(protocol::shipped())),
        Box::new(node::SystemClock),
    )
    .unwrap();
    verifier.run_clock().unwrap();
    let (copy, key) = (dir.path().join("copy"), dir.path().join("key.json"));
    run(0, &["export", "--data", text(&day), "--out", text(&copy)]);
    let part = dir.path().join("part");
    let (_, err) = run(
        10,
        &[
            "export",
            "--data",
            text(&day),
            "--out",
            text(&part),
            "--leave-out",
            "weapon.look",
            "--for",
            "x",
            "--why",
            "y",
            "--as",
            text(&key),
        ],
    );
    assert!(err.contains("is running") && err.contains("stop"), "{err}");
    assert!(!part.exists() && !key.exists());
    drop(verifier);
}

#[test]
fn a_copy_beside_a_running_node_is_entered_and_its_readme_names_all_holders() {
    let (dir, day) = day();
    let mut running = node::Node::open(
        &day,
        Box::new(node::Shelf(protocol::shipped())),
        Box::new(node::SystemClock),
    )
    .unwrap();
    running.run_clock().unwrap();
    let before = running.holders().len();
    let (named, unnamed) = (dir.path().join("named"), dir.path().join("unnamed"));
    let export = |out: &Path, more: &[&str]| {
        let mut words = vec!["export", "--json", "--data", text(&day), "--out", text(out)];
        words.extend(more);
        let said: serde_json::Value = serde_json::from_str(&run(0, &words).0).unwrap();
        said["entered"].as_u64().unwrap()
    };
    let first = export(&named, &["--holder", "the insurer"]);
    let second = export(&unnamed, &[]);
    let holders = running.holders();
    let to: Vec<_> = holders[before..]
        .iter()
        .map(|one| (one.entry, one.to.as_str()))
        .collect();
    assert_eq!(
        to,
        [
            (first, "the insurer"),
            (second, "somebody who was not named when it was made")
        ]
    );
    let readme = fs::read_to_string(unnamed.join("README.txt")).unwrap();
    for part in [
        format!("stands in entry {second} of the record itself"),
        format!("entry {first}, "),
        "for the insurer\n".to_owned(),
        "(this copy)".to_owned(),
    ] {
        assert!(readme.contains(&part), "{part}: {readme}");
    }
    assert!(!readme.contains("NOT ENTERED"));
    // Nothing lies about that was asked or answered.
    assert_eq!(fs::read_dir(day.join("asked")).unwrap().count(), 0);
    run(0, &["verify", text(&named)]);
}

#[test]
fn a_copy_of_a_node_that_does_not_run_is_entered_when_a_holder_is_named_and_says_so_when_not() {
    let (dir, day) = day();
    let before = run(0, &["verify", "--plain", text(&day)]).0;
    let (quiet, named) = (dir.path().join("quiet"), dir.path().join("named"));
    let (out, _) = run(0, &["export", "--data", text(&day), "--out", text(&quiet)]);
    assert!(out.contains("NOT ENTERED"), "{out}");
    let readme = fs::read_to_string(quiet.join("README.txt")).unwrap();
    assert!(readme.contains("NOT ENTERED"), "{readme}");
    assert_eq!(
        run(0, &["verify", "--plain", text(&day)]).0,
        before,
        "a copy writes nothing into a record at rest"
    );
    let words = ["export", "--data", text(&day), "--holder", "the coroner"];
    let (out, _) = run(0, &[&words[..], &["--out", text(&named)]].concat());
    assert!(out.contains("says for whom"), "{out}");
    let readme = fs::read_to_string(named.join("README.txt")).unwrap();
    assert!(readme.contains("for the coroner (this copy)"), "{readme}");
}
