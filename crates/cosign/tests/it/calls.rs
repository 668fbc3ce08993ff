//! Over HTTP, as others see it: the calls, their limits, and the client.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use cosign::serve::{Tls, router, serve, shut};
use cosign::{Client, Cosigner, client};
use ledger::witness::AskError;

use crate::world::{Log, cosigner};

/// A cosigner that listens; it ends when this is dropped.
pub(crate) struct Serving {
    pub(crate) url: String,
    pub(crate) at: SocketAddr,
    handle: cosign::serve::Handle<SocketAddr>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        shut(&self.handle);
        self.thread.take().unwrap().join().unwrap();
    }
}

pub(crate) fn serving(cosigner: &Arc<Cosigner>) -> Serving {
    serving_with(cosigner, 10_000, None)
}

fn serving_with(cosigner: &Arc<Cosigner>, a_second: u32, tls: Option<Tls>) -> Serving {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let handle = cosign::serve::Handle::new();
    let router = router(cosigner.clone(), a_second);
    let told = handle.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(serve(listener, router, tls, told))
            .unwrap();
    });
    Serving {
        url: format!("{scheme}://localhost:{}", at.port()),
        at,
        handle,
        thread: Some(thread),
    }
}

pub(crate) fn client() -> Client {
    Client::new(None).unwrap()
}

/// Status line, headers and body of a request written by hand.
fn raw(at: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    // A server that has heard enough may close before it has read all.
    stream.write_all(request).ok();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(at: SocketAddr, path: &str, body: &str) -> String {
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    raw(at, request.as_bytes())
}

fn get(at: SocketAddr, path: &str) -> String {
    raw(
        at,
        format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes(),
    )
}

#[test]
fn a_log_asks_and_every_answer_comes_to_what_it_means() {
    let folder = tempfile::tempdir().unwrap();
    let one = Arc::new(cosigner(folder.path(), "guild.example/cosigner"));
    let serving = serving(&one);
    let (log, other, client) = (Log::of(60, None), Log::of(60, Some(4)), client());
    let ask = |log: &Log, old, size, url: &str| {
        client.ask(url, one.key(), old, &log.proof(old, size), &log.note(size))
    };
    let url = serving.url.as_str();
    let line = ask(&log, 0, 20, url).unwrap();
    assert!(one.key().answered(&log.head(20).text(), &line).is_ok());
    assert!(ask(&log, 20, 31, &format!("{url}/")).is_ok());
    assert!(
        ask(&log, 31, 32, &format!("{url}/prefix")).is_ok(),
        "a proxy may leave a prefix on"
    );
    assert_eq!(ask(&log, 40, 50, url), Err(AskError::Behind(32)));
    assert_eq!(ask(&log, 10, 12, url), Err(AskError::Ahead(32)));
    assert_eq!(ask(&other, 32, 32, url), Err(AskError::Fork));
    assert_eq!(ask(&other, 32, 40, url), Err(AskError::Fork));
    let stranger = tempfile::tempdir().unwrap();
    let stranger = Cosigner::open(stranger.path(), Some("stranger.example")).unwrap();
    let unknown = Arc::new(stranger);
    let serving_stranger = self::serving(&unknown);
    assert!(
        matches!(ask(&log, 0, 20, &serving_stranger.url), Err(AskError::Refused(says)) if says.contains("does not follow"))
    );
    // The right answer by another key is no answer.
    unknown.follow(&log.key(), 0).unwrap();
    assert!(
        matches!(ask(&log, 0, 20, &serving_stranger.url), Err(AskError::Refused(says)) if says.contains("does not hold"))
    );
    drop(serving_stranger);
    assert!(matches!(
        ask(&log, 0, 20, "http://localhost:1"),
        Err(AskError::Unreachable(_))
    ));
    assert!(matches!(
        ask(&log, 0, 20, "http://no-such-host.invalid"),
        Err(AskError::Unreachable(_))
    ));
    let heads = client.heads(url).unwrap();
    assert_eq!(heads.heads.len(), 1);
    assert_eq!(
        (heads.heads[0].size, heads.heads[0].origin.as_str()),
        (32, log.origin.as_str())
    );
    assert_eq!(client.forks(url).unwrap().forks.len(), 2);
}

#[test]
fn answers_carry_the_headers_that_the_format_names() {
    let folder = tempfile::tempdir().unwrap();
    let one = Arc::new(cosigner(folder.path(), "guild.example/cosigner"));
    let serving = serving(&one);
    let log = Log::of(30, None);
    let good = post(serving.at, "/add-checkpoint", &log.request(0, 9));
    assert!(good.starts_with("HTTP/1.1 200"), "{good}");
    assert!(good.contains("\r\n\r\n— guild.example/cosigner "), "{good}");
    let moved = post(serving.at, "/add-checkpoint", &log.request(3, 12));
    assert!(moved.starts_with("HTTP/1.1 409"), "{moved}");
    assert!(
        moved.contains("content-type: text/x.tlog.size\r\n") && moved.ends_with("\r\n\r\n9\n"),
        "{moved}"
    );
    assert!(post(serving.at, "/add-checkpoint", "old").starts_with("HTTP/1.1 400"));
    // Too long is cut off before it is read whole.
    let long = post(serving.at, "/add-checkpoint", &"x".repeat(65_537));
    assert!(long.starts_with("HTTP/1.1 413"), "{long}");
    assert!(post(serving.at, "/add-checkpoint", &"x".repeat(65_536)).starts_with("HTTP/1.1 400"));
    assert!(get(serving.at, "/add-checkpoint").starts_with("HTTP/1.1 405"));
    assert!(get(serving.at, "/nothing").starts_with("HTTP/1.1 404"));
    assert!(get(serving.at, "/").contains(&one.key().to_string()));
    let heads = get(serving.at, "/heads");
    assert!(
        heads.contains("application/json") && heads.contains("\"size\":9"),
        "{heads}"
    );
    assert!(get(serving.at, "/forks").contains("\"forks\":[]"));
}

#[test]
fn an_address_that_asks_too_often_is_told_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let one = Arc::new(cosigner(folder.path(), "guild.example/cosigner"));
    let serving = serving_with(&one, 2, None);
    let log = Log::of(9, None);
    let answers: Vec<String> = (0..12)
        .map(|_| post(serving.at, "/add-checkpoint", &log.request(0, 9)))
        .collect();
    let busy: Vec<_> = answers
        .iter()
        .filter(|answer| answer.starts_with("HTTP/1.1 429"))
        .collect();
    assert!(busy.len() >= 4, "{answers:?}");
    assert!(busy[0].contains("retry-after: 1\r\n"), "{}", busy[0]);
    let asked = client().ask(&serving.url, one.key(), 0, &[], &log.note(9));
    assert_eq!(
        asked,
        Err(AskError::Unreachable("it is asked too often".into()))
    );
}

#[test]
fn https_is_asked_under_an_authority_that_is_known() {
    let mut ca = rcgen::CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let ca_cert = ca.self_signed(&ca_key).unwrap();
    let issuer = rcgen::Issuer::new(ca, ca_key);
    let leaf_key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&leaf_key, &issuer)
        .unwrap();
    let tls = Tls {
        chain_pem: leaf.pem(),
        key_pem: leaf_key.serialize_pem(),
    };
    let folder = tempfile::tempdir().unwrap();
    let one = Arc::new(cosigner(folder.path(), "guild.example/cosigner"));
    let serving = serving_with(&one, 100, Some(tls));
    let log = Log::of(9, None);
    let own = Client::new(Some(ca_cert.pem().as_bytes())).unwrap();
    assert!(
        own.ask(&serving.url, one.key(), 0, &[], &log.note(9))
            .is_ok()
    );
    let strange = client().ask(&serving.url, one.key(), 0, &[], &log.note(9));
    assert!(
        matches!(strange, Err(AskError::Unreachable(_))),
        "{strange:?}"
    );
    assert!(Client::new(Some(b"no certificate")).is_err());
}

#[test]
fn only_https_and_http_in_a_private_network_are_asked() {
    for good in [
        "https://cosigner.example",
        "https://cosigner.example:8443/prefix/",
        "https://8.8.8.8/",
        "http://localhost:8099",
        "http://127.0.0.1:8099/p",
        "http://192.168.1.20",
        "http://10.1.2.3",
        "http://172.16.0.1",
        "http://169.254.7.7",
        "http://100.64.1.1",
        "http://[::1]:8099",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://cosigner.lan",
    ] {
        assert_eq!(client::check_url(good), Ok(()), "{good}");
    }
    for bad in [
        "http://8.8.8.8/",
        "http://172.32.0.1",
        "http://100.128.0.1",
        "http://[2001:db8::1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://0.0.0.0:80",
    ] {
        assert_eq!(
            client::check_url(bad),
            Err(client::UrlError::NotPrivate),
            "{bad}"
        );
    }
    for bad in [
        "",
        "cosigner.example",
        "ftp://cosigner.example",
        "file:///etc/passwd",
        "https://",
        "https://user:word@cosigner.example",
        "https://cosigner.example/?q=1",
        "https://cosigner.example/#f",
        "https://cosigner.example/ x",
        "https://cosigner.example/\r\nhost: y",
    ] {
        assert_eq!(client::check_url(bad), Err(client::UrlError::Form), "{bad}");
    }
    let long = format!("https://cosigner.example/{}", "x".repeat(500));
    assert_eq!(client::check_url(&long), Err(client::UrlError::Form));
}

/// Answers one connection with fixed bytes.
fn answering(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        // However much of it came: the answer is the same.
        let _heard = stream.read(&mut request).unwrap_or(0);
        stream.write_all(&answer).ok();
    });
    format!("http://{at}")
}

#[test]
fn an_answer_that_is_hostile_costs_little_and_is_no_cosignature() {
    let folder = tempfile::tempdir().unwrap();
    let one = cosigner(folder.path(), "guild.example/cosigner");
    let log = Log::of(9, None);
    let ask = |answer: Vec<u8>| client().ask(&answering(answer), one.key(), 0, &[], &log.note(9));
    let with = |head: &str, body: &str| format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes();
    let endless = with("200 OK", &"x".repeat(1 << 20));
    assert_eq!(
        ask(endless),
        Err(AskError::Unreachable("it answers too much".into()))
    );
    for (head, body) in [
        ("200 OK\r\ncontent-length: 3", "abc"),
        ("200 OK\r\ncontent-length: 0", ""),
        (
            "301 Moved\r\nlocation: http://localhost:1/\r\ncontent-length: 0",
            "",
        ),
        (
            "307 Moved\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0",
            "",
        ),
        ("500 Oh\r\ncontent-length: 2", "no"),
        (
            "409 Conflict\r\ncontent-type: text/x.tlog.size\r\ncontent-length: 3",
            "no\n",
        ),
        ("99999 What", ""),
    ] {
        let asked = ask(with(head, body));
        assert!(
            matches!(asked, Err(AskError::Refused(_) | AskError::Unreachable(_))),
            "{head}: {asked:?}"
        );
    }
    assert!(matches!(
        ask(b"\x16\x03\x01 nonsense".to_vec()),
        Err(AskError::Unreachable(_))
    ));
    assert!(matches!(ask(Vec::new()), Err(AskError::Unreachable(_))));
}
