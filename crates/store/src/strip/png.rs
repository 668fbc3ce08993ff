//! PNG: chunks, each with its length, its kind and a checksum.

use super::{array, exif, take};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What is needed to draw the picture, animated ones included. Text, times, Exif and whatever nobody knows go.
const NEEDED: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
    b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The picture alone.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut rest = bytes;
    if take(&mut rest, SIGNATURE.len())? != SIGNATURE {
        return Err("it does not begin as one");
    }
    let mut out = SIGNATURE.to_vec();
    let mut way_up = None;
    loop {
        let length = usize::try_from(u32::from_be_bytes(array(&mut rest)?))
            .map_err(|_| "a length is wrong")?;
        let whole = rest;
        let kind: [u8; 4] = array(&mut rest)?;
        let data = take(&mut rest, length)?;
        let sum = u32::from_be_bytes(array(&mut rest)?);
        let summed = whole.get(..length + 4).unwrap_or_default();
        if crc(summed) != sum {
            return Err("a checksum is wrong");
        }
        if &kind == b"eXIf" {
            way_up = exif::orientation(data).or(way_up);
        }
        if &kind == b"IEND" {
            if let Some(way_up) = way_up {
                chunk(&mut out, *b"eXIf", &exif::only(way_up))?;
            }
            // What follows goes.
            chunk(&mut out, kind, data)?;
            return Ok(out);
        }
        if NEEDED.contains(&&kind) {
            chunk(&mut out, kind, data)?;
        } else if kind.first().is_some_and(u8::is_ascii_uppercase) {
            return Err("a part that is needed is not known");
        }
    }
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<(), &'static str> {
    let length = u32::try_from(data.len()).map_err(|_| "a length is wrong")?;
    let summed = [&kind, data].concat();
    out.extend(length.to_be_bytes());
    out.extend_from_slice(&summed);
    out.extend(crc(&summed).to_be_bytes());
    Ok(())
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
