//! What `pack check` finds in a pack that loads.

use crate::format::{RULE, TESTS, found, put, refused, replace, take, with};
use protocol::{check, shipped};

#[test]
fn a_message_is_a_sentence_that_a_stranger_can_act_on() {
    let message = "open the weapon again and look into every chamber";
    for (new, says) in [
        ("no", "has 2 characters"),
        (
            "Open the weapon again, please",
            "without capital or full stop",
        ),
        (
            "open the weapon again, please.",
            "without capital or full stop",
        ),
        ("open the weapon again as CHK-04 asks", "names a code"),
        (
            "the law says to open the weapon again",
            "says `law`, and its force is not that of law",
        ),
        ("open it again until the weapon is safe", "says `safe`"),
    ] {
        found(&replace("rules.cedar", message, new), says);
    }
    let lawful = with(|extra| {
        let text = RULE
            .replace("\"practice\"", "\"law\"")
            .replace(message, "the law of this place asks for two looks");
        extra.files.insert("rules.cedar".into(), text.into_bytes());
    });
    assert!(
        check(&lawful, "extra").passed(),
        "what is law may be called law"
    );
}

#[test]
fn a_rule_without_both_tests_is_found() {
    let without = |name: &str| {
        let kept: Vec<&str> = TESTS
            .split("[[test]]")
            .filter(|part| !part.contains(name))
            .collect();
        with(|extra| {
            put(
                extra,
                "tests/rules.toml",
                &kept.join("[[test]]").into_bytes(),
            );
        })
    };
    found(
        &without("it applies"),
        "no test shows rule `CHK-04-z` applying",
    );
    found(
        &without("it does not"),
        "no test shows rule `CHK-04-z` not applying",
    );
    found(
        &replace("tests/rules.toml", "positions = -1", "positoins = -1"),
        "`positoins` is no fact",
    );
    found(
        &replace("tests/rules.toml", "\"harmless\"", "\"nothing\""),
        "no baseline `nothing`",
    );
}

#[test]
fn files_that_no_pack_has_are_found() {
    found(
        &with(|extra| put(extra, "rules.cedar~", &[])),
        "no pack has a file of this name",
    );
    found(
        &with(|extra| take(extra, "README.md")),
        "no page for people",
    );
    assert!(
        check(&shipped(), "no-such-pack").faults[0]
            .says
            .contains("no such pack")
    );
}

const ITEM: &str = "[[item]]\nphases = [\"line\"]\nworks = [\"cylinder\"]\nby = \"both\"\nask = \"A?\"\nwanted = \"B.\"\n";

#[test]
fn a_phase_has_at_most_nine_items_and_they_ask_for_what_was_seen() {
    let items = |count: usize, answer: &str| {
        let text = format!("{ITEM}answer = \"{answer}\"\n").repeat(count);
        with(|extra| put(extra, "checks.toml", &text.into_bytes()))
    };
    // Base has four items here, the spoken call among them.
    found(&items(6, "count"), "10 items; at most 9");
    assert!(check(&items(5, "count"), "extra").passed());
    found(
        &items(2, "tick"),
        "4 of 6 items ask for something seen or heard",
    );
    assert!(check(&items(1, "tick"), "extra").passed());
    refused(&items(1, "choice"), "has two choices or more");
    refused(&items(1, "shake"), "unknown variant");
}
