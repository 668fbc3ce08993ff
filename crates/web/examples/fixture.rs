//! The pages over a made-up world: `cargo run -p web --example fixture -- 8080`, then <http://localhost:8080>.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "an example over a test's world"
)]

#[path = "../tests/it/fixture/mod.rs"]
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
    if std::env::args().any(|word| word == "tls") {
        return over_tls(listener).await;
    }
    let world = fixture::Fixture::new();
    listen_to_stories(world.clone());
    let site = Site {
        desk: world,
        public_url: format!("http://localhost:{}", address.port()),
        ca_pem: None,
    };
    serve(listener, router(site), None, axum_server::Handle::new()).await
}

/// The same with a CA made for the occasion, printed so that `curl --cacert` can be tried.
async fn over_tls(listener: TcpListener) -> std::io::Result<()> {
    let url = format!("https://localhost:{}", listener.local_addr()?.port());
    let made = web::tls::make_ca("High Desert", web::tls::STABLE_NAME, 2026).and_then(|ca| {
        let names = [web::tls::STABLE_NAME.to_owned()];
        Ok((
            web::tls::make_leaf(&ca, "High Desert", &names, &[], 2026)?,
            ca,
        ))
    });
    let (leaf, ca) = made.map_err(std::io::Error::other)?;
    println!("{url}\n{}", ca.cert);
    let site = Site {
        desk: fixture::Fixture::new(),
        public_url: url,
        ca_pem: Some(ca.cert),
    };
    let tls = web::Tls {
        chain_pem: leaf.cert,
        key_pem: leaf.key,
    };
    serve(
        listener,
        router(site),
        Some(tls),
        axum_server::Handle::new(),
    )
    .await
}

/// What stories do to the world from outside, a line each: `back 5` puts an older copy in its place, `takeover 5` lets a
/// spare go on from one, `freeze WORDS` stops the record.
fn listen_to_stories(world: std::sync::Arc<fixture::Fixture>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            match line.split_once(' ') {
                Some(("back", size)) => world.put_back(size.parse().unwrap_or(0)),
                Some(("takeover", size)) => world.take_over(size.parse().unwrap_or(0)),
                Some(("freeze", why)) => world.freeze(why),
                _ => eprintln!("unknown: {line}"),
            }
        }
    });
}
