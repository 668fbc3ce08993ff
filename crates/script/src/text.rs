//! From bytes to text: UTF-8, UTF-16 and Windows-1252, by their mark, by what XML declares, or by what fits.

use crate::Fault;

/// Text, with what was assumed about its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, its lines ended by `\n`.
    pub text: String,
    /// How it was read, where it was not plain UTF-8.
    pub note: Option<String>,
}

const CURE_SAVE: &str = "save it again as UTF-8";

/// Reads bytes of at most `bytes_max`.
///
/// # Errors
/// [`Fault`]: empty, too large, a known format that is no text, or bytes that fit no encoding.
pub fn decode(bytes: &[u8], bytes_max: usize) -> Result<Decoded, Fault> {
    if bytes.len() > bytes_max {
        return Err(Fault::new(
            1,
            format!("the file has {} bytes, more than {bytes_max}", bytes.len()),
            "check that it is the right file; leave pictures out or split it",
        ));
    }
    refuse_no_text(bytes)?;
    let (text, note) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest)?, None),
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Some("UTF-16")),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Some("UTF-16")),
        [b'<', 0, ..] => (utf16(bytes, u16::from_le_bytes)?, Some("UTF-16")),
        [0, b'<', ..] => (utf16(bytes, u16::from_be_bytes)?, Some("UTF-16")),
        _ => without_mark(bytes)?,
    };
    if text.contains('\0') {
        return Err(Fault::new(
            line_of(&text, text.find('\0').unwrap_or(0)),
            "the file holds zero bytes, so it is no text",
            CURE_SAVE,
        ));
    }
    if text.trim().is_empty() {
        return Err(Fault::new(
            1,
            "the file is empty",
            "check that it was written whole",
        ));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(Decoded {
        text,
        note: note.map(|name| format!("read as {name}")),
    })
}

/// Whether the text is XML.
pub(crate) fn is_xml(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// Lines of a text.
pub(crate) fn line_count(text: &str) -> u32 {
    u32::try_from(text.lines().count()).unwrap_or(u32::MAX)
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    ends(before).saturating_add(1)
}

/// How many lines end in these bytes.
#[expect(
    clippy::naive_bytecount,
    reason = "a few megabytes once; no dependency for it"
)]
pub(crate) fn ends(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// One line without control characters and double blanks, cut to `chars_max`.
pub(crate) fn tidy(text: &str, chars_max: usize) -> String {
    let plain: String = text
        .chars()
        .map(|one| {
            if one.is_control() || is_turning(one) {
                ' '
            } else {
                one
            }
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(chars_max).collect()
}

/// Characters that turn the direction of writing: on a terminal they make a line read otherwise than it is.
const fn is_turning(one: char) -> bool {
    matches!(one, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn refuse_no_text(bytes: &[u8]) -> Result<(), Fault> {
    let (says, cure) = if bytes.starts_with(b"%PDF") {
        (
            "this is a PDF, which has no scenes or rows that can be read with certainty",
            "export the script as Fountain or Final Draft (.fdx), a sheet as CSV",
        )
    } else if bytes.starts_with(b"PK\x03\x04") {
        (
            "this is a zip, as .docx, .xlsx and .fadein are",
            "export the script as Fountain or Final Draft (.fdx), a sheet as CSV",
        )
    } else if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        (
            "this is an old Word or Excel file",
            "export the script as Fountain or Final Draft (.fdx), a sheet as CSV",
        )
    } else {
        return Ok(());
    };
    Err(Fault::new(1, says, cure))
}

fn without_mark(bytes: &[u8]) -> Result<(String, Option<&'static str>), Fault> {
    match declared(bytes).as_deref() {
        Some("utf-8" | "utf8" | "us-ascii" | "ascii") => Ok((utf8(bytes)?, None)),
        Some("iso-8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252") => {
            Ok((windows_1252(bytes), Some("Windows-1252, as it declares")))
        }
        Some(other) => Err(Fault::new(
            1,
            format!("its encoding `{}` is not known here", tidy(other, 40)),
            CURE_SAVE,
        )),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Ok((text.to_owned(), None)),
            Err(_) if !bytes.contains(&0) => Ok((
                windows_1252(bytes),
                Some("Windows-1252, since it is not UTF-8; look at letters with accents"),
            )),
            Err(_) => utf8(bytes).map(|text| (text, None)),
        },
    }
}

/// The encoding in an XML declaration, in small letters.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head = String::from_utf8_lossy(head);
    let head = head.trim_start().strip_prefix("<?xml")?;
    let head = head.split("?>").next()?;
    let (_, rest) = head.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest
        .chars()
        .next()
        .filter(|one| matches!(one, '"' | '\''))?;
    let (name, _) = rest.get(1..)?.split_once(quote)?;
    Some(name.to_ascii_lowercase())
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    std::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            Fault::new(
                ends(valid).saturating_add(1),
                "the bytes are not the UTF-8 that the file says it is",
                CURE_SAVE,
            )
        })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Fault> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        Ok(_) | Err(_) => {
            let ends = pairs.iter().filter(|pair| unit(**pair) == 10).count();
            Err(Fault::new(
                u32::try_from(ends + 1).unwrap_or(u32::MAX),
                "the file says that it is UTF-16 and breaks off within a letter or holds half of one",
                "it was cut or damaged on the way: take it from its source again, or save it as UTF-8",
            ))
        }
    }
}

/// The 32 places in which Windows-1252 differs from Latin-1; the five that it leaves free stay as they are.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| {
            let place = usize::from(byte.wrapping_sub(0x80));
            UPPER.get(place).copied().unwrap_or(char::from(*byte))
        })
        .collect()
}
