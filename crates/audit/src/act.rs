//! From a verified envelope and its body to what the domain knows.

use domain::Statement;
use domain::act::{Act, Invalid, Keeping, Kind};
use domain::id::{PersonId, StatementId};
use ledger::Beside;
use ledger::envelope::{Content, Signed};

use crate::fold::key_id;

/// Why a statement says nothing that is understood here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{says}")]
pub struct NotUnderstood {
    /// One word for the cause, never reused.
    pub code: &'static str,
    /// A sentence.
    pub says: String,
}

impl NotUnderstood {
    fn new(code: &'static str, says: impl Into<String>) -> Self {
        Self {
            code,
            says: says.into(),
        }
    }
}

/// Reads what a verified envelope says, its body included.
///
/// # Errors
/// [`NotUnderstood`]: the body is missing, spare, another one, in the wrong place or not of its kind.
pub fn read(signed: &Signed, beside: Option<&Beside>) -> Result<Act, NotUnderstood> {
    let header = &signed.header;
    let body = match (&header.content, beside) {
        (Content::Open(body), None) => body,
        (Content::Beside(commitment), Some(beside)) if beside.commitment() == *commitment => {
            &beside.body
        }
        (Content::Beside(_), Some(_)) => {
            return Err(NotUnderstood::new(
                "other_body",
                "the body is not the one that was signed",
            ));
        }
        (Content::Beside(_), None) => {
            return Err(NotUnderstood::new(
                "body_missing",
                "the statement commits to a body and none is given",
            ));
        }
        (Content::Open(_), Some(_)) => {
            return Err(NotUnderstood::new(
                "body_spare",
                "the statement carries its body and another one is given",
            ));
        }
    };
    let kind = Kind::from_stored(&header.kind).ok_or_else(|| {
        NotUnderstood::new(
            "unknown_kind",
            format!("the kind `{}` is not known here", header.kind),
        )
    })?;
    let is_open = matches!(header.content, Content::Open(_));
    if (kind.keeping() == Keeping::Open) != is_open {
        let says = format!("the body of `{}` is in the wrong place", header.kind);
        return Err(NotUnderstood::new("body_place", says));
    }
    Act::read(&header.kind, header.kv, body).map_err(|fault| {
        let code = match fault {
            Invalid::Kind(_) => "unknown_kind",
            Invalid::Version(..) => "unknown_version",
            Invalid::Strict(_) | Invalid::Body(..) => "bad_body",
        };
        NotUnderstood::new(code, fault.to_string())
    })
}

/// The domain's statement.
pub fn statement(signed: &Signed, act: Act) -> Statement {
    let header = &signed.header;
    Statement {
        id: StatementId(signed.id.0),
        by: PersonId(header.person.0),
        key: key_id(&header.key),
        claimed_at: header.at_ms,
        head_at: header.head.at_ms,
        shared: header.shared,
        act,
    }
}
