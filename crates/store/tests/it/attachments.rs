//! Attachments: one suite for every kind of place, then what only a folder can suffer.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use ledger::Digest;
use store::{AttachmentError, Attachments, FolderAttachments, MemoryAttachments, Received};

use crate::full::Small;

/// `bytes` bytes that no two lengths share.
fn file(bytes: usize) -> (Digest, Vec<u8>) {
    let mut state = bytes as u64 + 1;
    let file: Vec<u8> = (0..bytes)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect();
    (Digest::of(&file), file)
}

fn read(place: &dyn Attachments, name: &Digest, range: std::ops::Range<u64>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    place
        .get(name, range)
        .unwrap()?
        .read_to_end(&mut bytes)
        .unwrap();
    Some(bytes)
}

fn suite(place: &dyn Attachments) {
    a_file_comes_back_as_it_went_in(place);
    pieces_follow_one_another(place);
    another_file_under_the_name_is_refused(place);
    an_upload_broken_off_goes_on(place);
}

fn a_file_comes_back_as_it_went_in(place: &dyn Attachments) {
    let (name, bytes) = file(2_500_000);
    let size = bytes.len() as u64;
    assert_eq!(place.size(&name).unwrap(), None);
    assert!(place.get(&name, 0..1).unwrap().is_none());
    assert!(place.put(&name, size, &mut &bytes[..]).unwrap());
    assert!(
        !place.put(&name, size, &mut &bytes[..]).unwrap(),
        "put if absent"
    );
    assert_eq!(place.size(&name).unwrap(), Some(size));
    assert!(place.has(&name).unwrap());
    assert!(read(place, &name, 0..u64::MAX).unwrap() == bytes);
    for range in [
        0..0,
        0..1,
        1_048_575..1_048_578,
        2_499_999..9_999_999,
        7_000_000..8_000_000,
    ] {
        let clamp = |at: u64| usize::try_from(at).unwrap().min(bytes.len());
        let wanted = &bytes[clamp(range.start)..clamp(range.end)];
        assert!(
            read(place, &name, range.clone()).unwrap() == wanted,
            "{range:?}"
        );
    }
    let (other, small) = file(1);
    place.put(&other, 1, &mut &small[..]).unwrap();
    let mut both = vec![(name, size), (other, 1)];
    both.sort_unstable();
    assert_eq!(place.list().unwrap(), both);
    assert!(place.erase(&name).unwrap());
    assert!(!place.erase(&name).unwrap());
    assert!(place.erase(&other).unwrap());
    assert_eq!(place.list().unwrap(), []);
    assert!(
        place.put(&name, size, &mut &bytes[..]).unwrap(),
        "it may be put again"
    );
    place.erase(&name).unwrap();
}

fn pieces_follow_one_another(place: &dyn Attachments) {
    let (name, bytes) = file(1_000);
    let put = |offset: usize, piece: &[u8]| {
        place
            .put_piece(&name, 1_000, offset as u64, piece)
            .map_err(|error| error.to_string())
    };
    assert_eq!(put(0, &bytes[..400]), Ok(Received::Part { bytes: 400 }));
    assert_eq!(
        put(500, &bytes[500..600]),
        Err("400 bytes are here: go on from there, not from 500".into())
    );
    assert_eq!(
        put(0, &bytes[..400]),
        Err("400 bytes are here: go on from there, not from 0".into())
    );
    assert_eq!(
        put(400, &[0; 700]),
        Err("more arrived than the 1000 bytes that were announced".into())
    );
    assert_eq!(
        put(400, &[]),
        Err("a piece holds 1 byte to 8 MiB, this one 0 bytes".into())
    );
    assert_eq!(
        place.received(&name).unwrap(),
        Received::Part { bytes: 400 }
    );
    assert_eq!(place.list().unwrap(), [], "a part is no file");
    assert_eq!(
        put(400, &bytes[400..]),
        Ok(Received::Whole { bytes: 1_000 })
    );
    assert_eq!(put(0, &bytes[..400]), Ok(Received::Whole { bytes: 1_000 }));
    place.erase(&name).unwrap();
    for bytes in [0, (2 << 30) + 1] {
        assert!(matches!(
            place.put_piece(&name, bytes, 0, &[1]),
            Err(AttachmentError::Size { .. })
        ));
    }
}

fn another_file_under_the_name_is_refused(place: &dyn Attachments) {
    let (name, bytes) = file(900);
    let mut other = bytes.clone();
    other[450] ^= 1;
    let refused = place.put(&name, 900, &mut &other[..]).unwrap_err();
    assert!(matches!(refused, AttachmentError::OtherFile), "{refused}");
    assert_eq!(place.received(&name).unwrap(), Received::Part { bytes: 0 });
    assert!(place.put(&name, 900, &mut &bytes[..]).unwrap());
    place.erase(&name).unwrap();
}

fn an_upload_broken_off_goes_on(place: &dyn Attachments) {
    let (name, bytes) = file(5_000);
    let refused = place.put(&name, 5_000, &mut &bytes[..3_000]).unwrap_err();
    assert_eq!(refused.to_string(), "the file ended at 3000 of 5000 bytes");
    place.put_piece(&name, 5_000, 0, &bytes[..1_234]).unwrap();
    assert!(place.put(&name, 5_000, &mut &bytes[..]).unwrap());
    assert!(read(place, &name, 0..5_000).unwrap() == bytes);
    place.erase(&name).unwrap();
}

#[test]
fn attachments_in_memory_conform() {
    suite(&MemoryAttachments::default());
}

#[test]
fn attachments_in_a_folder_conform() {
    let folder = tempfile::tempdir().unwrap();
    let place = FolderAttachments::open(folder.path()).unwrap();
    suite(&place);
    for what in ["whole", "pieces", "part"] {
        let left = fs::read_dir(folder.path().join(what)).unwrap().count();
        assert_eq!(left, 0, "{what}");
    }
}

/// A folder with one file, and the path of its bytes.
fn kept(bytes: usize) -> (tempfile::TempDir, Digest, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (name, file) = file(bytes);
    let place = FolderAttachments::open(folder.path()).unwrap();
    place.put(&name, bytes as u64, &mut &file[..]).unwrap();
    let path = folder.path().join("whole").join(name.to_string());
    (folder, name, path)
}

#[test]
fn a_flipped_bit_is_found_before_its_byte_is_handed_out() {
    let (folder, name, path) = kept(3_000_000);
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(99_991) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(&path, &bad).unwrap();
        let place = FolderAttachments::open(folder.path()).unwrap();
        let at = at as u64;
        let mut out = Vec::new();
        for range in [at..at + 1, 0..3_000_000] {
            let mut reader = place.get(&name, range).unwrap().unwrap();
            let error = reader.read_to_end(&mut out).unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        }
        assert!(out.len() as u64 <= at, "nothing of the bad piece went out");
        // Other pieces of the same file still come.
        let far = (at + 1_500_000) % 3_000_000;
        assert_eq!(
            read(&place, &name, far..far + 1).unwrap(),
            good[usize::try_from(far).unwrap()..][..1]
        );
    }
}

#[test]
fn hashes_of_pieces_that_were_lost_are_taken_again_from_a_file_that_holds() {
    let (folder, name, path) = kept(1_200_000);
    let pieces = folder.path().join("pieces").join(name.to_string());
    fs::remove_file(&pieces).unwrap();
    let place = FolderAttachments::open(folder.path()).unwrap();
    assert_eq!(read(&place, &name, 5..6).unwrap().len(), 1);
    assert!(pieces.exists());
    fs::remove_file(&pieces).unwrap();
    let mut bad = fs::read(&path).unwrap();
    bad[7] ^= 1;
    fs::write(&path, &bad).unwrap();
    assert!(matches!(
        place.get(&name, 1_100_000..1_100_001),
        Err(AttachmentError::Damaged)
    ));
    fs::write(&path, b"cut").unwrap();
    assert!(matches!(
        place.get(&name, 0..1),
        Err(AttachmentError::Damaged)
    ));
}

#[test]
fn what_a_crash_leaves_at_each_step_is_removed_or_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (name, bytes) = file(5_000);
    let at = |what: &str, end: &str| folder.path().join(what).join(format!("{name}{end}"));
    let open = || FolderAttachments::open(folder.path()).unwrap();
    // While a piece is written: some of it.
    open().put_piece(&name, 5_000, 0, &bytes[..2_000]).unwrap();
    let mut part = fs::OpenOptions::new()
        .append(true)
        .open(at("part", ""))
        .unwrap();
    part.write_all(&bytes[2_000..2_700]).unwrap();
    assert_eq!(
        open().received(&name).unwrap(),
        Received::Part { bytes: 2_700 }
    );
    // All there, not yet named; the hashes are.
    part.write_all(&bytes[2_700..]).unwrap();
    fs::write(at("pieces", ""), [0; 32]).unwrap();
    let place = open();
    assert!(!at("pieces", "").exists());
    assert_eq!(
        place.received(&name).unwrap(),
        Received::Part { bytes: 5_000 }
    );
    assert!(place.put(&name, 5_000, &mut &bytes[..]).unwrap());
    assert!(read(&place, &name, 0..5_000).unwrap() == bytes);
    // While it is erased: the name is gone, the bytes are not.
    fs::rename(at("whole", ""), at("part", ".erased")).unwrap();
    let place = open();
    assert_eq!(place.received(&name).unwrap(), Received::Part { bytes: 0 });
    assert!(!at("part", ".erased").exists() && !at("pieces", "").exists());
    // An upload that nobody went on with for more than a day.
    place.put_piece(&name, 5_000, 0, &bytes[..2_000]).unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(25);
    fs::File::open(at("part", ""))
        .unwrap()
        .set_modified(old)
        .unwrap();
    assert_eq!(open().received(&name).unwrap(), Received::Part { bytes: 0 });
}

#[test]
fn a_part_of_the_wrong_bytes_or_another_size_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let place = FolderAttachments::open(folder.path()).unwrap();
    let (name, bytes) = file(5_000);
    place.put_piece(&name, 9_000, 0, &[7; 6_000]).unwrap();
    let begin = place
        .put_piece(&name, 5_000, 6_000, &bytes[..1])
        .unwrap_err();
    assert_eq!(
        begin.to_string(),
        "0 bytes are here: go on from there, not from 6000"
    );
    assert!(place.put(&name, 5_000, &mut &bytes[..]).unwrap());
}

#[test]
fn attachments_leave_the_record_its_room() {
    let Some(disk) = Small::mount("71m") else {
        eprintln!("SKIPPED: mounting a small file system is not allowed here");
        return;
    };
    let place = FolderAttachments::open(disk.path()).unwrap();
    let (name, bytes) = file(8 << 20);
    let refused = place
        .put(&name, bytes.len() as u64, &mut &bytes[..])
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "there is no room for this file: 8 MiB are needed and 7 MiB are free beside what is kept for the record"
    );
    assert_eq!(place.received(&name).unwrap(), Received::Part { bytes: 0 });
    let (name, bytes) = file(3 << 20);
    assert!(
        place
            .put(&name, bytes.len() as u64, &mut &bytes[..])
            .unwrap()
    );
}
