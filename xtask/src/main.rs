//! `cargo xtask NAME`: see `HELP`.

use anyhow::bail;
use std::process::ExitCode;
use xtask::{campaign, kinds, root, tidy};

const HELP: &str = "\
cargo xtask tidy             what a reviewer would look after by hand
cargo xtask kinds [--check]  makes docs/formats/kinds.md from the vocabulary, or says whether it is true
cargo xtask campaign NAME [SIZE]  runs one long campaign, whole unless told, and writes docs/hazards/NAME.md
                             (kill, steps, power, io, flip, clock, verifiers)
cargo xtask bench            appends, judgements and folds, each as a figure of this machine";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> anyhow::Result<ExitCode> {
    let root = root::path();
    match words {
        ["tidy"] => {
            let found = tidy::look(&root)?;
            for warning in &found.warnings {
                println!("warning: {warning}");
            }
            for fault in &found.faults {
                println!("fault: {fault}");
            }
            println!(
                "tidy: {} files, {} faults, {} warnings",
                found.files,
                found.faults.len(),
                found.warnings.len()
            );
            Ok(if found.faults.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        ["kinds"] => {
            std::fs::write(root.join(kinds::PAGE), kinds::page(&root)?)?;
            println!("wrote {}", kinds::PAGE);
            Ok(ExitCode::SUCCESS)
        }
        ["kinds", "--check"] => {
            let kept = std::fs::read_to_string(root.join(kinds::PAGE))?;
            if kept != kinds::page(&root)? {
                bail!("{} is stale: run `cargo xtask kinds`", kinds::PAGE);
            }
            Ok(ExitCode::SUCCESS)
        }
        ["campaign", name, rest @ ..] if rest.len() < 2 => {
            campaign::run(&root, name, rest.first().copied())?;
            Ok(ExitCode::SUCCESS)
        }
        ["bench", rest @ ..] => bench(rest),
        _ => {
            eprintln!("{HELP}");
            Ok(ExitCode::from(2))
        }
    }
}

/// Figures of an unoptimised build say nothing, so the bench is a program of its own, built with optimisation.
fn bench(rest: &[&str]) -> anyhow::Result<ExitCode> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = std::process::Command::new(cargo)
        .args(["run", "--release", "--package", "bench", "--"])
        .args(rest)
        .current_dir(root::path())
        .status()?;
    Ok(if done.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
