//! The page of all kinds of statement, made from the vocabulary and from samples that only people edit: a sample is a
//! promise that a body once written can be read for decades.

use anyhow::{Context as _, bail};
use domain::act::{Act, Keeping, Kind, Nature};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The page.
pub const PAGE: &str = "docs/formats/kinds.md";
/// One line a kind: stored name, a space, the bytes of a body.
pub const SAMPLES: &str = "docs/formats/golden/bodies.txt";

const HEAD: &str = "\
# Kinds of statement

Made by `cargo xtask kinds` from `crates/domain/src/act.rs` and [the golden bodies](golden/bodies.txt); a test keeps it
true. A *request* asks leave for what comes next and can be refused. A *report* says what happened and is always taken.
The body of an *open* kind stands in the payload; that of a *record* kind is kept beside the log, bound by a salted
commitment ([statement](statement.md)). A stored name is kept for ever; a new version of a body is a new number in `kv`.

The sample under each kind is one body as bytes: members in this order, no blank between them, optional ones left out
rather than `null`. Ids in it are made up.
";

/// The text of the page.
///
/// # Errors
/// The samples cannot be read, one is missing, or one does not read and write back as the same bytes.
pub fn page(root: &Path) -> anyhow::Result<String> {
    let samples = samples(root)?;
    let mut page = String::from(HEAD);
    page.push_str(
        "\n| kind | version | nature | body | meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    for kind in Kind::ALL {
        writeln!(
            page,
            "| [`{0}`](#{1}) | {2} | {3} | {4} | {5} |",
            kind.stored(),
            anchor(kind.stored()),
            kind.version(),
            nature(*kind),
            keeping(*kind),
            kind.meaning().trim()
        )?;
    }
    for kind in Kind::ALL {
        let stored = kind.stored();
        let body = samples
            .get(stored)
            .with_context(|| format!("`{stored}` has no sample"))?;
        prove(*kind, body)?;
        writeln!(
            page,
            "\n## {stored}\n{}\n\n```json\n{body}\n```",
            kind.meaning().trim()
        )?;
    }
    Ok(page)
}

/// The samples by stored name.
///
/// # Errors
/// The file cannot be read, a line is no sample, or a name stands there twice or is no kind.
pub fn samples(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(root.join(SAMPLES)).context(SAMPLES)?;
    let mut samples = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        let (name, body) = line
            .split_once(' ')
            .with_context(|| format!("line {number} is no sample"))?;
        if Kind::from_stored(name).is_none() {
            bail!("line {number}: `{name}` is no kind");
        }
        if samples.insert(name.to_owned(), body.to_owned()).is_some() {
            bail!("line {number}: `{name}` stands there twice");
        }
    }
    Ok(samples)
}

/// A sample reads as its kind and is written back as the same bytes.
fn prove(kind: Kind, body: &str) -> anyhow::Result<()> {
    let stored = kind.stored();
    let act = Act::read(stored, kind.version(), body.as_bytes())
        .with_context(|| format!("the sample of `{stored}` is not readable"))?;
    let written = String::from_utf8(act.body())?;
    if written != body {
        bail!("the sample of `{stored}` is written back as {written}");
    }
    Ok(())
}

/// What a heading becomes in a link.
fn anchor(stored: &str) -> String {
    stored.replace('.', "")
}

const fn nature(kind: Kind) -> &'static str {
    match kind.nature() {
        Nature::Request => "request",
        Nature::Report => "report",
    }
}

const fn keeping(kind: Kind) -> &'static str {
    match kind.keeping() {
        Keeping::Open => "open",
        Keeping::Record => "record",
        Keeping::Sealed => "sealed",
    }
}
