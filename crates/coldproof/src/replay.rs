//! Replays a real case: every row of a dated account is asked of or reported to an empty record, and what the record
//! answers is printed beside what happened. The format is `docs/formats/case.md`.
//!
//! **In scope.** Reading a case, the set-up that its sources do not deny, running it, printing it.
//!
//! **Out of scope.** What people knew or ought to have done: a replay says what a record would have supported, never who
//! was at fault. Nothing here knows any one case.
//!
//! **Invariants.**
//! - A refused step still happened: the next is judged from what happened.
//! - Every row of the file is printed: as steps, as context, or as what the vocabulary cannot say.
//! - The same file and packs give the same bytes; ids follow from names, times from the file.

mod assume;
mod assumed;
mod body;
mod case;
mod effects;
mod fields;
mod name;
mod print;
mod run;
mod told;
mod tree;
mod when;
mod world;

pub use assume::Grant;
pub use case::{Case, read};
pub use fields::{Absent, Field, Lit, Sort, Thing, of as fields_of};
pub use run::Runner;
pub use told::{Label, Row, RowOutcome, Summary};
pub use tree::Fault;

use protocol::Protocol;
use serde::Serialize;

/// What came of a case. Serialises to what `--json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replay {
    /// Row by row in file order; what cannot be said stands in rows of its own, after the row it belongs to.
    pub rows: Vec<Row>,
    /// In figures.
    pub summary: Summary,
    /// The same for people, board words before each row included.
    #[serde(skip)]
    pub text: String,
}

/// Replays a case against packs in force.
///
/// # Errors
/// A step that cannot be made into a statement, with its line; reading has found most of these already.
pub fn replay(case: &Case, protocol: &Protocol) -> Result<Replay, Fault> {
    let told = run::all(case, protocol)?;
    let mut rows = Vec::new();
    for (source, one) in case.rows.iter().zip(&told) {
        rows.extend(told::row(source, one, &told));
        rows.extend(told::unsaid(source));
    }
    let summary = told::summary(case, &rows, &told);
    let mut replay = Replay {
        rows,
        summary,
        text: String::new(),
    };
    replay.text = print::all(case, &told, &replay, &protocol.packs(), true);
    Ok(replay)
}

impl Replay {
    /// One line of JSON: `{"rows":[…],"summary":{…}}`.
    ///
    /// # Errors
    /// None in practice: the shape holds nothing that JSON cannot say.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
