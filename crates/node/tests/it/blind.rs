//! Until both looks are in, the body of either goes to nobody but its author.

use domain::act::Act;
use domain::act::floor::{CallCold, Clear};
use domain::words::*;
use node::{Device, Node, Viewer};

use crate::world::*;

const NONCE: &str = "00112233445566778899aabbccddeeff";

/// Everything that a reader can get out of the node, as text.
fn everything(node: &Node, viewer: &Viewer) -> String {
    let board = node.board(NONCE, viewer).unwrap();
    let board = String::from_utf8(board).unwrap();
    let record = format!("{:?}", node.record(None, 200, viewer));
    node.view(viewer, |view| {
        format!("{board} {record} {:?} {:?}", *view.state, view.board())
    })
}

/// A map that nobody would guess: four dummies by a rare feature, two empty.
fn canary() -> Vec<Seen> {
    let dummy = Seen::Dummy {
        features: vec![Feature::Hole, Feature::Rattle],
    };
    vec![
        dummy.clone(),
        dummy.clone(),
        dummy.clone(),
        dummy,
        Seen::Empty,
        Seen::Empty,
    ]
}

#[track_caller]
fn sees_nothing(node: &Node, reader: &str, viewer: &Viewer, before: &str) {
    let all = everything(node, viewer);
    for trace in [
        "[Hole, Rattle] }, Dummy",
        "seen: [Dummy",
        "4 dummies",
        "4 rounds",
        "rounds: 4",
        "there: 46",
        "out: 4",
        "dummies: 4",
        "2 empty",
    ] {
        assert!(
            !all.contains(trace) || before.contains(trace),
            "{reader} reads `{trace}` in {all}"
        );
    }
}

#[test]
fn a_load_map_goes_to_nobody_but_the_loader_until_the_second_look_is_in() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    let readers: Vec<(&str, Viewer)> = vec![
        ("a stranger", Viewer::Stranger),
        ("the second", viewer(&ranch.second)),
        ("the first AD", viewer(&ranch.first_ad)),
        ("the administrator", viewer(&ranch.admin)),
    ];
    let before: Vec<String> = readers
        .iter()
        .map(|(_, viewer)| everything(&ranch.node, viewer))
        .collect();
    ranch.load(&floor, canary());
    for ((reader, viewer), before) in readers.iter().zip(&before) {
        sees_nothing(&ranch.node, reader, viewer, before);
    }
    assert!(
        everything(&ranch.node, &viewer(&ranch.armorer)).contains("4 dummies"),
        "the author reads their own"
    );
    // A restart opens nothing.
    let mut ranch = ranch.restart();
    for ((reader, viewer), before) in readers.iter().zip(&before) {
        sees_nothing(&ranch.node, reader, viewer, before);
    }
    let back = Act::EyesOn(domain::act::floor::EyesOn {
        weapons: vec![floor.weapon],
    });
    say(&ranch.node, &mut ranch.armorer, &back);
    say(
        &ranch.node,
        &mut ranch.armorer,
        &full(floor.weapon, canary()),
    );
    for ((reader, viewer), before) in readers.iter().zip(&before) {
        sees_nothing(&ranch.node, reader, viewer, before);
    }
    ranch.second_look(&floor, canary());
    for (reader, viewer) in readers.iter().skip(1) {
        assert!(
            everything(&ranch.node, viewer).contains("4 dummies"),
            "{reader} reads what both saw"
        );
    }
}

#[test]
fn a_clearing_is_blind_too() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let reader = viewer(&ranch.second);
    let clear = Act::Clear(Clear {
        sight: sight(floor.weapon, vec![Seen::Empty; 6]),
        rounds: 6,
    });
    say(&ranch.node, &mut ranch.armorer, &clear);
    let all = everything(&ranch.node, &reader);
    assert!(
        !all.contains("6 empty") && !all.contains("seen: [Empty"),
        "{all}"
    );
    assert!(everything(&ranch.node, &viewer(&ranch.armorer)).contains("6 empty"));
}

#[test]
fn a_look_that_saw_a_live_round_opens_at_once_as_hold() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    let mut seen = canary();
    seen[0] = Seen::Live;
    ranch.load(&floor, seen);
    assert_eq!(ranch.word(&floor), "HOLD");
    assert!(everything(&ranch.node, &viewer(&ranch.first_ad)).contains("1 other"));
}

#[test]
fn looking_whether_cold_could_be_called_tells_nothing_of_the_first_look() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    ranch.load(&floor, canary());
    let called = say(
        &ranch.node,
        &mut ranch.first_ad,
        &Act::CallCold(CallCold {
            weapons: vec![floor.weapon],
            lasts_ms: 0,
        }),
    );
    let said = format!("{:?}", called.outcome);
    assert!(
        !called.outcome.admitted && !said.contains("dumm") && !said.contains('4'),
        "{said}"
    );
}

#[test]
fn no_line_of_the_record_says_who_was_refused() {
    let mut ranch = Ranch::new();
    let floor = ranch.out();
    let called = say(
        &ranch.node,
        &mut ranch.first_ad,
        &Act::CallCold(CallCold {
            weapons: vec![floor.weapon],
            lasts_ms: 0,
        }),
    );
    assert!(!called.outcome.admitted);
    let page = ranch.node.record(None, 1, &viewer(&ranch.second));
    let line = &page.lines[0];
    assert!(
        line.text.starts_with("A cold call for 07: "),
        "{}",
        line.text
    );
    assert!(
        !line.text.contains("first AD") && !line.text.contains("Name of"),
        "{}",
        line.text
    );
    assert_eq!(page.before, Some(called.index));
}

#[test]
fn strangers_get_words_and_stops_and_no_place_holder_or_name() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    let all = board_text(&ranch.node, &Viewer::Stranger);
    assert!(
        all.contains(r#""word":"COLD""#) && all.contains(r#""content":"DUMMIES 6""#),
        "{all}"
    );
    assert!(
        all.contains(r#""place":"","holder":"","waiting":"""#)
            && all.contains(r#""enrolled":false"#),
        "{all}"
    );
    assert!(!all.contains("Name of"), "{all}");
    assert!(
        ranch
            .node
            .record(None, 50, &Viewer::Stranger)
            .lines
            .is_empty()
    );
    let enrolled = board_text(&ranch.node, &viewer(&ranch.first_ad));
    assert!(
        enrolled.contains("Name of armorer") && enrolled.contains(r#""enrolled":true"#),
        "{enrolled}"
    );
    let posing = Viewer::Enrolled {
        person: ranch.armorer.person(),
        key: Device::new(ranch.node.origin()).unwrap().key(),
    };
    assert!(board_text(&ranch.node, &posing).contains(r#""enrolled":false"#));
    let _ = floor;
}

fn board_text(node: &Node, viewer: &Viewer) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let answer: serde_json::Value =
        serde_json::from_slice(&node.board(NONCE, viewer).unwrap()).unwrap();
    let bytes = STANDARD.decode(answer["board"].as_str().unwrap()).unwrap();
    let sig: [u8; 64] = STANDARD
        .decode(answer["sig"].as_str().unwrap())
        .unwrap()
        .try_into()
        .unwrap();
    let key: ledger::PublicKey = answer["key"].as_str().unwrap().parse().unwrap();
    key.verify(&[node::BOARD_CONTEXT, &bytes].concat(), &sig)
        .unwrap();
    let named = node.view(viewer, |view| view.state.board_key);
    assert_eq!(named.0, key.0, "the key is the one that the log names");
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_board_answers_only_to_a_nonce() {
    let ranch = Ranch::new();
    for bad in [
        "",
        "00",
        "00112233445566778899AABBCCDDEEFF",
        "00112233445566778899aabbccddeef\"",
    ] {
        assert!(ranch.node.board(bad, &Viewer::Stranger).is_none(), "{bad}");
    }
}
