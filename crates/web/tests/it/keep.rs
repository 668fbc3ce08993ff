//! What a phone checks the record by and takes away, and files in pieces.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use web::{Site, router};

use crate::fixture::Fixture;
use crate::pages::{ask, at_cart, post, signed_in, text};

fn world() -> (Arc<Fixture>, axum::Router) {
    let desk = Fixture::new();
    let site = router(Site {
        desk: desk.clone(),
        public_url: "https://coldproof.local:8443".to_owned(),
        ca_pem: None,
    });
    (desk, site)
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    at_cart(
        Request::get(path)
            .header(header::HOST, "localhost:1")
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap(),
    )
}

fn put(path: &str, cookie: &str, piece: &[u8]) -> Request<Body> {
    at_cart(
        Request::put(path)
            .header(header::HOST, "localhost:1")
            .header(header::COOKIE, cookie)
            .body(Body::from(piece.to_vec()))
            .unwrap(),
    )
}

async fn value(site: &axum::Router, request: Request<Body>) -> (StatusCode, Value) {
    let (status, response) = ask(site, request).await;
    (status, serde_json::from_str(&text(response).await).unwrap())
}

/// An act signed at the cart; the number of its entry.
async fn act(site: &axum::Router, kind: &str, body: Value) -> u64 {
    let draft = json!({ "person": crate::fixture::id_of("Armorer"), "pin": crate::fixture::PIN, "kind": kind, "kv": 1, "open": false, "body": body, "lang": "en" });
    let (status, answer) = value(
        site,
        post("/api/cart/sign", "application/json", draft.to_string()),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    answer["index"].as_u64().unwrap()
}

#[tokio::test]
async fn anyone_has_the_checkpoint_and_proofs_and_only_the_signer_the_entry() {
    let (_, site) = world();
    let cookie = signed_in(&site).await;
    let entry = act(&site, "weapon.eyes_on", json!({})).await;
    let (_, checkpoint) = value(&site, get("/api/checkpoint", "")).await;
    let note = checkpoint["note"].as_str().unwrap();
    assert!(note.contains(&format!("\n{}\n", entry + 1)));
    assert_eq!(checkpoint["frozen"], Value::Null);

    let path = format!("/api/proof?entry={entry}&size={}", entry + 1);
    let (status, response) = ask(&site, get(&path, "")).await;
    assert_eq!(status, StatusCode::OK);
    let proof = text(response).await;
    assert!(proof.starts_with(&format!("c2sp.org/tlog-proof@v1\nindex {entry}\n")));
    assert!(proof.ends_with(note));

    let (status, response) = ask(&site, get("/api/consistency?from=2&to=6", "")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text(response).await.lines().all(|line| line.len() == 44));

    let path = format!("/api/entry?entry={entry}");
    assert_eq!(ask(&site, get(&path, "")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&site, get(&path, &cookie)).await.0, StatusCode::OK);
    let other = ask(&site, get("/api/entry?entry=1", &cookie)).await.0;
    assert_eq!(other, StatusCode::NOT_FOUND);

    for (path, expected) in [
        ("/api/proof?entry=9&size=7", 404),
        ("/api/proof?entry=0&size=900", 404),
        ("/api/proof?entry=-1&size=2", 400),
        ("/api/proof", 400),
        ("/api/consistency?from=5&to=2", 400),
        ("/api/consistency?from=1&to=18446744073709551615", 404),
        ("/api/entry?entry=x", 400),
    ] {
        let (status, said) = value(&site, get(path, &cookie)).await;
        assert_eq!(status.as_u16(), expected, "{path}");
        assert!(said["message"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn a_receipt_that_the_record_does_not_contain_stops_it_and_every_page_says_so() {
    let (desk, site) = world();
    act(&site, "weapon.eyes_on", json!({})).await;
    let (_, checkpoint) = value(&site, get("/api/checkpoint", "")).await;
    let show = |note: &Value| {
        post(
            "/api/receipts",
            "application/json",
            json!({ "note": note }).to_string(),
        )
    };
    let note = &checkpoint["note"];
    assert_eq!(value(&site, show(note)).await.1["is"], "held");
    let before = text(ask(&site, get("/", "")).await.1).await;
    assert!(!before.contains("THE RECORD HAS STOPPED"));

    desk.put_back(3);
    let forged = json!(note.as_str().unwrap().replace("\n6\n", "\n7\n"));
    assert_eq!(value(&site, show(&forged)).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(
        value(&site, show(&json!("?"))).await.0,
        StatusCode::BAD_REQUEST
    );
    assert!(value(&site, get("/api/checkpoint", "")).await.1["frozen"].is_null());

    assert_eq!(value(&site, show(note)).await.1["is"], "differs");
    assert!(value(&site, get("/api/checkpoint", "")).await.1["frozen"].is_string());
    for path in ["/", "/record", "/stop", "/line", "/held", "/nowhere"] {
        let page = text(ask(&site, get(path, "")).await.1).await;
        assert!(page.contains("THE RECORD HAS STOPPED"), "{path}");
        assert!(
            page.contains("STOP, reading and your own copy go on working"),
            "{path}"
        );
    }
    let ready = ask(&site, get("/health/ready", "")).await.0;
    assert_eq!(ready, StatusCode::SERVICE_UNAVAILABLE);
    // What goes on: a stop, and one's own copy.
    let press = post("/api/stop", "application/json", "{}");
    assert_eq!(ask(&site, press).await.0, StatusCode::OK);
    let cookie = signed_in(&site).await;
    assert_eq!(
        ask(&site, get("/api/my-copy", &cookie)).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn after_a_take_over_a_receipt_of_the_lost_node_stops_nothing() {
    let (desk, site) = world();
    act(&site, "weapon.eyes_on", json!({})).await;
    let (_, before) = value(&site, get("/api/checkpoint", "")).await;
    desk.take_over(3);
    let shown = json!({ "note": before["note"], "epoch": before["epoch"] }).to_string();
    let (status, said) = value(&site, post("/api/receipts", "application/json", shown)).await;
    assert_eq!((status, &said["is"]), (StatusCode::OK, &json!("lost")));
    let (_, now) = value(&site, get("/api/checkpoint", "")).await;
    assert_eq!((&now["epoch"], &now["frozen"]), (&json!(1), &Value::Null));
}

#[tokio::test]
async fn my_copy_is_a_download_for_the_enrolled_and_a_page_that_says_why_for_others() {
    let (desk, site) = world();
    let cookie = signed_in(&site).await;
    // Whatever became of the record.
    desk.freeze("an entry cannot be read");
    let (status, response) = ask(&site, get("/my-copy", &cookie)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/zip");
    assert_eq!(
        response.headers()[header::CONTENT_DISPOSITION],
        "attachment; filename=\"my-copy.zip\""
    );
    let (status, response) = ask(&site, get("/my-copy", "")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(text(response).await.contains("</html>"));
    let (status, said) = value(&site, get("/api/my-copy", "")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(said["message"].is_string());
    for page in ["/", "/record", "/held"] {
        let enrolled = text(ask(&site, get(page, &cookie)).await.1).await;
        assert!(enrolled.contains("href=\"/my-copy\""), "{page}");
        let stranger = text(ask(&site, get(page, "")).await.1).await;
        assert!(!stranger.contains("/my-copy"), "{page}");
    }
}

#[tokio::test]
async fn a_file_comes_in_piece_by_piece_goes_on_after_a_lost_link_and_is_given_back_in_ranges() {
    let (_, site) = world();
    let cookie = signed_in(&site).await;
    let bytes: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 251) as u8).collect();
    let name = hex(&Sha256::digest(&bytes));
    let path = |at: usize| format!("/api/attachments/{name}?bytes={}&at={at}", bytes.len());
    let (_, reached) = value(&site, put(&path(0), &cookie, &bytes[..1_000_000])).await;
    assert_eq!(reached, json!({ "at": 1_000_000, "whole": false }));
    // A piece from the wrong place is not taken; the answer says from where to go on.
    let (status, said) = value(&site, put(&path(5), &cookie, &bytes[5..100])).await;
    assert_eq!(
        (status, &said["at"]),
        (StatusCode::CONFLICT, &json!(1_000_000))
    );
    let (_, reached) = value(&site, put(&path(0), &cookie, &[])).await;
    assert_eq!(reached["at"], 1_000_000);
    let (_, reached) = value(&site, put(&path(1_000_000), &cookie, &bytes[1_000_000..])).await;
    assert_eq!(reached, json!({ "at": 2_000_000, "whole": true }));

    // Not named by any statement yet: nobody is given it.
    let file = format!("/api/attachments/{name}");
    assert_eq!(
        ask(&site, get(&file, &cookie)).await.0,
        StatusCode::NOT_FOUND
    );
    act(&site, "attachment.add", json!({ "sha256": name, "bytes": bytes.len(), "media": "text/html", "name": "rack <2>.html", "about": [], "exhibit": false })).await;
    assert_eq!(ask(&site, get(&file, "")).await.0, StatusCode::NOT_FOUND);
    let (status, response) = ask(&site, get(&file, &cookie)).await;
    assert_eq!(status, StatusCode::OK);
    let headers = response.headers().clone();
    assert_eq!(headers[header::CONTENT_TYPE], "application/octet-stream");
    assert_eq!(
        headers[header::CONTENT_DISPOSITION],
        "attachment; filename*=UTF-8''rack%20%3C2%3E.html"
    );
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("script-src 'none'"));
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(to_bytes(response.into_body(), 3_000_000).await.unwrap() == bytes);

    let mut part = get(&file, &cookie);
    part.headers_mut()
        .insert(header::RANGE, "bytes=999990-1000009".parse().unwrap());
    let (status, response) = ask(&site, part).await;
    assert_eq!(status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        response.headers()[header::CONTENT_RANGE],
        "bytes 999990-1000009/2000000"
    );
    let given = to_bytes(response.into_body(), 100).await.unwrap();
    assert_eq!(given, bytes[999_990..1_000_010]);
    let mut over = get(&file, &cookie);
    over.headers_mut()
        .insert(header::RANGE, "bytes=2000000-".parse().unwrap());
    assert_eq!(ask(&site, over).await.0, StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn photographs_are_shown_and_listed_with_what_they_are_about() {
    let (_, site) = world();
    let cookie = signed_in(&site).await;
    let weapon = crate::fixture::id_of("07");
    let name = hex(&Sha256::digest(b"picture"));
    let path = format!("/api/attachments/{name}?bytes=7&at=0");
    value(&site, put(&path, &cookie, b"picture")).await;
    act(&site, "attachment.add", json!({ "sha256": name, "bytes": 7, "media": "image/png", "name": "rack 2", "about": [weapon], "exhibit": false })).await;
    let (_, response) = ask(&site, get(&format!("/api/attachments/{name}"), &cookie)).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "image/png");
    let page = text(ask(&site, get(&format!("/w/{weapon}"), &cookie)).await.1).await;
    assert!(
        page.contains("rack 2") && page.contains(&format!("<img src=\"/api/attachments/{name}\""))
    );
    let other = crate::fixture::id_of("11");
    let page = text(ask(&site, get(&format!("/w/{other}"), &cookie)).await.1).await;
    assert!(!page.contains("rack 2") && page.contains("data-attach"));
    let page = text(ask(&site, get(&format!("/w/{weapon}"), "")).await.1).await;
    assert!(!page.contains("rack 2") && !page.contains("data-attach"));
}

#[tokio::test]
async fn pieces_that_cannot_be_are_refused_with_a_sentence() {
    let (_, site) = world();
    let cookie = signed_in(&site).await;
    let name = "a".repeat(64);
    let piece = |query: &str| format!("/api/attachments/{name}?{query}");
    for (path, cookie, length, expected) in [
        (piece("bytes=10&at=0"), "", 10, 403),
        (piece("bytes=0&at=0"), cookie.as_str(), 0, 413),
        (piece("bytes=2147483649&at=0"), &cookie, 1, 413),
        (piece("bytes=10&at=8"), &cookie, 3, 400),
        (piece("bytes=10&at=18446744073709551615"), &cookie, 3, 400),
        (piece("bytes=10"), &cookie, 3, 400),
        (piece("bytes=10&at=0"), &cookie, 10, 403),
        (piece("bytes=9000000&at=0"), &cookie, 1_100_000, 413),
        (
            "/api/attachments/ABC?bytes=1&at=0".to_owned(),
            &cookie,
            1,
            400,
        ),
        (
            format!("/api/attachments/{}?bytes=1&at=0", "A".repeat(64)),
            &cookie,
            1,
            400,
        ),
    ] {
        let (status, said) = value(&site, put(&path, cookie, &vec![7; length])).await;
        assert_eq!(status.as_u16(), expected, "{path}");
        assert!(said["message"].is_string(), "{path}");
    }
    let mut foreign = put(&piece("bytes=10&at=0"), &cookie, b"1");
    foreign
        .headers_mut()
        .insert(header::ORIGIN, "https://elsewhere.example".parse().unwrap());
    assert_eq!(ask(&site, foreign).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_foot_of_the_board_says_how_old_copies_are_and_nags_when_one_is_late() {
    let (_, site) = world();
    let page = text(ask(&site, get("/", "")).await.1).await;
    assert_eq!(
        page.matches("Last copy off this machine: 3 hours ago")
            .count(),
        2
    );
    assert_eq!(page.matches("Last cosigned outside: never").count(), 1);
    assert!(page.find("id=\"nag\"") < page.find("id=\"board\""));
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |out, byte| out + &format!("{byte:02x}"))
}
