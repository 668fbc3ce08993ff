//! The checkout: where it lies and which files are ours.

use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub fn path() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Every file that is in version control or would be added to it, relative to `root`, sorted.
///
/// # Errors
/// Git is missing or `root` is no checkout.
pub fn files(root: &Path) -> anyhow::Result<Vec<String>> {
    let listing = git(
        root,
        &[
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ],
    )?;
    let mut files: Vec<String> = listing
        .split('\0')
        .filter(|name| !name.is_empty() && root.join(name).is_file())
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The short name of the commit that is checked out, with a `+` when files differ from it.
///
/// # Errors
/// Git is missing or `root` is no checkout.
pub fn commit(root: &Path) -> anyhow::Result<String> {
    let name = git(root, &["rev-parse", "--short=12", "HEAD"])?;
    let changed = !git(root, &["status", "--porcelain", "--untracked-files=no"])?
        .trim()
        .is_empty();
    Ok(format!("{}{}", name.trim(), if changed { "+" } else { "" }))
}

/// Today, UTC, `YYYY-MM-DD`, by the machine's clock.
///
/// # Errors
/// `date` is missing.
pub fn today() -> anyhow::Result<String> {
    let out = Command::new("date")
        .args(["-u", "+%F"])
        .output()
        .context("`date` cannot be run")?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn git(root: &Path, args: &[&str]) -> anyhow::Result<String> {
    let out = Command::new("git")
        .args(args)
        .current_dir(root)
        .output()
        .context("git cannot be run")?;
    ensure!(
        out.status.success(),
        "git {}: {}",
        args.join(" "),
        String::from_utf8_lossy(&out.stderr).trim()
    );
    String::from_utf8(out.stdout).context("a file name is not UTF-8")
}
