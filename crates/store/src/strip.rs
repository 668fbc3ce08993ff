//! Taking away what a picture says beside the picture: where it was taken, when, with whose device, by whom.
//!
//! Done on the bytes of the container, never on the picture itself, which stays as it was to the last bit. What stays is
//! what is needed to draw it (colour, transparency, animation, and which way up); everything else goes, known or not. The
//! file before it was stripped has another hash and is another attachment.
//!
//! In scope: JPEG, PNG, WebP. Out of scope, and refused: video (its place may stand in a track of its own, beside every
//! frame) and documents (their authors stand in places that only the program which made them knows).

mod exif;
mod jpeg;
mod png;
mod webp;

/// A picture without its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Bytes that were taken away.
    pub removed: usize,
}

/// Why nothing was stripped. `Display` is a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripError {
    /// A kind of file whose metadata this cannot take away whole.
    #[error(
        "metadata can be taken out of JPEG, PNG and WebP pictures only, not out of `{media}`: send it as it is, or a picture of it"
    )]
    Media {
        /// The kind that was named.
        media: String,
    },
    /// The bytes are not such a picture, or one that is cut or malformed.
    #[error("the file is not a whole {kind} picture ({what}): metadata cannot be taken out of it")]
    Malformed {
        /// JPEG, PNG or WebP.
        kind: &'static str,
        /// What is wrong.
        what: &'static str,
    },
}

/// Takes the metadata out of `bytes`, a picture of the kind `media` (`image/jpeg`, `image/png`, `image/webp`).
///
/// ```
/// let refused = store::strip("video/mp4", b"...").unwrap_err();
/// assert!(refused.to_string().contains("send it as it is"));
/// ```
///
/// # Errors
/// [`StripError`]; then nothing may be sent as stripped.
pub fn strip(media: &str, bytes: &[u8]) -> Result<Stripped, StripError> {
    let (kind, stripped) = match media {
        "image/jpeg" => ("JPEG", jpeg::strip(bytes)),
        "image/png" => ("PNG", png::strip(bytes)),
        "image/webp" => ("WebP", webp::strip(bytes)),
        _ => {
            return Err(StripError::Media {
                media: media.to_owned(),
            });
        }
    };
    let stripped = stripped.map_err(|what| StripError::Malformed { kind, what })?;
    Ok(Stripped {
        removed: bytes.len().saturating_sub(stripped.len()),
        bytes: stripped,
    })
}

/// The next `count` bytes of `rest`, which then begins behind them.
fn take<'b>(rest: &mut &'b [u8], count: usize) -> Result<&'b [u8], &'static str> {
    let (some, behind) = rest.split_at_checked(count).ok_or("it is cut")?;
    *rest = behind;
    Ok(some)
}

/// The next `N` bytes.
fn array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], &'static str> {
    take(rest, N)?.try_into().map_err(|_| "it is cut")
}
