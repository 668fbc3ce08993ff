//! A sheet that somebody kept before: CSV with whatever separator, encoding and headings it has. Every row comes out, or none.

mod row;

use crate::{Fault, limit, text};

pub use row::{Field, PERSON, People, PersonRow, WEAPON, WeaponRow, people, plain, weapons};

/// A sheet with its header found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// How its bytes were read; `None` for UTF-8.
    pub note: Option<String>,
    /// Between its cells.
    pub separator: char,
    /// The line of the header, from 1.
    pub header_line: u32,
    /// The headings.
    pub header: Vec<String>,
    /// What lies under them; rows without a word are left out.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, from 1.
    pub line: u32,
    /// Its cells, as many as there are headings.
    pub cells: Vec<String>,
}

/// Which heading a field is read from.
pub type Mapping = Vec<(Field, usize)>;

/// Reads a sheet. The header is that of the first [`limit::HEADER_ROWS`] rows in which most of `fields` are known.
///
/// # Errors
/// [`Fault`]: too large, no text, a quotation mark that nobody closed, a row that is wider than its header, no header, no row.
pub fn read(bytes: &[u8], fields: &[Field], given: &[(Field, String)]) -> Result<Sheet, Fault> {
    let decoded = text::decode(bytes, limit::SHEET_BYTES)?;
    let separator = separator(&decoded.text);
    refuse_open_quote(&decoded.text, separator)?;
    let mut records = records(&decoded.text, separator)?;
    let best = records
        .iter()
        .take(limit::HEADER_ROWS)
        .map(|row| {
            (1..)
                .zip(&row.cells)
                .filter(|(_, cell)| is_known(cell, fields, given))
                .count()
        })
        .enumerate()
        .max_by_key(|(place, known)| (*known, limit::HEADER_ROWS - place));
    let header_at = match best {
        Some((at, known)) if known > 0 => at,
        Some(_) | None => {
            return Err(Fault::new(
                1,
                format!(
                    "no heading was recognised in the first {} rows",
                    limit::HEADER_ROWS
                ),
                "put the headings in the first row, or name them with --map field=Heading",
            ));
        }
    };
    let mut rows: Vec<Row> = records.drain(header_at..).collect();
    let header = rows.remove(0);
    if rows.is_empty() {
        return Err(Fault::new(
            header.line,
            "there is no row under the headings",
            "check that the sheet was exported whole",
        ));
    }
    for row in &mut rows {
        let spare = row
            .cells
            .iter()
            .skip(header.cells.len())
            .any(|cell| !cell.is_empty());
        if spare {
            return Err(Fault::new(
                row.line,
                format!(
                    "the row has {} cells under {} headings",
                    row.cells.len(),
                    header.cells.len()
                ),
                "a cell with the separator in it must stand in quotation marks: export the sheet again as CSV",
            ));
        }
        row.cells.resize(header.cells.len(), String::new());
    }
    Ok(Sheet {
        note: decoded.note,
        separator,
        header_line: header.line,
        header: header.cells,
        rows,
    })
}

impl Sheet {
    /// Where each field is read from: as given, else by the headings' usual names.
    ///
    /// # Errors
    /// [`Fault`]: a heading that was given is not there, or there twice.
    pub fn mapping(&self, fields: &[Field], given: &[(Field, String)]) -> Result<Mapping, Fault> {
        let mut mapping = Mapping::new();
        for (field, heading) in given {
            let places: Vec<usize> = (0..)
                .zip(&self.header)
                .filter(|(_, cell)| row::plain(cell) == row::plain(heading))
                .map(|(place, _)| place)
                .collect();
            match places.as_slice() {
                [place] => mapping.push((*field, *place)),
                [] => {
                    return Err(Fault::new(
                        self.header_line,
                        format!(
                            "no heading is called `{heading}`; there are: {}",
                            self.header.join(", ")
                        ),
                        "name the heading as it stands in the sheet",
                    ));
                }
                _ => {
                    return Err(Fault::new(
                        self.header_line,
                        format!("two headings are called `{heading}`"),
                        "rename one of them in the sheet",
                    ));
                }
            }
        }
        for field in fields {
            if mapping.iter().any(|(known, _)| known == field) {
                continue;
            }
            let guess = (0..).zip(&self.header).find(|(place, cell)| {
                field.is_called(cell) && !mapping.iter().any(|(_, taken)| taken == place)
            });
            if let Some((place, _)) = guess {
                mapping.push((*field, place));
            }
        }
        mapping.sort_unstable();
        Ok(mapping)
    }
}

fn is_known(cell: &str, fields: &[Field], given: &[(Field, String)]) -> bool {
    fields.iter().any(|field| field.is_called(cell))
        || given
            .iter()
            .any(|(_, heading)| row::plain(heading) == row::plain(cell))
}

/// The one that the first rows have most of; a comma when none stands out.
fn separator(sheet: &str) -> char {
    let first: String = sheet.lines().take(limit::HEADER_ROWS).collect();
    let count = |one: char| first.chars().filter(|other| *other == one).count();
    [';', '\t', ',']
        .into_iter()
        .max_by_key(|one| count(*one))
        .unwrap_or(',')
}

/// A reader of CSV takes everything after an open quotation mark as one cell, so half a sheet would go without a word.
fn refuse_open_quote(sheet: &str, separator: char) -> Result<(), Fault> {
    let (mut open, mut line, mut is_start) = (None, 1_u32, true);
    let fault = |from: u32| {
        Err(Fault::new(
            from,
            "a cell begins with a quotation mark that is not closed, so the rows after it would be lost",
            "close it, or take it out; a sign for inches goes in as \"\" within quotation marks",
        ))
    };
    let mut letters = sheet.chars().peekable();
    while let Some(letter) = letters.next() {
        match (open, letter) {
            (Some(_), '"') if letters.peek() == Some(&'"') => {
                letters.next();
            }
            (Some(_), '"') => open = None,
            (None, '"') if is_start => open = Some(line),
            (_, '\n') => line = line.saturating_add(1),
            (_, _) => {}
        }
        is_start = open.is_none() && (letter == '\n' || letter == separator);
        if let Some(from) = open
            && line.saturating_sub(from) as usize > limit::CELL_LINES
        {
            return fault(from);
        }
    }
    open.map_or(Ok(()), fault)
}

fn records(sheet: &str, separator: char) -> Result<Vec<Row>, Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(sheet.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            Fault::new(
                u32::try_from(line).unwrap_or(u32::MAX),
                "the row cannot be read as CSV",
                "export the sheet again as CSV",
            )
        })?;
        let line = record.position().map_or(1, |at| line_of(sheet, at));
        if record.len() > limit::COLUMNS {
            return Err(Fault::new(
                line,
                format!("more than {} columns", limit::COLUMNS),
                "check the separator and the quotation marks",
            ));
        }
        if rows.len() >= limit::ROWS {
            return Err(Fault::new(
                line,
                format!("more than {} rows", limit::ROWS),
                "split the sheet",
            ));
        }
        let mut cells = Vec::with_capacity(record.len());
        for cell in &record {
            if cell.chars().count() > limit::CELL_CHARS {
                return Err(Fault::new(
                    line,
                    format!("a cell has more than {} characters", limit::CELL_CHARS),
                    "shorten it; more belongs in an attachment",
                ));
            }
            cells.push(text::tidy(cell, limit::CELL_CHARS));
        }
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { line, cells });
        }
    }
    Ok(rows)
}

/// Empty lines before a row count as its beginning in the reader, and not for people.
fn line_of(sheet: &str, at: &csv::Position) -> u32 {
    let from = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = sheet.as_bytes().get(from..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n').count();
    let line = u32::try_from(at.line()).unwrap_or(u32::MAX);
    line.saturating_add(u32::try_from(empty).unwrap_or(0))
}
