//! Pages, API and live board over HTTP.
//!
//! In scope: drawing what a node says, passing on what a device signed, static files, TLS for the LAN.
//! Out of scope: every rule; the node decides through [`desk::Desk`].

pub mod desk;
mod view;
