//! What a cosigner's answer comes to.

use ledger::checkpoint::Checkpoint;
use ledger::cosignature::CosignerKey;
use ledger::note::Note;

use super::ask::{Answer, Odd};
use crate::core::Core;
use crate::cosigners::{AskError, Cosigner};

/// What came of a question.
pub(super) enum Heard {
    /// The line that it signed, and when, seconds since 1970 UTC.
    Signed(CosignerKey, String, u64),
    /// No cosignature, a sentence.
    Not(String),
    /// A note, signed by the log's key and the cosigner's, that this record does not hold; first why, a sentence.
    Differs(String, String),
    /// It answers that this is another record, and shows nothing for it; a sentence.
    Unshown(String),
}

impl Core {
    /// What an answer comes to. An answer is nobody's signature, and anybody on the way can send one: this record is another
    /// one only where a note shows it that the log's own key signed, and the cosigner's beside it.
    pub(super) fn hear(&self, cosigner: &Cosigner, (key, answer): Answer) -> Heard {
        let Odd { error, shown } = match answer {
            Ok((line, at_s)) => return Heard::Signed(key, line, at_s),
            Err(odd) => odd,
        };
        let Ok(size) = self.with_tree(|tree| tree.size()) else {
            return Heard::Not(error.to_string());
        };
        let name = &cosigner.name;
        let answers = match &error {
            AskError::Ahead(signed) if *signed > size => {
                format!("that it signed {signed} entries, and this record has {size}")
            }
            AskError::Fork => "that it signed another history".to_owned(),
            AskError::Ahead(_)
            | AskError::Behind(_)
            | AskError::Refused(_)
            | AskError::Unreachable(_) => return Heard::Not(error.to_string()),
        };
        let unshown = |what: &str| {
            Heard::Unshown(format!(
                "the cosigner `{name}` answers {answers}, and {what}"
            ))
        };
        let Some(note) = shown else {
            return unshown("showed no signed note");
        };
        let is_its = Note::read(&note).and_then(|note| key.cosigned(&note));
        let (Ok(head), Ok(Some(_))) = (Checkpoint::open(&note, &self.verifier), is_its) else {
            return unshown("showed a note that this log's key and its own did not both sign");
        };
        match self.with_tree(|tree| tree.root(head.size)) {
            Ok(Some(root)) if root == head.root => {
                unshown("the newest note that it shows is one that this record holds")
            }
            Err(_) => Heard::Not(error.to_string()),
            Ok(_) if self.was_ended(&head) => Heard::Not(
                "it shows what froze this record before; people decided that it goes on".to_owned(),
            ),
            Ok(_) if head.size > size => Heard::Differs(
                format!(
                    "the cosigner `{name}` signed {} entries of it and it has {size}: it was rolled back",
                    head.size
                ),
                note,
            ),
            Ok(_) => Heard::Differs(
                format!(
                    "the cosigner `{name}` signed another history of its first {} entries: it was forked",
                    head.size
                ),
                note,
            ),
        }
    }
}
