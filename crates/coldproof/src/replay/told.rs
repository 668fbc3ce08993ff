//! From what was run to one line a row and a summary: the shape that `--json` prints.

use super::{
    case::{Case, Row as Source, distinct},
    run::{Done, Told},
};
use domain::outcome::Reason;
use serde::Serialize;

/// What came of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// Every version of it was refused.
    Refused,
    /// Something now calls for action: a stop, a HOLD, a lapsed deadline, a quarantine, an event.
    Alarmed,
    /// A request that the record grants.
    Admitted,
    /// A report, taken as every report is.
    Reported,
    /// The vocabulary cannot say it.
    Inexpressible,
    /// Nothing in it is a statement.
    Context,
}

impl RowOutcome {
    /// For people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "REFUSED",
            Self::Alarmed => "ALARM",
            Self::Admitted => "admitted",
            Self::Reported => "reported",
            Self::Inexpressible => "inexpressible",
            Self::Context => "context",
        }
    }
}

/// A row's name as the source has it: a number, or a text such as `3a`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Label {
    /// Numbered.
    Number(u64),
    /// Anything else.
    Text(String),
}

impl Label {
    fn of(row: &str) -> Self {
        row.parse()
            .map_or_else(|_| Self::Text(row.to_owned()), Self::Number)
    }
}

impl core::fmt::Display for Label {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// One row of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its name.
    pub row: Label,
    /// When, as written, with the offset where a clock time is given and the width where one is.
    pub at: String,
    /// What came of it.
    pub outcome: RowOutcome,
    /// Refused by a hard stop of a pack or by the record itself; an overdue owed item is no hard stop.
    pub hard: bool,
    /// Why it was refused: everything that applies.
    pub reasons: Vec<Reason>,
    /// The rules that its reports say were broken.
    pub breaches: Vec<Reason>,
    /// What changed, in sentences; for an inexpressible row what cannot be said, for context why.
    pub effects: Vec<String>,
}

/// The whole case in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// First row refused.
    pub first_refusal: Option<Label>,
    /// First row refused by a hard stop or the record itself.
    pub first_hard_stop: Option<Label>,
    /// First row with an alarm, whether it was refused as well or not.
    pub first_alarm: Option<Label>,
    /// Last row refused before the first harm.
    pub last_before_harm: Option<Label>,
    /// Rows refused.
    pub refused: usize,
    /// Rows with an alarm and no refusal.
    pub alarmed: usize,
    /// Things the vocabulary cannot say.
    pub inexpressible: usize,
}

/// What one row comes to. `None` if it holds nothing but what cannot be said.
pub(super) fn row(source: &Source, told: &Told, all: &[Told]) -> Option<Row> {
    let row = Label::of(&source.label);
    let at = source.when.shown.clone();
    if source.steps.is_empty() {
        let why = source.context.clone()?;
        let effects = vec![why];
        return Some(Row {
            row,
            at,
            outcome: RowOutcome::Context,
            hard: false,
            reasons: vec![],
            breaches: vec![],
            effects,
        });
    }
    let refused = counts(told, all, Done::refused);
    let hard = counts(told, all, |done| done.refused() && done.hard);
    let alarmed = alarms(told);
    let outcome = if refused {
        RowOutcome::Refused
    } else if alarmed {
        RowOutcome::Alarmed
    } else if told
        .done
        .iter()
        .any(|done| done.counts && done.is_request() && !done.refused())
    {
        RowOutcome::Admitted
    } else if told.done.iter().any(|done| done.counts) {
        RowOutcome::Reported
    } else {
        RowOutcome::Context
    };
    let counting = || told.done.iter().filter(|done| done.counts);
    let mut reasons = Vec::new();
    let mut breaches = Vec::new();
    for done in counting() {
        if refused {
            push_new(&mut reasons, &done.outcome.reasons);
        }
        push_new(&mut breaches, &done.outcome.breaches);
    }
    Some(Row {
        row,
        at,
        outcome,
        hard,
        reasons,
        breaches,
        effects: effects(told),
    })
}

/// What the vocabulary cannot say of a row, one each.
pub(super) fn unsaid(source: &Source) -> impl Iterator<Item = Row> {
    source.inexpressible.iter().map(|what| Row {
        row: Label::of(&source.label),
        at: source.when.shown.clone(),
        outcome: RowOutcome::Inexpressible,
        hard: false,
        reasons: vec![],
        breaches: vec![],
        effects: vec![what.clone()],
    })
}

/// Whether it holds of a step that everybody agrees on, or in every version of a dispute that the row belongs to.
fn counts(told: &Told, all: &[Told], holds: impl Fn(&Done) -> bool) -> bool {
    let counting = || told.done.iter().filter(|done| done.counts);
    if counting().any(|done| done.version.is_none() && holds(done)) {
        return true;
    }
    let disputes: Vec<&str> = counting()
        .filter_map(|done| done.dispute.as_deref())
        .collect();
    distinct(&disputes).into_iter().any(|dispute| {
        let steps = || {
            all.iter()
                .flat_map(|told| &told.done)
                .filter(|done| done.counts && done.dispute.as_deref() == Some(dispute))
        };
        let versions: Vec<&str> = steps().filter_map(|done| done.version.as_deref()).collect();
        distinct(&versions).into_iter().all(|version| {
            steps().any(|done| done.version.as_deref() == Some(version) && holds(done))
        })
    })
}

/// Alarms of what is undisputed, and of the version that goes on.
fn alarms(told: &Told) -> bool {
    let by_step = told
        .done
        .iter()
        .any(|done| done.counts && done.goes_on && done.changed.alarms);
    let going: Vec<&Option<String>> = told
        .done
        .iter()
        .filter(|done| done.goes_on)
        .map(|done| &done.version)
        .collect();
    let by_time = told.lapsed.iter().any(|(version, changed)| {
        changed.alarms && (version.is_none() || going.contains(&version))
    });
    by_step || by_time
}

pub(super) fn is_alarmed(told: &Told) -> bool {
    alarms(told)
}

fn effects(told: &Told) -> Vec<String> {
    let mut effects = Vec::new();
    for done in &told.done {
        let prefix = prefix(done.version.as_deref(), !done.counts);
        let says = done
            .changed
            .says
            .iter()
            .map(|says| format!("{prefix}{says}"));
        effects.extend(says);
        if done.asks {
            let answer = if done.refused() {
                "would be refused"
            } else {
                "would be granted"
            };
            effects.push(format!(
                "{prefix}asked, not done: {} {answer}",
                done.kind.stored()
            ));
        }
    }
    for (version, changed) in &told.lapsed {
        let prefix = prefix(version.as_deref(), false);
        effects.extend(changed.says.iter().map(|says| format!("{prefix}{says}")));
    }
    effects
}

fn prefix(version: Option<&str>, assumed: bool) -> String {
    let version = version.map_or_else(String::new, |version| format!("version {version}: "));
    if assumed {
        format!("{version}(assumed) ")
    } else {
        version
    }
}

fn push_new(all: &mut Vec<Reason>, new: &[Reason]) {
    for reason in new {
        if !all.contains(reason) {
            all.push(reason.clone());
        }
    }
}

/// The summary over rows in file order. `alarmed` says of each source row whether it had an alarm.
pub(super) fn summary(case: &Case, rows: &[Row], told: &[Told]) -> Summary {
    let first =
        |test: &dyn Fn(&Row) -> bool| rows.iter().find(|row| test(row)).map(|row| row.row.clone());
    let harm = case
        .rows
        .iter()
        .position(|row| row.harm)
        .unwrap_or(case.rows.len());
    let before: Vec<Label> = case
        .rows
        .iter()
        .take(harm)
        .map(|row| Label::of(&row.label))
        .collect();
    let refused = |row: &Row| row.outcome == RowOutcome::Refused;
    let of = |outcome: RowOutcome| rows.iter().filter(|row| row.outcome == outcome).count();
    Summary {
        first_refusal: first(&refused),
        first_hard_stop: first(&|row| refused(row) && row.hard),
        first_alarm: case
            .rows
            .iter()
            .zip(told)
            .find(|(_, told)| is_alarmed(told))
            .map(|(row, _)| Label::of(&row.label)),
        last_before_harm: if harm == case.rows.len() {
            None
        } else {
            rows.iter()
                .rev()
                .find(|row| refused(row) && before.contains(&row.row))
                .map(|row| row.row.clone())
        },
        refused: of(RowOutcome::Refused),
        alarmed: of(RowOutcome::Alarmed),
        inexpressible: of(RowOutcome::Inexpressible),
    }
}
