//! Each code is reached by a hostile copy, and names the entry.

use ledger::Digest;
use ledger::cosignature::cosign;

use crate::world::*;

/// An export of the story, changed by `damage`, relisted by a forger when `relist`.
#[track_caller]
fn after(relist: bool, expected: &str, damage: impl FnOnce(&Copy)) {
    let (world, ..) = World::new();
    let copy = Copy::of(&world);
    assert_eq!(copy.line(), "holds");
    damage(&copy);
    if relist {
        copy.relist();
    }
    assert_eq!(copy.line(), expected);
}

/// As [`after`] on a record of 300 entries.
#[track_caller]
fn after_long(expected: &str, damage: impl FnOnce(&Copy)) {
    let copy = Copy::of(&World::long(300));
    damage(&copy);
    copy.relist();
    assert_eq!(copy.line(), expected);
}

/// Where entry `index` begins in its bundle, and how long it is.
fn place(bundle: &[u8], index: usize) -> (usize, usize) {
    let mut at = 0;
    for _ in 0..index {
        at += 2 + usize::from(u16::from_be_bytes([bundle[at], bundle[at + 1]]));
    }
    (
        at,
        usize::from(u16::from_be_bytes([bundle[at], bundle[at + 1]])),
    )
}

#[test]
fn shape() {
    after(true, "fault shape", |copy| copy.put("notes.txt", b"x"));
    after(true, "fault shape", |copy| copy.put(".hidden", b"x"));
    after(true, "fault shape", |copy| copy.put("tile/0/../x", b"x"));
    after(true, "fault shape", |copy| {
        copy.put("tile/6/000.p/1", &[0; 32]);
    });
    after(true, "fault shape", |copy| copy.remove("keys/log.vkey"));
    after(true, "fault shape", |copy| copy.remove("checkpoint"));
    after(false, "fault shape", |copy| copy.remove("manifest.json"));
    after(false, "fault shape", |copy| {
        copy.put("defects.txt", b"longer than it was, or shorter");
    });
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| manifest["v"] = 2.into());
    });
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| manifest["more"] = 2.into());
    });
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| manifest["files"].as_array_mut().unwrap().reverse());
    });
    after(false, "fault shape", |copy| {
        copy.edit_manifest(|manifest| manifest["attachments"] = serde_json::json!([]));
    });
    after(false, "fault shape", |copy| {
        copy.edit("manifest.json", |bytes| {
            *bytes = [b"{\"v\":1,", &bytes[1..]].concat();
        });
    });
    after(false, "fault shape", |copy| {
        copy.remove("README.txt");
        std::os::unix::fs::symlink(copy.path("defects.txt"), copy.path("README.txt")).unwrap();
    });
}

#[test]
fn checkpoint() {
    after(true, "fault checkpoint", |copy| {
        copy.put("checkpoint", b"no note");
    });
    after(true, "fault checkpoint", |copy| {
        copy.edit("checkpoint", |note| note[0] ^= 1);
    });
    after(true, "fault checkpoint", |copy| {
        copy.edit("keys/log.vkey", |vkey| vkey.truncate(vkey.len() - 1));
    });
    after(false, "fault checkpoint", |copy| {
        copy.edit_manifest(|manifest| manifest["root"] = Digest([1; 32]).to_string().into());
    });
    after(false, "fault checkpoint", |copy| {
        copy.edit_manifest(|manifest| manifest["size"] = 14.into());
    });
    // Thousands of lines cost nobody anything but a look.
    after(true, "fault checkpoint", |copy| {
        copy.edit("checkpoint", |note| {
            for _ in 0..3_000 {
                note.extend_from_slice("\u{2014} x AAAAAAA=\n".as_bytes());
            }
        });
    });
    // Another key signs the same head.
    after(true, "fault checkpoint", |copy| {
        let (world, ..) = World::new();
        let key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
        copy.put("checkpoint", world.head(15).sign(&key).unwrap().as_bytes());
    });
}

#[test]
fn a_rolled_back_head_is_seen_by_its_size() {
    // The log's own key signed it, and the forger lists it.
    let (world, ..) = World::new();
    let copy = Copy::of(&world);
    copy.put("checkpoint", world.note_at(14).as_bytes());
    copy.edit_manifest(|manifest| {
        manifest["size"] = 14.into();
        manifest["root"] = world.head(14).root.to_string().into();
    });
    copy.relist();
    // A bundle of fifteen is none that a log of fourteen has.
    assert_eq!(copy.line(), "fault entry 0");
}

#[test]
fn entry() {
    let bundle = "tile/entries/000.p/15";
    after(true, "fault entry 0", |copy| copy.remove(bundle));
    after(true, "fault entry 4", |copy| {
        copy.edit(bundle, |bytes| {
            let (at, _) = place(bytes, 4);
            bytes[at + 2] = b'[';
        });
    });
    // The envelope's signature: a flipped digit of its base64.
    after(true, "fault entry 6", |copy| {
        copy.edit(bundle, |bytes| {
            let (at, length) = place(bytes, 6);
            let text = &bytes[at + 2..at + 2 + length];
            let from = text
                .windows(13)
                .position(|part| part == b"\"statement\":\"")
                .unwrap()
                + 13
                + 400;
            let digit = &mut bytes[at + 2 + from];
            *digit = if *digit == b'A' { b'B' } else { b'A' };
        });
    });
    after(true, "fault entry 14", |copy| {
        copy.edit(bundle, |bytes| bytes.truncate(bytes.len() - 1));
    });
    after(true, "fault entry 15", |copy| {
        copy.edit(bundle, |bytes| bytes.extend([0, 0]));
    });
    after(true, "fault entry 15", |copy| {
        copy.put("tile/entries/001.p/1", &[0, 1, 0]);
    });
    // The same entry twice, and two in another order.
    after(true, "fault entry 8", |copy| {
        copy.edit(bundle, |bytes| {
            let ((at, length), (next, after)) = (place(bytes, 7), place(bytes, 8));
            let twice = bytes[at..at + 2 + length].to_vec();
            bytes.splice(next..next + 2 + after, twice);
        });
    });
    after(true, "fault entry 12", |copy| {
        copy.edit(bundle, |bytes| {
            let ((at, _), (next, after)) = (place(bytes, 11), place(bytes, 12));
            let moved: Vec<u8> = bytes.drain(next..next + 2 + after).collect();
            bytes.splice(at..at, moved);
        });
    });
    after_long("fault entry 256", |copy| {
        copy.remove("tile/entries/001.p/44");
    });
    after_long("fault entry 256", |copy| {
        copy.edit("tile/entries/000", |bytes| bytes.push(0));
    });
}

#[test]
fn body() {
    after(true, "fault body 5", |copy| {
        copy.edit("bodies/000", |bytes| bytes[1] ^= 1);
    });
    after(true, "fault body 5", |copy| {
        copy.edit("bodies/000", |bytes| bytes[40] ^= 1);
    });
    after(true, "fault body 0", |copy| {
        copy.edit("bodies/000", |bytes| bytes.truncate(bytes.len() - 1));
    });
    after(true, "fault body 0", |copy| {
        copy.edit("bodies/000", Vec::clear);
    });
    after(true, "fault body 0", |copy| {
        copy.edit("bodies/000", |bytes| bytes.extend_from_slice(&[15; 37]));
    });
    after(true, "fault body 256", |copy| copy.put("bodies/001", b"x"));
    // A body beside an entry whose payload is open.
    after(true, "fault body 4", |copy| {
        copy.edit("bodies/000", |bytes| bytes[0] = 4);
    });
    // Two bodies swapped.
    after(true, "fault body 5", |copy| {
        copy.edit("bodies/000", |bytes| {
            let first = 37
                + usize::try_from(u32::from_be_bytes(bytes[33..37].try_into().unwrap())).unwrap();
            let (one, other) = (bytes[0], bytes[first]);
            let mut swapped = bytes[first..2 * first].to_vec();
            swapped.extend_from_slice(&bytes[..first]);
            (swapped[0], swapped[first]) = (one, other);
            bytes.splice(..2 * first, swapped);
        });
    });
    after_long("fault body 256", |copy| {
        copy.edit("bodies/001", |bytes| bytes.push(0));
    });
}

#[test]
fn root() {
    // What the node answered is not signed by the device; the tree has it.
    after(true, "fault root", |copy| {
        copy.edit("tile/entries/000.p/15", |bytes| {
            let (at, length) = place(bytes, 5);
            let text = &mut bytes[at + 2..at + 2 + length];
            let says = b"\"admitted\":true";
            let from = text
                .windows(says.len())
                .position(|part| part == says)
                .unwrap();
            text[from..from + says.len()].copy_from_slice(b"\"admitted\":1234");
        });
    });
}

#[test]
fn tile() {
    after(true, "fault tile", |copy| {
        copy.edit("tile/0/000.p/15", |bytes| bytes[7] ^= 1);
    });
    after(true, "fault tile", |copy| {
        copy.edit("tile/0/000.p/15", |bytes| bytes.truncate(32));
    });
    after(true, "fault tile", |copy| copy.remove("tile/0/000.p/15"));
    after(true, "fault tile", |copy| {
        copy.put("tile/1/000.p/1", &[0; 32]);
    });
    after_long("fault tile", |copy| {
        copy.edit("tile/1/000.p/1", |bytes| bytes[0] ^= 1);
    });
    after_long("fault tile", |copy| {
        copy.put("tile/0/001.p/43", &[0; 43 * 32]);
    });
}

#[test]
fn cosigned() {
    let (world, ..) = World::new();
    after(true, "fault cosigned", |copy| copy.put("cosigned", b"x"));
    after(true, "holds", |copy| {
        copy.put("cosigned", world.note_at(9).as_bytes());
    });
    after(true, "fault cosigned", |copy| {
        copy.put("cosigned", World::long(16).note_at(16).as_bytes());
    });
    let mut fork = world.head(9);
    fork.root = Digest([1; 32]);
    let fork = fork.sign(&world.log).unwrap();
    after(true, "fault cosigned", |copy| {
        copy.put("cosigned", fork.as_bytes());
    });
    let key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let forged = world.head(9).sign(&key).unwrap();
    after(true, "fault cosigned", |copy| {
        copy.put("cosigned", forged.as_bytes());
    });
    // Somebody unknown cosigned it as well: passed over.
    let line = cosign(&world.head(9), 1, "x.example", &key).unwrap();
    let note = ledger::note::with_lines(&world.note_at(9), &line).unwrap();
    after(true, "holds", |copy| copy.put("cosigned", note.as_bytes()));
}

#[test]
fn attachment() {
    let path = format!("attachments/{}", Digest::of(PHOTO));
    after(true, "fault attachment", |copy| {
        copy.edit(&path, |bytes| bytes[0] ^= 1);
    });
    after(true, "fault attachment", |copy| {
        copy.edit(&path, |bytes| bytes.push(0));
    });
    let other = format!("attachments/{}", Digest::of(b"x"));
    after(true, "fault attachment", |copy| copy.put(&other, b"x"));
    after(true, "holds", |copy| copy.remove(&path));
}

#[test]
fn pack() {
    let (world, ..) = World::new();
    let digest = world.packs.keys().next().unwrap();
    let path = format!("packs/{digest}/pack.toml");
    after(true, "fault pack", |copy| {
        copy.edit(&path, |bytes| bytes[0] ^= 1);
    });
    after(true, "fault pack", |copy| {
        copy.put(&format!("packs/{digest}/more.txt"), b"x");
    });
    after(true, "fault pack", |copy| {
        copy.put(&format!("packs/{}/pack.toml", Digest([1; 32])), b"x");
    });
}

#[test]
fn manifest() {
    after(false, "fault manifest", |copy| {
        copy.edit("README.txt", |bytes| bytes[0] ^= 1);
    });
    after(true, "holds", |copy| {
        copy.edit("README.txt", |bytes| bytes[0] ^= 1);
    });
    after(false, "fault manifest", |copy| {
        copy.edit_manifest(|manifest| {
            manifest["files"][0]["sha256"] = Digest([1; 32]).to_string().into();
        });
    });
}

#[test]
fn another_log_than_expected_is_told() {
    let (world, ..) = World::new();
    let copy = Copy::of(&world);
    let key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let other = World::origin()
        .verifier(ledger::PublicKey::of(&key))
        .unwrap();
    let ask = audit::Ask {
        expect: Some(other),
        ..audit::Ask::default()
    };
    let files = audit::open(&copy.root()).unwrap();
    let told = audit::check(&*files, &ask, &mut |_, _| {}).unwrap_err();
    assert!(told.to_string().contains("expected"), "{told}");
}
