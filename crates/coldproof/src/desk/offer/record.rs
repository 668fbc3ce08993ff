//! What concerns the record itself: accounts, preserving, erasing sealed bodies.

use domain::act::Kind;
use domain::id::PersonId;
use domain::words::{Basis, Duty};
use node::View;
use serde_json::json;
use web::desk::{Choice, Offer};

use super::hex;
use crate::desk::form::{With as _, all, offer, option};

/// Accounts for everybody; the rest for those who answer for the record.
pub(super) fn of_record(view: &View<'_>, me: PersonId) -> Vec<Offer> {
    let state = &view.state;
    let mut offers = vec![
        offer(Kind::GiveAccount, "Give an account", json!({ "about": [] }))
            .words("words", "What you saw, heard or did, in your words"),
    ];
    let answers = [
        Duty::Administrator,
        Duty::Producer,
        Duty::ProductionManager,
        Duty::SafetyAdviser,
    ];
    if !answers.into_iter().any(|duty| state.holds(me, duty)) {
        return offers;
    }
    offers.push(
        offer(Kind::Preserve, "Preserve the record", json!({}))
            .words("words", "For which matter, claim or authority"),
    );
    for (id, preserved) in &state.preserved {
        let label = format!("End preserving: {}", preserved.words.as_str());
        let known = json!({ "of": hex(id) });
        offers.push(
            offer(Kind::PreserveEnd, &label, known).words("words", "Who decided, and on what"),
        );
    }
    let sealed = sealed(view);
    if !state.is_preserved() && !sealed.is_empty() {
        offers.push(
            offer(Kind::Erase, "Erase sealed bodies", json!({}))
                .several("statements", "Which", sealed)
                .choice("basis", "On what basis", all!(Basis))
                .words("words", "Which law, order or request"),
        );
    }
    offers
}

/// Sealed bodies that are still there, newest first.
fn sealed(view: &View<'_>) -> Vec<Choice> {
    let kept = view.state.sealed.iter();
    let mut kept: Vec<_> = kept
        .filter(|(_, sealed)| sealed.erased_at.is_none() && !sealed.of_incident)
        .collect();
    kept.sort_by_key(|(id, sealed)| std::cmp::Reverse((sealed.at, **id)));
    kept.into_iter()
        .map(|(id, sealed)| {
            let begins: String = id.to_string().chars().take(4).collect();
            let what = sealed.kind.meaning().trim();
            option(
                hex(id),
                format!("{} · {what} · {begins}", view.name(sealed.by)),
            )
        })
        .collect()
}
