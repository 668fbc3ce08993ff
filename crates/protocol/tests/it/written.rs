//! Files that the program writes from what it knows. `COLDPROOF_WRITE=1` rewrites them.

use std::path::Path;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Fails if the file differs from what it should be, or rewrites it.
#[track_caller]
pub(crate) fn holds(path: &str, expected: &str) {
    let file = Path::new(ROOT).join(path);
    if std::env::var("COLDPROOF_WRITE").is_ok_and(|value| value == "1") {
        std::fs::write(&file, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = found
        .lines()
        .zip(expected.lines())
        .position(|(one, other)| one != other);
    assert!(
        found == expected,
        "{path} is out of date (line {}); run with COLDPROOF_WRITE=1 to write it again",
        differs.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1
    );
}

#[test]
fn the_schema_is_that_of_the_facts_and_gates() {
    holds("packs/schema.cedarschema", &protocol::schema::text());
}
