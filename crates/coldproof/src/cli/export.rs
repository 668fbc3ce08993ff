//! `coldproof export`: a copy that stands alone. What it leaves out is entered in the record first, so that nobody can leave
//! anything out unseen.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use audit::export::{Export, Exported, Packs};
use audit::manifest::Program;
use audit::{Ask, Holds, NotHeld, NotWritten};
use domain::State;
use domain::act::record::{Export as Statement, Out};
use domain::act::{Act, Keeping, Kind};
use domain::words::Words;
use ledger::Digest;
use store::{Attachments, FolderAttachments, SqliteArchive};

use super::args::{self, Form};
use super::exit::{Exit, Failure, chain};
use super::signing;
use super::verify::Bar;

/// What is known to be wrong with this version.
const DEFECTS: &str = include_str!("../../../../docs/defects.md");

/// Where the node keeps the newest note that meets the policy, and the newest with any cosignature.
const COSIGNED: [&str; 2] = ["cosigned", "cosigned_newest"];

pub(crate) fn run(args: &args::Export, form: Form) -> Result<Exit, Failure> {
    if args.out.symlink_metadata().is_ok() {
        return Err(failure(NotWritten::Exists {
            path: args.out.clone(),
        }));
    }
    let notice = if args.leave_out.is_empty() {
        None
    } else {
        Some(enter(args)?)
    };
    let archive =
        SqliteArchive::open(&args.data).map_err(|error| Failure::invalid(chain(&error)))?;
    refuse_open_looks(&archive)?;
    let attachments = attachments(&args.data)?;
    let export = Export {
        notice,
        cosigned: cosigned(&archive),
        attachments: attachments.as_ref().map(|place| place as &dyn Attachments),
        packs: &shipped(),
        verify_page: Some(web::assets::verify_page()),
        defects: DEFECTS,
        program: Program {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sha256: Digest(node::program().0),
        },
        made_at: now_ms(),
    };
    let written_as = if args.zip {
        audit::Form::Zip
    } else {
        audit::Form::Folder
    };
    let mut bar = Bar::new();
    let exported =
        audit::export::write(&args.out, written_as, &archive, &export, &mut |done, of| {
            bar.show(done, of);
        });
    bar.end();
    let exported = exported.map_err(failure)?;
    let holds = check(&args.out).map_err(|not| {
        Failure::new(
            Exit::Broken,
            format!("the copy was written and does not hold: {not}"),
        )
        .help("`coldproof verify` on the production's folder says whether the record itself holds")
    })?;
    print(args, &exported, &holds, form);
    Ok(Exit::Done)
}

/// A first look goes to nobody before the second is in, and a copy goes to anybody.
fn refuse_open_looks(archive: &SqliteArchive) -> Result<(), Failure> {
    let mut state = State::default();
    let mut next = 0;
    loop {
        let some = archive
            .read(next, u64::MAX)
            .map_err(|error| Failure::invalid(chain(&error)))?;
        let Some(last) = some.last() else { break };
        next = last.index.saturating_add(1);
        for stored in &some {
            // What cannot be read is told by the writing of the copy, with its entry.
            if let Ok(folded) = audit::fold::read(&stored.entry, stored.beside.as_ref()) {
                domain::apply(&mut state, &folded.entry);
            }
        }
    }
    let now = i64::try_from(now_ms()).unwrap_or(i64::MAX);
    let state = state.at(now);
    let open: Vec<&str> = state
        .weapons
        .values()
        .filter(|weapon| weapon.knowledge.waiting.is_some())
        .map(|weapon| weapon.about.tag.as_str())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!(
            "tag {} waits for its second look, and a copy would show the first",
            open.join(", ")
        ),
    )
    .help("finish the check, or wait until the first look has run out"))
}

/// Enters what the copy leaves out. Its entry.
fn enter(args: &args::Export) -> Result<u64, Failure> {
    let (Some(recipient), Some(why), Some(key)) = (&args.recipient, &args.why, &args.sign_as)
    else {
        return Err(Failure::invalid(
            "`--leave-out` needs `--for`, `--why` and `--as`",
        ));
    };
    for (name, words) in [("--for", recipient), ("--why", why)] {
        if words.trim().is_empty() {
            return Err(Failure::invalid(format!(
                "`{name}` needs words that say it"
            )));
        }
    }
    // Everything that can be wrong with what was typed is found before the node is opened.
    let parsed: Result<Vec<Left>, Failure> =
        args.leave_out.iter().map(|text| Left::read(text)).collect();
    let parsed = parsed?;
    let node = signing::open(&args.data)?;
    let mut device = signing::device(&node, key)?;
    let size = node.seen().size;
    let out: Result<Vec<Out>, Failure> = parsed.into_iter().map(|one| one.out(size, why)).collect();
    let act = Act::Export(Statement {
        to: Words::new(recipient),
        size,
        out: out?,
    });
    let entered = signing::enter(&node, &mut device, key, &act)?;
    if !entered.outcome.admitted || entered.outcome.late {
        let reasons: Vec<&str> = entered
            .outcome
            .reasons
            .iter()
            .map(|reason| reason.says.as_str())
            .collect();
        return Err(Failure::new(
            Exit::Refused,
            format!("the record does not take it: {}", reasons.join("; ")),
        ));
    }
    Ok(entered.index)
}

/// One `--leave-out`.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    entries: Option<(u64, u64)>,
    kinds: Vec<String>,
}

impl Left {
    fn read(text: &str) -> Result<Self, Failure> {
        let (entries, kinds) = match text.split_once(':') {
            Some((entries, kinds)) => (Some(entries), Some(kinds)),
            None if text.starts_with(|first: char| first.is_ascii_digit()) => (Some(text), None),
            None => (None, Some(text)),
        };
        let entries = entries.map(range).transpose()?;
        let kinds = kinds.map_or_else(|| Ok(Vec::new()), kinds_of)?;
        Ok(Self { entries, kinds })
    }

    fn out(self, size: u64, why: &str) -> Result<Out, Failure> {
        let last = size.saturating_sub(1);
        let (from, to) = self.entries.unwrap_or((0, last));
        if to > last {
            return Err(Failure::invalid(format!(
                "the record has {size} entries, the last is {last}; `{from}-{to}` goes past it"
            )));
        }
        Ok(Out {
            from,
            to,
            files: self.kinds.is_empty()
                || self.kinds.iter().any(|kind| kind == Kind::Attach.stored()),
            kinds: self.kinds,
            why: Words::new(why),
        })
    }
}

fn range(text: &str) -> Result<(u64, u64), Failure> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    match (from.parse(), to.parse()) {
        (Ok(from), Ok(to)) if from <= to => Ok((from, to)),
        _ => Err(Failure::invalid(format!(
            "`{text}` is no range of entries, such as `120-180`"
        ))),
    }
}

fn kinds_of(text: &str) -> Result<Vec<String>, Failure> {
    text.split(',')
        .map(|name| match Kind::from_stored(name) {
            Some(kind) if kind.keeping() == Keeping::Open => Err(Failure::invalid(format!(
                "the body of `{name}` is part of its entry and cannot be left out"
            ))),
            Some(_) => Ok(name.to_owned()),
            None => Err(Failure::invalid(format!(
                "`{name}` is no kind of statement; docs/formats/kinds.md lists them"
            ))),
        })
        .collect()
}

/// The packs that come with the program, under their digests.
fn shipped() -> Packs {
    protocol::shipped()
        .into_iter()
        .filter_map(|source| Some((source.digest().parse().ok()?, source.files)))
        .collect()
}

fn attachments(folder: &Path) -> Result<Option<FolderAttachments>, Failure> {
    let place = folder.join(audit::ATTACHMENTS);
    if !place.is_dir() {
        return Ok(None);
    }
    FolderAttachments::open(&place)
        .map(Some)
        .map_err(|error| Failure::fault(chain(&error)))
}

fn cosigned(archive: &SqliteArchive) -> Option<String> {
    let metas = archive.metas().ok()?;
    COSIGNED.iter().find_map(|wanted| {
        let (_, bytes) = metas.iter().find(|(key, _)| key == wanted)?;
        String::from_utf8(bytes.clone()).ok()
    })
}

fn now_ms() -> u64 {
    // A clock before 1970 is no clock; the copy then says 1970.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

/// The copy as its reader will check it.
fn check(out: &Path) -> Result<Holds, NotHeld> {
    let files = audit::open(out)?;
    let mut bar = Bar::new();
    let holds = audit::check(&*files, &Ask::default(), &mut |done, of| bar.show(done, of));
    bar.end();
    holds
}

fn failure(not: NotWritten) -> Failure {
    match &not {
        NotWritten::Exists { .. } => Failure::new(Exit::Refused, not),
        NotWritten::Io { .. } => Failure::fault(not),
        NotWritten::Source(_) => Failure::new(Exit::Broken, not),
    }
}

fn print(args: &args::Export, exported: &Exported, holds: &Holds, form: Form) {
    let (manifest, out) = (&exported.manifest, args.out.display());
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({
                "out": args.out, "origin": holds.origin, "size": holds.size, "root": holds.root.to_string(),
                "notice": manifest.notice, "files": manifest.files.len(), "attachments": manifest.attachments.len(),
                "absent": holds.absent
            })
        ),
        Form::Plain => {
            println!("out {out}");
            if let Some(notice) = manifest.notice {
                println!("notice {notice}");
            }
            print!("{}", holds.plain());
        }
        Form::Human => {
            println!(
                "A copy of all {} entries of {} is in `{out}`; checked, it holds.",
                holds.size, holds.origin
            );
            println!("root {}\n", holds.root);
            match manifest.notice {
                Some(notice) => println!(
                    "What it leaves out stands in entry {notice} of the record; whoever checks the copy is told."
                ),
                None => println!("Nothing is left out of it."),
            }
            if !holds.absent.is_empty() {
                println!(
                    "Bodies and files that are not in it: {}",
                    holds.absent.len()
                );
            }
            for (entry, sha256) in &exported.lost {
                println!(
                    "the file {sha256} of entry {entry} is lost or damaged here; the copy says so"
                );
            }
            println!(
                "\nIt holds what people said. Give it only to whom it is for, and note to whom."
            );
            println!(
                "They check it with `coldproof verify {out}`, or by opening its verify.html in a browser."
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_is_left_out_is_named_by_kinds_or_entries_or_both() {
        let read = |text: &str| Left::read(text).unwrap();
        assert_eq!(
            read("weapon.look,attachment.add").out(10, "why").unwrap(),
            Out {
                from: 0,
                to: 9,
                kinds: vec!["weapon.look".to_owned(), "attachment.add".to_owned()],
                files: true,
                why: Words::new("why"),
            }
        );
        assert_eq!(read("3-7").entries, Some((3, 7)));
        assert_eq!(read("4").entries, Some((4, 4)));
        assert_eq!(read("3-7:weapon.look").kinds, ["weapon.look"]);
        assert!(read("3-10").out(10, "why").is_err());
    }

    #[test]
    fn what_cannot_be_left_out_is_told_before_anything_is_entered() {
        for text in [
            "",
            "7-3",
            "x-3",
            "weapon.lok",
            "people.invite",
            "3-7:",
            "1-2-3",
        ] {
            assert!(Left::read(text).is_err(), "{text}");
        }
    }
}
