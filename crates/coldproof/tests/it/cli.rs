//! The program as people start it: arguments in, text and an exit code out.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{Command, Output};

fn coldproof(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .output()
        .unwrap()
}

#[track_caller]
pub(crate) fn check(words: &[&str], exit: i32, says: &str) -> String {
    let output = coldproof(words);
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(exit), "{words:?}\n{out}\n{err}");
    assert!(
        out.contains(says) || err.contains(says),
        "{words:?} does not say `{says}`\n{out}\n{err}"
    );
    out.into_owned()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    check(&["demonstrate"], 2, "unrecognized subcommand");
    check(
        &["verify", "--plain", "--json", "x"],
        2,
        "cannot be used with",
    );
    check(&["--help"], 0, "Never the only barrier");
}

#[test]
fn the_day_is_seeded_once_and_the_record_of_it_holds_until_a_byte_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let day = folder.path().join("day");
    check(
        &["demo", "--no-serve", "--plain", "--data", text(&day)],
        0,
        "entries ",
    );
    check(
        &["demo", "--no-serve", "--data", text(&day)],
        10,
        "holds a record already",
    );
    let said = check(
        &["verify", "--judge", "--json", text(&day)],
        0,
        "\"differ\":[]",
    );
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(said["size"].as_u64().unwrap() > 100, "{said}");
    check(
        &[
            "verify",
            text(&day),
            "--expect",
            "other.example/x+00000000+AAAA",
        ],
        65,
        "vkey",
    );

    let file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(day.join("record.sqlite"))
        .unwrap();
    let bytes = fs::read(day.join("record.sqlite")).unwrap();
    let needle = br#""outcome":{"admitted":true"#;
    let at = bytes
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap();
    file.write_all_at(br#""outcome":{"admitted":fals"#, u64::try_from(at).unwrap())
        .unwrap();
    check(&["verify", text(&day)], 70, "entry ");
}

#[test]
fn what_cannot_be_read_ends_with_65_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    check(
        &["verify", text(&folder.path().join("nowhere"))],
        65,
        "cannot be read",
    );
    check(
        &["verify", text(folder.path())],
        70,
        "neither a node's folder nor a copy",
    );
    check(
        &["serve", text(folder.path())],
        65,
        "there is no production",
    );
    check(
        &["replay", text(&folder.path().join("none.toml"))],
        65,
        "cannot be read",
    );
    let case = folder.path().join("bad.toml");
    fs::write(&case, "title = ").unwrap();
    check(
        &["replay", "--json", text(&case)],
        65,
        "\"code\":\"invalid\"",
    );
    let pack = folder.path().join("mine");
    fs::create_dir(&pack).unwrap();
    fs::write(pack.join("pack.toml"), "id = \"other\"").unwrap();
    check(&["pack", "check", text(&pack)], 65, "faults");
}

#[test]
fn the_shipped_packs_pass_their_own_check() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    for name in ["base", "us-industry", "us-nm"] {
        check(&["pack", "check", text(&packs.join(name))], 0, " 0 faults");
    }
}

#[test]
fn a_production_is_made_with_a_name_that_lasts_and_the_doctor_finds_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("high-desert");
    check(
        &[
            "init",
            text(&made),
            "--production",
            "High Desert",
            "--name",
            "192.168.1.20",
        ],
        65,
        "no name that lasts",
    );
    assert!(!made.exists(), "nothing is made for a bare address");
    let said = check(
        &[
            "init",
            "--plain",
            text(&made),
            "--production",
            "High Desert",
        ],
        0,
        "administrator https://coldproof.local:8443/enrol/",
    );
    assert!(said.contains("vkey "), "{said}");
    check(
        &["init", text(&made), "--production", "High Desert"],
        10,
        "holds a record already",
    );
    check(&["verify", text(&made)], 0, "The record holds");
    let found = check(&["doctor", "--plain", text(&made)], 0, "record good");
    for what in [
        "clock good",
        "database good",
        "packs good",
        "keys good",
        "name good",
        "recorded_time good",
    ] {
        assert!(found.contains(what), "{what}\n{found}");
    }

    let settings = made.join("node.toml");
    let bare = fs::read_to_string(&settings)
        .unwrap()
        .replace("coldproof.local", "10.0.0.7");
    fs::write(&settings, bare).unwrap();
    check(
        &["doctor", "--plain", text(&made)],
        13,
        "nobody may enrol under a bare address",
    );
    check(&["serve", text(&made)], 65, "no name that lasts");
    fs::remove_file(made.join("keys/board.key")).unwrap();
    check(&["doctor", "--plain", text(&made)], 13, "keys fault");
}

/// What every command answers a program when it cannot: one object with a word that stays, on standard output.
#[test]
fn every_command_answers_a_program_with_a_code_that_stays() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("none");
    let (none, out) = (text(&none), folder.path().join("out"));
    let (out, wrong) = (text(&out), folder.path().join("wrong.toml"));
    fs::write(&wrong, "what = \n").unwrap();
    let day = folder.path().join("day");
    check(&["demo", "--no-serve", "--data", text(&day)], 0, "");
    let copy = folder.path().join("copy");
    let words = ["export", "--data", text(&day), "--out", text(&copy)];
    check(&words, 0, "");
    let bundle = copy.join("tile/entries/000.p");
    let bundle = fs::read_dir(bundle).unwrap().next().unwrap().unwrap();
    let mut bytes = fs::read(bundle.path()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(bundle.path(), bytes).unwrap();
    let hash = "0".repeat(64);
    for (words, exit, code, cause) in [
        (&["demonstrate"][..], 2, "usage", "usage"),
        (
            &["demo", "--no-serve", "--data", text(&day)],
            10,
            "refused",
            "refused",
        ),
        (
            &["init", text(&day), "--production", "X"],
            10,
            "refused",
            "refused",
        ),
        (&["serve", none], 65, "invalid", "invalid"),
        (&["replay", none], 65, "invalid", "invalid"),
        (&["verify", none], 65, "invalid", "invalid"),
        (&["verify", text(&copy)], 70, "broken", "entry"),
        (
            &["export", "--data", none, "--out", out],
            65,
            "invalid",
            "invalid",
        ),
        (&["pack", "check", none], 65, "invalid", "invalid"),
        (&["doctor", none], 65, "invalid", "invalid"),
        (
            &["doctor", text(&day), "--clear-file", &hash],
            10,
            "refused",
            "refused",
        ),
        (
            &["backup", "--data", none, "--to", out],
            65,
            "invalid",
            "invalid",
        ),
        (
            &["restore", none, "--to", out, "--identity", none],
            65,
            "invalid",
            "invalid",
        ),
        (
            &["takeover", none, "--to", out, "--identity", none],
            2,
            "usage",
            "usage",
        ),
        (&["go-on", none, "--why", "x"], 13, "fault", "fault"),
        (
            &["cosign", "--data", none, "keys"],
            65,
            "invalid",
            "invalid",
        ),
    ] {
        let output = coldproof(&[words, &["--json"]].concat());
        let said = String::from_utf8(output.stdout).unwrap();
        let said: serde_json::Value =
            serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("{words:?} says {said:?}"));
        let error = &said["error"];
        assert_eq!(
            (&error["code"], &error["cause"], &error["exit"]),
            (&code.into(), &cause.into(), &exit.into()),
            "{words:?} says {said}"
        );
        assert_eq!(output.status.code(), Some(exit), "{words:?}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        if cause == "entry" {
            assert!(error["entry"].is_u64(), "{said}");
        }
    }
}
