//! coldproof
fn main() {}
