//! The link of an invitation, for whoever may let people in.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::fixture::ARMORER_LINK;
use crate::pages::{ask, at_cart, post, signed_in, site, text};

async fn asked(cookie: &str, body: Value) -> (StatusCode, String, Value) {
    let site = site();
    let cookie = if cookie.is_empty() {
        String::new()
    } else {
        signed_in(&site).await
    };
    let mut request = post("/api/invite", "application/json", body.to_string());
    if let Ok(value) = cookie.parse() {
        request.headers_mut().insert(header::COOKIE, value);
    }
    let (status, response) = ask(&site, at_cart(request)).await;
    let kept = response.headers()[header::CACHE_CONTROL]
        .to_str()
        .unwrap()
        .to_owned();
    let read = serde_json::from_str(&text(response).await).unwrap();
    (status, kept, read)
}

#[tokio::test]
async fn the_link_stands_under_the_address_that_phones_use_and_is_kept_nowhere() {
    let body = json!({ "token": ARMORER_LINK, "name": "Someone" });
    let (status, kept, read) = asked("enrolled", body).await;
    assert_eq!((status, kept.as_str()), (StatusCode::OK, "no-store"));
    assert_eq!(
        read["link"],
        format!("https://coldproof.local:8443/enrol/{ARMORER_LINK}")
    );
    assert_eq!(read["name"], "Someone");
    assert_eq!(read["keeps"], true);
    assert!(read["code"].as_str().unwrap().starts_with("<svg"));
}

#[tokio::test]
async fn a_link_that_was_used_or_ran_out_is_no_more() {
    let (status, _, read) = asked("enrolled", json!({ "token": "spent" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(read["code"], "web.unknown");
}

#[tokio::test]
async fn a_stranger_who_knows_a_secret_learns_nothing_from_it_here() {
    let (status, _, read) = asked("", json!({ "token": ARMORER_LINK })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(read["code"], "web.denied");
}
