//! Signing a head, and looking at what came back.

use ledger::checkpoint::Checkpoint;
use ledger::merkle::Frontier;
use ledger::note::VerifierKey;

use crate::log::Signer;

/// The signed note over what `frontier` holds, checked as a stranger would.
pub(crate) fn signed(
    key: &VerifierKey,
    signer: &mut Signer,
    frontier: &Frontier,
) -> Result<String, String> {
    let origin = key
        .name()
        .parse()
        .map_err(|error| format!("the log has no proper name: {error}"))?;
    let checkpoint = Checkpoint {
        origin,
        size: frontier.size(),
        root: frontier.root(),
    };
    let note = signer(&checkpoint)?;
    match Checkpoint::open(&note, key) {
        Ok(found) if found == checkpoint => Ok(note),
        Ok(_) => Err("the signer signed another head than it was given".to_owned()),
        Err(error) => Err(format!("the signer's checkpoint does not hold: {error}")),
    }
}
