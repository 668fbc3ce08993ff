//! The pages over a made-up world: `cargo run -p web --example fixture -- 8080`, then <http://localhost:8080>.

#![expect(clippy::indexing_slicing, reason = "an example over a test's world")]

#[path = "../tests/it/fixture.rs"]
mod fixture;

use std::net::TcpListener;

use web::{Site, router, serve};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(0_u16);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let address = listener.local_addr()?;
    println!("http://localhost:{}", address.port());
    println!(
        "armorer http://phone1.localhost:{}/enrol/{}",
        address.port(),
        fixture::ARMORER_LINK
    );
    println!(
        "second  http://phone2.localhost:{}/enrol/{}",
        address.port(),
        fixture::SECOND_LINK
    );
    let site = Site {
        desk: fixture::Fixture::new(),
        public_url: format!("http://localhost:{}", address.port()),
        ca_pem: None,
    };
    serve(listener, router(site), None, axum_server::Handle::new()).await
}
