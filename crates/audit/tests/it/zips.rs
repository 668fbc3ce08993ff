//! Zips that lie.

use std::fs;
use std::io::Cursor;

use audit::Form;
use audit::zip::ZipWriter;

use crate::world::*;

/// The story as a zip.
fn good() -> Vec<u8> {
    let (world, ..) = World::new();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.zip");
    world.export(&path, Form::Zip);
    fs::read(path).unwrap()
}

#[track_caller]
fn refused(bytes: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.zip");
    fs::write(&path, bytes).unwrap();
    assert_eq!(line(&path), "fault shape");
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .position(|found| found == part)
        .unwrap()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.put(path, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_zip_that_is_cut_short_or_has_something_before_between_or_after_is_refused() {
    let good = good();
    for length in [0, 1, 21, 22, 23, good.len() / 2, good.len() - 1] {
        refused(&good[..length]);
    }
    refused(&[&good[..], b"x"].concat());
    refused(&[b"x", &good[..]].concat());
    let directory = find(&good, b"PK\x01\x02");
    let mut between = good.clone();
    between.insert(directory, 0);
    refused(&between);
}

#[test]
fn a_header_that_says_another_thing_than_the_directory_is_refused() {
    let good = good();
    let directory = find(&good, b"PK\x01\x02");
    // Version needed, flags, method, time, date, checksum, both sizes, lengths, name.
    for at in [4, 6, 8, 10, 12, 14, 18, 22, 26, 28, 30] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        refused(&bytes);
    }
    for at in [6, 8, 10, 12, 14, 16, 20, 24, 28, 30, 32, 34, 42, 46] {
        let mut bytes = good.clone();
        bytes[directory + at] ^= 1;
        refused(&bytes);
    }
    // A link, by its attributes.
    let mut bytes = good.clone();
    bytes[directory + 41] = 0xa1;
    refused(&bytes);
    // Encrypted, with a data descriptor.
    for flag in [1, 8] {
        let mut bytes = good.clone();
        bytes[6] |= flag;
        bytes[directory + 8] |= flag;
        refused(&bytes);
    }
    // Packed bytes that are not what they were.
    let mut bytes = good;
    bytes[60] ^= 0x40;
    refused(&bytes);
}

#[test]
fn paths_that_climb_or_clash_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let outside = dir.path().join("x");
    for path in [
        "../x",
        "/tmp/x",
        "a/../../x",
        "a\\b",
        "C:x",
        "tile//x",
        "tile/0/000/",
        ".x",
        "tile/0/\u{e9}",
        outside.to_str().unwrap(),
    ] {
        refused(&packed(&[("manifest.json", b"{}"), (path, b"x")]));
    }
    refused(&packed(&[("checkpoint", b"x"), ("checkpoint", b"x")]));
    refused(&packed(&[("checkpoint", b"x"), ("Checkpoint", b"x")]));
    assert!(!outside.exists());
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let bomb = packed(&[("README.txt", &vec![0; 64 << 20])]);
    assert!(bomb.len() < 100 << 10, "{}", bomb.len());
    let bare = packed(&[("README.txt", &vec![0; 3 << 20])]);
    let directory = find(&bomb, b"PK\x01\x02");
    let size: [u8; 4] = bomb[22..26].try_into().unwrap();
    assert_eq!(u32::from_le_bytes(size), 64 << 20);
    refused(&bomb);
    // It says less than it holds.
    let mut lying = bomb;
    for at in [22, directory + 24] {
        lying[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    refused(&lying);
    // Three mebibytes of nothing are within the bound, and fail only for want of a manifest.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bare.zip");
    fs::write(&path, &bare).unwrap();
    let told = check(&path).unwrap_err().to_string();
    assert!(told.contains("manifest"), "{told}");
}

#[test]
fn a_stream_without_its_end_or_with_something_after_it_is_refused() {
    // One file of a thousand bytes, packed: cut the stream by one byte and say so in both headers, or add one.
    let good = packed(&[("README.txt", &[b'x'; 1_000])]);
    let (from, directory) = (30 + 10, find(&good, b"PK\x01\x02"));
    for longer in [false, true] {
        let mut bytes = good.clone();
        let packed = if longer {
            bytes.insert(directory, 0);
            directory - from + 1
        } else {
            bytes.remove(directory - 1);
            directory - from - 1
        };
        let moved = if longer { directory + 1 } else { directory - 1 };
        let count = u32::try_from(packed).unwrap().to_le_bytes();
        bytes[18..22].copy_from_slice(&count);
        bytes[moved + 20..moved + 24].copy_from_slice(&count);
        let end = bytes.len() - 22;
        let begin = u32::try_from(moved).unwrap().to_le_bytes();
        bytes[end + 16..end + 20].copy_from_slice(&begin);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.zip");
        fs::write(&path, &bytes).unwrap();
        let told = check(&path).unwrap_err().to_string();
        assert!(told.contains("unpack"), "{told}");
    }
}
