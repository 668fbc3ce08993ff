//! What is known of one weapon's inside: nothing, until one person opened it and another saw it, alone.
//!
//! Knowledge belongs to a custody epoch. It is never set; it follows from two looks that agree, and every event that
//! could change the inside ends it.

use crate::{act::floor::Counted, act::floor::Sight, id::*, time::Millis, words::*};
use alloc::vec::Vec;

/// Why nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody looked in this custody epoch.
    #[default]
    NobodyLooked,
    /// Out of sight, set down, or no touch within the limit.
    OutOfSight,
    /// It changed hands outside its issue.
    ChangedHands,
    /// Rounds went in or came out.
    Opened,
    /// It was fired.
    Fired,
    /// Its lot was put in quarantine, or a live round was found that is like its rounds.
    LotInDoubt,
    /// It came from lock-up.
    TakenOut,
    /// It was collected: a Reset or Full check renews it.
    Collected,
    /// A break.
    Break,
    /// The session ended.
    SessionEnded,
    /// Handled outside the protocol, or a refused act may have happened anyway.
    OffTheRecord,
    /// The node's clock jumped.
    ClockJumped,
    /// The node started.
    NodeStarted,
    /// An unexpected event.
    Event,
    /// Two looks did not agree.
    LooksDiffer,
    /// A look did not see every position.
    PositionsUnseen {
        /// Positions one of the two did not see.
        unseen: u8,
        /// Positions there are.
        of: u8,
    },
    /// A look did not see the bore clear.
    BoreNotSeen,
    /// The record was corrected.
    Corrected,
    /// A key that looked was revoked.
    KeyRevoked,
    /// The same serial was received again.
    ReceivedAgain,
}

impl Unknown {
    /// The reason as a sentence for a board, without full stop.
    pub fn says(self) -> alloc::string::String {
        let fixed = match self {
            Self::NobodyLooked => "nobody has looked into it yet",
            Self::OutOfSight => "it was out of sight, so the last check no longer counts",
            Self::ChangedHands => "it changed hands outside its issue",
            Self::Opened => "rounds went in or came out since the last check",
            Self::Fired => "it was fired since the last check",
            Self::LotInDoubt => "rounds like those it held are in doubt",
            Self::TakenOut => "it came from lock-up and nobody has looked into it since",
            Self::Collected => "it was collected and not checked since",
            Self::Break => "there was a break since the last check",
            Self::SessionEnded => "the session of the last check is over",
            Self::OffTheRecord => "it was handled outside the protocol",
            Self::ClockJumped => "the clock of this node jumped",
            Self::NodeStarted => "this node was started since the last check",
            Self::Event => "an unexpected event happened since the last check",
            Self::LooksDiffer => "two looks did not agree",
            Self::BoreNotSeen => "the bore was not seen clear by both",
            Self::Corrected => "the record of its check was corrected",
            Self::KeyRevoked => "a key that signed its check was revoked",
            Self::ReceivedAgain => "its serial was received again; use the newer record",
            Self::PositionsUnseen { unseen, of } => {
                return alloc::format!("{unseen} of {of} positions have no second look");
            }
        };
        fixed.into()
    }
}

/// One person's look, waiting for the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookIn {
    /// Who looked.
    pub by: PersonId,
    /// Their statement.
    pub statement: StatementId,
    /// When it was recorded, ms UTC.
    pub at: Millis,
    /// Which check.
    pub check: Check,
    /// What they saw.
    pub sight: Sight,
}

/// What two people saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What lies in it.
    pub count: Counted,
    /// The load of its blanks, if any.
    pub blank: Option<Load>,
    /// The sealed carrier in it, if any.
    pub carrier: Option<CarrierId>,
    /// Which check they made.
    pub check: Check,
    /// Both saw the bore with a rod or a light.
    pub rod_or_light: bool,
    /// Who.
    pub by: [PersonId; 2],
    /// Their statements.
    pub looks: [StatementId; 2],
    /// The looks that a count alone carries on: those of the last whole check and of the counts since.
    pub carries: Vec<StatementId>,
    /// When the second look came in, ms UTC.
    pub at: Millis,
}

/// What is known of one weapon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Why nothing is known, when nothing is.
    pub why: Unknown,
    /// When something last ended what was known, ms UTC: a look signed on an older record saw what was before.
    pub ended_at: Millis,
    /// It was ended by the entry that is being applied.
    pub(crate) ending: bool,
    /// The first look of a pair.
    pub waiting: Option<LookIn>,
    /// What two people saw and nothing has ended.
    pub known: Option<Known>,
    /// What two people last saw, ended or not: for HOT past its end, Reset and Line checks.
    pub last: Option<Known>,
    /// The fewest positions that one look of the last pair saw.
    pub positions_seen: u8,
}

/// What a look led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paired {
    /// It waits for the other.
    Waits,
    /// Both are in and agree.
    Agree,
    /// Both are in and differ.
    Differ {
        /// Whose looks.
        by: [PersonId; 2],
    },
    /// Both are in; one did not see everything.
    Partial,
}

impl Knowledge {
    /// Whether this look, load or clearing stands behind what is known, waits, or would be carried on by a count.
    pub fn rests_on(&self, of: StatementId) -> bool {
        let behind = |known: &Known| known.looks.contains(&of) || known.carries.contains(&of);
        self.known.as_ref().is_some_and(behind)
            || self.last.as_ref().is_some_and(behind)
            || self
                .waiting
                .as_ref()
                .is_some_and(|look| look.statement == of)
    }

    /// Ends what is known and any look that waits.
    pub fn forget(&mut self, why: Unknown) {
        self.why = why;
        self.waiting = None;
        self.known = None;
        self.ending = true;
    }

    /// Notes when the entry that ended it was recorded, after that entry is applied.
    pub(crate) fn note_end(&mut self, at: Millis) {
        if core::mem::take(&mut self.ending) {
            self.ended_at = at;
        }
    }

    /// Takes a look that counts. `works` is the weapon's; `fresh` says that an earlier pair of this issue still
    /// carries a Reset or Line check (same hands, load unchanged).
    pub fn look(
        &mut self,
        look: LookIn,
        works: Works,
        fresh: bool,
        same_lot: impl Fn(&Sight) -> bool,
    ) -> Paired {
        let first = match self.waiting.take() {
            Some(first) if first.by != look.by && first.check == look.check => first,
            // The same person again, or another kind of check: the pair starts anew.
            Some(_) | None => {
                self.known = None;
                self.waiting = Some(look);
                return Paired::Waits;
            }
        };
        let by = [first.by, look.by];
        let (unseen, of) = (
            unseen(&first.sight, works, look.check).max(unseen(&look.sight, works, look.check)),
            // What has nothing to look into was not looked into.
            works.positions().max(1),
        );
        self.positions_seen = u8::try_from(of.saturating_sub(unseen)).unwrap_or(0);
        if unseen > 0 {
            self.forget(Unknown::PositionsUnseen {
                unseen: narrow(unseen),
                of: narrow(of),
            });
            return Paired::Partial;
        }
        if first.sight.bore != Bore::Clear || look.sight.bore != Bore::Clear {
            self.forget(Unknown::BoreNotSeen);
            return Paired::Partial;
        }
        let count = counted(&first.sight);
        let same_carrier = first.sight.carrier == look.sight.carrier;
        let alike = match look.check {
            Check::Full => same_turn(&first.sight.seen, &look.sight.seen, works),
            Check::Reset | Check::Line => {
                count == counted(&look.sight)
                    && self.carries(count, first.sight.carrier, look.check, fresh)
            }
        };
        if !alike || !same_carrier || !same_lot(&first.sight) || !same_lot(&look.sight) {
            self.forget(Unknown::LooksDiffer);
            return Paired::Differ { by };
        }
        let by_count = matches!(look.check, Check::Reset | Check::Line);
        let known = Known {
            count,
            blank: blank_load(&first.sight).or_else(|| {
                if by_count {
                    self.last.as_ref().and_then(|last| last.blank)
                } else {
                    None
                }
            }),
            carrier: first.sight.carrier,
            check: look.check,
            rod_or_light: [&first, &look]
                .iter()
                .all(|one| matches!(one.sight.method, Method::Rod | Method::Light)),
            by,
            looks: [first.statement, look.statement],
            carries: if by_count {
                self.last
                    .iter()
                    .flat_map(|last| last.carries.iter().chain(&last.looks))
                    .copied()
                    .collect()
            } else {
                Vec::new()
            },
            at: look.at,
        };
        self.last = Some(known.clone());
        self.known = Some(known);
        Paired::Agree
    }

    /// Whether a count alone is enough: the load of an earlier whole look, or nothing in it at all in a line.
    fn carries(
        &self,
        count: Counted,
        carrier: Option<CarrierId>,
        check: Check,
        fresh: bool,
    ) -> bool {
        let empty =
            check == Check::Line && count.dummies == 0 && count.blanks == 0 && count.others == 0;
        let same = |last: &Known| last.count == count && last.carrier == carrier;
        empty || (fresh && self.last.as_ref().is_some_and(same))
    }
}

fn narrow(count: usize) -> u8 {
    u8::try_from(count).unwrap_or(u8::MAX)
}

/// Positions that this look did not see, at least 1 of a thing that has none. A Full check sees position by position;
/// a count beside positions that it contradicts sees nothing.
pub fn unseen(sight: &Sight, works: Works, check: Check) -> usize {
    let of = works.positions();
    let at_odds = !sight.seen.is_empty()
        && sight
            .counted
            .is_some_and(|count| count != tally(&sight.seen));
    if !sight.turned || of == 0 || at_odds {
        return of.max(1);
    }
    match sight.counted {
        Some(count) if sight.seen.is_empty() && check != Check::Full => {
            let all = [count.empty, count.dummies, count.blanks, count.others]
                .iter()
                .map(|n| usize::from(*n))
                .sum::<usize>();
            of.abs_diff(all)
        }
        Some(_) | None => {
            let seen = sight
                .seen
                .iter()
                .filter(|one| !matches!(one, Seen::NotSeen))
                .count();
            of.abs_diff(sight.seen.len()).max(of.saturating_sub(seen))
        }
    }
}

/// Rounds that may be live: live, spent, unknown, or a dummy by which nobody named a feature.
pub fn in_doubt(sight: &Sight) -> usize {
    let seen = sight.seen.iter().filter(|one| match one {
        Seen::Spent | Seen::Live | Seen::Unknown => true,
        Seen::Dummy { features } => features.is_empty(),
        Seen::Empty | Seen::Blank { .. } | Seen::NotSeen => false,
    });
    seen.count() + sight.counted.map_or(0, |count| usize::from(count.others))
}

/// A round that may be live: seen as live, or as one nobody can name; a count does not say which.
pub fn may_be_live(sight: &Sight) -> bool {
    let seen = |one: &Seen| matches!(one, Seen::Live | Seen::Unknown);
    sight.seen.iter().any(seen) || sight.counted.is_some_and(|count| count.others > 0)
}

/// Features that this look names.
pub fn features(sight: &Sight) -> impl Iterator<Item = Feature> {
    sight
        .seen
        .iter()
        .filter_map(|one| {
            if let Seen::Dummy { features } = one {
                Some(features)
            } else {
                None
            }
        })
        .flatten()
        .copied()
}

/// What this look counts: what it saw position by position, or else the count it says.
pub fn counted(sight: &Sight) -> Counted {
    match sight.counted {
        Some(count) if sight.seen.is_empty() => count,
        Some(_) | None => tally(&sight.seen),
    }
}

fn tally(seen: &[Seen]) -> Counted {
    let mut count = Counted::default();
    for one in seen {
        match one {
            Seen::Empty => count.empty = count.empty.saturating_add(1),
            Seen::Dummy { .. } => count.dummies = count.dummies.saturating_add(1),
            Seen::Blank { .. } => count.blanks = count.blanks.saturating_add(1),
            Seen::Spent | Seen::Live | Seen::Unknown => {
                count.others = count.others.saturating_add(1);
            }
            Seen::NotSeen => {}
        }
    }
    count
}

fn blank_load(sight: &Sight) -> Option<Load> {
    sight.seen.iter().find_map(|one| {
        if let Seen::Blank { load } = one {
            Some(*load)
        } else {
            None
        }
    })
}

/// The same contents: a cylinder up to rotation, anything else in order. Features may differ.
fn same_turn(one: &[Seen], other: &[Seen], works: Works) -> bool {
    let (one, other): (Vec<_>, Vec<_>) = (
        one.iter().map(content).collect(),
        other.iter().map(content).collect(),
    );
    if one.len() != other.len() {
        return false;
    }
    match works {
        Works::Cylinder { .. } => {
            one.is_empty()
                || (0..other.len()).any(|turn| {
                    one.iter()
                        .eq(other.iter().cycle().skip(turn).take(other.len()))
                })
        }
        Works::Magazine { .. } | Works::Barrels { .. } | Works::None => one == other,
    }
}

#[derive(PartialEq, Eq)]
enum Content {
    Empty,
    Dummy,
    Blank(Load),
    Other,
}

fn content(seen: &Seen) -> Content {
    match seen {
        Seen::Empty => Content::Empty,
        Seen::Dummy { .. } => Content::Dummy,
        Seen::Blank { load } => Content::Blank(*load),
        Seen::Spent | Seen::Live | Seen::Unknown | Seen::NotSeen => Content::Other,
    }
}

#[cfg(test)]
mod tests;
