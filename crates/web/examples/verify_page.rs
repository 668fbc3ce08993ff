//! Writes `verify.html` to standard output, for the corpus of the three verifiers and for whoever wants the page alone.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(web::assets::verify_page())
}
