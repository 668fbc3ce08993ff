//! What Coldproof exists for: the statements people make, what the record then knows, and whether it supports a request.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod act;
mod admit;
mod apply;
pub mod board;
mod content;
pub mod drawing;
pub mod facts;
mod gates;
pub mod id;
pub mod judge;
pub mod knowledge;
mod lease;
pub mod limit;
pub mod outcome;
pub mod refusal;
pub mod state;
pub mod statement;
pub mod strict;
pub mod time;
pub mod words;

#[doc(hidden)]
pub use admit::BREACH_CODES;
pub use admit::admit;
pub use apply::apply;
pub use content::Content;
pub use lease::Lease;
pub use state::State;
pub use statement::{Entry, Statement};
