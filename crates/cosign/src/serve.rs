//! Listening. Handlers only carry: what is answered is [`Cosigner::add_checkpoint`]'s.
//!
//! | call | answers |
//! | --- | --- |
//! | `POST /add-checkpoint` | `docs/formats/cosign.md` |
//! | `GET /forks` | JSON: what was kept, newest first |
//! | `GET /heads` | JSON: the newest head of each log, cosigned |
//! | `GET /` | text: whose cosigner this is |
//!
//! Every one stands under any prefix as well, since a proxy may leave it on.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use ledger::limit::REQUEST_BYTES_MAX;
pub use listen::{Handle, Tls, serve, shut};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use crate::limit::{ANSWER_WITHIN, AT_ONCE_MAX, RETRY_BUSY_S};
use crate::rate::Rate;
use crate::{Answer, Cosigner, HeadsError};

/// What `GET /forks` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forks {
    /// Whose list this is: a vkey.
    pub cosigner: String,
    /// Newest first, at most [`crate::limit::FORKS_LISTED_MAX`].
    pub forks: Vec<Pair>,
}

/// Two notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The log.
    pub origin: String,
    /// `fork`, `unjoined` or `own_forgotten`: [`crate::decide::Shows`].
    pub shows: String,
    /// When they were kept, seconds since 1970 UTC.
    pub at: u64,
    /// The note that this cosigner signed; may be empty.
    pub ours: String,
    /// The other one.
    pub theirs: String,
}

/// What `GET /heads` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newest {
    /// Whose list this is: a vkey.
    pub cosigner: String,
    /// By origin.
    pub heads: Vec<NewestHead>,
}

/// The newest head of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewestHead {
    /// The log.
    pub origin: String,
    /// Its size.
    pub size: u64,
    /// When it was cosigned, seconds since 1970 UTC.
    pub at: u64,
    /// The note with this cosigner's line.
    pub note: String,
    /// Why this log is not signed any more.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub frozen: Option<String>,
}

#[derive(Clone)]
struct Site {
    cosigner: Arc<Cosigner>,
    rate: Arc<Mutex<Rate>>,
    begun: Instant,
    places: Arc<Semaphore>,
}

/// The calls, `a_second` requests from one address.
pub fn router(cosigner: Arc<Cosigner>, a_second: u32) -> Router {
    let site = Site {
        cosigner,
        rate: Arc::new(Mutex::new(Rate::new(a_second))),
        begun: Instant::now(),
        places: Arc::new(Semaphore::new(AT_ONCE_MAX)),
    };
    Router::new()
        .route("/", get(who))
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/forks", get(forks))
        .route("/heads", get(heads))
        .route("/{prefix}/add-checkpoint", post(add_checkpoint))
        .route("/{prefix}/forks", get(forks))
        .route("/{prefix}/heads", get(heads))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            ANSWER_WITHIN,
        ))
        .with_state(site)
}

/// The system's time, seconds since 1970 UTC; 0 for a clock that stands before it.
pub fn now_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

async fn add_checkpoint(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Response {
    site.work(peer.ip(), move |cosigner| {
        cosigner.add_checkpoint(&body, now_s())
    })
    .await
}

async fn forks(State(site): State<Site>, ConnectInfo(peer): ConnectInfo<SocketAddr>) -> Response {
    site.work(peer.ip(), |cosigner| {
        let kept = match cosigner.kept() {
            Ok(kept) => kept,
            Err(error) => return Answer::later(503, &error, RETRY_BUSY_S),
        };
        json(&Forks {
            cosigner: cosigner.key().to_string(),
            forks: kept
                .into_iter()
                .map(|kept| Pair {
                    origin: kept.origin,
                    shows: kept.evidence.shows.word().to_owned(),
                    at: kept.at_s,
                    ours: kept.evidence.ours,
                    theirs: kept.evidence.theirs,
                })
                .collect(),
        })
    })
    .await
}

async fn heads(State(site): State<Site>, ConnectInfo(peer): ConnectInfo<SocketAddr>) -> Response {
    site.work(peer.ip(), |cosigner| {
        let newest = match cosigner.newest() {
            Ok(newest) => newest,
            Err(error) => return unwell(&error),
        };
        json(&Newest {
            cosigner: cosigner.key().to_string(),
            heads: newest
                .into_iter()
                .map(|head| NewestHead {
                    origin: head.checkpoint.origin.to_string(),
                    size: head.checkpoint.size,
                    at: head.at_s,
                    note: head.note,
                    frozen: head.frozen,
                })
                .collect(),
        })
    })
    .await
}

async fn who(State(site): State<Site>) -> String {
    format!(
        "A cosigner of logs, by c2sp.org/tlog-witness. It sees heads, never entries.\n{}\n",
        site.cosigner.key()
    )
}

impl Site {
    /// Runs `work` where it may block, within the limits.
    async fn work(
        &self,
        peer: IpAddr,
        work: impl FnOnce(&Cosigner) -> Answer + Send + 'static,
    ) -> Response {
        let since_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let may = self
            .rate
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(peer, since_ms);
        if !may {
            return respond(Answer::later(
                429,
                &"this address asks too often",
                RETRY_BUSY_S,
            ));
        }
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return respond(Answer::later(503, &"too much at once", RETRY_BUSY_S));
        };
        let cosigner = self.cosigner.clone();
        // Goes on when the asker hangs up: what is begun is finished.
        let done = tokio::task::spawn_blocking(move || {
            let answer = work(&cosigner);
            drop(place);
            answer
        })
        .await;
        respond(done.unwrap_or_else(|_| Answer::later(503, &"it broke off", RETRY_BUSY_S)))
    }
}

fn unwell(error: &HeadsError) -> Answer {
    Answer::later(503, error, RETRY_BUSY_S)
}

fn json(list: &impl Serialize) -> Answer {
    match serde_json::to_string(list) {
        Ok(body) => Answer {
            status: 200,
            media: "application/json",
            body,
            retry_after_s: None,
        },
        Err(error) => Answer::later(503, &error, RETRY_BUSY_S),
    }
}

fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.media));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = answer.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
