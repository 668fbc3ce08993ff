//! The store from the outside: one suite for every kind of log, then what only a file can suffer.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod attachments;
mod conformance;
mod damage;
mod erase;
mod full;
mod io;
mod kill;
mod power;
mod reorder;
mod sick;
mod sqlite;
mod steps;
mod strip;
mod world;
