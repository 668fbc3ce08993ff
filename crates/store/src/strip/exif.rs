//! The one thing of Exif that is needed to draw a picture: which way up it is.

use super::{array, take};

/// The tag of the first directory that says which way up, 1 to 8.
const ORIENTATION: u16 = 0x0112;
/// The type of its value: one 16-bit number.
const SHORT: u16 = 3;

/// Which way up the Exif block `tiff` says, where it says something other than 1, *as it is*.
pub(super) fn orientation(tiff: &[u8]) -> Option<u16> {
    find(tiff)
        .ok()
        .flatten()
        .filter(|way| (2..=8).contains(way))
}

/// An Exif block that says that and nothing else.
pub(super) fn only(orientation: u16) -> Vec<u8> {
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    tiff.extend(ORIENTATION.to_be_bytes());
    tiff.extend(SHORT.to_be_bytes());
    tiff.extend([0, 0, 0, 1]);
    tiff.extend(orientation.to_be_bytes());
    // The rest of the value's field, and no further directory.
    tiff.extend([0; 6]);
    tiff
}

fn find(tiff: &[u8]) -> Result<Option<u16>, &'static str> {
    let mut rest = tiff;
    let is_little = match take(&mut rest, 4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return Err("no Exif"),
    };
    let short = |bytes: [u8; 2]| {
        if is_little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        }
    };
    let offset = array(&mut rest)?;
    let offset = if is_little {
        u32::from_le_bytes(offset)
    } else {
        u32::from_be_bytes(offset)
    };
    let mut rest = usize::try_from(offset)
        .ok()
        .and_then(|offset| tiff.get(offset..))
        .ok_or("it is cut")?;
    for _ in 0..short(array(&mut rest)?) {
        let (tag, kind) = (short(array(&mut rest)?), short(array(&mut rest)?));
        take(&mut rest, 4)?;
        let value = short(array(&mut rest)?);
        take(&mut rest, 2)?;
        if (tag, kind) == (ORIENTATION, SHORT) {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
