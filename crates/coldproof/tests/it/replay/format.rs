//! A faulty case file is answered with its line and a sentence.

use super::*;

const CASE: &str = r#"format = 1
id = "faulty"
title = "One row"
zone = "-06:00"

[people.armorer]
duties = ["armorer"]

[weapons.revolver]
class = "firearm"
works = "cylinder 6"

[actions.scene]

[[row]]
row = 1
at = "2021-10-21T12:30"
what = "Taken out."
confidence = "high"

[[row.step]]
step = "weapon.take_out"
by = "armorer"
say = { weapons = "revolver", action = "scene" }
"#;

#[track_caller]
fn check(from: &str, to: &str, line: usize, says: &str) {
    let text = CASE.replacen(from, to, 1);
    assert_ne!(text, CASE, "nothing was changed");
    let fault = replay::read("cases/faulty.toml", &text).expect_err("no fault was found");
    assert_eq!(fault.line, line, "{fault}");
    assert!(fault.says.contains(says), "{fault}");
    assert!(
        fault
            .to_string()
            .starts_with(&format!("cases/faulty.toml:{line}: ")),
        "{fault}"
    );
}

#[test]
fn the_case_itself_is_read() {
    replay::read("cases/faulty.toml", CASE).unwrap();
}

#[test]
fn an_unknown_kind_is_named_with_the_one_that_was_meant() {
    check(
        "weapon.take_out",
        "weapon.takeout",
        22,
        "no kind of statement is called `weapon.takeout` (did you mean `weapon.take_out`?)",
    );
}

#[test]
fn an_unknown_name_is_named_with_the_one_that_was_meant() {
    check(
        "weapons = \"revolver\"",
        "weapons = \"revolvre\"",
        24,
        "no weapon is called `revolvre` (did you mean `revolver`?)",
    );
    check(
        "by = \"armorer\"",
        "by = \"armourer\"",
        21,
        "no person is called `armourer`",
    );
}

#[test]
fn a_name_of_another_sort_is_told_apart() {
    check(
        "action = \"scene\"",
        "action = \"revolver\"",
        24,
        "`revolver` is a weapon, and an action is wanted here",
    );
}

#[test]
fn a_bad_time_is_told_with_the_forms_there_are() {
    check(
        "2021-10-21T12:30",
        "2021-10-41T12:30",
        17,
        "is not a time: write 2021, 2021-10, 2021-10-21",
    );
    check(
        "at = \"2021",
        "about = \"an hour\"\nat = \"2021",
        17,
        "`an hour` is not a length",
    );
    check(
        "\"-06:00\"",
        "\"Mars/Phobos\"",
        4,
        "the zone `Mars/Phobos` is not known",
    );
}

#[test]
fn an_unknown_field_is_never_a_default() {
    check(
        "say = { weapons",
        "say = { wepons",
        24,
        "`wepons` is not a field of `weapon.take_out` (did you mean `weapons`?)",
    );
    check(
        "works = ",
        "work = ",
        11,
        "`work` is not a field of [weapons.revolver]",
    );
    check("what = ", "waht = ", 18, "`waht` is not a field of a row");
}

#[test]
fn a_needed_field_is_asked_for() {
    check(
        ", action = \"scene\"",
        "",
        21,
        "`weapon.take_out` needs `action`",
    );
    check(
        "class = \"firearm\"\n",
        "",
        9,
        "`weapon.receive` needs `class`",
    );
}

#[test]
fn a_word_outside_a_closed_list_is_answered_with_the_list() {
    check("\"firearm\"", "\"gun\"", 10, "firearm");
    check(
        "duties = [\"armorer\"]",
        "duties = [\"armourer\"]",
        7,
        "`armourer` is not a duty (did you mean `armorer`?)",
    );
}

#[test]
fn a_row_that_says_nothing_is_a_fault() {
    let text = CASE.split("[[row.step]]").next().unwrap();
    let fault = replay::read("cases/faulty.toml", text).unwrap_err();
    assert!(fault.says.contains("row 1 says nothing"), "{fault}");
    assert_eq!(fault.line, 15);
}

#[test]
fn versions_need_one_that_goes_on() {
    check(
        "by = \"armorer\"\nsay",
        "by = \"armorer\"\nversion = \"A\"\nsay",
        21,
        "need `continue = true` at exactly one of them",
    );
    check(
        "by = \"armorer\"\nsay",
        "by = \"armorer\"\ncontinue = true\nsay",
        21,
        "`continue` belongs to a step with a `version`",
    );
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    check(
        "title = \"One row\"",
        "title = One row",
        3,
        "this is not TOML",
    );
    check("row = 1\n", "row = 1\nrow = 2\n", 17, "this is not TOML");
}

#[test]
fn a_name_is_used_only_after_the_step_that_makes_it() {
    let later = format!(
        "{CASE}\n[[row.step]]\nstep = \"concern.answer\"\nby = \"armorer\"\nsay = {{ concern = \"worry\" }}\n\n[[row.step]]\nstep = \"concern.raise\"\nby = \"armorer\"\nas = \"worry\"\n"
    );
    let fault = replay::read("cases/faulty.toml", &later).unwrap_err();
    assert!(fault.says.contains("`worry` is made only later"), "{fault}");
    assert_eq!(fault.line, 29, "{fault}");
}

#[test]
fn whoever_signs_must_be_enrolled() {
    let text = CASE.replacen("[people.armorer]", "[people.armorer]\nenrolled = false", 1);
    let case = replay::read("cases/faulty.toml", &text).unwrap();
    let fault = replay::replay(&case, packs(&case)).unwrap_err();
    assert!(
        fault
            .says
            .contains("`armorer` signs here and is not enrolled"),
        "{fault}"
    );
    assert_eq!(fault.line, 22, "{fault}");
}

#[test]
fn a_confidence_is_one_of_the_four_words() {
    check(
        "\"high\"",
        "\"certain\"",
        19,
        "`certain` is not a confidence",
    );
}
