//! What a judgement says, and that it never grants on doubt.

use domain::{
    facts::Facts,
    judge::{Gate, Judge, Judgement},
    outcome::Force,
};
use protocol::{Baselines, Decision, Protocol, Stricter, baselines, decision, shipped};
use std::sync::LazyLock;

fn all() -> Protocol {
    Protocol::load(&shipped()).unwrap()
}

/// The packs of the demonstration.
fn three() -> Protocol {
    let named = ["base", "us-industry", "us-nm"];
    let mut sources = shipped();
    sources.retain(|source| named.contains(&source.name.as_str()));
    Protocol::load(&sources).unwrap()
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
    let people = Facts {
        police_told: true,
        neighbours_told: true,
        people_undeclared: 0,
        under_age: 0,
        ..facts("harmless")
    };
    // Some places ask notice and declarations of whatever looks like a weapon, and nothing more.
    for (protocol, harmless) in [(three(), facts("harmless")), (all(), people)] {
        nothing_is_asked(&protocol, &harmless);
    }
}

fn nothing_is_asked(protocol: &Protocol, harmless: &Facts) {
    for gate in Gate::ALL {
        assert_eq!(
            protocol.judge(*gate, harmless),
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
            "emergency_plan",
            "medic_on_duty",
            "protection_given",
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
    let judgement = three().judge(Gate::CallCold, &refused);
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
    let judgement = three().judge(Gate::HandOver, &mixed);
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

/// Numbers without a pattern that matters here, the same in every run.
struct Draw(u64);
impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn facts(&mut self) -> Facts {
        let from = ["cold", "hot", "harmless"][usize::try_from(self.next() % 3).unwrap()];
        let mut facts = facts(from);
        for (name, value) in Facts::default().values() {
            if self.next().is_multiple_of(6) {
                facts.set(name, value);
            }
        }
        facts
    }
}

#[test]
fn adding_any_pack_never_turns_a_refusal_into_a_permission_and_loosens_no_bound() {
    let mut draw = Draw(20_211_021);
    for _ in 0..6 {
        let (mut fewer, mut more) = (shipped(), shipped());
        let taken: Vec<(String, bool, bool)> = shipped()
            .into_iter()
            .map(|source| {
                let base = source.name == "base";
                let in_fewer = base || draw.next().is_multiple_of(3);
                let in_more = in_fewer || draw.next().is_multiple_of(2);
                (source.name, in_fewer, in_more)
            })
            .collect();
        let is = |name: &str, in_more: bool| {
            let found = taken.iter().find(|(one, ..)| one == name).unwrap();
            if in_more { found.2 } else { found.1 }
        };
        fewer.retain(|source| is(&source.name, false));
        more.retain(|source| is(&source.name, true));
        let (fewer, more) = (
            Protocol::load(&fewer).unwrap(),
            Protocol::load(&more).unwrap(),
        );
        no_bound_is_looser(&fewer, &more);
        for _ in 0..60 {
            let facts = draw.facts();
            for gate in Gate::ALL {
                let (few, many) = (fewer.judge(*gate, &facts), more.judge(*gate, &facts));
                for reason in &few.refused {
                    assert!(many.refused.contains(reason), "{} fell away", reason.code);
                }
                for reason in &few.owed {
                    assert!(many.owed.contains(reason), "{} fell away", reason.code);
                }
                assert!(
                    few.refused.is_empty() || decision(&many) == Decision::Refused,
                    "{} permits more with more packs",
                    gate.name()
                );
            }
        }
    }
}

fn no_bound_is_looser(fewer: &Protocol, more: &Protocol) {
    let value = |protocol: &Protocol| serde_json::to_value(protocol.limits()).unwrap();
    let (few, many) = (value(fewer), value(more));
    let base = fewer.all().iter().find(|pack| pack.id == "base").unwrap();
    for (name, parameter) in &base.parameters {
        let number = |all: &serde_json::Value| {
            let one = &all[name.as_str()];
            one.as_i64()
                .or_else(|| one.as_bool().map(i64::from))
                .unwrap_or_else(|| panic!("{name} is no bound"))
        };
        let (few, many) = (number(&few), number(&many));
        match parameter.stricter.unwrap() {
            Stricter::Lower => assert!(many <= few, "{name}"),
            Stricter::Higher => assert!(many >= few, "{name}"),
        }
    }
}

#[test]
fn every_pack_still_permits_something() {
    for source in shipped() {
        let with_base: Vec<_> = shipped()
            .into_iter()
            .filter(|one| one.name == "base" || one.name == source.name)
            .collect();
        let protocol = Protocol::load(&with_base).unwrap();
        for gate in Gate::ALL {
            let harmless = source.name == "no-live-weapons" || *gate == Gate::IssueBatch;
            let from = if harmless { "harmless" } else { "cold" };
            let judgement = protocol.judge(*gate, &facts(from));
            assert_eq!(
                codes(&judgement),
                Vec::<&str>::new(),
                "{} at {}",
                source.name,
                gate.name()
            );
        }
    }
}

#[test]
fn where_nothing_may_fire_whatever_can_stays_where_it_is() {
    let mut sources = shipped();
    sources.retain(|source| ["base", "no-live-weapons"].contains(&source.name.as_str()));
    let protocol = Protocol::load(&sources).unwrap();
    for gate in [
        Gate::TakeOut,
        Gate::Draw,
        Gate::Load,
        Gate::CallCold,
        Gate::CallHot,
        Gate::HandOver,
        Gate::Begin,
        Gate::Resume,
    ] {
        for from in ["cold", "hot"] {
            let judgement = protocol.judge(gate, &facts(from));
            let refused = codes(&judgement).contains(&"RSK-04-c");
            assert_eq!(refused, gate != Gate::Resume, "{} from {from}", gate.name());
        }
    }
}
