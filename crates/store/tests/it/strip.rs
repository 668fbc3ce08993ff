//! Pictures made here, with canaries wherever a program puts what it knows.

use store::{StripError, strip};

const CANARY: &[u8] = b"34.0522N 118.2437W taken by canary";

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|some| some == needle)
}

/// An Exif block of little-endian numbers: way up 6, a camera, and a place behind the directory.
fn tiff(way_up: u16) -> Vec<u8> {
    let mut tiff = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x0f, 0x01, 2, 0, 34, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0]);
    tiff.extend(way_up.to_le_bytes());
    tiff.extend([0; 6]);
    tiff.extend_from_slice(CANARY);
    tiff
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], data].concat()
}

const FRAME: &[u8] = b"\x08\0\x10\0\x10\x01\x01\x11\0";
/// Coded bytes with an escaped 0xff, a restart, and fill bytes.
const CODED: &[u8] = b"\x12\xff\0\x34\xff\xd0\x56\xff\xff\xd1\x78";

fn jpeg(way_up: u16) -> Vec<u8> {
    let thumbnail = [b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01", &CANARY[..3]].concat();
    let parts = [
        vec![0xff, 0xd8],
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xe0, &thumbnail),
        segment(0xe1, &[b"Exif\0\0", &tiff(way_up)[..]].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", CANARY].concat()),
        segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xe2, &[b"MPF\0", CANARY].concat()),
        segment(0xed, &[b"Photoshop 3.0\x008BIM", CANARY].concat()),
        segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
        segment(0xfe, CANARY),
        segment(0xdb, &[7; 65]),
        segment(0xc2, FRAME),
        segment(0xc4, &[9; 30]),
        segment(0xda, b"\x01\x01\0\0\x3f\0"),
        CODED.to_vec(),
        segment(0xc4, &[8; 30]),
        segment(0xda, b"\x01\x01\0\0\x3f\0"),
        CODED.to_vec(),
        vec![0xff, 0xd9],
        CANARY.to_vec(),
    ];
    parts.concat()
}

#[test]
fn a_jpeg_keeps_its_picture_its_colours_and_which_way_up() {
    let stripped = strip("image/jpeg", &jpeg(6)).unwrap();
    assert!(!holds(&stripped.bytes, b"canary"));
    assert_eq!(stripped.removed, jpeg(6).len() - stripped.bytes.len());
    for kept in [
        &segment(0xdb, &[7; 65]),
        &segment(0xc2, FRAME),
        &segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        &segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
        &[
            &segment(0xda, b"\x01\x01\0\0\x3f\0"),
            CODED,
            &segment(0xc4, &[8; 30]),
        ]
        .concat(),
    ] {
        assert!(holds(&stripped.bytes, kept));
    }
    let way_up = segment(
        0xe1,
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
    );
    assert_eq!(stripped.bytes[2..2 + way_up.len()], way_up);
    assert!(stripped.bytes.ends_with(&[0x78, 0xff, 0xd9]));
    let again = strip("image/jpeg", &stripped.bytes).unwrap();
    assert_eq!((again.bytes, again.removed), (stripped.bytes, 0));
    let upright = strip("image/jpeg", &jpeg(1)).unwrap();
    assert!(!holds(&upright.bytes, b"Exif"));
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let summed = [&kind[..], data].concat();
    let mut crc = u32::MAX;
    for bit in summed
        .iter()
        .flat_map(|byte| (0..8).map(move |at| byte >> at & 1))
    {
        crc = (crc >> 1)
            ^ if (crc ^ u32::from(bit)) & 1 == 1 {
                0xedb8_8320
            } else {
                0
            };
    }
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length[..], &summed, &(!crc).to_be_bytes()].concat()
}

fn png(more: &[Vec<u8>]) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"));
    png.extend(more.concat());
    png.extend(chunk(*b"IDAT", b"picture"));
    png.extend(chunk(*b"IEND", b""));
    png
}

#[test]
fn a_png_keeps_its_picture_and_which_way_up() {
    let mut told = png(&[
        chunk(*b"gAMA", &[0, 0, 1, 2]),
        chunk(*b"tEXt", CANARY),
        chunk(*b"zTXt", CANARY),
        chunk(*b"iTXt", CANARY),
        chunk(*b"tIME", &CANARY[..7]),
        chunk(*b"eXIf", &tiff(8)),
        chunk(*b"caNy", CANARY),
    ]);
    told.extend_from_slice(CANARY);
    let stripped = strip("image/png", &told).unwrap();
    let way_up = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
    let end = chunk(*b"IEND", b"");
    let mut wanted = png(&[chunk(*b"gAMA", &[0, 0, 1, 2])]);
    wanted.truncate(wanted.len() - end.len());
    wanted.extend(chunk(*b"eXIf", way_up));
    wanted.extend(end);
    assert_eq!(stripped.bytes, wanted);
}

#[test]
fn a_webp_keeps_its_picture_and_says_no_more_than_it_holds() {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let pad = vec![0; data.len() % 2];
        [kind, &length[..], data, &pad].concat()
    };
    let whole = |chunks: &[Vec<u8>]| {
        let inner = [b"WEBP".to_vec(), chunks.concat()].concat();
        let length = u32::try_from(inner.len()).unwrap().to_le_bytes();
        [b"RIFF", &length[..], &inner].concat()
    };
    let picture = chunk(b"VP8L", b"odd");
    let mut told = whole(&[
        chunk(b"VP8X", &[0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        picture.clone(),
        chunk(b"EXIF", &tiff(3)),
        chunk(b"XMP ", CANARY),
        chunk(b"what", CANARY),
    ]);
    told.extend_from_slice(CANARY);
    let stripped = strip("image/webp", &told).unwrap();
    let way_up = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\0\0\0\0";
    let wanted = whole(&[
        chunk(b"VP8X", &[0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        picture,
        chunk(b"EXIF", way_up),
    ]);
    assert_eq!(stripped.bytes, wanted);
}

#[test]
fn what_cannot_be_stripped_whole_is_refused() {
    for media in [
        "video/mp4",
        "video/quicktime",
        "application/pdf",
        "image/heic",
        "image/svg+xml",
        "",
    ] {
        assert_eq!(
            strip(media, &jpeg(1)),
            Err(StripError::Media {
                media: media.into()
            })
        );
    }
    for media in ["image/jpeg", "image/png", "image/webp"] {
        for bytes in [&b""[..], b"GIF89a", CANARY] {
            assert!(strip(media, bytes).is_err());
        }
    }
    let unknown = png(&[chunk(*b"IDOT", CANARY)]);
    assert!(
        strip("image/png", &unknown)
            .unwrap_err()
            .to_string()
            .contains("not known")
    );
}

#[test]
fn a_picture_cut_anywhere_is_refused_and_one_with_any_bit_flipped_does_not_end_the_program() {
    for (media, whole) in [
        ("image/jpeg", jpeg(6)),
        ("image/png", png(&[chunk(*b"tEXt", CANARY)])),
    ] {
        let end = if media == "image/jpeg" {
            CANARY.len()
        } else {
            0
        };
        for at in 0..whole.len() - end {
            assert!(strip(media, &whole[..at]).is_err(), "{media} cut at {at}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut bad = whole.clone();
                bad[at] ^= 1 << bit;
                strip(media, &bad).ok();
            }
        }
    }
}
