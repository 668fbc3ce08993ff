//! What Coldproof exists for: the statements people make, what the record then knows, and whether it supports a request.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod act;
mod apply;
pub mod facts;
mod gates;
pub mod id;
pub mod judge;
pub mod knowledge;
pub mod limit;
pub mod outcome;
pub mod refusal;
pub mod state;
pub mod statement;
pub mod strict;
pub mod time;
pub mod words;

pub use apply::apply;
pub use state::State;
pub use statement::{Entry, Statement};
