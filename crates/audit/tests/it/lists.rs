//! What is not here, in the words of the format.

use audit::{Ask, Form};
use ledger::Digest;
use ledger::cosignature::{CosignerKey, cosign};
use ledger::policy::{Listed, Policy, render};

use crate::world::*;

#[test]
fn withheld_erased_missing_and_lost_are_told_apart() {
    let (mut world, ..) = World::new();
    world.notice = Some(14);
    let copy = Copy::of(&world);
    let holds = copy.check().unwrap();
    let lost = Digest::of(LOST);
    assert_eq!(
        holds.absent,
        [
            "body 5 withheld for the insurer: Under review. (entry 14)".to_owned(),
            "body 6 withheld for the insurer: Under review. (entry 14)".to_owned(),
            "body 7 withheld for the insurer: Of no bearing. (entry 14)".to_owned(),
            format!("attachment {lost} of entry 8 missing: no entry says why"),
            "body 10 erased, asked_by_person: They asked. In writing. (entry 11, countersigned in entry 12)".to_owned(),
            "body 13 missing: no entry says why".to_owned(),
        ]
    );
    assert!(
        !copy.root().join("attachments").exists(),
        "its body is left out, so nothing would name it"
    );
    let plain = holds.plain();
    for line in [
        "bodies 2",
        "bodies_withheld 3",
        "bodies_erased 1",
        "bodies_missing 1",
        "attachments 0",
        "attachments_missing 1",
    ] {
        assert!(
            plain.lines().any(|found| found == line),
            "{line} in\n{plain}"
        );
    }
}

#[test]
fn without_a_notice_what_is_left_out_is_missing() {
    let (mut world, ..) = World::new();
    world.notice = Some(14);
    let copy = Copy::of(&world);
    copy.edit_manifest(|manifest| drop(manifest.as_object_mut().unwrap().remove("notice")));
    let holds = copy.check().unwrap();
    assert_eq!(holds.bodies.withheld, 0);
    assert_eq!(holds.bodies.missing, 4);
    assert_eq!(holds.absent[0], "body 5 missing: no entry says why");
}

#[test]
fn a_file_alone_may_be_left_out() {
    let (world, ..) = World::new();
    let copy = Copy::of(&world);
    let photo = Digest::of(PHOTO);
    copy.remove(&format!("attachments/{photo}"));
    copy.edit_manifest(|manifest| manifest["notice"] = 14.into());
    copy.relist();
    let told = copy.check().unwrap().absent;
    let line = format!(
        "attachment {photo} of entry 7 withheld for the insurer: Of no bearing. (entry 14)"
    );
    assert!(told.contains(&line), "{told:?}");
}

#[test]
fn an_attachment_of_an_erased_statement_that_is_still_named_is_told_as_erased() {
    let (mut world, mut armorer, mut second) = World::new();
    let statement = world.ids[8].to_string();
    let erase = world.open(
        &mut armorer,
        "record.erase",
        &serde_json::json!({"statements": [statement], "basis": "court_order", "words": "Order 7."}),
    );
    world.countersign(&mut second, erase, &[world.ids[8]]);
    let told = Copy::of(&world).check().unwrap().absent;
    let lost = Digest::of(LOST);
    let line = format!(
        "attachment {lost} of entry 8 erased, court_order: Order 7. (entry 15, countersigned in entry 16)"
    );
    assert!(told.contains(&line), "{told:?}");
}

#[test]
fn an_erasing_that_was_never_asked_for_explains_nothing() {
    let (mut world, _, mut second) = World::new();
    let statement = world.ids[13];
    let no_erase = world.ids[5];
    world.countersign(&mut second, no_erase, &[statement]);
    let told = Copy::of(&world).check().unwrap().absent;
    assert!(
        told.contains(&"body 13 missing: no entry says why".to_owned()),
        "{told:?}"
    );
}

#[test]
fn cosignatures_are_counted_by_the_copys_policy_or_by_one_from_elsewhere() {
    let (mut world, mut armorer, _) = World::new();
    let union = ed25519_dalek::SigningKey::from_bytes(&[40; 32]);
    let key = CosignerKey::new("union.example/log", ledger::PublicKey::of(&union)).unwrap();
    world.open(
        &mut armorer,
        "cosigners.adopt",
        &serde_json::json!({"cosigners": [
            {"name": key.name(), "vkey": key.to_string(), "url": "https://union.example/log", "whose": "the union", "outside": true}],
            "quorum": 1, "outside": 1}),
    );
    let size = world.stored.len();
    let at_s = 1_764_036_649;
    let line = cosign(&world.head(size), at_s, key.name(), &union).unwrap();
    let note = ledger::note::with_lines(&world.note_at(size), &line).unwrap();
    world.cosigned = Some(note);
    let copy = Copy::of(&world);
    assert_eq!(
        copy.check().unwrap().cosigned,
        [
            "cosigned by union.example/log at 2025-11-25T02:10:49Z",
            "policy met (the policy in this copy)"
        ]
    );
    let older = cosign(&world.head(size - 1), at_s, key.name(), &union).unwrap();
    world.cosigned = Some(ledger::note::with_lines(&world.note_at(size - 1), &older).unwrap());
    let copy = Copy::of(&world);
    assert!(copy.root().join("cosigned").is_file());
    assert_eq!(copy.check().unwrap().cosigned.len(), 2);

    let stranger = ed25519_dalek::SigningKey::from_bytes(&[41; 32]);
    let stranger = CosignerKey::new("insurer.example", ledger::PublicKey::of(&stranger)).unwrap();
    let log = World::origin()
        .verifier(ledger::PublicKey::of(&world.log))
        .unwrap();
    let listed = [Listed {
        key: &stranger,
        url: "",
        is_outside: true,
    }];
    let policy = render(&log, &listed, 1, 1).unwrap();
    let ask = Ask {
        policy: Some(Policy::parse(policy.as_bytes()).unwrap()),
        ..Ask::default()
    };
    let files = audit::open(&copy.root()).unwrap();
    let told = audit::check(&*files, &ask, &mut |_, _| {})
        .unwrap()
        .cosigned;
    assert_eq!(told, ["policy not met"]);
}

#[test]
fn judging_stops_where_a_body_is_withheld() {
    struct Nobody;
    impl audit::Packs for Nobody {
        fn rules(&self, _: &[String]) -> Option<audit::Rules> {
            None
        }
    }
    let (mut world, ..) = World::new();
    world.notice = Some(14);
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("copy");
    world.export(&place, Form::Folder);
    let files = audit::open(&place).unwrap();
    let archive = audit::ExportArchive::new(&*files, 15);
    // The bodies here are none that the domain knows, so only what comes before them is judged.
    let judged = audit::judge(&archive, &Nobody);
    assert!(judged.is_err() || judged.unwrap().stopped_at.is_some());
}

#[test]
fn a_statement_that_came_late_is_a_gap_and_makes_no_second_one() {
    let (mut world, mut armorer, _) = World::new();
    let before = Copy::of(&world).check().unwrap().gaps;
    let mut late = armorer.clone();
    // Two are signed; the second comes in first.
    armorer.skip();
    world.beside(&mut armorer, "lot.count", &serde_json::json!({"rounds": 2}));
    world.beside(&mut late, "lot.count", &serde_json::json!({"rounds": 1}));
    world.beside(&mut armorer, "lot.count", &serde_json::json!({"rounds": 3}));
    assert_eq!(before, Some(0));
    assert_eq!(Copy::of(&world).check().unwrap().gaps, Some(2));
}
