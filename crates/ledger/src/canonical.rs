//! Reading what lies exactly as we write it, in one pass.
//!
//! The formats leave white space and the order of members free, so the readers in [`crate::entry`] and [`crate::envelope`]
//! take any. Nearly all that is ever read was written by our own code, though: members in one order, no white space, no
//! escapes. Such bytes are read here at a third of the cost. Anything else, wrong or only different, is `None` and goes the
//! long way, which alone says what is wrong.
//!
//! INVARIANT: what is read here, the long way reads as the same (`tests`). Every byte is matched: member names and
//! punctuation literally, so that none stands twice; numbers within 2^53; strings of visible ASCII without quotes and
//! backslashes; base64 by its decoder; and an outcome by [`domain::strict`].

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::strict::{self, DEPTH_MAX, INTEGER_MAX};

use crate::digest::from_hex;
use crate::entry::Entry;
use crate::envelope::{Content, Header, PAYLOAD_TYPE, SeenHead, Shown};
use crate::limit::{ENVELOPE_BYTES_MAX, OUTCOME_BYTES_MAX};
use crate::{Digest, PublicKey};

/// An entry as [`Entry::write`] writes it, its packs not yet looked at.
pub(crate) fn entry(bytes: &[u8]) -> Option<Entry> {
    let mut text = Text(bytes);
    text.skip(br#"{"v":1,"at":"#)?;
    let at = text.number()?;
    text.skip(br#","statement":""#)?;
    let statement = text.until_quote()?;
    text.skip(br#","outcome":"#)?;
    let Text(rest) = text;
    // The last one: none of the strings after it holds a quote.
    let name = br#","packs":["#;
    let end = rest
        .windows(name.len())
        .rposition(|window| window == name)?;
    let (outcome, packs) = rest.split_at_checked(end)?;
    let (Some(b'{'), Some(b'}')) = (outcome.first(), outcome.last()) else {
        return None;
    };
    strict::check(outcome, OUTCOME_BYTES_MAX, DEPTH_MAX - 1).ok()?;
    let mut text = Text(packs);
    text.skip(name)?;
    let packs = text.strings()?;
    text.ends(b"}")?;
    Some(Entry {
        at_ms: i64::try_from(at).ok()?,
        statement: STANDARD
            .decode(statement)
            .ok()
            .filter(|envelope| envelope.len() <= ENVELOPE_BYTES_MAX)?,
        outcome: outcome.to_vec(),
        packs,
    })
}

/// An envelope as [`crate::envelope::sign`] writes it: payload, key named, signature.
pub(crate) fn envelope(bytes: &[u8]) -> Option<(Vec<u8>, PublicKey, [u8; 64])> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return None;
    }
    let mut text = Text(bytes);
    text.skip(br#"{"payloadType":""#)?;
    text.skip(PAYLOAD_TYPE.as_bytes())?;
    text.skip(br#"","payload":""#)?;
    let payload = STANDARD.decode(text.until_quote()?).ok()?;
    text.skip(br#","signatures":[{"keyid":""#)?;
    let key = PublicKey(text.hex()?);
    text.skip(br#","sig":""#)?;
    let signature = STANDARD.decode(text.until_quote()?).ok()?;
    text.ends(b"}]}")?;
    Some((payload, key, signature.try_into().ok()?))
}

/// A payload as [`Header::write`] writes it, of a statement whose body lies beside the log.
pub(crate) fn header(bytes: &[u8]) -> Option<Header> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return None;
    }
    let mut text = Text(bytes);
    text.skip(br#"{"v":1,"origin":""#)?;
    let origin = text.plain()?;
    text.skip(br#","kind":""#)?;
    let kind = text.plain()?;
    text.skip(br#","kv":"#)?;
    let kv = text.number()?;
    text.skip(br#","person":""#)?;
    let person = Digest(text.hex()?);
    text.skip(br#","key":""#)?;
    let key = PublicKey(text.hex()?);
    text.skip(br#","counter":"#)?;
    let counter = text.number()?;
    text.skip(br#","prev":""#)?;
    let prev = Digest(text.hex()?);
    text.skip(br#","at":"#)?;
    let at = text.number()?;
    text.skip(br#","head":{"size":"#)?;
    let size = text.number()?;
    text.skip(br#","root":""#)?;
    let root = Digest(text.hex()?);
    text.skip(br#","at":"#)?;
    let head_at = text.number()?;
    text.skip(br#"},"shown":{"lang":""#)?;
    let lang = text.plain()?;
    text.skip(br#","words":"#)?;
    let words = text.number()?;
    text.skip(br#"},"shared":"#)?;
    let shared = match text.skip(b"true") {
        Some(()) => true,
        None => text.skip(b"false").map(|()| false)?,
    };
    text.skip(br#","body":""#)?;
    let body = Digest(text.hex()?);
    text.ends(b"}")?;
    if counter == 0 || kv == 0 {
        return None;
    }
    Some(Header {
        origin,
        kind,
        kv: u32::try_from(kv).ok()?,
        person,
        key,
        counter,
        prev,
        at_ms: i64::try_from(at).ok()?,
        head: SeenHead {
            size,
            root,
            at_ms: i64::try_from(head_at).ok()?,
        },
        shown: Shown {
            lang,
            words: u32::try_from(words).ok()?,
        },
        shared,
        content: Content::Beside(body),
    })
}

/// What is left to be read.
struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn ends(&self, expected: &[u8]) -> Option<()> {
        (self.0 == expected).then_some(())
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Up to the next quote, which is passed over; what is taken is not looked at.
    fn until_quote(&mut self) -> Option<&'a [u8]> {
        // Sixteen bytes are looked at together, since base64 is long.
        let (blocks, _) = self.0.as_chunks::<16>();
        let passed = 16
            * blocks
                .iter()
                .take_while(|block| !block.contains(&b'"'))
                .count();
        let rest = self.0.get(passed..)?;
        let more = rest.iter().position(|byte| *byte == b'"')?;
        let taken = self.take(passed + more)?;
        self.skip(b"\"")?;
        Some(taken)
    }

    /// The rest of a string of visible ASCII and spaces without escapes, and its quote.
    fn plain(&mut self) -> Option<String> {
        let taken = self.until_quote()?;
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'\\';
        if !taken.iter().all(is_plain) {
            return None;
        }
        core::str::from_utf8(taken).ok().map(ToString::to_string)
    }

    /// The rest of a string of so many hex digits, and its quote.
    fn hex<const N: usize>(&mut self) -> Option<[u8; N]> {
        let digits = self.take(2 * N)?;
        self.skip(b"\"")?;
        from_hex(core::str::from_utf8(digits).ok()?).ok()
    }

    /// A whole number from 0 to 2^53 - 1 in its one spelling.
    fn number(&mut self) -> Option<u64> {
        let count = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let digits = self.take(count)?;
        let is_one_spelling = matches!(digits, [b'0'] | [b'1'..=b'9', ..]);
        // 2^53 - 1 has sixteen digits.
        if !is_one_spelling || count > 16 {
            return None;
        }
        let number = digits
            .iter()
            .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
        (number <= INTEGER_MAX).then_some(number)
    }

    /// The rest of an array of plain strings, and its bracket.
    fn strings(&mut self) -> Option<Vec<String>> {
        let mut strings = Vec::new();
        if self.skip(b"]").is_some() {
            return Some(strings);
        }
        loop {
            self.skip(b"\"")?;
            strings.push(self.plain()?);
            if self.skip(b"]").is_some() {
                return Some(strings);
            }
            self.skip(b",")?;
        }
    }
}

#[cfg(test)]
mod tests;
