//! Listening: one router, plain or over TLS, until it is told to end.
//!
//! In scope: a bound listener, a certificate in PEM, patience with open requests at the end and none with slow headers. Out of
//! scope: what is asked and answered, which certificates there are, limits on what a request may hold or how often it comes.
//!
//! Invariants: a peer's address reaches the handlers; headers that take longer than [`HEADERS_WITHIN`] end the connection, so
//! that somebody slow holds nothing up; after [`shut`] open requests get [`DRAIN`] and no more.
//!
//! ```
//! # fn main() -> std::io::Result<()> {
//! let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
//! let handle = listen::Handle::new();
//! let served = listen::serve(listener, axum::Router::new(), None, handle.clone());
//! listen::shut(&handle);
//! # drop(served);
//! # Ok(())
//! # }
//! ```

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
pub use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;

/// How long the headers of a request may take to arrive: a phone at the edge of the Wi-Fi needs some seconds, and nobody more.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// How long an open request may take to end after a stop of the program: longer than any answer that is not a stream.
pub const DRAIN: Duration = Duration::from_secs(2);

/// A certificate chain and its key, both PEM.
#[derive(Clone)]
pub struct Tls {
    /// Leaf first, then the rest of the chain.
    pub chain_pem: String,
    /// PKCS#8 key of the leaf.
    pub key_pem: String,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Its key is in nobody's log.
        f.write_str("Tls")
    }
}

/// Serves `router` on a bound listener until `handle` is told to shut down. Peer addresses reach the handlers.
///
/// # Errors
/// When the listener cannot be used or the certificate cannot be read.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<Tls>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => {
            let mut server = axum_server::from_tcp(listener)?;
            impatient(server.http_builder());
            server.handle(handle).serve(service).await
        }
        Some(tls) => {
            // With two providers in one tree rustls panics at first use; naming ours twice does no harm.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config =
                RustlsConfig::from_pem(tls.chain_pem.into_bytes(), tls.key_pem.into_bytes())
                    .await?;
            let mut server = axum_server::from_tcp_rustls(listener, config)?;
            impatient(server.http_builder());
            server.handle(handle).serve(service).await
        }
    }
}

/// A handle that ends [`serve`]: `shut(&handle)`.
pub fn shut(handle: &Handle<SocketAddr>) {
    handle.graceful_shutdown(Some(DRAIN));
}

fn impatient(http: &mut Builder<TokioExecutor>) {
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN);
    http.http2().timer(TokioTimer::new());
}
