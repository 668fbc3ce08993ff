//! What left for another record.

use domain::state::Sent;

use crate::node::Node;

impl Node {
    /// What left for another record and is not known to have arrived though its time is over or the other was heard from: a
    /// sentence each.
    pub fn not_arrived(&self) -> Vec<String> {
        let shown = self.core.shown();
        let state = &shown.state;
        let says = |sent: &Sent| {
            let weapons: Vec<&str> = sent.weapons.iter().map(|id| state.tag(*id)).collect();
            let rounds: u64 = sent.rounds.values().map(|rounds| u64::from(*rounds)).sum();
            let what = match (weapons.is_empty(), rounds) {
                (true, rounds) => format!("{rounds} rounds"),
                (false, 0) => format!("tag {}", weapons.join(", ")),
                (false, rounds) => format!("tag {} and {rounds} rounds", weapons.join(", ")),
            };
            format!(
                "{what} left for {} and nobody said that they arrived.",
                sent.to
            )
        };
        state.not_arrived().map(|(_, sent)| says(sent)).collect()
    }
}
