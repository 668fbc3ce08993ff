//! What people bring before the first day, and the registers that come out.

use std::fs;

use crate::cli::{check, text};

const SCRIPT: &str =
    "INT. SALOON - NIGHT #12#\n\nMARA draws a revolver.\n\nEXT. STREET - DAY #13#\n\nDust.\n";

#[test]
fn a_script_is_listed_printed_as_actions_and_entered_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.fountain");
    fs::write(&file, SCRIPT).unwrap();
    let said = check(&["script", "read", text(&file)], 0, "ask: Must it fire?");
    assert!(!said.contains("MARA"), "{said}");
    check(
        &["script", "read", "--json", text(&file)],
        0,
        "\"word\":\"revolver\"",
    );

    let (day, key) = (folder.path().join("day"), folder.path().join("key"));
    check(&["demo", "--no-serve", "--data", text(&day)], 0, "");
    let plan = [
        "script",
        "read",
        text(&file),
        "--actions",
        "--data",
        text(&day),
    ];
    check(&plan, 0, "1 actions would be entered; nothing was");
    let enter = [&plan[..], &["--enter", "--as", text(&key)]].concat();
    check(&enter, 0, "entry ");
    check(&enter, 0, "in the record already: Scene 12");
    check(&["verify", text(&day)], 0, "");
}

#[test]
fn a_broken_script_ends_with_65_its_line_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.fdx");
    fs::write(&file, "<FinalDraft>\n<Content>\n<Paragraph>").unwrap();
    check(
        &["script", "read", text(&file)],
        65,
        "line 3: the file ends within <Paragraph>",
    );
    check(
        &["script", "read", "--json", text(&file)],
        65,
        "\"cause\":\"not_read\"",
    );
    check(&["script", "read", text(folder.path())], 65, "is no file");
    fs::write(&file, SCRIPT).unwrap();
    check(
        &["script", "read", text(&file), "--language", "xx"],
        65,
        "no list of words",
    );
}

#[test]
fn a_plan_is_drawn_never_over_another_and_never_through_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("p.toml"), folder.path().join("p.svg"));
    let plan = "name = \"12\"\ntested_minimum_mm = 3000\n[muzzle]\nx_mm = 0\ny_mm = 0\ndirection_mrad = 0\n[[people]]\nrole = \"performer\"\nx_mm = 8000\ny_mm = 2000\n";
    fs::write(&file, plan).unwrap();
    let draw = ["plan", "draw", text(&file), text(&out)];
    check(&draw, 0, "nearest 8246 mm: performer");
    check(&draw, 65, "cannot be written");
    fs::remove_file(&out).unwrap();
    fs::write(&file, plan.replace("y_mm = 2000", "y_mm = 100")).unwrap();
    check(&draw, 10, "crosses the performer");
    assert!(!out.exists());
}

#[test]
fn a_sheet_is_printed_entered_whole_and_passed_over_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let (file, day, key) = (
        folder.path().join("s.csv"),
        folder.path().join("day"),
        folder.path().join("key"),
    );
    fs::write(&file, "Tag,Weapon,Type,Action,Capacity,Serial No.\n91,Revolver,firearm,revolver,6,ZZ-1\n92,Rubber knife,rubber,,,\n").unwrap();
    check(&["demo", "--no-serve", "--data", text(&day)], 0, "");
    let dry = ["import", "weapons", text(&file), "--data", text(&day)];
    check(&dry, 0, "2 would be entered; nothing was");
    let enter = [&dry[..], &["--enter", "--as", text(&key)]].concat();
    check(&enter, 0, "entry ");
    check(&enter, 0, "2 are in the record already");
    check(&["verify", text(&day)], 0, "");
    fs::write(&file, "Tag,Weapon,Type,Action,Capacity,Serial No.\n93,Revolver,firearm,revolver,6,zz 1\n94,Rifle,firearm,,,\n").unwrap();
    check(&dry, 65, "line 3: the row does not say how it holds rounds");
    check(&dry, 65, "line 2: tag `93`");
    check(
        &["import", "weapons", text(&file), "--map", "tagg=Tag"],
        65,
        "fields are tag, serial",
    );
    check(
        &["import", "weapons", text(&file), "--map", "tag=Label"],
        65,
        "no heading is called `Label`",
    );
}

#[test]
fn a_call_sheet_prints_invites_and_enters_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.csv");
    fs::write(&file, "Name,Position,Department\nx,First AD,Direction\n").unwrap();
    let said = check(
        &["import", "people", text(&file)],
        0,
        "invite First AD · Direction",
    );
    assert!(said.contains("1 invites to be made"));
}

#[test]
fn each_register_comes_out_of_the_day_and_says_what_it_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    let day = folder.path().join("day");
    check(&["demo", "--no-serve", "--data", text(&day)], 0, "");
    for (which, says) in [
        ("nsw", "registration number"),
        ("qld", "licence of the other party"),
        ("nz", "manufacturer"),
        ("us-dealer", "Form 4473"),
    ] {
        check(&["register", which, "--data", text(&day)], 0, says);
        let csv = check(
            &["register", which, "--data", text(&day), "--csv"],
            0,
            "not held by this record",
        );
        let widths: Vec<usize> = csv
            .lines()
            .map(|line| line.matches("\",\"").count())
            .collect();
        assert!(
            widths.len() > 2 && widths.iter().all(|width| *width == widths[0]),
            "{csv}"
        );
    }
    check(
        &["register", "nsw", "--json", "--data", text(&day)],
        0,
        "\"not_held\"",
    );
    check(&["register", "nsw", "--data", text(folder.path())], 70, "");
}
