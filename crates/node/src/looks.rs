//! Which looks are still closed: their bodies go to nobody but their author.
//!
//! A look is closed until both looks of a pair are in. A pair that never comes about keeps it closed as well: whoever
//! looks next at the same weapon must not have read it. What opens it is a whole pair on the weapon, a look that saw a
//! round that may be live, or the weapon locked away.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use domain::State;
use domain::act::Act;
use domain::act::floor::Sight;
use domain::id::{LotId, PersonId, StatementId, WeaponId};
use domain::state::Custody;
use domain::words::{Bore, Method};

/// One closed look.
#[derive(Debug, Clone)]
struct Closed {
    by: PersonId,
    weapons: BTreeSet<WeaponId>,
    /// Rounds that a load took from a lot: its counts would give the load away.
    drawn: Option<(LotId, u32)>,
}

/// All closed looks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looks {
    closed: BTreeMap<StatementId, Closed>,
}

/// What an entry might open or close, noted before it is applied.
pub(crate) struct Before {
    waiting: Vec<(WeaponId, Option<PersonId>, usize)>,
}

fn sights(act: &Act) -> Vec<&Sight> {
    match act {
        Act::Look(body) => vec![&body.sight],
        Act::LineLook(body) => body.sights.iter().collect(),
        Act::LoadWeapon(body) => vec![&body.sight],
        Act::Clear(body) => vec![&body.sight],
        _ => Vec::new(),
    }
}

/// Whether statements of this kind say what somebody saw in a weapon.
pub(crate) fn is_look(act: &Act) -> bool {
    matches!(
        act,
        Act::Look(_) | Act::LineLook(_) | Act::LoadWeapon(_) | Act::Clear(_)
    )
}

impl Before {
    pub(crate) fn note(state: &State, act: &Act) -> Self {
        let of = |weapon: &WeaponId| {
            let known = state.weapons.get(weapon);
            let first = known
                .and_then(|known| known.knowledge.waiting.as_ref())
                .map(|look| look.by);
            (*weapon, first, known.map_or(0, |known| known.holds.len()))
        };
        Self {
            waiting: sights(act).iter().map(|sight| of(&sight.weapon)).collect(),
        }
    }
}

impl Looks {
    /// Takes an entry that was just applied: `state` is what it led to.
    pub(crate) fn follow(&mut self, before: &Before, state: &State, entry: &domain::Entry) {
        let act = &entry.statement.act;
        if is_look(act) {
            self.close(entry);
        }
        // A load or a clearing begins a pair and never completes one.
        let may_complete = matches!(act, Act::Look(_) | Act::LineLook(_));
        for (id, first, holds) in &before.waiting {
            let Some(weapon) = state.weapons.get(id) else {
                continue;
            };
            let waits = weapon.knowledge.waiting.is_some();
            let second = may_complete && first.is_some_and(|by| by != entry.statement.by) && !waits;
            if second || weapon.holds.len() > *holds {
                self.open(*id);
            }
        }
        if let Act::LockAway(body) = act {
            for id in &body.weapons {
                let stored = state
                    .weapons
                    .get(id)
                    .is_some_and(|weapon| matches!(weapon.custody, Custody::Stored { .. }));
                if stored {
                    self.open(*id);
                }
            }
        }
    }

    fn close(&mut self, entry: &domain::Entry) {
        let act = &entry.statement.act;
        let drawn = match act {
            Act::LoadWeapon(body) if entry.outcome.admitted && !entry.outcome.late => {
                Some((body.lot, body.rounds))
            }
            _ => None,
        };
        let weapons: BTreeSet<_> = sights(act).iter().map(|sight| sight.weapon).collect();
        if !weapons.is_empty() {
            self.closed.insert(
                entry.statement.id,
                Closed {
                    by: entry.statement.by,
                    weapons,
                    drawn,
                },
            );
        }
    }

    fn open(&mut self, weapon: WeaponId) {
        self.closed.retain(|_, closed| {
            closed.weapons.remove(&weapon);
            !closed.weapons.is_empty()
        });
    }

    /// Whether `reader` may not know what the statement says.
    pub(crate) fn hides(&self, statement: StatementId, reader: Option<PersonId>) -> bool {
        self.closed
            .get(&statement)
            .is_some_and(|closed| Some(closed.by) != reader)
    }

    /// Whether anything at all is kept from `reader`.
    pub(crate) fn hides_any(&self, reader: Option<PersonId>) -> bool {
        self.closed.values().any(|closed| Some(closed.by) != reader)
    }

    /// Weapons about which `reader` may not know everything.
    pub(crate) fn touches(&self, weapon: WeaponId, reader: Option<PersonId>) -> bool {
        self.closed
            .values()
            .any(|closed| Some(closed.by) != reader && closed.weapons.contains(&weapon))
    }

    /// The state as `reader` may see it: closed looks are blank and counts stand as before the loads that are closed.
    pub(crate) fn redact<'s>(
        &self,
        state: Cow<'s, State>,
        reader: Option<PersonId>,
    ) -> Cow<'s, State> {
        let hides_any = self.hides_any(reader);
        let hides_draws = hides_any || awaits_a_look(&state, reader);
        if !hides_draws {
            return state;
        }
        let mut state = state.into_owned();
        // Draws say as much as a load does, before it and after: what is out counts as still there.
        for lot in state.lots.values_mut() {
            lot.there = lot.there.saturating_add(lot.out);
            lot.out = 0;
            lot.in_hand = 0;
        }
        if !hides_any {
            return Cow::Owned(state);
        }
        for (id, weapon) in &mut state.weapons {
            if let Some(look) = &mut weapon.knowledge.waiting
                && Some(look.by) != reader
            {
                look.sight = blank(*id);
            }
            if self.touches(*id, reader) && weapon.knowledge.known.is_none() {
                weapon.loaded = None;
            }
        }
        Cow::Owned(state)
    }

    /// Lots from which closed loads of others took rounds.
    pub(crate) fn hides_lot(&self, lot: LotId, reader: Option<PersonId>) -> bool {
        self.closed.values().any(|closed| {
            Some(closed.by) != reader && closed.drawn.is_some_and(|(of, _)| of == lot)
        })
    }
}

/// Whether a weapon that can fire is out and its pair of looks is not in, somebody else answering for it than the reader.
fn awaits_a_look(state: &State, reader: Option<PersonId>) -> bool {
    state.lots.values().any(|lot| lot.out > 0)
        && state.weapons.values().any(|weapon| {
            let others = weapon
                .issue
                .as_ref()
                .is_some_and(|issue| Some(issue.handler) != reader);
            others && weapon.can_fire() && weapon.knowledge.known.is_none()
        })
}

fn blank(weapon: WeaponId) -> Sight {
    Sight {
        weapon,
        seen: Vec::new(),
        counted: None,
        carrier: None,
        turned: false,
        bore: Bore::NotSeen,
        method: Method::Eye,
    }
}
