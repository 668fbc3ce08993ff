//! The log's formats and its verifier, from the outside.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod cosign;
mod envelope;
mod epoch;
mod golden;
mod merkle;
mod note;
mod policy;
mod tlog_proof;
mod verify;
mod world;
