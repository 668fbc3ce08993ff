//! One binary for all tests of the program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod backup;
mod bring;
mod cli;
mod cosign;
mod export;
mod go_on;
mod machine;
mod pack;
mod replay;
