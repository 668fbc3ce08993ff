//! `coldproof`: the one binary. The commands are in `cli`; what they do is in the library and the crates below it.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
