//! The cosigner from the outside: its answers, its memory, its calls, and what a crash leaves.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::similar_names,
    reason = "tests"
)]

mod calls;
mod file;
mod fork;
mod kill;
mod race;
mod table;
mod world;
