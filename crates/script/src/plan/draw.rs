//! The drawing. Black, grey and blue on white; every kind of thing has its own shape or pattern beside its colour; red stays
//! for STOP, which a plan never says.

use super::{Plan, Point, Side};
use crate::{Fault, text};
use std::fmt::Write as _;

const INK: &str = "#1a1a1a";
const LINE: &str = "#0b4a8f";

/// Draws the plan. Title and description say in words all that the picture shows.
///
/// # Errors
/// [`Fault`]: the muzzle line crosses a person, or a person is nearer than the tested distance.
pub fn svg(plan: &Plan) -> Result<String, Fault> {
    if let Some(person) = plan.in_line() {
        return Err(Fault::new(
            1,
            format!(
                "the muzzle line crosses the {}, {} mm from the muzzle: it passes {} mm from the middle of where they stand",
                person.role,
                person.distance_mm,
                person.beside_mm.unwrap_or(0)
            ),
            "move the person or the line; a line that cannot be moved is agreed by a handler and the first AD in the plan itself, and is not drawn",
        ));
    }
    if let Some(person) = plan.too_near() {
        return Err(Fault::new(
            1,
            format!(
                "the {} is {} mm from the muzzle, and this load was tested at {} mm at the nearest",
                person.role, person.distance_mm, plan.tested_minimum_mm
            ),
            "move the person back, or fire the load offstage at the nearer distance first and enter what was found",
        ));
    }
    let frame = Frame::around(plan);
    let mut out = String::new();
    head(&mut out, plan, &frame);
    shields(&mut out, plan, &frame);
    line(&mut out, plan, &frame);
    things(&mut out, plan, &frame);
    people(&mut out, plan, &frame);
    foot(&mut out, plan, &frame);
    out.push_str("</svg>\n");
    Ok(out)
}

/// The part of the floor that is shown, mm; y grows downward in a picture.
struct Frame {
    left: i64,
    top: i64,
    width: i64,
    height: i64,
    /// Height of letters, mm on the floor.
    letter: i64,
}

impl Frame {
    fn around(plan: &Plan) -> Self {
        let muzzle = plan.muzzle_point();
        let (mut left, mut right, mut low, mut high) =
            (muzzle.x_mm, muzzle.x_mm, muzzle.y_mm, muzzle.y_mm);
        // The ring of the tested distance is part of the picture.
        let ring = plan.tested_minimum_mm;
        let corners = [-ring, ring].map(|by| Point {
            x_mm: muzzle.x_mm + by,
            y_mm: muzzle.y_mm + by,
        });
        for point in plan.points().chain(corners).chain([end_of_line(plan)]) {
            (left, right) = (left.min(point.x_mm), right.max(point.x_mm));
            (low, high) = (low.min(point.y_mm), high.max(point.y_mm));
        }
        let extent = (right - left).max(high - low).max(2_000);
        let (margin, letter) = (extent / 6, extent / 45);
        let width = (right - left + 2 * margin).max(letter * 45);
        Self {
            left: left - margin,
            top: -high - margin,
            width,
            height: high - low + 2 * margin + letter * 6,
            letter,
        }
    }
}

/// Where the drawn line ends: at the nearest backstop that it meets, or as far again as the farthest thing ahead.
fn end_of_line(plan: &Plan) -> Point {
    let length = backstop_mm(plan).unwrap_or_else(|| {
        let farthest = plan.points().map(|point| {
            let (dx, dy) = (point.x_mm - plan.muzzle.x_mm, point.y_mm - plan.muzzle.y_mm);
            (dx * dx + dy * dy).isqrt()
        });
        farthest.max().unwrap_or(0).max(plan.tested_minimum_mm)
    });
    along(plan, length)
}

fn along(plan: &Plan, length_mm: i64) -> Point {
    let aim = plan.aim();
    Point {
        x_mm: plan.muzzle.x_mm + aim.x * length_mm / 1_000_000,
        y_mm: plan.muzzle.y_mm + aim.y * length_mm / 1_000_000,
    }
}

/// How far along the line its first backstop is, mm.
fn backstop_mm(plan: &Plan) -> Option<i64> {
    let (aim, muzzle) = (plan.aim(), plan.muzzle_point());
    let hits = plan
        .shields
        .iter()
        .filter(|one| one.backstop)
        .filter_map(|one| {
            let (ex, ey) = (one.to.x_mm - one.from.x_mm, one.to.y_mm - one.from.y_mm);
            let (fx, fy) = (one.from.x_mm - muzzle.x_mm, one.from.y_mm - muzzle.y_mm);
            let across = i128::from(aim.x) * i128::from(ey) - i128::from(aim.y) * i128::from(ex);
            if across == 0 {
                return None;
            }
            let along = i128::from(fx) * i128::from(ey) - i128::from(fy) * i128::from(ex);
            let part = i128::from(fx) * i128::from(aim.y) - i128::from(fy) * i128::from(aim.x);
            let (length, within) = (along * 1_000_000 / across, part * 1_000_000 / across);
            ((0..=1_000_000).contains(&within) && length >= 0)
                .then(|| i64::try_from(length).ok())
                .flatten()
        });
    hits.min()
}

fn head(out: &mut String, plan: &Plan, frame: &Frame) {
    let (left, top, width, height, letter) = (
        frame.left,
        frame.top,
        frame.width,
        frame.height,
        frame.letter,
    );
    let (step, stripe) = ((letter / 2).max(2), (letter / 5).max(1));
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left} {top} {width} {height}\" role=\"img\" \
         aria-labelledby=\"plan-title plan-words\" font-family=\"sans-serif\" font-size=\"{letter}\" fill=\"{INK}\">"
    );
    let _ = writeln!(
        out,
        "<title id=\"plan-title\">Shot plan: {}</title>\n<desc id=\"plan-words\">{}</desc>",
        escaped(&plan.name),
        escaped(&words(plan)),
    );
    let _ = writeln!(
        out,
        "<defs><pattern id=\"shield\" width=\"{step}\" height=\"{step}\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect width=\"{step}\" height=\"{step}\" fill=\"#fff\"/><rect width=\"{stripe}\" \
         height=\"{step}\" fill=\"{INK}\"/></pattern></defs>\n\
         <rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
    );
}

/// All that the picture shows, for who does not see it.
fn words(plan: &Plan) -> String {
    let mut says = format!(
        "Seen from above. Tested at {} at the nearest. ",
        metres(plan.tested_minimum_mm + 99)
    );
    for person in plan.people.iter().filter(|person| person.holds_weapon) {
        let _ = write!(says, "The {} holds the weapon. ", person.role);
    }
    for one in plan.seen() {
        let _ = match one.beside_mm {
            Some(beside) => write!(
                says,
                "The {} is {} from the muzzle, {} beside the line. ",
                one.role,
                metres(one.distance_mm),
                metres(beside)
            ),
            None => write!(
                says,
                "The {} is {} from the muzzle, behind it. ",
                one.role,
                metres(one.distance_mm)
            ),
        };
    }
    if plan.seen().is_empty() {
        says.push_str("Nobody else is on the plan. ");
    }
    for one in &plan.shields {
        let what = if one.backstop { "Backstop" } else { "Shield" };
        let _ = write!(says, "{what}: {}. ", one.name);
    }
    says.push_str(match backstop_mm(plan) {
        Some(_) => "The line ends at a backstop. ",
        None => "No backstop is drawn on the line. ",
    });
    for one in &plan.things {
        let _ = write!(says, "No person at: {}. ", one.name);
    }
    says.push_str(match plan.muzzle.ejects {
        Side::None => "",
        Side::Left => "Cases fly to the left. ",
        Side::Right => "Cases fly to the right. ",
    });
    says.push_str("The plan says where people agreed to stand; it is no leave to fire.");
    says
}

fn line(out: &mut String, plan: &Plan, frame: &Frame) {
    let (muzzle, end) = (plan.muzzle_point(), end_of_line(plan));
    let stroke = (frame.letter / 6).max(1);
    let (dash, gap) = (stroke * 6, stroke * 3);
    if plan.muzzle.spread_mrad > 0 {
        let (dx, dy) = (end.x_mm - muzzle.x_mm, end.y_mm - muzzle.y_mm);
        let length = (dx * dx + dy * dy).isqrt();
        let (aim, sway) = (plan.aim(), plan.sway_mm(length));
        let (sx, sy) = (-aim.y * sway / 1_000_000, aim.x * sway / 1_000_000);
        let _ = writeln!(
            out,
            "<path d=\"M{} {}L{} {}L{} {}Z\" fill=\"{LINE}\" fill-opacity=\"0.12\" stroke=\"{LINE}\" stroke-width=\"{}\"/>",
            muzzle.x_mm,
            -muzzle.y_mm,
            end.x_mm + sx,
            -(end.y_mm + sy),
            end.x_mm - sx,
            -(end.y_mm - sy),
            (stroke / 2).max(1),
        );
    }
    let _ = writeln!(
        out,
        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"{}\" stroke-dasharray=\"{stroke} {gap}\"/>",
        muzzle.x_mm,
        -muzzle.y_mm,
        plan.tested_minimum_mm,
        (stroke / 2).max(1),
    );
    let _ = writeln!(
        out,
        "<path d=\"M{} {}L{} {}\" stroke=\"{LINE}\" stroke-width=\"{stroke}\" stroke-dasharray=\"{dash} {gap}\" fill=\"none\"/>",
        muzzle.x_mm, -muzzle.y_mm, end.x_mm, -end.y_mm,
    );
    let half = frame.letter / 2;
    let _ = writeln!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{LINE}\"/>",
        muzzle.x_mm - half / 2,
        -muzzle.y_mm - half / 2,
        half,
        half
    );
    ejection(out, plan, frame);
}

/// A hollow triangle on the side to which cases fly.
fn ejection(out: &mut String, plan: &Plan, frame: &Frame) {
    let turn = match plan.muzzle.ejects {
        Side::None => return,
        Side::Left => 1,
        Side::Right => -1,
    };
    let (aim, size) = (plan.aim(), frame.letter);
    let (sx, sy) = (-aim.y * turn, aim.x * turn);
    let at = |side: i64, ahead: i64| {
        (
            plan.muzzle.x_mm + (sx * side + aim.x * ahead) / 1_000_000,
            -(plan.muzzle.y_mm + (sy * side + aim.y * ahead) / 1_000_000),
        )
    };
    let (tip, one, other) = (at(size * 2, 0), at(size, size / 2), at(size, -size / 2));
    let _ = writeln!(
        out,
        "<path d=\"M{} {}L{} {}L{} {}Z\" fill=\"#fff\" stroke=\"{INK}\" stroke-width=\"{}\"/>",
        tip.0,
        tip.1,
        one.0,
        one.1,
        other.0,
        other.1,
        (size / 8).max(1),
    );
}

fn shields(out: &mut String, plan: &Plan, frame: &Frame) {
    for one in &plan.shields {
        let stroke = if one.backstop {
            frame.letter
        } else {
            frame.letter / 2
        };
        let ink = if one.backstop { INK } else { "url(#shield)" };
        // A pattern has no area on a line that is quite straight up or level: a thin box always has.
        let (from, to) = (one.from, one.to);
        let (dx, dy) = (to.x_mm - from.x_mm, to.y_mm - from.y_mm);
        let length = (dx * dx + dy * dy).isqrt().max(1);
        let (px, py) = (-dy * stroke / (2 * length), dx * stroke / (2 * length));
        let _ = writeln!(
            out,
            "<path d=\"M{} {}L{} {}L{} {}L{} {}Z\" fill=\"{ink}\" stroke=\"{INK}\" stroke-width=\"{}\"/>",
            from.x_mm + px,
            -(from.y_mm + py),
            to.x_mm + px,
            -(to.y_mm + py),
            to.x_mm - px,
            -(to.y_mm - py),
            from.x_mm - px,
            -(from.y_mm - py),
            (stroke / 6).max(1),
        );
        let what = if one.backstop { "backstop" } else { "shield" };
        label(out, to, frame, &format!("{} ({what})", one.name));
    }
}

fn things(out: &mut String, plan: &Plan, frame: &Frame) {
    let half = frame.letter / 2;
    for one in &plan.things {
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#fff\" stroke=\"{INK}\" stroke-width=\"{}\"/>",
            one.x_mm - half,
            -one.y_mm - half,
            2 * half,
            2 * half,
            (half / 4).max(1),
        );
        let point = Point {
            x_mm: one.x_mm,
            y_mm: one.y_mm,
        };
        label(out, point, frame, &format!("{} (no person)", one.name));
    }
}

fn people(out: &mut String, plan: &Plan, frame: &Frame) {
    for one in &plan.people {
        let fill = if one.holds_weapon { LINE } else { "#fff" };
        let _ = writeln!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"{INK}\" stroke-width=\"{}\"/>",
            one.x_mm,
            -one.y_mm,
            crate::limit::PERSON_MM,
            (frame.letter / 8).max(1),
        );
        let says = if one.holds_weapon {
            format!("{} · holds the weapon", one.role)
        } else {
            format!("{} · {}", one.role, metres(plan.see(one).distance_mm))
        };
        let point = Point {
            x_mm: one.x_mm,
            y_mm: one.y_mm,
        };
        label(out, point, frame, &says);
    }
}

fn label(out: &mut String, point: Point, frame: &Frame, says: &str) {
    // Toward the middle, so that it stays in the picture.
    let is_right = point.x_mm > frame.left + frame.width / 2;
    let (anchor, step) = if is_right { ("end", -1) } else { ("start", 1) };
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
        point.x_mm + step * frame.letter,
        -point.y_mm - frame.letter,
        escaped(says),
    );
}

/// What the shapes mean, and what the drawing is not.
fn foot(out: &mut String, plan: &Plan, frame: &Frame) {
    let lines = [
        plan.name.clone(),
        format!(
            "dashed: muzzle line · dotted ring: tested at {} · hatched: shield · solid: backstop · triangle: cases fly",
            metres(plan.tested_minimum_mm + 99)
        ),
        "Where people agreed to stand. No leave to fire.".to_owned(),
    ];
    for (place, says) in (0_i64..).zip(lines) {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\">{}</text>",
            frame.left + frame.letter,
            frame.top + frame.height - frame.letter * (4 - place) + place * frame.letter / 3,
            frame.letter * 4 / 5,
            escaped(&says),
        );
    }
}

fn metres(mm: i64) -> String {
    format!("{}.{} m", mm / 1_000, mm % 1_000 / 100)
}

fn escaped(says: &str) -> String {
    text::tidy(says, crate::limit::CELL_CHARS)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
