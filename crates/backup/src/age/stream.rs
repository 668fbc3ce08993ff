//! What follows the header: 64 KiB at a time, each counted and authenticated, the last marked as the last.

use std::io::{self, Read, Write};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce};

use super::{AgeError, FileKey, Identity, Recipient, cipher, derive, header, random};

const CHUNK_BYTES: usize = 64 << 10;

fn payload_cipher(file: &FileKey, nonce: &[u8; 16]) -> Result<LessSafeKey, AgeError> {
    cipher(&derive(nonce, &file.0, b"payload")?)
}

/// The nonce of a chunk: its number in 11 bytes, and whether it is the last.
fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut bytes = [0; 12];
    for (to, byte) in bytes.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *to = byte;
    }
    if let Some(last) = bytes.last_mut() {
        *last = u8::from(is_last);
    }
    Nonce::assume_unique_for_key(bytes)
}

/// Encrypts what is written to it. Nothing can be opened before [`Sealer::finish`].
pub struct Sealer<W: Write> {
    out: W,
    cipher: LessSafeKey,
    number: u64,
    chunk: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Writes the header for `recipients` to `out`. The key is for reading back what was written.
    ///
    /// # Errors
    /// [`AgeError`].
    pub fn new(mut out: W, recipients: &[Recipient]) -> Result<(Self, FileKey), AgeError> {
        let file = FileKey(random()?);
        out.write_all(&header::write(&file, recipients)?)?;
        let nonce = random()?;
        out.write_all(&nonce)?;
        let sealer = Self {
            out,
            cipher: payload_cipher(&file, &nonce)?,
            number: 0,
            chunk: Vec::with_capacity(CHUNK_BYTES + CHACHA20_POLY1305.tag_len()),
        };
        Ok((sealer, file))
    }

    /// Writes the last chunk and hands back what it wrote to.
    ///
    /// # Errors
    /// From there.
    pub fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.out)
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        self.cipher
            .seal_in_place_append_tag(nonce(self.number, is_last), Aad::empty(), &mut self.chunk)
            .map_err(|_| io::Error::other("the cipher refused"))?;
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        // Only when more comes is a full chunk known not to be the last.
        if self.chunk.len() == CHUNK_BYTES {
            self.seal(false)?;
        }
        let count = bytes.len().min(CHUNK_BYTES - self.chunk.len());
        self.chunk.extend(bytes.iter().take(count));
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Decrypts what is read through it. Every byte was authenticated before it is handed out; a read that fails with
/// [`io::ErrorKind::InvalidData`] found it damaged or cut off. Only when the end was reached was all of it there.
pub struct Opener<R: Read> {
    source: R,
    cipher: LessSafeKey,
    number: u64,
    chunk: Vec<u8>,
    /// How much of `chunk` was handed out.
    given: usize,
    /// The first byte of the next chunk, read to see whether there is one.
    ahead: Option<u8>,
    is_at_end: bool,
}

impl<R: Read> Opener<R> {
    /// Reads the header of `source` and finds the key that one of `identities` opens.
    ///
    /// # Errors
    /// [`AgeError`].
    pub fn new(mut source: R, identities: &[Identity]) -> Result<Self, AgeError> {
        let file = header::read(&mut source, identities)?;
        Self::payload(source, &file)
    }

    /// As [`Opener::new`], for who made the file a moment ago and still has its key.
    ///
    /// # Errors
    /// [`AgeError`].
    pub fn with_key(mut source: R, file: &FileKey) -> Result<Self, AgeError> {
        // Nobody's identity: the header is read to its end and no key is looked for.
        match header::read(&mut source, &[]) {
            Err(AgeError::OtherKey) => Self::payload(source, file),
            Err(error) => Err(error),
            Ok(_) => Err(AgeError::Header),
        }
    }

    fn payload(mut source: R, file: &FileKey) -> Result<Self, AgeError> {
        let mut nonce = [0; 16];
        source
            .read_exact(&mut nonce)
            .map_err(|_| AgeError::Header)?;
        Ok(Self {
            source,
            cipher: payload_cipher(file, &nonce)?,
            number: 0,
            chunk: Vec::new(),
            given: 0,
            ahead: None,
            is_at_end: false,
        })
    }

    fn load(&mut self) -> io::Result<()> {
        let whole = CHUNK_BYTES + CHACHA20_POLY1305.tag_len();
        self.chunk.clear();
        self.given = 0;
        self.chunk.extend(self.ahead.take());
        let rest = whole - self.chunk.len();
        (&mut self.source)
            .take(rest as u64)
            .read_to_end(&mut self.chunk)?;
        if self.chunk.len() == whole {
            let mut next = Vec::new();
            (&mut self.source).take(1).read_to_end(&mut next)?;
            self.ahead = next.first().copied();
        }
        let is_last = self.ahead.is_none();
        let length = self
            .cipher
            .open_in_place(nonce(self.number, is_last), Aad::empty(), &mut self.chunk)
            .map_err(|_| damaged())?
            .len();
        self.chunk.truncate(length);
        // An empty last chunk behind others would be a second way to write the same thing.
        if is_last && length == 0 && self.number > 0 {
            return Err(damaged());
        }
        self.is_at_end = is_last;
        self.number += 1;
        Ok(())
    }
}

impl<R: Read> Read for Opener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.chunk.len() {
            if self.is_at_end {
                return Ok(0);
            }
            self.load()?;
        }
        let some = self.chunk.get(self.given..).unwrap_or_default();
        let count = some.len().min(into.len());
        for (to, byte) in into.iter_mut().zip(some) {
            *to = *byte;
        }
        self.given += count;
        Ok(count)
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the backup is damaged or cut off",
    )
}
