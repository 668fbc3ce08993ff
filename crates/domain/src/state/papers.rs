//! Papers that were shown and not ended.

use super::State;
use crate::{act::papers::ShowPaper, id::*, time::Millis, words::Paper};

/// A paper as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperShown {
    /// As shown.
    pub about: ShowPaper,
    /// Who showed it.
    pub by: PersonId,
    /// That person was a qualified handler then.
    pub by_handler: bool,
    /// When, ms UTC.
    pub at: Millis,
}

impl State {
    /// Papers of this kind that hold at `now` and are about exactly this; `None`: about the production.
    pub fn papers_of(
        &self,
        paper: Paper,
        of: Option<StatementId>,
        now: Millis,
    ) -> impl Iterator<Item = &PaperShown> {
        self.papers.values().filter(move |shown| {
            shown.about.paper == paper
                && shown.about.of == of
                && shown.about.until.is_none_or(|until| now < until)
        })
    }
}
