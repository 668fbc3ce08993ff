//! A link as a square of half blocks, for a phone's camera at a terminal.

use qrcode::{Color, EcLevel, QrCode};

/// Light squares around the code, without which cameras do not find it.
const QUIET: usize = 2;

/// The square, two rows of it in each line; nothing when the text is too long.
pub(crate) fn square(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else {
        return String::new();
    };
    let width = code.width();
    let colors = code.to_colors();
    let is_dark = |row: usize, column: usize| {
        let inside =
            row >= QUIET && column >= QUIET && row < width + QUIET && column < width + QUIET;
        inside
            && colors
                .get((row - QUIET) * width + (column - QUIET))
                .is_some_and(|color| *color == Color::Dark)
    };
    let side = width + 2 * QUIET;
    let mut square = String::new();
    for row in (0..side).step_by(2) {
        for column in 0..side {
            // Light is drawn and dark left out: most terminals are dark.
            square.push(
                match (
                    is_dark(row, column),
                    row + 1 >= side || is_dark(row + 1, column),
                ) {
                    (true, true) => ' ',
                    (true, false) => '▄',
                    (false, true) => '▀',
                    (false, false) => '█',
                },
            );
        }
        square.push('\n');
    }
    square
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_fits_into_a_square_that_a_terminal_can_show() {
        let square = square(
            "https://coldproof.local:8443/enrol/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        );
        let widths: Vec<usize> = square.lines().map(|line| line.chars().count()).collect();
        assert!(
            widths
                .iter()
                .all(|width| *width == widths.len() * 2 || *width + 1 == widths.len() * 2)
        );
        assert!(widths.len() < 40);
    }
}
