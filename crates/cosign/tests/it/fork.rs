//! Two cosigners and a log that forks between them: each sees one side, and neither can tell. Once their heads are shown to
//! each other, both hold the proof.

use std::sync::Arc;

use cosign::decide::Shows;
use ledger::checkpoint::Checkpoint;
use ledger::witness::is_fork;

use crate::calls::{client, serving};
use crate::world::{Log, ask, cosigner};

#[test]
fn a_log_that_forks_between_two_cosigners_is_shown_when_they_exchange_notes() {
    let (here, there) = (Log::of(40, None), Log::of(40, Some(17)));
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let guild = Arc::new(cosigner(folders[0].path(), "guild.example/cosigner"));
    let insurer = Arc::new(cosigner(folders[1].path(), "insurer.example/cosigner"));
    // The common beginning, then two histories, each told consistently to one of them.
    for (old, size) in [(0, 9), (9, 17), (17, 21), (21, 30)] {
        assert_eq!(ask(&guild, &here.request(old, size)).status, 200);
        assert_eq!(ask(&insurer, &there.request(old, size)).status, 200);
    }
    assert!(guild.kept().unwrap().is_empty() && insurer.kept().unwrap().is_empty());
    // The guild's log grew on; the insurer's did not.
    assert_eq!(ask(&guild, &here.request(30, 36)).status, 200);

    let (guild_at, insurer_at) = (serving(&guild), serving(&insurer));
    let client = client();
    // The insurer's newest head (30 entries) is one that the guild remembers differently.
    assert_eq!(client.show(&insurer_at.url, &guild_at.url).unwrap(), 1);
    let forks = client.forks(&guild_at.url).unwrap();
    assert_eq!(forks.cosigner, guild.key().to_string());
    assert_eq!(forks.forks.len(), 1);
    let pair = &forks.forks[0];
    assert_eq!(pair.shows, Shows::Fork.word());
    // Two notes, signed by one key: whoever has the log's key sees it, and needs nobody's word.
    let ours = Checkpoint::open(&pair.ours, &here.key()).unwrap();
    let theirs = Checkpoint::open(&pair.theirs, &here.key()).unwrap();
    assert!(is_fork(&ours, &theirs));
    assert_eq!((ours, theirs), (here.head(30), there.head(30)));
    // The other way round they are of different sizes: no fork shows by itself, and none is claimed.
    assert_eq!(client.show(&guild_at.url, &insurer_at.url).unwrap(), 1);
    assert!(client.forks(&insurer_at.url).unwrap().forks.is_empty());
    // Neither signs the other's history.
    assert_eq!(ask(&guild, &there.request(36, 36)).status, 409);
    assert_eq!(ask(&insurer, &here.request(30, 36)).status, 422);
}
