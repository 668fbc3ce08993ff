//! The text at the beginning: the file key, encrypted to each recipient, under a code of the whole.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use ring::hmac;

use super::key::Wrapped;
use super::{AgeError, FileKey, Identity, Recipient, derive};
use crate::limit::{HEADER_BYTES_MAX, RECIPIENTS_MAX};

const VERSION: &str = "age-encryption.org/v1\n";
const STANZA: &str = "-> X25519 ";
const END: &str = "---";
/// Columns after which the body of a stanza is wrapped.
const COLUMNS: usize = 64;

/// The header for `recipients`.
pub(super) fn write(file: &FileKey, recipients: &[Recipient]) -> Result<Vec<u8>, AgeError> {
    if recipients.is_empty() || recipients.len() > RECIPIENTS_MAX {
        return Err(AgeError::Recipients);
    }
    let mut header = VERSION.to_owned();
    for recipient in recipients {
        let wrapped = recipient.wrap(file)?;
        let (share, body) = (BASE64.encode(wrapped.share), BASE64.encode(wrapped.body));
        header.extend([STANZA, &share, "\n", &body, "\n"]);
    }
    header.push_str(END);
    let code = hmac::sign(&code_key(file)?, header.as_bytes());
    header.extend([" ", &BASE64.encode(code), "\n"]);
    Ok(header.into_bytes())
}

/// Reads the header from `source`, to its last line and no further, and finds the file key.
pub(super) fn read(source: &mut impl Read, identities: &[Identity]) -> Result<FileKey, AgeError> {
    let text = text(source)?;
    let mut lines = text.strip_prefix(VERSION).ok_or(AgeError::Header)?.lines();
    let mut found = None;
    let mut line = lines.next().ok_or(AgeError::Header)?;
    while let Some(arguments) = line.strip_prefix("-> ") {
        let mut body = String::new();
        loop {
            let more = lines.next().ok_or(AgeError::Header)?;
            body.push_str(more);
            if more.len() < COLUMNS {
                break;
            }
        }
        // Stanzas of other kinds are for other programs.
        if let Some(share) = arguments.strip_prefix("X25519 ") {
            let wrapped = Wrapped {
                share: array(share)?,
                body: array(&body)?,
            };
            found = found.or_else(|| identities.iter().find_map(|one| one.unwrap(&wrapped)));
        }
        line = lines.next().ok_or(AgeError::Header)?;
    }
    let code = line
        .strip_prefix(END)
        .and_then(|rest| rest.strip_prefix(' '))
        .ok_or(AgeError::Header)?;
    let file = found.ok_or(AgeError::OtherKey)?;
    let coded = text
        .len()
        .checked_sub(code.len() + 2)
        .and_then(|end| text.get(..end))
        .ok_or(AgeError::Header)?;
    hmac::verify(&code_key(&file)?, coded.as_bytes(), &array::<32>(code)?)
        .map_err(|_| AgeError::Header)?;
    Ok(file)
}

fn code_key(file: &FileKey) -> Result<hmac::Key, AgeError> {
    derive(&[], &file.0, b"header").map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key))
}

/// Bytes up to the end of the line that begins with `---`. Read one by one: what follows is not ours.
fn text(source: &mut impl Read) -> Result<String, AgeError> {
    let (mut header, mut line) = (Vec::new(), 0);
    while header.len() < HEADER_BYTES_MAX {
        let mut byte = [0];
        source.read_exact(&mut byte).map_err(|error| {
            if error.kind() == std::io::ErrorKind::UnexpectedEof {
                AgeError::Header
            } else {
                AgeError::Io(error)
            }
        })?;
        header.extend(byte);
        if byte == *b"\n" {
            if header
                .get(line..)
                .is_some_and(|last| last.starts_with(END.as_bytes()))
            {
                return String::from_utf8(header).map_err(|_| AgeError::Header);
            }
            line = header.len();
        }
    }
    Err(AgeError::Header)
}

fn array<const N: usize>(text: &str) -> Result<[u8; N], AgeError> {
    let bytes = BASE64.decode(text).map_err(|_| AgeError::Header)?;
    bytes.try_into().map_err(|_| AgeError::Header)
}
