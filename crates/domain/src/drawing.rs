//! What a drawing of a shot shows: who stands on the line of the muzzle, and how near the nearest is. Whole numbers
//! only, so every copy of the program sees the same; every doubt counts as standing on the line.

use crate::{
    act::planning::{DrawPlan, Figure, Shield, Spot},
    words::Drawn,
};

/// A person, an audience or an animal stands on the line. A shield does not change that: nothing points at anyone.
pub fn crosses(plan: &DrawPlan) -> bool {
    living(plan).any(|figure| is_on_line(plan, figure))
}

/// From the muzzle to the nearest person, audience or animal, mm, rounded down; `None` if nobody is drawn.
pub fn nearest_mm(plan: &DrawPlan) -> Option<u64> {
    let of = |figure: &Figure| {
        let (x, y) = between(plan.muzzle, figure.at);
        let square = (x * x + y * y).unsigned_abs();
        let middle = u64::try_from(square.isqrt()).unwrap_or(u64::MAX);
        middle.saturating_sub(figure.radius_mm.into())
    };
    living(plan).map(of).min()
}

/// A camera stands on the line.
pub fn toward_camera(plan: &DrawPlan) -> bool {
    cameras(plan).any(|figure| is_on_line(plan, figure))
}

/// A camera stands on the line, and every one that does has a shield across it. It covers the line to the camera's
/// middle, and both of its edges.
pub fn cameras_shielded(plan: &DrawPlan) -> bool {
    let mut on_line = cameras(plan)
        .filter(|figure| is_on_line(plan, figure))
        .peekable();
    on_line.peek().is_some()
        && on_line.all(|figure| {
            plan.shields
                .iter()
                .any(|shield| covers(shield, plan.muzzle, figure))
        })
}

fn living(plan: &DrawPlan) -> impl Iterator<Item = &Figure> {
    plan.figures
        .iter()
        .filter(|figure| figure.what != Drawn::Camera)
}

fn cameras(plan: &DrawPlan) -> impl Iterator<Item = &Figure> {
    plan.figures
        .iter()
        .filter(|figure| figure.what == Drawn::Camera)
}

/// Ten kilometres: no set is larger, and no product below leaves the range of its numbers.
const FAR_MM: i128 = 10_000_000;

fn between(from: Spot, to: Spot) -> (i128, i128) {
    let clip = |mm: i32| i128::from(mm).clamp(-FAR_MM, FAR_MM);
    (
        clip(to.x_mm) - clip(from.x_mm),
        clip(to.y_mm) - clip(from.y_mm),
    )
}

const fn cross(one: (i128, i128), other: (i128, i128)) -> i128 {
    one.0 * other.1 - one.1 * other.0
}

/// The line begins at the muzzle and has no end. A drawing whose line has no direction points at everybody.
fn is_on_line(plan: &DrawPlan, figure: &Figure) -> bool {
    let line = between(plan.muzzle, plan.towards);
    let to = between(plan.muzzle, figure.at);
    let radius = i128::from(figure.radius_mm);
    if to.0 * to.0 + to.1 * to.1 <= radius * radius || line == (0, 0) {
        return true;
    }
    let ahead = line.0 * to.0 + line.1 * to.1;
    let aside = cross(line, to);
    ahead > 0 && aside * aside <= radius * radius * (line.0 * line.0 + line.1 * line.1)
}

/// The shield crosses the way to the middle and to both edges of the figure.
fn covers(shield: &Shield, muzzle: Spot, figure: &Figure) -> bool {
    let (x, y) = between(muzzle, figure.at);
    let length = i128::try_from((x * x + y * y).unsigned_abs().isqrt()).unwrap_or(i128::MAX);
    if length == 0 {
        return false;
    }
    let radius = i128::from(figure.radius_mm);
    // Rounded away from the middle: the edge is drawn too far out rather than too near.
    let (aside_x, aside_y) = (
        -y * radius / length - y.signum(),
        x * radius / length + x.signum(),
    );
    let from = between(muzzle, shield.from);
    let to = between(muzzle, shield.to);
    [
        (x, y),
        (x + aside_x, y + aside_y),
        (x - aside_x, y - aside_y),
    ]
    .into_iter()
    .all(|end| is_between(from, to, end))
}

/// The ends of the shield are on both sides of the way from the muzzle, and the muzzle and its end on both of the shield.
fn is_between(from: (i128, i128), to: (i128, i128), end: (i128, i128)) -> bool {
    let shield = (to.0 - from.0, to.1 - from.1);
    let muzzle = (-from.0, -from.1);
    let far = (end.0 - from.0, end.1 - from.1);
    let apart = |one: i128, other: i128| one.signum() * other.signum() < 0;
    apart(cross(end, from), cross(end, to)) && apart(cross(shield, muzzle), cross(shield, far))
}
