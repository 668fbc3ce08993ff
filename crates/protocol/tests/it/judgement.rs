//! What a judgement says, and that it never grants on doubt.

use domain::{
    facts::Facts,
    judge::{Gate, Judge, Judgement},
    outcome::Force,
};
use protocol::{Baselines, Decision, Protocol, baselines, decision, shipped};
use std::sync::LazyLock;

fn all() -> Protocol {
    Protocol::load(&shipped()).unwrap()
}

fn facts(name: &str) -> Facts {
    static BASELINES: LazyLock<Baselines> = LazyLock::new(|| baselines(&shipped()).unwrap());
    BASELINES[name].clone()
}

fn codes(judgement: &Judgement) -> Vec<&str> {
    judgement
        .refused
        .iter()
        .map(|reason| reason.code.as_str())
        .collect()
}

#[test]
fn what_is_known_of_nothing_is_refused_at_every_gate_where_something_goes_out_or_on() {
    let protocol = all();
    for gate in Gate::ALL {
        let judgement = protocol.judge(*gate, &Facts::default());
        // To bring something back and to release an event the domain asks for its own countersigns.
        let free = matches!(gate, Gate::Release);
        assert_eq!(
            judgement.refused.is_empty(),
            free,
            "{}: {:?}",
            gate.name(),
            codes(&judgement)
        );
    }
}

#[test]
fn a_set_on_which_nothing_can_fire_meets_no_refusal_and_nothing_owed() {
    let (protocol, harmless) = (all(), facts("harmless"));
    for gate in Gate::ALL {
        assert_eq!(
            protocol.judge(*gate, &harmless),
            Judgement::default(),
            "{}",
            gate.name()
        );
    }
}

#[test]
fn one_wrong_fact_of_a_firing_weapon_never_passes_in_silence() {
    // Every fact that any rule reads, turned to what refuses more, is noticed at some gate.
    let (protocol, unknown) = (all(), Facts::default());
    let unread = [
        "quarantined_lots",
        "class_proven",
        "working_firearm",
        "handler_open_issues",
        "must_fire",
        "lot_received",
    ];
    for start in ["cold", "hot"] {
        let mut silent = Vec::new();
        let before: Vec<Judgement> = Gate::ALL
            .iter()
            .map(|gate| protocol.judge(*gate, &facts(start)))
            .collect();
        for (name, value) in unknown.values() {
            let mut changed = facts(start);
            assert!(changed.set(name, value));
            let mut gates = Gate::ALL.iter().zip(&before);
            if changed != facts(start)
                && gates.all(|(gate, before)| protocol.judge(*gate, &changed) == *before)
            {
                silent.push(name);
            }
        }
        silent.retain(|name| !unread.contains(name));
        // These are read together with another fact, and have their own tests in the packs.
        let together = [
            "distance_mm",
            "tested_distance_mm",
            "toward_camera",
            "load_age_ms",
            "lot_loose",
            "lot_proven",
            "rehearsal",
            "real_reason_given",
            "rounds",
            "blanks",
            "dummies",
            "hot_called",
            "shots_planned",
            "lot_numbered",
            "calibre_matches",
            "test_fired",
            "zone_clear",
            "lot_features",
            "lot_test_named",
            "lot_primers_unchecked",
            "dummies_untested",
            "bore_seen_since_dummies",
            "positions",
            "lot_licensed",
        ];
        silent.retain(|name| !together.contains(name));
        assert_eq!(silent, Vec::<&str>::new(), "from {start}");
    }
}

#[test]
fn every_determining_rule_is_told_in_order_of_codes() {
    let refused = Facts {
        looks_agreeing: 1,
        looks_not_by_takers: 1,
        positions_seen: 3,
        stops_open: 1,
        ..facts("cold")
    };
    let judgement = all().judge(Gate::CallCold, &refused);
    assert_eq!(codes(&judgement), ["CHK-04", "CHK-05", "STP-01"]);
    let reason = &judgement.refused[0];
    assert_eq!(
        reason.says,
        "not every chamber was seen; a look at some of them is no check"
    );
    assert_eq!(reason.force, Force::Finding);
    assert!(reason.source.contains("New Mexico"), "{}", reason.source);
    assert!(
        reason.clause.ends_with("the text itself not read"),
        "{}",
        reason.clause
    );
    assert!(!reason.who.is_empty() && !reason.cure.is_empty());
}

#[test]
fn the_three_severities_come_apart() {
    let mixed = Facts {
        shown_to: 1,
        at_rest: false,
        ..facts("cold")
    };
    let judgement = all().judge(Gate::HandOver, &mixed);
    assert_eq!(codes(&judgement), Vec::<&str>::new());
    assert_eq!(judgement.owed[0].code, "CHK-03-a");
    assert_eq!(judgement.advice[0].code, "CHK-13");
    assert_eq!(decision(&judgement), Decision::Owed);
}

#[test]
fn a_gate_that_nobody_permits_is_refused_with_a_reason() {
    let mut sources = shipped();
    let base = sources
        .iter_mut()
        .find(|source| source.name == "base")
        .unwrap();
    let rules = String::from_utf8(base.files["rules.cedar"].clone()).unwrap();
    let permit =
        "@id(\"permit-release\")\npermit (principal, action == Action::\"release\", resource);\n";
    assert!(rules.contains(permit));
    base.files
        .insert("rules.cedar".into(), rules.replace(permit, "").into_bytes());
    let judgement = Protocol::load(&sources)
        .unwrap()
        .judge(Gate::Release, &facts("cold"));
    assert_eq!(codes(&judgement), ["PR-0001"]);
}

#[test]
fn a_pack_can_only_add_refusals() {
    let base: Vec<_> = shipped()
        .into_iter()
        .filter(|source| source.name == "base")
        .collect();
    let (alone, together) = (Protocol::load(&base).unwrap(), all());
    for start in ["harmless", "cold", "hot"] {
        for (name, value) in Facts::default().values() {
            let mut changed = facts(start);
            assert!(changed.set(name, value));
            if changed == facts(start) {
                continue;
            }
            for gate in [Gate::TakeOut, Gate::CallHot, Gate::HandOver] {
                let (few, many) = (alone.judge(gate, &changed), together.judge(gate, &changed));
                assert!(
                    few.refused
                        .iter()
                        .all(|reason| many.refused.contains(reason))
                );
                assert!(few.owed.iter().all(|reason| many.owed.contains(reason)));
            }
        }
    }
}

#[test]
fn bounds_take_the_strictest_value() {
    let limits = all().limits();
    assert_eq!(limits.sight_ms, 900_000);
    assert_eq!(
        limits.concern_ms, 43_200_000,
        "New Mexico's pack is stricter than base"
    );
    let mut sources = shipped();
    let nm = sources
        .iter_mut()
        .find(|source| source.name == "us-nm")
        .unwrap();
    let mut manifest = String::from_utf8(nm.files["pack.toml"].clone()).unwrap();
    manifest = manifest.replace("43_200_000", "999_000_000");
    manifest.push_str("\n[parameters.lift_wait_ms]\nvalue = 600_000\nwhy = \"a test\"\n");
    manifest.push_str("\n[parameters.shared_look_counts]\nvalue = false\nwhy = \"a test\"\n");
    nm.files.insert("pack.toml".into(), manifest.into_bytes());
    let limits = Protocol::load(&sources).unwrap().limits();
    assert_eq!(
        limits.concern_ms, 86_400_000,
        "a laxer value changes nothing"
    );
    assert_eq!(limits.lift_wait_ms, 600_000, "a longer wait is stricter");
    assert!(!limits.shared_look_counts);
}
