//! What anybody must find at once when somebody is hurt.

use serde::Serialize;

/// The emergency page. Everybody may read it, signed in or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EmergencyView {
    /// Plans that hold now, newest first: as they were entered.
    pub plans: Vec<EmergencyPlan>,
    /// Where the session is, as it was opened; empty when none is.
    pub place: String,
    /// Roles of the medics on duty.
    pub medics: Vec<String>,
}

/// One plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmergencyPlan {
    /// Whose it is, or who was told of it.
    pub from: String,
    /// The number to call; may be empty.
    pub number: String,
    /// What it says: where we are in words and coordinates, gate, hospital.
    pub words: String,
    /// When it was entered, ms UTC.
    pub at: i64,
}
