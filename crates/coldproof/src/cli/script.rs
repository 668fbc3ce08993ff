//! `coldproof script read`: the scenes of a script that name weapons or shots, and the questions to ask about each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::act::Act;
use domain::act::planning::AddAction;
use domain::words::{Doing, Words};
use script::find::{self, Found};
use script::{Fault, Script};

use super::args::Form;
use super::exit::{Exit, Failure};
use super::signing;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Lists scenes with weapons and shots by lists of words; keeps no line of the script. What it finds is a list to go
    /// through with people: a scene without a word in it may still have a weapon.
    Read(Read),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Read {
    /// A script in Fountain or Final Draft's .fdx.
    file: PathBuf,
    /// Lists to use: en, es, fr, de; the script's own language when none is given.
    #[arg(long, value_delimiter = ',', value_name = "LANGUAGE")]
    language: Vec<String>,
    /// A list of your own beside them.
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
    /// Prints the actions that would be planned, one a scene with a use.
    #[arg(long)]
    actions: bool,
    /// Enters them, after printing them. The node must not run.
    #[arg(long, requires_all = ["actions", "data", "sign_as"])]
    enter: bool,
    /// Folder of the production.
    #[arg(long, value_name = "DIR", requires = "actions")]
    data: Option<PathBuf>,
    /// A file with the key to sign with; made, as an administrator's key, when it is not there.
    #[arg(long = "as", value_name = "KEYFILE", requires = "enter")]
    sign_as: Option<PathBuf>,
}

pub(crate) fn run(Command::Read(args): &Command, form: Form) -> Result<Exit, Failure> {
    let script = script::read(&bytes(&args.file, script::limit::SCRIPT_BYTES)?)
        .map_err(|fault| refused(&args.file, &fault))?;
    let (languages, words) = words(args, &script)?;
    let found = find::scenes(&script, &words);
    if !args.actions {
        print(&script, &languages, &found, form);
        return Ok(Exit::Done);
    }
    let planned = actions(args, &found)?;
    tell_actions(&planned, form, args.enter);
    match (&args.data, &args.sign_as) {
        (Some(data), Some(key)) if args.enter => enter(data, key, &planned.new, form),
        _ => Ok(Exit::Done),
    }
}

/// A whole file of at most `bytes_max`.
pub(super) fn bytes(file: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::invalid(format!("`{}` cannot be read: {error}", file.display()))
    };
    let about = std::fs::metadata(file).map_err(cannot)?;
    if !about.is_file() || about.len() > bytes_max as u64 {
        return Err(Failure::invalid(format!(
            "`{}` is no file of at most {bytes_max} bytes",
            file.display()
        )));
    }
    std::fs::read(file).map_err(cannot)
}

/// A fault of a file, with its line and its cure.
pub(super) fn refused(file: &Path, fault: &Fault) -> Failure {
    Failure::invalid(format!("`{}`, {fault}", file.display()))
        .cause("not_read")
        .help(format!("{}; nothing was taken from it", fault.cure))
}

/// Enters one after another. A crash leaves those before it, whole; the next run passes over what is there by its name or tag.
pub(super) fn enter_all(
    data: &Path,
    key: &Path,
    acts: &[(String, Act)],
    form: Form,
) -> Result<Exit, Failure> {
    if acts.is_empty() {
        return Ok(Exit::Done);
    }
    let node = signing::open(data)?;
    let mut device = signing::device(&node, key)?;
    for (place, (name, act)) in acts.iter().enumerate() {
        let entered = signing::enter(&node, &mut device, key, act).map_err(|not| {
            not.help(format!(
                "{place} of {} were entered; ask again, and those are passed over",
                acts.len()
            ))
        })?;
        let breaches: Vec<&str> = entered
            .outcome
            .breaches
            .iter()
            .map(|one| one.says.as_str())
            .collect();
        if form == Form::Json {
            println!(
                "{}",
                serde_json::json!({"entry": entered.index, "name": name, "breaches": breaches})
            );
        } else {
            println!("entry {} {name}", entered.index);
            for says in breaches {
                println!("    breach: {says}");
            }
        }
    }
    Ok(Exit::Done)
}

/// The state of a record that was verified whole.
pub(super) fn state(data: &Path) -> Result<domain::State, Failure> {
    let audit =
        audit::audit(data, None, None).map_err(|fault| Failure::new(Exit::Broken, fault))?;
    audit.state.ok_or_else(|| {
        Failure::new(
            Exit::Refused,
            "bodies are missing from this record, so what it holds cannot be said",
        )
    })
}

fn words(args: &Read, script: &Script) -> Result<(Vec<String>, find::Words), Failure> {
    let mut languages = args.language.clone();
    if languages.is_empty() {
        languages.push(find::language(script).to_owned());
    }
    let mut all = find::Words::default();
    for language in &languages {
        let list = find::Words::shipped(language).ok_or_else(|| {
            Failure::invalid(format!("there is no list of words for `{language}`")).help(format!(
                "lists are there for {}; give your own with --words",
                find::LANGUAGES.join(", ")
            ))
        })?;
        all = all.and(list);
    }
    if let Some(file) = &args.words {
        let own = String::from_utf8(bytes(file, script::limit::SHEET_BYTES)?)
            .map_err(|_| Failure::invalid(format!("`{}` is not UTF-8", file.display())))?;
        let list = find::Words::read(&own).map_err(|fault| refused(file, &fault))?;
        all = all.and(list);
        languages.push(file.display().to_string());
    }
    Ok((languages, all))
}

fn print(script: &Script, languages: &[String], found: &[Found], form: Form) {
    let with: Vec<&Found> = found
        .iter()
        .filter(|scene| !scene.uses.is_empty())
        .collect();
    match form {
        Form::Json => println!("{}", json(script, languages, found)),
        Form::Plain => {
            println!(
                "format {}\nscenes {}\nwith {}",
                script.format.word(),
                found.len(),
                with.len()
            );
            for scene in with {
                for one in &scene.uses {
                    println!(
                        "use {} {} {} {}",
                        scene.id,
                        one.line,
                        one.group.word(),
                        one.word
                    );
                }
            }
        }
        Form::Human => {
            let note = script
                .note
                .as_deref()
                .map_or(String::new(), |note| format!(", {note}"));
            println!(
                "{}{note}: {} lines, {} scenes; words of {}. {} scenes name a weapon or a shot.",
                script.format.word(),
                script.lines,
                found.len(),
                languages.join(", "),
                with.len()
            );
            for scene in with {
                println!("\n{}  {}  (line {})", scene.id, heading(scene), scene.line);
                if scene.is_double {
                    println!("    another scene has this number");
                }
                for group in scene.groups() {
                    let uses: Vec<String> = scene
                        .uses
                        .iter()
                        .filter(|one| one.group == group)
                        .map(|one| format!("{} ({})", one.word, one.line))
                        .collect();
                    println!("    {}: {}", group.word(), uses.join(", "));
                }
                if scene.more > 0 {
                    println!("    and {} more", scene.more);
                }
                println!("    ask: {}", scene.asks().join(" "));
            }
            println!(
                "\nFound by words alone: a scene that is not listed may have a weapon in it. Go through the rest with the first AD and the armorer."
            );
        }
    }
}

fn json(script: &Script, languages: &[String], found: &[Found]) -> serde_json::Value {
    let scenes: Vec<serde_json::Value> = found
        .iter()
        .map(|scene| {
            let uses: Vec<serde_json::Value> = scene.uses.iter()
                .map(|one| serde_json::json!({"group": one.group.word(), "word": one.word, "line": one.line}))
                .collect();
            serde_json::json!({
                "id": scene.id, "double": scene.is_double, "heading": scene.heading, "line": scene.line,
                "uses": uses, "more": scene.more, "asks": scene.asks()
            })
        })
        .collect();
    serde_json::json!({
        "format": script.format.word(), "note": script.note, "lines": script.lines, "languages": languages, "scenes": scenes
    })
}

fn heading(scene: &Found) -> &str {
    if scene.heading.is_empty() {
        "before the first heading"
    } else {
        &scene.heading
    }
}

/// Actions to plan, and names that the record has already.
struct Planned {
    new: Vec<AddAction>,
    there: Vec<String>,
}

fn actions(args: &Read, found: &[Found]) -> Result<Planned, Failure> {
    let known: BTreeSet<String> = match &args.data {
        Some(data) => state(data)?
            .actions
            .values()
            .map(|one| one.about.name.as_str().to_owned())
            .collect(),
        None => BTreeSet::new(),
    };
    let (mut new, mut there, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for scene in found.iter().filter(|scene| !scene.uses.is_empty()) {
        let mut name = format!("Scene {}", scene.id);
        if !names.insert(name.clone()) {
            name = format!("{name} (line {})", scene.line);
            names.insert(name.clone());
        }
        if known.contains(&name) {
            there.push(name);
            continue;
        }
        new.push(AddAction {
            name: Words::new(&name),
            doing: Doing::Take,
            place: Words::new(heading(scene)),
            people: Vec::new(),
        });
    }
    Ok(Planned { new, there })
}

fn tell_actions(planned: &Planned, form: Form, is_entering: bool) {
    if form == Form::Json {
        let new: Vec<serde_json::Value> = planned
            .new
            .iter()
            .map(|one| serde_json::json!({"name": one.name.as_str(), "place": one.place.as_str()}))
            .collect();
        println!(
            "{}",
            serde_json::json!({"actions": new, "there": planned.there, "entering": is_entering})
        );
        return;
    }
    for one in &planned.new {
        println!("action.add {} · {}", one.name.as_str(), one.place.as_str());
    }
    for name in &planned.there {
        println!("in the record already: {name}");
    }
    if is_entering {
        println!("{} actions are entered now:", planned.new.len());
    } else {
        println!(
            "{} actions would be entered; nothing was. Enter them with --enter --data DIR --as KEYFILE.",
            planned.new.len()
        );
    }
}

fn enter(data: &Path, key: &Path, new: &[AddAction], form: Form) -> Result<Exit, Failure> {
    let acts: Vec<(String, Act)> = new
        .iter()
        .map(|one| (one.name.as_str().to_owned(), Act::AddAction(one.clone())))
        .collect();
    enter_all(data, key, &acts, form)
}
