//! Drawings: what is drawn adds to what was said, and takes nothing from it.

use crate::{acts::*, world::*};
use domain::{
    act::{
        Act,
        planning::{Shield, Spot},
    },
    facts::Facts,
    words::*,
};

fn set() -> (Set, Sees) {
    let mut set = Set::new();
    let sees = Sees::default();
    set.judge = Box::new(sees.clone());
    (set, sees)
}

/// The facts of taking the revolver out now.
fn facts(set: &mut Set, sees: &Sees) -> Facts {
    let (armorer, action, weapon) = (set.people.armorer, set.scene, set.revolver);
    let takers = [set.people.performer];
    set.say(armorer, take_out(&[weapon], action, &takers));
    sees.0.borrow().clone()
}

/// The facts once a figure of half a metre is drawn there; the weapon points up the page.
fn drawn(at: (i32, i32), what: Drawn) -> Facts {
    let (mut set, sees) = set();
    let by = set.people.armorer;
    let (planned, drawing) = (
        plan(set.scene, false),
        drawing(set.scene, set.revolver, at, what),
    );
    set.say(by, planned);
    set.say(by, drawing);
    facts(&mut set, &sees)
}

#[test]
fn whoever_is_drawn_on_the_line_is_on_it_whatever_the_plan_says() {
    for what in [Drawn::Person, Drawn::Audience, Drawn::Animal] {
        assert!(drawn((0, 30_000), what).line_crosses_person);
        // An edge that touches the line counts, one millimetre beside it does not.
        assert!(drawn((500, 9_000), what).line_crosses_person);
        assert!(!drawn((501, 9_000), what).line_crosses_person);
        assert!(!drawn((0, -501), what).line_crosses_person, "behind it");
    }
    assert!(!drawn((0, 30_000), Drawn::Camera).line_crosses_person);
}

#[test]
fn the_nearest_drawn_shortens_the_planned_distance_and_never_lengthens_it() {
    assert_eq!(drawn((3_000, 0), Drawn::Person).distance_mm, 2_500);
    assert_eq!(drawn((30_000, 0), Drawn::Person).distance_mm, 4_000);
    assert_eq!(drawn((0, 0), Drawn::Person).distance_mm, 0);
    assert_eq!(drawn((3_000, 0), Drawn::Camera).distance_mm, 4_000);
}

#[test]
fn a_camera_on_the_line_counts_as_shielded_only_behind_a_shield_as_wide_as_it_is() {
    let with = |half_mm: i32, y_mm: i32| {
        let (mut set, sees) = set();
        let by = set.people.armorer;
        let planned = plan(set.scene, false);
        let Act::DrawPlan(mut body) = drawing(set.scene, set.revolver, (0, 4_000), Drawn::Camera)
        else {
            unreachable!()
        };
        body.shields.push(Shield {
            from: Spot {
                x_mm: -half_mm,
                y_mm,
            },
            to: Spot {
                x_mm: half_mm,
                y_mm,
            },
        });
        set.say(by, planned);
        set.say(by, Act::DrawPlan(body));
        facts(&mut set, &sees)
    };
    let wide = with(600, 3_000);
    assert!(wide.toward_camera && wide.shielded);
    assert!(!with(300, 3_000).shielded, "an edge looks past it");
    assert!(!with(600, 5_000).shielded, "it stands behind the camera");
    assert!(!with(600, -1_000).shielded, "it stands behind the weapon");
}

#[test]
fn a_drawing_to_the_ends_of_the_numbers_is_judged_and_a_line_without_direction_points_at_everybody()
{
    let (mut set, sees) = set();
    let by = set.people.armorer;
    let planned = plan(set.scene, false);
    let Act::DrawPlan(mut body) =
        drawing(set.scene, set.revolver, (i32::MIN, i32::MAX), Drawn::Person)
    else {
        unreachable!()
    };
    body.figures[0].radius_mm = u32::MAX;
    set.say(by, planned);
    set.say(by, Act::DrawPlan(body.clone())).breach("BR-0024");
    assert!(facts(&mut set, &sees).line_crosses_person);
    body.figures[0].radius_mm = 0;
    set.say(by, Act::DrawPlan(body.clone())).clean();
    body.towards = body.muzzle;
    set.say(by, Act::DrawPlan(body)).breach("BR-0024");
}

#[test]
fn what_is_drawn_after_the_meeting_is_new_to_it() {
    let (mut set, sees) = set();
    let by = set.people.armorer;
    let act = drawing(set.scene, set.revolver, (9_000, 0), Drawn::Person);
    set.say(by, act);
    assert!(facts(&mut set, &sees).changed_since_meeting);
}
