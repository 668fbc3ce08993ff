//! A production's copies, as people make and use them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Set(tempfile::TempDir);

impl Set {
    /// A production, a folder for backups, and one backup; the file, and its key in `key`.
    fn new() -> (Self, PathBuf) {
        let set = Self(tempfile::tempdir().unwrap());
        fs::create_dir(set.at("stick")).unwrap();
        set.says(
            0,
            "vkey ",
            &["init", "node", "--production", "High Desert", "--plain"],
        );
        let made = set.says(
            0,
            "same_disk true",
            &[
                "backup",
                "--data",
                "node",
                "--to",
                "stick",
                "--new-key",
                "key",
                "--plain",
            ],
        );
        let file = made
            .lines()
            .find_map(|line| line.strip_prefix("file "))
            .unwrap();
        (set, PathBuf::from(file))
    }

    fn at(&self, what: &str) -> PathBuf {
        self.0.path().join(what)
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_coldproof"))
            .args(words)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn says(&self, exit: i32, says: &str, words: &[&str]) -> String {
        let output = self.run(words);
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{words:?}\n{out}\n{err}");
        assert!(
            out.contains(says) || err.contains(says),
            "{words:?} does not say `{says}`\n{out}\n{err}"
        );
        out
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn value<'t>(said: &'t str, name: &str) -> &'t str {
    let line = |line: &'t str| line.strip_prefix(name)?.strip_prefix(' ');
    said.lines().find_map(line).unwrap()
}

#[test]
fn a_production_comes_back_from_its_stick_with_the_same_head() {
    let (set, file) = Set::new();
    let file = text(&file);
    let before = set.says(0, "holds", &["verify", "node", "--plain"]);
    set.says(
        0,
        "every entry verified",
        &["restore", file, "--identity", "key", "--verify"],
    );
    assert_eq!(
        fs::read_dir(set.at("")).unwrap().count(),
        3,
        "checking keeps nothing"
    );
    let vkey = fs::read_to_string(set.at("node/keys/log.vkey")).unwrap();
    set.says(
        0,
        "Restored to",
        &[
            "restore",
            file,
            "--identity",
            "key",
            "--to",
            "spare",
            "--expect",
            &vkey,
        ],
    );
    let after = set.says(0, "holds", &["verify", "spare", "--plain"]);
    assert_eq!(value(&after, "root"), value(&before, "root"));
    for name in [
        "keys/log.key",
        "keys/node.key",
        "keys/board.key",
        "tls/ca.key",
        "node.toml",
    ] {
        let read = |folder: &str| fs::read(set.at(folder).join(name)).unwrap();
        assert_eq!(read("spare"), read("node"), "{name}");
    }
    set.says(
        10,
        "never over or beside a record",
        &["restore", file, "--identity", "key", "--to", "node"],
    );
}

#[test]
fn a_damaged_backup_or_another_key_or_another_log_makes_no_folder() {
    let (set, file) = Set::new();
    let mut bad = fs::read(&file).unwrap();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    fs::write(set.at("bad.age"), bad).unwrap();
    let to = |file: &str, key: &str| {
        ["restore", file, "--identity", key, "--to", "spare"].map(str::to_owned)
    };
    let refused = |exit, says, words: [String; 6]| {
        set.says(exit, says, &words.each_ref().map(String::as_str));
        assert!(!set.at("spare").exists());
    };
    refused(70, "Nothing was written", to("bad.age", "key"));
    fs::write(
        set.at("other"),
        backup::age::Identity::generate().unwrap().secret_text(),
    )
    .unwrap();
    refused(65, "it was encrypted to others", to(text(&file), "other"));
    refused(
        65,
        "a key file holds a line",
        to(text(&file), "node/node.toml"),
    );
    set.says(
        70,
        "the log's key in the record is not the one in",
        &[
            "restore",
            text(&file),
            "--identity",
            "key",
            "--to",
            "spare",
            "--expect",
            "ranch.example/prairie/2021-7f3a+2511d7e2+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
        ],
    );
    assert!(!set.at("spare").exists() && !set.at(".spare.restoring").exists());
}

#[test]
fn what_was_chosen_once_is_kept_and_the_key_is_shown_once() {
    let (set, _) = Set::new();
    let settings = fs::read_to_string(set.at("node/node.toml")).unwrap();
    assert!(settings.contains("every_minutes = 15"), "{settings}");
    let key = fs::read_to_string(set.at("key")).unwrap();
    assert!(!settings.contains("SECRET") && key.contains("AGE-SECRET-KEY-1"));
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let again = set.says(0, "file ", &["backup", "--data", "node", "--plain"]);
    assert!(!again.contains("key "), "{again}");
    set.says(
        0,
        "size ",
        &[
            "restore",
            value(&again, "file"),
            "--identity",
            "key",
            "--verify",
            "--plain",
        ],
    );
    set.says(0, "lies on this machine's own disk", &["doctor", "node"]);
}

#[test]
fn an_empty_folder_and_a_stick_that_is_not_in_say_what_to_do() {
    let (set, _) = Set::new();
    set.says(65, "brings one back from a backup", &["serve", "nothing"]);
    set.says(
        65,
        "must not become a folder of this machine",
        &["backup", "--data", "node", "--to", "pulled-out"],
    );
    assert!(!set.at("pulled-out").exists());
    fs::remove_dir_all(set.at("stick")).unwrap();
    set.says(13, "is the stick in?", &["backup", "--data", "node"]);
}

#[test]
fn a_spare_takes_over_and_its_record_says_so() {
    let (set, file) = Set::new();
    let why = "The set laptop fell into the river.";
    let asked = set.says(
        0,
        "epoch 1",
        &[
            "takeover",
            text(&file),
            "--identity",
            "key",
            "--to",
            "spare",
            "--why",
            why,
            "--plain",
        ],
    );
    let size: u64 = value(&asked, "size").parse().unwrap();
    assert!(set.at("spare/takeover.toml").exists());
    let mut node = Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args([
            "serve",
            "spare",
            "--plain",
            "--listen",
            "127.0.0.1",
            "--port",
            "0",
            "--read-port",
            "0",
        ])
        .current_dir(set.0.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    // Kept to the end: whoever prints into a closed pipe dies of it.
    let mut said = BufReader::new(node.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("origin "), "{line}");
    let term = Command::new("kill")
        .args(["-TERM", &node.id().to_string()])
        .status();
    // It may die of it when it does not listen for it yet; the entry was durable before it said a word.
    assert!(term.unwrap().success());
    node.wait().unwrap();
    assert!(!set.at("spare/takeover.toml").exists());
    let after = set.says(0, "holds", &["verify", "spare", "--plain"]);
    let grown: u64 = value(&after, "size").parse().unwrap();
    assert!(grown > size, "{after}");
    let archive = store::SqliteArchive::open(&set.at("spare")).unwrap();
    let next = archive.read(size, size + 1).unwrap().remove(0);
    let entry = ledger::entry::Entry::read(&next.entry).unwrap();
    let signed = ledger::envelope::open(&entry.statement).unwrap();
    assert_eq!(signed.header.kind, "node.took_over");
}

/// Runs the program and kills it after so many milliseconds, wherever it is.
fn kill_after(set: &Set, ms: u64, words: &[&str]) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .current_dir(set.0.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_millis(ms);
    while std::time::Instant::now() < end && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().ok();
    child.wait().unwrap();
}

/// `COLDPROOF_KILLS` sets how many moments are tried (20 unless told).
#[test]
fn a_kill_at_any_moment_of_a_backup_or_a_restore_leaves_whole_ones_and_the_next_goes_through() {
    let (set, made) = Set::new();
    // Off the stick, where it would be thinned once there are newer ones.
    let file = set.at("first.age");
    fs::copy(made, &file).unwrap();
    let kills = std::env::var("COLDPROOF_KILLS").ok();
    let kills: u64 = kills.and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let stick = set.at("stick");
    let (mut whole, mut unfinished) = (0, 0);
    for n in 0..kills {
        // How long each takes depends on the machine: from its first moments to well after its end.
        let ms = n * 400 / kills;
        kill_after(&set, ms, &["backup", "--data", "node"]);
        kill_after(
            &set,
            ms,
            &["restore", text(&file), "--identity", "key", "--to", "spare"],
        );
        if set.at("spare").exists() {
            set.says(0, "holds", &["verify", "spare", "--plain"]);
            fs::remove_dir_all(set.at("spare")).unwrap();
            whole += 1;
        }
        unfinished += u32::from(set.at(".spare.restoring").exists());
    }
    let ends = |name: &str, end: &str| Path::new(name).extension() == Some(end.as_ref());
    let mut files: Vec<String> = fs::read_dir(&stick)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.retain(|file| ends(file, "age"));
    for file in &files {
        let file = stick.join(file);
        set.says(
            0,
            "size ",
            &[
                "restore",
                text(&file),
                "--identity",
                "key",
                "--verify",
                "--plain",
            ],
        );
    }
    eprintln!(
        "{} backups and {whole} restores were through, {unfinished} restores were not",
        files.len()
    );
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    set.says(0, "file ", &["backup", "--data", "node", "--plain"]);
    let left = fs::read_dir(&stick).unwrap().any(|file| {
        let name = file.unwrap().file_name().into_string().unwrap();
        ends(&name, "part")
    });
    assert!(!left, "what was left unfinished is gone");
    set.says(
        0,
        "Restored to",
        &["restore", text(&file), "--identity", "key", "--to", "spare"],
    );
    assert!(!set.at(".spare.restoring").exists());
}
