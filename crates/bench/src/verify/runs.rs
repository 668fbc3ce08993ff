//! Ours over the log.

use super::made::{self, Made};
use ledger::checkpoint::Checkpoint;
use ledger::entry::Entry;
use ledger::envelope::Signed;
use ledger::merkle::{Frontier, leaf_hash};
use ledger::tile::TileWriter;
use ledger::verify::{Growing, Keyring, ReadAgain, Reader, Verifier, leaf};
use ledger::{Beside, PublicKey};
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// Entries that one thread reads at a time, one batch.
const CHUNK: u64 = 4_096;

/// Takes each key the first time it is seen: who may sign is the caller's to know, and not what is measured here.
#[derive(Default)]
struct Seen(BTreeSet<PublicKey>);

impl Keyring for Seen {
    fn may_sign(&mut self, _: u64, statement: &Signed) -> Result<(), String> {
        self.0.insert(statement.header.key);
        if self.0.len() <= made::KEYS {
            Ok(())
        } else {
            Err("more keys than there are".to_owned())
        }
    }

    fn learn(&mut self, _: u64, _: &Entry, _: &Signed, _: Option<&Beside>) -> Result<(), String> {
        Ok(())
    }
}

/// Everything. Each thread fetches the next chunk, reads it, and hands it over when its turn comes.
pub(crate) fn whole(made: &Made, threads: usize, batched: bool) -> anyhow::Result<()> {
    let reading = Mutex::new((made.reader()?, 0_u64));
    // Never held by a thread that waits for its turn.
    let again = ReadAgain::new(|index| {
        let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
        reading.0.again(index).map_err(|error| error.to_string())
    });
    let keyring = Seen::default();
    let verifier = Verifier::reading_again(&made::origin()?, made::log_key(), keyring, again)?;
    let (turn, next) = (Mutex::new((0_u64, verifier)), Condvar::new());
    let work = || -> anyhow::Result<()> {
        let mut reader = if batched {
            Reader::batched()
        } else {
            Reader::one_by_one()
        };
        loop {
            let (chunk, number) = {
                let mut reading = reading.lock().unwrap_or_else(PoisonError::into_inner);
                let chunk = reading.0.some(CHUNK)?;
                reading.1 += 1;
                (chunk, reading.1 - 1)
            };
            if chunk.is_empty() {
                return Ok(());
            }
            let read = reader.read(chunk.into_iter().map(|bytes| (bytes, None)));
            let mut turn = next
                .wait_while(
                    turn.lock().unwrap_or_else(PoisonError::into_inner),
                    |turn| turn.0 != number,
                )
                .unwrap_or_else(PoisonError::into_inner);
            // A fault here would leave the others waiting; this log has none, and the process ends.
            for checked in read {
                turn.1.take(checked)?;
            }
            turn.0 += 1;
            next.notify_all();
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("a thread broke off")))
        })
    })?;
    let (_, verifier) = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    let report = verifier.finish(&made.note, [])?;
    anyhow::ensure!(
        report.checkpoint.size == made.entries,
        "entries are missing"
    );
    anyhow::ensure!(report.gaps == 0, "the keys' counts have gaps");
    Ok(())
}

/// What can be checked without reading a statement: leaves by both codes, every tile, the root both ways.
pub(crate) fn structure(made: &Made) -> anyhow::Result<()> {
    let head = Checkpoint::open(&made.note, &made::origin()?.verifier(made::log_key())?)?;
    let mut reading = made.reader()?;
    let (mut growing, mut frontier, mut tiles) =
        (Growing::new(), Frontier::new(), TileWriter::new());
    let mut written = 0;
    loop {
        let chunk = reading.some(CHUNK)?;
        if chunk.is_empty() {
            break;
        }
        for entry in chunk {
            let leaf = leaf(&entry);
            growing.push(leaf);
            frontier.append(leaf);
            written += tiles.push(leaf).len();
        }
    }
    written += tiles.finish().len();
    anyhow::ensure!(
        written == ledger::tile::tiles(made.entries).count(),
        "other tiles"
    );
    anyhow::ensure!(
        growing.root() == head.root && frontier.root() == head.root,
        "another root"
    );
    anyhow::ensure!(leaf(b"") == leaf_hash(b""), "another leaf");
    Ok(())
}
