//! The checkout that the tests run in is tidy.
#![expect(clippy::expect_used, reason = "tests")]

use xtask::{root, tidy};

#[test]
fn this_checkout_is_tidy() {
    let found = tidy::look(&root::path()).expect("the checkout can be read");
    assert_eq!(found.faults, Vec::<String>::new());
}

#[test]
fn every_crate_of_the_table_of_arrows_exists() {
    for arrow in tidy::ARROWS {
        let at = root::path().join("crates").join(arrow.from);
        let own = root::path().join(arrow.from);
        assert!(at.is_dir() || own.is_dir(), "`{}` is not there", arrow.from);
    }
}
