//! What a viewer may ask or report, as the node offers it, and how it is entered.

use serde::Serialize;
use serde_json::Value;

use super::CheckedWeapon;

/// A button for one act, as the node offers it to this viewer.
///
/// The signed body is `known` with the answers of `fields` put in by member name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// Stored name of the kind: `weapon.take_out`. Empty when `go` leads to a page.
    pub kind: String,
    /// Version of the body.
    pub kv: u32,
    /// True for a kind whose body stands in the payload itself (`open`), false for *record* kinds.
    pub open: bool,
    /// A report is taken whatever the record says; a request can be refused.
    pub report: bool,
    /// Words on the button: `Take out`.
    pub label: String,
    /// What the signer says by it, one sentence.
    pub sentence: String,
    /// Members of the body that are known.
    pub known: Value,
    /// What the signer must enter.
    pub fields: Vec<Field>,
    /// True for acts signed by a hold of 1.5 s; otherwise one tap.
    pub hold: bool,
    /// A path to open instead of signing: `/w/…/check/full`.
    pub go: String,
}

/// One thing to enter before an act is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Member of the body; `a.b` for a member of an object.
    pub member: String,
    /// Words beside it.
    pub label: String,
    /// How it is entered.
    pub kind: FieldKind,
}

/// How a field is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldKind {
    /// One of these, as large buttons.
    Choice {
        /// In order.
        options: Vec<Choice>,
    },
    /// A list made of any of these.
    Several {
        /// In order.
        options: Vec<Choice>,
    },
    /// A whole number.
    Count {
        /// Least.
        min: i64,
        /// Most.
        max: i64,
    },
    /// A day of the calendar, as the last millisecond of it, ms UTC; the member is left out when none is chosen.
    Day,
    /// A time of a day, ms UTC.
    Time {
        /// True when it may be left out.
        optional: bool,
    },
    /// What is seen of one weapon: the body member becomes a `Sight` (`weapon`, `seen`, `turned`, `bore`, `method`).
    Sight {
        /// The weapon and what its positions may be seen to hold.
        of: CheckedWeapon,
    },
    /// Words, one line or more.
    Words {
        /// Most characters.
        chars_max: u32,
        /// True when it may be empty.
        optional: bool,
    },
}

/// One option: the JSON that goes into the body, and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// JSON value.
    pub value: Value,
    /// Words.
    pub label: String,
}
