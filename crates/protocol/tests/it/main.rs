//! Tests of the packs as a stranger would use them: from bytes, through the public door.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read the packs from their folder"
)]

mod backlog;
mod format;
mod judgement;
mod lint;
mod naive;
mod shipped;
mod written;
