//! Pages, API and live board over HTTP.
//!
//! In scope: drawing what a node says, passing on what a device signed, static files, TLS for the LAN.
//! Out of scope: every rule; the node decides through [`desk::Desk`].
//!
//! Invariants:
//! - No HTML holds the word of a lease; only the script draws it, from a board that it verified (`docs/formats/board.md`).
//! - STOP stands on every page, errors included, and works without a script and without sign-in.
//! - A cookie is good for looking and never signs.

mod api;
pub mod assets;
pub mod desk;
mod limit;
mod pages;
mod part;
mod security;
mod serve;
mod session;
mod site;
pub mod tls;
mod view;

pub use serve::{Tls, serve, shut};
pub use site::{Site, router};
