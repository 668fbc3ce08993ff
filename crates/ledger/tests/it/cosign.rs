//! Cosignatures, requests for them, policies and proofs. The vectors are our own, made by the formats' rules with fixed keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use ledger::checkpoint::Checkpoint;
use ledger::cosignature::{self, CosignerKey};
use ledger::merkle::{inclusion_proof, leaf_hash};
use ledger::note::{self, Note, NoteError, VerifierKey};
use ledger::policy::{JudgeError, Listed, Policy, PolicyError, render};
use ledger::tlog_proof::{TlogProof, TlogProofError};
use ledger::witness::{AddCheckpoint, AskError, RequestError, answer, is_fork};
use ledger::{Digest, KeyRefused, PublicKey};

use crate::world::{log_key, origin};

fn cosigner(number: u8, name: &str) -> (SigningKey, CosignerKey) {
    let signing = SigningKey::from_bytes(&[number; 32]);
    let key = CosignerKey::new(name, PublicKey::of(&signing)).unwrap();
    (signing, key)
}

fn checkpoint(size: u64, root: u8) -> Checkpoint {
    Checkpoint {
        origin: origin(),
        size,
        root: Digest([root; 32]),
    }
}

fn log() -> VerifierKey {
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
    let none = AddCheckpoint {
        old: 0,
        proof: vec![],
        note: &note,
    };
    assert_eq!(none.write().unwrap(), format!("old 0\n\n{note}"));
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
        ..none
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

fn policy_of(lines: &str) -> Result<Policy, PolicyError> {
    let mut text = lines.to_string();
    for number in 1..=6_u8 {
        let (_, key) = cosigner(100 + number, &format!("w{number}.example"));
        text = text.replace(&format!("<{number}>"), &key.to_string());
    }
    text = text.replace("<log>", &log().to_string());
    Policy::parse(text.as_bytes())
}

#[test]
fn a_policy_with_groups_of_groups_is_met_exactly_as_written() {
    let policy = policy_of(
        "# two of the first three, and one of the others\n\
         log <log> https://log.example/prefix\n\n\
         \twitness X1  <1> \n witness X2 <2> https://x2.example/\nwitness X3 <3>\n\
         group X-witnesses 2 X1 X2 X3\n\
         witness Y1 <4>\nwitness Y2 <5>\nwitness Y3 <6>\n\
         group Y-witnesses any Y1 Y2 Y3\n\
         group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
    )
    .unwrap();
    assert_eq!(
        policy.logs()[0].url.as_deref(),
        Some("https://log.example/prefix")
    );
    assert_eq!(policy.cosigners().count(), 6);
    assert_eq!(
        policy.cosigners().nth(1).unwrap().url.as_deref(),
        Some("https://x2.example/")
    );
    let names = ["X1", "X2", "X3", "Y1", "Y2", "Y3"];
    for set in 0_u32..64 {
        let has = |name: &str| {
            let at = names.iter().position(|one| *one == name).unwrap();
            set & (1 << at) != 0
        };
        let xs = names[..3].iter().filter(|name| has(name)).count();
        let ys = names[3..].iter().filter(|name| has(name)).count();
        assert_eq!(policy.is_met(has), xs >= 2 && ys >= 1, "{set:06b}");
    }
}

#[test]
fn a_policy_may_ask_for_one_cosigner_or_for_none() {
    assert!(policy_of("quorum none\n").unwrap().is_met(|_| false));
    let one = policy_of("witness a <1>\nquorum a\n").unwrap();
    assert!(one.is_met(|name| name == "a"));
    assert!(!one.is_met(|_| false));
    // A member of a group may be the quorum by itself.
    assert!(policy_of("witness a <1>\ngroup g any a\nquorum a\n").is_ok());
    // Bytes that are no UTF-8 may stand in a comment and nowhere else.
    assert!(Policy::parse(b"# \xff\xfe\nquorum none\n").is_ok());
    assert_eq!(
        Policy::parse(b"quorum \xff\n"),
        Err(PolicyError::NotUtf8 { line: 1 })
    );
    // A no-break space is no white space to a policy: the name holds it.
    let odd = policy_of("witness a\u{a0}b <1>\nquorum a\u{a0}b\n").unwrap();
    assert!(odd.is_met(|name| name == "a\u{a0}b"));
}

#[test]
fn a_policy_that_is_none_is_refused_with_its_line() {
    use PolicyError::{
        Control, Line, Quorum, SameKey, Taken, TooLong, Undeclared, Unended, UsedTwice,
    };
    let name = |name: &str| name.to_string();
    for (bad, why) in [
        ("", Quorum),
        ("quorum none", Unended),
        ("\n", Quorum),
        ("quorum none\nquorum none\n", Quorum),
        ("witness a <1>\n", Quorum),
        (
            "quorum a\n",
            Undeclared {
                line: 1,
                name: name("a"),
            },
        ),
        (
            "quorum a\nwitness a <1>\n",
            Undeclared {
                line: 1,
                name: name("a"),
            },
        ),
        ("quorum none extra\n", Line { line: 1 }),
        ("quorum\n", Line { line: 1 }),
        ("Quorum none\n", Line { line: 1 }),
        ("log\n", Line { line: 1 }),
        ("log <log> a b\n", Line { line: 1 }),
        ("witness a\n", Line { line: 1 }),
        ("witness a <1> b c\n", Line { line: 1 }),
        ("group g any\n", Line { line: 1 }),
        ("policy\n", Line { line: 1 }),
        ("quorum none\r\n", Control { line: 1 }),
        ("\nquorum\u{7f} none\n", Control { line: 2 }),
        ("quorum none\u{0}\n", Control { line: 1 }),
        ("log <log>\nlog <log>\n", SameKey { line: 2 }),
        ("witness a <1>\nwitness b <1>\n", SameKey { line: 2 }),
        (
            "witness a <1>\nwitness a <2>\n",
            Taken {
                line: 2,
                name: name("a"),
            },
        ),
        (
            "witness none <1>\n",
            Taken {
                line: 1,
                name: name("none"),
            },
        ),
        (
            "witness a <1>\ngroup a any a\n",
            Taken {
                line: 2,
                name: name("a"),
            },
        ),
        (
            "witness a <1>\ngroup none any a\n",
            Taken {
                line: 2,
                name: name("none"),
            },
        ),
        (
            "witness a <1>\ngroup g any none\n",
            Undeclared {
                line: 2,
                name: name("none"),
            },
        ),
        (
            "witness a <1>\ngroup g any g\n",
            Undeclared {
                line: 2,
                name: name("g"),
            },
        ),
        (
            "witness a <1>\ngroup g any a a\n",
            UsedTwice {
                line: 2,
                name: name("a"),
            },
        ),
        (
            "witness a <1>\ngroup g any a\ngroup h any a\n",
            UsedTwice {
                line: 3,
                name: name("a"),
            },
        ),
    ] {
        assert_eq!(policy_of(bad), Err(why), "{bad:?}");
    }
    for number in [
        "0",
        "3",
        "-1",
        "+1",
        "01",
        "some",
        "1.0",
        "18446744073709551616",
        "ANY",
    ] {
        let bad = format!("witness a <1>\nwitness b <2>\ngroup g {number} a b\nquorum g\n");
        assert_eq!(
            policy_of(&bad),
            Err(PolicyError::Number {
                line: 3,
                members: 2
            }),
            "{number}"
        );
    }
    for bad in ["log <1>\n", "witness a <log>\n", "witness a no+key\n"] {
        assert!(
            matches!(policy_of(bad), Err(PolicyError::Key { line: 1, .. })),
            "{bad}"
        );
    }
    assert_eq!(Policy::parse(&vec![b'#'; 65_537]), Err(TooLong));
}

#[test]
fn a_policy_judges_a_note_by_its_log_and_its_cosigners() {
    let head = checkpoint(7, 1);
    let mut note = head.sign(&log_key()).unwrap();
    for number in [1_u8, 2] {
        let name = format!("w{number}.example");
        let (signing, _) = cosigner(100 + number, &name);
        let line = cosignature::cosign(&head, 1_000 + u64::from(number), &name, &signing).unwrap();
        note = note::with_lines(&note, &line).unwrap();
    }
    let policy = policy_of(
        "log <log>\nwitness a <1>\nwitness b <2>\nwitness c <3>\ngroup g 2 a b c\nquorum g\n",
    )
    .unwrap();
    for log in [None, Some(&log())] {
        let judged = policy.judge(&note, log).unwrap();
        assert!(judged.is_met);
        assert_eq!(judged.checkpoint, head);
        let cosigned: Vec<_> = judged
            .cosigned
            .iter()
            .map(|one| (one.name.as_str(), one.at_s))
            .collect();
        assert_eq!(cosigned, [("a", 1_001), ("b", 1_002)]);
    }
    let all =
        policy_of("witness a <1>\nwitness b <2>\nwitness c <3>\ngroup g all a b c\nquorum g\n")
            .unwrap();
    assert!(!all.judge(&note, Some(&log())).unwrap().is_met);
    // A policy without logs cannot say whose note it is.
    assert_eq!(all.judge(&note, None), Err(JudgeError::OtherLog));
    let other = VerifierKey::new(log().name(), cosigner(9, "x").1.key()).unwrap();
    assert_eq!(policy.judge(&note, Some(&other)), Err(JudgeError::OtherLog));
    let broken = note.replace("— w2.example ", "— w1.example ");
    assert!(
        policy.judge(&broken, None).is_ok(),
        "another name is a stranger"
    );
    let last = note.trim_end().len() - 3;
    let mut bytes = note.clone().into_bytes();
    bytes[last] = if bytes[last] == b'A' { b'B' } else { b'A' };
    let broken = String::from_utf8(bytes).unwrap();
    assert!(
        matches!(policy.judge(&broken, None), Err(JudgeError::Cosignature { name, .. }) if name == "b")
    );
}

#[test]
fn what_a_production_adopts_becomes_a_policy_that_is_never_laxer() {
    let names: Vec<String> = (1..=5).map(|number| format!("w{number}.example")).collect();
    let keys: Vec<_> = (1_u8..=5)
        .zip(&names)
        .map(|(number, name)| cosigner(100 + number, name).1)
        .collect();
    for own in 0..=3_usize {
        for strangers in 1..=(5 - own) {
            let listed: Vec<_> = keys[..own + strangers]
                .iter()
                .enumerate()
                .map(|(at, key)| Listed {
                    key,
                    url: "https://x.example/p",
                    is_outside: at >= own,
                })
                .collect();
            for outside in 1..=strangers {
                for quorum in outside..=(own + strangers) {
                    let text = render(&log(), &listed, quorum, outside).unwrap();
                    let policy = Policy::parse(text.as_bytes()).unwrap();
                    assert!(text.contains("group outside "), "{text}");
                    let mut can_be_met = false;
                    for set in 0_u32..(1 << listed.len()) {
                        let has = |name: &str| {
                            let at = names.iter().position(|one| one == name).unwrap();
                            set & (1 << at) != 0
                        };
                        let of_outside = (own..own + strangers)
                            .filter(|at| set & (1 << at) != 0)
                            .count();
                        if policy.is_met(has) {
                            can_be_met = true;
                            assert!(set.count_ones() as usize >= quorum, "{text} {set:b}");
                            assert!(of_outside >= outside, "{text} {set:b}");
                        }
                    }
                    assert!(can_be_met, "{text}");
                }
            }
        }
    }
}

#[test]
fn what_can_be_no_policy_is_not_written() {
    let (_, a) = cosigner(101, "w1.example");
    let (_, b) = cosigner(102, "w2.example");
    let listed = |key, is_outside| Listed {
        key,
        url: "",
        is_outside,
    };
    let two = [listed(&a, true), listed(&b, false)];
    assert!(render(&log(), &two, 2, 1).is_ok());
    for (quorum, outside) in [(1, 0), (0, 1), (1, 2), (3, 1), (0, 0)] {
        assert!(
            render(&log(), &two, quorum, outside).is_err(),
            "{quorum} {outside}"
        );
    }
    assert!(
        render(&log(), &[listed(&b, false)], 1, 1).is_err(),
        "headquarters is never outside"
    );
    assert!(render(&log(), &[listed(&a, true), listed(&a, false)], 1, 1).is_err());
    let (_, named_as_group) = cosigner(103, "outside");
    assert!(render(&log(), &[listed(&named_as_group, true)], 1, 1).is_err());
    let (_, none) = cosigner(104, "none");
    assert!(render(&log(), &[listed(&none, true)], 1, 1).is_err());
    let spaced = Listed {
        key: &a,
        url: "https://x.example/ quorum",
        is_outside: true,
    };
    assert!(render(&log(), &[spaced], 1, 1).is_err());
    let own = CosignerKey::new("x", log().key()).unwrap();
    assert!(render(&log(), &[listed(&own, true)], 1, 1).is_err());
    let many: Vec<_> = (0..16_u8)
        .map(|number| cosigner(number, &format!("c{number}")).1)
        .collect();
    let many: Vec<_> = many.iter().map(|key| listed(key, true)).collect();
    assert!(render(&log(), &many, 1, 1).is_err());
    assert!(render(&log(), &many[2..], 1, 1).is_ok());
}

#[test]
fn a_proof_file_reads_back_and_shows_its_entry() {
    let entries: Vec<Vec<u8>> = (0..21_u8).map(|number| vec![number; 40]).collect();
    let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let mut frontier = ledger::merkle::Frontier::new();
    leaves.iter().for_each(|leaf| frontier.append(*leaf));
    let head = Checkpoint {
        origin: origin(),
        size: 21,
        root: frontier.root(),
    };
    let note = head.sign(&log_key()).unwrap();
    for index in 0..21_u64 {
        let proof = TlogProof {
            index,
            hashes: inclusion_proof(&leaves, index).unwrap(),
            note: note.clone(),
            extra: None,
        };
        let text = proof.write();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex "));
        assert_eq!(TlogProof::parse(&text), Ok(proof.clone()));
        let entry = &entries[usize::try_from(index).unwrap()];
        assert_eq!(proof.verify(entry, &log()), Ok(head.clone()));
        assert!(matches!(
            proof.verify(b"another", &log()),
            Err(TlogProofError::Inclusion(_))
        ));
        let mut moved = proof.clone();
        moved.index = 20 - index;
        assert_eq!(moved.verify(entry, &log()).is_ok(), index == 10);
        moved.index = 21;
        assert!(moved.verify(entry, &log()).is_err());
        let mut spare = proof.clone();
        spare.hashes.push(Digest::ZERO);
        assert!(spare.verify(entry, &log()).is_err());
    }
    let extra = TlogProof {
        index: 3,
        hashes: vec![],
        note,
        extra: Some(b"said by nobody".to_vec()),
    };
    let text = extra.write();
    assert_eq!(TlogProof::parse(&text), Ok(extra));
    for (bad, line) in [
        (String::new(), 1),
        (text.replace("@v1", "@v2"), 1),
        (text.replace("@v1\n", "@v1\r\n"), 1),
        (text.replace("index 3", "index 03"), 3),
        (text.replace("index 3", "index"), 3),
        (text.replace("index 3\n", "index 3\nAAAA\n"), 4),
        (text.replace("extra ", "extra  "), 2),
        (text.replace("index 3\n", ""), 2),
    ] {
        assert_eq!(
            TlogProof::parse(&bad),
            Err(TlogProofError::Lines { line }),
            "{bad}"
        );
    }
    let hash = STANDARD.encode([7; 32]);
    let long = text.replace(
        "index 3\n",
        &format!("index 3\n{}", format!("{hash}\n").repeat(65)),
    );
    assert_eq!(TlogProof::parse(&long), Err(TlogProofError::TooLong));
    assert!(TlogProof::parse(&long.replacen(&format!("{hash}\n"), "", 1)).is_ok());
    assert_eq!(
        TlogProof::parse(&"x".repeat(300_000)),
        Err(TlogProofError::TooLong)
    );
}
