//! What the record would have answered in New Mexico in 2021.

use super::*;

const CASE: &str = "01-rust-2021.toml";

#[test]
fn the_first_refusal_comes_weeks_before_and_the_last_minutes_before() {
    let replay = run(CASE);
    assert_eq!(replay.summary.first_refusal, Some(Label::Number(7)));
    assert_eq!(replay.summary.first_hard_stop, Some(Label::Number(7)));
    assert_eq!(replay.summary.last_before_harm, Some(Label::Number(34)));
}

#[test]
fn a_second_job_on_gun_days_is_the_only_thing_against_the_plan_of_row_7() {
    let replay = run(CASE);
    assert_eq!(codes(row(&replay, 7)), ["CUS-06"]);
}

#[test]
fn ammunition_that_was_never_received_is_refused() {
    let replay = run(CASE);
    let row = row(&replay, 11);
    assert!(row.hard);
    assert!(codes(row).contains(&"AM-0001"), "{:?}", codes(row));
}

#[test]
fn a_stop_stands_from_the_first_discharge_and_the_second_is_refused_hard() {
    let replay = run(CASE);
    assert!(matches!(
        row(&replay, 17).outcome,
        RowOutcome::Alarmed | RowOutcome::Refused
    ));
    assert!(
        row(&replay, 17)
            .effects
            .iter()
            .any(|says| says.contains("STOP"))
    );
    assert_eq!(row(&replay, 18).outcome, RowOutcome::Refused);
    assert!(row(&replay, 18).hard);
}

#[test]
fn each_step_toward_the_shot_is_refused_again() {
    let replay = run(CASE);
    for (number, code) in [
        (27, "SE-0004"),
        (29, "AM-0003"),
        (31, "CHK-04"),
        (32, "CUS-04"),
        (34, "STP-01"),
    ] {
        let row = row(&replay, number);
        assert_eq!(row.outcome, RowOutcome::Refused, "row {number}");
        assert!(row.hard, "row {number}");
        assert!(
            codes(row).contains(&code),
            "row {number}: {code} is not among {:?}",
            codes(row)
        );
    }
}

#[test]
fn the_cold_call_is_refused_in_all_three_versions() {
    let replay = run(CASE);
    for version in ["A", "B", "C"] {
        let line = format!("[version {version}");
        assert!(replay.text.lines().any(|text| text.contains(&line)
            && text.contains("call.cold")
            && text.ends_with("REFUSED")));
    }
}

#[test]
fn no_working_weapon_can_be_taken_out_from_the_17th_to_the_21st() {
    let case = case(CASE);
    let packs = packs(&case);
    let mut runner = Runner::new(&case, packs).unwrap();
    for day in 17..=21 {
        for clock in ["06:30", "11:30", "14:00", "18:00"] {
            // The source does not end at the shot; the question here is about the days before it.
            if day == 21 && clock > "12:00" {
                continue;
            }
            runner.run_until(&format!("2021-10-{day}T{clock}")).unwrap();
            for weapon in [
                "revolver",
                "second_revolver",
                "third_revolver",
                "double_gun",
                "shotgun",
            ] {
                let say = format!(
                    "{{ weapons = \"{weapon}\", action = \"cross_draw\", takers = \"lead_actor\" }}"
                );
                let codes = ask_refused(&runner, "armorer", "weapon.take_out", &say);
                assert!(
                    codes.contains(&"ST-0001".to_owned()),
                    "{weapon} on the {day}th at {clock}: {codes:?}"
                );
                assert!(
                    codes.contains(&"EV-0002".to_owned()),
                    "{weapon} on the {day}th at {clock}: {codes:?}"
                );
            }
        }
    }
}

#[test]
fn what_nobody_answered_lapses_and_is_told_with_the_row_that_raised_it() {
    let replay = run(CASE);
    for number in [15, 20, 22] {
        let row = row(&replay, number);
        assert_eq!(row.outcome, RowOutcome::Alarmed, "row {number}");
        assert!(
            row.effects
                .iter()
                .any(|says| says.contains("DEADLINE LAPSED: nobody answered the concern")),
            "row {number}"
        );
    }
}

#[test]
fn evidence_that_is_touched_is_taken_as_a_report_with_its_breach() {
    let replay = run(CASE);
    for number in [37, 39] {
        assert!(
            row(&replay, number)
                .breaches
                .iter()
                .any(|breach| breach.code == "BR-0013"),
            "row {number}"
        );
    }
}
