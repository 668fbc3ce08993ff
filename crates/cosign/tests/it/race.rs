//! Two requests at once: whoever comes second hears the new size, and a smaller head never takes a larger one's place.

use std::sync::Barrier;

use crate::world::{Log, ask, brief, cosigner};

#[test]
fn of_two_at_once_a_smaller_head_never_takes_a_larger_ones_place() {
    let log = Log::of(400, None);
    let (mut smaller_first, mut larger_first) = (0, 0);
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let one = cosigner(folder.path(), "guild.example/cosigner");
        let mut head = 0;
        for round in 0..50 {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let small = head + 1 + chance % 3;
            let large = small + 1 + (chance >> 8) % 4;
            // Whoever is spawned first tends to win: take turns.
            let mut sizes = [small, large];
            if round % 2 == 1 {
                sizes.reverse();
            }
            let requests = sizes.map(|size| log.request(head, size));
            let both = Barrier::new(2);
            let answers: Vec<_> = std::thread::scope(|scope| {
                let asked = requests.each_ref().map(|request| {
                    let (one, both) = (&one, &both);
                    scope.spawn(move || {
                        both.wait();
                        brief(&ask(one, request))
                    })
                });
                asked
                    .into_iter()
                    .map(|asked| asked.join().unwrap())
                    .collect()
            });
            let won = sizes[usize::from(answers[0].0 != 200)];
            let lost = answers.iter().find(|answer| answer.0 != 200);
            assert_eq!(answers.iter().filter(|answer| answer.0 == 200).count(), 1);
            assert_eq!(lost, Some(&(409, Some(won))), "round {round}");
            head = brief(&ask(&one, &log.request(0, 1))).1.unwrap();
            assert_eq!(head, won, "round {round}");
            if won == small {
                smaller_first += 1;
            } else {
                larger_first += 1;
            }
        }
        assert!(one.kept().unwrap().is_empty());
    }
    println!(
        "1000 rounds: the smaller came first {smaller_first} times, the larger {larger_first}"
    );
    assert!(smaller_first > 0 && larger_first > 0);
}
