//! What a board says of each weapon: the one place where the words COLD, HOT, CHECK NEEDED and HOLD are drawn.

use crate::{
    content::Content,
    id::*,
    outcome::LeaseKind,
    state::{Custody, HoldWhy, State, Weapon},
    time::Millis,
    words::{Class, Words},
};
use alloc::{format, string::String, string::ToString, vec, vec::Vec};

/// The word of a weapon. STOP is the set's banner, never a weapon's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Withdrawn.
    Grounded,
    /// Mismatch, doubtful round or event: do not move.
    Hold,
    /// In a named locked place.
    LockedAway,
    /// Blanks in it, announced.
    Hot,
    /// Two people looked and agree that nothing in it can fire.
    Cold,
    /// Two people showed that it cannot fire.
    CannotFire,
    /// Two people tested edge and point.
    DullChecked,
    /// Nothing supported.
    CheckNeeded,
}

impl Word {
    /// Every word, in order of precedence.
    pub const ALL: &'static [Self] = &[
        Self::Grounded,
        Self::Hold,
        Self::LockedAway,
        Self::Hot,
        Self::Cold,
        Self::CannotFire,
        Self::DullChecked,
        Self::CheckNeeded,
    ];

    /// As boards and radio say it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Grounded => "GROUNDED",
            Self::Hold => "HOLD",
            Self::LockedAway => "LOCKED AWAY",
            Self::Hot => "HOT",
            Self::Cold => "COLD",
            Self::CannotFire => "CANNOT FIRE",
            Self::DullChecked => "DULL CHECKED",
            Self::CheckNeeded => "CHECK NEEDED",
        }
    }
}

/// One weapon on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub weapon: WeaponId,
    /// Its tag.
    pub tag: String,
    /// What people call it.
    pub name: String,
    /// Its word.
    pub word: Word,
    /// What stands beside the word, as large; empty unless COLD or HOT.
    pub content: String,
    /// How long COLD or HOT still stands, ms.
    pub left_ms: Option<Millis>,
    /// Why, as a sentence.
    pub reason: String,
    /// The next step and who takes it.
    pub next: String,
    /// The line for the radio.
    pub say: String,
    /// Where it is.
    pub place: String,
    /// Who has it in hand.
    pub holder: Option<PersonId>,
    /// Who still has to look.
    pub waiting: Vec<String>,
}

/// The board of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// The action now on; empty if none.
    pub scene: String,
    /// Every weapon, in order of their tags.
    pub weapons: Vec<Shown>,
}

/// The board at `now`, ms UTC.
pub fn board(state: &State, now: Millis) -> Board {
    let now = now.max(state.recorded_at);
    let current = state.at(now);
    let state = current.as_ref();
    let mut weapons: Vec<Shown> = state
        .weapons
        .iter()
        .map(|(id, weapon)| shown(state, *id, weapon, now))
        .collect();
    weapons.sort_by(|one, other| one.tag.cmp(&other.tag).then(one.weapon.cmp(&other.weapon)));
    Board {
        scene: scene(state, state.now_on),
        weapons,
    }
}

fn scene(state: &State, action: Option<ActionId>) -> String {
    action
        .and_then(|id| state.actions.get(&id))
        .map_or_else(String::new, |action| action.about.name.as_str().into())
}

fn shown(state: &State, id: WeaponId, weapon: &Weapon, now: Millis) -> Shown {
    let word = word(state, weapon, now);
    let content = weapon
        .knowledge
        .known
        .as_ref()
        .map(|known| state.content(known));
    let leased = matches!(word, Word::Cold | Word::Hot);
    let left_ms = leased.then(|| left(weapon, now)).flatten();
    let (reason, next) = why(state, weapon, word, content);
    Shown {
        weapon: id,
        tag: weapon.about.tag.as_str().into(),
        name: weapon.about.name.as_str().into(),
        word,
        content: if leased {
            content.map(Content::words).unwrap_or_default()
        } else {
            String::new()
        },
        left_ms,
        reason,
        next,
        say: say(state, weapon, word, content, left_ms),
        place: place(state, weapon),
        holder: weapon.custody.holder(),
        waiting: waiting(state, weapon, word, now),
    }
}

/// The word. Everything that speaks against COLD is asked here again, whatever the lease says.
fn word(state: &State, weapon: &Weapon, now: Millis) -> Word {
    if weapon.grounded.is_some() {
        return Word::Grounded;
    }
    if !weapon.holds.is_empty() {
        return Word::Hold;
    }
    if matches!(weapon.custody, Custody::Stored { .. }) {
        return Word::LockedAway;
    }
    if weapon.inconsistent {
        return Word::CheckNeeded;
    }
    if weapon.is_harmless() {
        return if weapon.class() == Class::Edged {
            Word::DullChecked
        } else {
            Word::CannotFire
        };
    }
    match standing(state, weapon, now) {
        Some(LeaseKind::Cold) => Word::Cold,
        Some(LeaseKind::Hot) => Word::Hot,
        None => Word::CheckNeeded,
    }
}

/// The lease, if everything it needs still stands. Nothing is called, handed out or begun by a lease that would not be
/// shown.
pub(crate) fn standing(state: &State, weapon: &Weapon, now: Millis) -> Option<LeaseKind> {
    let held = matches!(weapon.custody, Custody::Held { sight_until, .. } if sight_until > now);
    let (Some(lease), Some(known)) = (&weapon.lease, &weapon.knowledge.known) else {
        return None;
    };
    let content = state.content(known);
    let stands = held
        && lease.until > now
        && state.stops.is_empty()
        && weapon.holds.is_empty()
        && weapon.grounded.is_none()
        && !weapon.inconsistent
        && !weapon.off_record
        && state.now_on == Some(lease.action)
        && content.others == 0;
    match lease.kind {
        LeaseKind::Cold => stands && content.blanks == 0,
        LeaseKind::Hot => stands && content.blanks > 0,
    }
    .then_some(lease.kind)
}

/// Until the lease or the sight of it runs out, whichever is first.
fn left(weapon: &Weapon, now: Millis) -> Option<Millis> {
    let Custody::Held { sight_until, .. } = weapon.custody else {
        return None;
    };
    weapon
        .lease
        .as_ref()
        .map(|lease| (lease.until.min(sight_until) - now).max(0))
}

fn why(state: &State, weapon: &Weapon, word: Word, content: Option<Content>) -> (String, String) {
    match word {
        Word::Grounded => {
            let why = weapon.grounded.as_ref().map_or("", Words::as_str);
            (
                format!("Withdrawn: {why}."),
                "Repair or return to the supplier; two people bring it back.".into(),
            )
        }
        Word::Hold => hold(weapon),
        Word::LockedAway => (
            String::from("In a locked place."),
            "Take it out for an action: the armorer.".into(),
        ),
        Word::CannotFire => (
            "Two people showed that it cannot fire.".into(),
            "Announce it as what it is.".into(),
        ),
        Word::DullChecked => (
            "Two people tested edge and point.".into(),
            "Announce it as what it is.".into(),
        ),
        Word::Cold | Word::Hot => {
            let by = weapon
                .knowledge
                .known
                .as_ref()
                .map(|known| known.by.map(|one| state.role(one).to_string()));
            let reason =
                by.map(|[one, other]| format!("Looked into by {one} and {other}, each alone."));
            let next = if word == Word::Hot {
                "Collect and clear after the take: the armorer."
            } else {
                "Collect it after the action: the armorer."
            };
            (reason.unwrap_or_default(), next.into())
        }
        Word::CheckNeeded => check_needed(state, weapon, content),
    }
}

fn hold(weapon: &Weapon) -> (String, String) {
    let why = weapon.holds.iter().map(|hold| &hold.why).next_back();
    let reason = match why {
        Some(HoldWhy::Mismatch) => "Two looks did not agree. Do not move it.",
        Some(HoldWhy::SawRound) => "A look saw a round that may be live. Do not move it.",
        Some(HoldWhy::Event(_)) | None => "An unexpected event holds it and what is like it.",
    };
    let next = match why {
        Some(HoldWhy::Mismatch | HoldWhy::SawRound) => {
            "Both looks again, whole, one of the two somebody new; then say what differed."
        }
        Some(HoldWhy::Event(_)) | None => {
            "Cause and fix: the armorer. Countersign: somebody outside the chain. Then a meeting."
        }
    };
    (reason.into(), next.into())
}

fn check_needed(state: &State, weapon: &Weapon, content: Option<Content>) -> (String, String) {
    let reason = match &weapon.custody {
        Custody::OffTheRecord { with } => {
            let with = with.map_or_else(
                || "nobody knows whom".to_string(),
                |one| state.role(one).to_string(),
            );
            format!("It was handled outside the protocol and is with {with}.")
        }
        Custody::OutOfSight { last } => {
            format!("It was out of sight; last with {}.", state.role(*last))
        }
        Custody::Held { .. } | Custody::Stored { .. } => match content {
            Some(content) if state.stops.is_empty() => format!(
                "Both looks agree: {}. Nobody called it yet.",
                content.spoken()
            ),
            Some(content) => format!("The set is stopped. Last known: {}.", content.spoken()),
            None => sentence(&weapon.knowledge.why.says()),
        },
    };
    let last = weapon
        .knowledge
        .last
        .as_ref()
        .map(|last| state.content(last))
        .filter(|last| last.blanks > 0 && content.is_none());
    let reason = last.map_or(reason.clone(), |last| {
        format!("{reason} Last loaded: {}.", last.spoken())
    });
    let next = match (&weapon.custody, content) {
        (Custody::OffTheRecord { .. } | Custody::OutOfSight { .. }, _) => {
            "Collect it: the armorer. Then a Full check with a second person."
        }
        (Custody::Held { .. } | Custody::Stored { .. }, Some(content)) if content.blanks > 0 => {
            "Call it hot with load and number: the first AD."
        }
        (Custody::Held { .. } | Custody::Stored { .. }, Some(_)) => "Call it cold: the first AD.",
        (Custody::Held { .. } | Custody::Stored { .. }, None) if weapon.issue.is_none() => {
            "Lock it away, or take it out for an action: the armorer."
        }
        (Custody::Held { .. } | Custody::Stored { .. }, None) => {
            "Full check: the armorer and a second person, each alone."
        }
    };
    (reason, next.into())
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect::<String>() + "."
    })
}

fn say(
    state: &State,
    weapon: &Weapon,
    word: Word,
    content: Option<Content>,
    left_ms: Option<Millis>,
) -> String {
    let tag = weapon.about.tag.as_str();
    let leased = || {
        let content = content.map(Content::spoken).unwrap_or_default();
        let scene = scene(state, weapon.lease.as_ref().map(|lease| lease.action));
        let minutes = left_ms.unwrap_or(0) / 60_000;
        format!("{content}, {scene}, {minutes} minutes left")
    };
    match word {
        Word::Grounded => format!("Tag {tag}, withdrawn, not in use."),
        Word::Hold => format!("Tag {tag}, hold, do not move it."),
        Word::LockedAway => format!("Tag {tag}, locked away."),
        Word::Hot => format!("Tag {tag} hot, {}.", leased()),
        Word::Cold => format!("Tag {tag} cold, {}.", leased()),
        Word::CannotFire => format!("Tag {tag}, {}, cannot fire.", weapon.class().word()),
        Word::DullChecked => format!("Tag {tag}, {}, dull checked.", weapon.class().word()),
        Word::CheckNeeded => format!("Tag {tag}, check needed, hold it."),
    }
}

fn place(state: &State, weapon: &Weapon) -> String {
    match &weapon.custody {
        Custody::Stored { store } => state
            .stores
            .get(store)
            .map_or_else(String::new, |store| store.about.name.as_str().into()),
        Custody::Held { .. } | Custody::OutOfSight { .. } | Custody::OffTheRecord { .. } => weapon
            .issue
            .as_ref()
            .and_then(|issue| state.actions.get(&issue.action))
            .map_or_else(String::new, |action| action.about.place.as_str().into()),
    }
}

/// Who still has to look: says who, never what the other saw.
fn waiting(state: &State, weapon: &Weapon, word: Word, now: Millis) -> Vec<String> {
    let asked = matches!(word, Word::CheckNeeded | Word::Hold)
        && weapon.issue.is_some()
        && weapon.knowledge.known.is_none();
    if !asked {
        return Vec::new();
    }
    match &weapon.knowledge.waiting {
        Some(first) if state.is_handler(first.by, now) => vec!["a second person".into()],
        Some(_) => vec!["the armorer".into()],
        None => vec!["the armorer".into(), "a second person".into()],
    }
}
