//! A golden body for every kind: it is read, written back byte for byte, and nothing near it is read.
//!
//! `COLDPROOF_WRITE=1` writes samples that are missing, from `docs/formats/golden/bodies.txt`, and changes none.

use domain::act::{Act, Kind};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::PathBuf};

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/golden")
}

/// The sample of every kind, by stored name.
fn samples() -> BTreeMap<&'static str, String> {
    let list = fs::read_to_string(golden().join("bodies.txt")).unwrap();
    let listed: BTreeMap<&str, &str> = list
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let one = |kind: &Kind| {
        let path = golden()
            .join("kinds")
            .join(format!("{}.json", kind.stored()));
        if !path.exists() && std::env::var_os("COLDPROOF_WRITE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, listed[kind.stored()]).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap_or_else(|_| {
            panic!(
                "{} has no golden body: COLDPROOF_WRITE=1 writes it",
                kind.stored()
            )
        });
        assert_eq!(
            Some(&text.as_str()),
            listed.get(kind.stored()),
            "the list and the file of {} differ",
            kind.stored()
        );
        (kind.stored(), text)
    };
    Kind::ALL.iter().map(one).collect()
}

fn reads(kind: &str, body: &str) -> bool {
    Act::read(kind, 1, body.as_bytes()).is_ok()
}

#[test]
fn every_kind_has_a_golden_body_that_is_read_and_written_back_byte_for_byte() {
    for (kind, text) in samples() {
        let act =
            Act::read(kind, 1, text.as_bytes()).unwrap_or_else(|fault| panic!("{kind}: {fault}"));
        assert_eq!(act.kind().stored(), kind);
        assert_eq!(String::from_utf8(act.body()).unwrap(), text);
    }
    let files = fs::read_dir(golden().join("kinds")).unwrap().count();
    assert_eq!(files, Kind::ALL.len(), "a file of no kind");
}

#[test]
fn no_kind_is_read_in_another_version_or_under_another_name() {
    for (kind, text) in samples() {
        assert!(
            Act::read(kind, 2, text.as_bytes()).is_err()
                && Act::read(kind, 0, text.as_bytes()).is_err()
        );
        assert!(Act::read(&kind.to_uppercase(), 1, text.as_bytes()).is_err());
    }
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    for (kind, text) in samples() {
        for at in objects(&text) {
            let mut body = text.clone();
            let comma = if text[at + 1..].starts_with('}') {
                ""
            } else {
                ","
            };
            body.insert_str(at + 1, &format!("\"unheard_of\":1{comma}"));
            assert!(!reads(kind, &body), "{kind} takes {body}");
        }
    }
}

#[test]
fn an_unknown_field_of_a_word_without_fields_is_refused() {
    for (kind, was, bare) in [
        (
            "weapon.receive",
            r#"{"kind":"cylinder","positions":6}"#,
            r#"{"kind":"none"}"#,
        ),
        (
            "lot.receive",
            r#"{"kind":"dummy","features":["hole","rattle"],"test":"Shake each one, look for the hole."}"#,
            r#"{"kind":"live"}"#,
        ),
        ("weapon.clear", r#"{"is":"empty"}"#, r#"{"is":"not_seen"}"#),
    ] {
        let text = &samples()[kind];
        assert!(text.contains(was));
        let body = text.replacen(was, bare, 1);
        let act = Act::read(kind, 1, body.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(act.body()).unwrap(), body);
        assert!(!reads(
            kind,
            &body.replacen(bare, &bare.replace('}', ",\"zz\":1}"), 1)
        ));
    }
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    for (kind, text) in samples() {
        let value: Value = serde_json::from_str(&text).unwrap();
        for (name, member) in value.as_object().unwrap() {
            let mut body = text.clone();
            body.insert_str(1, &format!("\"{name}\":{member},"));
            assert!(!reads(kind, &body), "{kind} takes {body}");
        }
    }
}

#[test]
fn null_and_a_value_of_another_type_are_refused_for_every_leaf() {
    for (kind, text) in samples() {
        each_leaf(&text, &mut |path, leaf, replace| {
            for other in [Value::Null, Value::Array(vec![Value::Null]), flip(leaf)] {
                let body = replace(&other);
                assert!(!reads(kind, &body), "{kind}.{path} takes {body}");
            }
        });
    }
}

#[test]
fn a_value_that_a_vocabulary_or_an_id_does_not_have_is_refused() {
    // Leaves that hold free words.
    const FREE: &[&str] = &[
        "part",
        "done_by",
        "vents",
        "production",
        "unit",
        "watermark",
        "version",
        "packs",
        "words",
        "role",
        "name",
        "calibre",
        "serial",
        "family",
        "from",
        "tag",
        "test",
        "maker",
        "number",
        "place",
        "places",
        "missed",
        "seal",
        "why_real",
        "enforced_by",
        "by_voice",
        "authority",
        "looked_at",
        "cause",
        "fix",
        "to",
        "differed",
        "kinds",
        "why",
        "vkey",
        "url",
        "whose",
        "contact",
        "media",
    ];
    for (kind, text) in samples() {
        each_leaf(&text, &mut |path, leaf, replace| {
            if !leaf.is_string() {
                return;
            }
            let body = replace(&Value::from("no such value"));
            let field = path
                .rsplit('.')
                .find(|part| part.parse::<usize>().is_err())
                .unwrap();
            let free =
                FREE.contains(&field) && !(field == "to" && leaf.as_str().unwrap().len() == 64);
            assert_eq!(reads(kind, &body), free, "{kind}.{path}");
        });
    }
}

#[test]
fn a_required_member_left_out_is_refused() {
    // What a body may leave out.
    const OPTIONAL: &[&str] = &[
        "for_person",
        "until",
        "about",
        "by",
        "weapon",
        "lot",
        "happened_at",
        "counted",
        "carrier",
        "seen",
        "watcher",
        "supervisor",
        "action",
        "now_with",
        "event",
        "original",
        "of",
        "file",
        "wrapped_at",
    ];
    for (kind, text) in samples() {
        let value: Value = serde_json::from_str(&text).unwrap();
        let all = value.as_object().unwrap();
        for name in all.keys() {
            let mut less = all.clone();
            less.remove(name);
            let body = serde_json::to_string(&less).unwrap();
            assert!(
                !reads(kind, &body) || OPTIONAL.contains(&name.as_str()),
                "{kind} takes {body}"
            );
        }
    }
}

/// Offsets of every `{` outside strings.
fn objects(text: &str) -> Vec<usize> {
    let (mut inside, mut escaped, mut found) = (false, false, vec![]);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'{' if !inside => found.push(at),
            _ => {}
        }
    }
    found
}

fn flip(leaf: &Value) -> Value {
    match leaf {
        Value::String(_) => Value::from(1),
        _ => Value::from("1"),
    }
}

/// Path and value of a leaf, and a way to write the body with another value there.
type Visit<'a> = dyn FnMut(&str, &Value, &dyn Fn(&Value) -> String) + 'a;

/// Every string, number and boolean of the body, with a way to put something else in its place.
fn each_leaf(text: &str, visit: &mut Visit<'_>) {
    let whole: Value = serde_json::from_str(text).unwrap();
    let mut paths = vec![];
    leaves(&whole, String::new(), &mut paths);
    for path in paths {
        let pointer = path.replace('.', "/");
        let leaf = whole.pointer(&pointer).unwrap().clone();
        visit(&path, &leaf, &|other| {
            let mut changed = whole.clone();
            *changed.pointer_mut(&pointer).unwrap() = other.clone();
            changed.to_string()
        });
    }
}

fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, one)| leaves(one, format!("{path}.{name}"), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, one)| leaves(one, format!("{path}.{n}"), found)),
        _ => found.push(path),
    }
}
