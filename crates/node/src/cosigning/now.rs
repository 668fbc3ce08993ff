//! How cosigning stands, for pages and for whoever looks after the node.

use std::collections::BTreeMap;
use std::path::Path;

use domain::time::Millis;
use ledger::policy::Policy;
use store::SqliteArchive;

use super::{CLERKS, Clerk, Doubt};
use crate::core::Core;
use crate::node::Node;

/// What is known of cosignatures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cosigned {
    /// Whether the record adopted any cosigners.
    pub is_adopted: bool,
    /// Whether some head met the policy that is now in force.
    pub is_met: bool,
    /// The size of the newest head that met it; of the newest with any cosignature while none did.
    pub size: Option<u64>,
    /// When the last of that head's cosigners signed, ms UTC by its clock.
    pub at: Option<Millis>,
    /// When somebody from outside the studio last signed, ms UTC by their clock.
    pub outside_at: Option<Millis>,
    /// Each of them.
    pub cosigners: Vec<CosignerNow>,
    /// Why the policy cannot be used, a sentence.
    pub fault: Option<String>,
}

/// One cosigner as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignerNow {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub whose: String,
    /// Outside the studio.
    pub outside: bool,
    /// Entries in the head that it signed last.
    pub size: Option<u64>,
    /// When, ms UTC by its clock.
    pub at: Option<Millis>,
    /// What went wrong when it was asked last; empty when nothing did.
    pub says: String,
    /// What it answered against this record without a signature to show for it; until it cosigns again.
    pub doubt: Option<Doubt>,
}

/// What cosigners of the node in `folder` answered against its record without a signature to show for it, running or not.
///
/// # Errors
/// A sentence, when the record cannot be read.
pub fn doubts(folder: &Path) -> Result<Vec<Doubt>, String> {
    let archive = SqliteArchive::open(folder).map_err(|error| error.to_string())?;
    let metas = archive.metas().map_err(|error| error.to_string())?;
    let clerks = metas.into_iter().find(|(key, _)| key == CLERKS);
    let clerks: BTreeMap<String, Clerk> = clerks
        .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    Ok(clerks
        .into_values()
        .filter_map(|clerk| clerk.doubt)
        .collect())
}

impl Node {
    /// What is known of cosignatures.
    pub fn cosigning(&self) -> Cosigned {
        self.core.cosigning()
    }
}

impl Core {
    fn cosigning(&self) -> Cosigned {
        let shown = self.shown();
        let Some(body) = shown.state.cosigners.clone() else {
            return Cosigned::default();
        };
        let policy = self.policy(&shown.state);
        drop(shown);
        let fault = policy.as_ref().err().cloned();
        let policy = policy
            .ok()
            .flatten()
            .and_then(|text| Policy::parse(text.as_bytes()).ok());
        let known = self.signatures();
        let judged = known
            .cosigned
            .as_deref()
            .zip(policy)
            .and_then(|(note, policy)| policy.judge(note, Some(&self.verifier)).ok());
        let cosigners: Vec<CosignerNow> = body
            .cosigners
            .into_iter()
            .map(|one| {
                let clerk = known.clerks.get(&one.vkey);
                let doubt = clerk.and_then(|clerk| clerk.doubt.clone());
                // One that never signed may have answered all the same.
                let clerk = clerk.filter(|clerk| clerk.size > 0);
                let by_hand = "it is asked by hand";
                let silent = if one.url.is_empty() { by_hand } else { "" };
                CosignerNow {
                    name: one.name,
                    whose: one.whose.as_str().to_owned(),
                    outside: one.outside,
                    size: clerk.map(|clerk| clerk.size),
                    at: clerk.map(|clerk| clerk.at),
                    doubt,
                    says: known
                        .says
                        .get(&one.vkey)
                        .cloned()
                        .unwrap_or_else(|| silent.to_owned()),
                }
            })
            .collect();
        Cosigned {
            is_adopted: true,
            is_met: judged.as_ref().is_some_and(|judged| judged.is_met),
            size: judged.as_ref().map(|judged| judged.checkpoint.size),
            at: judged
                .iter()
                .flat_map(|judged| &judged.cosigned)
                .map(|one| {
                    i64::try_from(one.at_s)
                        .unwrap_or(i64::MAX)
                        .saturating_mul(1_000)
                })
                .max(),
            outside_at: cosigners
                .iter()
                .filter(|one| one.outside)
                .filter_map(|one| one.at)
                .max(),
            cosigners,
            fault,
        }
    }
}
