//! Reading. Every file is unpacked once when the zip is opened, so that nothing that comes after meets a lying header.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use ledger::Digest;
use sha2::{Digest as _, Sha256};

use super::fields::{Fields, inflate, shape, wide};
use super::{
    CENTRAL, DEFLATED, END, END_BYTES, END64, END64_BYTES, LOCAL, LOCATOR, LOCATOR_BYTES, STORED,
};
use crate::files::{Files, NotFiles, each_piece};
use crate::limit::{FILES_MAX, ZIP_DIRECTORY_BYTES_MAX, ZIP_RATIO_MAX, ZIP_SLACK_BYTES};

/// Flags that may be set: how hard it was packed, and that the name is UTF-8.
const FLAGS: u16 = 0b1000_0000_0110;

/// A copy as one zip.
#[derive(Debug)]
pub struct Zip {
    file: File,
    length: u64,
    sizes: BTreeMap<String, u64>,
    packed: BTreeMap<String, Packed>,
}

#[derive(Debug, Clone, Copy)]
struct Packed {
    begin: u64,
    bytes: u64,
    method: u16,
    crc: u32,
    size: u64,
    sha256: Digest,
}

impl Zip {
    /// Reads the directory, compares every header with it, and unpacks every file once.
    ///
    /// # Errors
    /// [`NotFiles`].
    pub fn open(path: &Path) -> Result<Self, NotFiles> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let mut zip = Self {
            file,
            length,
            sizes: BTreeMap::new(),
            packed: BTreeMap::new(),
        };
        zip.directory()?;
        let paths: Vec<String> = zip.sizes.keys().cloned().collect();
        for path in paths {
            let sha256 = zip.unpack(&path)?;
            if let Some(packed) = zip.packed.get_mut(&path) {
                packed.sha256 = sha256;
            }
        }
        Ok(zip)
    }

    fn at(&self, begin: u64, bytes: u64) -> Result<Vec<u8>, NotFiles> {
        let fits = begin
            .checked_add(bytes)
            .is_some_and(|end| end <= self.length);
        if !fits || bytes > ZIP_DIRECTORY_BYTES_MAX {
            return Err(shape("the zip ends too early"));
        }
        let mut found = vec![0; usize::try_from(bytes).unwrap_or_default()];
        self.file.read_exact_at(&mut found, begin)?;
        Ok(found)
    }

    fn directory(&mut self) -> Result<(), NotFiles> {
        let (count, size, begin) = self.end()?;
        if count > FILES_MAX as u64 {
            return Err(shape("it has too many files"));
        }
        let directory = self.at(begin, size)?;
        let (mut fields, mut expected) = (Fields(&directory), 0);
        for _ in 0..count {
            expected = self.header(&mut fields, expected)?;
        }
        if !fields.0.is_empty() {
            return Err(shape("the directory of the zip is longer than its headers"));
        }
        if expected != begin {
            return Err(shape(
                "something stands between the files and the directory of the zip",
            ));
        }
        Ok(())
    }

    /// Number of files, bytes of the directory, where it begins.
    fn end(&self) -> Result<(u64, u64, u64), NotFiles> {
        let wrong = || shape("there is no end record of a zip on one disk without a comment");
        let mut end = self.length.checked_sub(END_BYTES).ok_or_else(wrong)?;
        let bytes = self.at(end, END_BYTES)?;
        let mut f = Fields(&bytes);
        let (mark, disk, first) = (f.u32()?, f.u16()?, f.u16()?);
        let (here, count) = (f.u16()?, f.u16()?);
        let (size, begin, comment) = (f.u32()?, f.u32()?, f.u16()?);
        if mark != END || disk != 0 || first != 0 || here != count || comment != 0 {
            return Err(wrong());
        }
        let small = (u64::from(count), u64::from(size), u64::from(begin));
        let mut found = small;
        if count == u16::MAX || size == u32::MAX || begin == u32::MAX {
            let wrong = || shape("there is no ZIP64 end record where one must be");
            let locator = end.checked_sub(LOCATOR_BYTES).ok_or_else(wrong)?;
            let wide = locator.checked_sub(END64_BYTES).ok_or_else(wrong)?;
            let bytes = self.at(locator, LOCATOR_BYTES)?;
            let mut f = Fields(&bytes);
            if (f.u32()?, f.u32()?, f.u64()?, f.u32()?) != (LOCATOR, 0, wide, 1) {
                return Err(wrong());
            }
            let bytes = self.at(wide, END64_BYTES)?;
            let mut f = Fields(&bytes);
            let (mark, length) = (f.u32()?, f.u64()?);
            f.u32()?; // versions
            let (disk, first, here) = (f.u32()?, f.u32()?, f.u64()?);
            found = (f.u64()?, f.u64()?, f.u64()?);
            let lies = |small: u64, most: u64, wide: u64| small != most && small != wide;
            if mark != END64
                || length != END64_BYTES - 12
                || disk != 0
                || first != 0
                || here != found.0
                || lies(small.0, u64::from(u16::MAX), found.0)
                || lies(small.1, u64::from(u32::MAX), found.1)
                || lies(small.2, u64::from(u32::MAX), found.2)
            {
                return Err(wrong());
            }
            end = wide;
        }
        if found.2.checked_add(found.1) != Some(end) {
            return Err(shape(
                "the directory does not end where the end record begins",
            ));
        }
        Ok(found)
    }

    /// One header of the directory and the local one that it names. Where the next file must begin.
    fn header(&mut self, f: &mut Fields<'_>, expected: u64) -> Result<u64, NotFiles> {
        if f.u32()? != CENTRAL {
            return Err(shape("the directory of the zip cannot be read"));
        }
        f.u16()?; // the version that made it
        let same = (f.u16()?, f.u16()?, f.u16()?, f.u16()?, f.u16()?, f.u32()?);
        let (packed, size) = (f.u32()?, f.u32()?);
        let (name, extra, comment) = (f.u16()?, f.u16()?, f.u16()?);
        let disk = f.u16()?;
        f.u16()?; // inner attributes
        let (outer, offset) = (f.u32()?, f.u32()?);
        let name = f.take(usize::from(name))?;
        let extra = f.take(usize::from(extra))?;
        if comment != 0 || disk != 0 {
            return Err(shape(
                "the directory of the zip holds a comment or another disk",
            ));
        }
        if !matches!(outer >> 28, 0 | 8) {
            return Err(shape("the zip holds something that is no plain file"));
        }
        let [size, packed, offset] = wide(extra, [size, packed, offset])?;
        let (_, flags, method, _, _, crc) = same;
        if flags & !FLAGS != 0 || !matches!(method, STORED | DEFLATED) {
            return Err(shape(
                "a file is encrypted or packed in a way that is not taken",
            ));
        }
        if method == STORED && packed != size {
            return Err(shape("a stored file has two sizes"));
        }
        if size
            > packed
                .saturating_mul(ZIP_RATIO_MAX)
                .saturating_add(ZIP_SLACK_BYTES)
        {
            return Err(shape("a file would unpack to far more than it can hold"));
        }
        if offset != expected {
            return Err(shape("a file does not begin where the one before it ends"));
        }
        let path = std::str::from_utf8(name)
            .map_err(|_| shape("a name in the zip is not UTF-8"))?
            .to_owned();
        let begin = self.local(offset, same, size, packed, name)?;
        let known = self.sizes.insert(path.clone(), size);
        if known.is_some() {
            return Err(shape(&format!("`{path}` stands twice in the zip")));
        }
        let sha256 = Digest::ZERO;
        let entry = Packed {
            begin,
            bytes: packed,
            method,
            crc,
            size,
            sha256,
        };
        self.packed.insert(path, entry);
        begin
            .checked_add(packed)
            .filter(|end| *end <= self.length)
            .ok_or_else(|| shape("the zip ends too early"))
    }

    /// Where the packed bytes begin.
    fn local(
        &self,
        offset: u64,
        same: (u16, u16, u16, u16, u16, u32),
        size: u64,
        packed: u64,
        name: &[u8],
    ) -> Result<u64, NotFiles> {
        let bytes = self.at(offset, 30)?;
        let mut f = Fields(&bytes);
        let mark = f.u32()?;
        let found = (f.u16()?, f.u16()?, f.u16()?, f.u16()?, f.u16()?, f.u32()?);
        let (packed_here, size_here) = (f.u32()?, f.u32()?);
        let (name_bytes, extra_bytes) = (u64::from(f.u16()?), u64::from(f.u16()?));
        let name_here = self.at(offset + 30, name_bytes)?;
        let extra = self.at(offset + 30 + name_bytes, extra_bytes)?;
        let [size_here, packed_here] = wide(&extra, [size_here, packed_here])?;
        if mark != LOCAL
            || found != same
            || (size_here, packed_here) != (size, packed)
            || name_here != name
        {
            return Err(shape("a local header differs from the directory"));
        }
        Ok(offset + 30 + name_bytes + extra_bytes)
    }

    /// Unpacks one file and compares it with what its header says. Its hash.
    fn unpack(&self, path: &str) -> Result<Digest, NotFiles> {
        let Some(packed) = self.packed.get(path) else {
            return Ok(Digest::ZERO);
        };
        let (mut crc, mut hash) = (Crc::new(), Sha256::new());
        let mut source = BufReader::new(self.packed_bytes(*packed));
        let mut count = |piece: &[u8]| {
            crc.update(piece);
            hash.update(piece);
            Ok(())
        };
        let wrong = || {
            shape(&format!(
                "`{path}` does not unpack to what the directory says"
            ))
        };
        let size = if packed.method == STORED {
            each_piece(&mut source, &mut count)?
        } else {
            inflate(&mut source, packed.size, &mut count)?.ok_or_else(wrong)?
        };
        let left = source.buffer().len() as u64 + source.get_ref().left;
        if size != packed.size || crc.sum() != packed.crc || left != 0 {
            return Err(wrong());
        }
        Ok(Digest(hash.finalize().into()))
    }

    const fn packed_bytes(&self, packed: Packed) -> Part<'_> {
        Part {
            file: &self.file,
            at: packed.begin,
            left: packed.bytes,
        }
    }
}

impl Files for Zip {
    fn sizes(&self) -> &BTreeMap<String, u64> {
        &self.sizes
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let packed = self
            .packed
            .get(path)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let part = self.packed_bytes(*packed);
        Ok(if packed.method == STORED {
            Box::new(part)
        } else {
            Box::new(DeflateDecoder::new(BufReader::new(part)).take(packed.size))
        })
    }

    fn sha256(&self, path: &str) -> io::Result<Digest> {
        self.packed
            .get(path)
            .map(|packed| packed.sha256)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

/// Packed bytes, read without moving anybody else's place in the file.
struct Part<'a> {
    file: &'a File,
    at: u64,
    left: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into
            .len()
            .min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let Some(into) = into.get_mut(..most) else {
            return Ok(0);
        };
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        self.left -= read as u64;
        if read == 0 && self.left > 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(read)
    }
}
