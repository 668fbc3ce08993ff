//! Scripts, sheets and plans from the outside: good ones, and every bad one that somebody may bring.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod bad;
mod plan;
mod scenes;
mod sheet;
