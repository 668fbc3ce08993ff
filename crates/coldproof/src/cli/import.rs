//! `coldproof import`: weapons of an armorer's own sheet, and the invites that a call sheet asks for. Prints first; enters
//! only when told to.

use std::path::PathBuf;

use domain::act::Act;
use domain::act::weapons::Receive;
use domain::words::{Class, Words, Works};
use script::Fault;
use script::sheet::{self, Field, PERSON, Sheet, WEAPON, WeaponRow, plain};

use super::args::Form;
use super::exit::{Exit, Failure};
use super::script::{bytes, enter_all, refused, state};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Weapons: prints what would be entered as `weapon.receive`; enters it with --enter. All rows, or none.
    Weapons(Weapons),
    /// People of a call sheet: prints the invites to be made. Enters nothing.
    People(People),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Weapons {
    /// A sheet in CSV.
    file: PathBuf,
    /// Columns, as `tag=Tag,serial=Serial No`; those not given are guessed by their headings.
    #[arg(long, value_delimiter = ',', value_name = "FIELD=HEADING")]
    map: Vec<String>,
    /// Where they came from, for rows that do not say.
    #[arg(long, value_name = "WORDS", default_value = "")]
    from: String,
    /// Folder of the production: marks that its record has already are refused.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Only prints. This is so without --enter, too.
    #[arg(long, conflicts_with = "enter")]
    dry_run: bool,
    /// Enters them, after printing them, as received into the hands of whoever signs. The node must not run.
    #[arg(long, requires_all = ["data", "sign_as"])]
    enter: bool,
    /// A file with the key to sign with; made, as an administrator's key, when it is not there.
    #[arg(long = "as", value_name = "KEYFILE", requires = "enter")]
    sign_as: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct People {
    /// A call sheet in CSV.
    file: PathBuf,
    /// Columns: role, department, person.
    #[arg(long, value_delimiter = ',', value_name = "FIELD=HEADING")]
    map: Vec<String>,
}

pub(crate) fn run(command: &Command, form: Form) -> Result<Exit, Failure> {
    match command {
        Command::Weapons(args) => weapons(args, form),
        Command::People(args) => people(args, form),
    }
}

fn weapons(args: &Weapons, form: Form) -> Result<Exit, Failure> {
    let given = given(&args.map, &WEAPON)?;
    let sheet = sheet::read(
        &bytes(&args.file, script::limit::SHEET_BYTES)?,
        &WEAPON,
        &given,
    )
    .map_err(|fault| refused(&args.file, &fault))?;
    let mapping = sheet
        .mapping(&WEAPON, &given)
        .map_err(|fault| refused(&args.file, &fault))?;
    let rows = sheet::weapons(&sheet, &mapping).map_err(|faults| all_refused(args, &faults))?;
    let mut faults = Vec::new();
    let mut received = Vec::new();
    for row in &rows {
        match receive(row, &args.from) {
            Ok(body) => received.push(body),
            Err(fault) => faults.push(fault),
        }
    }
    let mut there = 0;
    if let Some(data) = &args.data {
        let state = state(data)?;
        (received, there) = apart(&state, &rows, received, &mut faults);
    }
    if !faults.is_empty() {
        return Err(all_refused(args, &faults));
    }
    tell(args, &sheet, &mapping, &rows, &received, there, form);
    let (Some(data), Some(key), true) = (&args.data, &args.sign_as, args.enter) else {
        return Ok(Exit::Done);
    };
    let acts: Vec<(String, Act)> = received
        .into_iter()
        .map(|body| {
            (
                format!("{} {}", body.tag.as_str(), body.name.as_str()),
                Act::ReceiveWeapon(body),
            )
        })
        .collect();
    enter_all(data, key, &acts, form)
}

/// What the record has already, row for row, is passed over, as after a run that was cut off; a mark that it has for
/// something else is a fault.
fn apart(
    state: &domain::State,
    rows: &[WeaponRow],
    received: Vec<Receive>,
    faults: &mut Vec<Fault>,
) -> (Vec<Receive>, usize) {
    let mut there = 0;
    let mut new = Vec::new();
    for body in received {
        let here: Vec<&Receive> = state
            .weapons
            .values()
            .filter(|one| one.away.is_none())
            .map(|one| &one.about)
            .collect();
        if here.contains(&&body) {
            there += 1;
            continue;
        }
        let same = |one: &Words, other: &Words| {
            !other.is_blank() && plain(one.as_str()) == plain(other.as_str())
        };
        let clash = here
            .iter()
            .find(|one| same(&one.tag, &body.tag) || same(&one.serial, &body.serial));
        if let Some(clash) = clash {
            let line = rows
                .iter()
                .find(|row| row.cell(Field::Tag) == body.tag.as_str())
                .map_or(1, |row| row.line);
            faults.push(Fault {
                line,
                says: format!(
                    "tag `{}`, serial `{}` has a mark that the record has for tag `{}`, serial `{}`",
                    body.tag.as_str(), body.serial.as_str(), clash.tag.as_str(), clash.serial.as_str()
                ),
                cure: "read both weapons, then correct the sheet or the record",
            });
        }
        new.push(body);
    }
    (new, there)
}

fn all_refused(args: &Weapons, faults: &[Fault]) -> Failure {
    let says: Vec<String> = faults
        .iter()
        .take(20)
        .map(|fault| format!("{fault} ({})", fault.cure))
        .collect();
    let more = faults.len().saturating_sub(says.len());
    let more = if more > 0 {
        format!("\nand {more} more")
    } else {
        String::new()
    };
    Failure::invalid(format!(
        "`{}` has {} faults:\n{}{more}",
        args.file.display(),
        faults.len(),
        says.join("\n")
    ))
    .cause("not_read")
    .help("nothing was entered")
}

/// `inspected` and `papers_matched` stay false: a sheet cannot say that of today.
fn receive(row: &WeaponRow, from: &str) -> Result<Receive, Fault> {
    let class = class(row.cell(Field::Class));
    let words = |field| Words::new(row.cell(field));
    let came_from = if row.cell(Field::From).is_empty() {
        Words::new(from)
    } else {
        words(Field::From)
    };
    Ok(Receive {
        tag: words(Field::Tag),
        name: words(Field::Name),
        class,
        works: works(row, class)?,
        calibre: words(Field::Calibre),
        serial: words(Field::Serial),
        family: words(Field::Family),
        from: came_from,
        inspected: false,
        papers_matched: false,
    })
}

/// What a cell says plainly; anything else is of unknown class, which counts as working.
fn class(cell: &str) -> Class {
    match plain(cell).as_str() {
        "firearm" | "working firearm" | "live firearm" | "real" | "real firearm"
        | "arma de fuego" | "arme à feu" | "schusswaffe" => Class::Firearm,
        "blank firing" | "blank firing gun" | "blank gun" | "blank only" | "fogueo"
        | "arme à blanc" | "schreckschuss" => Class::BlankFiring,
        "gas" | "electric" | "airsoft" | "gas or electric gun" | "bb" => Class::Gas,
        "non firing" | "non firing replica" | "replica" | "non gun" | "dummy" | "réplica"
        | "réplique" | "attrappe" => Class::NonFiring,
        "rubber" | "rubber gun" | "foam" | "goma" | "caoutchouc" | "gummi" => Class::Rubber,
        "edged" | "edged weapon" | "blade" | "knife" | "sword" | "blanca" | "blanche"
        | "klinge" => Class::Edged,
        "other" | "blunt" | "other weapon" => Class::Other,
        _ => Class::Unknown,
    }
}

/// How it holds rounds is never guessed: looks are entered position by position.
fn works(row: &WeaponRow, class: Class) -> Result<Works, Fault> {
    let says = plain(row.cell(Field::Works));
    let has = |words: &[&str]| {
        words
            .iter()
            .any(|word| says.split(' ').any(|one| one == *word))
    };
    let holds_none = matches!(
        class,
        Class::NonFiring | Class::Rubber | Class::Edged | Class::Other
    );
    if says == "none" || says == "no" || (says.is_empty() && holds_none) {
        return Ok(Works::None);
    }
    let count = row.cell(Field::Positions);
    let fault = |says: String, cure| Fault {
        line: row.line,
        says,
        cure,
    };
    let number = || {
        count
            .parse::<u16>()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                fault(
                    format!("`{count}` is no number of rounds that it holds"),
                    "give a column with the count, and name it with --map positions=Heading",
                )
            })
    };
    let few = || {
        number()?
            .try_into()
            .ok()
            .filter(|few: &u8| *few <= domain::limit::POSITIONS)
            .ok_or_else(|| {
                fault(
                    format!(
                        "`{count}` positions are more than {}",
                        domain::limit::POSITIONS
                    ),
                    "a cylinder or a set of barrels has at most that many; count again",
                )
            })
    };
    if has(&["cylinder", "revolver", "tambor", "barillet", "trommel"]) {
        Ok(Works::Cylinder { positions: few()? })
    } else if has(&[
        "magazine",
        "semi",
        "auto",
        "automatic",
        "bolt",
        "lever",
        "pump",
        "belt",
        "cargador",
        "chargeur",
        "magazin",
    ]) {
        Ok(Works::Magazine {
            capacity: number()?,
        })
    } else if has(&[
        "barrel",
        "barrels",
        "single",
        "double",
        "break",
        "muzzleloader",
        "flintlock",
        "lauf",
    ]) {
        Ok(Works::Barrels { positions: few()? })
    } else {
        Err(fault(
            format!(
                "the row does not say how it holds rounds: `{}`",
                row.cell(Field::Works)
            ),
            "give cylinder, magazine, barrels or none in a column, and name it with --map works=Heading",
        ))
    }
}

fn tell(
    args: &Weapons,
    sheet: &Sheet,
    mapping: &sheet::Mapping,
    rows: &[WeaponRow],
    received: &[Receive],
    there: usize,
    form: Form,
) {
    let columns: Vec<(&str, &str)> = mapping
        .iter()
        .filter_map(|(field, place)| Some((field.word(), sheet.header.get(*place)?.as_str())))
        .collect();
    let formulas: Vec<(u32, &str)> = rows
        .iter()
        .flat_map(|row| row.formulas.iter().map(|field| (row.line, field.word())))
        .collect();
    let unknown = received
        .iter()
        .filter(|one| one.class == Class::Unknown)
        .count();
    if form == Form::Json {
        println!(
            "{}",
            serde_json::json!({
                "header_line": sheet.header_line, "note": sheet.note, "columns": columns, "formulas": formulas,
                "weapons": received, "there": there, "unknown_class": unknown, "entering": args.enter
            })
        );
        return;
    }
    let note = sheet.note.as_deref().unwrap_or("read as UTF-8");
    println!(
        "{note}, separator {:?}, headings on line {}",
        sheet.separator, sheet.header_line
    );
    for (field, heading) in columns {
        println!("column {field} = {heading}");
    }
    for one in received {
        println!(
            "weapon.receive {} · {} · {} · {} · serial {} · from {}",
            one.tag.as_str(),
            one.name.as_str(),
            one.class.word(),
            held(one.works),
            said(&one.serial),
            said(&one.from)
        );
    }
    for (line, field) in formulas {
        println!(
            "line {line}: the {field} is written like a formula and is kept as text; a copy of it must not be opened as one"
        );
    }
    if unknown > 0 {
        println!(
            "{unknown} have no class that is known here: they are entered as unknown, which counts as working"
        );
    }
    if there > 0 {
        println!("{there} are in the record already and are passed over");
    }
    println!(
        "None is entered as inspected or as matching its papers: people say that with the weapon in hand."
    );
    if args.enter {
        println!(
            "{} are entered now, as received into the hands of whoever signs:",
            received.len()
        );
    } else {
        println!(
            "{} would be entered; nothing was. Enter them with --enter --data DIR --as KEYFILE.",
            received.len()
        );
    }
}

fn held(works: Works) -> String {
    match works {
        Works::Cylinder { positions } => format!("cylinder of {positions}"),
        Works::Magazine { capacity } => format!("magazine of {capacity}"),
        Works::Barrels { positions } => format!("{positions} barrels"),
        Works::None => "holds no rounds".to_owned(),
    }
}

fn said(words: &Words) -> &str {
    if words.is_blank() {
        "not given"
    } else {
        words.as_str()
    }
}

fn people(args: &People, form: Form) -> Result<Exit, Failure> {
    let given = given(&args.map, &PERSON)?;
    let sheet = sheet::read(
        &bytes(&args.file, script::limit::SHEET_BYTES)?,
        &PERSON,
        &given,
    )
    .map_err(|fault| refused(&args.file, &fault))?;
    let mapping = sheet
        .mapping(&PERSON, &given)
        .map_err(|fault| refused(&args.file, &fault))?;
    let people = sheet::people(&sheet, &mapping).map_err(|fault| refused(&args.file, &fault))?;
    if form == Form::Json {
        let rows: Vec<serde_json::Value> = people.rows.iter()
            .map(|one| serde_json::json!({"line": one.line, "role": one.role, "department": one.department, "has_name": !one.name.is_empty()}))
            .collect();
        println!(
            "{}",
            serde_json::json!({"invites": rows, "without_role": people.without_role})
        );
        return Ok(Exit::Done);
    }
    for one in &people.rows {
        let department = if one.department.is_empty() {
            "department not given"
        } else {
            &one.department
        };
        println!("invite {} · {department} (line {})", one.role, one.line);
    }
    if !people.without_role.is_empty() {
        println!(
            "no role on lines {:?}: nobody is invited without one",
            people.without_role
        );
    }
    println!(
        "{} invites to be made on the node's page for new people; names are asked there and stay out of the log.",
        people.rows.len()
    );
    Ok(Exit::Done)
}

fn given(map: &[String], among: &[Field]) -> Result<Vec<(Field, String)>, Failure> {
    let mut given: Vec<(Field, String)> = Vec::new();
    for pair in map {
        let field = pair.split_once('=').and_then(|(field, heading)| {
            Some((Field::named(field.trim(), among)?, heading.trim()))
        });
        let Some((field, heading)) = field else {
            let names: Vec<&str> = among.iter().map(|field| field.word()).collect();
            return Err(Failure::invalid(format!("`{pair}` is not FIELD=HEADING"))
                .help(format!("fields are {}", names.join(", "))));
        };
        if given.iter().any(|(known, _)| *known == field) {
            return Err(Failure::invalid(format!(
                "{} is mapped twice",
                field.word()
            )));
        }
        given.push((field, heading.to_owned()));
    }
    Ok(given)
}
