use coldproof::replay::{self, Case, Replay};
use protocol::Protocol;
use std::{fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cases")
}

fn case(name: &str) -> Case {
    let path = folder().join(name);
    let text = fs::read_to_string(&path).unwrap();
    replay::read(&format!("cases/{name}"), &text).unwrap_or_else(|fault| panic!("{fault}"))
}

fn packs() -> Protocol {
    Protocol::load(&protocol::shipped()).unwrap()
}

fn run(name: &str) -> Replay {
    replay::replay(&case(name), &packs()).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn print_one() {
    if let Ok(name) = std::env::var("CASE") {
        println!("{}", run(&name).text);
    }
}
