//! Listening: plain or TLS, both from the same router.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;

use crate::limit;

/// A certificate chain and its key, both PEM.
#[derive(Clone)]
pub struct Tls {
    /// Leaf first, then the rest of the chain.
    pub chain_pem: String,
    /// PKCS#8 key of the leaf.
    pub key_pem: String,
}

/// How long an open request may take to end after a stop of the program.
const DRAIN: Duration = Duration::from_secs(2);

/// Serves `router` on a bound listener until `handle` is told to shut down. Peer addresses reach the handlers, since
/// the cart screen is only for this machine.
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

fn impatient(http: &mut Builder<TokioExecutor>) {
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limit::HEADERS_WITHIN);
    http.http2().timer(TokioTimer::new());
}

/// A handle that ends [`serve`]: `shut(&handle)`.
pub fn shut(handle: &Handle<SocketAddr>) {
    handle.graceful_shutdown(Some(DRAIN));
}
