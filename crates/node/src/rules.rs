//! The packs in force, as the node needs them: somebody who judges, and what entries say they were judged by.

use std::sync::Arc;

use audit::{Rulebook, Rules};
use domain::facts::Facts;
use domain::judge::{Gate, Judge, Judgement};
use domain::outcome::{Force, Limits, Reason};
use protocol::{Protocol, Source};

/// Packs as bytes, such as those that come with the program.
#[derive(Debug, Clone, Default)]
pub struct Shelf(pub Vec<Source>);

impl Rulebook for Shelf {
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.iter().map(|source| source.name.clone()).collect();
        names.sort();
        names
    }

    fn load(&self, names: &[String]) -> Result<Rules, String> {
        if let Some(missing) = names
            .iter()
            .find(|name| !self.0.iter().any(|source| source.name == **name))
        {
            return Err(format!("the pack `{missing}` is not here"));
        }
        let sources: Vec<Source> = self
            .0
            .iter()
            .filter(|source| names.contains(&source.name))
            .cloned()
            .collect();
        let protocol =
            Protocol::load(&sources).map_err(|error| format!("the packs are faulty: {error}"))?;
        let mut packs = protocol.packs();
        packs.sort();
        Ok(Rules {
            judge: Arc::new(protocol),
            packs,
        })
    }
}

/// Nothing can be judged, so nothing is granted.
struct Nobody(String);

impl Judge for Nobody {
    fn judge(&self, _: Gate, _: &Facts) -> Judgement {
        let reason = Reason {
            code: "PR-0003".to_owned(),
            says: self.0.clone(),
            source: "Coldproof".to_owned(),
            clause: "doubt is a refusal".to_owned(),
            force: Force::Record,
            who: "administrator".to_owned(),
            cure: "put packs in force that can judge this request".to_owned(),
        };
        Judgement {
            refused: vec![reason],
            ..Judgement::default()
        }
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }
}

/// The rules of the packs named in the record; when they cannot be had, rules that grant nothing and say why.
pub(crate) fn in_force(book: &dyn Rulebook, names: &[String]) -> Rules {
    let loaded = if names.is_empty() {
        Err("no pack is in force".to_owned())
    } else {
        book.load(names)
    };
    loaded.unwrap_or_else(|why| Rules {
        judge: Arc::new(Nobody(why)),
        packs: Vec::new(),
    })
}
