//! What keeps the pure crates pure: no `std` in what ships, or a list of what clippy must not find.

use std::path::Path;

const NO_STD: [&str; 2] = ["domain", "ledger"];
const OWN_CLIPPY: [&str; 1] = ["protocol"];

pub(super) fn look(root: &Path, files: &[String], faults: &mut Vec<String>) -> anyhow::Result<()> {
    for name in NO_STD {
        let head = std::fs::read_to_string(root.join(format!("crates/{name}/src/lib.rs")))?;
        if !head.lines().any(|line| line.trim() == "#![no_std]") {
            faults.push(format!(
                "crates/{name}/src/lib.rs: a pure crate says `#![no_std]`"
            ));
        }
        let inside = format!("crates/{name}/src/");
        for file in files.iter().filter(|file| file.starts_with(&inside)) {
            of_file(file, &std::fs::read_to_string(root.join(file))?, faults);
        }
    }
    for name in OWN_CLIPPY {
        let own = format!("crates/{name}/clippy.toml");
        if !files.contains(&own) {
            faults.push(format!(
                "{own}: a pure crate that needs `std` says here what it must not use"
            ));
        }
    }
    Ok(())
}

fn of_file(file: &str, text: &str, faults: &mut Vec<String>) {
    let mut before = "";
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line.starts_with("extern crate std") && before != "#[cfg(test)]" {
            faults.push(format!("{file}:{number}: `std` comes in for tests alone"));
        }
        before = line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn std_comes_into_a_pure_crate_for_tests_alone() {
        let mut faults = Vec::new();
        of_file("lib.rs", "#[cfg(test)]\nextern crate std;\n", &mut faults);
        assert_eq!(faults, Vec::<String>::new());
        of_file(
            "lib.rs",
            "extern crate alloc;\nextern crate std;\n",
            &mut faults,
        );
        assert_eq!(faults, ["lib.rs:2: `std` comes in for tests alone"]);
    }
}
