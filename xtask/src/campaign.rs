//! Long campaigns, run whole. `./check` runs a fixed sample of each; the page says what the whole one found, when, and
//! at which commit.

mod table;

use anyhow::{Context as _, bail, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A campaign: ordinary tests whose size is set by a variable of the environment.
struct Campaign {
    name: &'static str,
    title: &'static str,
    /// Packages whose tests it is, each with a part of the tests' names; [`CHECK`] and a step of `./check`.
    runs: &'static [(&'static str, &'static str)],
    size_variable: &'static str,
    size: u32,
    /// What stands in the lines of the tests' output that the page repeats; each must be there.
    marks: &'static [&'static str],
    what: &'static str,
}

/// In place of a package: the campaign is a step of `./check`.
const CHECK: &str = "check";

/// Runs the campaign called `name`, in its whole size or another, and writes its page.
///
/// # Errors
/// There is no such campaign, it was skipped, or it failed; then no page is written.
pub fn run(root: &Path, name: &str, size: Option<&str>) -> anyhow::Result<()> {
    let Some(campaign) = table::CAMPAIGNS.iter().find(|one| one.name == name) else {
        let names: Vec<&str> = table::CAMPAIGNS.iter().map(|one| one.name).collect();
        bail!("there is no campaign `{name}`; there are {names:?}");
    };
    let size: u32 = size.map_or(Ok(campaign.size), str::parse)?;
    let begun = Instant::now();
    let mut said = String::new();
    for (package, tests) in campaign.runs {
        let out = command(root, package, tests)
            .env(campaign.size_variable, size.to_string())
            .current_dir(root)
            .stderr(Stdio::inherit())
            .output()
            .context("it cannot be run")?;
        let text = String::from_utf8_lossy(&out.stdout);
        print!("{text}");
        ensure!(out.status.success(), "the campaign `{name}` failed");
        said.push_str(&text);
    }
    let is_result = |line: &&str| campaign.marks.iter().any(|mark| line.contains(mark));
    let lines: Vec<&str> = said.lines().filter(is_result).collect();
    for mark in campaign.marks {
        ensure!(
            lines.iter().any(|line| line.contains(mark)),
            "the campaign `{name}` printed no line with `{mark}`: was it not tried here?"
        );
    }
    let ran = Ran {
        size,
        seconds: begun.elapsed().as_secs(),
        date: crate::root::today()?,
        commit: crate::root::commit(root)?,
    };
    let at = format!("docs/hazards/{name}.md");
    std::fs::write(root.join(&at), page(campaign, &lines, &ran))?;
    println!("wrote {at}");
    Ok(())
}

fn command(root: &Path, package: &str, tests: &str) -> Command {
    if package == CHECK {
        let mut command = Command::new(root.join("check"));
        command.arg(tests);
        return command;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--package", package, "--test", "it"])
        .args(["--", "--nocapture", tests]);
    command
}

struct Ran {
    size: u32,
    seconds: u64,
    date: String,
    commit: String,
}

fn page(campaign: &Campaign, lines: &[&str], ran: &Ran) -> String {
    let results: Vec<String> = lines
        .iter()
        .map(|line| format!("- {line}{}", bound(line)))
        .collect();
    let whole = if ran.size == campaign.size {
        String::new()
    } else {
        format!(" (whole: {})", campaign.size)
    };
    format!(
        "# {}\n\n{}\n\n## The last campaign\n`cargo xtask campaign {}`, {}, commit `{}`, {} = {}{whole}, {} s:\n\n{}\n\nFailures: none. `./check` runs a fixed sample of it.\n",
        campaign.title,
        campaign.what,
        campaign.name,
        ran.date,
        ran.commit,
        campaign.size_variable,
        ran.size,
        ran.seconds,
        results.join("\n")
    )
}

/// What so many trials without a failure say: with 95 % confidence fewer than three in so many fail.
fn bound(line: &str) -> String {
    let trials = line
        .split(' ')
        .next()
        .and_then(|word| word.parse::<u32>().ok());
    match trials {
        // A test of the test has failures, and should.
        Some(trials) if trials > 3 && !line.contains(" instead: ") => {
            format!(" (3/n: under {:.2} %)", 300.0 / f64::from(trials))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_three_in_all_trials() {
        assert_eq!(bound("1000 power cuts, none lost"), " (3/n: under 0.30 %)");
        assert_eq!(bound("50 power cuts with NORMAL instead: 50 lost"), "");
        assert_eq!(bound("none"), "");
    }
}
