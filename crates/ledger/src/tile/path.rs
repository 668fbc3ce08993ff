//! Paths: one spelling for each tile, so that nobody can hide a second one beside it.

use alloc::string::ToString as _;
use core::fmt;
use core::str::FromStr;

use super::{BodyBundle, Bundle, Tile, WIDTH};

/// The text is not the path of a tile or bundle in its one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile or bundle")]
pub struct NotAPath;

/// A number as C2SP writes it: three digits a path element, all but the last with an `x` before.
struct Number(u64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousands = self.0 / 1_000;
        if thousands > 0 {
            above(thousands, f)?;
        }
        write!(f, "{:03}", self.0 % 1_000)
    }
}

/// The elements before the last one; at most six, as a number has at most twenty digits.
fn above(number: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if number >= 1_000 {
        above(number / 1_000, f)?;
    }
    write!(f, "x{:03}/", number % 1_000)
}

impl FromStr for Number {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let (before, last) = match text.rsplit_once('/') {
            Some((before, last)) => (Some(before), last),
            None => (None, text),
        };
        let mut number: u64 = 0;
        let elements = before.into_iter().flat_map(|before| before.split('/'));
        for element in elements {
            number = more(number, element.strip_prefix('x').ok_or(NotAPath)?)?;
        }
        number = more(number, last)?;
        // `x000/067` is read as 67 as well; one number has one spelling.
        if Self(number).to_string() == text {
            Ok(Self(number))
        } else {
            Err(NotAPath)
        }
    }
}

fn more(number: u64, digits: &str) -> Result<u64, NotAPath> {
    if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotAPath);
    }
    let digits: u64 = digits.parse().map_err(|_| NotAPath)?;
    number
        .checked_mul(1_000)
        .and_then(|number| number.checked_add(digits))
        .ok_or(NotAPath)
}

/// `<N>` or `<N>.p/<W>`.
fn placed(text: &str) -> Result<(u64, u16), NotAPath> {
    let Some((number, width)) = text.split_once(".p/") else {
        return Ok((text.parse::<Number>()?.0, WIDTH));
    };
    let read: u16 = width.parse().map_err(|_| NotAPath)?;
    if (1..WIDTH).contains(&read) && read.to_string() == width {
        Ok((number.parse::<Number>()?.0, read))
    } else {
        Err(NotAPath)
    }
}

fn place(index: u64, width: u16, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}", Number(index))?;
    if width == WIDTH {
        Ok(())
    } else {
        write!(f, ".p/{width}")
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/", self.level)?;
        place(self.index, self.width, f)
    }
}

impl FromStr for Tile {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let (level, rest) = text
            .strip_prefix("tile/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or(NotAPath)?;
        let [digit @ b'0'..=b'9'] = level.as_bytes() else {
            return Err(NotAPath);
        };
        let (index, width) = placed(rest)?;
        Self::new(digit - b'0', index, width).ok_or(NotAPath)
    }
}

impl fmt::Display for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tile/entries/")?;
        place(self.index, self.width, f)
    }
}

impl FromStr for Bundle {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let (index, width) = placed(text.strip_prefix("tile/entries/").ok_or(NotAPath)?)?;
        Self::new(index, width).ok_or(NotAPath)
    }
}

impl fmt::Display for BodyBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bodies/{}", Number(self.index))
    }
}

impl FromStr for BodyBundle {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let index = text
            .strip_prefix("bodies/")
            .ok_or(NotAPath)?
            .parse::<Number>()?
            .0;
        // The same bound as the bundle of entries that it lies beside.
        Bundle::new(index, WIDTH).ok_or(NotAPath)?;
        Ok(Self { index })
    }
}
