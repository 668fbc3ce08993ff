//! Listening: plain or TLS, both from the same router. Peer addresses reach the handlers, since the cart screen is only for this
//! machine.

pub use listen::{Tls, serve, shut};
