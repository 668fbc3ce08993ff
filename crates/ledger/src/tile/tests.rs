use super::*;
use crate::Beside;
use crate::merkle::{self, Frontier, leaf_hash};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;
use proptest::prelude::*;

fn leaves(n: u64) -> Vec<Digest> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn files(leaves: &[Digest]) -> BTreeMap<Tile, Vec<u8>> {
    let (mut writer, mut files) = (TileWriter::new(), BTreeMap::new());
    for leaf in leaves {
        for (tile, bytes) in writer.push(*leaf) {
            assert_eq!(tile.width(), WIDTH, "only the end is partial");
            assert_eq!(files.insert(tile, bytes), None);
        }
    }
    for (tile, bytes) in writer.finish() {
        assert!(tile.width() < WIDTH);
        assert_eq!(files.insert(tile, bytes), None);
    }
    files
}

#[test]
fn a_path_has_one_spelling() {
    for (level, index, width, path) in [
        (0, 0, 256, "tile/0/000"),
        (0, 67, 256, "tile/0/067"),
        (3, 999, 1, "tile/3/999.p/1"),
        (0, 1_000, 255, "tile/0/x001/000.p/255"),
        (1, 1_234_067, 256, "tile/1/x001/x234/067"),
        (0, u64::MAX >> 8, 256, "tile/0/x072/x057/x594/x037/x927/935"),
    ] {
        let tile = Tile::new(level, index, width).unwrap();
        assert_eq!(tile.to_string(), path);
        assert_eq!(path.parse(), Ok(tile));
    }
    let bundle = Bundle::new(1_234_067, 8).unwrap();
    assert_eq!(bundle.to_string(), "tile/entries/x001/x234/067.p/8");
    assert_eq!(bundle.to_string().parse(), Ok(bundle));
    let bodies = BodyBundle { index: 1_000 };
    assert_eq!(bodies.to_string(), "bodies/x001/000");
    assert_eq!("bodies/x001/000".parse(), Ok(bodies));
    for bad in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/067",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/x1/000",
        "tile/0/X001/000",
        "tile/0/+67",
        "tile/0/ 67",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/01",
        "tile/0/067.p/+1",
        "tile/0/067.p/",
        "tile/0/067.p",
        "tile/0/067/",
        "tile/0//067",
        "tile/0/x072/x057/x594/x037/x927/936",
        "tile/1/x072/x057/x594/x037/x927/935",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x018/x446/x744/x073/x709/x551/x615/000",
        "tile/00/067",
        "tile/6/000",
        "tile/-1/067",
        "tile/5/x065/536",
        "tile/0/٠٠٧",
        "/tile/0/067",
        "tile/0/../067",
    ] {
        assert_eq!(bad.parse::<Tile>(), Err(NotAPath), "{bad}");
        let of_entries = bad.replacen("tile/0/", "tile/entries/", 1);
        if of_entries != bad {
            assert_eq!(of_entries.parse::<Bundle>(), Err(NotAPath), "{of_entries}");
        }
        let of_bodies = bad.replacen("tile/0/", "bodies/", 1);
        if of_bodies != bad {
            assert_eq!(
                of_bodies.parse::<BodyBundle>(),
                Err(NotAPath),
                "{of_bodies}"
            );
        }
    }
    assert!("bodies/000.p/4".parse::<BodyBundle>().is_err());
}

#[test]
fn a_tree_has_the_tiles_that_the_specification_counts() {
    let of = |size: u64| tiles(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
    assert_eq!(of(0), Vec::<String>::new());
    assert_eq!(of(1), ["tile/0/000.p/1"]);
    assert_eq!(of(255), ["tile/0/000.p/255"]);
    assert_eq!(of(256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(of(257), ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]);
    let widths = |size: u64, level: u8| {
        let full = |tile: &Tile| tile.width() == WIDTH;
        let all: Vec<_> = tiles(size).filter(|tile| tile.level() == level).collect();
        (
            all.iter().filter(|tile| full(tile)).count(),
            all.last().map(Tile::width),
        )
    };
    assert_eq!(widths(70_000, 0), (273, Some(112)));
    assert_eq!(widths(70_000, 1), (1, Some(17)));
    assert_eq!(widths(70_000, 2), (0, Some(1)));
    assert_eq!(widths(70_000, 3), (0, None));
    // Lazy: the largest log there can be has a first tile, too.
    assert_eq!(tiles(u64::MAX).next(), Tile::new(0, 0, WIDTH));
    assert_eq!(bundles(513).last(), Bundle::new(2, 1));
    assert_eq!(bundles(512).last(), Bundle::new(1, 256));
    assert_eq!(bundles(0).next(), None);
    assert_eq!(Bundle::holding(511, 512), Bundle::new(1, 256));
    assert_eq!(Bundle::holding(512, 513), Bundle::new(2, 1));
    assert_eq!(Bundle::holding(513, 513), None);
}

#[test]
fn the_writer_makes_exactly_the_tiles_of_its_size() {
    let all = leaves(66_000);
    for size in [
        0_u64, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 66_000,
    ] {
        let leaves = &all[..usize::try_from(size).unwrap()];
        let files = files(leaves);
        assert!(
            files.keys().copied().eq(tiles(size)),
            "tiles of {size} entries"
        );
        for (tile, bytes) in &files {
            assert_eq!(bytes.len(), tile.bytes());
            let hashes = tile.hashes(bytes).unwrap();
            assert_eq!(hashes.len(), usize::from(tile.width()));
            assert_eq!(tile.hashes(&bytes[1..]), None);
            if tile.level() == 1 {
                // By the definition, not by the writer.
                let first = usize::try_from(tile.index() * 65_536).unwrap();
                for (n, hash) in hashes.iter().enumerate() {
                    let from = first + n * 256;
                    assert_eq!(crate::verify::root(&leaves[from..from + 256]), *hash);
                }
            }
        }
        let mut source = Tiles::new(size, |tile| files.get(&tile).cloned().ok_or(()));
        assert_eq!(root(&mut source, size), Ok(crate::verify::root(leaves)));
    }
}

#[test]
fn proofs_from_tiles_are_those_from_the_leaves() {
    let all = leaves(700);
    let files = files(&all);
    let mut tiles = Tiles::new(700, |tile| files.get(&tile).cloned().ok_or(()));
    let mut rows = Rows::new();
    for leaf in &all {
        rows.append(*leaf);
    }
    assert_eq!(rows.size(), 700);
    for size in [1_u64, 2, 3, 255, 256, 257, 300, 511, 512, 699, 700] {
        let leaves = &all[..usize::try_from(size).unwrap()];
        assert_eq!(rows.root(size), Some(crate::verify::root(leaves)));
        for at in (0..size).step_by(7).chain([0, size - 1, size, size + 1]) {
            let expected = merkle::inclusion_proof(leaves, at);
            assert_eq!(inclusion_proof(&mut tiles, at, size), Ok(expected.clone()));
            assert_eq!(rows.inclusion_proof(at, size), expected);
            let expected = merkle::consistency_proof(leaves, at);
            assert_eq!(
                consistency_proof(&mut tiles, at, size),
                Ok(expected.clone())
            );
            assert_eq!(rows.consistency_proof(at, size), expected);
        }
    }
    assert_eq!(rows.root(701), None);
    assert_eq!(rows.inclusion_proof(3, 701), None);
}

#[test]
fn a_proof_in_a_large_tree_reads_few_tiles() {
    // Not the tiles themselves, only how many are asked for: a million entries would take a second.
    for size in [1_000_000, 1_048_576, (1 << 48) - 1, 1 << 47, (1 << 47) + 1] {
        for at in [0, 1, 255, 256, 511_111, size / 2, size / 3, size - 1] {
            let mut read = BTreeMap::new();
            let mut source = Tiles::new(size, |tile: Tile| {
                *read.entry(tile).or_insert(0) += 1;
                Ok::<_, ()>(vec![7; tile.bytes()])
            });
            let proof = inclusion_proof(&mut source, at, size).unwrap().unwrap();
            assert!(proof.len() <= 64);
            let proof = consistency_proof(&mut source, at.max(1), size)
                .unwrap()
                .unwrap();
            assert!(proof.len() <= 65);
            let levels = usize::try_from(size.ilog2() / HEIGHT + 1).unwrap();
            assert!(read.len() <= 2 * levels, "{} tiles of {size}", read.len());
            assert!(read.values().all(|times| *times == 1));
            // Each is one that the tree has.
            for tile in read.keys() {
                let hashes = size >> (HEIGHT * u32::from(tile.level()));
                assert_eq!(tile.width(), width_at(tile.index(), hashes));
            }
        }
    }
}

#[test]
fn a_tile_that_is_missing_or_of_the_wrong_length_is_an_error_and_no_proof() {
    let mut source = Tiles::new(300, |tile: Tile| {
        if tile.level() == 0 {
            Err("gone")
        } else {
            Ok(vec![0; 5])
        }
    });
    assert_eq!(
        inclusion_proof(&mut source, 3, 300),
        Err(ReadError::Source("gone"))
    );
    assert_eq!(
        source.hash(8, 0),
        Err(ReadError::Length(Tile::new(1, 0, 1).unwrap()))
    );
    assert_eq!(source.hash(8, 1), Err(ReadError::OutOfRange));
    assert_eq!(source.hash(63, 0), Err(ReadError::OutOfRange));
    assert_eq!(source.hash(64, 0), Err(ReadError::OutOfRange));
    assert_eq!(source.hash(u32::MAX, u64::MAX), Err(ReadError::OutOfRange));
    assert_eq!(source.hash(7, u64::MAX), Err(ReadError::OutOfRange));
    let mut vast = Tiles::new(1 << 48, |tile: Tile| Ok::<_, ()>(vec![0; tile.bytes()]));
    assert!(vast.hash(47, 1).is_ok());
    assert_eq!(root(&mut vast, 1 << 48), Err(ReadError::OutOfRange));
    // What the tree does not hold is not even asked for.
    let mut empty = Tiles::new(0, |_| Ok::<Vec<u8>, ()>(vec![]));
    assert_eq!(empty.hash(0, 0), Err(ReadError::OutOfRange));
    assert_eq!(root(&mut empty, 0), Ok(merkle::EMPTY_ROOT));
}

fn beside(n: u64) -> Beside {
    Beside {
        salt: [u8::try_from(n % 256).unwrap(); 32],
        body: format!("{{\"n\":{n}}}").into_bytes(),
    }
}

#[test]
fn entries_come_out_of_bundles_as_they_went_in() {
    let entries: Vec<Vec<u8>> = (0..600_u64)
        .map(|n| vec![7; usize::try_from(n % 300).unwrap()])
        .collect();
    let (mut writer, mut files) = (BundleWriter::new(), vec![]);
    for entry in &entries {
        files.extend(writer.push(entry).unwrap());
    }
    files.extend(writer.finish());
    assert!(files.iter().map(|(bundle, _)| *bundle).eq(bundles(600)));
    let mut read: Vec<&[u8]> = vec![];
    for (bundle, bytes) in &files {
        read.extend(read_entries(bundle, bytes).unwrap());
        assert_eq!(
            read_entries(bundle, &bytes[..bytes.len() - 1]),
            Err(BundleError::Ended)
        );
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(read_entries(bundle, &longer), Err(BundleError::Trailing));
    }
    assert!(read.into_iter().eq(entries.iter().map(Vec::as_slice)));
    assert_eq!(
        BundleWriter::new().push(&vec![0; 65_536]),
        Err(BundleError::TooLong)
    );
    assert_eq!(BundleWriter::new().finish(), None);
    let (bundle, bytes) = &files[0];
    assert_eq!(&bytes[..5], [0, 0, 0, 1, 7], "lengths are big-endian");
    assert_eq!(bundle.first(), 0);
    assert_eq!(files[2].0.first(), 512);
}

#[test]
fn bodies_come_out_of_bundles_as_they_went_in() {
    let kept = [0, 3, 255, 256, 1_000, 1_001];
    let (mut writer, mut files) = (BodyWriter::new(), vec![]);
    for n in kept {
        files.extend(writer.push(n, &beside(n)).unwrap());
    }
    files.extend(writer.finish());
    let numbers: Vec<_> = files.iter().map(|(bundle, _)| bundle.index).collect();
    assert_eq!(numbers, [0, 1, 3], "no file where none is kept");
    let read: Vec<_> = files
        .iter()
        .flat_map(|(bundle, bytes)| {
            read_bodies(bytes)
                .unwrap()
                .into_iter()
                .map(|(slot, beside)| (bundle.index * 256 + u64::from(slot), beside))
        })
        .collect();
    assert!(read.into_iter().eq(kept.map(|n| (n, beside(n)))));
    assert_eq!(BodyWriter::new().finish(), None);
}

#[test]
fn a_body_bundle_in_a_second_spelling_is_refused() {
    let mut writer = BodyWriter::new();
    writer.push(256, &beside(1)).unwrap();
    assert_eq!(writer.push(1, &beside(2)), Err(BundleError::Order));
    let long = Beside {
        salt: [0; 32],
        body: vec![0; 60_001],
    };
    assert_eq!(writer.push(257, &long), Err(BundleError::TooLong));
    let (_, one) = writer.finish().unwrap();
    assert_eq!(read_bodies(&[]), Err(BundleError::Empty));
    for cut in 1..one.len() {
        assert_eq!(read_bodies(&one[..cut]), Err(BundleError::Ended), "{cut}");
    }
    let twice = [one.clone(), one.clone()].concat();
    assert_eq!(read_bodies(&twice), Err(BundleError::Order));
    let mut trailing = one.clone();
    trailing.push(9);
    assert_eq!(read_bodies(&trailing), Err(BundleError::Ended));
    let mut endless = one.clone();
    endless[33..37].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(read_bodies(&endless), Err(BundleError::TooLong));
}

proptest! {
    #[test]
    fn every_tile_and_bundle_is_read_back_from_its_path(level in 0_u8..=6, index in any::<u64>(), width in 1_u16..=256) {
        if let Some(tile) = Tile::new(level, index, width) {
            prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        }
        if let Some(bundle) = Bundle::new(index, width) {
            prop_assert_eq!(bundle.to_string().parse(), Ok(bundle));
        }
    }

    #[test]
    fn hostile_bundles_and_paths_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "(tile|bodies)/[0-9x/.p]{0,12}", width in 1_u16..=256) {
        let _ = read_bodies(&bytes);
        let _ = read_entries(&Bundle::new(0, width).unwrap(), &bytes);
        if let Ok(tile) = text.parse::<Tile>() {
            prop_assert_eq!(tile.to_string(), text);
        }
    }

    #[test]
    fn the_root_of_tiles_is_the_frontiers(size in 0_u64..2_000) {
        let all = leaves(size);
        let files = files(&all);
        let mut frontier = Frontier::new();
        for leaf in &all {
            frontier.append(*leaf);
        }
        let mut source = Tiles::new(size, |tile| files.get(&tile).cloned().ok_or(()));
        prop_assert_eq!(root(&mut source, size), Ok(frontier.root()));
    }
}
