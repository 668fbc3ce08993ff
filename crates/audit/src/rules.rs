//! The packs in force, as whoever judges needs them.

use std::sync::Arc;

use domain::judge::Judge;

/// Rules in force.
#[derive(Clone)]
pub struct Rules {
    /// Judges requests.
    pub judge: Arc<dyn Judge + Send + Sync>,
    /// `name@version:sha256` of each pack, sorted.
    pub packs: Vec<String>,
}

/// Where packs are found by name.
pub trait Rulebook: Send + Sync {
    /// The names there are, sorted.
    fn names(&self) -> Vec<String>;

    /// The rules of these packs together.
    ///
    /// # Errors
    /// A sentence, when one is missing or faulty.
    fn load(&self, names: &[String]) -> Result<Rules, String>;
}
