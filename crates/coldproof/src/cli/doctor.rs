//! `coldproof doctor`: what would spoil a day, found before it. Every look works without a network.

use super::args::{Doctor, Form};
use super::exit::{Exit, Failure, chain};
use super::lan;
use super::settings::{Settings, year};
use backup::Status;
use node::{Node, Opening, Shelf, SystemClock};
use protocol::Protocol;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Less than this on the disk is a fault: a day of work makes some tens of megabytes, and a full disk takes only stops.
const DISK_FAULT_BYTES: u64 = 200 << 20;
/// Less than this is worth a warning.
const DISK_WARN_BYTES: u64 = 2 << 30;
/// A copy older than this is worth a warning: a day's work.
const COPY_WARN_HOURS: i64 = 24;
/// The program was made in this year; a clock before it was never set.
const YEAR_MIN: i32 = 2026;

/// How a look ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Good,
    Warning,
    Fault,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

/// One look.
struct Finding {
    what: &'static str,
    tone: Tone,
    says: String,
}

fn finding(what: &'static str, tone: Tone, says: impl Into<String>) -> Finding {
    Finding {
        what,
        tone,
        says: says.into(),
    }
}

pub(crate) fn run(args: &Doctor, form: Form) -> Result<Exit, Failure> {
    if let (Some(dir), Some(file)) = (&args.dir, &args.clear_file) {
        return clear(dir, file, form);
    }
    let mut found = vec![
        clock(),
        disk(args.dir.as_deref().unwrap_or(Path::new("."))),
        database(),
        packs(),
        network(),
    ];
    if let Some(dir) = &args.dir {
        if !dir.is_dir() {
            return Err(
                Failure::invalid(format!("`{}` is no folder", dir.display()))
                    .help("`coldproof init DIR` makes a production"),
            );
        }
        found.extend(record(dir));
        found.extend(cosigners(dir));
        found.extend(unnamed(dir));
        found.extend([keys(dir), name(dir), certificate(dir), copy(dir)]);
    }
    print(&found, form);
    let is_fault = found.iter().any(|finding| finding.tone == Tone::Fault);
    Ok(if is_fault { Exit::Fault } else { Exit::Done })
}

fn clock() -> Finding {
    let now = jiff::Timestamp::now();
    if year() < YEAR_MIN {
        return finding(
            "clock",
            Tone::Fault,
            format!("it says {now:.0}, and was never set; set it before anything is signed"),
        );
    }
    finding(
        "clock",
        Tone::Good,
        format!("{now:.0}; compare it with a phone, two minutes apart makes statements late"),
    )
}

fn disk(dir: &Path) -> Finding {
    match rustix::fs::statvfs(dir) {
        Err(error) => finding("disk", Tone::Fault, format!("cannot be asked: {error}")),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let says = format!("{} MiB free", free >> 20);
            let tone = match free {
                0..DISK_FAULT_BYTES => Tone::Fault,
                DISK_FAULT_BYTES..DISK_WARN_BYTES => Tone::Warning,
                _ => Tone::Good,
            };
            finding("disk", tone, says)
        }
    }
}

/// A whole record, made and thrown away: the version of the library, its settings and the machine's randomness are all tried.
fn database() -> Finding {
    let tried = tempfile::tempdir()
        .map_err(|error| error.to_string())
        .and_then(|folder| {
            let book = Box::new(Shelf(protocol::shipped()));
            Node::create(
                folder.path(),
                &Opening::default(),
                book,
                Box::new(SystemClock),
            )
            .map(drop)
            .map_err(|error| chain(&error))
        });
    match tried {
        Ok(()) => finding(
            "database",
            Tone::Good,
            "a record for trial could be made; write-ahead log and full sync hold",
        ),
        Err(says) => finding("database", Tone::Fault, says),
    }
}

fn packs() -> Finding {
    match Protocol::load(&protocol::shipped()) {
        Ok(protocol) => {
            let names: Vec<String> = protocol
                .packs()
                .iter()
                .map(|pack| pack.chars().take_while(|letter| *letter != ':').collect())
                .collect();
            finding("packs", Tone::Good, names.join(", "))
        }
        Err(error) => finding("packs", Tone::Fault, error.to_string()),
    }
}

fn network() -> Finding {
    lan::address().map_or_else(
        || {
            finding(
                "network",
                Tone::Warning,
                "none: the cart screen works, phones do not reach it",
            )
        },
        |address| finding("network", Tone::Good, format!("this machine is {address}")),
    )
}

/// The whole record, from its raw bytes; and the clock beside it, since recorded time never runs backwards.
fn record(dir: &Path) -> Vec<Finding> {
    let audit = match node::audit(dir, None, None) {
        Ok(audit) => audit,
        Err(fault) => {
            return vec![finding(
                "record",
                Tone::Fault,
                format!("{fault}; keep the folder as it is"),
            )];
        }
    };
    let behind = audit.report.last_at_ms - jiff::Timestamp::now().as_millisecond();
    let time = if behind > 0 {
        let says = format!("the clock is {} s behind the newest entry", behind / 1_000);
        finding("recorded time", Tone::Fault, says)
    } else {
        finding(
            "recorded time",
            Tone::Good,
            "the clock is past the newest entry",
        )
    };
    let holds = finding(
        "record",
        Tone::Good,
        format!("{} entries of {} hold", audit.size, audit.origin),
    );
    vec![holds, time]
}

fn keys(dir: &Path) -> Finding {
    for name in ["log.key", "node.key", "board.key", "log.vkey"] {
        let at = dir.join("keys").join(name);
        let Ok(meta) = std::fs::metadata(&at) else {
            return finding(
                "keys",
                Tone::Fault,
                format!(
                    "`{}` is missing; bring back a copy of the folder",
                    at.display()
                ),
            );
        };
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return finding(
                "keys",
                Tone::Fault,
                format!(
                    "`{}` can be read by others ({mode:o}); `chmod 600` it",
                    at.display()
                ),
            );
        }
    }
    finding(
        "keys",
        Tone::Good,
        "all there, readable by their user alone",
    )
}

fn name(dir: &Path) -> Finding {
    match Settings::read(dir) {
        Err(_) => finding(
            "name",
            Tone::Fault,
            "`node.toml` cannot be read: nobody can enrol",
        ),
        Ok(settings) if settings.name_lasts() => finding(
            "name",
            Tone::Good,
            format!("{}, for the life of the production", settings.name),
        ),
        Ok(settings) => finding(
            "name",
            Tone::Fault,
            format!(
                "`{}` may change, and every phone's key is gone with it: nobody may enrol under a bare address",
                settings.name
            ),
        ),
    }
}

fn certificate(dir: &Path) -> Finding {
    let Ok(settings) = Settings::read(dir) else {
        return finding("certificate", Tone::Fault, "nothing says when it was made");
    };
    if !dir.join("tls/leaf.pem").is_file() || !dir.join("tls/ca.pem").is_file() {
        return finding(
            "certificate",
            Tone::Fault,
            "is missing: phones cannot sign; `coldproof init` makes it",
        );
    }
    let (ca_ends, leaf_ends) = (settings.ca_year + 3, settings.leaf_year + 2);
    let tone = if year() >= ca_ends || year() >= leaf_ends {
        Tone::Fault
    } else {
        Tone::Good
    };
    let address = lan::address().filter(|address| !settings.addresses.contains(address));
    if let (Tone::Good, Some(address)) = (tone, address) {
        return finding(
            "certificate",
            Tone::Warning,
            format!("made for another network; `serve` makes one for {address}"),
        );
    }
    finding(
        "certificate",
        tone,
        format!("good until 1 January {leaf_ends}, its authority until 1 January {ca_ends}"),
    )
}

/// What cosigners answered against the record without a signature to show for it: nothing freezes for that, and somebody is
/// to find out why.
fn cosigners(dir: &Path) -> Vec<Finding> {
    match node::doubts(dir) {
        Ok(doubts) if doubts.is_empty() => {
            let says = "none answers that this is another record than it signed";
            vec![finding("cosigners", Tone::Good, says)]
        }
        Ok(doubts) => doubts
            .into_iter()
            .map(|doubt| {
                let at = jiff::Timestamp::from_millisecond(doubt.at)
                    .map_or_else(|_| String::new(), |at| format!(" (since {at:.0})"));
                let says = format!("{}{at}; ask its keeper, and compare", doubt.says);
                finding("cosigners", Tone::Warning, says)
            })
            .collect(),
        // `record` has said so already.
        Err(_) => Vec::new(),
    }
}

/// Files that were sent and that no statement names: in no copy, and nobody is given one.
fn unnamed(dir: &Path) -> Vec<Finding> {
    match node::unnamed(dir) {
        Ok(files) if files.is_empty() => {
            vec![finding("files", Tone::Good, "a statement names every one")]
        }
        Ok(files) => files
            .into_iter()
            .map(|file| {
                let says = format!(
                    "no statement names {} ({} bytes, {}); who sent it signs for it, or `doctor DIR --clear-file` with that hash removes it",
                    file.sha256,
                    file.bytes,
                    came(file.came_at)
                );
                finding("files", Tone::Warning, says)
            })
            .collect(),
        Err(says) => vec![finding("files", Tone::Warning, says)],
    }
}

fn came(at: Option<i64>) -> String {
    at.and_then(|at| jiff::Timestamp::from_millisecond(at).ok())
        .map_or_else(
            || "nothing says when it came".to_owned(),
            |at| format!("came {at:.0}"),
        )
}

/// Removes one, by its hash.
fn clear(dir: &Path, file: &str, form: Form) -> Result<Exit, Failure> {
    let sha256 = file
        .trim()
        .parse()
        .map_err(|_| Failure::invalid(format!("`{file}` is no SHA-256, 64 hex digits")))?;
    let now = jiff::Timestamp::now().as_millisecond();
    let gone = node::clear_unnamed(dir, &sha256, now)
        .map_err(|why| Failure::new(Exit::Refused, format!("{sha256} stays: {why}")))?;
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"cleared": gone.sha256.to_string(), "bytes": gone.bytes})
        ),
        Form::Plain => println!("cleared {} {}", gone.sha256, gone.bytes),
        Form::Human => println!(
            "{} is gone ({} bytes). Nothing in the record named it; backups that were made while it was here may hold it.",
            gone.sha256, gone.bytes
        ),
    }
    Ok(Exit::Done)
}

/// When a copy last left this machine.
fn copy(dir: &Path) -> Finding {
    let known = Status::read(dir);
    let warning = |says: String| finding("last copy", Tone::Warning, says);
    if let Some(failed) = &known.failed {
        return warning(format!("the newest try made none: {}", failed.why));
    }
    match (known.off_machine_at(), known.last) {
        (_, None) => {
            warning("none left this machine; `coldproof backup` makes one, onto a stick".to_owned())
        }
        (None, Some(last)) => warning(format!(
            "`{}` lies on this machine's own disk; a lost machine takes it along",
            last.file.display()
        )),
        (Some(at), Some(last)) => {
            let hours = (jiff::Timestamp::now().as_millisecond() - at) / 3_600_000;
            let says = format!(
                "{} entries, {hours} h ago, {}",
                last.size,
                last.file.display()
            );
            if hours >= COPY_WARN_HOURS {
                return warning(says);
            }
            finding("last copy", Tone::Good, says)
        }
    }
}

fn print(found: &[Finding], form: Form) {
    match form {
        Form::Json => {
            let all: Vec<_> = found
                .iter()
                .map(|finding| serde_json::json!({"what": finding.what, "tone": finding.tone.word(), "says": finding.says}))
                .collect();
            println!(
                "{}",
                serde_json::json!({"findings": all, "version": env!("CARGO_PKG_VERSION")})
            );
        }
        Form::Plain => {
            for finding in found {
                println!(
                    "{} {} {}",
                    finding.what.replace(' ', "_"),
                    finding.tone.word(),
                    finding.says
                );
            }
        }
        Form::Human => {
            for finding in found {
                println!(
                    "{:<14} {:<8} {}",
                    finding.what,
                    finding.tone.word(),
                    finding.says
                );
            }
        }
    }
}
