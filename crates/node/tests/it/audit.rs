//! Checking a record from its bytes alone.

use domain::act::Act;
use node::{Device, Shelf};

use crate::world::*;

#[test]
fn a_sound_record_verifies_beside_the_running_node_and_folds_to_the_same_state() {
    let mut ranch = Ranch::new();
    let floor = ranch.cold();
    say(
        &ranch.node,
        &mut ranch.armorer,
        &Act::Collect(domain::act::floor::Collect {
            weapon: floor.weapon,
        }),
    );
    let audit = node::audit(
        ranch.dir.path(),
        Some(ranch.node.verifier()),
        Some(&KindBook),
    )
    .unwrap();
    let shown = ranch.node.view(&viewer(&ranch.armorer), |view| {
        view.state.clone().into_owned()
    });
    assert_eq!(audit.state.as_ref(), Some(&shown));
    assert_eq!(
        (audit.size, audit.root),
        (ranch.node.seen().size, ranch.node.seen().root)
    );
    assert_eq!(audit.report.gaps, 0, "{:?}", audit.report.gaps_listed);
    let judged = audit.judged.unwrap();
    assert_eq!(judged.differ, [], "judging again gives the same answers");
    assert!(judged.same > 15, "{judged:?}");
}

#[test]
fn another_key_than_the_one_expected_is_told() {
    let ranch = Ranch::new();
    let other = Ranch::new();
    let fault = node::audit(ranch.dir.path(), Some(other.node.verifier()), None).unwrap_err();
    assert!(fault.to_string().contains("what was expected"), "{fault}");
}

#[test]
fn packs_that_are_not_here_are_told_as_not_judged() {
    let ranch = Ranch::new();
    let audit = node::audit(ranch.dir.path(), None, Some(&Shelf::default())).unwrap();
    let judged = audit.judged.unwrap();
    assert_eq!((judged.same, judged.not_judged), (0, audit.size));
}

#[test]
fn a_device_kept_in_a_file_goes_on_counting() {
    let mut ranch = Ranch::new();
    let path = ranch.dir.path().join("armorer.json");
    ranch.armorer.save(&path).unwrap();
    let mut loaded = Device::load(&path).unwrap();
    let eyes = Act::EyesOn(domain::act::floor::EyesOn { weapons: vec![] });
    assert!(say(&ranch.node, &mut loaded, &eyes).outcome.admitted);
    ranch.armorer = loaded;
    assert_eq!(ranch.node.turned_away().gaps, 0);
}
