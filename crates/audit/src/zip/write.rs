//! Writing: what is small is packed in memory; what is streamed is stored as it is and its checksum put in afterwards.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{CENTRAL, DEFLATED, END, END64, END64_BYTES, LOCAL, LOCATOR, STORED, WIDE};
use crate::files::each_piece;

/// 1980-01-01, the first day that a zip knows: the same files make the same bytes.
const DATE: u16 = 0x0021;
/// Plain files readable by all, as Unix has them.
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// Made on Unix, by version 4.5 of the format.
const MADE_BY: u16 = 0x032d;

/// Writes a zip that [`super::Zip`] takes.
#[derive(Debug)]
pub struct ZipWriter<W> {
    into: W,
    at: u64,
    directory: Vec<u8>,
    count: u64,
}

struct Header<'a> {
    path: &'a str,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
}

impl<W: Write + Seek> ZipWriter<W> {
    /// Begins at the start of `into`.
    pub const fn new(into: W) -> Self {
        Self {
            into,
            at: 0,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// Adds a file, packed where that makes it smaller.
    ///
    /// # Errors
    /// From the file system.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(bytes)?;
        let packed = deflate.finish()?;
        let (method, kept) = if packed.len() < bytes.len() {
            (DEFLATED, packed.as_slice())
        } else {
            (STORED, bytes)
        };
        let header = Header {
            path,
            method,
            crc: crc.sum(),
            packed: kept.len() as u64,
            size: bytes.len() as u64,
        };
        let begin = self.at;
        self.write(&local(&header))?;
        self.write(kept)?;
        self.list(&header, begin);
        Ok(())
    }

    /// Adds a file of `size` bytes as it is, piece by piece.
    ///
    /// # Errors
    /// From the file system, also when `from` holds another number of bytes.
    pub fn stream(&mut self, path: &str, size: u64, from: &mut dyn Read) -> io::Result<()> {
        let mut header = Header {
            path,
            method: STORED,
            crc: 0,
            packed: size,
            size,
        };
        let begin = self.at;
        self.write(&local(&header))?;
        let mut crc = Crc::new();
        let read = each_piece(from, |piece| {
            crc.update(piece);
            self.write(piece)
        })?;
        if read != size {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("`{path}` has {read} bytes and not {size}"),
            ));
        }
        header.crc = crc.sum();
        self.into.seek(SeekFrom::Start(begin))?;
        self.into.write_all(&local(&header))?;
        self.into.seek(SeekFrom::Start(self.at))?;
        self.list(&header, begin);
        Ok(())
    }

    /// Writes the directory.
    ///
    /// # Errors
    /// From the file system.
    pub fn finish(mut self) -> io::Result<W> {
        let (begin, bytes) = (self.at, self.directory.len() as u64);
        let directory = std::mem::take(&mut self.directory);
        self.write(&directory)?;
        let mut end = Vec::new();
        let is_wide = self.count >= u64::from(u16::MAX) || begin.max(bytes) >= u64::from(u32::MAX);
        if is_wide {
            let at = self.at;
            put32(&mut end, END64);
            put64(&mut end, END64_BYTES - 12);
            put16(&mut end, MADE_BY);
            put16(&mut end, 45);
            put32(&mut end, 0);
            put32(&mut end, 0);
            for number in [self.count, self.count, bytes, begin] {
                put64(&mut end, number);
            }
            put32(&mut end, LOCATOR);
            put32(&mut end, 0);
            put64(&mut end, at);
            put32(&mut end, 1);
        }
        put32(&mut end, END);
        put32(&mut end, 0);
        let count = u16::try_from(self.count).unwrap_or(u16::MAX);
        put16(&mut end, count);
        put16(&mut end, count);
        put32(&mut end, narrow(bytes));
        put32(&mut end, narrow(begin));
        put16(&mut end, 0);
        self.write(&end)?;
        self.into.flush()?;
        Ok(self.into)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.into.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn list(&mut self, header: &Header<'_>, begin: u64) {
        let extra = wide(&[header.size, header.packed, begin]);
        let into = &mut self.directory;
        put32(into, CENTRAL);
        put16(into, MADE_BY);
        common(into, header);
        put16(into, u16::try_from(header.path.len()).unwrap_or(u16::MAX));
        put16(into, u16::try_from(extra.len()).unwrap_or(u16::MAX));
        put16(into, 0);
        put16(into, 0);
        put16(into, 0);
        put32(into, ATTRIBUTES);
        put32(into, narrow(begin));
        into.extend_from_slice(header.path.as_bytes());
        into.extend_from_slice(&extra);
        self.count += 1;
    }
}

fn local(header: &Header<'_>) -> Vec<u8> {
    let extra = wide(&[header.size, header.packed]);
    let mut into = Vec::with_capacity(30 + header.path.len() + extra.len());
    put32(&mut into, LOCAL);
    common(&mut into, header);
    put16(
        &mut into,
        u16::try_from(header.path.len()).unwrap_or(u16::MAX),
    );
    put16(&mut into, u16::try_from(extra.len()).unwrap_or(u16::MAX));
    into.extend_from_slice(header.path.as_bytes());
    into.extend_from_slice(&extra);
    into
}

/// What stands in both headers, from the version needed to the sizes.
fn common(into: &mut Vec<u8>, header: &Header<'_>) {
    let is_wide = header.size.max(header.packed) >= u64::from(u32::MAX);
    put16(into, if is_wide { 45 } else { 20 });
    put16(into, 0);
    put16(into, header.method);
    put16(into, 0);
    put16(into, DATE);
    put32(into, header.crc);
    put32(into, narrow(header.packed));
    put32(into, narrow(header.size));
}

/// The ZIP64 field for those numbers that need it; empty when none does.
fn wide(numbers: &[u64]) -> Vec<u8> {
    let wide: Vec<u64> = numbers
        .iter()
        .copied()
        .filter(|number| *number >= u64::from(u32::MAX))
        .collect();
    let mut into = Vec::new();
    if !wide.is_empty() {
        put16(&mut into, WIDE);
        put16(&mut into, u16::try_from(8 * wide.len()).unwrap_or_default());
        for number in wide {
            put64(&mut into, number);
        }
    }
    into
}

/// All ones for what does not fit.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn put16(into: &mut Vec<u8>, number: u16) {
    into.extend_from_slice(&number.to_le_bytes());
}

fn put32(into: &mut Vec<u8>, number: u32) {
    into.extend_from_slice(&number.to_le_bytes());
}

fn put64(into: &mut Vec<u8>, number: u64) {
    into.extend_from_slice(&number.to_le_bytes());
}
