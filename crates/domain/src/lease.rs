//! The one door through which COLD and HOT come.

use crate::{judge::Judgement, outcome::LeaseTerms, refusal::Refusal};

/// Proof that neither the record nor the packs have anything against a request. Made by [`Granted::by`] alone.
pub(crate) struct Granted(());

impl Granted {
    /// Granted when there is no refusal and no rule refused.
    pub(crate) fn by(refusals: &[Refusal], judgements: &[Judgement]) -> Option<Self> {
        let clear = refusals.is_empty()
            && judgements
                .iter()
                .all(|judgement| judgement.refused.is_empty());
        clear.then_some(Self(()))
    }
}

/// The right of a weapon to be called COLD or HOT for a while. Cannot be copied; made from a [`Granted`] alone.
#[derive(Debug)]
pub struct Lease(LeaseTerms);

impl Lease {
    pub(crate) fn grant(_proof: &Granted, terms: LeaseTerms) -> Self {
        Self(terms)
    }

    /// Its scope and end, as they stand in the entry.
    pub fn into_terms(self) -> LeaseTerms {
        self.0
    }
}
