//! `coldproof verify`: everything recomputed from the raw bytes.

use super::args::{Form, Verify};
use super::exit::{Exit, Failure};
use node::{Audit, AuditFault, Shelf};

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
    let shelf = Shelf(protocol::shipped());
    let book: Option<&dyn node::Rulebook> = args.judge.then_some(&shelf);
    match node::audit(&args.path, expect.as_ref(), book) {
        Ok(audit) => {
            print(&audit, form);
            let differs = audit
                .judged
                .as_ref()
                .is_some_and(|judged| !judged.differ.is_empty());
            Ok(if differs { Exit::Broken } else { Exit::Done })
        }
        Err(fault) => Err(failure(&fault)),
    }
}

fn failure(fault: &AuditFault) -> Failure {
    match fault {
        AuditFault::Unreadable(_) => Failure::invalid(fault),
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
            Failure::new(Exit::Broken, says)
                .help("keep the folder as it is; entries before this one hold")
        }
    }
}

fn print(audit: &Audit, form: Form) {
    let (size, root) = (audit.size, audit.root);
    let report = &audit.report;
    match form {
        Form::Json => {
            let judged = audit.judged.as_ref().map(|judged| {
                serde_json::json!({"same": judged.same, "not_judged": judged.not_judged, "differ": judged.differ})
            });
            println!(
                "{}",
                serde_json::json!({
                    "origin": audit.origin, "log_key": audit.log_key.to_string(), "size": size, "root": root.to_string(),
                    "last_at": report.last_at_ms, "bodies": report.bodies, "bodies_withheld": report.bodies_withheld,
                    "keys": audit.keys, "gaps": report.gaps, "judged": judged
                })
            );
        }
        Form::Plain => {
            println!(
                "origin {}\nlog_key {}\nsize {size}\nroot {root}",
                audit.origin, audit.log_key
            );
            println!(
                "bodies {}\nbodies_withheld {}\nkeys {}\ngaps {}",
                report.bodies, report.bodies_withheld, audit.keys, report.gaps
            );
        }
        Form::Human => {
            println!("The record holds: {size} entries of {}.", audit.origin);
            println!("root {root}\nlog key {}\n", audit.log_key);
            println!(
                "Recomputed from the raw bytes: every leaf, every signature under a key that earlier entries let in, every body against its commitment, the tree and its signed head; the state folded twice and the same."
            );
            println!(
                "{} bodies, {} left out of this copy, {} keys ever enrolled, {} gaps in devices' counts.",
                report.bodies, report.bodies_withheld, audit.keys, report.gaps
            );
            println!(
                "\nA whole other log, properly signed, would hold as well: compare the log key with one had from elsewhere (`--expect`)."
            );
        }
    }
    if form != Form::Json
        && let Some(judged) = &audit.judged
    {
        println!(
            "judged again: {} the same, {} differ, {} not judged",
            judged.same,
            judged.differ.len(),
            judged.not_judged
        );
        for (index, what) in &judged.differ {
            println!("entry {index} differs in {what}");
        }
    }
}
