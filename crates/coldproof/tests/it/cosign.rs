//! Cosigners and a node as people run them: processes, addresses, folders that are put back.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A program that runs until this is dropped, and what it said first, one JSON object.
struct Running {
    child: Child,
    said: Value,
    /// Held open: a program whose words nobody takes any more would end.
    _out: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn run(words: &[&str]) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .arg("--json")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let said = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{words:?} says {line:?}"));
    Running {
        child,
        said,
        _out: out,
    }
}

/// Runs to its end: exit code and what it said.
fn done(words: &[&str]) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_coldproof"))
        .args(words)
        .arg("--json")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said =
        serde_json::from_str(text.trim()).unwrap_or_else(|_| panic!("{words:?} says {text:?}"));
    (output.status.code().unwrap(), said)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A cosigner that keeps its address over restarts.
struct Post {
    folder: PathBuf,
    vkey: String,
    url: String,
}

impl Post {
    /// Makes it, and lets it choose its address.
    fn new(folder: PathBuf, name: &str, log: &Path) -> Self {
        let running = run(&[
            "cosign",
            "--data",
            text(&folder),
            "--follow",
            text(log),
            "--name",
            name,
            "--listen",
            "127.0.0.1:0",
        ]);
        let word = |key: &str| running.said[key].as_str().unwrap().to_owned();
        assert_eq!(running.said["follows"].as_array().unwrap().len(), 1);
        let (vkey, url) = (word("vkey"), word("url"));
        drop(running);
        Self { folder, vkey, url }
    }

    fn up(&self) -> Running {
        let address = self.url.strip_prefix("http://").unwrap();
        let running = run(&[
            "cosign",
            "--data",
            text(&self.folder),
            "--listen",
            address,
            "--rate",
            "1000",
        ]);
        // Whom it follows it remembers.
        assert_eq!(running.said["follows"].as_array().unwrap().len(), 1);
        running
    }

    /// Waits until it has cosigned so many entries, and says how many.
    fn signed(&self, least: u64) -> u64 {
        let client = cosign::Client::new(None).unwrap();
        let begun = Instant::now();
        loop {
            let newest = client.heads(&self.url).unwrap();
            if let Some(head) = newest.heads.first().filter(|head| head.size >= least) {
                return head.size;
            }
            assert!(begun.elapsed() < Duration::from_secs(40), "{newest:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn serve(node: &Path) -> Running {
    run(&[
        "serve",
        text(node),
        "--listen",
        "127.0.0.1",
        "--port",
        "0",
        "--read-port",
        "0",
    ])
}

/// Why a node that was started is frozen; empty when it is not.
fn frozen(running: &Running) -> &str {
    running.said["frozen"].as_str().unwrap_or_default()
}

#[test]
fn two_cosigners_find_a_log_that_was_put_back_and_one_that_forked_between_them() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let node = at("node");
    assert_eq!(
        done(&["init", text(&node), "--production", "High Desert"]).0,
        0
    );
    let log = node.join("keys/log.vkey");
    let guild = Post::new(at("guild"), "guild.example/cosigner", &log);
    let office = Post::new(at("office"), "office.ranch.example/cosigner", &log);

    // Who cosigns is entered in the record, signed with a key from a file.
    let key = at("administrator.key");
    let outside = format!("{} {} the crew's guild", guild.vkey, guild.url);
    let studio = format!("{} {} headquarters", office.vkey, office.url);
    let adopt = |outside: &str, least: &str| {
        let (node, key) = (text(&node), text(&key));
        done(&[
            "cosign",
            "adopt",
            node,
            "--as",
            key,
            "--outside",
            outside,
            "--studio",
            &studio,
            "--outside-least",
            least,
        ])
    };
    assert_eq!(adopt(&outside, "2").0, 65, "one of them is from outside");
    let public = format!("{} http://8.8.8.8 the crew's guild", guild.vkey);
    assert_eq!(adopt(&public, "1").0, 65, "http is for private networks");
    assert_eq!(
        adopt("guild.example", "1").0,
        65,
        "a name alone is no cosigner"
    );
    assert!(!key.exists(), "and nothing was entered");
    let (exit, adopted) = adopt(&outside, "1");
    assert_eq!(exit, 0, "{adopted}");
    let policy = adopted["policy"].as_str().unwrap();
    assert!(
        policy.contains("group outside any guild.example/cosigner\n"),
        "{policy}"
    );
    let size = adopted["entry"].as_u64().unwrap() + 1;

    // Two copies of one folder go on apart. Each cosigner sees one of them, and neither can tell.
    let (older, other) = (at("older"), at("other"));
    copy(&node, &older);
    copy(&node, &other);
    {
        let (_guild, node) = (guild.up(), serve(&node));
        assert_eq!(frozen(&node), "");
        assert_eq!(guild.signed(size + 1), size + 1);
    }
    {
        let (_office, other) = (office.up(), serve(&other));
        assert_eq!(frozen(&other), "", "what nobody answers freezes nothing");
        assert_eq!(office.signed(size + 1), size + 1);
    }

    // Shown what the other signed, both hold the proof: one key, one size, two roots.
    let (_guild, _office) = (guild.up(), office.up());
    let (exit, said) = done(&["cosign", "compare", &guild.url, &office.url]);
    assert_eq!(exit, 70, "{said}");
    let forks = said["forks"].as_array().unwrap();
    assert_eq!(forks.len(), 2, "each of them kept it: {said}");
    assert_ne!(forks[0]["ours"], forks[0]["theirs"]);
    assert_eq!(forks[0]["ours"], forks[1]["theirs"]);
    for post in [&guild, &office] {
        let (exit, said) = done(&["cosign", "forks", "--data", text(&post.folder)]);
        assert_eq!(
            (exit, said["forks"][0]["shows"].as_str()),
            (70, Some("fork"))
        );
        let (exit, said) = done(&["cosign", "keys", "--data", text(&post.folder)]);
        assert_eq!((exit, said["vkey"].as_str()), (0, Some(post.vkey.as_str())));
    }

    // A folder that was put back, and one that went another way, are found at their start, before anything is entered.
    for put_back in [&older, &other] {
        let started = serve(put_back);
        assert_ne!(frozen(&started), "", "{put_back:?}");
    }
    // The one that both knew first goes on with the guild; the office has seen another history.
    let (exit, said) = done(&["verify", text(&older)]);
    assert_eq!(
        (exit, said["size"].as_u64()),
        (0, Some(size)),
        "nothing was entered"
    );
}
