//! The one schema of all packs, written from the domain's facts and gates.
//!
//! Entities carry no attributes: what a rule may read stands in `context`, all of it required. So a missing entity
//! cannot open a door, and a rule has nothing to err on.

use cedar_policy::{Schema, SchemaFragment};
use core::fmt::Write as _;
use domain::{
    facts::{FactType, Facts},
    judge::Gate,
};
use std::sync::OnceLock;

/// The type of who asks.
pub(crate) const PRINCIPAL: &str = "Person";
/// The type of what is asked about.
pub(crate) const RESOURCE: &str = "Thing";

/// The text of `packs/schema.cedarschema`.
pub fn text() -> String {
    let mut out = String::from(
        "// Written from the facts and gates of the domain; a test fails when they drift apart.\n\
         // Entities carry no attributes: a rule reads `context` and nothing else.\n\
         entity Person;\n\
         entity Thing;\n\n\
         type Facts = {\n",
    );
    for (name, kind, meaning) in Facts::FIELDS {
        let kind = match kind {
            FactType::Bool => "Bool",
            FactType::Long => "Long",
        };
        // Writing to a string does not fail.
        let _ = writeln!(out, "  //{meaning}\n  {name}: {kind},");
    }
    out.push_str("};\n\naction\n");
    let gates: Vec<String> = Gate::ALL
        .iter()
        .map(|gate| format!("  \"{}\"", gate.name()))
        .collect();
    out.push_str(&gates.join(",\n"));
    out.push_str(
        "\nappliesTo {\n  principal: [Person],\n  resource: [Thing],\n  context: Facts,\n};\n",
    );
    out
}

/// The schema that packs are held to. Read once: it is the same for every pack of this program.
pub(crate) fn schema() -> Result<Schema, String> {
    static SCHEMA: OnceLock<Result<Schema, String>> = OnceLock::new();
    SCHEMA.get_or_init(read).clone()
}

fn read() -> Result<Schema, String> {
    let (fragment, _) =
        SchemaFragment::from_cedarschema_str(&text()).map_err(|error| error.to_string())?;
    fragment
        .try_into()
        .map_err(|error: cedar_policy::SchemaError| error.to_string())
}
