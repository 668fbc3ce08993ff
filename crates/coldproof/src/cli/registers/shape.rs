//! The columns that each law asks for (CUS-07 to CUS-13 of the rules), filled from the fold.

use domain::time::Millis;

use super::fold::{Move, Place, Story, Whole};
use super::{NOT_HELD, Table, Which};

pub(super) fn table(which: Which, whole: &Whole) -> Table {
    let mut table = match which {
        Which::Nsw => nsw(whole),
        Which::Qld => qld(whole),
        Which::Nz => nz(whole),
        Which::UsDealer => us_dealer(whole),
    };
    for row in &mut table.rows {
        row.resize(table.columns.len(), NOT_HELD.to_owned());
    }
    table.columns.extend(&table.not_held);
    for row in &mut table.rows {
        row.resize(table.columns.len(), NOT_HELD.to_owned());
    }
    table.limits.push(
        "Times are UTC, as the node recorded them. People are named by role and number; names lie outside the log.".to_owned(),
    );
    if whole.batches > 0 {
        table.limits.push(format!(
            "{} racks of things that cannot fire are not listed.",
            whole.batches
        ));
    }
    table.limits.push(
        "It says what people entered. What nobody entered is not in it, and counsel must say whether it meets the law of the day.".to_owned(),
    );
    table
}

fn nsw(whole: &Whole) -> Table {
    let mut rows = Vec::new();
    for story in &whole.weapons {
        for span in &story.spans {
            let (who, storage) = match &span.place {
                Place::With(who) => (who.clone(), "out of storage".to_owned()),
                Place::OffTheRecord(who) => (
                    format!("off the record, said to be with {who}"),
                    "out of storage".to_owned(),
                ),
                Place::Stored(store) => ("nobody".to_owned(), format!("in {store}")),
                Place::Away => ("sent away".to_owned(), "sent away".to_owned()),
            };
            rows.push(with(story, [who, time(span.from), until(span.to), storage]));
        }
    }
    Table {
        title: "Register of firearms, New South Wales",
        source: "Firearms Regulation, theatrical armourers: who may possess or use each firearm and when (CUS-07), out of storage (CUS-08); 2006 text, since remade",
        columns: columns(&["person", "from", "to", "storage"]),
        rows,
        not_held: vec!["registration number", "permit number of the person"],
        limits: vec!["\"to\" reads `still so` where the period is open.".to_owned()],
    }
}

fn qld(whole: &Whole) -> Table {
    Table {
        title: "Weapons register, Queensland",
        source: "Weapons Act, theatrical ordnance suppliers: each acquisition, supply, rental and transfer at once (CUS-09), notice within 14 days and the yearly return (CUS-11)",
        columns: columns(&["what", "entered", "notice due", "from or to", "entry"]),
        rows: moves(whole, |story, one| {
            let due = one.at.saturating_add(14 * domain::limit::DAY_MS);
            with(
                story,
                [
                    what(one),
                    time(one.at),
                    time(due),
                    other(one),
                    one.entry.to_string(),
                ],
            )
        }),
        not_held: vec![
            "time of the transaction itself",
            "licence of the other party",
            "address of the other party",
            "notice number and date",
            "yearly return",
        ],
        limits: Vec::new(),
    }
}

fn nz(whole: &Whole) -> Table {
    Table {
        title: "Dealer's record, New Zealand",
        source: "Arms Act s 12: kept ten years (CUS-12), shown to police on request (CUS-10)",
        columns: columns(&["received or disposed of", "date entered", "from or to", "entry"]),
        rows: moves(whole, |story, one| with(story, [what(one), time(one.at), other(one), one.entry.to_string()])),
        not_held: vec!["manufacturer", "licence number of the other party", "address of the other party", "registry notice"],
        limits: vec!["Bodies of these kinds are never erased; keeping the folder ten years is the dealer's own duty.".to_owned()],
    }
}

/// One line a weapon and stay, as in a bound book: a receipt, and the disposition that ended it.
fn us_dealer(whole: &Whole) -> Table {
    let mut rows = Vec::new();
    for story in &whole.weapons {
        let mut open: Option<&Move> = None;
        for one in &story.moves {
            match (open, one.came) {
                (_, true) => open = Some(one),
                (receipt, false) => {
                    rows.push(stay(story, receipt, Some(one)));
                    open = None;
                }
            }
        }
        if open.is_some() {
            rows.push(stay(story, open, None));
        }
    }
    Table {
        title: "Acquisitions and dispositions, United States",
        source: "27 CFR 478.125(e), with 478.39a on thefts and losses (CUS-13)",
        columns: columns(&["received", "received from", "disposed of", "disposed of to"]),
        rows,
        not_held: vec!["manufacturer and importer", "model apart from the name", "address or licence number of whom it came from", "address, licence or Form 4473 number of whom it went to", "theft or loss report number"],
        limits: vec!["Lending within the production is no disposition here; see the register of holders (nsw).".to_owned()],
    }
}

fn stay(story: &Story, receipt: Option<&Move>, disposal: Option<&Move>) -> Vec<String> {
    let date =
        |one: Option<&Move>, none: &str| one.map_or_else(|| none.to_owned(), |one| time(one.at));
    let party = |one: Option<&Move>, none: &str| one.map_or_else(|| none.to_owned(), other);
    with(
        story,
        [
            date(receipt, "no receipt entered"),
            party(receipt, "no receipt entered"),
            date(disposal, "still here"),
            party(disposal, "still here"),
        ],
    )
}

fn moves(whole: &Whole, row: impl Fn(&Story, &Move) -> Vec<String>) -> Vec<Vec<String>> {
    let mut all: Vec<(&Story, &Move)> = whole
        .weapons
        .iter()
        .flat_map(|story| story.moves.iter().map(move |one| (story, one)))
        .collect();
    all.sort_by_key(|(_, one)| one.entry);
    all.into_iter()
        .map(|(story, one)| row(story, one))
        .collect()
}

/// The columns that tell one weapon from another, then the register's own.
fn columns(own: &[&'static str]) -> Vec<&'static str> {
    let mut all = vec!["tag", "type", "class", "calibre", "serial"];
    all.extend(own);
    all
}

fn with<const N: usize>(story: &Story, own: [String; N]) -> Vec<String> {
    let about = &story.about;
    let mut row = vec![
        given(about.tag.as_str()),
        given(about.name.as_str()),
        about.class.word().to_owned(),
        given(about.calibre.as_str()),
        given(about.serial.as_str()),
    ];
    row.extend(own);
    row
}

/// Blank is what somebody left out, not what the record cannot hold.
fn given(cell: &str) -> String {
    if cell.trim().is_empty() {
        "not given".to_owned()
    } else {
        cell.to_owned()
    }
}

fn other(one: &Move) -> String {
    given(&one.other)
}

fn what(one: &Move) -> String {
    if one.came { "received" } else { "sent away" }.to_owned()
}

fn until(to: Option<Millis>) -> String {
    to.map_or_else(|| "still so".to_owned(), time)
}

fn time(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |at| format!("{at:.0}"))
}
