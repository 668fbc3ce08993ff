//! `GET /trust`, `GET /trust/ca.pem`: how a phone comes to trust the node of this production.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use crate::desk::Viewer;
use crate::pages;
use crate::part::shell::{Page, shell};
use crate::site::Shared;

pub(crate) async fn page(State(site): State<Shared>) -> Response {
    let head = site.desk.head();
    pages::html(
        StatusCode::OK,
        shell(&Page {
            name: "trust",
            title: "Trust this node",
            head: &head,
            viewer: &Viewer::Stranger,
            me: None,
            unit: None,
            place: String::new(),
            stops: &[],
            lead: html! {},
            body: html! {
                h1 { "Let this phone sign" }
                @if site.ca_pem.is_some() {
                    p.lead-text { "Reading and STOP need nothing. To sign, the phone must know this node's certificate." }
                    section.card {
                        h2 { "iPhone" }
                        ol { li { "Download the certificate below." } li { "Settings › General › VPN & Device Management: install it." }
                            li { "Settings › General › About › Certificate Trust Settings: switch it on. Both steps are needed." } }
                        h2 { "Android" }
                        ol { li { "Download the certificate below." } li { "Settings › Security › Encryption & credentials › Install a certificate › CA certificate." } }
                        p { "Then open " b { (site.public_url) } " again. A phone that a company manages may refuse: sign at the cart screen instead." }
                        a.ghost.go href="/trust/ca.pem" download="coldproof-ca.pem" { "Download the certificate" }
                    }
                    p.quiet { "Remove it when the production wraps. It can vouch only for the names of this node." }
                } @else {
                    p.lead-text { "This node has no certificate of its own. Sign at the cart screen." }
                }
            },
        }),
    )
}

pub(crate) async fn certificate(State(site): State<Shared>) -> Response {
    match &site.ca_pem {
        Some(pem) => (
            [(header::CONTENT_TYPE, "application/x-x509-ca-cert")],
            pem.clone(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
