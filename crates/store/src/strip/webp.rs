//! WebP: chunks in a RIFF container.

use super::{array, exif, take};

/// What is needed to draw the picture, animated ones included.
const NEEDED: &[&[u8; 4]] = &[
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];

/// Bits of the first byte of `VP8X` that say that there is Exif and XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;

/// The picture alone.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut rest = bytes;
    if take(&mut rest, 4)? != b"RIFF" {
        return Err("it does not begin as one");
    }
    let length = length(&mut rest)?;
    // What follows the container goes.
    let mut rest = take(&mut rest, length)?;
    if take(&mut rest, 4)? != b"WEBP" {
        return Err("it does not begin as one");
    }
    let (mut way_up, mut chunks) = (None, Vec::new());
    while !rest.is_empty() {
        let kind: [u8; 4] = array(&mut rest)?;
        let count = self::length(&mut rest)?;
        let data = take(&mut rest, count)?;
        if count % 2 == 1 {
            take(&mut rest, 1)?;
        }
        if &kind == b"EXIF" {
            let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
            way_up = exif::orientation(tiff).or(way_up);
        } else if NEEDED.contains(&&kind) {
            chunks.push((kind, data.to_vec()));
        }
    }
    if !chunks
        .iter()
        .any(|(kind, _)| matches!(kind, b"VP8 " | b"VP8L" | b"ANMF"))
    {
        return Err("there is no picture in it");
    }
    // Only the extended form can say which way up, and there it has said so already.
    let mut has_extended = false;
    for (kind, data) in &mut chunks {
        if kind == b"VP8X" {
            has_extended = true;
            let flags = data.first_mut().ok_or("it is cut")?;
            *flags &= !(HAS_EXIF | HAS_XMP);
            if way_up.is_some() {
                *flags |= HAS_EXIF;
            }
        }
    }
    if let Some(way_up) = way_up.filter(|_| has_extended) {
        chunks.push((*b"EXIF", exif::only(way_up)));
    }
    whole(&chunks)
}

fn whole(chunks: &[([u8; 4], Vec<u8>)]) -> Result<Vec<u8>, &'static str> {
    let mut inner = b"WEBP".to_vec();
    for (kind, data) in chunks {
        inner.extend_from_slice(kind);
        inner.extend(
            u32::try_from(data.len())
                .map_err(|_| "a length is wrong")?
                .to_le_bytes(),
        );
        inner.extend_from_slice(data);
        if data.len() % 2 == 1 {
            inner.push(0);
        }
    }
    let length = u32::try_from(inner.len()).map_err(|_| "a length is wrong")?;
    let mut out = b"RIFF".to_vec();
    out.extend(length.to_le_bytes());
    out.extend(inner);
    Ok(out)
}

fn length(rest: &mut &[u8]) -> Result<usize, &'static str> {
    usize::try_from(u32::from_le_bytes(array(rest)?)).map_err(|_| "a length is wrong")
}
