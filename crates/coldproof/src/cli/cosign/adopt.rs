//! `coldproof cosign adopt`: enters in a production's record who cosigns it, and how many must.

use crate::cli::args::{CosignAdopt, Form};
use crate::cli::exit::{Exit, Failure};
use crate::cli::signing;
use cosign::client::check_url;
use domain::act::Act;
use domain::act::record::{AdoptCosigners, Cosigner};
use domain::words::Words;
use ledger::cosignature::CosignerKey;
use ledger::note::VerifierKey;
use ledger::policy::{Listed, render};

pub(super) fn run(args: &CosignAdopt, form: Form) -> Result<Exit, Failure> {
    let body = body(args)?;
    let node = signing::open(&args.node).map_err(|failure| {
        if failure.exit == Exit::Refused {
            failure.help("stop `coldproof serve`, then ask again")
        } else {
            failure
        }
    })?;
    let policy = policy(node.verifier(), &body)?;
    let mut device = signing::device(&node, &args.sign_as)?;
    let entered = signing::enter(
        &node,
        &mut device,
        &args.sign_as,
        &Act::AdoptCosigners(body),
    )?;
    if !entered.outcome.admitted {
        let reasons: Vec<String> = entered
            .outcome
            .reasons
            .iter()
            .map(|reason| reason.says.clone())
            .collect();
        return Err(Failure::new(Exit::Refused, reasons.join("; ")));
    }
    let vkey = node.verifier().to_string();
    match form {
        Form::Json => println!(
            "{}",
            serde_json::json!({"entry": entered.index, "log": vkey, "policy": policy})
        ),
        Form::Plain => println!("entry {}\nlog {vkey}", entered.index),
        Form::Human => {
            println!("Entered as entry {}. The policy:\n", entered.index);
            for line in policy.lines() {
                println!("    {line}");
            }
            println!(
                "\nEach cosigner must follow this log:\n    {vkey}\n\nThe node asks them as soon as it runs."
            );
        }
    }
    Ok(Exit::Done)
}

fn body(args: &CosignAdopt) -> Result<AdoptCosigners, Failure> {
    let mut cosigners = Vec::new();
    for (texts, outside) in [(&args.outside, true), (&args.studio, false)] {
        for text in texts {
            cosigners.push(one(text, outside)?);
        }
    }
    let all = u32::try_from(cosigners.len()).map_err(Failure::invalid)?;
    Ok(AdoptCosigners {
        cosigners,
        quorum: args.quorum.unwrap_or(all),
        outside: args.outside_least,
    })
}

/// `VKEY URL WHOSE…`.
fn one(text: &str, outside: bool) -> Result<Cosigner, Failure> {
    let bad = |says: String| {
        Failure::invalid(says).help(
            "a cosigner is given as one word in quotes: its vkey, its URL, and whose it is, parted by spaces",
        )
    };
    let mut words = text.splitn(3, ' ');
    let (Some(vkey), Some(url), Some(whose)) = (words.next(), words.next(), words.next()) else {
        return Err(bad(format!("`{text}` is not a vkey, a URL and words")));
    };
    let key: CosignerKey = vkey
        .parse()
        .map_err(|error| bad(format!("`{vkey}` is no key of a cosigner: {error}")))?;
    check_url(url).map_err(|error| bad(format!("`{url}`: {error}")))?;
    Ok(Cosigner {
        name: key.name().to_owned(),
        vkey: key.to_string(),
        url: url.to_owned(),
        whose: Words::new(whose),
        outside,
    })
}

/// What can be made no policy of is not entered.
fn policy(log: &VerifierKey, body: &AdoptCosigners) -> Result<String, Failure> {
    let keys: Vec<CosignerKey> = body
        .cosigners
        .iter()
        .map(|one| one.vkey.parse())
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::invalid(format!("{error}")))?;
    let listed: Vec<Listed<'_>> = body
        .cosigners
        .iter()
        .zip(&keys)
        .map(|(one, key)| Listed {
            key,
            url: &one.url,
            is_outside: one.outside,
        })
        .collect();
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    render(log, &listed, count(body.quorum), count(body.outside)).map_err(Failure::invalid)
}
