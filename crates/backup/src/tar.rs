//! The one kind of tar archive that a backup is: regular files, plain names, nothing that a person did not put there.
//! Other programs unpack it; this one takes only what it would have written itself.

use std::io::{self, Read, Write};

const BLOCK_BYTES: usize = 512;
const NAME_BYTES_MAX: usize = 100;
/// Eleven octal digits.
const SIZE_BYTES_MAX: u64 = 0o77_777_777_777;

/// Writes members one after another.
pub(crate) struct Writer<W: Write> {
    out: W,
}

impl<W: Write> Writer<W> {
    pub(crate) const fn new(out: W) -> Self {
        Self { out }
    }

    /// Adds the member `name` of exactly `bytes` bytes.
    pub(crate) fn add(&mut self, name: &str, bytes: u64, content: &mut dyn Read) -> io::Result<()> {
        self.out.write_all(&head(name, bytes)?)?;
        let copied = io::copy(&mut content.take(bytes), &mut self.out)?;
        if copied != bytes {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("`{name}` became shorter while it was read"),
            ));
        }
        self.out.write_all(&vec![0; padding(bytes)])
    }

    /// Writes the end and hands back what it wrote to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&[0; 2 * BLOCK_BYTES])?;
        Ok(self.out)
    }
}

/// Reads members one after another. Whatever is not exactly as [`Writer`] writes it is an error of the kind
/// [`io::ErrorKind::InvalidData`].
pub(crate) struct Reader<R: Read> {
    source: R,
}

/// A member's name and size; its bytes come next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

impl<R: Read> Reader<R> {
    pub(crate) const fn new(source: R) -> Self {
        Self { source }
    }

    /// The next member, `None` at the end. The one before must have been read with [`Reader::content`].
    pub(crate) fn next(&mut self) -> io::Result<Option<Member>> {
        let mut block = [0; BLOCK_BYTES];
        self.source.read_exact(&mut block).map_err(cut)?;
        if block == [0; BLOCK_BYTES] {
            self.end()?;
            return Ok(None);
        }
        let text = |from: usize, count: usize| {
            block
                .get(from..from + count)
                .and_then(|field| std::str::from_utf8(field).ok())
                .map(|field| field.trim_end_matches('\0'))
                .ok_or_else(|| odd("a name is not text"))
        };
        let name = text(0, NAME_BYTES_MAX)?.to_owned();
        let bytes =
            u64::from_str_radix(text(124, 12)?, 8).map_err(|_| odd("a size is not a number"))?;
        // All other fields are constants.
        if head(&name, bytes)? != block {
            return Err(odd("a member is not as backups have them"));
        }
        Ok(Some(Member { name, bytes }))
    }

    /// Hands the bytes of `member` to `take`, which must read all of them.
    pub(crate) fn content<T, E: From<io::Error>>(
        &mut self,
        member: &Member,
        take: impl FnOnce(&mut dyn Read) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut content = (&mut self.source).take(member.bytes);
        let taken = take(&mut content)?;
        if content.limit() > 0 {
            return Err(odd("a member is longer than it should be").into());
        }
        let mut rest = vec![1; padding(member.bytes)];
        self.source.read_exact(&mut rest).map_err(cut)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(odd("something stands between two members").into());
        }
        Ok(taken)
    }

    fn end(&mut self) -> io::Result<()> {
        let mut block = [1; BLOCK_BYTES];
        self.source.read_exact(&mut block).map_err(cut)?;
        let mut behind = [0];
        if block != [0; BLOCK_BYTES] || self.source.read(&mut behind)? > 0 {
            return Err(odd("something stands behind the end"));
        }
        Ok(())
    }
}

/// Whether `name` may be a member: a relative path of plain letters that stays where it is unpacked.
pub(crate) fn is_plain(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    (1..=NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(is_letter)
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK_BYTES as u64).unwrap_or_default();
    (BLOCK_BYTES - over) % BLOCK_BYTES
}

/// A header block of the POSIX form `ustar`: readable by its user alone, of nobody, of no time.
fn head(name: &str, bytes: u64) -> io::Result<[u8; BLOCK_BYTES]> {
    if !is_plain(name) {
        return Err(odd("a name climbs out of the backup or is no plain name"));
    }
    if bytes > SIZE_BYTES_MAX {
        return Err(odd("a member is longer than such an archive holds"));
    }
    let size = format!("{bytes:011o}\0");
    let fields: [(usize, &[u8]); 10] = [
        (0, name.as_bytes()),
        (100, b"0000600\0"),
        (108, b"0000000\0"),
        (116, b"0000000\0"),
        (124, size.as_bytes()),
        (136, b"00000000000\0"),
        (148, b"        "),
        (156, b"0"),
        (257, b"ustar\x0000"),
        (329, b"0000000\x000000000\0"),
    ];
    let mut block = [0; BLOCK_BYTES];
    for (at, field) in fields {
        for (to, byte) in block.iter_mut().skip(at).zip(field) {
            *to = *byte;
        }
    }
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    for (to, byte) in block
        .iter_mut()
        .skip(148)
        .zip(format!("{sum:06o}\0 ").bytes())
    {
        *to = byte;
    }
    Ok(block)
}

fn odd(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

fn cut(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return odd("the backup is cut off");
    }
    error
}
