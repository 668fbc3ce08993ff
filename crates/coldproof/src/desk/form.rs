//! Building blocks of offers.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "one kind has a sentence of its own"
)]

use domain::act::{Keeping, Kind, Nature};
use domain::id::PersonId;
use domain::limit::WORDS_CHARS;
use node::View;
use serde_json::{Value, json};
use web::desk::{CheckedWeapon, Choice, Field, FieldKind, Offer};

/// An offer of `kind` with what is known of its body.
pub(super) fn offer(kind: Kind, label: &str, known: Value) -> Offer {
    Offer {
        kind: kind.stored().to_owned(),
        kv: kind.version(),
        open: kind.keeping() == Keeping::Open,
        report: kind.nature() == Nature::Report,
        label: label.to_owned(),
        sentence: sentence(kind).to_owned(),
        known,
        fields: Vec::new(),
        hold: false,
        go: String::new(),
    }
}

/// What the signer says by it. The word of a lease stands in no page: only a verified board may show it.
fn sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::CallCold => "Both looks agree, and I call it for this action.",
        _ => kind.meaning().trim(),
    }
}

/// A way to another page.
pub(super) fn go(label: &str, path: String) -> Offer {
    Offer {
        kind: String::new(),
        kv: 1,
        open: false,
        report: false,
        label: label.to_owned(),
        sentence: String::new(),
        known: json!({}),
        fields: Vec::new(),
        hold: false,
        go: path,
    }
}

/// The rest of an offer, one thing after another.
pub(super) trait With: Sized {
    /// Asks for one of these.
    fn choice(self, member: &str, label: &str, options: Vec<Choice>) -> Self;
    /// Asks for any of these.
    fn several(self, member: &str, label: &str, options: Vec<Choice>) -> Self;
    /// Asks for a whole number.
    fn count(self, member: &str, label: &str, max: i64) -> Self;
    /// Asks for words.
    fn words(self, member: &str, label: &str) -> Self;
    /// Asks for words that may be left empty.
    fn words_or_none(self, member: &str, label: &str) -> Self;
    /// Asks for a day, which may be left out.
    fn day(self, member: &str, label: &str) -> Self;
    /// Asks for a time.
    fn time(self, member: &str, label: &str, optional: bool) -> Self;
    /// Asks for what is seen of a weapon.
    fn sight(self, of: CheckedWeapon) -> Self;
    /// Signed by a hold of 1.5 s.
    fn hold(self) -> Self;
}

impl With for Offer {
    fn choice(self, member: &str, label: &str, options: Vec<Choice>) -> Self {
        field(self, member, label, FieldKind::Choice { options })
    }

    fn several(self, member: &str, label: &str, options: Vec<Choice>) -> Self {
        field(self, member, label, FieldKind::Several { options })
    }

    fn count(self, member: &str, label: &str, max: i64) -> Self {
        field(self, member, label, FieldKind::Count { min: 0, max })
    }

    fn words(self, member: &str, label: &str) -> Self {
        field(
            self,
            member,
            label,
            FieldKind::Words {
                chars_max: chars_max(),
                optional: false,
            },
        )
    }

    fn words_or_none(self, member: &str, label: &str) -> Self {
        field(
            self,
            member,
            label,
            FieldKind::Words {
                chars_max: chars_max(),
                optional: true,
            },
        )
    }

    fn day(self, member: &str, label: &str) -> Self {
        field(self, member, label, FieldKind::Day)
    }

    fn time(self, member: &str, label: &str, optional: bool) -> Self {
        field(self, member, label, FieldKind::Time { optional })
    }

    fn sight(self, of: CheckedWeapon) -> Self {
        field(self, "sight", "What is in it now", FieldKind::Sight { of })
    }

    fn hold(mut self) -> Self {
        self.hold = true;
        self
    }
}

fn field(mut offer: Offer, member: &str, label: &str, kind: FieldKind) -> Offer {
    offer.fields.push(Field {
        member: member.to_owned(),
        label: label.to_owned(),
        kind,
    });
    offer
}

fn chars_max() -> u32 {
    u32::try_from(WORDS_CHARS).unwrap_or(u32::MAX)
}

/// One option.
pub(super) fn option(value: Value, label: impl Into<String>) -> Choice {
    Choice {
        value,
        label: label.into(),
    }
}

/// Every value of a small vocabulary.
macro_rules! all {
    ($of:ty) => {
        <$of>::ALL
            .iter()
            .map(|one| crate::desk::form::option(serde_json::json!(one.stored()), one.word()))
            .collect::<Vec<_>>()
    };
}
pub(super) use all;

/// Yes or no, as a JSON boolean.
pub(super) fn yes_no() -> Vec<Choice> {
    vec![option(json!(true), "Yes"), option(json!(false), "No")]
}

/// People by name, in the order of their names.
pub(super) fn people(view: &View<'_>, whom: impl Iterator<Item = PersonId>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = whom
        .map(|person| option(json!(person.to_string()), label(view, person)))
        .collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    choices
}

/// Name and role, where they differ.
fn label(view: &View<'_>, person: PersonId) -> String {
    let (name, role) = (view.name(person), view.state.role(person));
    if name == role {
        name.to_owned()
    } else {
        format!("{name}, {role}")
    }
}

/// How the signer knows, where they saw it themselves.
pub(super) fn saw() -> Value {
    json!({ "learnt": "saw", "sure": "sure" })
}
