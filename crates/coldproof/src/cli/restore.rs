//! `coldproof restore` and `coldproof takeover`: a node's folder out of a backup.

use super::args::Form;
use super::backup::failure;
use super::exit::{Exit, Failure, chain};
use ::backup::Checked;
use ::backup::age::Identity;
use ledger::note::VerifierKey;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// What both take.
#[derive(Debug, clap::Args)]
struct Which {
    /// The backup.
    file: PathBuf,
    /// A file with the key that opens it, as it was shown once; `-` reads it from standard input.
    #[arg(long, value_name = "KEYFILE")]
    identity: PathBuf,
    /// The log's name and public key, had from elsewhere: the text of its `keys/log.vkey`.
    #[arg(long, value_name = "VKEY")]
    expect: Option<String>,
}

/// What `restore` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    from: Which,
    /// The new folder; it must not be there, or be empty.
    #[arg(long, value_name = "DIR", required_unless_present = "verify")]
    to: Option<PathBuf>,
    /// Only checks: opens the backup, verifies the whole record in it, says the head, and keeps nothing.
    #[arg(long, conflicts_with = "to")]
    verify: bool,
}

/// What `takeover` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Takeover {
    #[command(flatten)]
    from: Which,
    /// The new folder; it must not be there, or be empty.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// What happened to the node that is gone, for the record.
    #[arg(long, value_name = "WORDS")]
    why: String,
}

pub(crate) fn restore(args: &Restore, form: Form) -> Result<Exit, Failure> {
    let identities = args.from.identities()?;
    let expect = args.from.expected()?;
    let file = &args.from.file;
    let mut found = None;
    let verify = |folder: &Path| {
        found = Some(audit(folder, expect.as_ref())?);
        Ok(())
    };
    let checked = if let Some(to) = &args.to {
        ::backup::restore(file, &identities, to, verify)
    } else {
        // The record alone, in a folder that goes away: no key of the node touches this disk.
        let folder = tempfile::tempdir()?;
        ::backup::verify_record(file, &identities, &folder.path().join("record"), verify)
    };
    let checked = checked.map_err(|error| failure(&error))?;
    print(&checked, found.as_ref(), form);
    if let (Form::Human, Some(to)) = (form, &args.to) {
        println!(
            "\nRestored to `{0}`. It was taken at the time above: what was entered later is not in it.\nIf the other node is gone for good, use `coldproof takeover` in place of this, so that the record says so.\nNext: coldproof doctor {0}\n      coldproof serve {0}",
            to.display()
        );
    }
    Ok(Exit::Done)
}

pub(crate) fn takeover(args: &Takeover, form: Form) -> Result<Exit, Failure> {
    let identities = args.from.identities()?;
    let expect = args.from.expected()?;
    if args.why.trim().is_empty() {
        return Err(Failure::invalid(
            "`--why` says in words what happened to the other node",
        ));
    }
    let mut found = None;
    let mut epoch = 0;
    let checked = ::backup::restore(&args.from.file, &identities, &args.to, |folder| {
        found = Some(audit(folder, expect.as_ref())?);
        // Before the folder has its name, so that no spare ever starts without it.
        let asked = node::go_on(folder, &args.why).map_err(|error| chain(&error))?;
        epoch = asked.epoch.saturating_add(1);
        Ok(())
    });
    let checked = checked.map_err(|error| failure(&error))?;
    print(&checked, found.as_ref(), form);
    match form {
        Form::Json => {}
        Form::Plain => println!("epoch {epoch}"),
        Form::Human => println!(
            "\nThis machine takes over with epoch {epoch}, entered at the next start:\n      coldproof serve {0}\nThe other node must not serve again. Phones keep what it acknowledged after this copy and hand it in here.\nSee docs/guides/seized.md.",
            args.to.display()
        ),
    }
    Ok(Exit::Done)
}

impl Which {
    fn identities(&self) -> Result<Vec<Identity>, Failure> {
        let wrong = |error: std::io::Error| {
            Failure::invalid(format!("`{}`: {error}", self.identity.display()))
        };
        let text = if self.identity == Path::new("-") {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(wrong)?;
            text
        } else {
            std::fs::read_to_string(&self.identity).map_err(wrong)?
        };
        Identity::read_all(&text)
            .map_err(|bad| Failure::invalid(format!("`{}`: {bad}", self.identity.display())))
    }

    fn expected(&self) -> Result<Option<VerifierKey>, Failure> {
        let expect = self.expect.as_deref().map(|text| text.trim().parse());
        expect
            .transpose()
            .map_err(|_| Failure::invalid("`--expect` takes the text of a `keys/log.vkey`"))
    }
}

/// The whole record as it was restored, recomputed from its bytes.
fn audit(folder: &Path, expect: Option<&VerifierKey>) -> Result<node::Audit, String> {
    node::audit(folder, expect, None).map_err(|fault| fault.to_string())
}

fn print(checked: &Checked, audit: Option<&node::Audit>, form: Form) {
    let about = &checked.about;
    let at = jiff::Timestamp::from_millisecond(about.made_at).unwrap_or_default();
    let (bodies, withheld) = audit.map_or((0, 0), |audit| {
        (audit.report.bodies, audit.report.bodies_withheld)
    });
    let missing: Vec<String> = checked.missing.iter().map(ToString::to_string).collect();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"origin": about.origin, "vkey": about.vkey, "size": about.size, "root": about.root.to_string(),
                "made_at": about.made_at, "program": about.program, "bodies": bodies, "bodies_absent": withheld,
                "attachments": checked.attachments, "missing": missing})
        ),
        Form::Plain => {
            println!(
                "origin {}\nvkey {}\nsize {}\nroot {}\nmade_at {at}\nbodies {bodies}\nbodies_absent {withheld}\nattachments {}\nmissing {}",
                about.origin,
                about.vkey,
                about.size,
                about.root,
                checked.attachments,
                missing.len()
            );
        }
        Form::Human => {
            println!(
                "The backup holds: {} entries of {}, taken {at:.0}.",
                about.size, about.origin
            );
            println!("root {}\nlog key {}\n", about.root, about.vkey);
            println!(
                "Every byte was authenticated and every entry verified: {bodies} bodies, {withheld} absent, {} attachments, {} missing.",
                checked.attachments,
                missing.len()
            );
            for name in missing {
                println!("attachment {name} was not on the machine when it was made");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::backup::BackupError;

    #[test]
    fn a_backup_that_is_refused_has_its_own_exit_code() {
        let to = PathBuf::from("/somewhere");
        assert_eq!(
            failure(&BackupError::NotEmpty(to.clone())).exit,
            Exit::Refused
        );
        let damaged = BackupError::Damaged {
            file: to,
            what: "cut off".into(),
        };
        assert_eq!(failure(&damaged).exit, Exit::Broken);
    }
}
