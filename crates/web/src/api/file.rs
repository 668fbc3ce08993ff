//! `PUT /api/attachments/{sha256}` takes a file in pieces, `GET` gives it back, whole or a range.
//!
//! A file is shown inline only when it is a photograph of a kind that runs nothing; anything else is a download.

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::desk::{FilePiece, FileView, Viewer};
use crate::session::Looking;
use crate::site::Shared;
use crate::{api, limit};

/// What a browser may show: kinds without script, links or outside parts.
const INLINE: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

#[derive(Deserialize)]
pub(crate) struct Place {
    /// Size of the whole.
    bytes: u64,
    /// Where this piece begins.
    at: u64,
}

/// Takes a piece. An empty one asks how far the file is. 409 says from where to go on.
pub(crate) async fn put(
    State(site): State<Shared>,
    looking: Looking,
    headers: HeaderMap,
    Path(sha256): Path<String>,
    Query(place): Query<Place>,
    piece: Bytes,
) -> Response {
    if !api::is_own_page(&headers) || looking.viewer == Viewer::Stranger {
        return api::error(
            StatusCode::FORBIDDEN,
            "web.denied",
            "a file is added by somebody enrolled, from the node's own pages",
        );
    }
    if !is_hash(&sha256) {
        return api::error(
            StatusCode::BAD_REQUEST,
            "web.hash",
            "a file is named by its SHA-256, 64 lower-case hex digits",
        );
    }
    if place.bytes == 0 || place.bytes > limit::FILE_BYTES_MAX {
        return api::error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "web.file_size",
            "a file has between one byte and 2 GiB",
        );
    }
    let length = piece.len() as u64;
    let Some(end) = place
        .at
        .checked_add(length)
        .filter(|end| *end <= place.bytes)
    else {
        return api::error(
            StatusCode::BAD_REQUEST,
            "web.piece",
            "this piece runs over the end of the file",
        );
    };
    let piece = FilePiece {
        sha256,
        bytes: place.bytes,
        at: place.at,
        piece: piece.to_vec(),
    };
    match site.desk.file_put(piece, &looking.viewer).await {
        Ok(reached) if length == 0 || reached.whole || reached.at == end => api::json(&reached),
        Ok(reached) => {
            let body = json!({ "code": "web.piece", "message": "go on from where the file is", "at": reached.at });
            (
                StatusCode::CONFLICT,
                [(header::CONTENT_TYPE, "application/json")],
                body.to_string(),
            )
                .into_response()
        }
        Err(trouble) => api::trouble(trouble),
    }
}

/// Gives a file, or a range of it, read piece by piece.
pub(crate) async fn fetch(
    State(site): State<Shared>,
    looking: Looking,
    method: Method,
    headers: HeaderMap,
    Path(sha256): Path<String>,
) -> Response {
    let file = match site.desk.file(&sha256, &looking.viewer).await {
        Ok(file) => file,
        Err(trouble) => return api::trouble(trouble),
    };
    let asked = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let (status, from, to) = match range(asked, file.bytes) {
        Asked::Whole => (StatusCode::OK, 0, file.bytes),
        Asked::Part { from, to } => (StatusCode::PARTIAL_CONTENT, from, to),
        Asked::Nowhere => return nowhere(file.bytes),
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        stream(site, sha256, from, to)
    };
    let mut response = (status, body).into_response();
    dress(response.headers_mut(), &file, status, from, to);
    response
}

fn dress(headers: &mut HeaderMap, file: &FileView, status: StatusCode, from: u64, to: u64) {
    let is_inline = INLINE.contains(&file.media.as_str());
    let kind = if is_inline {
        file.media.as_str()
    } else {
        "application/octet-stream"
    };
    let how = if is_inline { "inline" } else { "attachment" };
    let mut texts = vec![
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("{how}; filename*=UTF-8''{}", escape(&file.name)),
        ),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_LENGTH, (to - from).to_string()),
    ];
    if status == StatusCode::PARTIAL_CONTENT {
        let last = to.saturating_sub(1);
        texts.push((
            header::CONTENT_RANGE,
            format!("bytes {from}-{last}/{}", file.bytes),
        ));
    }
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
}

/// Reads ahead of the reader by two pieces. A fault in the middle breaks the connection: a reader never takes a part for
/// the whole, since the length was said before.
fn stream(site: Shared, sha256: String, from: u64, to: u64) -> Body {
    let (send, pieces) = mpsc::channel::<Result<Vec<u8>, std::io::Error>>(2);
    tokio::spawn(async move {
        let mut at = from;
        while at < to {
            let count = usize::try_from(to - at)
                .unwrap_or(usize::MAX)
                .min(limit::FILE_READ_BYTES);
            let read = site.desk.file_read(&sha256, at, count).await;
            let piece = match read {
                Ok(piece) if !piece.is_empty() => piece,
                Ok(_) | Err(_) => {
                    let broken = std::io::Error::other("the file ends early");
                    // Whoever asked is gone already.
                    send.send(Err(broken)).await.unwrap_or_default();
                    return;
                }
            };
            at += piece.len() as u64;
            if send.send(Ok(piece)).await.is_err() {
                return;
            }
        }
    });
    Body::from_stream(ReceiverStream::new(pieces))
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    /// From the first byte to before the last.
    Part {
        from: u64,
        to: u64,
    },
    Nowhere,
}

/// One range of bytes; several, or any other unit, are passed over, as HTTP allows.
fn range(asked: Option<&str>, size: u64) -> Asked {
    let Some((first, last)) = asked
        .and_then(|text| text.strip_prefix("bytes="))
        .and_then(|text| text.split_once('-'))
    else {
        return Asked::Whole;
    };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(last)) if from <= last => (from, last.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if last.is_empty() => (from, size),
        (Err(_), Ok(count)) if first.is_empty() => (size.saturating_sub(count), size),
        _ => return Asked::Whole,
    };
    if part.0 >= part.1 {
        return Asked::Nowhere;
    }
    Asked::Part {
        from: part.0,
        to: part.1,
    }
}

fn nowhere(size: u64) -> Response {
    let mut response = api::error(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "web.range",
        "the file is not that long",
    );
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// 64 lower-case hex digits.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// RFC 5987: everything but letters, digits and three marks as `%XX`.
fn escape(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_http_says() {
        let part = |from, to| Asked::Part { from, to };
        for (asked, expected) in [
            (None, Asked::Whole),
            (Some("bytes=0-0"), part(0, 1)),
            (Some("bytes=2-"), part(2, 10)),
            (Some("bytes=-3"), part(7, 10)),
            (Some("bytes=-99"), part(0, 10)),
            (Some("bytes=5-99"), part(5, 10)),
            (Some("bytes=10-"), Asked::Nowhere),
            (Some("bytes=-0"), Asked::Nowhere),
            (Some("bytes=7-3"), Asked::Whole),
            (Some("bytes=1-2,4-5"), Asked::Whole),
            (Some("lines=1-2"), Asked::Whole),
            (Some("bytes=18446744073709551615-"), Asked::Nowhere),
        ] {
            assert_eq!(range(asked, 10), expected, "{asked:?}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            escape("a\"; b\r\nX: é.jpg"),
            "a%22%3B%20b%0D%0AX%3A%20%C3%A9.jpg"
        );
    }
}
