//! The ceiling: rows of the same bytes through one SQLite connection, everything that waits in one transaction. The floor:
//! the same after each caller's bare signature and leaf were checked and hashed, which nobody who verifies can leave out.

use crate::append::{Ready, Statements};
use crate::crowd::{self, Cell};
use anyhow::Context as _;
use ledger::merkle::leaf_hash;
use ledger::{PublicKey, envelope};
use rusqlite::{Connection, params};
use std::hint::black_box;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::Duration;

/// The most rows in one transaction, as in the store.
const GROUP: usize = 1_024;

type Job<'a> = (&'a Ready, SyncSender<()>);

/// A statement reduced to what a bare verifier needs.
pub(crate) struct Bare {
    message: Vec<u8>,
    key: PublicKey,
    signature: [u8; 64],
}

/// Reads the statements beforehand: parsing is not the floor's.
pub(crate) fn bare(statements: &Statements) -> anyhow::Result<Vec<Vec<Bare>>> {
    let one = |ready: &Ready| {
        let (payload, key, signature) = envelope::read(&ready.envelope)?;
        anyhow::Ok(Bare {
            message: envelope::pre_authentication(&payload),
            key,
            signature,
        })
    };
    statements
        .iter()
        .map(|all| all.iter().map(one).collect())
        .collect()
}

/// One cell: a fresh file, every caller in a closed loop.
pub(crate) fn run(statements: &Statements, lasts: Duration) -> anyhow::Result<Cell> {
    cell(statements, lasts, |_, _, _| Ok(()))
}

/// The same, with the signature verified by the strict rule and the leaf hashed on the caller's thread.
pub(crate) fn floor(
    statements: &Statements,
    bare: &[Vec<Bare>],
    lasts: Duration,
) -> anyhow::Result<Cell> {
    cell(statements, lasts, |caller, turn, ready| {
        let one = bare
            .get(caller)
            .and_then(|all| all.get(turn))
            .context("fewer than there are statements")?;
        one.key.verify(&one.message, &one.signature)?;
        black_box(leaf_hash(&ready.envelope));
        Ok(())
    })
}

fn cell(
    statements: &Statements,
    lasts: Duration,
    before: impl Fn(usize, usize, &Ready) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<Cell> {
    let folder = tempfile::tempdir()?;
    let mut file = Connection::open(folder.path().join("ceiling.db"))?;
    file.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    file.pragma_update(None, "synchronous", "full")?;
    file.execute_batch("create table entry (idx integer primary key, bytes blob not null, salt blob not null, body blob not null)")?;
    let (jobs, queue) = mpsc::sync_channel::<Job<'_>>(4_096);
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || write(&mut file, &queue));
        let cell = crowd::run(statements.len(), lasts, |caller, turn| {
            let Some(ready) = statements.get(caller).and_then(|all| all.get(turn)) else {
                return Ok(false);
            };
            before(caller, turn, ready)?;
            let (sender, receiver) = mpsc::sync_channel(1);
            jobs.send((ready, sender))
                .ok()
                .context("the writer is gone")?;
            receiver.recv()?;
            Ok(true)
        });
        drop(jobs);
        match writer.join() {
            Ok(written) => written?,
            Err(_) => anyhow::bail!("the writer broke off"),
        }
        cell
    })
}

fn write(file: &mut Connection, queue: &Receiver<Job<'_>>) -> anyhow::Result<()> {
    let mut index = 0_i64;
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        group.extend(queue.try_iter().take(GROUP - 1));
        let all = file.transaction()?;
        {
            let mut insert = all.prepare_cached("insert into entry values (?1, ?2, ?3, ?4)")?;
            for (ready, _) in &group {
                insert.execute(params![
                    index,
                    ready.envelope,
                    ready.beside.salt.as_slice(),
                    ready.beside.body
                ])?;
                index += 1;
            }
        }
        all.commit()?;
        for (_, waits) in group {
            // A caller whose time is up has gone.
            waits.send(()).ok();
        }
    }
    Ok(())
}
