//! What the rows of a sheet say of weapons and of people.

use super::{Mapping, Row, Sheet};
use crate::Fault;
use std::collections::BTreeMap;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The tag on case or sling.
    Tag,
    /// What people call it.
    Name,
    /// Its class, in words.
    Class,
    /// How it holds rounds, in words.
    Works,
    /// How many rounds it holds.
    Positions,
    /// Calibre.
    Calibre,
    /// Serial or maker's mark.
    Serial,
    /// Family of look-alikes.
    Family,
    /// Where it came from.
    From,
    /// A person's role.
    Role,
    /// A person's department.
    Department,
    /// A person's name.
    Person,
}

/// Fields of a weapon.
pub const WEAPON: [Field; 9] = [
    Field::Tag,
    Field::Serial,
    Field::Class,
    Field::Works,
    Field::Positions,
    Field::Calibre,
    Field::Family,
    Field::From,
    Field::Name,
];

/// Fields of a person on a call sheet.
pub const PERSON: [Field; 3] = [Field::Role, Field::Department, Field::Person];

impl Field {
    /// Its name on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Name => "name",
            Self::Class => "class",
            Self::Works => "works",
            Self::Positions => "positions",
            Self::Calibre => "calibre",
            Self::Serial => "serial",
            Self::Family => "family",
            Self::From => "from",
            Self::Role => "role",
            Self::Department => "department",
            Self::Person => "person",
        }
    }

    /// The field of a weapon or person with this name.
    pub fn named(word: &str, among: &[Self]) -> Option<Self> {
        among.iter().copied().find(|field| field.word() == word)
    }

    /// Whether a heading is one of its usual names, in any of four languages.
    pub fn is_called(self, heading: &str) -> bool {
        self.names().contains(&plain(heading).as_str())
    }

    #[expect(clippy::too_many_lines, reason = "a table of words")]
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Tag => &[
                "tag",
                "tag no",
                "tag number",
                "tag id",
                "id",
                "no",
                "nr",
                "number",
                "asset",
                "asset no",
                "asset id",
                "prop no",
                "barcode",
                "etiqueta",
                "étiquette",
                "numéro",
                "nummer",
                "inventarnummer",
            ],
            Self::Name => &[
                "name",
                "weapon",
                "item",
                "description",
                "desc",
                "make model",
                "make",
                "model",
                "gun",
                "firearm",
                "arma",
                "descripción",
                "modelo",
                "arme",
                "désignation",
                "modèle",
                "bezeichnung",
                "waffe",
                "modell",
            ],
            Self::Class => &[
                "class",
                "type",
                "category",
                "kind",
                "weapon type",
                "clase",
                "tipo",
                "classe",
                "catégorie",
                "art",
                "klasse",
                "kategorie",
            ],
            Self::Works => &[
                "works",
                "action",
                "action type",
                "mechanism",
                "feed",
                "mecanismo",
                "mécanisme",
                "mechanik",
            ],
            Self::Positions => &[
                "positions",
                "capacity",
                "cap",
                "rounds",
                "chambers",
                "shots",
                "capacidad",
                "capacité",
                "kapazität",
                "schuss",
            ],
            Self::Calibre => &[
                "calibre",
                "caliber",
                "cal",
                "gauge",
                "calibre mm",
                "kaliber",
            ],
            Self::Serial => &[
                "serial",
                "serial no",
                "serial number",
                "serial nr",
                "sn",
                "s n",
                "ser no",
                "número de serie",
                "nº de serie",
                "n serie",
                "numéro de série",
                "n de série",
                "seriennummer",
                "serien nr",
                "waffennummer",
            ],
            Self::Family => &[
                "family",
                "look alike",
                "looks like",
                "group",
                "familia",
                "famille",
                "familie",
            ],
            Self::From => &[
                "from",
                "source",
                "supplier",
                "owner",
                "rental house",
                "vendor",
                "house",
                "proveedor",
                "propietario",
                "fournisseur",
                "loueur",
                "verleiher",
                "herkunft",
                "eigentümer",
            ],
            Self::Role => &[
                "role",
                "position",
                "job",
                "job title",
                "title",
                "crew position",
                "character",
                "puesto",
                "cargo",
                "poste",
                "fonction",
                "rôle",
                "funktion",
                "rolle",
            ],
            Self::Department => &[
                "department",
                "dept",
                "departamento",
                "département",
                "service",
                "abteilung",
            ],
            Self::Person => &[
                "person",
                "name",
                "crew member",
                "full name",
                "nombre",
                "nom",
                "nom complet",
            ],
        }
    }
}

/// One weapon as the sheet has it. Empty: the sheet does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeaponRow {
    /// Its line, from 1.
    pub line: u32,
    /// Cells by field.
    pub cells: BTreeMap<Field, String>,
    /// Fields in which a formula stood; kept as text.
    pub formulas: Vec<Field>,
}

impl WeaponRow {
    /// A cell; empty where the sheet does not say.
    pub fn cell(&self, field: Field) -> &str {
        self.cells.get(&field).map_or("", String::as_str)
    }
}

/// One person as the call sheet has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// The line, from 1.
    pub line: u32,
    /// The role.
    pub role: String,
    /// The department, in the sheet's words.
    pub department: String,
    /// The name; never entered in the log.
    pub name: String,
}

/// People of a call sheet, and rows that give no role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Those with a role.
    pub rows: Vec<PersonRow>,
    /// Lines of the others.
    pub without_role: Vec<u32>,
}

/// The weapons of a sheet.
///
/// # Errors
/// Every [`Fault`] at once: no column for tag or name, a row without a tag or name, a tag or serial that stands twice.
pub fn weapons(sheet: &Sheet, mapping: &Mapping) -> Result<Vec<WeaponRow>, Vec<Fault>> {
    let mut faults = Vec::new();
    for field in [Field::Tag, Field::Name] {
        if !mapping.iter().any(|(known, _)| *known == field) {
            faults.push(Fault::new(
                sheet.header_line,
                format!(
                    "no column gives the {}; the headings are: {}",
                    field.word(),
                    sheet.header.join(", ")
                ),
                "name it with --map field=Heading",
            ));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let rows: Vec<WeaponRow> = sheet.rows.iter().map(|row| weapon(row, mapping)).collect();
    for row in &rows {
        for field in [Field::Tag, Field::Name] {
            if row.cell(field).is_empty() {
                faults.push(Fault::new(
                    row.line,
                    format!("the row gives no {}", field.word()),
                    "fill it in, or take the row out: a weapon without one cannot be told from another",
                ));
            }
        }
    }
    for field in [Field::Tag, Field::Serial] {
        faults.extend(doubles(&rows, field));
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

/// The people of a call sheet.
///
/// # Errors
/// [`Fault`]: no column gives the role.
pub fn people(sheet: &Sheet, mapping: &Mapping) -> Result<People, Fault> {
    if !mapping.iter().any(|(field, _)| *field == Field::Role) {
        return Err(Fault::new(
            sheet.header_line,
            format!(
                "no column gives the role; the headings are: {}",
                sheet.header.join(", ")
            ),
            "name it with --map role=Heading",
        ));
    }
    let mut people = People::default();
    for row in &sheet.rows {
        let cells = cells(row, mapping);
        let cell = |field: Field| cells.get(&field).cloned().unwrap_or_default();
        if cell(Field::Role).is_empty() {
            people.without_role.push(row.line);
            continue;
        }
        people.rows.push(PersonRow {
            line: row.line,
            role: cell(Field::Role),
            department: cell(Field::Department),
            name: cell(Field::Person),
        });
    }
    Ok(people)
}

/// A heading or mark without the signs in which sheets differ: `Serial No.` and `serial_no` are one.
pub fn plain(heading: &str) -> String {
    let letters: String = heading
        .to_lowercase()
        .chars()
        .map(|one| {
            if one.is_alphanumeric() || one == 'º' {
                one
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    words.join(" ")
}

fn weapon(row: &Row, mapping: &Mapping) -> WeaponRow {
    let cells = cells(row, mapping);
    let formulas = cells
        .iter()
        .filter(|(_, cell)| is_formula(cell))
        .map(|(field, _)| *field)
        .collect();
    WeaponRow {
        line: row.line,
        cells,
        formulas,
    }
}

fn cells(row: &Row, mapping: &Mapping) -> BTreeMap<Field, String> {
    mapping
        .iter()
        .filter_map(|(field, place)| Some((*field, row.cells.get(*place)?.clone())))
        .collect()
}

/// What a spreadsheet would compute. A lone minus stands for nothing in many sheets.
fn is_formula(cell: &str) -> bool {
    cell.chars().count() > 1 && cell.starts_with(['=', '+', '-', '@'])
}

/// Marks that two rows have, compared as people would: `SA-1142` and `sa 1142` are one.
fn doubles(rows: &[WeaponRow], field: Field) -> Vec<Fault> {
    let mut first: BTreeMap<String, u32> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let mark = plain(row.cell(field));
        if mark.is_empty() {
            continue;
        }
        if let Some(line) = first.get(&mark) {
            faults.push(Fault::new(
                row.line,
                format!(
                    "the {} `{}` stands on line {line} already",
                    field.word(),
                    row.cell(field)
                ),
                "read it on the weapon itself and correct the sheet: two weapons never share one",
            ));
        } else {
            first.insert(mark, row.line);
        }
    }
    faults
}
