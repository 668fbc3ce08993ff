//! What the pass over the record keeps for those who read the copy: keys and whose they are, packs, attachments, exhibits and
//! what touched them, programs and clocks.

use std::collections::{BTreeMap, BTreeSet};

use domain::act::log::{ClockJumped, Started};
use domain::act::people::{Enrol, Invite, RevokeKey};
use domain::act::record::{AdoptCosigners, Attach};
use domain::act::{Act, Kind};
use domain::id::{KeyId, PersonId, StatementId, hex32};
use domain::outcome::Outcome;
use ledger::cosignature::CosignerKey;
use ledger::entry::Entry;
use ledger::envelope::Signed;
use ledger::note::VerifierKey;
use ledger::policy::{Listed, render};
use ledger::{Beside, Digest};
use serde_json::json;

use super::body;
use crate::walk::named;

/// See the module's description.
#[derive(Default)]
pub(super) struct Gathered {
    keys: BTreeMap<KeyId, Key>,
    invites: BTreeMap<StatementId, Invite>,
    roles: BTreeMap<PersonId, String>,
    packs_before: Vec<String>,
    /// Packs that entries name.
    pub(super) packs: BTreeSet<Digest>,
    adopted: Option<AdoptCosigners>,
    /// Files that bodies in the copy name.
    pub(super) files: BTreeMap<Digest, File>,
    pub(super) exhibits: BTreeMap<Digest, Exhibit>,
    pub(super) programs: Vec<Ran>,
    pub(super) clocks: Clocks,
    pub(super) marks: Marks,
    /// Copies that the record says were made.
    pub(super) copies: Vec<Made>,
    /// Languages and versions of the words that signers saw, with how often.
    pub(super) shown: BTreeMap<(String, u32), u64>,
}

struct Key {
    person: PersonId,
    from: u64,
    until: Option<u64>,
}

/// A file that bodies in the copy name.
#[derive(Default)]
pub(super) struct File {
    /// The first entry that names it.
    pub(super) index: u64,
    /// The sizes that bodies say; one, unless somebody erred.
    pub(super) sizes: BTreeSet<u64>,
    /// Not left out with each of them.
    pub(super) is_wanted: bool,
}

/// An attachment that is an exhibit.
pub(super) struct Exhibit {
    pub(super) statement: Digest,
    pub(super) index: u64,
    pub(super) by: PersonId,
    pub(super) key: KeyId,
    pub(super) recorded: i64,
    pub(super) claimed: i64,
    /// What its body says; `None` when the body is not in the record or cannot be read.
    pub(super) body: Option<Attach>,
    /// Later entries that name it: number, kind, signer, when recorded.
    pub(super) touched: Vec<(u64, String, PersonId, i64)>,
}

/// A copy of the record.
pub(super) struct Made {
    pub(super) index: u64,
    pub(super) at: i64,
    pub(super) to: String,
}

/// A start of the node.
pub(super) struct Ran {
    pub(super) index: u64,
    pub(super) version: String,
    pub(super) program: Digest,
    pub(super) at: i64,
}

/// Both clocks over the whole record.
#[derive(Default)]
pub(super) struct Clocks {
    pub(super) statements: u64,
    pub(super) node_ahead_most: i64,
    pub(super) device_ahead_most: i64,
    pub(super) jumps: Vec<(u64, i64)>,
}

/// How entries came about.
#[derive(Default)]
pub(super) struct Marks {
    pub(super) in_course: u64,
    pub(super) late: u64,
    pub(super) after_incident: u64,
    pub(super) refused: u64,
}

impl Gathered {
    /// Takes an entry. `beside` is its body in the record, `kept` what of it goes into the copy, `files` whether the files that
    /// it names do.
    pub(super) fn take(
        &mut self,
        index: u64,
        entry: &Entry,
        signed: &Signed,
        beside: Option<&Beside>,
        kept: Option<&Beside>,
        files: bool,
    ) {
        self.note_packs(&entry.packs);
        let outcome: Outcome = serde_json::from_slice(&entry.outcome).unwrap_or_default();
        self.note_marks(&outcome);
        self.note_clocks(entry, signed);
        let shown = &signed.header.shown;
        *self
            .shown
            .entry((shown.lang.clone(), shown.words))
            .or_default() += 1;
        self.note_open(index, entry, signed, &outcome);
        if let Some(said) = body(signed, beside) {
            self.note_touched(index, entry, signed, said);
        }
        if signed.header.kind == "attachment.add" {
            self.note_attachment(index, entry, signed, beside, kept, files);
        }
    }

    /// What a person is called on boards; `the node` for the node itself.
    pub(super) fn role(&self, person: PersonId) -> String {
        if person == PersonId::ZERO {
            return "the node".to_owned();
        }
        self.roles
            .get(&person)
            .cloned()
            .unwrap_or_else(|| "somebody who was never enrolled".to_owned())
    }

    /// `keys/keys.json`.
    pub(super) fn keys_json(&self) -> Vec<u8> {
        let keys: Vec<_> = self
            .keys
            .iter()
            .map(|(key, about)| {
                let mut one = json!({
                    "key": key.to_string(), "person": about.person.to_string(),
                    "role": self.role(about.person), "from": about.from
                });
                if let (Some(until), Some(members)) = (about.until, one.as_object_mut()) {
                    members.insert("until".to_owned(), until.into());
                }
                one
            })
            .collect();
        let mut bytes =
            serde_json::to_vec_pretty(&json!({"v": 1, "keys": keys})).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The policy last adopted, as C2SP has it; `None` when there is none or none can be made of it.
    pub(super) fn policy(&self, log: &VerifierKey) -> Option<String> {
        let adopted = self.adopted.as_ref()?;
        let keys: Option<Vec<CosignerKey>> = adopted
            .cosigners
            .iter()
            .map(|one| one.vkey.parse().ok())
            .collect();
        let keys = keys?;
        let listed: Vec<Listed<'_>> = keys
            .iter()
            .zip(&adopted.cosigners)
            .map(|(key, one)| Listed {
                key,
                url: &one.url,
                is_outside: one.outside,
            })
            .collect();
        let count = |number: u32| usize::try_from(number).ok();
        render(
            log,
            &listed,
            count(adopted.quorum)?,
            count(adopted.outside)?,
        )
        .ok()
    }

    fn note_packs(&mut self, packs: &[String]) {
        if packs == self.packs_before {
            return;
        }
        self.packs_before = packs.to_vec();
        let digests = packs
            .iter()
            .filter_map(|pack| pack.rsplit_once(':')?.1.parse::<Digest>().ok());
        self.packs.extend(digests);
    }

    const fn note_marks(&mut self, outcome: &Outcome) {
        if outcome.late {
            self.marks.late += 1;
        } else if outcome.after_incident {
            self.marks.after_incident += 1;
        } else {
            self.marks.in_course += 1;
        }
        if !outcome.admitted {
            self.marks.refused += 1;
        }
    }

    fn note_clocks(&mut self, entry: &Entry, signed: &Signed) {
        let ahead = entry.at_ms.saturating_sub(signed.header.at_ms);
        self.clocks.statements += 1;
        self.clocks.node_ahead_most = self.clocks.node_ahead_most.max(ahead);
        let behind = ahead.saturating_neg();
        self.clocks.device_ahead_most = self.clocks.device_ahead_most.max(behind);
    }

    /// Open entries about keys, people, programs and cosigners.
    fn note_open(&mut self, index: u64, entry: &Entry, signed: &Signed, outcome: &Outcome) {
        let header = &signed.header;
        let is_open = Kind::from_stored(&header.kind)
            .is_some_and(|kind| kind.keeping() == domain::act::Keeping::Open);
        if !is_open {
            return;
        }
        if index == 0 {
            self.key(KeyId(header.key.0), PersonId::ZERO, 0);
        }
        let Ok(act) = crate::act::read(signed, None) else {
            return;
        };
        match act {
            Act::LogOpen(body) => self.key(body.node_key, PersonId::ZERO, index),
            Act::Invite(body) => {
                self.invites.insert(StatementId(signed.id.0), body);
            }
            Act::Enrol(Enrol { invite, key, .. }) if outcome.admitted => {
                let invited = self.invites.get(&invite);
                let by = invited.and_then(|invited| invited.for_person);
                let person = by.unwrap_or(PersonId(signed.id.0));
                if let Some(invited) = invited {
                    let role = invited.role.as_str().to_owned();
                    self.roles.entry(person).or_insert(role);
                }
                self.key(key, person, index);
            }
            Act::RevokeKey(RevokeKey { key, .. }) => {
                if let Some(known) = self.keys.get_mut(&key) {
                    known.until.get_or_insert(index);
                }
            }
            Act::NodeStarted(Started {
                version, program, ..
            }) => self.programs.push(Ran {
                index,
                version,
                program: Digest(program.0),
                at: entry.at_ms,
            }),
            Act::Export(body) if outcome.admitted => self.copies.push(Made {
                index,
                at: entry.at_ms,
                to: body.to.as_str().to_owned(),
            }),
            Act::NodeClockJumped(ClockJumped { by_ms }) => self.clocks.jumps.push((index, by_ms)),
            Act::AdoptCosigners(body) if outcome.admitted && !outcome.late => {
                self.adopted = Some(body);
            }
            _ => {}
        }
    }

    fn key(&mut self, key: KeyId, person: PersonId, from: u64) {
        self.keys.entry(key).or_insert(Key {
            person,
            from,
            until: None,
        });
    }

    fn note_attachment(
        &mut self,
        index: u64,
        entry: &Entry,
        signed: &Signed,
        beside: Option<&Beside>,
        kept: Option<&Beside>,
        files: bool,
    ) {
        if let Some((sha256, bytes)) = kept.and_then(|kept| named(&kept.body)) {
            let file = self.files.entry(sha256).or_insert_with(|| File {
                index,
                ..File::default()
            });
            file.sizes.insert(bytes);
            file.is_wanted |= files;
        }
        let body = beside.and_then(|beside| match crate::act::read(signed, Some(beside)) {
            Ok(Act::Attach(body)) => Some(body),
            Ok(_) | Err(_) => None,
        });
        if body.as_ref().is_some_and(|body| body.exhibit) {
            let exhibit = Exhibit {
                statement: signed.id,
                index,
                by: PersonId(signed.header.person.0),
                key: KeyId(signed.header.key.0),
                recorded: entry.at_ms,
                claimed: signed.header.at_ms,
                // The form of an exhibit whose body is left out says only what its entry says.
                body: body.filter(|_| kept.is_some()),
                touched: Vec::new(),
            };
            self.exhibits.insert(signed.id, exhibit);
        }
    }

    /// Notes the entry with each exhibit that it names.
    fn note_touched(&mut self, index: u64, entry: &Entry, signed: &Signed, said: &[u8]) {
        if self.exhibits.is_empty() {
            return;
        }
        let person = PersonId(signed.header.person.0);
        for id in ids(said) {
            if let Some(exhibit) = self.exhibits.get_mut(&id) {
                let kind = signed.header.kind.clone();
                exhibit.touched.push((index, kind, person, entry.at_ms));
            }
        }
    }
}

/// Every id that stands in a body as a whole string, each once.
fn ids(body: &[u8]) -> BTreeSet<Digest> {
    body.split(|byte| *byte == b'"')
        .filter(|part| part.len() == 64)
        .filter_map(|part| hex32(std::str::from_utf8(part).ok()?).map(Digest))
        .collect()
}
