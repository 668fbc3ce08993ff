//! The numbers in the headers of a zip, and packed bytes unpacked.

use std::io::{self, BufRead};

use flate2::{Decompress, FlushDecompress, Status};

use super::WIDE;
use crate::files::NotFiles;

/// Unpacked in pieces of so many bytes.
const PIECE: usize = 64 << 10;

/// Hands over what a raw deflate stream holds and says how much it was; `None` when it is none, does not end, or holds more
/// than `most` bytes.
pub(super) fn inflate(
    source: &mut impl BufRead,
    most: u64,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<Option<u64>> {
    let (mut stream, mut piece) = (Decompress::new(false), vec![0; PIECE]);
    loop {
        let (read, written) = (stream.total_in(), stream.total_out());
        let packed = source.fill_buf()?;
        let is_over = packed.is_empty();
        let Ok(status) = stream.decompress(packed, &mut piece, FlushDecompress::None) else {
            return Ok(None);
        };
        let (read, written) = (stream.total_in() - read, stream.total_out() - written);
        source.consume(usize::try_from(read).unwrap_or_default());
        let made = usize::try_from(written).unwrap_or_default();
        take(piece.get(..made).unwrap_or_default())?;
        if stream.total_out() > most {
            return Ok(None);
        }
        match status {
            Status::StreamEnd => return Ok(Some(stream.total_out())),
            Status::Ok | Status::BufError if is_over && written == 0 => return Ok(None),
            Status::Ok | Status::BufError => {}
        }
    }
}

/// The numbers of a header, those that are all ones taken from the ZIP64 field.
pub(super) fn wide<const N: usize>(extra: &[u8], numbers: [u32; N]) -> Result<[u64; N], NotFiles> {
    let wanted = numbers.iter().filter(|number| **number == u32::MAX).count();
    let mut f = Fields(extra);
    if wanted > 0 || !extra.is_empty() {
        let (field, bytes) = (f.u16()?, f.u16()?);
        if field != WIDE || usize::from(bytes) != f.0.len() || f.0.len() != 8 * wanted {
            return Err(shape(
                "a header of the zip has an extra field that is not taken",
            ));
        }
    }
    let mut found = [0; N];
    for (to, number) in found.iter_mut().zip(numbers) {
        *to = if number == u32::MAX {
            f.u64()?
        } else {
            u64::from(number)
        };
    }
    Ok(found)
}

/// Little-endian numbers, one after another.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, bytes: usize) -> Result<&'a [u8], NotFiles> {
        let (taken, rest) = self
            .0
            .split_at_checked(bytes)
            .ok_or_else(|| shape("a header of the zip is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], NotFiles> {
        self.take(N)?
            .try_into()
            .map_err(|_| shape("a header of the zip is cut short"))
    }

    pub(super) fn u16(&mut self) -> Result<u16, NotFiles> {
        Ok(u16::from_le_bytes(self.number()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, NotFiles> {
        Ok(u32::from_le_bytes(self.number()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, NotFiles> {
        Ok(u64::from_le_bytes(self.number()?))
    }
}

/// A fault of the zip's shape.
pub(super) fn shape(says: &str) -> NotFiles {
    NotFiles::Shape(says.to_owned())
}
