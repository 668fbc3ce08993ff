//! One round of questions.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use ledger::cosignature::CosignerKey;
use ledger::tile::Rows;
use store::Head;

use super::text_of;
use crate::cosigners::{AskError, Cosigner, Cosigners};
use crate::limit::{ASK_TRIES_MAX, ASK_WAIT_MS};

/// One question.
pub(super) struct Question {
    pub(super) cosigner: Cosigner,
    pub(super) key: CosignerKey,
    pub(super) old: u64,
    /// The note that is shown: the head's, with cosignatures that were made for it.
    pub(super) note: String,
}

/// The line that was signed, verified, and when, seconds since 1970 UTC; or why there is none.
pub(super) type Answer = (CosignerKey, Result<(String, u64), Odd>);

/// An answer without a cosignature.
pub(super) struct Odd {
    pub(super) error: AskError,
    /// The newest note of this log that it signed, as it showed it when its answer said that this is another record.
    pub(super) shown: Option<String>,
}

/// Asks all at once, about the log `origin`, and waits a bounded time; who is later than that counts as not reached.
pub(super) fn ask_all(
    asker: &Arc<dyn Cosigners>,
    tree: &Arc<Mutex<Rows>>,
    origin: &str,
    head: &Head,
    questions: Vec<Question>,
) -> Vec<(Cosigner, Option<Answer>)> {
    let (sender, receiver) = mpsc::channel();
    let mut open = Vec::new();
    for (number, question) in questions.into_iter().enumerate() {
        open.push((question.cosigner.clone(), None));
        let (asker, tree, head, sender) =
            (asker.clone(), tree.clone(), head.clone(), sender.clone());
        let origin = origin.to_owned();
        let started = std::thread::Builder::new()
            .name("node-ask".into())
            .spawn(move || {
                let answer = ask_one(&*asker, &tree, &head, &question)
                    .map_err(|error| odd(&*asker, &question.cosigner, &origin, error));
                // Nobody may wait any more.
                sender.send((number, (question.key, answer))).ok();
            });
        if started.is_err() {
            break;
        }
    }
    drop(sender);
    let until = Instant::now() + Duration::from_millis(ASK_WAIT_MS);
    while let Ok((number, answer)) =
        receiver.recv_timeout(until.saturating_duration_since(Instant::now()))
    {
        if let Some((_, open)) = open.get_mut(number) {
            *open = Some(answer);
        }
    }
    open
}

/// What it shows for an answer that says that this is not the record it signed.
fn odd(asker: &dyn Cosigners, cosigner: &Cosigner, origin: &str, error: AskError) -> Odd {
    let shown = match error {
        AskError::Ahead(_) | AskError::Fork => asker.latest(cosigner, origin).ok().flatten(),
        AskError::Behind(_) | AskError::Refused(_) | AskError::Unreachable(_) => None,
    };
    Odd { error, shown }
}

/// Asks one, again from the size that it names. The line it signed, verified, and when, seconds since 1970 UTC.
fn ask_one(
    asker: &dyn Cosigners,
    tree: &Mutex<Rows>,
    head: &Head,
    question: &Question,
) -> Result<(String, u64), AskError> {
    let mut old = question.old;
    for _ in 0..ASK_TRIES_MAX {
        let proof = if old == 0 {
            Some(Vec::new())
        } else {
            tree.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .consistency_proof(old, head.size)
        };
        let proof = proof.ok_or(AskError::Behind(old))?;
        match asker.ask(&question.cosigner, old, &proof, &question.note) {
            Ok(line) => {
                let text = text_of(&head.note);
                return question
                    .key
                    .answered(text, &format!("{}\n", line.trim_end_matches('\n')))
                    .map_err(|error| {
                        AskError::Refused(format!("its answer does not hold: {error}"))
                    });
            }
            Err(AskError::Behind(size)) if size != old && size <= head.size => old = size,
            Err(other) => return Err(other),
        }
    }
    Err(AskError::Unreachable(
        "it names another size each time".to_owned(),
    ))
}
