//! Who may sign, learnt from the open entries and nothing else, as `docs/formats/log.md` says (*Verifying*, step 3).

use std::collections::{BTreeMap, BTreeSet};

use domain::act::Kind;
use domain::id::{KeyId, PersonId, StatementId, hex32};
use ledger::entry::Entry;
use ledger::envelope::{Content, Signed};
use ledger::verify::Keyring;
use ledger::{Beside, Digest};
use serde_json::Value;

use crate::fold::key_id;

/// Keys ever enrolled, whose they are, and the invitations that let a new one in.
#[derive(Debug, Default)]
pub struct Enrolled {
    /// Each key with whom it was enrolled for.
    grants: BTreeSet<(KeyId, PersonId)>,
    invited: BTreeMap<StatementId, Invited>,
}

/// An invitation.
#[derive(Debug)]
struct Invited {
    /// SHA-256 of the secret that whoever enrols must show.
    token: Digest,
    /// Whom it is for: zeros for a new person, `None` when what stands there is no id.
    person: Option<PersonId>,
}

impl Enrolled {
    /// Number of keys ever enrolled, the node's and the log's included.
    pub fn len(&self) -> usize {
        let keys: BTreeSet<KeyId> = self.grants.iter().map(|(key, _)| *key).collect();
        keys.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.grants.is_empty()
    }

    /// Keys with whom they were enrolled for, in no particular order of time.
    pub fn grants(&self) -> impl Iterator<Item = (KeyId, PersonId)> {
        self.grants.iter().copied()
    }

    /// Whether this very statement enrols the key that signs it, by an earlier invitation.
    fn enrols(&self, statement: &Signed) -> bool {
        let header = &statement.header;
        if header.kind != "people.enrol" {
            return false;
        }
        let body = open(statement);
        let (Some(invite), Some(token), Some(key)) = (
            hash(&body, "invite"),
            hash(&body, "token"),
            hash(&body, "key"),
        ) else {
            return false;
        };
        self.invited
            .get(&StatementId(invite))
            .is_some_and(|invited| {
                key == header.key.0
                    && invited.person == Some(PersonId(header.person.0))
                    && Digest::of(&token) == invited.token
            })
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
        let (key, by) = (key_id(&header.key), PersonId(header.person.0));
        if index == 0 {
            // That it is the log's own key is seen to by whoever asks.
            self.grants.insert((key, PersonId::ZERO));
        }
        if self.grants.contains(&(key, by)) || self.enrols(statement) {
            return Ok(());
        }
        Err(if self.grants.iter().any(|(known, _)| *known == key) {
            "the key was enrolled for somebody else than the statement names".to_owned()
        } else if header.kind == "people.enrol" {
            "the key enrols itself without an invitation that fits".to_owned()
        } else {
            "the key was never enrolled".to_owned()
        })
    }

    fn learn(
        &mut self,
        index: u64,
        entry: &Entry,
        statement: &Signed,
        _: Option<&Beside>,
    ) -> Result<(), String> {
        let header = &statement.header;
        match header.kind.as_str() {
            "log.open" if index == 0 => {
                if let Some(key) = hash(&open(statement), "node_key") {
                    self.grants.insert((KeyId(key), PersonId::ZERO));
                }
            }
            "people.invite" => {
                let body = open(statement);
                if let Some(token) = hash(&body, "token") {
                    let person = if body.get("for_person").is_some() {
                        hash(&body, "for_person").map(PersonId)
                    } else {
                        Some(PersonId::ZERO)
                    };
                    let token = Digest(token);
                    self.invited
                        .insert(StatementId(statement.id.0), Invited { token, person });
                }
            }
            "people.enrol" if is_admitted(&entry.outcome) && self.enrols(statement) => {
                let by = PersonId(header.person.0);
                let person = if by == PersonId::ZERO {
                    PersonId(statement.id.0)
                } else {
                    by
                };
                self.grants.insert((key_id(&header.key), person));
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether an outcome, which was read strictly before, says `"admitted":true`.
pub(crate) fn is_admitted(outcome: &[u8]) -> bool {
    let outcome: Value = serde_json::from_slice(outcome).unwrap_or_default();
    outcome.get("admitted") == Some(&Value::Bool(true))
}

/// The open body of a statement; nothing for one that is kept beside the log.
pub(crate) fn open(statement: &Signed) -> Value {
    match &statement.header.content {
        Content::Open(body) => serde_json::from_slice(body).unwrap_or_default(),
        Content::Beside(_) => Value::Null,
    }
}

/// The 32 bytes of a member that is 64 small hex digits.
pub(crate) fn hash(body: &Value, member: &str) -> Option<[u8; 32]> {
    body.get(member).and_then(Value::as_str).and_then(hex32)
}
