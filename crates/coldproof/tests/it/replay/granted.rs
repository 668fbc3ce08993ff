//! The set-up grants what it says it grants: a day with nothing denied goes through.

use super::*;

const DAY: &str = r#"
format = 1
id = "granted"
title = "A day with nothing denied"
zone = "+00:00"
packs = ["base", "us-industry", "us-nm"]

[people.armorer]
department = "property"
duties = ["armorer"]

[people.first_ad]
department = "direction"
duties = ["first_ad"]

[people.camera]
department = "camera"
duties = ["camera"]

[people.performer]
department = "cast"
duties = ["performer"]

[weapons.revolver]
class = "firearm"
works = "cylinder 6"

[lots.dummies]
said = "dummy"

[lots.blanks]
said = "blank: half"

[actions.scene]
people = ["performer"]
plan = { must_fire = "yes", shots = 2 }

[[days]]
date = "2024-05-01"

[[row]]
row = 1
at = "2024-05-01T09:00"
what = "Taken out, checked, called, handed over, collected."
confidence = "high"
"#;

const DUMMIES: &str = r#"
[[row.step]]
step = "weapon.take_out"
by = "armorer"
say = { weapons = "revolver", action = "scene", takers = "performer" }

[[row.step]]
step = "weapon.load"
by = "armorer"
say = { weapon = "revolver", lot = "dummies", rounds = 6 }

[[row.step]]
step = "weapon.look"
by = "first_ad"
say = { weapon = "revolver" }

[[row.step]]
step = "weapon.show"
by = "armorer"
say = { weapon = "revolver", to = "camera" }

[[row.step]]
step = "weapon.show"
by = "armorer"
say = { weapon = "revolver", to = "performer", answer = "did_not_wish" }

[[row.step]]
step = "call.cold"
by = "first_ad"
say = { weapons = "revolver" }

[[row.step]]
step = "weapon.hand_over"
by = "armorer"
say = { weapon = "revolver", to = "performer" }

[[row.step]]
step = "action.begin"
by = "first_ad"
say = { action = "scene" }

[[row.step]]
step = "action.all_well"
by = "first_ad"
say = { action = "scene" }

[[row.step]]
step = "weapon.collect"
by = "armorer"
say = { weapon = "revolver" }

[[row.step]]
step = "weapon.clear"
by = "armorer"
say = { weapon = "revolver" }

[[row.step]]
step = "lot.reconcile"
by = "armorer"
say = { lot = "dummies", returned = 6 }

[[row]]
row = 2
at = "2024-05-03"
what = "Two days later."
confidence = "high"

[[row.step]]
step = "record.note"
by = "armorer"
"#;

const BLANKS: &str = r#"
[[row.step]]
step = "weapon.take_out"
by = "armorer"
say = { weapons = "revolver", action = "scene", takers = "performer" }

[[row.step]]
step = "weapon.load"
by = "armorer"
say = { weapon = "revolver", lot = "blanks", rounds = 2 }

[[row.step]]
step = "weapon.look"
by = "first_ad"
say = { weapon = "revolver" }

[[row.step]]
step = "weapon.show"
by = "armorer"
say = { weapon = "revolver", to = "camera" }

[[row.step]]
step = "weapon.show"
by = "armorer"
say = { weapon = "revolver", to = "performer" }

[[row.step]]
step = "zone.clear"
by = "first_ad"
say = { action = "scene" }

[[row.step]]
step = "call.hot"
by = "first_ad"
say = { weapon = "revolver", load = "half", shots = 2 }

[[row.step]]
step = "weapon.hand_over"
by = "armorer"
say = { weapon = "revolver", to = "performer" }

[[row.step]]
step = "action.begin"
by = "first_ad"
say = { action = "scene" }

[[row.step]]
step = "weapon.shots"
by = "armorer"
say = { weapon = "revolver", fired = 2 }

[[row.step]]
step = "action.all_well"
by = "first_ad"
say = { action = "scene" }

[[row.step]]
step = "weapon.collect"
by = "armorer"
say = { weapon = "revolver" }
"#;

#[test]
fn a_day_with_dummies_and_nothing_denied_reaches_cold_and_back() {
    let replay = run_text(&format!("{DAY}{DUMMIES}"));
    let row = row(&replay, 1);
    assert_eq!(row.outcome, RowOutcome::Admitted, "{}", replay.text);
    assert!(
        row.effects
            .iter()
            .any(|says| says.contains("→ COLD DUMMIES 6")),
        "{:#?}",
        row.effects
    );
    assert!(
        row.effects
            .iter()
            .any(|says| says.contains("COLD DUMMIES 6 → CHECK NEEDED")),
        "{:#?}",
        row.effects
    );
    assert!(
        row.effects.iter().all(|says| !says.contains("owed")),
        "{:#?}",
        row.effects
    );
}

#[test]
fn a_day_with_blanks_and_nothing_denied_reaches_hot_and_back() {
    let replay = run_text(&format!("{DAY}{BLANKS}"));
    let row = row(&replay, 1);
    assert_eq!(row.outcome, RowOutcome::Admitted, "{}", replay.text);
    assert!(
        row.effects
            .iter()
            .any(|says| says.contains("→ HOT BLANK 2")),
        "{:#?}",
        row.effects
    );
    assert!(row.breaches.is_empty(), "{:#?}", row.breaches);
}

/// Each grant, denied alone, is missed by somebody; those that only a table or another step shows are named.
#[test]
fn a_denied_grant_is_missed() {
    let denied = |grant: &str| {
        let day = DAY.replace(
            "[people.armorer]",
            &format!("[assume]\n{grant} = false\n\n[people.armorer]"),
        );
        run_text(&format!("{day}{DUMMIES}"))
    };
    for (grant, code) in [
        ("handler_permits", "CUS-01-b"),
        ("training", "QUA-07"),
        ("lots_proven", "LIV-01-b"),
        ("lot_papers", "DUM-03"),
        ("sweeps", "LIV-03"),
        ("meetings", "MTG-01"),
        ("plans", "AIM-01-b"),
        ("looks", "CH-0001"),
        ("now_on", "CH-0007"),
    ] {
        let replay = denied(grant);
        let all: Vec<&str> = replay.rows.iter().flat_map(codes).collect();
        assert!(all.contains(&code), "{grant}: {code} is not among {all:?}");
    }
}

#[test]
fn out_of_sight_shows_as_an_effect_of_time() {
    let away = DUMMIES.replace("[[row]]\nrow = 2", "[[row.step]]\nstep = \"weapon.take_out\"\nby = \"armorer\"\nsay = { weapons = \"revolver\", action = \"scene\", takers = \"performer\" }\n\n[[row]]\nrow = 2");
    let text = DAY.replace(
        "[people.armorer]",
        "[assume]\neyes_on = false\n\n[people.armorer]",
    ) + &away;
    let text = text.replace("at = \"2024-05-03\"", "at = \"2024-05-01T11:00\"");
    let replay = run_text(&text);
    assert!(
        row(&replay, 2)
            .effects
            .iter()
            .any(|says| says.contains("out of sight")),
        "{}",
        replay.text
    );
}
