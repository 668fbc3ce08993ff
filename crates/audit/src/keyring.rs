//! Who may sign, learnt from the open entries and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::{Act, Kind};
use domain::id::{KeyId, PersonId, StatementId};
use domain::outcome::Outcome;
use ledger::Beside;
use ledger::entry::Entry;
use ledger::envelope::{Content, Signed};
use ledger::verify::Keyring;

use crate::fold::key_id;

/// Keys ever enrolled, whose they are, and the invitations that let a new one in.
#[derive(Debug, Default)]
pub struct Enrolled {
    keys: BTreeMap<KeyId, PersonId>,
    invited: BTreeMap<StatementId, Option<PersonId>>,
    opened: bool,
    /// Kinds that only the node signs, under the node's own key.
    node: BTreeSet<KeyId>,
}

impl Enrolled {
    /// Number of keys ever enrolled, the node's included.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Kinds that the node alone signs.
pub const fn is_nodes(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::LogOpen
            | Kind::NodeStarted
            | Kind::NodeClockJumped
            | Kind::NodeDeadlineLapsed
            | Kind::TookOver
    )
}

impl Keyring for Enrolled {
    fn may_sign(&mut self, index: u64, statement: &Signed) -> Result<(), String> {
        let header = &statement.header;
        let key = key_id(&header.key);
        let by = PersonId(header.person.0);
        let kind = Kind::from_stored(&header.kind)
            .ok_or_else(|| format!("the kind `{}` is not known here", header.kind))?;
        if index == 0 {
            return if kind == Kind::LogOpen && by == PersonId::ZERO {
                Ok(())
            } else {
                Err("the first entry does not open the log".to_owned())
            };
        }
        if is_nodes(kind) && !self.node.contains(&key) {
            return Err(format!("only the node signs `{}`", header.kind));
        }
        match self.keys.get(&key) {
            Some(person) if *person == by => Ok(()),
            Some(_) => {
                Err("the key was enrolled for somebody else than the statement names".to_owned())
            }
            // A key enrols itself, by an invitation.
            None if kind == Kind::Enrol => match open_act(statement)? {
                Act::Enrol(body) => match self.invited.get(&body.invite) {
                    Some(person) if body.key == key && person.unwrap_or(PersonId::ZERO) == by => {
                        Ok(())
                    }
                    Some(_) => Err(
                        "the enrolment is for another key or person than its invitation".to_owned(),
                    ),
                    None => Err("the key enrols itself without an invitation".to_owned()),
                },
                _ => Err("the enrolment cannot be read".to_owned()),
            },
            None => Err("the key was never enrolled".to_owned()),
        }
    }

    fn learn(
        &mut self,
        index: u64,
        entry: &Entry,
        statement: &Signed,
        _: Option<&Beside>,
    ) -> Result<(), String> {
        let kind = Kind::from_stored(&statement.header.kind);
        let learns = matches!(kind, Some(Kind::LogOpen | Kind::Invite | Kind::Enrol));
        if !learns {
            return Ok(());
        }
        let outcome: Outcome = serde_json::from_slice(&entry.outcome)
            .map_err(|fault| format!("the outcome cannot be read: {fault}"))?;
        if !outcome.admitted || outcome.late {
            return Ok(());
        }
        let id = StatementId(statement.id.0);
        match open_act(statement)? {
            Act::LogOpen(body) => {
                if index != 0 || self.opened {
                    return Err("the log is opened a second time".to_owned());
                }
                self.opened = true;
                self.keys.insert(body.node_key, PersonId::ZERO);
                self.node.insert(body.node_key);
            }
            Act::Invite(body) => drop(self.invited.insert(id, body.for_person)),
            Act::Enrol(body) => {
                if let Some(person) = self.invited.get(&body.invite) {
                    self.keys.insert(body.key, person.unwrap_or(PersonId(id.0)));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn open_act(statement: &Signed) -> Result<Act, String> {
    match &statement.header.content {
        Content::Open(body) => Act::read(&statement.header.kind, statement.header.kv, body)
            .map_err(|fault| fault.to_string()),
        Content::Beside(_) => Err("the body of an open kind is not in its statement".to_owned()),
    }
}
