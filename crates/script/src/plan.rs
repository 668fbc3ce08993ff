//! A shot plan from above: muzzle, line, people, shields, ejection side; drawn as one SVG that reads without its colours.
//!
//! Lengths are whole millimetres, x to the right and y up as on a floor plan; angles are milliradians from x toward y. A plan
//! says where people agreed to stand. It measures nothing, and a drawing that was not refused is no leave to fire.

mod draw;

use crate::{Fault, limit, text};
use serde::Deserialize;

pub use draw::svg;

/// A point, mm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// To the right.
    pub x_mm: i64,
    /// Up on the plan.
    pub y_mm: i64,
}

/// Where the muzzle is and which way it points: toward `at`, or in a `direction_mrad`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Muzzle {
    /// To the right.
    pub x_mm: i64,
    /// Up on the plan.
    pub y_mm: i64,
    /// A point on its line.
    pub at: Option<Point>,
    /// Or its direction, mrad from x toward y.
    pub direction_mrad: Option<i64>,
    /// Half angle by which it may sway, mrad, at most [`limit::SPREAD_MRAD`].
    #[serde(default)]
    pub spread_mrad: i64,
    /// Where cases fly: `left`, `right` or `none`.
    #[serde(default)]
    pub ejects: Side,
}

/// The side to which cases fly, seen along the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Nothing flies out.
    #[default]
    None,
    /// To the left of the line.
    Left,
    /// To the right of the line.
    Right,
}

/// Somebody, by role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The role, such as `camera operator`.
    pub role: String,
    /// To the right.
    pub x_mm: i64,
    /// Up on the plan.
    pub y_mm: i64,
    /// The one who holds the weapon; at most one.
    #[serde(default)]
    pub holds_weapon: bool,
}

/// A shield, a wall or a backstop: a straight piece from one point to another.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Barrier {
    /// What it is.
    pub name: String,
    /// From.
    pub from: Point,
    /// To.
    pub to: Point,
    /// The line is meant to end here.
    #[serde(default)]
    pub backstop: bool,
}

/// A thing without a person at it, such as a remote camera.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thing {
    /// What it is.
    pub name: String,
    /// To the right.
    pub x_mm: i64,
    /// Up on the plan.
    pub y_mm: i64,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Scene and shot.
    pub name: String,
    /// Nearest distance at which this weapon with this load was fired offstage and found harmless (`weapon.test_fire`), mm.
    pub tested_minimum_mm: i64,
    /// The muzzle.
    pub muzzle: Muzzle,
    /// People.
    #[serde(default)]
    pub people: Vec<Person>,
    /// Shields and backstops.
    #[serde(default)]
    pub shields: Vec<Barrier>,
    /// Things without a person.
    #[serde(default)]
    pub things: Vec<Thing>,
}

/// The line, worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aim {
    /// Its direction, a millionth of a millimetre each: length about 1,000,000.
    pub(crate) x: i64,
    pub(crate) y: i64,
}

/// One person as seen from the muzzle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The role.
    pub role: String,
    /// From the muzzle, mm, rounded down.
    pub distance_mm: i64,
    /// Beside the middle of the line, mm, rounded down; `None` behind the muzzle.
    pub beside_mm: Option<i64>,
}

impl Plan {
    /// Reads a plan in TOML, `docs/formats/shot-plan.md`.
    ///
    /// # Errors
    /// [`Fault`]: not in the format, out of bounds, two directions or none.
    pub fn read(toml: &str) -> Result<Self, Fault> {
        let plan: Self = toml::from_str(toml).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| text::line_of(toml, span.start));
            Fault::new(
                line,
                format!("the plan cannot be read: {}", error.message().trim()),
                CURE_FORMAT,
            )
        })?;
        plan.check_bounds()?;
        Ok(plan)
    }

    fn check_bounds(&self) -> Result<(), Fault> {
        let fault = |says: String| Err(Fault::new(1, says, CURE_FORMAT));
        if self.people.len() + self.shields.len() + self.things.len() > limit::PLAN_THINGS {
            return fault(format!(
                "more than {} people, shields and things",
                limit::PLAN_THINGS
            ));
        }
        if self
            .people
            .iter()
            .filter(|person| person.holds_weapon)
            .count()
            > 1
        {
            return fault("more than one person holds the weapon".to_owned());
        }
        if self
            .people
            .iter()
            .any(|person| person.role.trim().is_empty())
        {
            return fault("a person has no role".to_owned());
        }
        if !(1..=limit::PLAN_MM).contains(&self.tested_minimum_mm) {
            return fault(
                "tested_minimum_mm must be the distance of the test firing, more than 0".to_owned(),
            );
        }
        if !(0..=limit::SPREAD_MRAD).contains(&self.muzzle.spread_mrad) {
            return fault(format!(
                "spread_mrad must be between 0 and {}",
                limit::SPREAD_MRAD
            ));
        }
        if self
            .points()
            .any(|point| point.x_mm.abs() > limit::PLAN_MM || point.y_mm.abs() > limit::PLAN_MM)
        {
            return fault(format!(
                "a point lies farther out than {} mm",
                limit::PLAN_MM
            ));
        }
        if self
            .muzzle
            .direction_mrad
            .is_some_and(|mrad| mrad.abs() > 10_000)
        {
            return fault("direction_mrad must be between -10000 and 10000".to_owned());
        }
        match (self.muzzle.at, self.muzzle.direction_mrad) {
            (Some(at), None) if at == self.muzzle_point() => {
                fault("the muzzle points at itself".to_owned())
            }
            (Some(_), None) | (None, Some(_)) => Ok(()),
            (Some(_), Some(_)) => fault("the muzzle has both `at` and `direction_mrad`".to_owned()),
            (None, None) => fault("the muzzle has neither `at` nor `direction_mrad`".to_owned()),
        }
    }

    /// Every point of it.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> + '_ {
        let people = self.people.iter().map(|one| (one.x_mm, one.y_mm));
        let things = self.things.iter().map(|one| (one.x_mm, one.y_mm));
        let pairs = people
            .chain(things)
            .map(|(x_mm, y_mm)| Point { x_mm, y_mm });
        let ends = self.shields.iter().flat_map(|one| [one.from, one.to]);
        pairs
            .chain(ends)
            .chain([self.muzzle_point()])
            .chain(self.muzzle.at)
    }

    pub(crate) const fn muzzle_point(&self) -> Point {
        Point {
            x_mm: self.muzzle.x_mm,
            y_mm: self.muzzle.y_mm,
        }
    }

    /// The direction, its length about a million.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded by limit::PLAN_MM; a millionth is enough"
    )]
    pub(crate) fn aim(&self) -> Aim {
        let (x, y) = match (self.muzzle.at, self.muzzle.direction_mrad) {
            (Some(at), _) => (
                (at.x_mm - self.muzzle.x_mm) as f64,
                (at.y_mm - self.muzzle.y_mm) as f64,
            ),
            (None, mrad) => {
                let angle = mrad.unwrap_or(0) as f64 / 1_000.0;
                (angle.cos(), angle.sin())
            }
        };
        let length = x.hypot(y);
        Aim {
            x: (x / length * 1e6).round() as i64,
            y: (y / length * 1e6).round() as i64,
        }
    }

    /// Everybody but the one who holds the weapon, nearest first.
    pub fn seen(&self) -> Vec<Seen> {
        let others = self.people.iter().filter(|person| !person.holds_weapon);
        let mut seen: Vec<Seen> = others.map(|person| self.see(person)).collect();
        seen.sort_by_key(|one| one.distance_mm);
        seen
    }

    /// One person from the muzzle. Two may have one role, so they are never looked up by it.
    pub(crate) fn see(&self, person: &Person) -> Seen {
        let (aim, muzzle) = (self.aim(), self.muzzle_point());
        let (dx, dy) = (person.x_mm - muzzle.x_mm, person.y_mm - muzzle.y_mm);
        let along = dx * aim.x + dy * aim.y;
        let across = (dx * aim.y - dy * aim.x).abs();
        Seen {
            role: person.role.clone(),
            distance_mm: (dx * dx + dy * dy).isqrt(),
            beside_mm: (along >= 0).then_some(across / 1_000_000),
        }
    }

    /// Whom the line crosses, body and sway included. A shield between changes nothing here: it is agreed between people and
    /// entered with the plan, and a drawing does not know what it holds.
    pub fn in_line(&self) -> Option<Seen> {
        self.seen().into_iter().find(|one| {
            one.beside_mm
                .is_some_and(|beside| beside <= limit::PERSON_MM + self.sway_mm(one.distance_mm))
        })
    }

    /// Who is nearer than was tested.
    pub fn too_near(&self) -> Option<Seen> {
        self.seen()
            .into_iter()
            .find(|one| one.distance_mm < self.tested_minimum_mm)
    }

    /// By how much the line may sway at a distance, mm, rounded up: tan a is at most a + a³ / 2 up to half a radian.
    pub(crate) const fn sway_mm(&self, distance_mm: i64) -> i64 {
        let mrad = self.muzzle.spread_mrad;
        let tangent_millionths = mrad * 1_000 + mrad * mrad * mrad / 2_000;
        (distance_mm * tangent_millionths + 999_999) / 1_000_000
    }
}

const CURE_FORMAT: &str = "hold it to docs/formats/shot-plan.md";
