//! The node against everything that may come in, and what it shows to whom.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    clippy::similar_names,
    clippy::wildcard_imports,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

mod audit;
mod blind;
mod cart;
mod clock;
mod copy;
mod cosigners;
mod disk;
mod erase;
mod evidence;
mod files;
mod input;
mod many;
mod scrub;
mod start;
mod stop;
mod takeover;
mod world;
