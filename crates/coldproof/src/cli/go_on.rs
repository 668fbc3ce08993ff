//! `coldproof go-on`: people decide that a record which was frozen for a head it does not hold goes on as it stands.

use super::args::Form;
use super::exit::{Exit, Failure};
use super::signing;
use std::path::PathBuf;

/// What it takes.
#[derive(Debug, clap::Args)]
pub(crate) struct GoOn {
    /// Folder of the production.
    dir: PathBuf,
    /// Who decided it and on what, for the record.
    #[arg(long, value_name = "WORDS")]
    why: String,
}

pub(crate) fn run(args: &GoOn, form: Form) -> Result<Exit, Failure> {
    if args.why.trim().is_empty() {
        return Err(Failure::invalid(
            "`--why` says in words who decided that the record goes on, and on what",
        ));
    }
    let (why, heads) = {
        // A frozen node enters nothing when it is opened; the lock says whether another program has it.
        let node = signing::opened(&args.dir)?;
        let Some(why) = node.frozen().map(str::to_owned) else {
            return Err(Failure::new(
                Exit::Refused,
                "the record is not frozen: there is nothing to end",
            ));
        };
        (why, node.frozen_by().len())
    };
    let asked = node::go_on(&args.dir, &args.why)?;
    let node = signing::opened(&args.dir)?;
    if let Some(still) = node.frozen() {
        return Err(Failure::fault(format!("the record stays frozen: {still}")));
    }
    let epoch = asked.epoch.saturating_add(1);
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"entry": asked.size, "epoch": epoch, "was": why, "heads": heads})
        ),
        Form::Plain => println!("entry {}\nepoch {epoch}\nheads {heads}", asked.size),
        Form::Human => println!(
            "It was frozen: {why}.\nThe record goes on from {0} entries with epoch {epoch}; your words stand in entry {0}. The {heads} heads that froze it are kept.\nPhones hand in again what they hold and this record does not. Before the first action: check every weapon.",
            asked.size
        ),
    }
    Ok(Exit::Done)
}
