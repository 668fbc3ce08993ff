//! Every durable step made to fail, to work and say that it failed, and to be the last thing the process did; and a bit that
//! turns on its way to the disk. After each: nothing acknowledged is missing, nothing is signed that the entries do not lead
//! to, after an unknown outcome nothing more was taken, and the record can be opened and goes on.
//!
//! `COLDPROOF_STEPS` sets how deep: how often a step goes well before it fails (1 unless told: only its
//! first time, and once; from 2 on also from then on for ever).

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use ledger::Digest;
use store::faults::{self, Fault, Step};
use store::{AppendError, Log, OpenError, SqliteLog};

use crate::kill::ack;
use crate::world::{append, append_at, at_ms, create, id, open, signer, verifier_key, verify};

const FOLDER: &str = "COLDPROOF_STEPS_FOLDER";
const PLAN: &str = "COLDPROOF_STEPS_PLAN";

/// Entries that the process enters, each after the one before was answered.
const ENTRIES: u64 = 4;

#[test]
fn nothing_acknowledged_is_lost_at_any_step() {
    let deep = std::env::var("COLDPROOF_STEPS").map_or(1, |deep| deep.parse().unwrap());
    let (mut cases, mut reached, mut acknowledged) = (0, 0, 0);
    for (step_at, step) in Step::ALL.into_iter().enumerate() {
        for (fault_at, fault) in Fault::ALL.into_iter().enumerate() {
            if fault == Fault::Bends && step != Step::Entry {
                continue;
            }
            for spared in 0..deep {
                // A sample takes each fault once.
                for for_ever in (0..deep.min(2)).map(|ever| ever == 1) {
                    let plan = format!("{step_at} {fault_at} {spared} {for_ever}");
                    let name = format!("{step:?} {fault:?} {spared} {for_ever}");
                    let mut program = Command::new(std::env::current_exe().unwrap());
                    program.env(PLAN, plan);
                    let told = hurt(program, &name);
                    cases += 1;
                    reached += usize::from(told.was_hurt);
                    acknowledged += told.acks.len();
                }
            }
        }
    }
    println!(
        "{cases} faults at {} steps, {reached} of them felt by the process, {acknowledged} acknowledgements, none lost",
        Step::ALL.len()
    );
    assert!(
        reached * 2 > cases,
        "most faults must be felt: {reached} of {cases}"
    );
}

/// What the process said before it ended.
pub(crate) struct Told {
    pub(crate) acks: Vec<(u64, Digest)>,
    /// It was refused something, or died.
    pub(crate) was_hurt: bool,
}

/// Lets `program`, this test's own with whatever is to befall it, write into a new folder, and looks at what it leaves.
pub(crate) fn hurt(program: Command, name: &str) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let told = run(program, folder.path(), name);
    let log = match open(folder.path()) {
        Ok(log) => log,
        // It died while the record was made: nothing was acknowledged, and it is made again.
        Err(OpenError::Missing { .. } | OpenError::Unfinished { .. }) if told.acks.is_empty() => {
            create(folder.path())
        }
        Err(error) => panic!("{name}: {error}"),
    };
    if let Some((size, root)) = told.acks.last() {
        assert!(log.head().size >= *size, "{name}: an entry is lost");
        assert_eq!(log.root_at(*size).unwrap(), Some(*root), "{name}");
    }
    // Who heard nothing, or a refusal, asks again: entered once, whichever it was.
    for n in 0..ENTRIES + 2 {
        let size = log.head().size;
        match (
            log.find(&id(n)).unwrap(),
            log.append(size, vec![append_at(n, at_ms(9))]),
        ) {
            (Some(at), Err(AppendError::Twice { index })) => assert_eq!(at, index, "{name}"),
            (None, Ok(_)) => {}
            (found, answer) => panic!("{name}: entry {n}: {found:?}, {answer:?}"),
        }
    }
    assert_eq!(log.head().size, ENTRIES + 2, "{name}");
    drop(log);
    let report = verify(folder.path()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    assert_eq!(report.checkpoint.size, ENTRIES + 2, "{name}");
    told
}

fn run(mut program: Command, folder: &Path, name: &str) -> Told {
    let mut child = program
        .args(["--exact", "steps::the_process_that_is_hurt", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines: Vec<String> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .collect();
    let died = !child.wait().unwrap().success();
    let mut told = Told {
        acks: vec![],
        was_hurt: died,
    };
    let mut stopped = false;
    for line in &lines {
        // Only a new opening, which reads everything, may go on after a stop.
        stopped &= !line.ends_with("opened");
        if let Some(acked) = ack(line) {
            assert!(
                !stopped,
                "{name}: taken after the log had stopped: {lines:#?}"
            );
            told.acks.push(acked);
        }
        if line.contains("refused ") {
            told.was_hurt = true;
            stopped |= line.contains("refused the record has stopped: ");
        }
    }
    told
}

/// Not a test: what [`nothing_acknowledged_is_lost_at_any_step`] starts.
#[test]
fn the_process_that_is_hurt() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    if let Ok(plan) = std::env::var(PLAN) {
        let words: Vec<&str> = plan.split(' ').collect();
        faults::plan(
            Step::ALL[words[0].parse::<usize>().unwrap()],
            Fault::ALL[words[1].parse::<usize>().unwrap()],
            words[2].parse().unwrap(),
            words[3] == "true",
        );
    }
    let folder = Path::new(&folder);
    let said = |answer: Result<(u64, Digest), String>| match answer {
        Ok((size, root)) => println!("ack {size} {root}"),
        Err(error) => println!("refused {error}"),
    };
    // Made, closed, opened again: the steps of an opening come too.
    let mut log = SqliteLog::create(folder, &verifier_key(), signer());
    for round in 0..2 {
        let Ok(held) = log else {
            println!("refused {}", log.unwrap_err());
            return;
        };
        println!("opened");
        for n in round * ENTRIES / 2..(round + 1) * ENTRIES / 2 {
            let size = held.head().size;
            let answer = held.append(size, vec![append(n)]);
            said(
                answer
                    .map(|appended| (appended.head.size, appended.head.root))
                    .map_err(|error| error.to_string()),
            );
        }
        for answer in [
            held.put_meta("seen", Some(b"7")),
            held.put_name(&Digest::ZERO, Some("a name")),
            held.erase(&[id(round * ENTRIES / 2 + 1)]).map(drop),
        ] {
            if let Err(error) = answer {
                said(Err(error.to_string()));
            }
        }
        drop(held);
        log = open(folder);
    }
}
