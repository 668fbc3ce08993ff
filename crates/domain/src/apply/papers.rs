//! Papers shown and ended.

use crate::{
    act::papers::{EndPaper, ShowPaper},
    state::{PaperShown, State},
    statement::Entry,
};

pub(super) fn show(state: &mut State, entry: &Entry, body: &ShowPaper) {
    let shown = PaperShown {
        about: body.clone(),
        by: entry.statement.by,
        by_handler: state.is_handler(entry.statement.by, entry.at),
        at: entry.at,
    };
    state.papers.insert(entry.statement.id, shown);
}

pub(super) fn end(state: &mut State, body: &EndPaper) {
    state.papers.remove(&body.paper);
}
