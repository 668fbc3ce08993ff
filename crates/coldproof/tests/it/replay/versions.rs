//! Disputed versions, questions, and what is only assumed.

use super::*;

const CASE: &str = r#"
format = 1
id = "versions"
title = "Two accounts of one hand-over"
zone = "+00:00"

[people.armorer]
department = "property"
duties = ["armorer"]

[people.first_ad]
department = "direction"
duties = ["first_ad"]

[people.performer]
department = "cast"
duties = ["performer"]

[weapons.revolver]
tag = "07"
class = "firearm"
works = "cylinder 6"

[actions.scene]
people = ["performer"]

[[days]]
date = "2024-05-01"
"#;

fn replay(rows: &str) -> Replay {
    run_text(&format!("{CASE}{rows}"))
}

const TAKE_OUT: &str = r#"say = { weapons = "revolver", action = "scene", takers = "performer" }"#;

fn row_of(row: u64, steps: &[&str]) -> String {
    let steps = steps.iter().fold(String::new(), |all, step| {
        all + "[[row.step]]
" + step + "
"
    });
    format!(
        "\n[[row]]\nrow = {row}\nat = \"2024-05-01T1{row}:00\"\nwhat = \"Something.\"\nconfidence = \"high\"\n{steps}"
    )
}

#[test]
fn a_row_is_refused_only_if_every_version_is() {
    let granted =
        format!("step = \"weapon.take_out\"\nby = \"armorer\"\nversion = \"A\"\n{TAKE_OUT}");
    let refused = "step = \"weapon.hand_over\"\nby = \"first_ad\"\nversion = \"B\"\ncontinue = true\nsay = { weapon = \"revolver\", to = \"performer\" }";
    let one = replay(&row_of(1, &[&granted, refused]));
    assert_eq!(row(&one, 1).outcome, RowOutcome::Admitted, "{}", one.text);
    assert!(row(&one, 1).reasons.is_empty());

    let also = "step = \"call.cold\"\nby = \"first_ad\"\nversion = \"A\"\nsay = { weapons = \"revolver\" }";
    let both = replay(&row_of(1, &[also, refused]));
    assert_eq!(row(&both, 1).outcome, RowOutcome::Refused, "{}", both.text);
}

#[test]
fn the_replay_goes_on_from_the_version_that_is_marked() {
    let out =
        format!("step = \"weapon.take_out\"\nby = \"armorer\"\nversion = \"out\"\n{TAKE_OUT}");
    let in_store = "step = \"record.note\"\nby = \"armorer\"\nversion = \"in the store\"";
    let again = row_of(
        2,
        &[&format!(
            "step = \"weapon.take_out\"\nby = \"first_ad\"\n{TAKE_OUT}"
        )],
    );
    let marked = |step: &str| step.replace("\nversion", "\ncontinue = true\nversion");

    let on_from_out = replay(&(row_of(1, &[&marked(&out), in_store]) + &again));
    assert!(
        codes(row(&on_from_out, 2)).contains(&"CU-0001"),
        "{}",
        on_from_out.text
    );
    let on_from_store = replay(&(row_of(1, &[&out, &marked(in_store)]) + &again));
    assert!(
        !codes(row(&on_from_store, 2)).contains(&"CU-0001"),
        "{}",
        on_from_store.text
    );
}

#[test]
fn versions_in_several_rows_are_one_dispute() {
    let version = |name: &str, more: &str| {
        format!(
            "step = \"weapon.hand_over\"\nby = \"first_ad\"\nversion = \"{name}\"\ndispute = \"who\"\n{more}say = {{ weapon = \"revolver\", to = \"performer\" }}"
        )
    };
    let rows = row_of(1, &[&version("A", "continue = true\n")]) + &row_of(2, &[&version("B", "")]);
    let all = replay(&rows);
    assert_eq!(row(&all, 1).outcome, RowOutcome::Refused);
    assert_eq!(row(&all, 2).outcome, RowOutcome::Refused);

    let note = "step = \"record.note\"\nby = \"first_ad\"\nversion = \"B\"\ndispute = \"who\"";
    let some = replay(&(row_of(1, &[&version("A", "continue = true\n")]) + &row_of(2, &[note])));
    assert_ne!(row(&some, 1).outcome, RowOutcome::Refused, "{}", some.text);
}

#[test]
fn a_question_leaves_nothing() {
    let ask = format!("step = \"weapon.take_out\"\nby = \"first_ad\"\nasks = \"now\"\n{TAKE_OUT}");
    let then = row_of(
        2,
        &[&format!(
            "step = \"weapon.take_out\"\nby = \"armorer\"\n{TAKE_OUT}"
        )],
    );
    let replay = replay(&(row_of(1, &[&ask]) + &then));
    assert!(
        !codes(row(&replay, 2))
            .iter()
            .any(|code| code.starts_with("CU-")),
        "{}",
        replay.text
    );
}

#[test]
fn what_is_assumed_never_counts_for_its_row() {
    let refused = "step = \"weapon.hand_over\"\nby = \"first_ad\"\nassumed = true\nsay = { weapon = \"revolver\", to = \"performer\" }";
    let note = "step = \"record.note\"\nby = \"first_ad\"";
    let replay = replay(&row_of(1, &[refused, note]));
    assert_eq!(
        row(&replay, 1).outcome,
        RowOutcome::Reported,
        "{}",
        replay.text
    );
    assert_eq!(replay.summary.refused, 0);
    assert!(
        row(&replay, 1)
            .effects
            .iter()
            .any(|says| says.starts_with("(assumed) tag 07")),
        "{:#?}",
        row(&replay, 1).effects
    );
}

#[test]
fn what_cannot_be_said_is_counted_beside_what_can() {
    let rows = row_of(1, &["step = \"record.note\"\nby = \"first_ad\""]).replace(
        "[[row.step]]",
        "inexpressible = [\"one thing\", \"another\"]\n[[row.step]]",
    );
    let replay = replay(&rows);
    assert_eq!(replay.summary.inexpressible, 2);
    let outcomes: Vec<RowOutcome> = replay.rows.iter().map(|row| row.outcome).collect();
    assert_eq!(
        outcomes,
        [
            RowOutcome::Reported,
            RowOutcome::Inexpressible,
            RowOutcome::Inexpressible
        ]
    );
    assert!(replay.text.contains("INEXPRESSIBLE: another"));
}

#[test]
fn after_the_harm_nothing_is_assumed_any_more() {
    let shot = "step = \"event.unexpected\"\nby = \"first_ad\"\nsay = { what = \"discharge\", weapon = \"revolver\", harm = \"serious\" }";
    let out = format!("step = \"weapon.take_out\"\nby = \"armorer\"\n{TAKE_OUT}");
    let harm = row_of(1, &[&out, shot]).replace("confidence", "harm = true\nconfidence");
    let later = row_of(2, &["step = \"record.note\"\nby = \"first_ad\""])
        .replace("2024-05-01T12:00", "2024-05-03");
    let replay = replay(&(harm + &later));
    // Nobody locks it away for the case.
    assert!(
        replay
            .text
            .contains("board before: STOP, 1 held · tag 07 HOLD"),
        "{}",
        replay.text
    );
}
