//! How a log asks its cosigners: blocking, from a thread of its own, for some seconds at most.
//!
//! The only code of the program that calls anybody. Where it calls is what the record says (`cosigners.adopt`): https, or
//! http to an address of a private network, as resolved at the moment of the call. It follows no redirect, uses no proxy,
//! sends no cookie, reads at most some kilobytes, and believes nothing that a key did not sign.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use ledger::Digest;
use ledger::cosignature::CosignerKey;
use ledger::witness::{AddCheckpoint, AskError, answer};
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::limit::{ANSWER_BYTES_MAX, ASK_WITHIN, CONNECT_WITHIN, LIST_BYTES_MAX, URL_BYTES_MAX};
use crate::serve::{Forks, Newest};

/// Asks cosigners. Keeps connections open between questions.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
}

/// Why a URL is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not `https://host…` or `http://host…`, or with more in it than host, port and path.
    #[error("a cosigner's URL is `https://` or `http://`, a host, and a path")]
    Form,
    /// http to a host that is an address of everybody's network.
    #[error("http is for addresses of a private network; use https")]
    NotPrivate,
}

/// Certificates that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the file holds no certificate in PEM")]
pub struct NoCertificate;

impl Client {
    /// A client that trusts the certificate authorities that browsers trust, or only those in `own_roots` (PEM): a studio's
    /// own, for https inside its network.
    ///
    /// # Errors
    /// [`NoCertificate`].
    pub fn new(own_roots: Option<&[u8]>) -> Result<Self, NoCertificate> {
        let roots = match own_roots {
            None => RootCerts::WebPki,
            Some(pem) => {
                let roots: Vec<Certificate<'static>> = parse_pem(pem)
                    .filter_map(|item| match item {
                        Ok(PemItem::Certificate(certificate)) => Some(certificate),
                        Ok(_) | Err(_) => None,
                    })
                    .collect();
                if roots.is_empty() {
                    return Err(NoCertificate);
                }
                RootCerts::new_with_certs(&roots)
            }
        };
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("coldproof/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .timeout_connect(Some(CONNECT_WITHIN))
            .timeout_global(Some(ASK_WITHIN))
            .build();
        Ok(Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), Private::default()),
        })
    }

    /// Shows the checkpoint `note` to the cosigner of `key` under the prefix `url`, with the consistency proof from `old`
    /// entries on: its cosignature line, verified, with its line feed.
    ///
    /// # Errors
    /// [`AskError`].
    pub fn ask(
        &self,
        url: &str,
        key: &CosignerKey,
        old: u64,
        proof: &[Digest],
        note: &str,
    ) -> Result<String, AskError> {
        let asked = AddCheckpoint {
            old,
            proof: proof.to_vec(),
            note,
        };
        let body = asked
            .write()
            .map_err(|error| AskError::Refused(error.to_string()))?;
        let at =
            under(url, "add-checkpoint").map_err(|error| AskError::Refused(error.to_string()))?;
        let (status, media, body) = self
            .post(&at, &body)
            .map_err(|error| AskError::Unreachable(sentence(&error)))?;
        answer(status, &media, &body, &asked, key)
    }

    /// What the cosigner under `url` kept: notes that show a fork, or that were not joined.
    ///
    /// # Errors
    /// [`AskError::Refused`] or [`AskError::Unreachable`].
    pub fn forks(&self, url: &str) -> Result<Forks, AskError> {
        self.list(url, "forks")
    }

    /// The newest heads that the cosigner under `url` signed. Whose signatures hold is for the caller to see.
    ///
    /// # Errors
    /// [`AskError::Refused`] or [`AskError::Unreachable`].
    pub fn heads(&self, url: &str) -> Result<Newest, AskError> {
        self.list(url, "heads")
    }

    /// Shows the newest heads of the cosigner under `one` to the one under `other`, so that a log that told them two
    /// histories of one size is found: the other answers and keeps both notes. Answers how many heads were shown.
    ///
    /// # Errors
    /// [`AskError::Refused`] or [`AskError::Unreachable`].
    pub fn show(&self, one: &str, other: &str) -> Result<usize, AskError> {
        let newest = self.heads(one)?;
        let at =
            under(other, "add-checkpoint").map_err(|error| AskError::Refused(error.to_string()))?;
        for head in &newest.heads {
            // From its own size there is nothing to prove: a cosigner with the same size compares roots, others say theirs.
            let asked = AddCheckpoint {
                old: head.size,
                proof: Vec::new(),
                note: &head.note,
            };
            let body = asked
                .write()
                .map_err(|error| AskError::Refused(error.to_string()))?;
            self.post(&at, &body)
                .map_err(|error| AskError::Unreachable(sentence(&error)))?;
        }
        Ok(newest.heads.len())
    }

    fn list<L: serde::de::DeserializeOwned>(&self, url: &str, call: &str) -> Result<L, AskError> {
        let at = under(url, call).map_err(|error| AskError::Refused(error.to_string()))?;
        let far = |error: &Error| AskError::Unreachable(sentence(error));
        let mut response = self.agent.get(&at).call().map_err(|error| far(&error))?;
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(LIST_BYTES_MAX)
            .read_to_string()
            .map_err(|error| far(&error))?;
        if status != 200 {
            return Err(AskError::Unreachable(format!("it answers {status}")));
        }
        serde_json::from_str(&body)
            .map_err(|_| AskError::Unreachable("its list cannot be read".into()))
    }

    fn post(&self, at: &str, body: &str) -> Result<(u16, String, String), Error> {
        let mut response = self
            .agent
            .post(at)
            .header("content-type", "text/plain; charset=utf-8")
            .send(body)?;
        let status = response.status().as_u16();
        let media = response
            .headers()
            .get("content-type")
            .and_then(|media| media.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let body = response
            .body_mut()
            .with_config()
            .limit(ANSWER_BYTES_MAX)
            .read_to_string()?;
        Ok((status, media, body))
    }
}

/// Whether `url` may be asked, as far as its text says. A name is resolved, and looked at again, with each call.
///
/// # Errors
/// [`UrlError`].
pub fn check_url(url: &str) -> Result<(), UrlError> {
    under(url, "add-checkpoint").map(drop)
}

/// Whether an address is in a network of somebody's own: this machine, private use, link-local, or shared behind a provider
/// or a VPN (100.64.0.0/10).
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(v4.into()),
            None => v6.is_loopback() || is_local_v6(v6),
        },
    }
}

fn is_local_v6(address: Ipv6Addr) -> bool {
    address.is_unique_local() || address.is_unicast_link_local()
}

/// The address of a call under a cosigner's prefix.
fn under(url: &str, call: &str) -> Result<String, UrlError> {
    if url.len() > URL_BYTES_MAX || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(UrlError::Form);
    }
    let uri: Uri = url.parse().map_err(|_| UrlError::Form)?;
    let scheme = uri.scheme_str().ok_or(UrlError::Form)?;
    let authority = uri.authority().ok_or(UrlError::Form)?;
    if !["http", "https"].contains(&scheme)
        || authority.host().is_empty()
        || authority.as_str().contains('@')
        || uri.query().is_some()
        || url.contains('#')
    {
        return Err(UrlError::Form);
    }
    let host = authority.host().trim_matches(['[', ']']);
    if scheme == "http"
        && let Ok(address) = host.parse::<IpAddr>()
        && !is_private(address)
    {
        return Err(UrlError::NotPrivate);
    }
    Ok(format!("{}/{call}", url.trim_end_matches('/')))
}

/// Resolves names, and for http lets only addresses of private networks through: those are the ones connected to.
#[derive(Debug, Default)]
struct Private {
    names: DefaultResolver,
}

impl Resolver for Private {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        if uri.scheme_str() == Some("https") {
            return Ok(found);
        }
        let mut private = self.empty();
        for address in found.iter().filter(|address| is_private(address.ip())) {
            private.push(*address);
        }
        if private.is_empty() {
            return Err(Error::Other(UrlError::NotPrivate.to_string().into()));
        }
        Ok(private)
    }
}

/// A sentence for people; what a library says of itself is cut.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the library's errors grow; what is not worded here says itself"
)]
fn sentence(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "it did not answer in time".into(),
        Error::HostNotFound => "its name cannot be found".into(),
        Error::BodyExceedsLimit(_) => "it answers too much".into(),
        Error::Other(inner) => inner.to_string(),
        other => other.to_string().chars().take(200).collect(),
    }
}
