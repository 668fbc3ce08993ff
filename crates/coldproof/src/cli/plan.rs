//! `coldproof plan draw`: a shot plan from measured points as one SVG.

use std::io::Write as _;
use std::path::PathBuf;

use script::plan::{Plan, svg};

use super::args::Form;
use super::exit::{Exit, Failure};
use super::script::{bytes, refused};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Draws a plan. Refused with a muzzle line through a person, or somebody nearer than was tested.
    Draw(Draw),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Draw {
    /// Points in millimetres, by `docs/formats/shot-plan.md`.
    file: PathBuf,
    /// The drawing; nothing may be there.
    out: PathBuf,
}

pub(crate) fn run(Command::Draw(args): &Command, form: Form) -> Result<Exit, Failure> {
    let toml = String::from_utf8(bytes(&args.file, script::limit::SHEET_BYTES)?)
        .map_err(|_| Failure::invalid(format!("`{}` is not UTF-8", args.file.display())))?;
    let plan = Plan::read(&toml).map_err(|fault| refused(&args.file, &fault))?;
    let drawing = svg(&plan).map_err(|fault| {
        Failure::new(Exit::Refused, &fault.says)
            .cause("not_drawn")
            .help(fault.cure)
    })?;
    // A crash leaves a part of a drawing under its name, which no browser shows; it is deleted by hand and drawn again.
    let mut file = std::fs::File::create_new(&args.out).map_err(|error| {
        Failure::invalid(format!(
            "`{}` cannot be written: {error}",
            args.out.display()
        ))
        .help("choose a name that is not taken")
    })?;
    file.write_all(drawing.as_bytes())?;
    let nearest = plan.seen().into_iter().next();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({
                "drawing": args.out, "nearest_mm": nearest.as_ref().map(|one| one.distance_mm),
                "nearest": nearest.as_ref().map(|one| one.role.as_str())
            })
        ),
        Form::Plain | Form::Human => {
            println!("drawing {}", args.out.display());
            if let Some(one) = nearest {
                println!("nearest {} mm: {}", one.distance_mm, one.role);
            }
        }
    }
    Ok(Exit::Done)
}
