//! Time is handed in: milliseconds since 1970 UTC, by the node's clock unless a name says whose.

/// Milliseconds; an instant since 1970 UTC or a length, as the name of the value says.
pub type Millis = i64;
