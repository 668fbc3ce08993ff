//! JPEG: segments between markers, then scans.

use super::{array, exif, take};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COMMENT: u8 = 0xfe;

/// What begins the Exif block in its segment.
const EXIF: &[u8] = b"Exif\0\0";

/// The picture alone. What follows its end (a second picture, a few seconds of video) goes as well.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut rest = bytes;
    if take(&mut rest, 2)? != [0xff, START] {
        return Err("it does not begin as one");
    }
    let mut out = vec![0xff, START];
    let (mut way_up, mut has_scan) = (None, false);
    let mut kept = Vec::new();
    loop {
        let marker = next_marker(&mut rest)?;
        match marker {
            END => break,
            // No length: a restart or a lone marker does not stand here.
            0x00 | 0x01 | 0xd0..=0xd8 | 0xff => return Err("a marker stands where none may"),
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(array(&mut rest)?));
        let data = take(&mut rest, length.checked_sub(2).ok_or("a length is wrong")?)?;
        if marker == APP1
            && way_up.is_none()
            && let Some(tiff) = data.strip_prefix(EXIF)
        {
            way_up = exif::orientation(tiff);
        }
        if is_needed(marker, data) {
            segment(&mut kept, marker, data)?;
        }
        if marker == SCAN {
            has_scan = true;
            kept.extend(scan(&mut rest));
        }
    }
    if !has_scan {
        return Err("there is no picture in it");
    }
    if let Some(way_up) = way_up {
        let data = [EXIF, &exif::only(way_up)].concat();
        segment(&mut out, APP1, &data)?;
    }
    out.extend(kept);
    out.extend([0xff, END]);
    Ok(out)
}

/// Tables, frames and scans; of what programs add, the density, the colour profile, and how colours are coded.
fn is_needed(marker: u8, data: &[u8]) -> bool {
    match marker {
        // Without a thumbnail, which may show what was cut off the picture.
        APP0 => data.starts_with(b"JFIF\0") && data.get(12..) == Some(&[0, 0]),
        APP2 => data.starts_with(b"ICC_PROFILE\0"),
        APP14 => data.starts_with(b"Adobe"),
        APP0..=APP15 | COMMENT => false,
        _ => true,
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) -> Result<(), &'static str> {
    let length = u16::try_from(data.len() + 2).map_err(|_| "a length is wrong")?;
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    out.extend_from_slice(data);
    Ok(())
}

/// The next marker's second byte; any number of 0xff may stand before it.
fn next_marker(rest: &mut &[u8]) -> Result<u8, &'static str> {
    if array(rest)? != [0xff] {
        return Err("a marker is missing");
    }
    loop {
        let [byte] = array(rest)?;
        if byte != 0xff {
            return Ok(byte);
        }
    }
}

/// Coded bytes up to the next marker that is neither an escaped 0xff nor a restart.
fn scan<'b>(rest: &mut &'b [u8]) -> &'b [u8] {
    let end = rest
        .windows(2)
        .position(|pair| matches!(pair, [0xff, 0x01..=0xcf | 0xd8..=0xfe]))
        .unwrap_or(rest.len());
    let (coded, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    *rest = behind;
    coded
}
