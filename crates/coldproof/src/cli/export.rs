//! `coldproof export`: a copy that stands alone. What it leaves out is entered in the record first, so that nobody can leave
//! anything out unseen.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use audit::export::{Aside, Export, Exported, Packs};
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

/// For whom a copy is made beside a running node when nobody was named.
const NOT_NAMED: &str = "somebody who was not named when it was made";

/// How long a running node may take to enter it: its disk may be slow, and people wait.
const ENTER_WITHIN: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &args::Export, form: Form) -> Result<Exit, Failure> {
    if args.out.symlink_metadata().is_ok() {
        return Err(failure(NotWritten::Exists {
            path: args.out.clone(),
        }));
    }
    let mut aside = Aside::default();
    let (mut notice, mut unentered) = (None, None);
    if args.leave_out.is_empty() && args.without_file.is_empty() {
        // Before anything is entered: a copy that cannot be made has no holder.
        refuse_open_looks(&archive(args)?)?;
        match enter_holder(args)? {
            Ok(entry) => aside.entered = Some(entry),
            Err(why) => unentered = Some(why),
        }
    } else {
        let (entry, files_alone) = enter(args)?;
        (notice, aside.entered, aside.files_alone) = (Some(entry), Some(entry), files_alone);
    }
    // Nobody signed these; a copy without them holds as well.
    aside.views = node::views(&args.data).unwrap_or_default();
    let archive = archive(args)?;
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
        aside: &aside,
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
    print(
        args,
        &exported,
        &holds,
        aside.entered,
        unentered.as_deref(),
        form,
    );
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

fn archive(args: &args::Export) -> Result<SqliteArchive, Failure> {
    SqliteArchive::open_whole(&args.data).map_err(|error| {
        if matches!(error, store::OpenError::Damaged(_)) {
            return Failure::new(Exit::Broken, chain(&error)).cause("dropped");
        }
        Failure::invalid(chain(&error))
    })
}

/// Enters for whom a copy is made that leaves nothing out. Its entry, or why there is none.
///
/// A node that runs enters it when it is asked. One that does not is opened for it only where `--holder` says so: opening
/// writes to the record, and a copy of a folder that somebody seized or put back must be possible without that.
fn enter_holder(args: &args::Export) -> Result<Result<u64, String>, Failure> {
    if args
        .holder
        .as_ref()
        .is_some_and(|holder| holder.trim().is_empty())
    {
        return Err(Failure::invalid("`--holder` needs words that say who"));
    }
    if node::is_running(&args.data) {
        let to = args.holder.as_deref().unwrap_or(NOT_NAMED);
        let asked = node::ask_to_enter_copy(&args.data, to, ENTER_WITHIN);
        return Ok(asked.map_err(|not| chain(&not)));
    }
    let Some(holder) = &args.holder else {
        return Ok(Err(
            "the node does not run and `--holder` was not given".to_owned()
        ));
    };
    let opened = signing::open(&args.data);
    Ok(match opened {
        Ok(node) => node.enter_copy(holder).map_err(|not| not.to_string()),
        Err(failure) => Err(failure.says().to_owned()),
    })
}

/// Enters what the copy leaves out. Its entry, and the entries of which only the file is left out.
fn enter(args: &args::Export) -> Result<(u64, BTreeSet<u64>), Failure> {
    let (Some(recipient), Some(why), Some(key)) = (&args.recipient, &args.why, &args.sign_as)
    else {
        return Err(Failure::invalid(
            "what is left out needs `--for`, `--why` and `--as`",
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
    let naming = naming(args, &parsed)?;
    let node = signing::open(&args.data)?;
    let mut device = signing::device(&node, key)?;
    let size = node.seen().size;
    let out: Result<Vec<Out>, Failure> = parsed.into_iter().map(|one| one.out(size, why)).collect();
    let mut out = out?;
    out.extend(naming.iter().map(|index| Out {
        from: *index,
        to: *index,
        kinds: vec![Kind::Attach.stored().to_owned()],
        files: true,
        why: Words::new(why),
    }));
    let act = Act::Export(Statement {
        to: Words::new(recipient),
        size,
        out,
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
    Ok((entered.index, naming))
}

/// The entries that name the files of `--without-file`, but those whose bodies are left out anyway.
fn naming(args: &args::Export, parsed: &[Left]) -> Result<BTreeSet<u64>, Failure> {
    let mut naming = BTreeSet::new();
    let wanted: Result<BTreeSet<Digest>, Failure> = args
        .without_file
        .iter()
        .map(|text| {
            text.trim()
                .parse()
                .map_err(|_| Failure::invalid(format!("`{text}` is no SHA-256, 64 hex digits")))
        })
        .collect();
    let wanted = wanted?;
    if wanted.is_empty() {
        return Ok(naming);
    }
    let archive = archive(args)?;
    let (mut next, mut named) = (0, BTreeSet::new());
    loop {
        let some = archive
            .read(next, u64::MAX)
            .map_err(|error| Failure::invalid(chain(&error)))?;
        let Some(last) = some.last() else { break };
        next = last.index.saturating_add(1);
        for stored in &some {
            let Some(sha256) = names(stored) else {
                continue;
            };
            if wanted.contains(&sha256) {
                named.insert(sha256);
                if !parsed.iter().any(|left| left.covers_file(stored.index)) {
                    naming.insert(stored.index);
                }
            }
        }
    }
    match wanted.difference(&named).next() {
        None => Ok(naming),
        Some(other) => Err(Failure::invalid(format!(
            "no entry names the file {other}, so there is nothing to leave out"
        ))),
    }
}

fn names(stored: &store::Stored) -> Option<Digest> {
    let folded = audit::fold::read(&stored.entry, stored.beside.as_ref()).ok()?;
    let Act::Attach(body) = &folded.entry.statement.act else {
        return None;
    };
    Some(Digest(body.sha256.0))
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

    /// Whether a body that names a file, in this entry, is left out.
    fn covers_file(&self, index: u64) -> bool {
        let kinds = &self.kinds;
        self.entries
            .is_none_or(|(from, to)| (from..=to).contains(&index))
            && (kinds.is_empty() || kinds.iter().any(|kind| kind == Kind::Attach.stored()))
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

fn print(
    args: &args::Export,
    exported: &Exported,
    holds: &Holds,
    entered: Option<u64>,
    unentered: Option<&str>,
    form: Form,
) {
    let (manifest, out) = (&exported.manifest, args.out.display());
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({
                "out": args.out, "origin": holds.origin, "size": holds.size, "root": holds.root.to_string(),
                "notice": manifest.notice, "entered": entered, "not_entered": unentered, "files": manifest.files.len(), "attachments": manifest.attachments.len(),
                "absent": holds.absent
            })
        ),
        Form::Plain => {
            println!("out {out}");
            if let Some(notice) = manifest.notice {
                println!("notice {notice}");
            }
            if let Some(entered) = entered {
                println!("entered {entered}");
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
            match (entered, unentered) {
                (Some(entry), _) => {
                    println!("Entry {entry} of the record says for whom it was made.");
                }
                (None, why) => println!(
                    "NOT ENTERED in the record, as its README.txt says: {}. Nobody will know that it exists.",
                    why.unwrap_or("nobody entered it")
                ),
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
