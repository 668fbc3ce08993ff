//! The positions of a weapon as the record knows them. No numbers: a cylinder has no first chamber.

use std::f64::consts::TAU;

use maud::{Markup, html};

use crate::desk::{Layout, PositionKnown};

const MIDDLE: f64 = 100.0;
const RING: f64 = 58.0;

/// A drawing with a sentence for those who do not see it.
pub(crate) fn draw(layout: &Layout) -> Markup {
    match layout {
        Layout::Nothing => html! {},
        Layout::Magazine { chamber, magazine } => html! {
            figure.rounds {
                svg.cylinder viewBox="0 0 200 90" role="img" aria-label=(format!("Chamber: {}", said(*chamber))) {
                    (position(*chamber, 100.0, 45.0, 32.0))
                }
                figcaption { "Chamber: " (said(*chamber)) ". Magazine: " (magazine) "." }
            }
        },
        Layout::Barrels { positions } => {
            let middle = (count(positions.len()) - 1.0) / 2.0;
            html! {
                figure.rounds {
                    svg.cylinder viewBox="0 0 200 90" role="img" aria-label=(summary(positions)) {
                        @for (place, known) in positions.iter().enumerate() {
                            (position(*known, MIDDLE + (count(place) - middle) * 80.0, 45.0, 32.0))
                        }
                    }
                    figcaption { (summary(positions)) }
                }
            }
        }
        Layout::Cylinder { positions } => {
            let n = count(positions.len()).max(1.0);
            let radius = (RING * (TAU / n / 2.0).sin() * 0.9).clamp(10.0, 26.0);
            html! {
                figure.rounds {
                    svg.cylinder viewBox="0 0 200 200" role="img" aria-label=(summary(positions)) {
                        circle.rim cx="100" cy="100" r="94" {}
                        @for (place, known) in positions.iter().enumerate() {
                            @let turn = TAU * count(place) / n - TAU / 4.0;
                            (position(*known, MIDDLE + RING * turn.cos(), MIDDLE + RING * turn.sin(), radius))
                        }
                        circle.pin cx="100" cy="100" r="7" {}
                    }
                    figcaption { (summary(positions)) }
                }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of positions")]
fn count(n: usize) -> f64 {
    n as f64
}

fn position(known: PositionKnown, x: f64, y: f64, radius: f64) -> Markup {
    let (class, letter) = match known {
        PositionKnown::Unknown => ("unknown", "?"),
        PositionKnown::Empty => ("empty", ""),
        PositionKnown::Dummy => ("dummy", "D"),
        PositionKnown::Blank => ("blank", "B"),
        PositionKnown::Spent => ("spent", "×"),
        PositionKnown::Other => ("other", "!"),
    };
    html! {
        g class=(format!("pos {class}")) {
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r=(format!("{radius:.1}")) {}
            text x=(format!("{x:.1}")) y=(format!("{:.1}", y + 6.5)) text-anchor="middle" { (letter) }
        }
    }
}

fn said(known: PositionKnown) -> &'static str {
    match known {
        PositionKnown::Unknown => "not known",
        PositionKnown::Empty => "empty",
        PositionKnown::Dummy => "dummy",
        PositionKnown::Blank => "blank",
        PositionKnown::Spent => "fired case",
        PositionKnown::Other => "other",
    }
}

/// `4 dummy, 2 not known`
fn summary(positions: &[PositionKnown]) -> String {
    let kinds = [
        PositionKnown::Dummy,
        PositionKnown::Blank,
        PositionKnown::Empty,
        PositionKnown::Spent,
        PositionKnown::Other,
        PositionKnown::Unknown,
    ];
    let counted = kinds.into_iter().filter_map(|kind| {
        let n = positions.iter().filter(|known| **known == kind).count();
        (n > 0).then(|| format!("{n} {}", said(kind)))
    });
    counted.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_positions_are_dashed_and_say_so() {
        let positions = vec![
            PositionKnown::Dummy,
            PositionKnown::Unknown,
            PositionKnown::Unknown,
        ];
        let drawn = draw(&Layout::Cylinder { positions }).into_string();
        assert_eq!(drawn.matches("pos unknown").count(), 2);
        assert!(drawn.contains("1 dummy, 2 not known"));
    }
}
