//! Who else saw a head, by a policy.

use jiff::Timestamp;
use ledger::note::{Note, VerifierKey};
use ledger::policy::Policy;

use crate::limit::LAST_SECOND;

/// A policy, and where it is from.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `None` when the copy's own cannot be read or is of another log: it knows nobody and is never met.
    policy: Option<Policy>,
    is_own: bool,
}

/// Cosigners of one note with the second of each, in the order of the lines.
pub(crate) type Cosigners = Vec<(String, u64)>;

impl Asked {
    /// A policy from elsewhere.
    pub(crate) fn given(policy: Policy, log: &VerifierKey) -> Self {
        Self {
            policy: Some(policy).filter(|policy| names(policy, log)),
            is_own: false,
        }
    }

    /// The one in the copy.
    pub(crate) fn own(bytes: Option<&[u8]>, log: &VerifierKey) -> Self {
        let policy = bytes.and_then(|bytes| Policy::parse(bytes).ok());
        Self {
            policy: policy.filter(|policy| names(policy, log)),
            is_own: true,
        }
    }

    /// Those under names that the policy knows.
    ///
    /// # Errors
    /// A sentence, when one of them does not hold.
    pub(crate) fn cosigners(&self, note: &Note<'_>) -> Result<Cosigners, String> {
        let mut found = Vec::new();
        let Some(policy) = &self.policy else {
            return Ok(found);
        };
        for line in note.signatures() {
            let known = policy
                .cosigners()
                .find(|one| one.key.name() == line.name && one.key.id() == line.id);
            let Some(known) = known else { continue };
            let wrong =
                |why: &str| format!("the cosignature of `{}` does not hold: {why}", known.name);
            // Its line alone: of several by one key each must hold, and each is told.
            let alone = note.only(|one| one.line == line.line);
            let alone = Note::read(&alone).map_err(|fault| wrong(&fault.to_string()))?;
            let at = known
                .key
                .cosigned(&alone)
                .map_err(|fault| wrong(&fault.to_string()))?
                .ok_or_else(|| wrong("it is not there"))?;
            if at > LAST_SECOND {
                return Err(wrong("its time is past the year 9999"));
            }
            found.push((known.name.clone(), at));
        }
        Ok(found)
    }

    /// The last lines of plain output.
    pub(crate) fn lines(&self, notes: &[Cosigners]) -> Vec<String> {
        let mut lines: Vec<String> = notes
            .iter()
            .flatten()
            .map(|(name, at)| format!("cosigned by {name} at {}", iso(*at)))
            .collect();
        let is_met = self.policy.as_ref().is_some_and(|policy| {
            let meets =
                |note: &Cosigners| policy.is_met(|name| note.iter().any(|one| one.0 == name));
            notes.iter().any(meets)
        });
        let verdict = if is_met {
            "policy met"
        } else {
            "policy not met"
        };
        let own = if self.is_own {
            " (the policy in this copy)"
        } else {
            ""
        };
        lines.push(format!("{verdict}{own}"));
        lines
    }
}

fn names(policy: &Policy, log: &VerifierKey) -> bool {
    policy.logs().iter().any(|one| one.key == *log)
}

/// Seconds in 400 years of the calendar, after which its days and weeks come again.
const ERA_S: i64 = 146_097 * 86_400;
/// The first second of the year 10000, which four digits do not write.
const YEAR_10000_S: i64 = 253_402_300_800;

/// `2026-11-25T02:10:49Z`.
pub(crate) fn iso(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds < YEAR_10000_S)
        .and_then(written)
        .unwrap_or_else(|| format!("second {seconds}"))
}

/// The library's calendar ends two hours before its last day does; what lies there is written as 400 years earlier.
fn written(seconds: i64) -> Option<String> {
    if let Ok(at) = Timestamp::from_second(seconds) {
        return Some(at.to_string());
    }
    let at = Timestamp::from_second(seconds - ERA_S).ok()?.to_string();
    let (year, rest) = at.split_at_checked(4)?;
    Some(format!("{}{rest}", year.parse::<u32>().ok()? + 400))
}

/// As [`iso`], of ms since 1970 UTC.
pub(crate) fn iso_ms(ms: i64) -> String {
    Timestamp::from_second(ms.div_euclid(1_000))
        .map_or_else(|_| format!("millisecond {ms}"), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_to_the_last_second_of_the_year_9999() {
        assert_eq!(iso(1_634_846_400), "2021-10-21T20:00:00Z");
        assert_eq!(iso(253_402_300_799), "9999-12-31T23:59:59Z");
        assert_eq!(iso(253_402_300_800), "second 253402300800");
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
    }
}
