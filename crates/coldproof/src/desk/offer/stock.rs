//! Receiving, counting, storing.

use domain::act::Kind;
use domain::words::*;
use node::View;
use serde_json::json;
use web::desk::{Choice, Offer};

use super::lots;
use crate::desk::form::{With as _, all, offer, option, saw, yes_no};

/// Receiving, counting, storing.
pub(super) fn receiving(view: &View<'_>) -> Vec<Offer> {
    let state = &view.state;
    let mut offers = vec![
        offer(Kind::ReceiveWeapon, "Receive a weapon", json!({}))
            .words("tag", "Tag")
            .words("name", "What people call it")
            .choice("class", "What it is said to be", all!(Class))
            .choice("works", "How it holds rounds", works())
            .words_or_none("calibre", "Calibre")
            .words("serial", "Serial or mark, as read")
            .words_or_none("family", "Family of look-alikes")
            .words("from", "Where it came from")
            .choice("inspected", "Inspected, bore and action sound", yes_no())
            .choice("papers_matched", "Serial and papers agree", yes_no()),
        offer(Kind::ReceiveLot, "Receive a lot", json!({}))
            .words("tag", "Tag")
            .choice("said", "What it is said to hold", said())
            .count("count", "Rounds by the paper", 1_000_000)
            .count("counted", "Rounds counted", 1_000_000)
            .words_or_none("calibre", "Calibre")
            .words_or_none("maker", "Maker")
            .words_or_none("number", "Maker's lot number")
            .choice("origin", "Where it came from", all!(Origin))
            .choice("condition", "How it came", all!(Condition))
            .choice("declared", "Declared in writing", yes_no())
            .words_or_none("place", "Where it is kept"),
        offer(Kind::AddStore, "Name a store", json!({ "keys": [] })).words("name", "Its name"),
        offer(Kind::Sweep, "Swept the site", json!({}))
            .several("places", "Searched", places())
            .several("missed", "Could not be searched", places())
            .count("found", "Rounds found that may be live", 999),
    ];
    if !state.lots.is_empty() {
        offers.push(
            offer(Kind::ProveLot, "Prove a lot", json!({}))
                .choice("lot", "Which", lots(view))
                .count("counted", "Counted", 1_000_000)
                .count("proven", "Proven one by one", 1_000_000)
                .count("primers", "Primers looked at", 1_000_000),
        );
        offers.push(
            offer(Kind::CountLot, "Count a lot", json!({}))
                .choice("lot", "Which", lots(view))
                .count("counted", "Rounds there", 1_000_000)
                .choice("secured", "Locked or sealed as it was left", yes_no())
                .choice("moment", "When", all!(Moment)),
        );
        offers.push(
            offer(Kind::ReconcileLot, "Bring rounds to account", json!({}))
                .choice("lot", "Which", lots(view))
                .count("fired", "Fired", 1_000_000)
                .count("returned", "Back whole", 1_000_000)
                .count("misfired", "Misfired", 1_000_000),
        );
    }
    offers.push(
        offer(
            Kind::FoundRound,
            "Found a round",
            json!({ "account": saw() }),
        )
        .choice("live", "Live?", all!(Answer))
        .words_or_none("calibre", "Calibre")
        .words("place", "Where it lay"),
    );
    offers
}

/// Where rounds hide.
fn places() -> Vec<Choice> {
    [
        "carts",
        "belts and holsters",
        "magazines and loaders",
        "vehicles",
        "the set",
        "stores",
    ]
    .map(|place| option(json!(place), place))
    .to_vec()
}

fn works() -> Vec<Choice> {
    vec![
        option(
            json!({ "kind": "cylinder", "positions": 6 }),
            "Cylinder of six",
        ),
        option(
            json!({ "kind": "cylinder", "positions": 5 }),
            "Cylinder of five",
        ),
        option(json!({ "kind": "barrels", "positions": 1 }), "One barrel"),
        option(json!({ "kind": "barrels", "positions": 2 }), "Two barrels"),
        option(
            json!({ "kind": "magazine", "capacity": 10 }),
            "Magazine and chamber",
        ),
        option(json!({ "kind": "none" }), "Nothing goes into it"),
    ]
}

fn said() -> Vec<Choice> {
    let dummy = |features: &[&str], label: &str| {
        option(
            json!({ "kind": "dummy", "features": features, "test": "seen and shaken, one by one" }),
            label,
        )
    };
    let mut said = vec![
        dummy(&["hole"], "Dummies, hole in the case"),
        dummy(&["rattle"], "Dummies that rattle"),
        dummy(&["hole", "rattle"], "Dummies, hole and rattle"),
    ];
    said.extend(Load::ALL.iter().map(|load| {
        option(
            json!({ "kind": "blank", "load": load.stored() }),
            format!("Blanks, {}", load.word()),
        )
    }));
    said.extend([
        option(json!({ "kind": "live" }), "Live rounds"),
        option(json!({ "kind": "unknown" }), "Nobody knows"),
    ]);
    said
}
