//! What must hold for every page, errors included.

use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use web::{Site, router};

use crate::fixture::{ARMORER_LINK, Fixture, PIN, id_of};

pub(crate) fn site() -> axum::Router {
    router(Site {
        desk: Fixture::new(),
        public_url: "https://coldproof.local:8443".to_owned(),
        ca_pem: Some("-----BEGIN CERTIFICATE-----".to_owned()),
    })
}

pub(crate) async fn ask(
    site: &axum::Router,
    request: Request<Body>,
) -> (StatusCode, Response<Body>) {
    let response = site.clone().oneshot(request).await.unwrap();
    (response.status(), response)
}

pub(crate) async fn text(response: Response<Body>) -> String {
    String::from_utf8(
        to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap()
            .to_vec(),
    )
    .unwrap()
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

pub(crate) fn post(path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    at_cart(
        Request::post(path)
            .header(header::HOST, "localhost:1")
            .header(header::CONTENT_TYPE, kind)
            .body(body.into())
            .unwrap(),
    )
}

pub(crate) fn at_cart(mut request: Request<Body>) -> Request<Body> {
    request
        .extensions_mut()
        .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5))));
    request
}

/// The cookie of someone who opened the cart screen.
pub(crate) async fn signed_in(site: &axum::Router) -> String {
    let body = json!({ "person": id_of("Armorer"), "pin": PIN }).to_string();
    let (status, response) = ask(site, post("/api/cart/open", "application/json", body)).await;
    assert_eq!(status, StatusCode::OK);
    response.headers()[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

/// Every page, for a stranger and for someone enrolled, and the pages of errors.
async fn every_page(site: &axum::Router) -> Vec<(String, Response<Body>)> {
    let cookie = signed_in(site).await;
    let (cold, open) = (id_of("11"), id_of("07"));
    let paths = [
        "/".to_owned(),
        "/?unit=main".to_owned(),
        "/?unit=none".to_owned(),
        format!("/w/{cold}"),
        format!("/w/{open}"),
        "/w/none".to_owned(),
        format!("/w/{open}/check/full"),
        format!("/w/{cold}/check/reset"),
        "/line".to_owned(),
        "/record".to_owned(),
        "/record?before=3".to_owned(),
        "/held".to_owned(),
        "/emergency".to_owned(),
        "/stop".to_owned(),
        format!("/enrol/{ARMORER_LINK}"),
        "/enrol/none".to_owned(),
        "/invite".to_owned(),
        "/cart".to_owned(),
        "/poster".to_owned(),
        "/trust".to_owned(),
        "/offline".to_owned(),
        "/nowhere".to_owned(),
        "/record?before=x".to_owned(),
    ];
    let mut pages = Vec::new();
    for path in paths {
        pages.push((
            format!("{path} signed out"),
            ask(site, get(&path, "")).await.1,
        ));
        // The cart page ends the visit, so it is asked for last.
        if path != "/cart" {
            pages.push((
                format!("{path} signed in"),
                ask(site, get(&path, &cookie)).await.1,
            ));
        }
    }
    pages.push((
        "post /stop".to_owned(),
        ask(
            site,
            post("/stop", "application/x-www-form-urlencoded", "unit=main"),
        )
        .await
        .1,
    ));
    pages.push((
        "post /stop/lift".to_owned(),
        ask(
            site,
            post(
                "/stop/lift",
                "application/x-www-form-urlencoded",
                "unit=main",
            ),
        )
        .await
        .1,
    ));
    pages.push((
        "delete /record".to_owned(),
        ask(
            site,
            at_cart(Request::delete("/record").body(Body::empty()).unwrap()),
        )
        .await
        .1,
    ));
    pages
}

#[tokio::test]
async fn no_page_from_the_server_holds_the_word_that_only_a_verified_board_may_draw() {
    let site = site();
    for (name, page) in every_page(&site).await {
        let html = text(page).await;
        assert!(html.contains("</html>"), "{name} is no page");
        assert!(!html.contains("COLD"), "{name}");
        assert!(
            !html.contains(" style=") && !html.contains("onclick") && !html.contains("<style"),
            "{name}"
        );
        assert!(
            html.matches("<script").count() == html.matches("<script defer src=\"/static/").count(),
            "{name}"
        );
        assert!(
            !html.to_lowercase().contains("safe to") && !html.contains(" is safe"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn stop_stands_on_every_page_and_the_headers_on_every_response() {
    let site = site();
    let mut responses = every_page(&site).await;
    for path in [
        "/api/board",
        "/api/head",
        "/api/nothing",
        "/static/nothing.js",
        "/health/live",
        "/health/ready",
        "/sw.js",
    ] {
        responses.push((path.to_owned(), ask(&site, get(path, "")).await.1));
    }
    for (name, response) in responses {
        let headers = response.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self'")
                && policy.contains("frame-ancestors 'none'")
                && !policy.contains("unsafe"),
            "{name}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{name}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{name}");
        if headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html"))
        {
            assert!(text(response).await.contains("action=\"/stop\""), "{name}");
        }
    }
}

#[tokio::test]
async fn a_stop_needs_no_script_no_sign_in_and_no_readable_body_and_its_phone_may_lift_it() {
    let site = site();
    let (status, response) = ask(
        &site,
        post("/stop", "application/x-www-form-urlencoded", "unit=main"),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    let visit = response.headers()[header::SET_COOKIE]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        text(ask(&site, get("/", "")).await.1)
            .await
            .contains("someone pressed STOP")
    );

    let mut other = post(
        "/stop/lift",
        "application/x-www-form-urlencoded",
        "unit=main&found=nothing",
    );
    assert_eq!(ask(&site, other).await.0, StatusCode::FORBIDDEN);
    other = post(
        "/stop/lift",
        "application/x-www-form-urlencoded",
        "unit=main&found=nothing",
    );
    other
        .headers_mut()
        .insert(header::COOKIE, visit.parse().unwrap());
    assert_eq!(ask(&site, other).await.0, StatusCode::OK);
    assert!(
        !text(ask(&site, get("/", "")).await.1)
            .await
            .contains("someone pressed STOP")
    );

    for (kind, body) in [
        ("application/json", "{"),
        ("text/plain", "?"),
        ("application/json", r#"{"unit":7}"#),
    ] {
        let (status, _) = ask(&site, post("/api/stop", kind, body)).await;
        assert_eq!(status, StatusCode::OK, "{kind} {body}");
    }
}

#[tokio::test]
async fn strangers_see_words_and_scene_but_no_place_holder_or_serial() {
    let site = site();
    let page = text(ask(&site, get(&format!("/w/{}", id_of("07")), "")).await.1).await;
    assert!(page.contains("CHECK NEEDED") && page.contains("tag 07"));
    assert!(
        !page.contains("outside church")
            && !page.contains("held by")
            && !page.contains("S 2217")
            && !page.contains("data-offer")
    );
    let (status, _) = ask(&site, get(&format!("/w/{}/check/full", id_of("07")), "")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bad_calls_get_json_with_a_code_and_a_sentence() {
    let site = site();
    let large = "x".repeat(200_000);
    let cases = [
        (get("/api/board?nonce=XYZ", ""), 400),
        (get("/api/board", ""), 400),
        (get("/api/nothing", ""), 404),
        (post("/api/board", "application/json", "{}"), 405),
        (post("/api/statements", "text/plain", "{}"), 415),
        (post("/api/statements", "application/json", "{}"), 400),
        (
            post("/api/statements", "application/json", large.clone()),
            413,
        ),
        (post("/api/session", "application/json", "{}"), 400),
        (
            post(
                "/api/session",
                "application/json",
                r#"{"key":"00","challenge":"00","sig":"00"}"#,
            ),
            403,
        ),
    ];
    for (request, expected) in cases {
        let shown = format!("{} {}", request.method(), request.uri());
        let (status, response) = ask(&site, request).await;
        assert_eq!(status.as_u16(), expected, "{shown}");
        let body: Value = serde_json::from_str(&text(response).await).unwrap();
        assert!(
            body["code"].is_string() && body["message"].is_string(),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn the_cart_screen_opens_on_this_machine_under_a_local_name_and_nowhere_else() {
    let site = site();
    let from = |ip: [u8; 4], host: &str, origin: &str| {
        let mut request = Request::get("/cart")
            .header(header::HOST, host)
            .header(header::ORIGIN, origin)
            .body(Body::empty())
            .unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((ip, 5))));
        request
    };
    assert_eq!(
        ask(
            &site,
            from([127, 0, 0, 1], "localhost:1", "http://localhost:1")
        )
        .await
        .0,
        StatusCode::OK
    );
    for request in [
        from([192, 168, 0, 7], "localhost:1", "http://localhost:1"),
        from([127, 0, 0, 1], "rebound.example", "http://rebound.example"),
        from([127, 0, 0, 1], "localhost:1", "https://elsewhere.example"),
        Request::get("/cart")
            .header(header::HOST, "localhost")
            .body(Body::empty())
            .unwrap(),
    ] {
        assert_eq!(ask(&site, request).await.0, StatusCode::FORBIDDEN);
    }
    let wrong = json!({ "person": id_of("Armorer"), "pin": "000000" }).to_string();
    assert_eq!(
        ask(&site, post("/api/cart/open", "application/json", wrong))
            .await
            .0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_cookie_looks_and_never_signs() {
    let site = site();
    let cookie = signed_in(&site).await;
    assert!(
        text(ask(&site, get("/", &cookie)).await.1)
            .await
            .contains("outside church")
    );
    let mut request = post("/api/statements", "application/json", r#"{"envelope":""}"#);
    request
        .headers_mut()
        .insert(header::COOKIE, cookie.parse().unwrap());
    assert_eq!(ask(&site, request).await.0, StatusCode::BAD_REQUEST);
}

#[test]
fn a_leaf_of_the_own_ca_is_made_for_name_and_address() {
    let ca = web::tls::make_ca("High Desert", web::tls::STABLE_NAME, 2026).unwrap();
    let leaf = web::tls::make_leaf(
        &ca,
        "High Desert",
        &["coldproof.local".to_owned()],
        &["192.168.4.1".parse().unwrap()],
        2026,
    )
    .unwrap();
    assert!(ca.cert.starts_with("-----BEGIN CERTIFICATE") && leaf.key.contains("PRIVATE KEY"));
}
