//! Checks copies and prints the plain lines: each path given, or a path a line on standard input.
//!
//! ```text
//! cargo run -p audit --example check -- PATH…
//! ```

use std::io::BufRead as _;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if given.is_empty() {
        for path in std::io::stdin().lock().lines().map_while(Result::ok) {
            println!("== {path}");
            one(&path);
        }
    }
    for path in given {
        one(&path);
    }
}

fn one(path: &str) {
    let found = audit::open(std::path::Path::new(path))
        .and_then(|files| audit::check(&*files, &audit::Ask::default(), &mut |_, _| {}));
    match found {
        Ok(holds) => print!("{}", holds.plain()),
        Err(audit::NotHeld::Fault(fault)) => {
            println!("{}", fault.line());
            eprintln!("{fault}");
        }
        Err(not) => eprintln!("{not}"),
    }
}
