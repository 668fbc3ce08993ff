//! Reading JSON strictly, before any other reader sees it.
//!
//! `serde_json` takes `null` for an absent `Option`, keeps the last of two members of one name in silence, and reads
//! `1e3` as a number. Two readers that differ in such things see two different statements in the same signed bytes. So
//! [`check`] goes over the bytes first and refuses everything that readers are known to disagree on; what it lets through
//! is one JSON object of strings, booleans, integers, arrays and objects, and means the same to everyone.
//!
//! The rules are those of `docs/formats/statement.md`, section *Payload*.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// Largest magnitude of an integer, 2^53 - 1: a browser's number holds every integer up to it and no further.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Objects and arrays inside each other, the outermost counted as 1, in everything that is signed.
pub const DEPTH_MAX: usize = 16;

/// Depth at which [`check`] stops whatever the caller asks for, so that hostile bytes cannot exhaust the stack.
const DEPTH_CEILING: usize = 64;

/// Why bytes are not strict JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{why} (at byte {offset})")]
pub struct NotStrict {
    /// Byte offset, from 0, of the first byte that cannot stand.
    pub offset: usize,
    /// The cause.
    pub why: Why,
}

/// The cause in a [`NotStrict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// More bytes than the caller allows.
    #[error("longer than the {max} bytes allowed")]
    TooLong {
        /// The limit, in bytes.
        max: usize,
    },
    /// The bytes are not UTF-8.
    #[error("not UTF-8 text")]
    NotUtf8,
    /// The bytes begin with U+FEFF.
    #[error("a byte order mark stands before the text")]
    ByteOrderMark,
    /// The outermost value is not an object.
    #[error("the outermost value must be an object")]
    NotAnObject,
    /// The text ends inside a value.
    #[error("the text ends too early")]
    Ended,
    /// A byte that JSON does not allow here.
    #[error("this character is not allowed here")]
    Unexpected,
    /// Something after the outermost object, other than white space.
    #[error("something follows the object")]
    Trailing,
    /// The same member name twice in one object, also when written with different escapes.
    #[error("a member name stands twice in one object")]
    DuplicateMember,
    /// The value `null`.
    #[error("`null` is not allowed: leave the member out")]
    Null,
    /// A fraction or an exponent.
    #[error("only whole numbers are allowed")]
    NotAnInteger,
    /// An integer beyond ±[`INTEGER_MAX`].
    #[error("the number is larger than 2^53 - 1")]
    IntegerTooLarge,
    /// `-0`, which some readers keep apart from `0`.
    #[error("minus zero is not allowed")]
    MinusZero,
    /// Objects and arrays nested deeper than the caller allows.
    #[error("nested deeper than {max}")]
    TooDeep {
        /// The limit, the outermost object counted as 1.
        max: usize,
    },
    /// A control character other than U+000A, or one that turns the direction of text.
    #[error("a control character is not allowed in a string")]
    Control,
    /// Half of a surrogate pair.
    #[error("a lone surrogate is not a character")]
    LoneSurrogate,
}

/// Says whether `bytes` are one JSON object that every reader understands alike.
///
/// `max_bytes` bounds the length; `max_depth` bounds nesting, the outermost object counted as 1 (signed things use
/// [`DEPTH_MAX`]; more than 64 counts as 64). White space around and between values is allowed.
///
/// ```
/// use domain::strict::{DEPTH_MAX, check};
/// assert!(check(br#"{"rounds":6}"#, 100, DEPTH_MAX).is_ok());
/// let error = check(br#"{"rounds":6,"rounds":0}"#, 100, DEPTH_MAX).unwrap_err();
/// assert_eq!(error.offset, 12);
/// ```
///
/// # Errors
/// [`NotStrict`] with the byte offset and the cause; a sentence in its `Display`.
pub fn check(bytes: &[u8], max_bytes: usize, max_depth: usize) -> Result<(), NotStrict> {
    if bytes.len() > max_bytes {
        return Err(NotStrict {
            offset: max_bytes,
            why: Why::TooLong { max: max_bytes },
        });
    }
    let text = core::str::from_utf8(bytes).map_err(|error| NotStrict {
        offset: error.valid_up_to(),
        why: Why::NotUtf8,
    })?;
    if text.starts_with('\u{feff}') {
        return Err(NotStrict {
            offset: 0,
            why: Why::ByteOrderMark,
        });
    }
    let mut scan = Scan {
        text,
        at: 0,
        max_depth: max_depth.min(DEPTH_CEILING),
    };
    scan.white_space();
    if scan.peek().is_some_and(|byte| byte != b'{') {
        return Err(scan.fault(Why::NotAnObject));
    }
    scan.value(0)?;
    scan.white_space();
    if scan.peek().is_some() {
        return Err(scan.fault(Why::Trailing));
    }
    Ok(())
}

/// Whether a character may not stand in a string: controls but U+000A, and what turns the direction of text.
///
/// A turned line shows a reader other words than were signed.
pub fn is_forbidden(character: char) -> bool {
    match character {
        '\n' => false,
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => true,
        _ => false,
    }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    max_depth: usize,
}

impl<'a> Scan<'a> {
    fn fault(&self, why: Why) -> NotStrict {
        NotStrict {
            offset: self.at,
            why,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), NotStrict> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.fault(Why::Unexpected)),
            None => Err(self.fault(Why::Ended)),
        }
    }

    /// One value; `depth` is the number of objects and arrays around it.
    fn value(&mut self, depth: usize) -> Result<(), NotStrict> {
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => Err(self.fault(Why::Null)),
            Some(_) => Err(self.fault(Why::Unexpected)),
            None => Err(self.fault(Why::Ended)),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), NotStrict> {
        word.bytes().try_for_each(|byte| self.expect(byte))
    }

    fn descend(&mut self, depth: usize) -> Result<(), NotStrict> {
        if depth > self.max_depth {
            return Err(self.fault(Why::TooDeep {
                max: self.max_depth,
            }));
        }
        self.at += 1;
        self.white_space();
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), NotStrict> {
        self.descend(depth)?;
        let mut names: Vec<(Cow<'a, str>, usize)> = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let offset = self.at;
            if self.peek().is_some_and(|byte| byte != b'"') {
                return Err(self.fault(Why::Unexpected));
            }
            names.push((self.string()?, offset));
            self.white_space();
            self.expect(b':')?;
            self.white_space();
            self.value(depth)?;
            self.white_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                self.white_space();
            } else {
                self.expect(b'}')?;
                return no_name_twice(names);
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), NotStrict> {
        self.descend(depth)?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth)?;
            self.white_space();
            if self.peek() == Some(b',') {
                self.at += 1;
                self.white_space();
            } else {
                return self.expect(b']');
            }
        }
    }

    fn number(&mut self) -> Result<(), NotStrict> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let first = self.at;
        let mut magnitude: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            magnitude = magnitude
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - first;
        if digits == 0 {
            return Err(self.fault(if self.peek().is_none() {
                Why::Ended
            } else {
                Why::Unexpected
            }));
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err(self.fault(Why::NotAnInteger));
        }
        if digits > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            return Err(NotStrict {
                offset: first,
                why: Why::Unexpected,
            });
        }
        if negative && magnitude == 0 {
            return Err(NotStrict {
                offset: start,
                why: Why::MinusZero,
            });
        }
        if magnitude > INTEGER_MAX {
            return Err(NotStrict {
                offset: start,
                why: Why::IntegerTooLarge,
            });
        }
        Ok(())
    }

    /// The string that begins here, its escapes resolved.
    fn string(&mut self) -> Result<Cow<'a, str>, NotStrict> {
        self.expect(b'"')?;
        let mut plain_from = self.at;
        let mut resolved: Option<String> = None;
        loop {
            self.at += self.plain();
            let Some(character) = self
                .text
                .get(self.at..)
                .and_then(|rest| rest.chars().next())
            else {
                return Err(self.fault(Why::Ended));
            };
            match character {
                '"' => {
                    let tail = self.text.get(plain_from..self.at).unwrap_or_default();
                    self.at += 1;
                    return Ok(match resolved {
                        None => Cow::Borrowed(tail),
                        Some(mut whole) => {
                            whole.push_str(tail);
                            Cow::Owned(whole)
                        }
                    });
                }
                '\\' => {
                    let whole = resolved.get_or_insert_default();
                    whole.push_str(self.text.get(plain_from..self.at).unwrap_or_default());
                    let escape_at = self.at;
                    let meant = self.escape()?;
                    if is_forbidden(meant) {
                        return Err(NotStrict {
                            offset: escape_at,
                            why: Why::Control,
                        });
                    }
                    whole.push(meant);
                    plain_from = self.at;
                }
                // A raw line feed is allowed in no JSON string, so it falls here although it may be written as `\n`.
                '\n' => return Err(self.fault(Why::Control)),
                other if is_forbidden(other) => return Err(self.fault(Why::Control)),
                other => self.at += other.len_utf8(),
            }
        }
    }

    /// How many bytes from here on stand for themselves in a string: nearly all that is ever read here is base64.
    fn plain(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        rest.iter()
            .position(|byte| !matches!(byte, b' '..=b'~') || matches!(byte, b'"' | b'\\'))
            .unwrap_or(rest.len())
    }

    fn escape(&mut self) -> Result<char, NotStrict> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else {
            return Err(self.fault(Why::Ended));
        };
        let meant = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode_escape(start);
            }
            _ => return Err(self.fault(Why::Unexpected)),
        };
        self.at += 1;
        Ok(meant)
    }

    /// After `\u`: four digits, or a surrogate pair of two such escapes. `start` is where the backslash stands.
    fn unicode_escape(&mut self, start: usize) -> Result<char, NotStrict> {
        let lone = NotStrict {
            offset: start,
            why: Why::LoneSurrogate,
        };
        let first = self.four_digits()?;
        if !(0xd800..=0xdfff).contains(&first) {
            return char::from_u32(first).ok_or(lone);
        }
        let followed = self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u");
        if first > 0xdbff || !followed {
            return Err(lone);
        }
        self.at += 2;
        let second = self.four_digits()?;
        if !(0xdc00..=0xdfff).contains(&second) {
            return Err(lone);
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(lone)
    }

    fn four_digits(&mut self) -> Result<u32, NotStrict> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else {
                return Err(self.fault(Why::Ended));
            };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(self.fault(Why::Unexpected));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// Sorted rather than compared pair by pair: ten thousand members in hostile bytes must not cost a hundred million steps.
fn no_name_twice(mut names: Vec<(Cow<'_, str>, usize)>) -> Result<(), NotStrict> {
    names.sort_unstable();
    let twice = names.windows(2).filter_map(|pair| match pair {
        [(one, _), (other, offset)] if one == other => Some(*offset),
        _ => None,
    });
    twice.min().map_or(Ok(()), |offset| {
        Err(NotStrict {
            offset,
            why: Why::DuplicateMember,
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests;
