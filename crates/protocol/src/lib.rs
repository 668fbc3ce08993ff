//! Protocol packs: what the rules in force say of one request, and why.
//!
//! **In scope.** Reading packs from named bytes, holding them to the format (`docs/formats/pack.md`), composing them to
//! the strictest, judging one request from its facts, the items of a check, and `pack check`.
//!
//! **Out of scope.** Files, clocks, the record, and making the facts (`domain` makes them).
//!
//! **Invariants.**
//! - Only `base` permits, once a gate and without a condition; every other rule forbids, so a pack can only add.
//! - Whatever goes wrong on the way to a verdict refuses, and says so: a rule that errs, a gate that nobody permits.
//! - A rule reads `context` alone, with comparisons alone, and every fact is always there: so no rule can err.
//!
//! ```
//! use domain::{facts::Facts, judge::{Gate, Judge}};
//! let protocol = protocol::Protocol::load(&protocol::shipped())?;
//! // What is known of nothing is refused at every gate.
//! assert!(!protocol.judge(Gate::CallCold, &Facts::default()).refused.is_empty());
//! # Ok::<(), protocol::LoadError>(())
//! ```

mod check;
mod checks;
mod engine;
mod fault;
mod limit;
mod pack;
mod protocol;
mod read;
mod rule;
pub mod schema;
mod shape;
mod shipped;
mod source;
mod trial;

pub use check::{Report, check};
pub use checks::{AnswerKind, By, Item, WorksKind};
pub use fault::{Fault, LoadError};
pub use pack::{Pack, Parameter, Stricter, Value};
pub use protocol::Protocol;
pub use rule::{Rule, Severity, Verified};
pub use shipped::shipped;
pub use source::Source;
pub use trial::{Baselines, Decision, Trial, baselines, decision};
