//! What the command line takes.

use clap::{Parser, Subcommand};
use std::net::IpAddr;
use std::path::PathBuf;

/// Custody and blind two-person checks of weapons on film sets, with a tamper-evident record. Never the only barrier.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Lines of `name value`, for scripts.
    #[arg(long, global = true, conflicts_with = "json")]
    plain: bool,
    /// One JSON object.
    #[arg(long, global = true)]
    json: bool,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people at a terminal.
    Human,
    /// For scripts that read lines.
    Plain,
    /// For programs.
    Json,
}

impl Args {
    pub(crate) const fn form(&self) -> Form {
        match (self.plain, self.json) {
            (_, true) => Form::Json,
            (true, false) => Form::Plain,
            (false, false) => Form::Human,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A fictional ranch day to try everything on; DEMO stands on every page.
    Demo(Demo),
    /// Makes a new production: log, keys, certificate authority, and the first administrator's link.
    Init(Init),
    /// Runs the set node of a production.
    Serve(Serve),
    /// Plays a case against the rules, row by row.
    Replay(Replay),
    /// Recomputes a record from its raw bytes; names the first entry that does not hold.
    Verify(Verify),
    /// Packs of rules.
    #[command(subcommand)]
    Pack(PackCommand),
    /// Looks at clock, disk, database, packs, keys, name and certificate. Works offline.
    Doctor(Doctor),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Holds a pack to the format, reads it as a stranger would, and runs its tests.
    Check(PackCheck),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Keeps the day in this folder, which must hold no record; otherwise it is gone at the end.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Only seeds.
    #[arg(long)]
    pub(crate) no_serve: bool,
    /// Port; 0 takes any that is free.
    #[arg(long, default_value_t = 8421)]
    pub(crate) port: u16,
    /// Listens on this machine alone.
    #[arg(long)]
    pub(crate) local: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Init {
    /// Folder of the new production.
    pub(crate) dir: PathBuf,
    /// Name of the production.
    #[arg(long)]
    pub(crate) production: String,
    /// The unit whose node this is.
    #[arg(long, default_value = "Main unit")]
    pub(crate) unit: String,
    /// The studio's domain name, first part of the log's name.
    #[arg(long, default_value = "ranch.example")]
    pub(crate) studio: String,
    /// The node's name for the life of the production: a phone's key belongs to it.
    #[arg(long, default_value = web::tls::STABLE_NAME)]
    pub(crate) name: String,
    /// Packs to adopt, `base` among them; all that come with the program when none is given.
    #[arg(long, value_delimiter = ',')]
    pub(crate) packs: Vec<String>,
    /// Port for phones (https).
    #[arg(long, default_value_t = 8443)]
    pub(crate) port: u16,
    /// Port for the cart screen on this machine, and for reading (http).
    #[arg(long, default_value_t = 8080)]
    pub(crate) read_port: u16,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Folder of the production.
    pub(crate) dir: PathBuf,
    /// Address to listen on.
    #[arg(long, default_value = "0.0.0.0")]
    pub(crate) listen: IpAddr,
    /// Port for phones (https), in place of the one chosen at `init`.
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Port for the cart screen and for reading (http), in place of the one chosen at `init`.
    #[arg(long)]
    pub(crate) read_port: Option<u16>,
    /// A link that adds a key for the first administrator, when the first one ran out.
    #[arg(long)]
    pub(crate) new_admin_link: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// A case in `docs/formats/case.md`'s format.
    pub(crate) case: PathBuf,
    /// Folders of packs to use in place of those that come with the program.
    #[arg(long, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// Folder of a node, running or not, or a copy of it.
    pub(crate) path: PathBuf,
    /// The log's name and public key, had from elsewhere: the text of its `keys/log.vkey`.
    #[arg(long, value_name = "VKEY")]
    pub(crate) expect: Option<String>,
    /// Judges every entry again with the packs that come with the program.
    #[arg(long)]
    pub(crate) judge: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PackCheck {
    /// Folder of the pack. `base` is looked for beside it, then among those that come with the program.
    pub(crate) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Folder of the production; without it only the machine is looked at.
    pub(crate) dir: Option<PathBuf>,
}
