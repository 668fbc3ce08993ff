//! Copies as a stranger meets them: made by this crate, damaged by a hostile hand.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod copies;
mod faults;
mod lists;
mod own;
mod world;
mod zips;
