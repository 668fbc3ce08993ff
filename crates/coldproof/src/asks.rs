//! How a node asks its cosigners: over HTTP, by the crate `cosign`. Node and client do not know each other.

use cosign::Client;
use ledger::Digest;
use ledger::cosignature::CosignerKey;
use node::{AskError, Cosigner, Cosigners};
use std::path::Path;

/// Authorities in place of the ones that browsers trust, for cosigners inside a studio's own network.
const OWN_ROOTS: &str = "tls/cosigners.pem";

/// Asks over HTTP.
#[derive(Debug)]
pub struct Asks(Client);

impl Asks {
    /// For the node in `folder`; `tls/cosigners.pem` in it, where there is one, says whose certificates count.
    ///
    /// # Errors
    /// When that file cannot be read, or holds no certificate.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join(OWN_ROOTS);
        let own = if path.exists() {
            Some(std::fs::read(&path)?)
        } else {
            None
        };
        Client::new(own.as_deref())
            .map(Self)
            .map_err(|error| anyhow::anyhow!("`{}`: {error}", path.display()))
    }
}

impl Cosigners for Asks {
    fn ask(
        &self,
        cosigner: &Cosigner,
        old: u64,
        proof: &[Digest],
        note: &str,
    ) -> Result<String, AskError> {
        let key: CosignerKey = cosigner
            .vkey
            .parse()
            .map_err(|error| AskError::Refused(format!("its key cannot be read: {error}")))?;
        self.0.ask(&cosigner.url, &key, old, proof, note)
    }

    fn latest(&self, cosigner: &Cosigner, origin: &str) -> Result<Option<String>, AskError> {
        let newest = self.0.heads(&cosigner.url)?;
        let mut heads = newest.heads.into_iter();
        Ok(heads
            .find(|head| head.origin == origin)
            .map(|head| head.note))
    }
}
