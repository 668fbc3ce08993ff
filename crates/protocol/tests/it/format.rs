//! What the loader and `pack check` do not let pass.

use protocol::{Protocol, Report, Source, check, shipped};

pub(crate) const RULE: &str = r#"
@id("CHK-04-z")
@source("OURS")
@clause("a test")
@force("practice")
@verified("read")
@severity("hard-stop")
@message("open the weapon again and look into every chamber")
@duty("armorer")
@remedy("do the Full check again, both of you")
forbid (principal, action == Action::"call_cold", resource)
when { context.positions < 0 };
"#;

const MANIFEST: &str = r#"
id = "extra"
version = "1"
title = "A test"
jurisdictions = ["any"]

[[source]]
code = "OURS"
name = "This test"
place = ""
"#;

pub(crate) const TESTS: &str = r#"
[[test]]
name = "it applies"
gates = ["call_cold"]
baseline = "harmless"
facts = { positions = -1 }
expect = "refused"
rules = ["CHK-04-z"]

[[test]]
name = "it does not"
gates = ["call_cold"]
baseline = "harmless"
expect = "admitted"
rules = []
"#;

pub(crate) fn put(extra: &mut Source, file: &str, bytes: &[u8]) {
    extra.files.insert(file.into(), bytes.to_vec());
}

pub(crate) fn take(extra: &mut Source, file: &str) {
    extra.files.remove(file);
}

/// `base` and one more pack, changed.
pub(crate) fn with(change: impl FnOnce(&mut Source)) -> Vec<Source> {
    let mut extra = Source {
        name: "extra".into(),
        ..Source::default()
    };
    for (file, text) in [
        ("pack.toml", MANIFEST),
        ("rules.cedar", RULE),
        ("tests/rules.toml", TESTS),
        ("README.md", "# extra"),
    ] {
        extra.files.insert(file.into(), text.as_bytes().to_vec());
    }
    change(&mut extra);
    vec![permits(), extra]
}

/// `base` with its permits alone: what is tested here is another pack, and a short file is read sooner.
fn permits() -> Source {
    let mut base = base();
    let text = String::from_utf8(base.files["rules.cedar"].clone()).unwrap();
    let (permits, _) = text.split_once("\n// Live ammunition").unwrap();
    put(&mut base, "rules.cedar", permits.as_bytes());
    base
}

fn base() -> Source {
    shipped()
        .into_iter()
        .find(|source| source.name == "base")
        .unwrap()
}

pub(crate) fn replace(file: &str, from: &str, to: &str) -> Vec<Source> {
    with(|extra| {
        let text = String::from_utf8(extra.files[file].clone()).unwrap();
        assert!(text.contains(from), "{from} does not stand in {file}");
        extra
            .files
            .insert(file.into(), text.replace(from, to).into_bytes());
    })
}

#[track_caller]
pub(crate) fn refused(sources: &[Source], says: &str) {
    let error = Protocol::load(sources).unwrap_err().to_string();
    assert!(error.contains(says), "expected `{says}` in:\n{error}");
}

#[track_caller]
pub(crate) fn found(sources: &[Source], says: &str) -> Report {
    Protocol::load(sources)
        .unwrap_or_else(|error| panic!("it loads, and the check speaks: {error}"));
    let report = check(sources, "extra");
    let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert!(
        faults.iter().any(|fault| fault.contains(says)),
        "expected `{says}` in {faults:#?}"
    );
    report
}

#[test]
fn a_pack_that_keeps_to_the_format_loads_and_passes() {
    let sources = with(|_| {});
    assert_eq!(
        Protocol::load(&sources)
            .unwrap()
            .rule("CHK-04-z")
            .unwrap()
            .row(),
        "CHK-04"
    );
    let report = check(&sources, "extra");
    assert_eq!(
        (report.faults.as_slice(), report.rules, report.trials),
        (&[][..], 1, 2)
    );
    assert!(report.name.starts_with("extra@1:"));
}

#[test]
fn nothing_is_in_force_without_base() {
    let sources: Vec<Source> = with(|_| {})
        .into_iter()
        .filter(|source| source.name != "base")
        .collect();
    refused(&sources, "`base` is not among them");
    refused(&[], "`base` is not among them");
}

#[test]
fn every_annotation_is_needed() {
    for key in [
        "source", "clause", "force", "verified", "severity", "message", "duty", "remedy",
    ] {
        let sources = replace("rules.cedar", &format!("@{key}("), &format!("@no_{key}("));
        refused(&sources, &format!("has no `@{key}`"));
        refused(&sources, &format!("`@no_{key}` means nothing"));
    }
    refused(
        &replace("rules.cedar", "@id(\"CHK-04-z\")", ""),
        "a rule has no `@id`",
    );
    refused(
        &replace("rules.cedar", "@duty(\"armorer\")", "@duty(\" \")"),
        "has no `@duty`",
    );
}

#[test]
fn an_annotation_says_one_of_the_known_words() {
    refused(
        &replace("rules.cedar", "hard-stop", "fatal"),
        "`@severity` is one of hard-stop, required, advisory",
    );
    refused(
        &replace("rules.cedar", "practice", "custom"),
        "`@force` is one of law, guideline",
    );
    refused(
        &replace("rules.cedar", "\"read\"", "\"seen\""),
        "`@verified` is one of read, secondary, recall",
    );
    refused(
        &replace("rules.cedar", "OURS", "THEIRS"),
        "names source `THEIRS`, which does not stand",
    );
    refused(
        &replace("rules.cedar", "CHK-04-z", "four"),
        "no row of the backlog",
    );
    refused(
        &replace("rules.cedar", "@duty", "@limit_ms(\"60000\")\n@duty"),
        "means nothing in a pack",
    );
}

#[test]
fn only_base_permits_and_its_permits_are_bare() {
    let permit = "@id(\"permit-all\")\npermit (principal, action == Action::\"load\", resource);\n";
    refused(
        &replace(
            "rules.cedar",
            "@id(\"CHK-04-z\")",
            &format!("{permit}@id(\"CHK-04-z\")"),
        ),
        "only `base` permits",
    );
    for (from, to, says) in [
        (
            "Action::\"release\", resource);",
            "Action::\"release\", resource) when { context.swept };",
            "no condition",
        ),
        (
            "Action::\"release\", resource);",
            "Action::\"resume\", resource);",
            "permitted twice",
        ),
        ("action == Action::\"release\"", "action", "names its gates"),
    ] {
        let mut base = permits();
        let text = String::from_utf8(base.files["rules.cedar"].clone()).unwrap();
        put(
            &mut base,
            "rules.cedar",
            text.replacen(from, to, 1).as_bytes(),
        );
        refused(&[base], says);
    }
}

#[test]
fn a_rule_compares_facts_and_does_nothing_else() {
    for (condition, says) in [
        ("context.positions + 1 > 0", "`+` may not stand in a rule"),
        ("context.positions * 2 > 0", "`*` may not stand in a rule"),
        ("-context.positions > 0", "`neg` may not stand in a rule"),
        ("context has positions", "`has` may not stand in a rule"),
        ("context has mistyped", "`has` may not stand in a rule"),
        (
            "principal == Person::\"x\"",
            "`Var` may not stand in a rule",
        ),
        ("resource in Thing::\"x\"", "`in` may not stand in a rule"),
        ("[1].contains(context.positions)", "may not stand in a rule"),
        (
            "if context.swept then true else false",
            "may not stand in a rule",
        ),
        ("context.swept == \"yes\"", "only numbers, true and false"),
        ("context.mistyped", "mistyped"),
        ("context.positions", "CHK-04-z"),
        ("context.swept && false", "CHK-04-z"),
    ] {
        refused(
            &replace("rules.cedar", "context.positions < 0", condition),
            says,
        );
    }
    refused(
        &replace("rules.cedar", "when { context.positions < 0 }", ""),
        "a rule has a condition",
    );
}

#[test]
fn a_rule_names_gates_and_neither_who_nor_what() {
    refused(
        &replace("rules.cedar", "action == Action::\"call_cold\"", "action"),
        "a rule names its gates",
    );
    refused(
        &replace("rules.cedar", "call_cold", "call_warm"),
        "a rule names its gates",
    );
    refused(
        &replace("rules.cedar", "(principal,", "(principal == Person::\"x\","),
        "may not name who or what",
    );
    refused(
        &replace("rules.cedar", "(principal,", "(principal == ?principal,"),
        "no templates",
    );
    refused(
        &replace("rules.cedar", "resource)", "resource is Thing)"),
        "may not name who or what",
    );
}

#[test]
fn an_id_stands_once_in_all_packs() {
    let mut sources = replace("rules.cedar", "CHK-04-z", "CHK-04");
    sources[0] = base();
    refused(&sources, "stands in another place too");
    let twice = with(|extra| put(extra, "rules.cedar", &format!("{RULE}{RULE}").into_bytes()));
    refused(&twice, "an id stands twice");
    let mut sources = with(|_| {});
    sources.push(sources.last().unwrap().clone());
    refused(&sources, "the pack stands twice");
}

#[test]
fn faults_say_where_they_are() {
    let error = Protocol::load(&replace("rules.cedar", "when {", "whenever {")).unwrap_err();
    assert_eq!(
        (error.faults[0].file.as_str(), error.faults[0].line),
        ("rules.cedar", Some(12))
    );
    let error = Protocol::load(&replace("pack.toml", "jurisdictions", "places")).unwrap_err();
    assert_eq!(
        (error.faults[0].file.as_str(), error.faults[0].line),
        ("pack.toml", Some(5))
    );
    let report = found(
        &replace(
            "tests/rules.toml",
            "expect = \"admitted\"",
            "expect = \"owed\"",
        ),
        "expected Owed by []",
    );
    assert_eq!(
        (report.faults[0].file.as_str(), report.faults[0].line),
        ("tests/rules.toml", Some(11))
    );
}

#[test]
fn a_manifest_is_held_to_its_form() {
    refused(
        &replace("pack.toml", "id = \"extra\"", "id = \"other\""),
        "the id is `other` and the folder `extra`",
    );
    refused(
        &replace("pack.toml", "version = \"1\"", "version = \"1 (new)\""),
        "a version is",
    );
    refused(&replace("pack.toml", "[\"any\"]", "[]"), "names the places");
    let parameter = |text: &str| replace("pack.toml", "[[source]]", &format!("{text}\n[[source]]"));
    refused(
        &parameter("[parameters.no_such]\nvalue = 1\nwhy = \"a test\""),
        "`no_such` is not declared in `base`",
    );
    refused(
        &parameter("[parameters.sight_ms]\nvalue = true\nwhy = \"a test\""),
        "of another type",
    );
    refused(
        &parameter("[parameters.sight_ms]\nvalue = 0\nwhy = \"a test\""),
        "is above 0",
    );
    refused(
        &parameter("[parameters.sight_ms]\nvalue = 9\nwhy = \"\""),
        "does not say where its figure comes from",
    );
    refused(
        &parameter("[parameters.sight_ms]\nvalue = 9\nstricter = \"higher\"\nwhy = \"a test\""),
        "only there",
    );
    refused(
        &with(|extra| take(extra, "pack.toml")),
        "the file is missing",
    );
    refused(
        &with(|extra| put(extra, "rules.cedar", &[0xff])),
        "not UTF-8",
    );
    refused(
        &with(|extra| put(extra, "rules.cedar", &vec![b' '; (1 << 20) + 1])),
        "longer than",
    );
}

#[test]
fn the_digest_depends_on_every_byte_and_every_name() {
    let digest = |change: fn(&mut Source)| with(change).last().unwrap().digest();
    let plain = digest(|_| {});
    assert_eq!(plain.len(), 64);
    assert_ne!(plain, digest(|extra| put(extra, "README.md", b"# Extra")));
    assert_ne!(plain, digest(|extra| put(extra, "paper.typ", &[])));
    // Bytes do not wander from a name into its content.
    let two = |name: &str, bytes: &[u8]| {
        Source {
            name: "x".into(),
            files: [(name.to_owned(), bytes.to_vec())].into(),
        }
        .digest()
    };
    assert_ne!(two("ab", b"c"), two("a", b"bc"));
    // The worked example of docs/formats/pack.md.
    assert_eq!(two("pack.toml", b"id = \"x\"\n"), EXAMPLE);
    assert!(include_str!("../../../../docs/formats/pack.md").contains(EXAMPLE));
}

/// SHA-256 of `coldproof pack v1\n`, 8 bytes of length and `pack.toml`, 8 bytes of length and `id = "x"\n`.
const EXAMPLE: &str = "4eb69dcb4f0386eaaa66bf918d978af4fea61661518a969ea2942928537f46fd";
