//! Where the day is told: something that takes what a device signs and answers.

use super::Who;
use domain::act::Act;
use domain::id::{KeyId, PersonId, StatementId};
use domain::outcome::Outcome;
use domain::time::Millis;

/// What a statement came to.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its id; the id of whatever it made.
    pub id: StatementId,
    /// What was answered.
    pub outcome: Outcome,
}

/// Takes the statements of a cast, each signed by the device of whoever speaks.
pub trait Stage {
    /// The time now, ms UTC.
    fn now(&self) -> Millis;

    /// The link that the node made for the first administrator: the invitation and its secret.
    ///
    /// # Errors
    /// It was used, or there is none.
    fn first_link(&mut self) -> anyhow::Result<(StatementId, [u8; 32])>;

    /// A secret for a further link.
    ///
    /// # Errors
    /// The machine gave no randomness.
    fn secret(&mut self) -> anyhow::Result<[u8; 32]>;

    /// The public key of their device, made now if they have none.
    ///
    /// # Errors
    /// The machine gave no randomness.
    fn key(&mut self, who: Who) -> anyhow::Result<KeyId>;

    /// From now on their device signs for this person.
    fn is_person(&mut self, who: Who, person: PersonId);

    /// Signs the act on their device and enters it.
    ///
    /// # Errors
    /// It was not entered.
    fn enter(&mut self, who: Who, act: Act) -> anyhow::Result<Said>;
}
