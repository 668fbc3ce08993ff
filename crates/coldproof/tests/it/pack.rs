//! Packs read by people: a page of one, and what changes between two.

use crate::cli::{check, text};
use std::fs;

#[test]
fn a_pack_is_explained_with_source_clause_force_and_how_closely_it_was_seen() {
    let page = check(
        &["pack", "explain", "us-ca", "--plain"],
        0,
        "LIV-01-c: refuses",
    );
    assert!(page.contains("9155(a); law; seen: read"), "{page}");
    assert!(page.contains("by gate"), "{page}");
    let base = check(&["pack", "explain", "base", "--plain"], 0, "concern_ms = ");
    assert!(base.contains("ours"), "{base}");
}

#[test]
fn every_pack_is_explained_with_the_facts_that_each_rule_reads() {
    for source in protocol::shipped() {
        let said = check(&["pack", "explain", &source.name, "--json"], 0, "rules");
        let page: serde_json::Value = serde_json::from_str(&said).unwrap();
        for rule in page["rules"].as_array().unwrap() {
            assert!(!rule["facts"].as_array().unwrap().is_empty(), "{rule}");
            assert_ne!(rule["topic"], "other", "{rule}");
        }
    }
}

#[test]
fn what_changes_between_two_versions_is_told_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("us-ca");
    let source = protocol::shipped();
    let source = source.iter().find(|source| source.name == "us-ca").unwrap();
    for (name, bytes) in &source.files {
        let path = new.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    check(&["pack", "diff", "us-ca", text(&new)], 0, "0 changes");
    let rules = fs::read_to_string(new.join("rules.cedar")).unwrap();
    let milder = rules.replacen("hard-stop", "advisory", 1);
    fs::write(new.join("rules.cedar"), milder).unwrap();
    let said = check(
        &["pack", "diff", "us-ca", text(&new)],
        0,
        "LIV-01-c, severity: was `hard-stop`, is `advisory`",
    );
    assert!(said.contains("\n1 changes"), "{said}");
}

#[test]
fn a_pack_that_is_nowhere_is_named() {
    check(
        &["pack", "explain", "us-xx"],
        65,
        "`us-xx` is neither a folder nor a pack",
    );
}
