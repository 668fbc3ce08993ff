//! Cosignatures and requests for them. The vectors are our own, made by the formats' rules with fixed keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use ledger::checkpoint::Checkpoint;
use ledger::cosignature::{self, CosignerKey};
use ledger::note::{self, Note, NoteError, VerifierKey};
use ledger::policy::Policy;
use ledger::witness::{AddCheckpoint, AskError, RequestError, answer, is_fork};
use ledger::{Digest, KeyRefused, PublicKey};

use crate::world::{log_key, origin};

pub(crate) fn cosigner(number: u8, name: &str) -> (SigningKey, CosignerKey) {
    let signing = SigningKey::from_bytes(&[number; 32]);
    let key = CosignerKey::new(name, PublicKey::of(&signing)).unwrap();
    (signing, key)
}

pub(crate) fn checkpoint(size: u64, root: u8) -> Checkpoint {
    Checkpoint {
        origin: origin(),
        size,
        root: Digest([root; 32]),
    }
}

pub(crate) fn log() -> VerifierKey {
    origin().verifier(PublicKey::of(&log_key())).unwrap()
}

#[test]
fn a_cosigners_vkey_is_of_type_04_and_reads_back() {
    let (signing, key) = cosigner(40, "ranch.example/guild");
    let text = key.to_string();
    assert_eq!(text.parse(), Ok(key.clone()));
    let (name, rest) = text.split_once('+').unwrap();
    let (id, encoded) = rest.split_once('+').unwrap();
    assert_eq!(name, "ranch.example/guild");
    let bytes = STANDARD.decode(encoded).unwrap();
    assert_eq!(bytes[0], 4);
    assert_eq!(bytes[1..], PublicKey::of(&signing).0);
    // The id by its definition, written out.
    let mut defined = b"ranch.example/guild\n\x04".to_vec();
    defined.extend_from_slice(&bytes[1..]);
    assert_eq!(id, &Digest::of(&defined).to_string()[..8]);
    // A log's key is no cosigner's, and the other way round.
    assert_eq!(text.parse::<VerifierKey>(), Err(NoteError::Vkey));
    assert_eq!(
        log().to_string().parse::<CosignerKey>(),
        Err(NoteError::Vkey)
    );
    assert_eq!(
        CosignerKey::new("two words", key.key()),
        Err(NoteError::Name)
    );
    assert_eq!(
        CosignerKey::new("a", PublicKey([0; 32])),
        Err(NoteError::Key(KeyRefused::Weak))
    );
}

#[test]
fn a_cosignature_is_what_the_format_says_byte_for_byte() {
    let (signing, key) = cosigner(41, "guild.example/cosigner");
    let head = checkpoint(20_852_163, 9);
    let line = cosignature::cosign(&head, 1_679_315_147, key.name(), &signing).unwrap();
    let signed = format!("cosignature/v1\ntime 1679315147\n{}", head.text());
    let mut bytes = key.id().to_vec();
    bytes.extend_from_slice(&1_679_315_147_u64.to_be_bytes());
    bytes.extend_from_slice(&signing.sign(signed.as_bytes()).to_bytes());
    assert_eq!(
        line,
        format!("— guild.example/cosigner {}\n", STANDARD.encode(bytes))
    );
}

#[test]
fn a_cosigned_note_names_the_newest_time_and_other_readers_pass_it_over() {
    let (signing, key) = cosigner(42, "guild.example/cosigner");
    let head = checkpoint(7, 1);
    let note = head.sign(&log_key()).unwrap();
    let older = cosignature::cosign(&head, 100, key.name(), &signing).unwrap();
    let newer = cosignature::cosign(&head, 200, key.name(), &signing).unwrap();
    let both = note::with_lines(&note, &format!("{newer}{older}")).unwrap();
    assert_eq!(key.cosigned(&Note::read(&both).unwrap()), Ok(Some(200)));
    assert_eq!(key.cosigned(&Note::read(&note).unwrap()), Ok(None));
    assert_eq!(Checkpoint::open(&both, &log()), Ok(head.clone()));
    let (_, stranger) = cosigner(43, "guild.example/cosigner");
    assert_eq!(stranger.cosigned(&Note::read(&both).unwrap()), Ok(None));
    // The same line again is the same note.
    assert_eq!(note::with_lines(&both, &older), Ok(both.clone()));
    assert_eq!(
        Note::read(&both)
            .unwrap()
            .only(|line| line.name != key.name()),
        note
    );
}

#[test]
fn a_cosignature_that_does_not_hold_refuses_the_note() {
    let (signing, key) = cosigner(44, "guild.example/cosigner");
    let head = checkpoint(7, 1);
    let note = head.sign(&log_key()).unwrap();
    let good = cosignature::cosign(&head, 100, key.name(), &signing).unwrap();
    let encoded = good.trim_end().rsplit(' ').next().unwrap();
    let bytes = STANDARD.decode(encoded).unwrap();
    let with = |bytes: &[u8]| {
        let line = format!("— {} {}\n", key.name(), STANDARD.encode(bytes));
        let note = note::with_lines(&note, &format!("{good}{line}")).unwrap();
        key.cosigned(&Note::read(&note).unwrap())
    };
    let bad = Err(NoteError::Key(KeyRefused::BadSignature));
    for at in 4..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let found = with(&flipped);
        assert!(found == bad || found == Err(NoteError::Time), "byte {at}");
    }
    assert_eq!(with(&bytes[..bytes.len() - 1]), bad);
    assert_eq!(with(&[&bytes[..], &[0]].concat()), bad);
    assert_eq!(with(&bytes[..9]), bad);
    let mut late = bytes.clone();
    late[4] |= 0x80;
    assert_eq!(with(&late), Err(NoteError::Time));
    assert_eq!(
        cosignature::cosign(&head, 1 << 63, key.name(), &signing),
        Err(NoteError::Time)
    );
    // A cosignature of another head is none of this one.
    let other = cosignature::cosign(&checkpoint(8, 1), 100, key.name(), &signing).unwrap();
    let note = note::with_lines(&note, &other).unwrap();
    assert_eq!(key.cosigned(&Note::read(&note).unwrap()), bad);
}

#[test]
fn a_note_has_sixteen_signatures_and_sixty_four_lines_at_most() {
    let head = checkpoint(7, 1);
    let mut note = head.sign(&log_key()).unwrap();
    for number in 0..15_u8 {
        let name = format!("c{number}.example");
        let (signing, _) = cosigner(60 + number, &name);
        let line = cosignature::cosign(&head, 100, &name, &signing).unwrap();
        note = note::with_lines(&note, &line).unwrap();
    }
    assert_eq!(Note::read(&note).unwrap().signatures().len(), 16);
    assert!(Checkpoint::open(&note, &log()).is_ok());
    let (signing, _) = cosigner(90, "one.too.many");
    let line = cosignature::cosign(&head, 100, "one.too.many", &signing).unwrap();
    assert_eq!(note::with_lines(&note, &line), Err(NoteError::TooLong));
    assert_eq!(
        Note::read(&format!("{note}{line}")),
        Err(NoteError::TooLong)
    );
    // Thousands, of a key that signed well: counted, not verified.
    let own = note.lines().nth(4).unwrap();
    let flood = format!("{}{own}\n", format!("{own}\n").repeat(1_000));
    let flooded = format!("{}\n{flood}", head.text());
    assert!(flooded.len() < 200_000);
    assert_eq!(
        Checkpoint::open(&flooded, &log()).unwrap_err().to_string(),
        NoteError::TooLong.to_string()
    );
    // A long text counts as well: 62 lines, the blank one and one signature.
    let sign = |lines: usize| note::sign(&"x\n".repeat(lines), "a.example", &log_key()).unwrap();
    assert!(Note::read(&sign(62)).is_ok());
    assert_eq!(Note::read(&sign(63)), Err(NoteError::TooLong));
}

#[test]
fn a_line_that_stands_twice_is_no_fault_and_counts_once() {
    let (signing, key) = cosigner(45, "guild.example/cosigner");
    let head = checkpoint(7, 1);
    let line = cosignature::cosign(&head, 100, key.name(), &signing).unwrap();
    let note = format!("{}{line}{line}", head.sign(&log_key()).unwrap());
    let policy = format!(
        "witness g {key}\nwitness h {}\ngroup two all g h\nquorum two\n",
        cosigner(46, "h").1
    );
    let judged = Policy::parse(policy.as_bytes())
        .unwrap()
        .judge(&note, Some(&log()))
        .unwrap();
    assert_eq!(judged.cosigned.len(), 1);
    assert!(!judged.is_met);
}

#[test]
fn a_request_reads_back_and_only_in_its_one_spelling() {
    let note = checkpoint(9, 1).sign(&log_key()).unwrap();
    let request = AddCheckpoint {
        old: 5,
        proof: vec![Digest([1; 32]), Digest([2; 32])],
        note: &note,
    };
    let body = request.write().unwrap();
    assert_eq!(AddCheckpoint::read(&body), Ok(request.clone()));
    let first = AddCheckpoint {
        old: 0,
        proof: vec![],
        note: &note,
    };
    assert_eq!(first.write().unwrap(), format!("old 0\n\n{note}"));
    let line = STANDARD.encode([1; 32]);
    for (bad, why) in [
        (String::new(), RequestError::Old),
        ("old 5".to_string(), RequestError::Old),
        (body.replace("old 5", "old 05"), RequestError::Old),
        (body.replace("old 5", "old +5"), RequestError::Old),
        (body.replace("old 5", "old  5"), RequestError::Old),
        (body.replace("old 5", "old -1"), RequestError::Old),
        (
            body.replace("old 5", "old 18446744073709551616"),
            RequestError::Old,
        ),
        (body.replace("old 5", "size 5"), RequestError::Old),
        (body.replace("old 5\n", "old 5\r\n"), RequestError::Old),
        (
            body.replacen(&line, "AAAA", 1),
            RequestError::Hash { line: 2 },
        ),
        (
            body.replacen(&line, line.trim_end_matches('='), 1),
            RequestError::Hash { line: 2 },
        ),
        (
            body.replacen("\n\n", "\n", 1),
            RequestError::Hash { line: 4 },
        ),
        ("old 5\n\n".to_string(), RequestError::NoCheckpoint),
        (format!("old 5\n{line}\n"), RequestError::NoCheckpoint),
        ("x".repeat(65_537), RequestError::TooLong),
    ] {
        assert_eq!(AddCheckpoint::read(&bad), Err(why), "{bad}");
    }
    let with = |hashes: usize| format!("old 5\n{}\n{note}", format!("{line}\n").repeat(hashes));
    assert_eq!(AddCheckpoint::read(&with(63)).unwrap().proof.len(), 63);
    assert_eq!(
        AddCheckpoint::read(&with(64)),
        Err(RequestError::TooManyHashes)
    );
    let too_many = AddCheckpoint {
        proof: vec![Digest::ZERO; 64],
        ..first
    };
    assert_eq!(too_many.write(), Err(RequestError::TooManyHashes));
    let largest = with(0).replace("old 5", "old 18446744073709551615");
    assert_eq!(AddCheckpoint::read(&largest).unwrap().old, u64::MAX);
}

#[test]
fn every_answer_of_a_cosigner_comes_to_one_thing() {
    let (signing, key) = cosigner(47, "guild.example/cosigner");
    let head = checkpoint(9, 1);
    let note = head.sign(&log_key()).unwrap();
    let line = cosignature::cosign(&head, 100, key.name(), &signing).unwrap();
    let (other, other_key) = cosigner(48, "other.example");
    let by_other = cosignature::cosign(&head, 300, other_key.name(), &other).unwrap();
    let size = "text/x.tlog.size";
    let says = |status, media: &str, body: &str| {
        let asked = AddCheckpoint {
            old: 5,
            proof: vec![],
            note: &note,
        };
        answer(status, media, body, &asked, &key)
    };
    assert_eq!(says(200, "text/plain", &line), Ok(line.clone()));
    assert_eq!(
        says(200, "", &format!("{by_other}{line}")),
        Ok(line.clone())
    );
    assert!(matches!(
        says(200, "", &by_other),
        Err(AskError::Refused(_))
    ));
    assert!(matches!(says(200, "", ""), Err(AskError::Refused(_))));
    assert!(matches!(
        says(200, "", &line.repeat(17)),
        Err(AskError::Refused(_))
    ));
    assert_eq!(says(409, size, "3\n"), Err(AskError::Behind(3)));
    assert_eq!(says(409, size, "0\n"), Err(AskError::Behind(0)));
    assert_eq!(
        says(409, "text/x.tlog.size; charset=utf-8", "12\n"),
        Err(AskError::Ahead(12))
    );
    assert!(matches!(
        says(409, size, "5\n"),
        Err(AskError::Unreachable(_))
    ));
    assert!(matches!(
        says(409, size, "a lot\n"),
        Err(AskError::Unreachable(_))
    ));
    assert_eq!(says(409, "text/plain", "a fork\n"), Err(AskError::Fork));
    assert_eq!(says(422, "text/plain", "no"), Err(AskError::Fork));
    for status in [400, 403, 404] {
        assert_eq!(
            says(status, "", "no\u{1b}[2J\n"),
            Err(AskError::Refused("no [2J".into()))
        );
    }
    for status in [429, 500, 503, 302] {
        assert!(
            matches!(says(status, "", ""), Err(AskError::Unreachable(_))),
            "{status}"
        );
    }
}

#[test]
fn two_roots_for_one_size_are_a_fork_and_nothing_else_is() {
    assert!(is_fork(&checkpoint(7, 1), &checkpoint(7, 2)));
    assert!(!is_fork(&checkpoint(7, 1), &checkpoint(7, 1)));
    assert!(!is_fork(&checkpoint(7, 1), &checkpoint(8, 2)));
    let mut other = checkpoint(7, 2);
    other.origin = "other.example/x/2026-1".parse().unwrap();
    assert!(!is_fork(&checkpoint(7, 1), &other));
}
