//! The page of the format tells every kind, field, grant and word as the program has them. `REWRITE=1` rewrites its lists.

use coldproof::replay::{Absent, Grant, Lit, Sort, fields_of};
use core::fmt::Write;
use domain::{
    act::{Kind, Nature},
    words,
};
use std::{fs, path::PathBuf};

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/case.md")
}

#[track_caller]
fn check(name: &str, wanted: &str) {
    let text = fs::read_to_string(page()).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (found, after) = rest.split_once(&end).unwrap();
    if found != wanted && std::env::var("REWRITE").is_ok() {
        fs::write(page(), format!("{before}{begin}{wanted}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(
        found, wanted,
        "the list `{name}` of docs/formats/case.md is stale: run this test with REWRITE=1"
    );
}

fn lit(lit: Lit) -> String {
    match lit {
        Lit::Text("") => "empty".into(),
        Lit::Text(text) => format!("`{text}`"),
        Lit::Whole(number) => number.to_string(),
        Lit::Flag(flag) => flag.to_string(),
        Lit::Nothing => "none".into(),
    }
}

fn sort(sort: Sort) -> String {
    match sort {
        Sort::Name(thing) => thing.a_word().into(),
        Sort::Names(thing) => format!("{} names", thing.word()),
        Sort::Key => "a person's key".into(),
        Sort::Words => "words".into(),
        Sort::WordsList => "words, several".into(),
        Sort::Whole => "number".into(),
        Sort::Flag => "true/false".into(),
        Sort::Choice => "word".into(),
        Sort::Choices => "words of a list".into(),
        Sort::Length => "time length".into(),
        Sort::Distance => "distance".into(),
        Sort::Instant => "time".into(),
        Sort::Account => "account".into(),
        Sort::Sight => "a look".into(),
        Sort::Sights => "looks, one a weapon".into(),
        Sort::Said => "what a lot holds".into(),
        Sort::Works => "how it holds rounds".into(),
        Sort::Limits => "bounds".into(),
        Sort::Plain => "as in the format of the kind".to_owned(),
    }
}

fn absent(absent: Absent, of: Sort, name: &str) -> String {
    match absent {
        Absent::Required => "**needed**".into(),
        Absent::Leave => "left out".into(),
        Absent::Is(value) => lit(value),
        Absent::If(grant, yes, no) => {
            format!("{} if `{}`, else {}", lit(yes), grant.written(), lit(no))
        }
        Absent::What => "the row's text".into(),
        Absent::OwnName => "its name".into(),
        Absent::Worked => match (of, name) {
            (Sort::Works, _) => "`none` for what cannot fire, else **needed**".into(),
            (Sort::Sight, _) => "whole, if `looks`".into(),
            (Sort::Account, _) => "saw it, then".into(),
            (Sort::Name(_), "store") => "the lock-up".into(),
            (_, "attended") => "everyone, if `meetings`".into(),
            (_, "topics") => "all, if `meetings`".into(),
            (_, "minutes_by") => "somebody else than the leader".into(),
            (_, "counted" | "proven" | "primers") => "as many as there are".into(),
            (_, "rounds") => "what the case says lies inside".into(),
            _ => "worked out".into(),
        },
    }
}

#[test]
fn the_page_lists_every_kind_with_every_field() {
    let mut out = String::new();
    for kind in Kind::ALL {
        let nature = match kind.nature() {
            Nature::Request => "request",
            Nature::Report => "report",
        };
        let meaning = kind.meaning().trim().trim_end_matches('.');
        write!(out, "- **`{}`** ({nature}): {meaning}.", kind.stored()).unwrap();
        for field in fields_of(*kind) {
            write!(
                out,
                " `{}`: {}, {};",
                field.name,
                sort(field.sort),
                absent(field.absent, field.sort, field.name)
            )
            .unwrap();
        }
        let line = out.trim_end_matches(';').to_owned();
        out = line + "\n";
    }
    check("kinds", &out);
}

#[test]
fn the_page_lists_every_grant() {
    let mut out = String::from("| grant | what it grants |\n| --- | --- |\n");
    for grant in Grant::ALL {
        writeln!(
            out,
            "| `{}` | {} |",
            grant.written(),
            grant.meaning().trim()
        )
        .unwrap();
    }
    check("grants", &out);
}

#[test]
fn the_page_lists_the_words_of_every_closed_list() {
    macro_rules! lists {
        ($($name:ident: $where:literal),+ $(,)?) => {{
            let mut out = String::from("| field | words |\n| --- | --- |\n");
            $({
                let words: Vec<String> = words::$name::ALL.iter().map(|word| format!("`{}`", word.stored())).collect();
                writeln!(out, "| {} | {} |", $where, words.join(", ")).unwrap();
            })+
            out
        }};
    }
    let out = lists! {
        Duty: "`duty`, `duties`",
        Department: "`department`",
        Class: "`class`",
        Load: "`load`",
        Origin: "`origin`",
        Condition: "`condition`",
        Check: "`check`",
        Answer: "`live`, `at_person`, and the questions of a plan",
        Showing: "`answer` of a showing",
        Occasion: "`occasion`",
        Doing: "`doing`",
        Harm: "`harm`",
        Unexpected: "`what` of an unexpected event",
        Asked: "`asked`",
        Reply: "`reply`",
        Topic: "`topics`",
        Learnt: "`learnt`",
        Sure: "`sure`",
        Touched: "`touched`",
        Means: "`means`",
        Holder: "`holder`",
        Skill: "`skill`",
        Moment: "`moment`",
    };
    let acknowledged = "| `acknowledged` | `spoken`, `countersign` |\n";
    check("words", &(out + acknowledged));
}

#[test]
fn the_small_case_of_the_page_is_a_case() {
    let text = fs::read_to_string(page()).unwrap();
    let (_, rest) = text.split_once("```toml\n").unwrap();
    let (case, _) = rest.split_once("```").unwrap();
    let replay = super::run_text(case);
    assert_eq!(
        super::row(&replay, 2).outcome,
        super::RowOutcome::Refused,
        "{}",
        replay.text
    );
    assert_eq!(
        super::row(&replay, 3).outcome,
        super::RowOutcome::Alarmed,
        "{}",
        replay.text
    );
}
