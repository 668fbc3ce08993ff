//! `coldproof cosign`: somebody else's eyes on a log.

mod adopt;

use super::args::{Cosign, CosignCommand, Form};
use super::exit::{Exit, Failure, chain};
use cosign::serve::{Handle, Tls, now_s, router, serve, shut};
use cosign::{Client, CosignError, Cosigner, HeadsError, Kept, KeyError, look};
use ledger::note::VerifierKey;
use ledger::witness::AskError;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

pub(crate) fn run(args: &Cosign, form: Form) -> Result<Exit, Failure> {
    let folder = || {
        args.data.as_deref().ok_or_else(|| {
            Failure::invalid("a cosigner has a folder of its own")
                .help("give it with `--data DIR`; it is made when it is not there")
        })
    };
    match &args.what {
        None => cosign(args, folder()?, form),
        Some(CosignCommand::Keys) => keys(folder()?, form),
        Some(CosignCommand::Forks) => forks(folder()?, form),
        Some(CosignCommand::Compare { one, other }) => compare(one, other, form),
        Some(CosignCommand::Adopt(args)) => adopt::run(args, form),
    }
}

/// Follows, listens, and cosigns until it is told to end.
fn cosign(args: &Cosign, folder: &Path, form: Form) -> Result<Exit, Failure> {
    let logs = args
        .follow
        .iter()
        .map(|text| log_key(text))
        .collect::<Result<Vec<_>, _>>()?;
    let tls = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Some(Tls {
            chain_pem: read(cert)?,
            key_pem: read(key)?,
        }),
        _ => None,
    };
    let listener = TcpListener::bind(args.listen)
        .map_err(|error| Failure::fault(format!("`{}` cannot be used: {error}", args.listen)))?;
    let cosigner = Cosigner::open(folder, args.name.as_deref()).map_err(|error| failure(&error))?;
    for log in &logs {
        cosigner
            .follow(log, now_s())
            .map_err(|error| failure(&error))?;
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", listener.local_addr()?);
    greet(&cosigner, &url, form);
    let router = router(Arc::new(cosigner), args.rate);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let handle = Handle::new();
        let told = handle.clone();
        tokio::spawn(async move {
            super::serve::told_to_end().await;
            shut(&told);
        });
        serve(listener, router, tls, handle).await
    })?;
    Ok(Exit::Done)
}

fn greet(cosigner: &Cosigner, url: &str, form: Form) {
    let followed = origins(&cosigner.followed());
    let vkey = cosigner.key().to_string();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"vkey": vkey, "url": url, "follows": followed})
        ),
        Form::Plain => {
            println!("vkey {vkey}\nurl {url}");
            for origin in followed {
                println!("follows {origin}");
            }
        }
        Form::Human => {
            println!("cosigner  {}", cosigner.key().name());
            println!("vkey      {vkey}");
            println!(
                "          give it to the production: it stands in its record and in its policy"
            );
            println!("asked at  {url}");
            match followed.as_slice() {
                [] => println!("\nIt follows no log yet: start it with `--follow VKEY`."),
                logs => println!("follows   {}", logs.join("\n          ")),
            }
            println!(
                "\nIt sees heads of logs, never entries. Never put its folder back from a copy: make a new one. Ctrl-C ends it."
            );
        }
    }
}

fn keys(folder: &Path, form: Form) -> Result<Exit, Failure> {
    let seen = look(folder).map_err(|error| failure(&error))?;
    let (vkey, logs) = (seen.key.to_string(), &seen.followed);
    match form {
        Form::Json => {
            let logs: Vec<String> = logs.iter().map(ToString::to_string).collect();
            println!("{}", serde_json::json!({"vkey": vkey, "follows": logs}));
        }
        Form::Plain => {
            println!("vkey {vkey}");
            for log in logs {
                println!("follows {log}");
            }
        }
        Form::Human => {
            println!("This cosigner\n  {vkey}\n\nLogs that it follows");
            for log in logs {
                println!("  {log}");
            }
            if logs.is_empty() {
                println!("  none yet");
            }
        }
    }
    Ok(Exit::Done)
}

fn forks(folder: &Path, form: Form) -> Result<Exit, Failure> {
    let seen = look(folder).map_err(|error| failure(&error))?;
    match form {
        Form::Json => {
            let list: Vec<_> = seen
                .kept
                .iter()
                .map(|kept| {
                    serde_json::json!({
                        "origin": kept.origin, "shows": kept.evidence.shows.word(), "at": kept.at_s,
                        "ours": kept.evidence.ours, "theirs": kept.evidence.theirs
                    })
                })
                .collect();
            println!(
                "{}",
                serde_json::json!({"cosigner": seen.key.to_string(), "forks": list})
            );
        }
        Form::Plain => {
            for kept in &seen.kept {
                println!(
                    "{} {} {}",
                    kept.evidence.shows.word(),
                    kept.at_s,
                    kept.origin
                );
            }
        }
        Form::Human => {
            for kept in &seen.kept {
                tell(kept);
            }
            if seen.kept.is_empty() {
                println!("Nothing was kept: no log that it follows has shown it two histories.");
            }
        }
    }
    let is_forked = seen
        .kept
        .iter()
        .any(|kept| kept.evidence.shows != cosign::decide::Shows::Unjoined);
    Ok(if is_forked { Exit::Broken } else { Exit::Done })
}

fn tell(kept: &Kept) {
    use cosign::decide::Shows;
    let what = match kept.evidence.shows {
        Shows::Fork => {
            "FORK: the log's own key signed both of these. They prove it to anyone who has the log's public key."
        }
        Shows::Unjoined => {
            "NOT JOINED: the proof that came with the second did not hold. By itself it shows only that this was sent."
        }
        Shows::OwnForgotten => {
            "FORGOTTEN: this cosigner's own key signed the second, and it does not remember. It signs this log no more; make a new cosigner in a new folder."
        }
    };
    let at = i64::try_from(kept.at_s)
        .ok()
        .and_then(|at_s| jiff::Timestamp::from_second(at_s).ok())
        .map_or_else(String::new, |at| at.to_string());
    println!("{}. {at}  {}\n{what}\n", kept.number, kept.origin);
    for note in [&kept.evidence.ours, &kept.evidence.theirs] {
        for line in note.lines() {
            println!("    {line}");
        }
        println!();
    }
}

/// Shows each of two cosigners what the other signed, and prints what that brings out.
fn compare(one: &str, other: &str, form: Form) -> Result<Exit, Failure> {
    let client = Client::new(None).map_err(Failure::fault)?;
    let told = |error: AskError| Failure::fault(error);
    let shown = client.show(one, other).map_err(told)? + client.show(other, one).map_err(told)?;
    let mut forks = Vec::new();
    for url in [one, other] {
        let kept = client.forks(url).map_err(told)?.forks;
        forks.extend(kept.into_iter().filter(|pair| pair.shows == "fork"));
    }
    match form {
        Form::Json => println!("{}", serde_json::json!({"shown": shown, "forks": forks})),
        Form::Plain => {
            println!("shown {shown}");
            for pair in &forks {
                println!("fork {} {}", pair.at, pair.origin);
            }
        }
        Form::Human => {
            for pair in &forks {
                println!("FORK of {}: one key, two histories.\n", pair.origin);
                for line in pair.ours.lines().chain([""]).chain(pair.theirs.lines()) {
                    println!("    {line}");
                }
                println!();
            }
            if forks.is_empty() {
                println!(
                    "{shown} heads were shown; no fork was found. Two histories are found only where both signed the same number of entries."
                );
            }
        }
    }
    Ok(if forks.is_empty() {
        Exit::Done
    } else {
        Exit::Broken
    })
}

fn origins(keys: &[VerifierKey]) -> Vec<String> {
    keys.iter().map(|key| key.name().to_owned()).collect()
}

/// A log's vkey, or the path of a file that holds one.
fn log_key(text: &str) -> Result<VerifierKey, Failure> {
    let held = if Path::new(text).is_file() {
        read(Path::new(text))?
    } else {
        text.to_owned()
    };
    held.trim().parse().map_err(|error| {
        Failure::invalid(format!("`{text}` is no key of a log: {error}")).help(
            "`--follow` takes the text of the log's `keys/log.vkey`, or the path of that file",
        )
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::invalid(format!("`{}` cannot be read: {error}", path.display())))
}

fn failure(error: &CosignError) -> Failure {
    let exit = match error {
        CosignError::Heads(
            HeadsError::Missing { .. } | HeadsError::OtherFormat(_) | HeadsError::FollowsTooMany,
        )
        | CosignError::Key(
            KeyError::NotAKey { .. } | KeyError::OtherName { .. } | KeyError::Name(_),
        ) => Exit::Invalid,
        CosignError::Heads(HeadsError::InUse { .. }) => Exit::Refused,
        CosignError::Heads(HeadsError::Forgotten { .. } | HeadsError::Damaged(_))
        | CosignError::Key(KeyError::Gone { .. }) => Exit::Broken,
        CosignError::Heads(
            HeadsError::Setting(_)
            | HeadsError::Full
            | HeadsError::Stopped(_)
            | HeadsError::Moved
            | HeadsError::Io { .. }
            | HeadsError::Database { .. },
        )
        | CosignError::Key(KeyError::Io { .. } | KeyError::Random) => Exit::Fault,
    };
    Failure::new(exit, chain(error))
}
