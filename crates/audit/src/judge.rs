//! Judging again: `admit` is asked once more for every entry, with the packs then in force.
//!
//! A difference is drift: this program says today what the node of then did not. It is no fault of the record, whose
//! entries say what was answered.

use domain::State;
use domain::act::Act;
use domain::outcome::{Outcome, Reason};

use crate::archive::Archive;
use crate::fault::{Code, Fault, NotHeld};
use crate::fold;
use crate::rules::{Rulebook, Rules};
use crate::say::in_words;

/// Where the packs are found that an entry names.
pub trait Packs {
    /// The rules of exactly these packs, each `name@version:sha256`; `None` when one is not here.
    fn rules(&self, packs: &[String]) -> Option<Rules>;
}

/// Packs from a rulebook, taken only when they are the very ones.
pub struct Named<'a>(pub &'a dyn Rulebook);

impl Packs for Named<'_> {
    fn rules(&self, packs: &[String]) -> Option<Rules> {
        let names: Vec<String> = packs
            .iter()
            .filter_map(|pack| pack.split_once('@'))
            .map(|(name, _)| name.to_owned())
            .collect();
        self.0
            .load(&names)
            .ok()
            .filter(|rules| rules.packs == packs)
    }
}

/// What judging again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Entries judged with the same answer.
    pub same: u64,
    /// Entries whose answer differs.
    pub differ: Vec<Drift>,
    /// Entries that could not be judged: other packs, none in force, or an adoption.
    pub not_judged: u64,
    /// The entry at which judging had to stop, since its body is not here and what follows rests on it.
    pub stopped_at: Option<u64>,
}

/// An entry that would be answered otherwise today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its number.
    pub index: u64,
    /// What the two answers differ in.
    pub what: String,
    /// What was answered then, in words.
    pub then: String,
    /// What this program answers.
    pub now: String,
}

/// Asks `admit` again for each entry, in the state before it, with the packs that it names. The archive was verified before.
///
/// # Errors
/// [`NotHeld`], when an entry cannot be read or does not say what a fold needs.
pub fn judge(archive: &dyn Archive, packs: &dyn Packs) -> Result<Judged, NotHeld> {
    let (mut judged, mut state) = (Judged::default(), State::default());
    let mut rules: Option<(Vec<String>, Option<Rules>)> = None;
    let mut next = 0;
    loop {
        let some = archive.read(next, u64::MAX)?;
        if some.is_empty() {
            return Ok(judged);
        }
        for stored in some {
            if fold::is_withheld(&stored.entry, stored.beside.is_some()) {
                judged.stopped_at = Some(stored.index);
                return Ok(judged);
            }
            let folded = fold::read(&stored.entry, stored.beside.as_ref())
                .map_err(|says| Fault::at(Code::Entry, stored.index, says))?;
            if rules
                .as_ref()
                .is_none_or(|(known, _)| *known != folded.packs)
            {
                let found = packs.rules(&folded.packs);
                rules = Some((folded.packs.clone(), found));
            }
            let entry = &folded.entry;
            match rules.as_ref().and_then(|(_, rules)| rules.as_ref()) {
                Some(rules) if !matches!(entry.statement.act, Act::PacksAdopt(_)) => {
                    let now = domain::admit(&state, &entry.statement, entry.at, &*rules.judge);
                    match drift(stored.index, &entry.outcome, &now) {
                        None => judged.same += 1,
                        Some(drift) => judged.differ.push(drift),
                    }
                }
                Some(_) | None => judged.not_judged += 1,
            }
            domain::apply(&mut state, entry);
            next = stored.index + 1;
        }
    }
}

/// What two answers differ in, of what a fold reads.
fn drift(index: u64, then: &Outcome, now: &Outcome) -> Option<Drift> {
    let what = [
        (then.admitted != now.admitted, "whether it is admitted"),
        (then.late != now.late, "whether it is late"),
        (
            then.after_incident != now.after_incident,
            "whether it is after an incident",
        ),
        (codes(&then.reasons) != codes(&now.reasons), "the reasons"),
        (
            codes(&then.breaches) != codes(&now.breaches),
            "the breaches",
        ),
        (then.leases != now.leases, "its leases"),
        (then.owed != now.owed, "what is owed"),
        (then.limits != now.limits, "the bounds"),
        (then.erased != now.erased, "what is erased"),
    ];
    let what: Vec<&str> = what
        .into_iter()
        .filter(|(differs, _)| *differs)
        .map(|(_, what)| what)
        .collect();
    (!what.is_empty()).then(|| Drift {
        index,
        what: what.join(", "),
        then: in_words(then),
        now: in_words(now),
    })
}

/// Words may be put better one day; what a reason is, its code says.
fn codes(reasons: &[Reason]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.code.as_str()).collect()
}
