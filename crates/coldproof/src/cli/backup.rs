//! `coldproof backup`: a copy that leaves the machine, while the node runs; and the schedule by which `serve` makes them.

use super::args::Form;
use super::exit::{Exit, Failure, chain};
use super::qr;
use super::settings::Settings;
use ::backup::age::{Identity, Recipient};
use ::backup::{BackupError, Keep, Made, Plan, Source, Status};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Minutes between two backups unless told: as much of a day's record as a lost laptop may take along, with the phones'
/// receipts for the rest.
const EVERY_MINUTES: u32 = 15;
/// How often the schedule looks whether one is due, or the stick is back.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// What it takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// Folder of the production; its node may run.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Folder for backups, best on a stick; it must be there. Kept for the next time and for `serve`.
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Who may open them, as age prints it (`age1…`); may be given more than once. Kept for the next time. The first time
    /// without it a key is made and shown once.
    #[arg(long, value_name = "AGE1…")]
    recipient: Vec<Recipient>,
    /// Makes a new key that opens them from now on, and writes it to this file in place of the screen.
    #[arg(long, value_name = "KEYFILE", conflicts_with = "recipient")]
    new_key: Option<PathBuf>,
    /// Minutes between two backups while the node serves; 0 for none but by hand. Kept.
    #[arg(long, value_name = "MINUTES")]
    every: Option<u32>,
    /// Removes every older backup once the new one holds: after an erasure, since they still hold what was erased.
    #[arg(long)]
    only_newest: bool,
}

/// What `node.toml` says of backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupSettings {
    /// Where they go.
    pub(crate) folder: PathBuf,
    /// Whether that was another disk when it was chosen; then it must be one each time.
    pub(crate) other_disk: bool,
    /// Minutes between two; 0 for none but by hand.
    pub(crate) every_minutes: u32,
    /// Who may open them.
    pub(crate) recipients: Vec<String>,
}

impl BackupSettings {
    fn plan(&self, keep: Keep, only_when_grown: bool) -> Result<Plan, Failure> {
        let recipients = self.recipients.iter().map(|text| text.parse());
        Ok(Plan {
            to: self.folder.clone(),
            recipients: recipients
                .collect::<Result<Vec<Recipient>, _>>()
                .map_err(|bad| Failure::invalid(format!("`node.toml`: {bad}")))?,
            must_be_other_disk: self.other_disk,
            keep,
            only_when_grown,
        })
    }
}

pub(crate) fn run(args: &Backup, form: Form) -> Result<Exit, Failure> {
    let mut settings = Settings::read(&args.data)?;
    let mut chosen = match (&args.to, settings.backup.take()) {
        (Some(to), known) => chosen(&args.data, to, known)?,
        (None, Some(known)) => known,
        (None, None) => {
            return Err(Failure::invalid("no folder for backups was chosen yet")
                .help("`--to FOLDER`: a folder on a stick, which is kept for the next time"));
        }
    };
    if let Some(every) = args.every {
        chosen.every_minutes = every;
    }
    if !args.recipient.is_empty() {
        chosen.recipients = args.recipient.iter().map(Recipient::to_string).collect();
    }
    let made_key = if args.new_key.is_some() || chosen.recipients.is_empty() {
        // Shown before it is kept: a recipient whose key nobody has must never come into the settings.
        let identity = Identity::generate().map_err(Failure::fault)?;
        hand_out(&identity, args.new_key.as_deref(), form)?;
        chosen.recipients = vec![identity.recipient().to_string()];
        Some(identity)
    } else {
        None
    };
    let keep = if args.only_newest {
        Keep::ONLY_NEWEST
    } else {
        Keep::default()
    };
    let plan = chosen.plan(keep, false)?;
    settings.backup = Some(chosen);
    settings.write(&args.data)?;
    let made = make(&args.data, &plan).map_err(|error| failure(&error))?;
    print(&made, made_key.filter(|_| args.new_key.is_none()), form);
    Ok(Exit::Done)
}

/// The folder that was named, with what was known of who may open and how often.
fn chosen(
    data: &Path,
    to: &Path,
    known: Option<BackupSettings>,
) -> Result<BackupSettings, Failure> {
    let folder = to.canonicalize().map_err(|error| {
        Failure::invalid(format!("`{}`: {error}", to.display()))
            .help("the folder must be there: a stick that is not in must not become a folder of this machine")
    })?;
    let disk = |path: &Path| std::fs::metadata(path).map(|about| about.dev());
    let known = known.unwrap_or_else(|| BackupSettings {
        folder: PathBuf::new(),
        other_disk: false,
        every_minutes: EVERY_MINUTES,
        recipients: Vec::new(),
    });
    Ok(BackupSettings {
        other_disk: disk(&folder)? != disk(data)?,
        folder,
        ..known
    })
}

/// Writes the key to a file, or shows it with what to do with it.
fn hand_out(identity: &Identity, file: Option<&Path>, form: Form) -> Result<(), Failure> {
    let secret = identity.secret_text();
    if let Some(file) = file {
        let mut out = std::fs::OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(file)
            .map_err(|error| Failure::invalid(format!("`{}`: {error}", file.display())))?;
        writeln!(
            out,
            "# opens the backups made for {}\n{secret}",
            identity.recipient()
        )?;
        out.sync_all()?;
        return Ok(());
    }
    if form == Form::Human {
        println!(
            "A key was made that opens the backups of this production. It is shown this once and kept nowhere here."
        );
        println!(
            "Photograph or copy it, and keep it elsewhere than the stick: without it no backup can be opened,"
        );
        println!("and whoever has both has the record, the names and the keys of this node.\n");
        println!("{secret}\n\n{}", qr::square(&secret));
        std::io::stdout().flush()?;
    }
    Ok(())
}

/// Makes one backup of the node's folder `data`.
pub(crate) fn make(data: &Path, plan: &Plan) -> Result<Made, BackupError> {
    let attachments = Source::attachments_of(data);
    let packs = protocol::shipped().into_iter().flat_map(|pack| {
        let digest = pack.digest();
        let named = move |(name, bytes)| (format!("packs/{digest}/{name}"), bytes);
        pack.files.into_iter().map(named)
    });
    let source = Source {
        folder: data,
        attachments: &attachments,
        packs: packs.collect(),
        program: env!("CARGO_PKG_VERSION"),
        now_ms: jiff::Timestamp::now().as_millisecond(),
    };
    ::backup::make(&source, plan)
}

pub(crate) fn failure(error: &BackupError) -> Failure {
    let says = chain(error);
    if let BackupError::NotEmpty(_) = error {
        return Failure::new(Exit::Refused, says).help("choose a folder that is not there yet");
    }
    if let BackupError::Damaged { .. } | BackupError::DoesNotVerify(_) = error {
        return Failure::new(Exit::Broken, says).help("keep the file as it is");
    }
    if let BackupError::Age { .. } = error {
        return Failure::invalid(says)
            .help("the key file is the one that was shown when the first backup was made");
    }
    Failure::fault(says)
}

fn print(made: &Made, key: Option<Identity>, form: Form) {
    let (last, thinned) = match made {
        Made::New { last, thinned } => (last, *thinned),
        Made::Same(last) => (last, 0),
    };
    let key = key.map(|key| key.secret_text());
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"file": last.file, "bytes": last.bytes, "size": last.size, "root": last.root.to_string(),
                "attachments": last.attachments, "missing": last.missing, "same_disk": last.is_same_disk, "thinned": thinned, "key": key})
        ),
        Form::Plain => {
            if let Some(key) = key {
                println!("key {key}");
            }
            println!(
                "file {}\nbytes {}\nsize {}\nroot {}\nattachments {}\nmissing {}\nsame_disk {}\nthinned {thinned}",
                last.file.display(),
                last.bytes,
                last.size,
                last.root,
                last.attachments,
                last.missing,
                last.is_same_disk
            );
        }
        Form::Human => {
            println!(
                "Backed up {} entries and {} attachments, read back and whole:\n{}  ({} KiB)",
                last.size,
                last.attachments,
                last.file.display(),
                last.bytes.div_ceil(1_024)
            );
            if last.missing > 0 {
                println!(
                    "{} attachments that the record names are not on this machine, or damaged.",
                    last.missing
                );
            }
            if thinned > 0 {
                println!("{thinned} older backups were removed.");
            }
            if last.is_same_disk {
                println!(
                    "It lies on this machine's own disk: a lost machine takes it along. Choose a folder on a stick."
                );
            }
        }
    }
}

/// One line for who starts the node: where copies go, or that none leaves the machine.
pub(crate) fn say(data: &Path, settings: &Settings) -> String {
    match &settings.backup {
        Some(chosen) if chosen.every_minutes > 0 => format!(
            "backups           to {}, every {} minutes when something was entered",
            chosen.folder.display(),
            chosen.every_minutes
        ),
        Some(_) | None => format!(
            "backups           none by itself: coldproof backup --data {} --to FOLDER-ON-A-STICK",
            data.display()
        ),
    }
}

/// Makes backups of the node's folder as its settings say, until the program ends. An end in the middle of one leaves an
/// unfinished file on the stick, which the next one removes.
pub(crate) fn schedule(data: &Path) {
    let data = data.to_owned();
    let round = move || {
        let mut told = String::new();
        loop {
            std::thread::sleep(LOOK_EVERY);
            // Read anew each time: `coldproof backup` may have chosen another folder meanwhile.
            let says = match due(&data) {
                Some(plan) => make(&data, &plan)
                    .err()
                    .map_or(String::new(), |error| chain(&error)),
                None => continue,
            };
            if !says.is_empty() && says != told {
                eprintln!("backup: {says}");
            }
            told = says;
        }
    };
    let started = std::thread::Builder::new()
        .name("backup".into())
        .spawn(round);
    if let Err(error) = started {
        eprintln!("backup: no backup is made while this runs: {error}");
    }
}

/// What to make, when it is time. After a failure it is tried again at each look, so that a stick put back is used at once.
fn due(data: &Path) -> Option<Plan> {
    let settings = Settings::read(data).ok()?.backup?;
    if settings.every_minutes == 0 {
        return None;
    }
    let status = Status::read(data);
    let since =
        jiff::Timestamp::now().as_millisecond() - i64::from(settings.every_minutes) * 60_000;
    let is_due = status.last.is_none_or(|last| last.checked_at <= since);
    is_due
        .then(|| settings.plan(Keep::default(), true).ok())
        .flatten()
}
