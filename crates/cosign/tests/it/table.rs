//! Every row of the table in `docs/formats/cosign.md`.

use cosign::Cosigner;
use cosign::decide::Shows;
use ed25519_dalek::SigningKey;
use ledger::checkpoint::Checkpoint;
use ledger::cosignature;
use ledger::note::{self, Note};
use ledger::{Digest, PublicKey};

use crate::world::{Log, NOW_S, ask, brief, cosigner, request};

/// A cosigner with a head of `size` entries of `log`.
fn at(folder: &std::path::Path, log: &Log, size: u64) -> Cosigner {
    let cosigner = cosigner(folder, "guild.example/cosigner");
    assert_eq!(ask(&cosigner, &log.request(0, size)).status, 200);
    cosigner
}

#[test]
fn growth_that_is_proven_is_cosigned_and_the_line_holds() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(40, None);
    let cosigner = at(folder.path(), &log, 7);
    let mut old = 7;
    for size in [7, 8, 8, 21, 32, 33, 40] {
        let answer = ask(&cosigner, &log.request(old, size));
        assert_eq!((answer.status, answer.retry_after_s), (200, None), "{size}");
        assert_eq!(answer.body.lines().count(), 1);
        let note = note::with_lines(&log.note(size), &answer.body).unwrap();
        let read = Note::read(&note).unwrap();
        assert_eq!(cosigner.key().cosigned(&read), Ok(Some(NOW_S)));
        assert!(Checkpoint::open(&note, &log.key()).is_ok());
        old = size;
    }
    assert!(cosigner.kept().unwrap().is_empty());
}

#[test]
fn a_first_checkpoint_of_any_size_is_taken_from_size_nought_without_a_proof() {
    let log = Log::of(3, None);
    let folder = tempfile::tempdir().unwrap();
    let fresh = cosigner(folder.path(), "a");
    // Nothing was cosigned: the size is 0, whoever asks from where.
    assert_eq!(brief(&ask(&fresh, &log.request(2, 3))), (409, Some(0)));
    assert_eq!(
        ask(&fresh, &log.request(0, 0)).status,
        200,
        "no entries yet"
    );
    assert_eq!(ask(&fresh, &log.request(0, 0)).status, 200, "and again");
    assert_eq!(ask(&fresh, &log.request(0, 3)).status, 200);
    assert_eq!(brief(&ask(&fresh, &log.request(0, 3))), (409, Some(3)));
    assert_eq!(brief(&ask(&fresh, &log.request(0, 0))), (409, Some(3)));
}

#[test]
fn sizes_over_two_to_the_sixty_third_are_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let cosigner = cosigner(folder.path(), "a");
    let log = Log::of(1, None);
    for (size, old) in [(1_u64 << 63, 0), (1 << 63, 1 << 63)] {
        let head = Checkpoint {
            origin: log.origin.clone(),
            size,
            root: Digest([9; 32]),
        };
        let note = head.sign(&log.signing).unwrap();
        assert_eq!(ask(&cosigner, &request(old, &[], &note)).status, 200);
    }
    let larger = Checkpoint {
        origin: log.origin.clone(),
        size: u64::MAX,
        root: Digest([9; 32]),
    };
    let note = larger.sign(&log.signing).unwrap();
    assert_eq!(
        brief(&ask(&cosigner, &request(5, &[], &note))),
        (409, Some(1 << 63))
    );
    // A proof between such sizes is looked at, not computed with.
    let hashes = [Digest([1; 32]); 63];
    assert_eq!(
        ask(&cosigner, &request(1 << 63, &hashes, &note)).status,
        422
    );
    assert_eq!(ask(&cosigner, &request(1 << 63, &[], &note)).status, 422);
}

#[test]
fn what_cannot_be_read_is_a_400_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(20, None);
    let cosigner = at(folder.path(), &log, 7);
    let good = log.request(7, 12);
    let line = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n";
    let note = log.note(12);
    let extended = note::sign(
        &format!("{}more\n", log.head(12).text()),
        log.origin.as_str(),
        &log.signing,
    )
    .unwrap();
    let no_root = Checkpoint {
        origin: log.origin.clone(),
        size: 0,
        root: Digest([1; 32]),
    }
    .sign(&log.signing)
    .unwrap();
    let own = |bytes: &str| {
        note::with_lines(&note, &format!("— {} {bytes}\n", cosigner.key().name())).unwrap()
    };
    let mut forged = cosigner.key().id().to_vec();
    forged.extend_from_slice(&[1; 72]);
    let forged = own(&base64(&forged));
    for bad in [
        String::new(),
        "old 7".into(),
        good.replace("old 7", "old 07"),
        good.replace("old 7", "new 7"),
        format!("old 7\n{}\n{note}", line.repeat(64)),
        format!("old 7\n{}\n{note}", line.trim_end_matches("=\n")),
        good.replace("\n\n", "\n"),
        "old 7\n\n".into(),
        format!("old 7\n\n{}", note.replace("— ", "- ")),
        format!("old 7\n\n{}", note.replace("\n12\n", "\n012\n")),
        format!("old 7\n\n{extended}"),
        format!(
            "old 7\n\n{note}{}",
            note.lines().nth(4).unwrap().repeat(2_000)
        ),
        format!(
            "old 7\n\n{note}{}",
            format!("{}\n", note.lines().nth(4).unwrap()).repeat(17)
        ),
        format!("old 13\n\n{note}"),
        format!("old 0\n{line}\n{note}"),
        format!("old 12\n{line}\n{note}"),
        format!("old 0\n\n{no_root}"),
        format!("old 7\n\n{forged}"),
        format!("old 7\n\n{}", "x".repeat(70_000)),
    ] {
        let answer = ask(&cosigner, &bad);
        assert_eq!(answer.status, 400, "{bad}: {}", answer.body);
        assert!(
            answer.body.ends_with('\n') && answer.body.len() > 10,
            "{}",
            answer.body
        );
        assert_eq!(answer.media, "text/plain; charset=utf-8");
    }
    assert_eq!(
        cosigner
            .add_checkpoint(b"old 0\n\n\xff\xfe\n", NOW_S)
            .status,
        400
    );
    assert_eq!(
        ask(&cosigner, &good).status,
        200,
        "and the good one still goes through"
    );
    assert!(cosigner.kept().unwrap().is_empty());
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[test]
fn a_log_that_is_not_followed_is_a_404_and_a_strangers_signature_a_403() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(9, None);
    let cosigner = at(folder.path(), &log, 7);
    let mut elsewhere = log.head(9);
    elsewhere.origin = "other.example/x/2026-1".parse().unwrap();
    let note = elsewhere.sign(&log.signing).unwrap();
    assert_eq!(
        ask(&cosigner, &request(7, &log.proof(7, 9), &note)).status,
        404
    );
    let stranger = SigningKey::from_bytes(&[99; 32]);
    let note = log.head(9).sign(&stranger).unwrap();
    assert_eq!(
        ask(&cosigner, &request(7, &log.proof(7, 9), &note)).status,
        403
    );
    // The log's own line, spoiled: none holds.
    let spoiled = log.note(9).replace("\n9\n", "\n8\n");
    assert_eq!(ask(&cosigner, &request(7, &[], &spoiled)).status, 403);
    // A stranger's line beside the log's is passed over.
    let (stranger_line, log_note) = (note.lines().nth(4).unwrap(), log.note(9));
    let both = format!("{log_note}{stranger_line}\n");
    assert_eq!(
        ask(&cosigner, &request(7, &log.proof(7, 9), &both)).status,
        200
    );
    // A log may have a second key under its origin: both are followed.
    cosigner
        .follow(
            &log.origin.verifier(PublicKey::of(&stranger)).unwrap(),
            NOW_S,
        )
        .unwrap();
    assert_eq!(ask(&cosigner, &request(9, &[], &note)).status, 200);
}

#[test]
fn an_old_size_that_is_not_the_last_one_is_a_409_with_the_last_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(20, None);
    let cosigner = at(folder.path(), &log, 9);
    for (old, size) in [(0, 12), (8, 12), (10, 12), (5, 5), (0, 5), (3, 7)] {
        let answer = ask(&cosigner, &log.request(old, size));
        assert_eq!(brief(&answer), (409, Some(9)), "{old} {size}");
        assert_eq!(answer.body, "9\n");
    }
    assert_eq!(ask(&cosigner, &log.request(9, 12)).status, 200);
    assert!(
        cosigner.kept().unwrap().is_empty(),
        "an older head is no fork"
    );
}

#[test]
fn another_root_for_the_same_size_is_a_409_and_both_notes_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (log, other) = (Log::of(20, None), Log::of(20, Some(4)));
    let cosigner = at(folder.path(), &log, 9);
    let answer = ask(&cosigner, &other.request(9, 9));
    assert_eq!(brief(&answer), (409, None));
    assert!(
        answer.body.contains("two histories of 9 entries"),
        "{}",
        answer.body
    );
    let kept = cosigner.kept().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].evidence.shows, Shows::Fork);
    assert_eq!(kept[0].origin, log.origin.as_str());
    assert_eq!(kept[0].evidence.ours, log.note(9));
    assert_eq!(kept[0].evidence.theirs, other.note(9));
    // Again, and from another old size: kept once, and the answer to a wrong old size is the size.
    assert_eq!(ask(&cosigner, &other.request(9, 9)).status, 409);
    assert_eq!(brief(&ask(&cosigner, &other.request(0, 9))), (409, Some(9)));
    assert_eq!(cosigner.kept().unwrap().len(), 1);
    // The true history goes on; a fork of an earlier size is found when it is remembered.
    assert_eq!(ask(&cosigner, &log.request(9, 15)).status, 200);
    assert_eq!(ask(&cosigner, &log.request(15, 16)).status, 200);
    assert_eq!(
        brief(&ask(&cosigner, &other.request(0, 15))),
        (409, Some(16))
    );
    let kept = cosigner.kept().unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (
            kept[0].evidence.ours.as_str(),
            kept[0].evidence.theirs.as_str()
        ),
        (log.note(15).as_str(), other.note(15).as_str())
    );
    // What is kept stays.
    drop(cosigner);
    assert_eq!(cosign::look(folder.path()).unwrap().kept, kept);
}

#[test]
fn a_proof_that_does_not_hold_is_a_422_and_both_notes_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (log, other) = (Log::of(40, None), Log::of(40, Some(4)));
    let cosigner = at(folder.path(), &log, 9);
    let good = log.proof(9, 21);
    let mut swapped = good.clone();
    swapped.swap(0, 1);
    let mut spare = good.clone();
    spare.push(Digest::ZERO);
    let mut flipped = good.clone();
    flipped[2].0[31] ^= 1;
    let bad = [
        vec![],
        good[1..].to_vec(),
        swapped,
        spare,
        flipped,
        log.proof(8, 21),
        log.proof(9, 22),
        vec![Digest::ZERO; 63],
    ];
    for proof in bad {
        let answer = ask(&cosigner, &request(9, &proof, &log.note(21)));
        assert_eq!(answer.status, 422, "{proof:?}");
        assert!(answer.body.contains("first 9 entries"), "{}", answer.body);
    }
    let kept = cosigner.kept().unwrap();
    assert_eq!(kept.len(), 1, "the same two notes are kept once");
    assert_eq!(kept[0].evidence.shows, Shows::Unjoined);
    assert_eq!(kept[0].evidence.ours, log.note(9));
    assert_eq!(kept[0].evidence.theirs, log.note(21));
    // Another history's own proof does not join either.
    assert_eq!(ask(&cosigner, &other.request(9, 21)).status, 422);
    assert_eq!(cosigner.kept().unwrap().len(), 2);
    assert_eq!(ask(&cosigner, &log.request(9, 21)).status, 200);
}

#[test]
fn a_clock_that_is_wrong_signs_nothing_and_a_small_step_back_signs_the_last_time() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(20, None);
    let cosigner = at(folder.path(), &log, 5);
    let ask_at =
        |now_s: u64, old, size| cosigner.add_checkpoint(log.request(old, size).as_bytes(), now_s);
    for wrong in [0, 1_000_000_000, NOW_S - 61] {
        let answer = ask_at(wrong, 5, 6);
        assert_eq!(answer.status, 503, "{wrong}");
        assert!(answer.body.contains("clock"), "{}", answer.body);
        assert!(answer.retry_after_s.is_some());
    }
    let answer = ask_at(NOW_S - 60, 5, 6);
    assert_eq!(answer.status, 200);
    assert_eq!(
        cosigner
            .key()
            .answered(&log.head(6).text(), &answer.body)
            .unwrap()
            .1,
        NOW_S
    );
    assert_eq!(ask_at(NOW_S + 5, 6, 7).status, 200);
}

#[test]
fn its_own_cosignature_that_it_does_not_remember_ends_all_signing_for_that_log() {
    let log = Log::of(40, None);
    let folder = tempfile::tempdir().unwrap();
    let cosigner = at(folder.path(), &log, 9);
    drop(cosigner);
    // The cosigner's folder is copied, goes on to 21, and is put back.
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let ahead = Cosigner::open(folder.path(), None).unwrap();
    let line = ask(&ahead, &log.request(9, 21)).body;
    let rolled_back = Cosigner::open(copy.path(), None).unwrap();
    let cosigned = note::with_lines(&log.note(21), &line).unwrap();
    let answer = ask(&rolled_back, &request(9, &log.proof(9, 21), &cosigned));
    assert_eq!(answer.status, 503);
    assert!(
        answer
            .body
            .contains("signed 21 entries of this log and remembers 9"),
        "{}",
        answer.body
    );
    assert!(answer.retry_after_s.is_some());
    let kept = rolled_back.kept().unwrap();
    assert_eq!(kept[0].evidence.shows, Shows::OwnForgotten);
    assert_eq!(kept[0].evidence.theirs, cosigned);
    // For ever: not even growth that it could prove is signed.
    assert_eq!(ask(&rolled_back, &log.request(9, 12)).status, 503);
    drop(rolled_back);
    let again = Cosigner::open(copy.path(), None).unwrap();
    assert_eq!(ask(&again, &log.request(9, 12)).status, 503);
    // Its own line under what it remembers, and under older heads, is nothing new.
    let answer = ask(&ahead, &request(21, &[], &cosigned));
    assert_eq!(answer.status, 200);
    assert_eq!(ask(&ahead, &log.request(21, 30)).status, 200);
    assert_eq!(
        brief(&ask(&ahead, &request(21, &[], &cosigned))),
        (409, Some(30))
    );
}

#[test]
fn its_own_cosignature_of_another_history_ends_all_signing_for_that_log() {
    let (log, other) = (Log::of(40, None), Log::of(40, Some(4)));
    let folder = tempfile::tempdir().unwrap();
    let cosigner = at(folder.path(), &log, 9);
    let text = std::fs::read_to_string(folder.path().join("cosigner.key")).unwrap();
    let secret: PublicKey = text
        .lines()
        .nth(1)
        .unwrap()
        .strip_prefix("secret ")
        .unwrap()
        .parse()
        .unwrap();
    let line = cosignature::cosign(
        &other.head(9),
        NOW_S,
        cosigner.key().name(),
        &SigningKey::from_bytes(&secret.0),
    )
    .unwrap();
    let cosigned = note::with_lines(&other.note(9), &line).unwrap();
    let answer = ask(&cosigner, &request(9, &[], &cosigned));
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("two histories"), "{}", answer.body);
    assert_eq!(ask(&cosigner, &log.request(9, 12)).status, 503);
}

#[test]
fn a_request_with_bytes_turned_is_never_cosigned_as_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::of(40, None);
    let cosigner = at(folder.path(), &log, 9);
    let good = log.request(9, 21).into_bytes();
    let mut chance = 0x1234_5678_9abc_def1_u64;
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..3_000 {
        let mut turned = good.clone();
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let at = usize::try_from(chance).unwrap() % turned.len();
        match chance >> 61 {
            0 => turned.truncate(at),
            1 => turned.insert(at, b'\n'),
            2 => {
                turned.remove(at);
            }
            3 => {
                let tail = turned[at..].to_vec();
                turned.extend_from_slice(&tail);
            }
            _ => turned[at] ^= 1 << (chance >> 58 & 7),
        }
        let answer = cosigner.add_checkpoint(&turned, NOW_S);
        // What is still the request itself may go through once; then the size moved.
        if answer.status == 200 {
            assert!(
                cosigner
                    .key()
                    .answered(&log.head(21).text(), &answer.body)
                    .is_ok()
            );
        }
        *counts.entry(answer.status).or_insert(0_u32) += 1;
    }
    assert!(
        counts
            .keys()
            .all(|status| [200, 400, 403, 404, 409, 422].contains(status)),
        "{counts:?}"
    );
    assert!(counts[&400] > 100 && counts[&403] > 100, "{counts:?}");
    let kept = cosigner.kept().unwrap();
    assert!(
        kept.iter()
            .all(|kept| kept.evidence.shows == Shows::Unjoined)
    );
    assert!(kept.iter().all(|kept| kept.evidence.theirs == log.note(21)));
}
