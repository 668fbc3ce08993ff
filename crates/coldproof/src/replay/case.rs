//! A case as read: the people and things it names, what it grants, its days, and the rows of its source in file order.

use super::{
    assume::Assume,
    fields::Thing,
    name::Names,
    tree::{self, Fault, Node, Read, Table, Value, Wrong, nearest},
    when::{self, When, Zone},
};
use domain::{act::Kind, time::Millis, words::Sure};
use jiff::civil;

mod check;

/// A case file, read and checked.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its short name; ids follow from it.
    pub id: String,
    /// What happened, in one line.
    pub title: String,
    /// Packs it is meant to be judged by.
    pub packs: Vec<String>,
    /// The file's name as the reader was told.
    pub file: String,
    /// The words every printed replay of it must bear: what it rests on, and what it does not claim.
    pub caution: String,
    pub(super) zone: Zone,
    pub(super) names: Names,
    pub(super) assume: Assume,
    pub(super) begins: Millis,
    pub(super) declared: Vec<Declared>,
    pub(super) days: Vec<Day>,
    pub(super) rows: Vec<Row>,
}

/// Something declared in a table.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) thing: Thing,
    pub(super) line: usize,
    pub(super) table: Table,
    /// When it comes into the record; absent: with the log.
    pub(super) from: Option<When>,
    /// A step of the case receives it, so the set-up does not.
    pub(super) by_step: bool,
}

/// One session day.
#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: civil::Date,
    pub(super) opens: Millis,
    pub(super) closes: Millis,
    pub(super) table: Table,
    pub(super) line: usize,
}

/// One row of the source.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number or name in the source.
    pub(super) label: String,
    pub(super) when: When,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) source: String,
    pub(super) confidence: String,
    pub(super) harm: bool,
    /// Why nothing in it is a statement.
    pub(super) context: Option<String>,
    /// What the vocabulary cannot say.
    pub(super) inexpressible: Vec<String>,
    pub(super) steps: Vec<Step>,
    pub(super) line: usize,
}

/// A step asks without acting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// What the record would answer as things stand.
    Now,
    /// What it would answer on a working day that begins at this time, everything granted assumed.
    OnAWorkingDay,
}

/// One statement that the row stands for.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) by: String,
    pub(super) own: Option<String>,
    pub(super) say: Table,
    pub(super) when: When,
    pub(super) version: Option<String>,
    pub(super) dispute: Option<String>,
    pub(super) goes_on: bool,
    pub(super) assumed: bool,
    pub(super) asks: Option<Asks>,
    pub(super) countersigned_by: Vec<String>,
    /// How sure its account is, where that differs from the row's.
    pub(super) sure: Sure,
    pub(super) note: Option<String>,
    pub(super) line: usize,
}

const TOP: &[&str] = &[
    "format", "id", "title", "zone", "packs", "begins", "caution", "assume", "people", "weapons",
    "batches", "lots", "carriers", "stores", "actions", "days", "row",
];
const ROW: &[&str] = &[
    "row",
    "at",
    "about",
    "who",
    "what",
    "source",
    "confidence",
    "harm",
    "context",
    "inexpressible",
    "step",
];
const STEP: &[&str] = &[
    "step",
    "by",
    "as",
    "say",
    "at",
    "about",
    "version",
    "dispute",
    "continue",
    "assumed",
    "asks",
    "countersigned_by",
    "note",
    "confidence",
];
const DAY: &[&str] = &[
    "date",
    "from",
    "to",
    "except",
    "opens",
    "closes",
    "name",
    "occasion",
    "place",
    "bulletin",
    "meeting",
    "sweep",
    "walk_through",
    "concerns_asked",
    "led_by",
    "minutes_by",
    "absent",
];

/// Tables of things: their name, what each holds, and the kind of statement that receives one.
pub(super) const TABLES: &[(&str, Thing, Kind)] = &[
    ("people", Thing::Person, Kind::Invite),
    ("stores", Thing::Store, Kind::AddStore),
    ("weapons", Thing::Weapon, Kind::ReceiveWeapon),
    ("batches", Thing::Batch, Kind::ReceiveBatch),
    ("lots", Thing::Lot, Kind::ReceiveLot),
    ("carriers", Thing::Carrier, Kind::ReceiveCarrier),
    ("actions", Thing::Action, Kind::AddAction),
];

/// Reads a case. `file` is the name used in faults.
///
/// # Errors
/// The first thing that is wrong, with its line: not TOML, a field or kind that does not exist, a name that stands for
/// nothing, a time that is none, a row that says nothing.
pub fn read(file: &str, text: &str) -> Result<Case, Fault> {
    case(file, text).map_err(|wrong| Fault {
        file: file.to_owned(),
        line: wrong.line,
        says: wrong.says,
    })
}

fn case(file: &str, text: &str) -> Read<Case> {
    let top = tree::parse(text)?;
    top.only(TOP, "a case")?;
    let need = |name: &str| {
        top.get(name)
            .ok_or_else(|| Wrong::new(1, format!("a case needs `{name}`")))
    };
    let format = need("format")?;
    if format.whole("format")? != 1 {
        return Err(format.wrong("this program reads format 1"));
    }
    let id = need("id")?.text("id")?.to_owned();
    let zone = Zone::read(need("zone")?)?;
    let mut names = Names::of(&id);
    let mut declared = Vec::new();
    for (table, thing, _) in TABLES {
        declare(&top, table, *thing, &zone, &mut names, &mut declared)?;
    }
    let rows = rows(need("row")?, &zone)?;
    for (step, what) in rows
        .iter()
        .flat_map(|row| row.steps.iter().map(move |step| (step, row)))
    {
        if let Some(own) = &step.own {
            let node = Node::text_at(step.line, own);
            names
                .declare(&node, own, Thing::made_by(step.kind))
                .map_err(|wrong| Wrong::new(what.line.max(wrong.line), wrong.says))?;
            if let Some(one) = declared.iter_mut().find(|one| one.name == *own) {
                one.by_step = true;
            }
        }
    }
    let assume = top.get("assume").map_or_else(
        || Ok(Assume::default()),
        |node| Assume::read(node.table("assume")?),
    )?;
    let days = top
        .get("days")
        .map_or_else(|| Ok(Vec::new()), |node| days(node, &zone))?;
    let begins = begins(&top, &zone, &rows, &days)?;
    let packs = top
        .get("packs")
        .map_or_else(|| Ok(vec!["base".to_owned()]), |node| texts(node, "packs"))?;
    let case = Case {
        title: need("title")?.text("title")?.to_owned(),
        caution: top.text("caution")?.unwrap_or_default().to_owned(),
        file: file.to_owned(),
        id,
        packs,
        zone,
        names,
        assume,
        begins,
        declared,
        days,
        rows,
    };
    check::names(&case)?;
    check::versions(&case)?;
    Ok(case)
}

/// The log opens the day before the first day or step that is not mere context.
fn begins(top: &Table, zone: &Zone, rows: &[Row], days: &[Day]) -> Read<Millis> {
    if let Some(node) = top.get("begins") {
        return Ok(zone.when(node, None)?.ms);
    }
    let steps = rows
        .iter()
        .flat_map(|row| &row.steps)
        .map(|step| step.when.ms);
    let first = steps.chain(days.iter().map(|day| day.opens)).min();
    Ok(first.unwrap_or_default() - when::DAY)
}

fn declare(
    top: &Table,
    name: &str,
    thing: Thing,
    zone: &Zone,
    names: &mut Names,
    declared: &mut Vec<Declared>,
) -> Read<()> {
    let Some(node) = top.get(name) else {
        return Ok(());
    };
    for (own, node) in node.table(name)?.entries() {
        names.declare_new(node, own, thing)?;
        let table = node.table(own)?.clone();
        let from = table
            .get("from_day")
            .map(|node| zone.when(node, None))
            .transpose()?;
        declared.push(Declared {
            name: own.to_owned(),
            thing,
            line: node.line,
            table,
            from,
            by_step: false,
        });
    }
    Ok(())
}

fn rows(node: &Node, zone: &Zone) -> Read<Vec<Row>> {
    let mut rows = Vec::new();
    let mut last: Option<When> = None;
    for node in node.list() {
        let one = row(node, zone, last.as_ref())?;
        last = Some(one.when.clone());
        rows.push(one);
    }
    Ok(rows)
}

fn row(node: &Node, zone: &Zone, last: Option<&When>) -> Read<Row> {
    let table = node.table("row")?;
    table.only(ROW, "a row")?;
    let need = |name: &str| {
        table
            .get(name)
            .ok_or_else(|| node.wrong(format!("a row needs `{name}`")))
    };
    let row = need("row")?.label("row")?;
    let when =
        time(table, zone, last)?.ok_or_else(|| node.wrong(format!("row {row} needs `at`")))?;
    let confidence = table.text("confidence")?.unwrap_or("not given").to_owned();
    let row_sure = sureness(table)?.unwrap_or(Sure::NotKnown);
    let steps = match table.get("step") {
        None => Vec::new(),
        Some(steps) => steps
            .list()
            .iter()
            .map(|node| step(node, zone, &when, row_sure))
            .collect::<Read<_>>()?,
    };
    let inexpressible = table
        .get("inexpressible")
        .map_or_else(|| Ok(Vec::new()), |node| texts(node, "inexpressible"))?;
    let context = table.text("context")?.map(str::to_owned);
    if steps.is_empty() && inexpressible.is_empty() && context.is_none() {
        return Err(node.wrong(format!(
            "row {row} says nothing: give it a [[row.step]], or say why it is `context`, or what is `inexpressible`"
        )));
    }
    Ok(Row {
        when,
        who: table.text("who")?.unwrap_or_default().to_owned(),
        what: need("what")?.text("what")?.to_owned(),
        source: table.text("source")?.unwrap_or_default().to_owned(),
        confidence,
        harm: table.flag("harm", false)?,
        context,
        inexpressible,
        steps,
        line: node.line,
        label: row,
    })
}

/// `at` and `about` of a row or step; `same` repeats the time before.
fn time(table: &Table, zone: &Zone, last: Option<&When>) -> Read<Option<When>> {
    let about = table.get("about");
    match (table.get("at"), last) {
        (None, _) => Ok(None),
        (
            Some(Node {
                value: Value::Text(word),
                ..
            }),
            Some(last),
        ) if word == "same" => Ok(Some(last.clone())),
        (Some(node), _) => zone.when(node, about).map(Some),
    }
}

fn step(node: &Node, zone: &Zone, row: &When, row_sure: Sure) -> Read<Step> {
    let table = node.table("step")?;
    table.only(STEP, "a step")?;
    let kind_node = table.get("step").ok_or_else(|| {
        node.wrong("a step needs `step`: the stored name of its kind, such as \"weapon.load\"")
    })?;
    let stored = kind_node.text("step")?;
    let kind = Kind::from_stored(stored).ok_or_else(|| {
        let near = nearest(stored, Kind::ALL.iter().map(|kind| kind.stored()));
        kind_node.wrong(format!("no kind of statement is called `{stored}`{near}"))
    })?;
    let by = table
        .get("by")
        .ok_or_else(|| node.wrong("a step needs `by`: who signs it"))?
        .text("by")?
        .to_owned();
    let say = table
        .get("say")
        .map_or_else(|| Ok(Table::default()), |node| node.table("say").cloned())?;
    let asks = match table.get("asks") {
        None => None,
        Some(node) => Some(match node.text("asks")? {
            "now" => Asks::Now,
            "on a working day" => Asks::OnAWorkingDay,
            other => {
                return Err(node.wrong(format!(
                    "`asks` is \"now\" or \"on a working day\", not `{other}`"
                )));
            }
        }),
    };
    Ok(Step {
        kind,
        by,
        own: table.text("as")?.map(str::to_owned),
        say,
        when: time(table, zone, Some(row))?.unwrap_or_else(|| row.clone()),
        version: table
            .get("version")
            .map(|node| node.label("version"))
            .transpose()?,
        dispute: table
            .get("dispute")
            .map(|node| node.label("dispute"))
            .transpose()?,
        goes_on: table.flag("continue", false)?,
        assumed: table.flag("assumed", false)?,
        asks,
        countersigned_by: table
            .get("countersigned_by")
            .map_or_else(|| Ok(Vec::new()), |node| texts(node, "countersigned_by"))?,
        sure: sureness(table)?.unwrap_or(row_sure),
        note: table.text("note")?.map(str::to_owned),
        line: node.line,
    })
}

fn texts(node: &Node, what: &str) -> Read<Vec<String>> {
    node.list()
        .iter()
        .map(|one| one.text(what).map(str::to_owned))
        .collect()
}

fn days(node: &Node, zone: &Zone) -> Read<Vec<Day>> {
    let mut days = Vec::new();
    for node in node.list() {
        let table = node.table("days")?;
        table.only(DAY, "[[days]]")?;
        let one = |name: &str| table.get(name).map(when::day).transpose();
        let (first, last) = match (one("date")?, one("from")?, one("to")?) {
            (Some(date), None, None) => (date, date),
            (None, Some(from), Some(to)) if from <= to => (from, to),
            _ => return Err(node.wrong("[[days]] needs `date`, or `from` and `to` in this order")),
        };
        let except = table.get("except").map_or_else(
            || Ok(Vec::new()),
            |node| node.list().iter().map(when::day).collect(),
        )?;
        let (opens, closes) = (
            Node::text_at(node.line, "07:00"),
            Node::text_at(node.line, "19:00"),
        );
        let (opens, closes) = (
            table.get("opens").unwrap_or(&opens),
            table.get("closes").unwrap_or(&closes),
        );
        for date in first
            .series(jiff::ToSpan::day(1))
            .take_while(|date| *date <= last)
        {
            if except.contains(&date) {
                continue;
            }
            let opens = zone.on_day(date, opens, "opens")?;
            let mut closes = zone.on_day(date, closes, "closes")?;
            if closes <= opens {
                closes += when::DAY;
            }
            // A later table replaces an earlier one for the same day.
            days.retain(|day: &Day| day.date != date);
            days.push(Day {
                date,
                opens,
                closes,
                table: table.clone(),
                line: node.line,
            });
        }
    }
    days.sort_by_key(|day| day.opens);
    Ok(days)
}

/// How sure a row or step says that its source is.
fn sureness(table: &Table) -> Read<Option<Sure>> {
    let Some(node) = table.get("confidence") else {
        return Ok(None);
    };
    let confidence = node.text("confidence")?;
    sure(confidence).map(Some).ok_or_else(|| {
        node.wrong(format!(
            "`{confidence}` is not a confidence: it begins with high, medium or low, or holds DISPUTED"
        ))
    })
}

fn sure(confidence: &str) -> Option<Sure> {
    let text = confidence.to_lowercase();
    if text.contains("disputed") {
        return Some(Sure::Disputed);
    }
    match text.split([' ', ',', '-', ';']).next() {
        Some("high") => Some(Sure::Sure),
        Some("medium") => Some(Sure::Fairly),
        Some("low") => Some(Sure::NotSure),
        Some("not") => Some(Sure::NotKnown),
        _ => None,
    }
}

/// A table with one more entry.
pub(super) fn with(table: &Table, name: &str, value: &str, line: usize) -> Table {
    let mut more = table.clone();
    if more.get(name).is_none() {
        more.put(name, Node::text_at(line, value));
    }
    more
}

/// Steps that tell one disputed thing in different ways, side by side in the file.
pub(super) struct Dispute<'a> {
    pub(super) name: String,
    pub(super) steps: Vec<&'a Step>,
}

/// The disputes of a case, in file order.
pub(super) fn disputes(case: &Case) -> Vec<Dispute<'_>> {
    let mut all: Vec<Dispute<'_>> = Vec::new();
    for row in &case.rows {
        for step in row.steps.iter().filter(|step| step.version.is_some()) {
            let name = step
                .dispute
                .clone()
                .unwrap_or_else(|| format!("row {}", row.label));
            match all.last_mut() {
                Some(last) if last.name == name => last.steps.push(step),
                Some(_) | None => all.push(Dispute {
                    name,
                    steps: vec![step],
                }),
            }
        }
    }
    all
}

/// Each once, in order of first mention.
pub(super) fn distinct<'a>(items: &[&'a str]) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for item in items {
        if !once.contains(item) {
            once.push(item);
        }
    }
    once
}
