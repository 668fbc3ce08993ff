//! Many at once.

use domain::act::Act;
use domain::act::floor::EyesOn;
use domain::words::*;
use node::Viewer;

use crate::world::*;

#[test]
fn sixteen_people_at_once_are_all_answered_and_the_record_holds() {
    let ranch = Ranch::new();
    let devices: Vec<_> = (0..16)
        .map(|n| {
            newcomer(
                &ranch.node,
                &format!("crew {n}"),
                Department::Grip,
                &[Duty::Crew],
            )
        })
        .collect();
    let size = ranch.node.seen().size;
    let each = 40;
    std::thread::scope(|scope| {
        for mut device in devices {
            let node = &ranch.node;
            scope.spawn(move || {
                for _ in 0..each {
                    let entered = say(node, &mut device, &Act::EyesOn(EyesOn { weapons: vec![] }));
                    assert!(entered.outcome.admitted && entered.receipt.size > entered.index);
                    // Whoever was answered finds their entry shown.
                    assert!(node.seen().size > entered.index);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..200 {
                ranch
                    .node
                    .view(&Viewer::Stranger, |view| drop(view.board()));
            }
        });
    });
    assert_eq!(ranch.node.seen().size, size + 16 * each);
    assert_eq!(ranch.node.turned_away().gaps, 0);
    let audit = node::audit(ranch.dir.path(), None, Some(&KindBook)).unwrap();
    assert_eq!(audit.size, size + 16 * each);
    assert_eq!(audit.judged.unwrap().differ, []);
}

#[test]
fn the_same_statement_from_sixteen_threads_is_one_entry() {
    let mut ranch = Ranch::new();
    let draft = ranch
        .armorer
        .sign(
            &Act::EyesOn(EyesOn { weapons: vec![] }),
            ranch.node.now(),
            ranch.node.seen(),
        )
        .unwrap();
    let size = ranch.node.seen().size;
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| scope.spawn(|| ranch.node.take_and_wait(draft.submission.clone()).unwrap()))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(ranch.node.seen().size, size + 1);
}
