//! A case file as a tree in which every value knows its line, so that a wrong one can be named to whoever wrote it.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// What is wrong with a case file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {says}")]
pub struct Fault {
    /// The file's name as the reader was told.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// A sentence without capital or full stop.
    pub says: String,
}

/// A value without its file: readers deeper down know only the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) line: usize,
    pub(super) says: String,
}

/// Shorthand for a reader's answer.
pub(super) type Read<T> = Result<T, Wrong>;

/// A value with the line it begins on.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a value is. Dates are kept as text: a case writes most of them as strings, since a month has no TOML form.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Flag(bool),
    List(Vec<Node>),
    Table(Table),
}

/// A table in the order of the file, with the names already taken out remembered by [`Table::rest`].
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    entries: Vec<(String, Node)>,
}

/// Reads the whole file.
pub(super) fn parse(text: &str) -> Read<Table> {
    let lines = Lines::of(text);
    let document = DeTable::parse(text).map_err(|fault| Wrong {
        line: lines.at(fault.span().map_or(0, |span| span.start)),
        says: format!("this is not TOML: {}", fault.message()),
    })?;
    table(document.get_ref(), &lines)
}

impl Wrong {
    pub(super) fn new(line: usize, says: impl Into<String>) -> Self {
        Self {
            line,
            says: says.into(),
        }
    }
}

impl Node {
    pub(super) fn wrong(&self, says: impl Into<String>) -> Wrong {
        Wrong::new(self.line, says)
    }

    /// A value that the reader made up itself, at the line it stands for.
    pub(super) fn text_at(line: usize, text: &str) -> Self {
        Self {
            line,
            value: Value::Text(text.to_owned()),
        }
    }

    pub(super) fn text(&self, what: &str) -> Read<&str> {
        match &self.value {
            Value::Text(text) => Ok(text),
            Value::Whole(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) => {
                Err(self.wrong(format!("`{what}` must be a text in quotation marks")))
            }
        }
    }

    /// A text, or a whole number as its digits: rows are numbered, and some sources write `3a`.
    pub(super) fn label(&self, what: &str) -> Read<String> {
        match &self.value {
            Value::Text(text) => Ok(text.clone()),
            Value::Whole(number) => Ok(number.to_string()),
            Value::Flag(_) | Value::List(_) | Value::Table(_) => {
                Err(self.wrong(format!("`{what}` must be a number or a text")))
            }
        }
    }

    pub(super) fn whole(&self, what: &str) -> Read<i64> {
        match &self.value {
            Value::Whole(number) => Ok(*number),
            Value::Text(_) | Value::Flag(_) | Value::List(_) | Value::Table(_) => {
                Err(self.wrong(format!("`{what}` must be a whole number")))
            }
        }
    }

    pub(super) fn flag(&self, what: &str) -> Read<bool> {
        match &self.value {
            Value::Flag(flag) => Ok(*flag),
            Value::Text(_) | Value::Whole(_) | Value::List(_) | Value::Table(_) => {
                Err(self.wrong(format!("`{what}` must be true or false")))
            }
        }
    }

    pub(super) fn table(&self, what: &str) -> Read<&Table> {
        match &self.value {
            Value::Table(table) => Ok(table),
            Value::Text(_) | Value::Whole(_) | Value::Flag(_) | Value::List(_) => {
                Err(self.wrong(format!("`{what}` must be a table")))
            }
        }
    }

    /// A list; a single value stands for a list of one.
    pub(super) fn list(&self) -> &[Self] {
        match &self.value {
            Value::List(list) => list,
            Value::Text(_) | Value::Whole(_) | Value::Flag(_) | Value::Table(_) => {
                core::slice::from_ref(self)
            }
        }
    }
}

impl Table {
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries
            .iter()
            .map(|(name, node)| (name.as_str(), node))
    }

    pub(super) fn put(&mut self, name: &str, node: Node) {
        self.entries.push((name.to_owned(), node));
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.entries
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, node)| node)
    }

    /// Refuses a name that is not among `known`: a typing error must not look like a default.
    pub(super) fn only(&self, known: &[&str], of: &str) -> Read<()> {
        match self
            .entries
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            None => Ok(()),
            Some((name, node)) => Err(node.wrong(format!(
                "`{name}` is not a field of {of}{}; it has {}",
                nearest(name, known.iter().copied()),
                known.join(", ")
            ))),
        }
    }

    pub(super) fn flag(&self, name: &str, otherwise: bool) -> Read<bool> {
        self.get(name).map_or(Ok(otherwise), |node| node.flag(name))
    }

    pub(super) fn text(&self, name: &str) -> Read<Option<&str>> {
        self.get(name).map(|node| node.text(name)).transpose()
    }
}

/// ` (did you mean X?)` for the known name that differs least, or nothing.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known.map(|other| (distance(name, other), other)).min();
    match near {
        Some((steps, other)) if steps <= 1 + name.chars().count() / 4 => {
            format!(" (did you mean `{other}`?)")
        }
        Some(_) | None => String::new(),
    }
}

/// Letters to change, add or drop.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, against) in row.iter_mut().skip(1).zip(&other) {
            let change = diagonal + usize::from(letter != *against);
            diagonal = *cell;
            left = change.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: core::iter::once(0).chain(breaks).collect(),
        }
    }

    fn at(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).max(1)
    }
}

fn table(from: &DeTable<'_>, lines: &Lines) -> Read<Table> {
    let mut entries = Vec::with_capacity(from.len());
    for (name, value) in from {
        // The line of the name: a table's own span may begin elsewhere.
        let line = lines.at(name.span().start);
        entries.push((
            name.get_ref().clone().into_owned(),
            Node {
                line,
                value: read(value, lines)?.value,
            },
        ));
    }
    entries.sort_by_key(|(_, node)| node.line);
    Ok(Table { entries })
}

fn read(from: &Spanned<DeValue<'_>>, lines: &Lines) -> Read<Node> {
    let line = lines.at(from.span().start);
    let value = match from.get_ref() {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => Value::Whole(
            i64::from_str_radix(number.as_str(), number.radix())
                .map_err(|_| Wrong::new(line, "the number is too large"))?,
        ),
        DeValue::Float(number) => Value::Text(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(when) => Value::Text(when.to_string()),
        DeValue::Array(list) => Value::List(
            list.iter()
                .map(|item| read(item, lines))
                .collect::<Read<_>>()?,
        ),
        DeValue::Table(inner) => Value::Table(table(inner, lines)?),
    };
    Ok(Node { line, value })
}
