//! What Coldproof exists for: the statements people make, what the record then knows, and whether it supports a request.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod act;
pub mod facts;
pub mod id;
pub mod judge;
pub mod limit;
pub mod outcome;
pub mod statement;
pub mod strict;
pub mod time;
pub mod words;

pub use statement::{Entry, Statement};
