//! What an invitation is made of, for the page that makes one.

use serde::Serialize;

use super::{Choice, Offer};

/// What somebody who lets people in may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InviteView {
    /// The act: kind, version, keeping. Its body is made on the phone, with the digest of a secret made there.
    pub act: Offer,
    /// Departments, in the order to show.
    pub departments: Vec<Choice>,
    /// Duties, the floor's most frequent first.
    pub duties: Vec<DutyChoice>,
}

/// A duty, and where whoever has it usually works: choosing the one proposes the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DutyChoice {
    /// Stored name of the duty.
    pub value: String,
    /// Words.
    pub label: String,
    /// Stored name of the department.
    pub department: String,
}
