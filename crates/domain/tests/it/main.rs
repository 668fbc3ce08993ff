//! The domain from outside: days told as stories, one scene for every refusal, and random histories.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::manual_let_else,
    clippy::too_many_lines,
    unreachable_pub,
    reason = "tests"
)]

mod acts;
mod history;
mod kinds;
mod story;
mod variants;
mod world;
