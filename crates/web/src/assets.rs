//! Static files: a hand-made table with content hashes, written by `build.rs`, served as immutable; and the page that
//! checks a copy of a log, which stands in every copy.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(crate) struct File {
    name: &'static str,
    path: &'static str,
    mime: &'static str,
    bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/static_table.rs"));

/// `verify.html`: one HTML file of UTF-8 that is opened from disk and checks an export or a person's own copy, with no
/// network and nothing of this program. It is put into copies as it is.
#[must_use]
pub fn verify_page() -> &'static [u8] {
    VERIFY_PAGE
}

/// `GET /verify.html`: to keep and open from disk, where this node has no say over it.
pub(crate) async fn verify() -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"verify.html\"",
            ),
        ],
        verify_page(),
    )
        .into_response()
}

/// Where a page finds `app.js`, `stop.js` or `style.css`. Empty for a name that the build does not know.
pub(crate) fn path(name: &str) -> &'static str {
    FILES
        .iter()
        .find(|file| file.name == name)
        .map_or("", |file| file.path)
}

/// `GET /static/{name}`
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = FILES
        .iter()
        .find(|file| file.path.strip_prefix("/static/") == Some(name.as_str()))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    (
        [
            (header::CONTENT_TYPE, file.mime),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ],
        file.bytes,
    )
        .into_response()
}

/// `GET /sw.js`: a worker's scope is its folder, so it lives at the root and is never cached.
pub(crate) async fn worker() -> Response {
    let bytes = FILES
        .iter()
        .find(|file| file.name == "sw.js")
        .map_or(&[][..], |file| file.bytes);
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        bytes,
    )
        .into_response()
}
