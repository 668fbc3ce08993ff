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
    /// Writes a copy of the whole record that stands alone, also while the node runs.
    Export(Export),
    /// Packs of rules.
    #[command(subcommand)]
    Pack(PackCommand),
    /// Looks at clock, disk, database, packs, keys, name and certificate. Works offline.
    Doctor(Doctor),
    /// Makes one encrypted copy of everything, for a stick; also while the node runs.
    Backup(super::backup::Backup),
    /// Brings a production back from a backup, to a new folder.
    Restore(super::restore::Restore),
    /// Makes a spare of a backup that goes on in place of a node that is gone.
    Takeover(super::restore::Takeover),
    /// Ends a freeze: people decide that the record goes on as it stands, in words that are entered.
    GoOn(super::go_on::GoOn),
    /// Cosigns heads of somebody else's logs, by c2sp.org/tlog-witness: sees heads, never entries.
    Cosign(Cosign),
    /// A script in: its scenes with weapons and shots.
    #[command(subcommand)]
    Script(super::script::Command),
    /// Shot plans.
    #[command(subcommand)]
    Plan(super::plan::Command),
    /// Sheets that were kept before. Prints what would be entered first.
    #[command(subcommand)]
    Import(super::import::Command),
    /// A register that law asks for, made from the record.
    Register(super::registers::Register),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Holds a pack to the format, reads it as a stranger would, and runs its tests.
    Check(PackCheck),
    /// A pack as a page: its rules with source, clause, force and how closely the source was seen, and its bounds.
    Explain(PackExplain),
    /// What changes between two versions of a pack: rules, bounds, items of the checks.
    Diff(PackDiff),
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
    /// Packs to adopt, `base` among them; `base`, `us-industry` and `us-nm` when none is given.
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
    /// Folder of a node, running or not; an export or a person's own copy, as a folder or a zip.
    pub(crate) path: PathBuf,
    /// The log's name and public key, had from elsewhere: the text of its `keys/log.vkey`.
    #[arg(long, value_name = "VKEY")]
    pub(crate) expect: Option<String>,
    /// Judges every entry again with the packs that it names: those in the copy, else those that come with the program.
    #[arg(long)]
    pub(crate) judge: bool,
    /// Counts cosignatures by this policy, a C2SP file had from elsewhere, and not by the copy's own.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// Checks every signature by itself rather than in batches; slower, the same verdicts.
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Folder of the production; its node may run, unless something is left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Where the copy goes; nothing may be there.
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Writes one zip rather than a folder.
    #[arg(long)]
    pub(crate) zip: bool,
    /// Leaves bodies out, which the record then says: kinds (`weapon.look,lot.count`), entries (`120-180`), or both
    /// (`120-180:weapon.look`). May be given more than once. Needs `--for`, `--why` and `--as`, and a node that does not run.
    #[arg(long, value_name = "KINDS|FROM-TO", group = "left", requires_all = ["recipient", "why", "sign_as"])]
    pub(crate) leave_out: Vec<String>,
    /// Leaves this file out and nothing else of what names it. May be given more than once; needs what `--leave-out` needs.
    #[arg(long, value_name = "SHA256", group = "left", requires_all = ["recipient", "why", "sign_as"])]
    pub(crate) without_file: Vec<String>,
    /// Role or body for whom a copy is made that leaves nothing out: it is entered in the record, so that whoever holds a copy
    /// can be told of what is erased later. Without it a running node enters a copy for somebody who was not named, and a copy
    /// of a node that does not run is not entered, which the copy says.
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["leave_out", "without_file"])]
    pub(crate) holder: Option<String>,
    /// For whom a copy is that leaves something out.
    #[arg(long = "for", value_name = "WORDS", requires = "left")]
    pub(crate) recipient: Option<String>,
    /// Why that is left out.
    #[arg(long, value_name = "WORDS", requires = "left")]
    pub(crate) why: Option<String>,
    /// A file with the key to sign with; made, as an administrator's key, when it is not there.
    #[arg(long = "as", value_name = "KEYFILE", requires = "left")]
    pub(crate) sign_as: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PackCheck {
    /// Folder of the pack. `base` is looked for beside it, then among those that come with the program.
    pub(crate) dir: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PackExplain {
    /// Folder of the pack, or the name of one that comes with the program.
    #[arg(value_name = "DIR|ID")]
    pub(crate) pack: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PackDiff {
    /// The version before: a folder, or the name of one that comes with the program.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The version after.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Cosign {
    #[command(subcommand)]
    pub(crate) what: Option<CosignCommand>,
    /// Folder of the cosigner; made, with a new key, when it is not there. Never put it back from a copy.
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// A log to follow, from now on: the text of its `keys/log.vkey`, or that file.
    #[arg(long, value_name = "VKEY", num_args = 1..)]
    pub(crate) follow: Vec<String>,
    /// Address and port to listen on; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:8430")]
    pub(crate) listen: std::net::SocketAddr,
    /// The cosigner's name, mostly a host and a path; chosen once, with its key.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Requests a second from one address.
    #[arg(long, default_value_t = ::cosign::limit::RATE_DEFAULT)]
    pub(crate) rate: u32,
    /// Certificate chain in PEM: listens on https.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,
    /// The certificate's key in PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CosignCommand {
    /// Prints the cosigner's vkey and the logs that it follows.
    Keys,
    /// Prints the notes that it kept: two histories under one key, or a proof that did not hold.
    Forks,
    /// Shows each of two cosigners what the other signed, so that a log that forked between them is found.
    Compare {
        /// The URL prefix of one.
        one: String,
        /// That of the other.
        other: String,
    },
    /// Enters in a production's record who cosigns it, and how many must. The node must not be running.
    Adopt(CosignAdopt),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CosignAdopt {
    /// Folder of the production.
    pub(crate) node: PathBuf,
    /// A cosigner over whom the studio has no say: `'VKEY URL WHOSE'`, one word in quotes. Headquarters is never one.
    #[arg(long, value_name = "COSIGNER", required = true)]
    pub(crate) outside: Vec<String>,
    /// A cosigner of the studio's own, in the same form.
    #[arg(long, value_name = "COSIGNER")]
    pub(crate) studio: Vec<String>,
    /// How many must have cosigned; all of them when it is not given.
    #[arg(long, value_name = "N")]
    pub(crate) quorum: Option<u32>,
    /// How many of these must be from outside.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) outside_least: u32,
    /// A file with the key to sign with; made, as an administrator's key, when it is not there.
    #[arg(long = "as", value_name = "KEYFILE")]
    pub(crate) sign_as: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Folder of the production; without it only the machine is looked at.
    pub(crate) dir: Option<PathBuf>,
    /// Removes a file that was sent and that no statement names, a day after it came at the earliest; the node must not run.
    #[arg(long, value_name = "SHA256", requires = "dir")]
    pub(crate) clear_file: Option<String>,
}
