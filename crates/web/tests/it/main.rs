//! The pages and calls, over a made-up world.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod fixture;
mod invite;
mod keep;
mod pages;
