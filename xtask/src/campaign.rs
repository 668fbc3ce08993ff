//! Long campaigns, run whole. `./check` runs a fixed sample of each; the page says what the whole one found, when, and
//! at which commit.

use anyhow::{Context as _, bail, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A campaign: an ordinary test whose size is set by a variable of the environment.
struct Campaign {
    name: &'static str,
    title: &'static str,
    /// The package whose tests it is; [`CHECK`] for a step of `./check`.
    package: &'static str,
    /// A part of the tests' names, or the step.
    tests: &'static str,
    size_variable: &'static str,
    size: u32,
    /// What stands in the lines of the test's output that the page repeats.
    mark: &'static str,
    what: &'static str,
}

/// In place of a package: the campaign is a step of `./check`.
const CHECK: &str = "check";

const CAMPAIGNS: &[Campaign] = &[
    Campaign {
        name: "verifiers",
        title: "A copy that two readers read in two ways",
        package: CHECK,
        tests: "verifiers",
        size_variable: "COLDPROOF_CORRUPTIONS",
        size: 1_000,
        mark: " tried, ",
        what: "Archives have been signed in which one reader saw one file and another reader another; signatures were taken by one \
library and refused by the next; a record was read past a member that stood there twice. What one side's program shows the \
court and the other side's does not is worth nothing to either.\n\n\
Three verifiers, written from the pages of `docs/formats/` as if by different hands, are given the same copies: \
`coldproof verify`, `verify.html` in a browser, and `verifiers/verify.py`. Good copies come from the program itself and from \
`verifiers/make.py`; then each is corrupted in a way drawn from a seed: by accident, by somebody who rewrites files and \
manifest, by somebody who packs the zip so that it lies, and by somebody who holds the log's key and every device's. The \
three must print the same lines and end alike, each corruption must be refused or taken as its kind asks, and where it is \
known which step finds it, that step must.\n\n\
What this does not show: a mistake in the pages themselves, which all three would share; and a copy rolled back or forked \
whole by the holder of the log's key, which holds for what it has and is found by receipts and cosigners alone.",
    },
    Campaign {
        name: "kill",
        title: "A process that dies in mid-write",
        package: "store",
        tests: "kill",
        size_variable: "COLDPROOF_KILLS",
        size: 200,
        mark: " kills, ",
        what: "A laptop loses its battery, the system ends the process, somebody pulls the stick. Software has lost \
acknowledged records this way: written, confirmed, and gone at the next start.\n\n\
A child process appends under load, or waits idle right after one acknowledgement, and is ended with `kill -9` at a \
moment drawn from a seed. After each death the folder is opened again and verified from the raw bytes: the tree leads to \
the signed head, and every entry that was acknowledged is there.\n\n\
Our defence: entry, body, head and signed checkpoint go into one transaction of SQLite (WAL, `synchronous=FULL`), and \
nothing is acknowledged before it is durable. What this does not show: a disk that confirms and forgets, and a power cut, \
which also takes what the operating system still holds: see [power](power.md).",
    },
    Campaign {
        name: "power",
        title: "A power cut in mid-write",
        package: "store",
        tests: "power",
        size_variable: "COLDPROOF_CUTS",
        size: 40,
        mark: " power cuts, ",
        what: "The battery is empty, the generator stops. Programs that confirmed before the disk had it have lost whole days \
this way, some of them while they were praised for their speed.\n\n\
A file system in a file is shut down under the writer without a flush, so that all that was not synced is gone; then it is \
mounted again, opened and verified. What was acknowledged when the cut began must be there.\n\n\
Our defence: one transaction with `synchronous=FULL`, acknowledged after it. What this does not show: a disk whose own cache \
confirms and forgets. Needs the right to mount.",
    },
];

/// Runs the campaign called `name` and writes its page.
///
/// # Errors
/// There is no such campaign, or it failed; then no page is written.
pub fn run(root: &Path, name: &str) -> anyhow::Result<()> {
    let Some(campaign) = CAMPAIGNS.iter().find(|campaign| campaign.name == name) else {
        let names: Vec<&str> = CAMPAIGNS.iter().map(|campaign| campaign.name).collect();
        bail!("there is no campaign `{name}`; there are {names:?}");
    };
    let begun = Instant::now();
    let out = command(root, campaign)
        .env(campaign.size_variable, campaign.size.to_string())
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("it cannot be run")?;
    let said = String::from_utf8_lossy(&out.stdout);
    print!("{said}");
    ensure!(out.status.success(), "the campaign `{name}` failed");
    let seconds = begun.elapsed().as_secs();
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(campaign.mark))
        .collect();
    ensure!(
        !lines.is_empty(),
        "the campaign `{name}` printed no line with `{}`: was it not tried here?",
        campaign.mark
    );
    let page = page(
        campaign,
        &lines,
        seconds,
        &crate::root::today()?,
        &crate::root::commit(root)?,
    );
    let at = format!("docs/hazards/{name}.md");
    std::fs::write(root.join(&at), page)?;
    println!("wrote {at}");
    Ok(())
}

fn command(root: &Path, campaign: &Campaign) -> Command {
    if campaign.package == CHECK {
        let mut command = Command::new(root.join("check"));
        command.arg(campaign.tests);
        return command;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--package", campaign.package, "--test", "it"])
        .args(["--", "--nocapture", campaign.tests]);
    command
}

fn page(campaign: &Campaign, lines: &[&str], seconds: u64, date: &str, commit: &str) -> String {
    let results = lines.join("\n- ");
    format!(
        "# {}\n\n{}\n\n## The last whole campaign\n`cargo xtask campaign {}`, {date}, commit `{commit}`, {} = {}, {seconds} s:\n\n- {results}\n\nFailures: none. `./check` runs a fixed sample of it.\n",
        campaign.title, campaign.what, campaign.name, campaign.size_variable, campaign.size
    )
}
