//! Papers: what somebody outside or above the floor gave, found, decided or was told, in one form for all.

use crate::{id::*, time::Millis, words::*};
use serde::{Deserialize, Serialize};

/// Shows a paper: a permit, a certificate, an assessment, a notice that was given, a declaration. The signer saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowPaper {
    /// What it is.
    pub paper: Paper,
    /// The person, weapon, lot, action, store or event it is about, by its id; absent: the production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<StatementId>,
    /// Who gave it, or who was told.
    pub from: Words,
    /// Its number, as read; blank if it has none.
    pub number: Words,
    /// Until when it holds, ms UTC; absent if it names no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Millis>,
    /// What it says: scope, conditions, what was examined.
    pub words: Words,
    /// Its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

/// A paper holds no longer: withdrawn, used up, found to be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPaper {
    /// The statement by which it was shown.
    pub paper: StatementId,
    /// Who ended it, and why.
    pub words: Words,
}
