//! A listener from the outside.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use listen::{DRAIN, HEADERS_WITHIN, Handle, Tls, serve, shut};

async fn who(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.ip().to_string()
}

fn router() -> Router {
    Router::new().route("/", get(who)).route(
        "/slow",
        get(|| async { std::future::pending::<()>().await }),
    )
}

/// Serves while `with` is told where; how long it then took to end.
fn while_serving(tls: Option<Tls>, with: impl FnOnce(SocketAddr)) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let handle = Handle::new();
    let told = handle.clone();
    let served = std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(serve(listener, router(), tls, told))
    });
    with(at);
    let begun = Instant::now();
    shut(&handle);
    served.join().unwrap().unwrap();
    begun.elapsed()
}

fn ask(at: SocketAddr, words: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.write_all(words.as_bytes()).unwrap();
    let mut said = vec![0; 1_000];
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    let many = stream.read(&mut said).unwrap_or(0);
    said.truncate(many);
    (stream, String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_peers_address_reaches_the_handlers_and_an_idle_end_is_at_once() {
    let took = while_serving(None, |at| {
        let (_, said) = ask(at, "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        assert!(
            said.starts_with("HTTP/1.1 200") && said.ends_with("127.0.0.1"),
            "{said}"
        );
    });
    assert!(took < DRAIN, "{took:?}");
}

#[test]
fn an_open_request_is_waited_for_and_not_for_ever() {
    let mut open = None;
    let took = while_serving(None, |at| {
        open = Some(ask(at, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"));
    });
    assert!(took + Duration::from_millis(200) >= DRAIN, "{took:?}");
    assert!(took < DRAIN * 3, "{took:?}");
}

#[test]
fn headers_that_do_not_come_end_the_connection() {
    while_serving(None, |at| {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost").unwrap();
        stream.set_read_timeout(Some(HEADERS_WITHIN * 2)).unwrap();
        let begun = Instant::now();
        let mut said = vec![];
        stream.read_to_end(&mut said).ok();
        let took = begun.elapsed();
        assert!(took < HEADERS_WITHIN + Duration::from_secs(4), "{took:?}");
        assert!(took + Duration::from_secs(1) > HEADERS_WITHIN, "{took:?}");
    });
}

#[test]
fn plain_words_at_a_port_of_tls_are_no_answer_and_a_bad_certificate_is_told() {
    let made = rcgen::generate_simple_self_signed(vec!["x.example".to_owned()]).unwrap();
    let tls = Tls {
        chain_pem: made.cert.pem(),
        key_pem: made.signing_key.serialize_pem(),
    };
    assert_eq!(format!("{tls:?}"), "Tls");
    while_serving(Some(tls), |at| {
        let (_, said) = ask(at, "GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        assert!(!said.contains("200"), "{said}");
    });
    let bad = Tls {
        chain_pem: "no certificate".to_owned(),
        key_pem: "no key".to_owned(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let served = tokio::runtime::Runtime::new().unwrap().block_on(serve(
        listener,
        router(),
        Some(bad),
        Handle::new(),
    ));
    assert!(served.is_err());
}
