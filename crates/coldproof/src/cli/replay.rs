//! `coldproof replay`: a real case against the rules.

use super::args::{Form, Replay};
use super::exit::{Exit, Failure};
use super::pack;
use coldproof::replay::{self, Replay as Replayed};
use protocol::Protocol;

pub(crate) fn run(args: &Replay, form: Form) -> Result<Exit, Failure> {
    let shown = args.case.display().to_string();
    let text = std::fs::read_to_string(&args.case)
        .map_err(|error| Failure::invalid(format!("`{shown}` cannot be read: {error}")))?;
    let case = replay::read(&shown, &text).map_err(Failure::invalid)?;
    let sources = match &args.packs {
        Some(dir) => pack::shelf(dir)?,
        None => protocol::shipped(),
    };
    let wanted: Vec<_> = sources
        .into_iter()
        .filter(|source| case.packs.contains(&source.name))
        .collect();
    if let Some(missing) = case
        .packs
        .iter()
        .find(|name| !wanted.iter().any(|source| source.name == **name))
    {
        return Err(Failure::invalid(format!(
            "`{shown}` asks for the pack `{missing}`, which is not there"
        )));
    }
    let protocol = Protocol::load(&wanted).map_err(Failure::invalid)?;
    let replay = replay::replay(&case, &protocol).map_err(Failure::invalid)?;
    match form {
        Form::Json => println!("{}", replay.json().map_err(Failure::fault)?),
        Form::Plain => plain(&replay),
        Form::Human => println!("{}", replay.text),
    }
    Ok(Exit::Done)
}

/// One line a row, then the summary.
fn plain(replay: &Replayed) {
    for row in &replay.rows {
        let hard = if row.hard { " hard" } else { "" };
        let codes: Vec<&str> = row
            .reasons
            .iter()
            .chain(&row.breaches)
            .map(|reason| reason.code.as_str())
            .collect();
        println!(
            "row {} {}{hard} {}",
            row.row,
            row.outcome.word().to_lowercase(),
            codes.join(",")
        );
    }
    let summary = &replay.summary;
    let label = |label: &Option<replay::Label>| {
        label
            .as_ref()
            .map_or_else(|| "none".to_owned(), ToString::to_string)
    };
    println!("first_refusal {}", label(&summary.first_refusal));
    println!("first_hard_stop {}", label(&summary.first_hard_stop));
    println!("first_alarm {}", label(&summary.first_alarm));
    println!("last_before_harm {}", label(&summary.last_before_harm));
    println!(
        "refused {}\nalarmed {}\ninexpressible {}",
        summary.refused, summary.alarmed, summary.inexpressible
    );
}
