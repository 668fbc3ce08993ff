//! Answers in words.

use domain::outcome::{LeaseKind, Outcome};

use crate::cosigned::iso_ms;

/// The bytes of an outcome in words; of one that this version cannot read, that.
pub(crate) fn outcome(bytes: &[u8]) -> String {
    serde_json::from_slice::<Outcome>(bytes).map_or_else(
        |_| "an answer that this version cannot put into words".to_owned(),
        |outcome| in_words(&outcome),
    )
}

/// An outcome in words.
pub(crate) fn in_words(outcome: &Outcome) -> String {
    let answer = if outcome.admitted {
        "admitted"
    } else {
        "refused"
    };
    let mut words = vec![answer.to_owned()];
    if outcome.late {
        words.push("late".to_owned());
    }
    if outcome.after_incident {
        words.push("after an incident".to_owned());
    }
    for lease in &outcome.leases {
        let kind = match lease.kind {
            LeaseKind::Cold => "COLD",
            LeaseKind::Hot => "HOT",
        };
        words.push(format!("{kind} granted until {}", iso_ms(lease.until)));
    }
    let reasons = outcome.reasons.iter().chain(&outcome.breaches);
    words.extend(reasons.map(|reason| format!("{}: {}", reason.code, reason.says)));
    let owed = outcome.owed.iter();
    words.extend(owed.map(|owed| format!("owed, {}: {}", owed.reason.code, owed.reason.says)));
    words.join("; ")
}
