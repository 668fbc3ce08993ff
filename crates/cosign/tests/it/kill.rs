//! `kill -9` of the real process between the store and the answer: the asker got nothing, asks again, and hears the same
//! size or a larger one; and the head that was stored is never forgotten.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use cosign::serve::{Handle, router, serve};
use ledger::witness::AskError;

use crate::calls::client;
use crate::world::{Log, cosigner};

const FOLDER: &str = "COLDPROOF_COSIGN_FOLDER";
const PAUSES: &str = "COLDPROOF_COSIGN_PAUSES";

/// Kills; half of them between the store and the answer, half at any moment of a stream of requests.
const KILLS: u64 = 30;

#[test]
fn a_kill_between_the_store_and_the_answer_forgets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(2_000, None);
    let key = cosigner(folder.path(), "guild.example/cosigner")
        .key()
        .clone();
    let (mut known, mut told, mut stored) = (0_u64, 0_u64, 0_u64);
    for kill in 0..KILLS {
        // The asker does what a node does: from the size that it was told last, to a larger one.
        let size = known + 1 + kill % 3;
        let between = kill % 2 == 0;
        let mut child = start(folder.path(), between);
        if between {
            let mut stream = TcpStream::connect(child.at).unwrap();
            let body = log.request(known, size);
            write!(
                stream,
                "POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
            assert_eq!(child.line(), "stored");
            child.kill();
            let mut answer = String::new();
            assert_eq!(
                BufReader::new(stream).read_line(&mut answer).unwrap_or(0),
                0,
                "{answer}"
            );
            stored += 1;
            // Nothing was heard. Asked again from the same size, the next process answers with what was stored.
            let child = start(folder.path(), false);
            let again = client().ask(
                &child.url(),
                &key,
                known,
                &log.proof(known, size),
                &log.note(size),
            );
            assert_eq!(again, Err(AskError::Ahead(size)), "kill {kill}");
            let again = client().ask(&child.url(), &key, size, &[], &log.note(size));
            assert!(again.is_ok(), "kill {kill}: {again:?}");
            known = size;
        } else {
            let url = child.url();
            let asks = client();
            let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
            let stopped = stop.clone();
            let (requests, asked_key): (Vec<_>, _) = (
                (known..known + 40)
                    .map(|old| (old, log.proof(old, old + 1), log.note(old + 1)))
                    .collect(),
                key.clone(),
            );
            let asking = std::thread::spawn(move || {
                let mut last = 0;
                for (old, proof, note) in requests {
                    if stopped.load(std::sync::atomic::Ordering::Relaxed) {
                        break;
                    }
                    match asks.ask(&url, &asked_key, old, &proof, &note) {
                        Ok(_) => last = old + 1,
                        Err(_) => break,
                    }
                }
                last
            });
            std::thread::sleep(std::time::Duration::from_millis(5 + (kill * 7) % 40));
            child.kill();
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            known = known.max(asking.join().unwrap());
            told = told.max(known);
            let child = start(folder.path(), false);
            let now = match client().ask(&child.url(), &key, 0, &[], &log.note(0)) {
                Err(AskError::Ahead(now)) => now,
                other => panic!("kill {kill}: {other:?}"),
            };
            assert!(
                now == known || now == known + 1,
                "kill {kill}: told {known}, holds {now}"
            );
            known = now;
        }
    }
    println!(
        "{KILLS} kills, {stored} between store and answer, {known} entries cosigned, none forgotten"
    );
}

struct Started {
    child: Child,
    lines: BufReader<ChildStdout>,
    at: SocketAddr,
}

impl Started {
    fn line(&mut self) -> String {
        let mut line = String::new();
        while line.is_empty() || !(line.starts_with("at ") || line.starts_with("stored")) {
            line.clear();
            assert_ne!(
                self.lines.read_line(&mut line).unwrap(),
                0,
                "the process ended"
            );
        }
        line.trim_end().to_owned()
    }

    fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    fn kill(&mut self) {
        // SIGKILL.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn start(folder: &Path, pauses: bool) -> Started {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_process_that_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(PAUSES, if pauses { "1" } else { "" })
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    let mut started = Started {
        child,
        lines,
        at: SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    started.at = started.line().strip_prefix("at ").unwrap().parse().unwrap();
    started
}

/// Not a test by itself: the process that the one above kills.
#[test]
fn the_process_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut one = cosigner(Path::new(&folder), "guild.example/cosigner");
    if std::env::var(PAUSES).is_ok_and(|pauses| !pauses.is_empty()) {
        one.pause_after_store(|| {
            println!("stored");
            loop {
                std::thread::park();
            }
        });
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("\nat {}", listener.local_addr().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime
        .block_on(serve(
            listener,
            router(Arc::new(one), 10_000),
            None,
            Handle::new(),
        ))
        .unwrap();
}
