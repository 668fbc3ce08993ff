//! For people: row by row, then the summary.

use super::{
    Replay,
    case::{Case, Row as Source},
    run::{Done, Told},
    told::{Label, Row, RowOutcome},
};
use core::fmt::{self, Write};
use domain::outcome::{Force, Reason};

/// The whole replay as text.
pub(super) fn all(
    case: &Case,
    told: &[Told],
    replay: &Replay,
    packs: &[String],
    board: bool,
) -> String {
    let mut out = String::new();
    // INVARIANT: writing to a String cannot fail.
    let _ = write_all(&mut out, case, told, replay, packs, board);
    out
}

fn write_all(
    out: &mut String,
    case: &Case,
    told: &[Told],
    replay: &Replay,
    packs: &[String],
    board: bool,
) -> fmt::Result {
    writeln!(out, "{}", case.title)?;
    let packs: Vec<String> = packs.iter().map(|pack| short(pack)).collect();
    writeln!(out, "Replayed against {}.", packs.join(", "))?;
    if !case.caution.is_empty() {
        writeln!(out, "{}", case.caution)?;
    }
    writeln!(
        out,
        "What follows is what the record would have answered, had each row been asked or reported. It is no finding about anybody."
    )?;
    for (source, told) in case.rows.iter().zip(told) {
        writeln!(out)?;
        row(out, source, told, replay, board)?;
    }
    writeln!(out)?;
    summary(out, replay)
}

fn row(
    out: &mut String,
    source: &Source,
    told: &Told,
    replay: &Replay,
    board: bool,
) -> fmt::Result {
    let rows: Vec<&Row> = replay
        .rows
        .iter()
        .filter(|row| row.row.to_string() == source.label)
        .collect();
    let main = rows
        .iter()
        .find(|row| row.outcome != RowOutcome::Inexpressible);
    let word = main.map_or(RowOutcome::Inexpressible.word(), |row| row.outcome.word());
    let hard = if main.is_some_and(|row| row.hard) {
        ", hard stop"
    } else {
        ""
    };
    writeln!(
        out,
        "row {:<4} {:<32} {word}{hard}",
        source.label, source.when.shown
    )?;
    let people = if source.who.is_empty() {
        String::new()
    } else {
        format!("{}: ", source.who)
    };
    writeln!(out, "  {people}{}", source.what)?;
    let hurt = if source.harm { " · HARM" } else { "" };
    writeln!(out, "  confidence: {}{hurt}", source.confidence)?;
    if !source.source.is_empty() {
        writeln!(out, "  source: {}", source.source)?;
    }
    if let Some(context) = &source.context {
        writeln!(out, "  context: {context}")?;
    }
    if board && !told.board.is_empty() {
        writeln!(out, "  board before: {}", told.board.join(" · "))?;
    }
    for done in &told.done {
        step(out, done)?;
    }
    for (_, changed) in &told.lapsed {
        for says in &changed.says {
            writeln!(out, "  ⏲ {says}")?;
        }
    }
    for what in &source.inexpressible {
        writeln!(out, "  INEXPRESSIBLE: {what}")?;
    }
    Ok(())
}

fn step(out: &mut String, done: &Done) -> fmt::Result {
    let version = done.version.as_ref().map_or_else(String::new, |version| {
        let goes_on = if done.goes_on {
            ", the replay goes on from here"
        } else {
            ""
        };
        format!("[version {version}{goes_on}] ")
    });
    let how = match (done.asks, done.counts) {
        (true, _) => "asked, not done: ",
        (false, false) => "assumed: ",
        (false, true) => "",
    };
    let answer = match (done.is_request(), done.refused(), done.asks) {
        (true, true, true) => "would be REFUSED",
        (true, true, false) => "REFUSED",
        (true, false, true) => "would be granted",
        (true, false, false) => "admitted",
        (false, ..) if done.outcome.late => "reported late",
        (false, ..) => "reported",
    };
    writeln!(
        out,
        "  {version}{how}{} by {}: {answer}",
        done.kind.stored(),
        done.by
    )?;
    if let Some(note) = &done.note {
        writeln!(out, "    ({note})")?;
    }
    for why in &done.outcome.reasons {
        reason(out, "✗", why)?;
    }
    for why in &done.outcome.breaches {
        reason(out, "broken:", why)?;
    }
    for says in &done.changed.says {
        writeln!(out, "    → {says}")?;
    }
    for why in &done.outcome.advice {
        writeln!(
            out,
            "    advice {} ({}, {}): {}",
            why.code,
            force(why.force),
            why.source,
            why.says
        )?;
    }
    Ok(())
}

fn reason(out: &mut String, mark: &str, why: &Reason) -> fmt::Result {
    writeln!(out, "    {mark} {} {}", why.code, why.says)?;
    writeln!(
        out,
        "        {}, {}: {}",
        force(why.force),
        why.source,
        why.clause
    )?;
    writeln!(out, "        who: {} · cure: {}", why.who, why.cure)
}

/// `name@version:sha256` with as much of the digest as people compare.
fn short(pack: &str) -> String {
    pack.split_once(':').map_or_else(
        || pack.to_owned(),
        |(name, digest)| format!("{name} ({})", digest.get(..8).unwrap_or(digest)),
    )
}

const fn force(force: Force) -> &'static str {
    match force {
        Force::Law => "law",
        Force::Guideline => "guideline",
        Force::Finding => "finding",
        Force::Contract => "contract",
        Force::Practice => "practice",
        Force::Record => "the record's own",
    }
}

fn summary(out: &mut String, replay: &Replay) -> fmt::Result {
    let summary = &replay.summary;
    let row = |label: &Option<Label>| {
        label
            .as_ref()
            .map_or_else(|| "none".to_owned(), |label| format!("row {label}"))
    };
    writeln!(
        out,
        "first refusal            {}",
        row(&summary.first_refusal)
    )?;
    writeln!(
        out,
        "first hard stop          {}",
        row(&summary.first_hard_stop)
    )?;
    writeln!(
        out,
        "first alarm              {}",
        row(&summary.first_alarm)
    )?;
    writeln!(
        out,
        "last refusal before harm {}",
        row(&summary.last_before_harm)
    )?;
    writeln!(
        out,
        "{} rows refused, {} with an alarm, {} things that the vocabulary cannot say",
        summary.refused, summary.alarmed, summary.inexpressible
    )
}
