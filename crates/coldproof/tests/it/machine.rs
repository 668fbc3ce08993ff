//! A whole node on a machine that is not kind: a clock that somebody turns, 256 MiB of memory and one core, phones on TLS.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use domain::act::Act;
use serde_json::Value;
use store::SqliteArchive;

/// A node that serves until this is dropped.
struct Running {
    child: Child,
    said: Value,
    _out: BufReader<ChildStdout>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Running {
    fn start(mut program: Command, folder: &Path) -> Self {
        let mut child = program
            .arg("serve")
            .arg(folder)
            .args(["--listen", "127.0.0.1", "--port", "0"])
            .args(["--read-port", "0", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let said = serde_json::from_str(&line).unwrap_or_else(|_| panic!("it says {line:?}"));
        Self {
            child,
            said,
            _out: out,
        }
    }

    /// Where the cart screen and readers ask, by plain http.
    fn reading(&self) -> SocketAddr {
        let url = self.said["cart"].as_str().unwrap();
        let port = url.strip_prefix("http://localhost:").unwrap();
        let port = port.strip_suffix("/cart").unwrap();
        format!("127.0.0.1:{port}").parse().unwrap()
    }

    /// Ends it as Ctrl-C does, and says whether it ended by itself.
    fn end(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(run(Command::new("kill").args(["-TERM", &pid])));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

fn coldproof() -> Command {
    Command::new(env!("CARGO_BIN_EXE_coldproof"))
}

fn run(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn holds(folder: &Path) {
    let output = coldproof().arg("verify").arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

/// Says loudly that something was not tried here, and why.
fn skipped(why: &str) {
    eprintln!("SKIPPED: {why}");
    let Some(file) = std::env::var_os("COLDPROOF_SKIPPED") else {
        return;
    };
    let file = fs::OpenOptions::new().append(true).create(true).open(file);
    writeln!(file.unwrap(), "SKIPPED: {why}").unwrap();
}

/// A production, seeded with the demonstration's day, that serves as any other.
fn production(dir: &Path) -> PathBuf {
    let folder = dir.join("production");
    let words = ["--production", "Made up", "--name", "set.ranch.example"];
    assert!(run(coldproof().arg("init").arg(&folder).args(words)));
    folder
}

/// What a plain request is answered: status and body.
fn ask(at: SocketAddr, head: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "{head} HTTP/1.1\r\nhost: {at}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    let status = said.split(' ').nth(1).and_then(|word| word.parse().ok());
    Ok((status.unwrap_or(0), said))
}

const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/// Jumps of the wall clock, as `libfaketime` reads them: offsets from the true time.
const JUMPS: [&str; 8] = ["+1h", "+0", "-1h", "+400d", "-400d", "+10s", "-50y", "+0"];

#[test]
fn a_wall_clock_that_somebody_turns_is_entered_each_time_and_the_record_holds() {
    if !Path::new(FAKETIME).exists() {
        return skipped(
            "turns of the wall clock under libfaketime: Debian package faketime is not installed",
        );
    }
    let dir = tempfile::tempdir().unwrap();
    let folder = production(dir.path());
    let turn = dir.path().join("turn");
    let set = |offset: &str| {
        let new = dir.path().join("turn.new");
        fs::write(&new, offset).unwrap();
        fs::rename(new, &turn).unwrap();
    };
    set("+0");
    let mut program = coldproof();
    program
        .env("LD_PRELOAD", FAKETIME)
        .env("FAKETIME_TIMESTAMP_FILE", &turn)
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("DONT_FAKE_MONOTONIC", "1");
    let running = Running::start(program, &folder);
    assert_eq!(running.said["frozen"], Value::Null);
    let mut longest = Duration::ZERO;
    for (at, offset) in JUMPS.into_iter().enumerate() {
        // A stop acts and is entered whatever the clock says.
        let begun = Instant::now();
        set(offset);
        while jumps(&folder).len() <= at {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "{offset}: {:?}",
                jumps(&folder)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        longest = longest.max(begun.elapsed());
        let stop = ask(running.reading(), "POST /api/stop", "{}").unwrap();
        assert_eq!(stop.0, 200, "{offset}: {}", stop.1);
    }
    let seen = jumps(&folder);
    assert_eq!(seen.len(), JUMPS.len(), "{seen:?}");
    let hour = 3_600_000;
    for (jump, about) in seen.iter().zip([hour, -hour, -hour]) {
        assert!((jump - about).abs() < 5_000, "{jump} for {about}");
    }
    assert!(running.end());
    // Recorded time never runs back, whatever the clock did: a step of verifying.
    holds(&folder);
    println!(
        "{} turns of the wall clock under libfaketime, each entered within {} ms; stops taken after each",
        JUMPS.len(),
        longest.as_millis()
    );
}

/// By how much each noticed jump went, ms.
fn jumps(folder: &Path) -> Vec<i64> {
    let archive = SqliteArchive::open(folder).unwrap();
    let mut jumps = vec![];
    let mut next = 0;
    loop {
        let some = archive.read(next, u64::MAX).unwrap();
        let Some(last) = some.last() else {
            return jumps;
        };
        next = last.index + 1;
        for stored in &some {
            let read = audit::fold::read(&stored.entry, stored.beside.as_ref()).unwrap();
            if let Act::NodeClockJumped(body) = read.entry.statement.act {
                jumps.push(body.by_ms);
            }
        }
    }
}

/// A group of processes with so much memory; removed when it is dropped.
struct Group(PathBuf);

impl Group {
    fn new(bytes: u64) -> Option<Self> {
        let name = format!("coldproof-test-{}", std::process::id());
        for (root, limit) in [
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            ("/sys/fs/cgroup", "memory.max"),
        ] {
            let place = Path::new(root).join(&name);
            if fs::create_dir(&place).is_err() {
                continue;
            }
            let group = Self(place);
            if fs::write(group.0.join(limit), bytes.to_string()).is_ok() {
                return Some(group);
            }
        }
        None
    }

    /// The most that it used at once, bytes.
    fn most(&self) -> u64 {
        ["memory.max_usage_in_bytes", "memory.peak"]
            .into_iter()
            .find_map(|name| {
                fs::read_to_string(self.0.join(name))
                    .ok()?
                    .trim()
                    .parse()
                    .ok()
            })
            .unwrap_or(0)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        fs::remove_dir(&self.0).ok();
    }
}

const MEMORY: u64 = 256 << 20;

#[test]
fn a_node_with_256_mib_and_one_core_answers_a_crowd_and_takes_every_stop() {
    let Some(group) = Group::new(MEMORY) else {
        return skipped("a node with 256 MiB: no group of processes can be made here");
    };
    let dir = tempfile::tempdir().unwrap();
    let folder = production(dir.path());
    let mut program = Command::new("sh");
    let enter = format!(
        "echo $$ > {}/cgroup.procs && exec \"$@\"",
        group.0.display()
    );
    program.args(["-c", &enter, "sh", "taskset", "-c", "0"]);
    program.arg(env!("CARGO_BIN_EXE_coldproof"));
    let running = Running::start(program, &folder);
    let pid = running.child.id().to_string();
    let inside = fs::read_to_string(group.0.join("cgroup.procs")).unwrap();
    assert!(
        inside.lines().any(|one| one == pid),
        "{inside} without {pid}"
    );
    let at = running.reading();
    let (mut answered, mut shed, mut stops) = (0_u32, 0_u32, 0_u32);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..60)
            .map(|_| {
                scope.spawn(move || {
                    let mut statuses = vec![];
                    for page in [
                        "/",
                        "/api/head",
                        "/record",
                        "/poster",
                        "/stop",
                        "/api/board?nonce=00",
                    ] {
                        statuses.push(ask(at, &format!("GET {page}"), "").map_or(0, |said| said.0));
                    }
                    statuses
                })
            })
            .collect();
        // While they read: stops, each of which must be taken.
        for _ in 0..40 {
            let (status, said) = ask(at, "POST /api/stop", r#"{"words":"stop"}"#).unwrap();
            assert_eq!(status, 200, "{said}");
            stops += 1;
        }
        for reader in readers {
            for status in reader.join().unwrap() {
                match status {
                    200..=499 => answered += 1,
                    _ => shed += 1,
                }
            }
        }
    });
    let took = begun.elapsed();
    let copy = dir.path().join("copy");
    let mut export = coldproof();
    export.args(["export", "--holder", "a test", "--data"]);
    assert!(run(export.arg(&folder).arg("--out").arg(&copy)));
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .and_then(|kib| kib.parse::<u64>().ok())
        .unwrap();
    assert!(running.end(), "it was not ended by the system");
    holds(&folder);
    let most = group.most();
    assert!(answered > 300, "{answered} answered, {shed} shed");
    assert!(most <= MEMORY);
    println!(
        "{stops} stops taken, {answered} pages answered and {shed} shed in {} ms by a node with 256 MiB and one core; {} MiB charged to it at most, {} MiB resident with its program",
        took.as_millis(),
        most >> 20,
        resident >> 10
    );
}

#[test]
fn phones_ask_over_tls_under_the_productions_own_authority_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let folder = production(dir.path());
    let running = Running::start(coldproof(), &folder);
    let phones = running.said["phones"].as_str().unwrap().to_owned();
    assert!(phones.starts_with("https://set.ranch.example:"), "{phones}");
    let port = phones.rsplit(':').next().unwrap();
    let resolve = format!("set.ranch.example:{port}:127.0.0.1");
    let curl = |more: &[&str], page: &str| {
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--max-time", "20"])
            .args(["--resolve", &resolve])
            .args(more)
            .arg(format!("{phones}{page}"))
            .output();
        output.map(|output| {
            (
                output.status.code(),
                String::from_utf8_lossy(&output.stdout).into_owned(),
            )
        })
    };
    let authority = folder.join("tls/ca.pem");
    let trusted = ["--cacert", authority.to_str().unwrap()];
    let Ok((exit, said)) = curl(&trusted, "/health/ready") else {
        return skipped("asking over TLS: `curl` is not installed");
    };
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("\"ready\":true"), "{said}");
    // Both protocols, and a stop.
    for version in ["--http1.1", "--http2"] {
        let (exit, said) = curl(&[&trusted[..], &[version]].concat(), "/").unwrap();
        assert_eq!(exit, Some(0), "{version}");
        assert!(said.contains("<!DOCTYPE html>"), "{version}: {said:.100}");
    }
    let press = ["--json", "{}"];
    let (exit, said) = curl(&[&trusted[..], &press].concat(), "/api/stop").unwrap();
    assert_eq!(exit, Some(0), "{said}");
    // 60 is a certificate that nobody vouches for; 35 a handshake that fails.
    let (exit, _) = curl(&[], "/health/ready").unwrap();
    assert_eq!(
        exit,
        Some(60),
        "only the production's own authority vouches for it"
    );
    let (exit, _) = curl(
        &[&trusted[..], &["--tls-max", "1.1"]].concat(),
        "/health/ready",
    )
    .unwrap();
    assert_ne!(exit, Some(0), "an old TLS is refused");
    // Plain words at the port of phones are no answer of the node.
    let plain = ask(
        format!("127.0.0.1:{port}").parse().unwrap(),
        "GET /health/ready",
        "",
    );
    assert!(plain.is_err() || plain.is_ok_and(|(status, _)| status != 200));
    assert!(running.end());
}
