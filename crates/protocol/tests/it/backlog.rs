//! `docs/rules.md`: every row of the backlog, where it is kept, and which test shows it. Written from the packs.

use crate::written::holds;
use domain::outcome::Force;
use protocol::{Protocol, Rule, Severity, Verified, shipped};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt::Write as _, path::Path};

const CSV: &str = include_str!("../../../../docs/domain/rules.csv");
const ELSEWHERE: &str = include_str!("../../../../docs/domain/elsewhere.toml");
const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Topics that packs must hold now, as far as a record can decide them.
const NOW: [&str; 9] = [
    "live-ammo",
    "dummy-rounds",
    "blanks",
    "custody",
    "checks",
    "line-of-fire",
    "safety-meeting",
    "stop-work",
    "misfire",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    /// Why a topic comes later.
    later: BTreeMap<String, String>,
    row: BTreeMap<String, Kept>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    kind: String,
    says: String,
    /// A test of another crate that shows it.
    test: Option<String>,
}

/// One line of a file of comma-separated values in which fields may be quoted.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

fn rows() -> Vec<BTreeMap<String, String>> {
    let mut lines = CSV.lines();
    let names = fields(lines.next().unwrap());
    lines
        .map(|line| names.iter().cloned().zip(fields(line)).collect())
        .collect()
}

fn elsewhere() -> Elsewhere {
    toml::from_str(ELSEWHERE).unwrap()
}

/// Pack and rule of each row.
fn rules(protocol: &Protocol) -> BTreeMap<String, Vec<(String, Rule)>> {
    let mut found = BTreeMap::<String, Vec<(String, Rule)>>::new();
    for pack in protocol.all() {
        for rule in &pack.rules {
            found
                .entry(rule.row().to_owned())
                .or_default()
                .push((pack.id.clone(), rule.clone()));
        }
    }
    found
}

/// The first test in which a rule applies.
fn shown_by(pack: &str, rule: &str) -> String {
    let source = shipped()
        .into_iter()
        .find(|source| source.name == pack)
        .unwrap();
    let tests: toml::Table =
        toml::from_str(std::str::from_utf8(&source.files["tests/rules.toml"]).unwrap()).unwrap();
    let test = tests["test"].as_array().unwrap().iter().find(|test| {
        test["rules"]
            .as_array()
            .unwrap()
            .iter()
            .any(|name| name.as_str() == Some(rule))
    });
    test.unwrap_or_else(|| panic!("no test of {pack} shows {rule}"))["name"]
        .as_str()
        .unwrap()
        .to_owned()
}

const fn force(force: Force) -> &'static str {
    match force {
        Force::Law => "law",
        Force::Guideline => "guideline",
        Force::Finding => "finding",
        Force::Contract => "contract",
        Force::Practice => "practice",
        Force::Record => "record",
    }
}

/// Code and sentence of what the domain refuses or lists as broken by itself, by the row that each cites.
fn invariants() -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for file in ["refusal.rs", "admit/breaches.rs"] {
        let text =
            std::fs::read_to_string(Path::new(CRATES).join("domain/src").join(file)).unwrap();
        let mut lines = text.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            // Name = "CU-0001", "the sentence",
            //     "row; source", "clause", …
            let mut parts = line.split('"');
            let (Some(_), Some(code), Some(", "), Some(says)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let cited = lines
                .peek()
                .and_then(|next| next.split('"').nth(1))
                .unwrap_or_default();
            for row in cited.split(';').map(str::trim) {
                found
                    .entry(row.to_owned())
                    .or_default()
                    .push(format!("`{code}` {says}"));
            }
        }
    }
    found
}

fn page() -> String {
    let protocol = Protocol::load(&shipped()).unwrap();
    let (rows, rules, elsewhere, invariants) =
        (rows(), rules(&protocol), elsewhere(), invariants());
    let mut out = String::from(
        "# Every rule of the backlog, and where it is kept\n\n\
         Written by a test from `docs/domain/rules.csv`, the packs and `docs/domain/elsewhere.toml`; it fails when this page is out of date\n\
         (`COLDPROOF_WRITE=1 cargo test -p protocol` writes it again).\n\n\
         *Force* is that of the rule as the pack holds it, not of the row: the law of one place is practice or advice elsewhere.\n\
         *Seen* says how closely the clause of the first source was seen: **read**, **secondary** (others describe it), **recall** (from memory, text not found).\n\
         Codes such as `CU-0001` are refusals and `BR-0001` breaches that the domain itself makes and that cite the row.\n\
         *Shown by* is the first test in the pack's `tests/rules.toml` in which the rule applies; each also has one in which it does not.\n\n",
    );
    let held = rows
        .iter()
        .filter(|row| rules.contains_key(&row["id"]))
        .count();
    let of = |kind: &str| {
        rows.iter()
            .filter(|row| !rules.contains_key(&row["id"]) && kept(&elsewhere, row).0 == kind)
            .count()
    };
    let _ = writeln!(
        out,
        "{} rows: {held} held by {} rules of packs, {} by the domain alone, {} in later issues, {} that a record cannot decide.\n",
        rows.len(),
        protocol.rules().count(),
        of("domain"),
        of("later"),
        of("undecidable"),
    );
    let mut topic = String::new();
    for row in &rows {
        if row["topic"] != topic {
            topic.clone_from(&row["topic"]);
            let _ = writeln!(
                out,
                "\n## {topic}\n\n| row | kept | source, clause | force | seen | shown by |\n| --- | --- | --- | --- | --- | --- |"
            );
        }
        line(&mut out, row, rules.get(&row["id"]), &elsewhere);
        for says in invariants.get(&row["id"]).into_iter().flatten() {
            let _ = writeln!(
                out,
                "| {} | the domain, whatever packs are in force: {says} | | | | |",
                row["id"]
            );
        }
    }
    out
}

/// Kind and words of a row that is kept elsewhere.
fn kept<'a>(elsewhere: &'a Elsewhere, row: &BTreeMap<String, String>) -> (&'a str, &'a str) {
    match elsewhere.row.get(&row["id"]) {
        Some(kept) => (&kept.kind, &kept.says),
        None => (
            "later",
            elsewhere
                .later
                .get(&row["topic"])
                .map_or("", String::as_str),
        ),
    }
}

fn line(
    out: &mut String,
    row: &BTreeMap<String, String>,
    rules: Option<&Vec<(String, Rule)>>,
    elsewhere: &Elsewhere,
) {
    for (pack, rule) in rules.into_iter().flatten() {
        let _ = writeln!(
            out,
            "| {} | `{}` in {pack}, {}: {} | {}: {} | {} | {} | {} |",
            row["id"],
            rule.id,
            rule.severity.word(),
            rule.reason.says,
            rule.sources.join("; "),
            rule.reason.clause,
            force(rule.reason.force),
            rule.verified.word(),
            shown_by(pack, &rule.id),
        );
    }
    let alone = rules.is_none();
    if alone || elsewhere.row.contains_key(&row["id"]) {
        let (kind, says) = kept(elsewhere, row);
        let kind = match kind {
            "domain" => {
                if alone {
                    "domain"
                } else {
                    "and the domain"
                }
            }
            "undecidable" => "a record cannot decide it",
            _ => "later issue",
        };
        let _ = writeln!(
            out,
            "| {} | {kind}: {says} | {}: {} | {} | {} | {} |",
            row["id"],
            row["source"],
            row["clause"],
            if alone { "" } else { "record" },
            row["verified"],
            elsewhere
                .row
                .get(&row["id"])
                .and_then(|kept| kept.test.as_deref())
                .unwrap_or_default()
                .replace('_', " "),
        );
    }
}

#[test]
fn the_page_of_rules_is_written_from_the_packs() {
    holds("docs/rules.md", &page());
}

#[test]
fn every_rule_is_a_row_of_the_backlog_and_sees_its_source_no_closer() {
    let rows: BTreeMap<_, _> = rows()
        .into_iter()
        .map(|row| (row["id"].clone(), row))
        .collect();
    for rule in Protocol::load(&shipped()).unwrap().rules() {
        let row = rows
            .get(rule.row())
            .unwrap_or_else(|| panic!("{} is no row", rule.id));
        let seen = match row["verified"].as_str() {
            "read" => Verified::Read,
            "secondary" => Verified::Secondary,
            _ => Verified::Recall,
        };
        assert!(
            rule.verified >= seen,
            "{} claims to have seen more than its row",
            rule.id
        );
        for code in &rule.sources {
            assert!(
                row["source"].contains(code),
                "{}: {code} is no source of its row",
                rule.id
            );
        }
        // A rule may be milder than its row's proposal only where the row was never found; stricter it may be.
        let proposed = match row["severity"].as_str() {
            "hard-stop" => Severity::HardStop,
            "required" => Severity::Required,
            _ => Severity::Advisory,
        };
        assert!(
            rule.severity <= proposed || rule.verified == Verified::Recall,
            "{} is milder than its row",
            rule.id
        );
    }
}

#[test]
fn every_row_of_the_nine_topics_is_kept_or_accounted_for() {
    let (rules, elsewhere) = (rules(&Protocol::load(&shipped()).unwrap()), elsewhere());
    let rows = rows();
    assert_eq!(rows.len(), 140);
    assert_eq!(
        rows.iter()
            .filter(|row| NOW.contains(&row["topic"].as_str()))
            .count(),
        72
    );
    for row in &rows {
        let id = &row["id"];
        let now = NOW.contains(&row["topic"].as_str());
        let said = rules.contains_key(id)
            || elsewhere.row.contains_key(id)
            || (!now && elsewhere.later.contains_key(&row["topic"]));
        assert!(said, "{id} is nowhere");
    }
    for (id, kept) in &elsewhere.row {
        assert!(rows.iter().any(|row| row["id"] == *id), "{id} is no row");
        assert!(
            ["domain", "later", "undecidable"].contains(&kept.kind.as_str()),
            "{id}: {}",
            kept.kind
        );
        assert!(
            kept.kind == "domain" || !rules.contains_key(id),
            "{id} is a rule and comes later"
        );
    }
}

/// Every test named in `elsewhere.toml` stands somewhere in the crates.
#[test]
fn tests_named_for_the_domain_exist() {
    fn sources(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, text);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut text = String::new();
    for crate_name in ["domain", "node", "coldproof"] {
        sources(&Path::new(CRATES).join(crate_name), &mut text);
    }
    for (id, kept) in &elsewhere().row {
        if let Some(test) = &kept.test {
            assert!(
                text.contains(&format!("fn {test}(")),
                "{id}: no test is called {test}"
            );
        }
    }
}

#[test]
fn law_is_said_only_where_the_row_says_law_of_a_place_of_the_pack() {
    let rows = rows();
    for pack in Protocol::load(&shipped()).unwrap().all() {
        for rule in &pack.rules {
            if rule.reason.force != Force::Law {
                continue;
            }
            let row = rows.iter().find(|row| row["id"] == rule.row()).unwrap();
            assert!(row["clause"].contains("law"), "{}: no law", rule.id);
            assert!(
                pack.jurisdictions
                    .iter()
                    .any(|place| row["jurisdiction"].split("; ").any(|one| one == place)),
                "{}: the law of another place",
                rule.id
            );
        }
    }
}
