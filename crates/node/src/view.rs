//! What one reader may see. Every question goes through here, so that nothing of a closed look gets past.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::State;
use domain::board::{Board, Word};
use domain::id::{KeyId, LotId, PersonId, StatementId, StopId, WeaponId};
use domain::time::Millis;
use store::Head;

use crate::index::Index;
use crate::looks::Looks;
use crate::node::Node;

/// Who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Viewer {
    /// Signed out, or a phone that never saw the system.
    #[default]
    Stranger,
    /// Someone who proved a key.
    Enrolled {
        /// Who.
        person: PersonId,
        /// With which key.
        key: KeyId,
    },
}

/// Everything this reader may see, at one moment.
pub struct View<'n> {
    /// The state of what is durable, stops not recorded yet included. Closed looks of others are blank in it and what is
    /// out of a lot counts as still there while one is closed.
    pub state: Cow<'n, State>,
    /// The node's time, ms UTC.
    pub now: Millis,
    /// The person who asks; `None` for strangers and for keys that were revoked.
    pub reader: Option<PersonId>,
    /// The head over what the state was folded from.
    pub head: &'n Head,
    /// Why nothing here counts, when nothing does.
    pub doubt: Option<String>,
    pub(crate) index: &'n Index,
    names: &'n BTreeMap<PersonId, String>,
    looks: &'n Looks,
    unrecorded: Vec<StopId>,
}

impl Node {
    /// Asks `question` of what `viewer` may see. Be quick: nothing is published meanwhile.
    pub fn view<T>(&self, viewer: &Viewer, question: impl FnOnce(&View<'_>) -> T) -> T {
        let core = &self.core;
        let jumped = {
            // Until the jump is entered, which is a matter of a tick, nothing that rests on time is said.
            let mut time = core.time().clone();
            time.jump(&*core.clock).is_some()
        };
        let now = core.now();
        let shown = core.shown();
        let reader = reader(&shown.state, viewer);
        let state = shown.looks.redact(shown.current(now), reader);
        let doubt = match core.frozen() {
            Some(why) => Some(format!("The record on this node has stopped: {why}.")),
            None if jumped => Some("The clock of this node jumped.".to_owned()),
            None => None,
        };
        question(&View {
            state,
            now,
            reader,
            head: &shown.head,
            doubt,
            index: &shown.index,
            names: &shown.names,
            looks: &shown.looks,
            unrecorded: shown
                .overlay
                .iter()
                .map(|entry| entry.statement.id.into())
                .collect(),
        })
    }
}

/// The person, if their key is enrolled for them and not revoked.
fn reader(state: &State, viewer: &Viewer) -> Option<PersonId> {
    match viewer {
        Viewer::Stranger => None,
        Viewer::Enrolled { person, key } => {
            let known = state.keys.get(key)?;
            (known.person == *person && known.revoked_at.is_none()).then_some(*person)
        }
    }
}

impl View<'_> {
    /// The board. When anything is in doubt every weapon needs a check and the doubt is the reason.
    pub fn board(&self) -> Board {
        let mut board = domain::board::board(&self.state, self.now);
        let Some(doubt) = &self.doubt else {
            return board;
        };
        for shown in &mut board.weapons {
            shown.word = Word::CheckNeeded;
            shown.content = String::new();
            shown.left_ms = None;
            shown.reason.clone_from(doubt);
            "Ask the armorer. Nothing on this board counts.".clone_into(&mut shown.next);
            shown.say = format!("Tag {}, check needed, hold it.", shown.tag);
        }
        board
    }

    /// A person's name where the reader may know it and one was given, else their role.
    pub fn name(&self, person: PersonId) -> &str {
        let name = self.reader.and_then(|_| self.names.get(&person));
        name.map_or_else(|| self.state.role(person), String::as_str)
    }

    /// Whether what the statement says is kept from the reader: a look whose pair is not in.
    pub fn hides(&self, statement: StatementId) -> bool {
        self.looks.hides(statement, self.reader)
    }

    /// Whether a look of somebody else at this weapon is closed to the reader.
    pub fn hides_look_at(&self, weapon: WeaponId) -> bool {
        self.looks.touches(weapon, self.reader)
    }

    /// Whether the counts of this lot stand as before a load that is closed to the reader.
    pub fn hides_count_of(&self, lot: LotId) -> bool {
        self.looks.hides_lot(lot, self.reader)
    }

    /// Whether any look of somebody else is closed to the reader.
    pub fn hides_any_look(&self) -> bool {
        self.looks.hides_any(self.reader)
    }

    /// Whether the stop acts and is not recorded yet.
    pub fn is_unrecorded(&self, stop: StopId) -> bool {
        self.unrecorded.contains(&stop)
    }
}
