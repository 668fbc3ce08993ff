//! Policies: the grammar, what they ask, and the one of a production.

use ledger::cosignature::{self, CosignerKey};
use ledger::note::{self, VerifierKey};
use ledger::policy::{JudgeError, Listed, Policy, PolicyError, render};

use crate::cosign::{checkpoint, cosigner, log};
use crate::world::log_key;

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
#[expect(clippy::too_many_lines, reason = "one table")]
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

proptest::proptest! {
    /// Whatever bytes come, they are a policy or a sentence.
    #[test]
    fn no_bytes_make_a_policy_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        drop(Policy::parse(&bytes));
    }

    /// Lines of its words in any order: what is read is judged without a panic.
    #[test]
    fn no_order_of_words_makes_a_policy_panic(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "log", "witness", "group", "quorum", "none", "any", "all", "1", "2", "a", "b", "<1>", "<2>", "<log>", "\n", "\n", "#", "\t",
        ]), 0..60)
    ) {
        if let Ok(policy) = policy_of(&format!("{}\n", words.join(" "))) {
            policy.is_met(|name| name == "a");
        }
    }
}
