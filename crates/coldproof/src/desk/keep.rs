//! What stands up without the node: its head, proofs, copies and files, as the web asks for them.

use node::Node;

/// The log's key, 64 hex.
pub(super) fn log_key(node: &Node) -> String {
    node.verifier().key().to_string()
}
