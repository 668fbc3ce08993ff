//! `GET /api/changed`: server-sent events that only say *ask now*. A phone that sleeps loses nothing by losing them.

use std::convert::Infallible;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

use crate::site::Shared;
use crate::{api, limit};

pub(crate) async fn stream(State(site): State<Shared>) -> Response {
    let seat = Seat(site.clone());
    if site.streams.fetch_add(1, Ordering::Relaxed) >= limit::STREAMS_MAX {
        return api::error(
            StatusCode::SERVICE_UNAVAILABLE,
            "web.streams",
            "too many open streams; the page asks every 5 s",
        );
    }
    let events = WatchStream::new(site.desk.changed()).map(move |_| {
        let _ = &seat;
        Ok::<_, Infallible>(Event::default().event("ask").data("now"))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

/// Gives the place in the count back when the stream is dropped.
struct Seat(Shared);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
