use script::plan::{Plan, svg};

const GOOD: &str = r#"
name = "Scene 12, <shot> 3"
tested_minimum_mm = 5000
[muzzle]
x_mm = 0
y_mm = 0
at = { x_mm = 10000, y_mm = 0 }
spread_mrad = 50
ejects = "right"
[[people]]
role = "performer"
x_mm = -300
y_mm = 0
holds_weapon = true
[[people]]
role = "camera operator"
x_mm = 6000
y_mm = 3000
[[shields]]
name = "polycarbonate"
from = { x_mm = 5000, y_mm = 2000 }
to = { x_mm = 5800, y_mm = 2400 }
[[shields]]
name = "straw bales"
from = { x_mm = 12000, y_mm = -2000 }
to = { x_mm = 12000, y_mm = 2000 }
backstop = true
"#;

#[test]
fn the_drawing_says_in_words_all_that_it_shows_and_holds_no_red() {
    let picture = svg(&Plan::read(GOOD).unwrap()).unwrap();
    for words in [
        "<title id=\"plan-title\">Shot plan: Scene 12, &lt;shot&gt; 3</title>",
        "The performer holds the weapon.",
        "The camera operator is 6.7 m from the muzzle, 3.0 m beside the line.",
        "Backstop: straw bales.",
        "The line ends at a backstop.",
        "url(#shield)",
        "stroke-dasharray",
    ] {
        assert!(picture.contains(words), "{words}\n{picture}");
    }
    for never in ["red", "#f00", "#c00", "safe"] {
        assert!(!picture.contains(never), "{never}");
    }
}

#[test]
fn a_line_through_a_person_is_not_drawn_shielded_or_not() {
    let crossed = GOOD.replace("y_mm = 3000", "y_mm = 500");
    let fault = svg(&Plan::read(&crossed).unwrap()).unwrap_err();
    assert!(
        fault
            .says
            .contains("the muzzle line crosses the camera operator"),
        "{fault}"
    );
    // The sway alone: 800 mm beside at six metres is within 300 + 6 * 50.
    let swayed = GOOD.replace("y_mm = 3000", "y_mm = 600");
    assert!(svg(&Plan::read(&swayed).unwrap()).is_err());
    let still = swayed.replace("spread_mrad = 50", "");
    assert!(svg(&Plan::read(&still).unwrap()).is_ok());
}

#[test]
fn nearer_than_was_tested_is_not_drawn() {
    let near = GOOD.replace("x_mm = 6000", "x_mm = 1000");
    let fault = svg(&Plan::read(&near).unwrap()).unwrap_err();
    assert!(
        fault.says.contains("3162 mm") && fault.says.contains("5000 mm"),
        "{fault}"
    );
}

#[test]
fn a_direction_in_milliradians_is_the_same_as_a_point() {
    let turned = GOOD.replace("at = { x_mm = 10000, y_mm = 0 }", "direction_mrad = 0");
    let (one, other) = (Plan::read(GOOD).unwrap(), Plan::read(&turned).unwrap());
    assert_eq!(one.seen(), other.seen());
}

#[test]
fn a_plan_that_cannot_be_meant_is_refused_with_its_reason() {
    for (from, to, says) in [
        ("at = { x_mm = 10000, y_mm = 0 }", "", "neither"),
        ("spread_mrad = 50", "direction_mrad = 5", "both"),
        (
            "at = { x_mm = 10000, y_mm = 0 }",
            "at = { x_mm = 0, y_mm = 0 }",
            "points at itself",
        ),
        (
            "tested_minimum_mm = 5000",
            "tested_minimum_mm = 0",
            "test firing",
        ),
        ("tested_minimum_mm = 5000", "", "tested_minimum_mm"),
        ("x_mm = 6000", "x_mm = 9000000000000000000", "farther out"),
        ("spread_mrad = 50", "spread_mrad = 900", "spread_mrad"),
        ("role = \"camera operator\"", "role = \" \"", "no role"),
        (
            "x_mm = 6000",
            "x_mm = 6000\nholds_weapon = true",
            "more than one",
        ),
        ("x_mm = 6000", "x = 6000", "unknown field"),
    ] {
        let fault = Plan::read(&GOOD.replace(from, to)).unwrap_err();
        assert!(fault.says.contains(says), "{says}: {fault}");
    }
}

#[test]
fn two_people_with_one_role_each_have_their_own_distance() {
    let two = GOOD.to_owned() + "[[people]]\nrole = \"camera operator\"\nx_mm = -9000\ny_mm = 0\n";
    let picture = svg(&Plan::read(&two).unwrap()).unwrap();
    assert!(picture.contains(">camera operator · 6.7 m<"));
    assert!(picture.contains(">camera operator · 9.0 m<"));
}
