//! The project's own chores, run by `cargo xtask NAME`.
//!
//! In scope: what a reviewer would otherwise look after by hand (`tidy`), pages made from code (`kinds`), long campaigns
//! and their pages (`campaign`), and figures (`bench`). Out of scope: building and testing, which Cargo does.

pub mod campaign;
pub mod kinds;
pub mod root;
pub mod tidy;
