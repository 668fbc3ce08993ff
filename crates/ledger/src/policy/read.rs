//! The grammar: one line after the other, names before they are used.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str::FromStr;

use super::{Cosigner, Log, Named, Policy, PolicyError};
use crate::cosignature::CosignerKey;
use crate::limit::POLICY_BYTES_MAX;
use crate::note::{NoteError, VerifierKey};
use crate::witness::decimal;

/// The name that no cosigner or group may have.
const NONE: &str = "none";

#[derive(Default)]
struct Reader {
    logs: Vec<Log>,
    named: Vec<Named>,
    /// Which of `named` are members of a group.
    used: Vec<bool>,
    has_quorum: bool,
    /// `None` after `quorum none`, as well as before any.
    quorum: Option<usize>,
}

pub(super) fn policy(policy: &[u8]) -> Result<Policy, PolicyError> {
    if policy.len() > POLICY_BYTES_MAX {
        return Err(PolicyError::TooLong);
    }
    let lines = match policy {
        [] => return Err(PolicyError::Quorum),
        [lines @ .., b'\n'] => lines,
        _ => return Err(PolicyError::Unended),
    };
    let mut reader = Reader::default();
    for (at, line) in lines.split(|byte| *byte == b'\n').enumerate() {
        reader.line(at + 1, line)?;
    }
    if !reader.has_quorum {
        return Err(PolicyError::Quorum);
    }
    Ok(Policy {
        logs: reader.logs,
        named: reader.named,
        quorum: reader.quorum,
    })
}

impl Reader {
    fn line(&mut self, at: usize, bytes: &[u8]) -> Result<(), PolicyError> {
        if bytes
            .iter()
            .any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f)
        {
            return Err(PolicyError::Control { line: at });
        }
        let is_white = |byte: &u8| *byte == b' ' || *byte == b'\t';
        if bytes.iter().find(|byte| !is_white(byte)) == Some(&b'#') {
            return Ok(());
        }
        let text = core::str::from_utf8(bytes).map_err(|_| PolicyError::NotUtf8 { line: at })?;
        // Only these two part words: what else Unicode calls white space may stand in a name.
        let mut words = text.split([' ', '\t']).filter(|word| !word.is_empty());
        let Some(verb) = words.next() else {
            return Ok(());
        };
        let words: Vec<&str> = words.collect();
        match (verb, words.as_slice()) {
            ("log", [key]) => self.log(at, key, None),
            ("log", [key, url]) => self.log(at, key, Some(url)),
            ("witness", [name, key]) => self.cosigner(at, name, key, None),
            ("witness", [name, key, url]) => self.cosigner(at, name, key, Some(url)),
            ("group", [name, least, members @ ..]) if !members.is_empty() => {
                self.group(at, name, least, members)
            }
            ("quorum", [name]) => self.quorum(at, name),
            _ => Err(PolicyError::Line { line: at }),
        }
    }

    fn log(&mut self, at: usize, key: &str, url: Option<&str>) -> Result<(), PolicyError> {
        let key: VerifierKey = parsed(at, key)?;
        if self.logs.iter().any(|log| log.key.key() == key.key()) {
            return Err(PolicyError::SameKey { line: at });
        }
        self.logs.push(Log {
            key,
            url: url.map(String::from),
        });
        Ok(())
    }

    fn cosigner(
        &mut self,
        at: usize,
        name: &str,
        key: &str,
        url: Option<&str>,
    ) -> Result<(), PolicyError> {
        let key: CosignerKey = parsed(at, key)?;
        let is_known = self.named.iter().any(|named| match named {
            Named::Cosigner(other) => other.key.key() == key.key(),
            Named::Group { .. } => false,
        });
        if is_known {
            return Err(PolicyError::SameKey { line: at });
        }
        let name = self.free(at, name)?;
        self.declare(Named::Cosigner(Cosigner {
            name,
            key,
            url: url.map(String::from),
        }));
        Ok(())
    }

    fn group(
        &mut self,
        at: usize,
        name: &str,
        least: &str,
        members: &[&str],
    ) -> Result<(), PolicyError> {
        let wrong = PolicyError::Number {
            line: at,
            members: members.len(),
        };
        let least = match least {
            "any" => 1,
            "all" => members.len(),
            number => decimal(number)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=members.len()).contains(number))
                .ok_or(wrong)?,
        };
        let name = self.free(at, name)?;
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            let index = self.find(at, member)?;
            match self.used.get_mut(index) {
                Some(used) if !*used => *used = true,
                Some(_) | None => {
                    return Err(PolicyError::UsedTwice {
                        line: at,
                        name: (*member).to_string(),
                    });
                }
            }
            found.push(index);
        }
        self.declare(Named::Group {
            name,
            least,
            members: found,
        });
        Ok(())
    }

    fn quorum(&mut self, at: usize, name: &str) -> Result<(), PolicyError> {
        if self.has_quorum {
            return Err(PolicyError::Quorum);
        }
        if name != NONE {
            self.quorum = Some(self.find(at, name)?);
        }
        self.has_quorum = true;
        Ok(())
    }

    fn declare(&mut self, named: Named) {
        self.named.push(named);
        self.used.push(false);
    }

    fn free(&self, at: usize, name: &str) -> Result<String, PolicyError> {
        if name == NONE || self.named.iter().any(|named| named.name() == name) {
            return Err(PolicyError::Taken {
                line: at,
                name: name.to_string(),
            });
        }
        Ok(name.to_string())
    }

    fn find(&self, at: usize, name: &str) -> Result<usize, PolicyError> {
        self.named
            .iter()
            .position(|named| named.name() == name)
            .ok_or_else(|| PolicyError::Undeclared {
                line: at,
                name: name.to_string(),
            })
    }
}

fn parsed<K: FromStr<Err = NoteError>>(at: usize, key: &str) -> Result<K, PolicyError> {
    key.parse()
        .map_err(|why| PolicyError::Key { line: at, why })
}
