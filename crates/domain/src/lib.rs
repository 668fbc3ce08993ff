//! What Coldproof exists for: the statements people make, what the record then knows, and whether it supports a request.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod facts;
pub mod id;
pub mod judge;
pub mod outcome;
pub mod strict;
pub mod time;
