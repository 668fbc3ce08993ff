use super::*;
use crate::envelope::{self, sign};
use alloc::format;
use alloc::vec;
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

fn made(seed: u8) -> (Header, Vec<u8>, Vec<u8>, Vec<u8>) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let n = u64::from(seed);
    let header = Header {
        origin: "ranch.example/prairie/2021-7f3a".into(),
        kind: "weapon.look".into(),
        kv: 1 + u32::from(seed % 3),
        person: Digest([seed; 32]),
        key: PublicKey::of(&key),
        counter: 1 + n * n * n,
        prev: Digest::of(&[seed]),
        at_ms: 1_634_846_400_000 * i64::from(seed % 2),
        head: SeenHead {
            size: n,
            root: Digest::of(b"root"),
            at_ms: i64::from(seed),
        },
        shown: Shown {
            lang: "en".into(),
            words: u32::from(seed),
        },
        shared: seed.is_multiple_of(2),
        content: Content::Beside(Digest::of(b"body")),
    };
    let payload = header.write().unwrap();
    let envelope = sign(&header, &key).unwrap();
    let hash = Digest::of(b"pack");
    let entry = Entry {
        at_ms: 1_634_846_400_000,
        statement: envelope.clone(),
        outcome: br#"{"admitted":true,"reasons":["a \",\"packs\":[ b"],"deep":[[{"x":[]}]]}"#
            .to_vec(),
        packs: (0..seed % 3)
            .map(|n| format!("base@1.{n}.0:{hash}"))
            .collect(),
    };
    (header, payload, envelope, entry.write().unwrap())
}

#[test]
fn what_we_write_is_read_the_short_way() {
    for seed in 0..40 {
        let (made_header, payload, made_envelope, made_entry) = made(seed);
        assert_eq!(header(&payload), Some(made_header));
        let (read, key, signature) = envelope(&made_envelope).unwrap();
        assert_eq!(
            envelope::read_any(&made_envelope),
            Ok((read, key, signature))
        );
        let read = entry(&made_entry).unwrap();
        assert_eq!(read.statement, made_envelope);
        assert_eq!(Entry::read_any(&made_entry), Ok(read));
    }
}

/// Whatever the short way reads, the long way must read alike.
#[track_caller]
fn agree(bytes: &[u8]) -> usize {
    let mut read = 0;
    if let Some(short) = header(bytes) {
        assert_eq!(Header::read_any(bytes), Ok(short));
        read += 1;
    }
    if let Some(short) = envelope(bytes) {
        assert_eq!(envelope::read_any(bytes), Ok(short));
        read += 1;
    }
    if entry(bytes).is_some() {
        // The packs are looked at by both ways alike, after this.
        assert_eq!(Entry::read(bytes), Entry::read_any(bytes));
        read += 1;
    }
    read
}

#[test]
fn every_byte_changed_to_every_likely_one_is_read_alike_or_not_here() {
    let mut read = 0;
    let (_, payload, made_envelope, made_entry) = made(2);
    // Most of an envelope and an entry is base64, where one place is like another.
    for (good, step) in [(payload, 1), (made_envelope, 3), (made_entry, 5)] {
        for at in (0..good.len()).step_by(step) {
            for byte in *b"0\"\\ {}[],:-.e+/=\n\0\x7f\xc3Zn" {
                let mut bytes = good.clone();
                bytes[at] = byte;
                read += agree(&bytes);
            }
        }
    }
    assert!(read > 2_000, "{read}");
}

#[test]
fn spellings_that_are_not_ours_go_the_long_way() {
    let (_, payload, made_envelope, made_entry) = made(1);
    let changed = |bytes: &[u8], from: &str, to: &str| {
        let text = core::str::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    for (from, to) in [
        ("\"kv\":2", "\"kv\": 2"),
        ("\"kv\":2", "\"kv\":02"),
        ("\"kv\":2", "\"kv\":0"),
        ("\"kv\":2", "\"kv\":4294967296"),
        ("\"kv\":2", "\"kv\":2,\"kv\":2"),
        ("\"size\":1", "\"size\":9007199254740992"),
        ("\"size\":1", "\"size\":-1"),
        ("\"counter\":2", "\"counter\":0"),
        ("\"lang\":\"en\"", "\"lang\":\"\\u0065n\""),
        ("\"lang\":\"en\"", "\"lang\":\"é\""),
        ("\"shared\":false", "\"shared\":0"),
        ("}", "} "),
    ] {
        let bytes = changed(&payload, from, to);
        assert_eq!(header(&bytes), None, "{to}");
    }
    for (from, to) in [
        ("\"sig\":\"", "\"sig\" :\""),
        ("}]}", "}]} "),
        ("}]}", "},{}]}"),
    ] {
        assert_eq!(envelope(&changed(&made_envelope, from, to)), None, "{to}");
    }
    for (from, to) in [
        ("\"outcome\":{", "\"outcome\": {"),
        ("\"outcome\":{", "\"outcome\":{\"admitted\":false,"),
        ("\"x\":[]", "\"x\":null"),
        ("\"x\":[]", "\"x\":[[[[[[[[[[[[]]]]]]]]]]]]"),
        (",\"packs\":[\"", " ,\"packs\":[\""),
        (",\"packs\":[\"", ",\"packs\":[ \""),
    ] {
        assert_eq!(entry(&changed(&made_entry, from, to)), None, "{to}");
    }
}

proptest! {
    #[test]
    fn spoiled_bytes_are_read_alike_or_not_here(
        seed in 0_u8..6,
        which in 0_usize..3,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..3)), 0..3),
    ) {
        let (_, payload, made_envelope, made_entry) = made(seed);
        let mut bytes = vec![payload, made_envelope, made_entry].swap_remove(which);
        for (from, to, with) in cuts {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let to = from.max(to).min(from + 2);
            bytes.splice(from..to, with);
            if bytes.is_empty() {
                break;
            }
        }
        agree(&bytes);
    }
}
