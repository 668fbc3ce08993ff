//! Backups from the outside: made beside a record that goes on, opened by other programs, damaged, restored.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::similar_names,
    reason = "tests"
)]

mod age;
mod damage;
mod place;
mod round;
mod world;
