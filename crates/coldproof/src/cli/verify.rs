//! `coldproof verify`: everything recomputed from the raw bytes, of a node's folder or of a copy.

mod bar;
mod packs;

use std::path::Path;

use super::args::{Form, Verify};
use super::exit::{Exit, Failure};
use audit::{Ask, AuditFault, ExportArchive, Holds, Judged, NotHeld, Signatures};
pub(crate) use bar::Bar;
use ledger::note::VerifierKey;
use ledger::policy::Policy;
use node::Shelf;
use packs::InCopy;

pub(crate) fn run(args: &Verify, form: Form) -> Result<Exit, Failure> {
    let expect = args
        .expect
        .as_deref()
        .map(|text| {
            text.trim()
                .parse()
                .map_err(|_| Failure::invalid("`--expect` takes the text of a `keys/log.vkey`"))
        })
        .transpose()?;
    let (holds, judged) = if args.path.join(audit::RECORD).is_file() {
        of_node(args, expect.as_ref(), form)?
    } else {
        of_copy(args, expect, form)?
    };
    print(&holds, judged.as_ref(), form);
    let drifts = judged.is_some_and(|judged| !judged.differ.is_empty());
    Ok(if drifts { Exit::Broken } else { Exit::Done })
}

/// Whether every signature is checked by itself.
const fn signatures(args: &Verify) -> Signatures {
    if args.strict {
        Signatures::OneByOne
    } else {
        Signatures::Batches
    }
}

fn of_node(
    args: &Verify,
    expect: Option<&VerifierKey>,
    form: Form,
) -> Result<(Holds, Option<Judged>), Failure> {
    if args.policy.is_some() {
        return Err(Failure::invalid(
            "`--policy` is for copies: a node's own folder says itself who cosigned (`coldproof doctor`)",
        ));
    }
    let shelf = Shelf(protocol::shipped());
    let book: Option<&dyn audit::Rulebook> = args.judge.then_some(&shelf);
    let mut bar = Bar::new();
    let found = audit::audit_with(
        &args.path,
        expect,
        book,
        signatures(args),
        &mut |done, of| {
            bar.show(done, of);
        },
    );
    bar.end();
    match found {
        Ok(found) => Ok((found.holds, found.judged)),
        Err(fault) => {
            if let Some(line) = fault.line() {
                say_fault(&line, form);
            }
            Err(node_failure(&fault))
        }
    }
}

fn of_copy(
    args: &Verify,
    expect: Option<VerifierKey>,
    form: Form,
) -> Result<(Holds, Option<Judged>), Failure> {
    let ask = Ask {
        signatures: signatures(args),
        policy: args.policy.as_deref().map(policy).transpose()?,
        expect,
    };
    let failed = |not: NotHeld| {
        if let NotHeld::Fault(fault) = &not {
            say_fault(&fault.line(), form);
        }
        copy_failure(&args.path, &not)
    };
    let files = audit::open(&args.path).map_err(failed)?;
    let mut bar = Bar::new();
    let holds = audit::check(&*files, &ask, &mut |done, of| bar.show(done, of));
    bar.end();
    let holds = holds.map_err(failed)?;
    let judged = if args.judge && holds.entries.is_none() {
        let packs = InCopy::new(&*files, protocol::shipped());
        let archive = ExportArchive::new(&*files, holds.size);
        Some(audit::judge(&archive, &packs).map_err(failed)?)
    } else {
        None
    };
    Ok((holds, judged))
}

fn policy(path: &Path) -> Result<Policy, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::invalid(format!("`{}` cannot be read: {error}", path.display()))
    })?;
    Policy::parse(&bytes)
        .map_err(|fault| Failure::invalid(format!("`{}` is no policy: {fault}", path.display())))
}

/// The first line for scripts. What people read follows on standard error.
fn say_fault(line: &str, form: Form) {
    if form != Form::Json {
        println!("{line}");
    }
}

fn copy_failure(path: &Path, not: &NotHeld) -> Failure {
    match not {
        NotHeld::Unreadable(says) => {
            Failure::invalid(format!("`{}` cannot be read: {says}", path.display()))
        }
        NotHeld::Fault(fault) => Failure::new(Exit::Broken, fault)
            .at(&fault.line())
            .help("this copy proves nothing as it is; keep it, and ask for another"),
    }
}

fn node_failure(fault: &AuditFault) -> Failure {
    match fault {
        AuditFault::Unreadable(_) => Failure::invalid(fault),
        AuditFault::Dropped(_) => Failure::new(Exit::Broken, fault).cause("dropped"),
        AuditFault::OtherKey(_)
        | AuditFault::Log(_)
        | AuditFault::Entry { .. }
        | AuditFault::TwoStates => {
            let says = match fault.index() {
                Some(index) if !fault.to_string().contains(&format!("entry {index}")) => {
                    format!("entry {index} does not hold: {fault}")
                }
                Some(_) | None => fault.to_string(),
            };
            let failure = Failure::new(Exit::Broken, says);
            match fault.line() {
                Some(line) => failure.at(&line),
                None => failure.cause("two_states"),
            }
            .help("keep the folder as it is; entries before this one hold")
        }
    }
}

fn print(holds: &Holds, judged: Option<&Judged>, form: Form) {
    match form {
        Form::Json => println!("{}", json(holds, judged)),
        Form::Plain => {
            print!("{}", holds.plain());
            if let Some(judged) = judged {
                print_judged(judged);
            }
        }
        Form::Human => {
            print_human(holds);
            if let Some(judged) = judged {
                println!();
                print_judged(judged);
            }
        }
    }
}

fn json(holds: &Holds, judged: Option<&Judged>) -> serde_json::Value {
    let count = |count: audit::Count| {
        serde_json::json!({
            "here": count.here, "withheld": count.withheld, "erased": count.erased, "missing": count.missing
        })
    };
    let judged = judged.map(|judged| {
        let differ: Vec<_> = judged
            .differ
            .iter()
            .map(|one| {
                serde_json::json!({"entry": one.index, "what": one.what, "then": one.then, "now": one.now})
            })
            .collect();
        serde_json::json!({
            "same": judged.same, "not_judged": judged.not_judged, "differ": differ, "stopped_at": judged.stopped_at
        })
    });
    serde_json::json!({
        "holds": true, "origin": holds.origin, "size": holds.size, "root": holds.root.to_string(),
        "log_key": holds.log_key.to_string(), "entries": holds.entries, "bodies": count(holds.bodies),
        "attachments": holds.attachments.map(count), "gaps": holds.gaps, "absent": holds.absent,
        "cosigned": holds.cosigned, "judged": judged
    })
}

fn print_human(holds: &Holds) {
    let (size, origin) = (holds.size, &holds.origin);
    match (holds.format, holds.entries) {
        (None, _) => println!("The record holds: {size} entries of {origin}."),
        (Some(_), None) => println!("This copy holds: all {size} entries of {origin}."),
        (Some(_), Some(entries)) => println!(
            "This own copy holds: {entries} entries of one person, each shown to be among the {size} of {origin}."
        ),
    }
    println!("root {}\nlog key {}\n", holds.root, holds.log_key);
    if holds.entries.is_none() {
        println!(
            "Recomputed from the raw bytes: every leaf, every signature under a key that earlier entries let in, every body against its commitment, the tree and its signed head."
        );
    } else {
        println!(
            "Recomputed from the raw bytes: every signature, every body against its commitment, every proof. It says nothing of entries that are not in it."
        );
    }
    let not_here = |name: &str, count: audit::Count| {
        println!(
            "{} {name} here; not here: {} withheld, {} erased, {} missing.",
            count.here, count.withheld, count.erased, count.missing
        );
    };
    not_here("bodies", holds.bodies);
    if let Some(attachments) = holds.attachments {
        not_here("attachments", attachments);
    }
    if let Some(gaps) = holds.gaps {
        println!("{gaps} gaps in devices' counts.");
    }
    if !holds.absent.is_empty() {
        println!("\nWhat was entered and is not here:");
        for line in &holds.absent {
            println!("  {line}");
        }
    }
    if !holds.cosigned.is_empty() {
        println!();
        for line in &holds.cosigned {
            println!("{line}");
        }
    }
    println!(
        "\nA whole other log, properly signed, would hold as well: compare the log key with one had from elsewhere (`--expect`). That an entry says something does not make it true."
    );
}

fn print_judged(judged: &Judged) {
    println!(
        "judged again: {} the same, {} differ, {} not judged",
        judged.same,
        judged.differ.len(),
        judged.not_judged
    );
    for one in &judged.differ {
        println!(
            "entry {} differs in {}: then {}; today {}",
            one.index, one.what, one.then, one.now
        );
    }
    if let Some(index) = judged.stopped_at {
        println!("entry {index} and what follows not judged: body withheld");
    }
}
